"""GPT with one-hot products in the place of lookups, and a functional block of torch's own operators."""

import torch
import torch.nn.functional as F
from torch import nn


class _Block(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        self.heads, self.size = num_heads, num_hiddens // num_heads
        self.ln_1, self.ln_2 = nn.LayerNorm(num_hiddens), nn.LayerNorm(num_hiddens)
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(num_hiddens, num_hiddens) for _ in range(4))
        self.fc_1, self.fc_2 = nn.Linear(num_hiddens, ffn_num_hiddens), nn.Linear(ffn_num_hiddens, num_hiddens)

    def forward(self, X, old):
        Z = self.ln_1(X)
        q, k, v = (torch.stack(f(Z).split(self.size, -1), 1) for f in (self.W_q, self.W_k, self.W_v))
        k, v = (k, v) if old is None else (torch.cat((old[0], k), 2), torch.cat((old[1], v), 2))
        late = torch.ones(X.shape[1], k.shape[2], device=X.device).triu(1 + k.shape[2] - X.shape[1]).bool()
        weights = (torch.einsum("bhqs,bhks->bhqk", q, k) / self.size**0.5).masked_fill(late, -torch.inf).softmax(3)
        X = X + self.W_o(torch.cat(torch.einsum("bhqk,bhks->bhqs", weights, v).unbind(1), -1))
        return X + self.fc_2(F.gelu(self.fc_1(self.ln_2(X)))), (k, v)


class GPT(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__()
        self.max_len = max_len
        for name, size in (("token_embedding", vocab_size), ("pos_embedding", max_len)):
            setattr(self, name, nn.Embedding.from_pretrained(torch.randn(size, num_hiddens) * 0.02, freeze=False))
        self.blocks = nn.ModuleList(_Block(num_hiddens, ffn_num_hiddens, num_heads) for _ in range(num_blks))
        self.ln_f = nn.LayerNorm(num_hiddens)

    def forward(self, tokens, cache=None):
        table, places = self.token_embedding.weight, self.pos_embedding.weight
        past = cache[0][0].shape[2] if cache else 0
        if past + tokens.shape[1] > self.max_len:
            raise ValueError(f"{past} + {tokens.shape[1]} tokens are more than max_len = {self.max_len}")
        X = F.one_hot(tokens, len(table)).to(table.dtype) @ table + places[past : past + tokens.shape[1]]
        caches = []
        for index, block in enumerate(self.blocks):
            X, kept = block(X, cache[index] if cache else None)
            caches.append(kept)
        return torch.einsum("bnd,vd->bnv", self.ln_f(X), table), caches
