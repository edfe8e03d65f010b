"""Other correct AttnDecoderRNN."""

import torch
from torch import nn


class AsInTheBook(nn.Module):
    """Queries and keys with axes of length 1, a large negative number at padding."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0, **kwargs):
        super().__init__(**kwargs)
        self.W_k = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.W_q = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, enc_valid_lens=None, *args):
        outputs, hidden_state = enc_outputs
        return (outputs.permute(1, 0, 2), hidden_state, enc_valid_lens)

    def attention(self, queries, keys, values, valid_lens):
        queries, keys = self.W_q(queries), self.W_k(keys)
        features = torch.tanh(queries.unsqueeze(2) + keys.unsqueeze(1))
        scores = self.w_v(features).squeeze(-1)
        if valid_lens is not None:
            mask = torch.arange(scores.shape[2], device=scores.device)[None, None, :] < valid_lens[:, None, None]
            scores = torch.where(mask, scores, torch.full_like(scores, -1e6))
        weights = nn.functional.softmax(scores, dim=-1)
        return torch.bmm(weights, values), weights

    def forward(self, X, state):
        enc_outputs, hidden_state, enc_valid_lens = state
        X = self.embedding(X).permute(1, 0, 2)
        outputs, attention_weights = [], []
        for x in X:
            query = torch.unsqueeze(hidden_state[-1], dim=1)
            context, weights = self.attention(query, enc_outputs, enc_outputs, enc_valid_lens)
            x = torch.cat((context, torch.unsqueeze(x, dim=1)), dim=-1)
            out, hidden_state = self.rnn(x.permute(1, 0, 2), hidden_state)
            outputs.append(out)
            attention_weights.append(weights)
        self.attention_weights = torch.cat(attention_weights, 1)
        outputs = self.dense(torch.cat(outputs, dim=0))
        return outputs.permute(1, 0, 2), [enc_outputs, hidden_state, enc_valid_lens]


class StepsOfTheSourceFirst(nn.Module):
    """The attention with the steps of the source on the first axis, scores filled into tensors."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.W_q = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.W_k = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.vocab_size = vocab_size

    def init_state(self, enc_outputs, enc_valid_lens=None):
        return [enc_outputs[0].transpose(0, 1).contiguous(), enc_outputs[1], enc_valid_lens]

    def forward(self, X, state):
        enc_outputs, hidden, lens = state
        values = enc_outputs.transpose(0, 1)
        keys = self.W_k(values)
        scores = values.new_empty(*X.shape, self.vocab_size)
        seen = values.new_empty(*X.shape, len(values))
        valid = None if lens is None else torch.arange(len(values), device=lens.device).unsqueeze(1) < lens
        for t in range(X.shape[1]):
            a = self.w_v((keys + self.W_q(hidden[-1])).tanh())[..., 0]
            if valid is not None:
                a = a + torch.log(valid.to(a.dtype))
            a = a.softmax(0)
            context = (a.unsqueeze(2) * values).sum(0)
            step, hidden = self.rnn(torch.cat([context, self.embedding(X[:, t])], 1).unsqueeze(0), hidden)
            scores[:, t] = self.dense(step.squeeze(0))
            seen[:, t] = a.detach().t()
        self.attention_weights = seen
        return scores, [enc_outputs, hidden, lens]
