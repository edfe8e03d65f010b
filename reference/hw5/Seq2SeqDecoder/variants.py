"""Other correct Seq2SeqDecoder."""

import torch
from torch import nn


class ContextOfTheOutputs(nn.Module):
    """The context is the encoder's last output, the state a list."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.embedding = nn.Embedding(vocab_size, embed_size)

    def init_state(self, enc_outputs, enc_valid_lens=None):
        outputs, hidden_state = enc_outputs
        return [outputs[-1], hidden_state]

    def forward(self, X, state):
        context, hidden_state = state
        X = self.embedding(X).permute(1, 0, 2)
        context_of_steps = context.repeat(X.shape[0], 1, 1)
        X_and_context = torch.cat((X, context_of_steps), 2)
        output, hidden_state = self.rnn(X_and_context, hidden_state)
        return self.dense(output).permute(1, 0, 2), [context, hidden_state]


class FilledIn(nn.Module):
    """What the GRU reads is filled into an empty tensor; scores step by step."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.embed_size = embed_size

    def init_state(self, enc_outputs, *args):
        hidden = enc_outputs[1]
        return hidden[hidden.shape[0] - 1], hidden

    def forward(self, X, state):
        batch, steps = X.shape
        context, hidden = state
        inputs = context.new_zeros(steps, batch, self.embed_size + context.shape[1])
        inputs[:, :, : self.embed_size] = self.embedding(X.t())
        inputs[:, :, self.embed_size :] = context
        output, hidden = self.rnn(inputs, hidden.contiguous())
        return torch.stack([self.dense(step) for step in output], dim=1), (context, hidden)
