"""BERTModel whose heads are computed by matrix products and indexing."""

import torch
from parts import BERTEncoder, MaskLM, NextSentencePred
from torch import nn


class BERTModel(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        sizes = (vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len)
        self.encoder = BERTEncoder(*sizes)
        self.hidden = nn.Sequential(nn.Linear(num_hiddens, num_hiddens), nn.Tanh())
        self.mlm = MaskLM(vocab_size, num_hiddens, num_hiddens)
        self.nsp = NextSentencePred(num_hiddens)

    def encode(self, tokens, segments, valid_lens):
        return self.encoder(tokens, segments, valid_lens)

    def masked(self, encoded, positions):
        rows = torch.arange(len(encoded), device=encoded.device).unsqueeze(1)
        return self.mlm.mlp(encoded[rows, positions])

    def first(self, encoded):
        return encoded.select(1, 0)

    def pooled(self, features):
        return torch.tanh(features @ self.hidden[0].weight.T + self.hidden[0].bias)

    def pair(self, encoded):
        return self.pooled(self.first(encoded)) @ self.nsp.output.weight.T + self.nsp.output.bias

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded = self.encode(tokens, segments, valid_lens)
        scores = self.masked(encoded, pred_positions) if pred_positions is not None else None
        return encoded, scores, self.pair(encoded)
