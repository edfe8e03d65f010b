"""Correct implementations of DecoderBlock."""

import torch
from parts import AddNorm as _AddNorm
from parts import Attention as _Attention
from parts import Network as _Network
from torch import nn


class Textbook(nn.Module):
    """Part by part, with the state changed in place."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__()
        self.i = i
        self.attention1 = _Attention(num_hiddens, num_heads, dropout)
        self.addnorm1 = _AddNorm(num_hiddens, dropout)
        self.attention2 = _Attention(num_hiddens, num_heads, dropout)
        self.addnorm2 = _AddNorm(num_hiddens, dropout)
        self.ffn = _Network(num_hiddens, ffn_num_hiddens)
        self.addnorm3 = _AddNorm(num_hiddens, dropout)

    def forward(self, X, state):
        enc_outputs, enc_valid_lens = state[0], state[1]
        key_values = X if state[2][self.i] is None else torch.cat((state[2][self.i], X), dim=1)
        state[2][self.i] = key_values
        num_steps, total = X.shape[1], key_values.shape[1]
        dec_valid_lens = torch.arange(total - num_steps + 1, total + 1, device=X.device).repeat(X.shape[0], 1)
        Y = self.addnorm1(X, self.attention1(X, key_values, key_values, dec_valid_lens))
        Z = self.addnorm2(Y, self.attention2(Y, enc_outputs, enc_outputs, enc_valid_lens))
        return self.addnorm3(Z, self.ffn(Z)), state


class StepByStep(nn.Module):
    """Answers one step at a time, always: the rows of the mask in a loop. The cache is detached."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__()
        self.i = i
        self.attention1, self.attention2 = (_Attention(num_hiddens, num_heads, dropout) for _ in range(2))
        self.addnorm1, self.addnorm2, self.addnorm3 = (_AddNorm(num_hiddens, dropout) for _ in range(3))
        self.ffn = _Network(num_hiddens, ffn_num_hiddens)

    def forward(self, X, state):
        enc, lengths, caches = state
        K = X[:, :0] if caches[self.i] is None else caches[self.i]
        answers = []
        for step in X.split(1, dim=1):
            K = torch.cat((K, step), dim=1)
            Y = self.addnorm1(step, self.attention1(step, K, K))
            Z = self.addnorm2(Y, self.attention2(Y, enc, enc, lengths))
            answers.append(self.addnorm3(Z, self.ffn(Z)))
        caches = list(caches)
        caches[self.i] = K.detach()
        return torch.cat(answers, dim=1), (enc, lengths, caches)


class LastRows(nn.Module):
    """Lengths for all steps so far, of which the last rows are taken."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__()
        self.place = i
        parts = {"attention": 2, "addnorm": 3}
        for name, count in parts.items():
            for number in range(1, count + 1):
                make = _Attention(num_hiddens, num_heads, dropout) if count == 2 else _AddNorm(num_hiddens, dropout)
                setattr(self, f"{name}{number}", make)
        self.ffn = _Network(num_hiddens, ffn_num_hiddens)

    def forward(self, X, state):
        before = state[2][self.place]
        everything = torch.cat([part for part in (before, X) if part is not None], dim=1)
        triangle = torch.ones(everything.shape[1], everything.shape[1], device=X.device).tril()
        lengths = triangle.sum(dim=1).long()[-X.shape[1] :].expand(X.shape[0], -1)
        X1 = self.addnorm1(X, self.attention1(X, everything, everything, lengths))
        X2 = self.addnorm2(X1, self.attention2(X1, state[0], state[0], state[1]))
        others = state[2][: self.place], state[2][self.place + 1 :]
        return self.addnorm3(X2, self.ffn(X2)), [state[0], state[1], [*others[0], everything, *others[1]]]
