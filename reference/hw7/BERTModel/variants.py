"""Other correct models."""

import torch
from parts import BERTEncoder, MaskLM, NextSentencePred
from torch import nn


class StepByStep(nn.Module):
    """A learner's style: keywords, an if, a squeezed slice."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.nsp = NextSentencePred(num_inputs=num_hiddens)
        self.mlm = MaskLM(vocab_size=vocab_size, num_hiddens=num_hiddens, num_inputs=num_hiddens)
        self.encoder = BERTEncoder(
            vocab_size=vocab_size,
            num_hiddens=num_hiddens,
            ffn_num_hiddens=ffn_num_hiddens,
            num_heads=num_heads,
            num_layers=num_layers,
            dropout=dropout,
            max_len=max_len,
        )
        self.hidden = nn.Sequential()
        self.hidden.append(nn.Linear(num_hiddens, num_hiddens))
        self.hidden.append(nn.Tanh())

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded_X = self.encoder(tokens, segments, valid_lens)
        if pred_positions is not None:
            mlm_Y_hat = self.mlm(encoded_X, pred_positions)
        else:
            mlm_Y_hat = None
        cls = encoded_X[:, :1].squeeze(1)
        nsp_Y_hat = self.nsp(self.hidden(cls))
        return encoded_X, mlm_Y_hat, nsp_Y_hat


class AsAList(nn.Module):
    """The whole sequence through the hidden layer, and the first step of that."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.encoder = BERTEncoder(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len)
        self.hidden = nn.Sequential(nn.Linear(num_hiddens, num_hiddens), nn.Tanh())
        self.mlm, self.nsp = MaskLM(vocab_size, num_hiddens, num_hiddens), NextSentencePred(num_hiddens)

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded = self.encoder(tokens, segments, valid_lens)
        answers = [encoded, None, torch.unbind(self.nsp(self.hidden(encoded)), 1)[0]]
        if pred_positions is not None:
            answers[1] = self.mlm(encoded, pred_positions)
        return tuple(answers)
