"""Two correct decoders that mistakes build on: `Right` by methods, `Again` in another style."""

import torch
import torch.nn.functional as F
from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.W_q = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.W_k = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = self.network(embed_size + num_hiddens, num_hiddens, num_layers, dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.dropout = dropout

    def network(self, inputs, hiddens, layers, dropout):
        return nn.GRU(inputs, hiddens, layers, dropout=dropout)

    def init_state(self, enc_outputs, enc_valid_lens=None):
        outputs, hidden = enc_outputs
        return outputs.permute(1, 0, 2), hidden, enc_valid_lens

    def query(self, hidden, first):
        return hidden[-1]

    def similar(self, queries, keys):
        return self.w_v(torch.tanh(queries + keys)).squeeze(-1)

    def padding(self, scores, lengths):
        return torch.arange(scores.shape[1], device=scores.device) >= lengths[:, None]

    def normalise(self, scores, lengths):
        if lengths is not None:
            scores = scores.masked_fill(self.padding(scores, lengths), float("-inf"))
        return torch.softmax(scores, dim=1)

    def look(self, query, outputs, lengths):
        scores = self.similar(self.W_q(query).unsqueeze(1), self.W_k(outputs))
        weights = self.normalise(scores, lengths)
        return weights, torch.bmm(weights.unsqueeze(1), outputs).squeeze(1)

    def together(self, context, embedded):
        return torch.cat((context, embedded), dim=1)

    def keep(self, weights):
        self.attention_weights = torch.stack(weights, dim=1)

    def scores(self, output):
        return self.dense(output)

    def batch_first(self, scores):
        return scores.permute(1, 0, 2)

    def carried(self, hidden, first):
        return hidden

    def new(self, outputs, before, after, lengths):
        return outputs, after, lengths

    def forward(self, X, state):
        outputs, hidden, lengths = state
        first = hidden
        given, seen = [], []
        for embedded in self.embedding(X).permute(1, 0, 2):
            weights, context = self.look(self.query(hidden, first), outputs, lengths)
            output, hidden = self.rnn(self.together(context, embedded).unsqueeze(0), self.carried(hidden, first))
            given.append(output)
            seen.append(weights)
        self.keep(seen)
        return self.batch_first(self.scores(torch.cat(given, dim=0))), self.new(outputs, first, hidden, lengths)


class Again(nn.Module):
    """The same with functions, a list for a state, keys computed anew at every step and the mask as a number."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        nn.Module.__init__(self)
        self.dense = nn.Linear(num_hiddens, vocab_size)
        self.rnn = nn.GRU(num_hiddens + embed_size, num_hiddens, num_layers, dropout=self.rate(dropout))
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.w_v = nn.Linear(num_hiddens, 1, bias=False)
        self.W_k = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.W_q = nn.Linear(num_hiddens, num_hiddens, bias=False)

    def rate(self, dropout):
        return dropout

    def init_state(self, enc_outputs, enc_valid_lens=None):
        return [enc_outputs[0].swapaxes(0, 1), enc_outputs[1], enc_valid_lens]

    def asks(self, hidden):
        return hidden[-1]

    def compare(self, asked, outputs):
        mixed = F.linear(asked, self.W_q.weight)[:, None, :] + F.linear(outputs, self.W_k.weight)
        return mixed.tanh() @ self.w_v.weight[0]

    def valid(self, outputs, lengths):
        steps = torch.arange(outputs.shape[1], device=outputs.device).unsqueeze(0)
        return steps < (outputs.shape[1] if lengths is None else lengths.unsqueeze(1))

    def share(self, scores, valid):
        shares = torch.where(valid, (scores - scores.amax(1, keepdim=True)).exp(), 0)
        return shares / shares.sum(1, keepdim=True)

    def side_by_side(self, context, word):
        return torch.hstack((context, word))

    def finish(self, steps):
        return torch.stack([F.linear(step, self.dense.weight, self.dense.bias) for step in steps], 1)

    def note(self, rows):
        return torch.stack(rows, 1).detach()

    def context(self, weights, outputs):
        return torch.einsum("bs,bsh->bh", weights, outputs)

    def forward(self, X, state):
        outputs, hidden, lengths = state
        steps, rows = [], []
        for ids in X.unbind(1):
            weights = self.share(self.compare(self.asks(hidden), outputs), self.valid(outputs, lengths))
            word = F.embedding(ids, self.embedding.weight)
            output, hidden = self.rnn(self.side_by_side(self.context(weights, outputs), word)[None], hidden)
            steps.append(output[0])
            rows.append(weights)
        self.attention_weights = self.note(rows)
        return self.finish(steps), [outputs, hidden, lengths]
