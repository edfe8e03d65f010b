"""The parts that a model is made of, correct and short."""

import torch
from torch import nn


class BERTEncoder(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.segment_embedding = nn.Embedding(2, num_hiddens)
        self.pos_embedding = nn.Parameter(torch.randn(1, max_len, num_hiddens))
        layers = [
            nn.TransformerEncoderLayer(num_hiddens, num_heads, ffn_num_hiddens, dropout, "gelu", batch_first=True)
            for _ in range(num_layers)
        ]
        self.blks = nn.ModuleList(layers)

    def forward(self, tokens, segments, valid_lens=None):
        steps = tokens.shape[1]
        X = self.token_embedding(tokens) + self.segment_embedding(segments) + self.pos_embedding[:, :steps]
        hidden = None
        if valid_lens is not None:
            hidden = valid_lens[:, None] <= torch.arange(steps, device=tokens.device)
        for block in self.blks:
            X = block(X, src_key_padding_mask=hidden)
        return X


class MaskLM(nn.Module):
    def __init__(self, vocab_size, num_hiddens, num_inputs=768):
        super().__init__()
        first, last = nn.Linear(num_inputs, num_hiddens), nn.Linear(num_hiddens, vocab_size)
        self.mlp = nn.Sequential(first, nn.ReLU(), nn.LayerNorm(num_hiddens), last)

    def forward(self, X, pred_positions):
        return self.mlp(X.take_along_dim(pred_positions[..., None], 1))


class NextSentencePred(nn.Module):
    def __init__(self, num_inputs):
        super().__init__()
        self.output = nn.Linear(num_inputs, 2)

    def forward(self, X):
        return self.output(X)
