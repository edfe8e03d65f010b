"""Other correct encoders."""

import torch
import torch.nn.functional as F
from oracle import BERTEncoder as _Oracle
from torch import nn


class InOneLoop(nn.Module):
    """As the notes write it: blocks by add_module, the mask as large negative numbers."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.segment_embedding = nn.Embedding(2, num_hiddens)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            layer = nn.TransformerEncoderLayer(
                num_hiddens,
                num_heads,
                dim_feedforward=ffn_num_hiddens,
                dropout=dropout,
                activation=F.gelu,
                batch_first=True,
            )
            self.blks.add_module(f"{i}", layer)
        self.pos_embedding = nn.Parameter(torch.zeros(1, max_len, num_hiddens))

    def forward(self, tokens, segments, valid_lens=None):
        if tokens.shape[1] > self.pos_embedding.shape[1]:
            raise ValueError(f"{tokens.shape[1]} steps are more than {self.pos_embedding.shape[1]}")
        X = self.token_embedding(tokens) + self.segment_embedding(segments)
        X = X + self.pos_embedding[:, : X.shape[1], :]
        mask = None
        if valid_lens is not None:
            mask = torch.zeros(X.shape[:2], dtype=X.dtype, device=X.device)
            steps = torch.arange(X.shape[1], dtype=torch.float32, device=X.device).expand(X.shape[:2])
            mask = mask.masked_fill(~(steps < valid_lens.reshape(-1, 1)), float("-inf"))
        for blk in self.blks:
            X = blk(X, None, mask)
        return X


class StepsFirst(nn.Module):
    """torch's layers with the steps on the first axis, and the answer turned round at the end."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.segment_embedding = nn.Embedding(2, num_hiddens)
        self.pos_embedding = nn.Parameter(torch.empty(1, max_len, num_hiddens).normal_(std=0.02))
        layer = nn.TransformerEncoderLayer(num_hiddens, num_heads, ffn_num_hiddens, dropout, nn.GELU())
        self.blks = nn.TransformerEncoder(layer, num_layers, enable_nested_tensor=False).layers

    def forward(self, tokens, segments, valid_lens=None):
        steps = tokens.size(1)
        if steps > self.pos_embedding.size(1):
            raise ValueError(f"too long: {steps} > {self.pos_embedding.size(1)}")
        X = self.pos_embedding.transpose(0, 1)[:steps] + self.token_embedding(tokens.t())
        X = X + self.segment_embedding(segments.t())
        padding = None
        if valid_lens is not None:
            padding = torch.ones_like(tokens).cumsum(1) > valid_lens[:, None]
        for layer in self.blks:
            X = layer(X, src_key_padding_mask=padding)
        return X.transpose(0, 1)


class WithAttentionMask(_Oracle):
    """The attention by torch's scaled dot products, with a mask for every head."""

    class block(_Oracle.block):
        def attend(self, X, valid):
            projected = X @ self.self_attn.in_proj_weight.mT + self.self_attn.in_proj_bias
            q, k, v = projected.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
            mask = None if valid is None else valid[:, None, None, :]
            p = self.p if self.training else 0.0
            answers = F.scaled_dot_product_attention(q, k, v, mask, dropout_p=p)
            return self.self_attn.out_proj(answers.transpose(1, 2).flatten(2))

    def embed(self, tokens, segments):
        steps = tokens.shape[-1]
        if steps > self.pos_embedding.shape[1]:
            raise ValueError("longer than max_len")
        one_hot = F.one_hot(segments, 2).to(self.segment_embedding.weight.dtype)
        X = self.token_embedding.weight[tokens] + one_hot @ self.segment_embedding.weight
        return X + self.pos_embedding[0, :steps]
