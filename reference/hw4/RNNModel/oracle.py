"""RNNModel, unrolled by hand: torch's cells, a step, a layer and a direction at a time."""

import torch
from torch import nn


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = rnn_layer
        self.linear = nn.Linear(rnn_layer.hidden_size * (1 + rnn_layer.bidirectional), vocab_size)

    def begin_state(self, device, batch_size=1):
        rows = self.rnn.num_layers * (1 + self.rnn.bidirectional)
        parts = [
            self.rnn.weight_hh_l0.detach().new_zeros((rows, batch_size, self.rnn.hidden_size), device=device)
            for _ in range(1 + isinstance(self.rnn, nn.LSTM))
        ]
        return tuple(parts) if len(parts) == 2 else parts[0]

    def _read(self, steps, held, suffix):
        weights = [getattr(self.rnn, f"{name}_{suffix}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        outputs = []
        for x in steps:
            if isinstance(self.rnn, nn.LSTM):
                held = torch.lstm_cell(x, held, *weights)
            elif isinstance(self.rnn, nn.GRU):
                held = [torch.gru_cell(x, held[0], *weights)]
            else:
                held = [torch.rnn_tanh_cell(x, held[0], *weights)]
            outputs.append(held[0])
        return outputs, held

    def forward(self, inputs, state):
        eye = torch.eye(self.linear.out_features, dtype=self.linear.weight.dtype, device=inputs.device)
        steps = [eye[inputs[:, t].long()] for t in range(inputs.shape[1])]
        parts = state if isinstance(state, tuple) else (state,)
        last = []
        for layer in range(self.rnn.num_layers):
            ways = []
            for suffix in ("", "_reverse")[: 1 + self.rnn.bidirectional]:
                turn = -1 if suffix else 1
                held = [part[len(last)] for part in parts]
                outputs, held = self._read(steps[::turn], held, f"l{layer}{suffix}")
                ways.append(outputs[::turn])
                last.append(held)
            steps = [torch.cat(step, dim=1) for step in zip(*ways, strict=True)]
        output = torch.cat([self.linear(step) for step in steps])
        ends = [torch.stack([held[i] for held in last]) for i in range(len(parts))]
        return output, tuple(ends) if isinstance(state, tuple) else ends[0]
