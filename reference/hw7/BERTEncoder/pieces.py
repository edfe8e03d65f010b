"""Two correct encoders that the mistakes change: `Right`, with torch's blocks, and `Again`, with the oracle's."""

import torch
from oracle import BERTEncoder as Again  # noqa: F401
from oracle import Block  # noqa: F401
from torch import nn


class Right(nn.Module):
    """A correct encoder, of which each mistake changes one step."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.p = dropout
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.segment_embedding = nn.Embedding(2, num_hiddens)
        self.pos_embedding = nn.Parameter(torch.randn(1, max_len, num_hiddens))
        self.blks = self.blocks(num_layers, (num_hiddens, num_heads, ffn_num_hiddens), dropout)

    def blocks(self, number, sizes, dropout):
        return nn.Sequential(*[self.block(sizes, dropout) for _ in range(number)])

    def block(self, sizes, dropout):
        return nn.TransformerEncoderLayer(*sizes, dropout=dropout, activation="gelu", batch_first=True)

    def positions(self, steps):
        return self.pos_embedding[:, :steps, :]

    def check(self, steps):
        if steps > self.pos_embedding.size(1):
            raise ValueError(f"{steps} steps do not fit into {self.pos_embedding.size(1)} places")

    def embed(self, tokens, segments):
        self.check(tokens.shape[1])
        X = self.token_embedding(tokens) + self.segment_embedding(segments)
        return X + self.positions(tokens.shape[1])

    def mask(self, tokens, valid_lens):
        if valid_lens is None:
            return None
        steps = torch.arange(tokens.shape[1], device=valid_lens.device)
        return steps[None, :] >= valid_lens[:, None]

    def through(self, block, X, mask):
        return block(X, src_key_padding_mask=mask)

    def forward(self, tokens, segments, valid_lens=None):
        X, mask = self.embed(tokens, segments), self.mask(tokens, valid_lens)
        for block in self.blks:
            X = self.through(block, X, mask)
        return X
