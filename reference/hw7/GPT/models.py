"""A correct block, and two correct models that the mistakes change: `Right`, whose steps are methods, and `Again`."""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        self.h = num_heads
        for name in ("W_q", "W_k", "W_v", "W_o"):
            setattr(self, name, nn.Linear(num_hiddens, num_hiddens))
        self.ln_1, self.ln_2 = nn.LayerNorm(num_hiddens), nn.LayerNorm(num_hiddens)
        self.fc_1, self.fc_2 = nn.Linear(num_hiddens, ffn_num_hiddens), nn.Linear(ffn_num_hiddens, num_hiddens)

    def forward(self, X, cache=None):
        Z = self.ln_1(X)
        q, k, v = (layer(Z).unflatten(2, (self.h, -1)).transpose(1, 2) for layer in (self.W_q, self.W_k, self.W_v))
        if cache is not None:
            k, v = (torch.cat(pair, 2) for pair in zip(cache, (k, v), strict=True))
        at = torch.arange(k.shape[2], device=X.device)
        seen = at <= at[k.shape[2] - q.shape[2] :, None]
        H = X + self.W_o(F.scaled_dot_product_attention(q, k, v, seen).transpose(1, 2).flatten(2))
        return H + self.fc_2(F.gelu(self.fc_1(self.ln_2(H)))), (k, v)


class Right(nn.Module):
    """A correct model, of which each mistake changes one step."""

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__()
        self.max_len, self.d = max_len, num_hiddens
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_embedding = nn.Embedding(max_len, num_hiddens)
        self.blocks = nn.ModuleList([Block(num_hiddens, ffn_num_hiddens, num_heads) for _ in range(num_blks)])
        self.ln_f = nn.LayerNorm(num_hiddens)
        self.start()

    def start(self):
        nn.init.normal_(self.token_embedding.weight, 0.0, 0.02)
        nn.init.normal_(self.pos_embedding.weight, 0.0, 0.02)

    def past(self, cache):
        return cache[0][0].shape[2] if cache else 0

    def check(self, end):
        if end > self.max_len:
            raise ValueError(f"{end} tokens do not fit into max_len = {self.max_len}")

    def embed(self, tokens, past):
        at = torch.arange(past, past + tokens.shape[1], device=tokens.device)
        return self.token_embedding(tokens) + self.pos_embedding(at)

    def through(self, X, cache):
        kept = []
        for i, block in enumerate(self.blocks):
            X, own = block(X, cache[i] if cache else None)
            kept.append(own)
        return X, kept

    def head(self, X):
        return self.ln_f(X) @ self.token_embedding.weight.T

    def forward(self, tokens, cache=None):
        past = self.past(cache)
        self.check(past + tokens.shape[1])
        X, kept = self.through(self.embed(tokens, past), cache)
        return self.head(X), kept


class Again(nn.Module):
    """The same in another style."""

    std = 0.02

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        nn.Module.__init__(self)
        self.ln_f = nn.LayerNorm(num_hiddens)
        self.blocks = nn.ModuleList()
        for _ in range(num_blks):
            self.blocks.append(Block(num_hiddens, ffn_num_hiddens, num_heads))
        self.token_embedding, self.pos_embedding = (nn.Embedding(n, num_hiddens) for n in (vocab_size, max_len))
        self.max_len = max_len
        for embedding in (self.token_embedding, self.pos_embedding):
            embedding.weight.data.normal_(0, self.std)

    def positions(self, start, n, device):
        return torch.arange(self.max_len, device=device)[start : start + n]

    def caches(self, cache):
        return [None] * len(self.blocks) if cache is None else cache

    def embed(self, tokens, start):
        places = self.positions(start, tokens.size(1), tokens.device)
        return self.token_embedding.weight[tokens] + self.pos_embedding.weight[places]

    def run(self, X, caches):
        new = []
        for block, old in zip(self.blocks, caches, strict=True):
            X, kept = block(X, old)
            new += [kept]
        return X, new

    def logits(self, X):
        return F.linear(self.ln_f(X), self.token_embedding.weight)

    def forward(self, tokens, cache=None):
        start = cache[0][1].size(2) if cache is not None and len(cache) else 0
        if start + tokens.size(1) > self.max_len:
            raise ValueError("the text is longer than max_len")
        X, new = self.run(self.embed(tokens, start), self.caches(cache))
        return self.logits(X), new
