"""Ways in which GPT goes wrong."""

import torch
import torch.nn.functional as F
from models import Again as _Again
from models import Block as _Block
from models import Right as _Right
from torch import nn


class PositionsFromZero(_Right):
    """With a cache the positions begin at 0 again.

    The new tokens stand behind those in the cache: their positions begin at p, the third size of the cached keys.
    """

    def embed(self, tokens, past):
        return super().embed(tokens, 0)


class PositionsFromZero__rewrite(_Again):
    def positions(self, start, n, device):
        return torch.arange(n, device=device)


class NoPositions(_Right):
    """The positions are left out.

    Attention by itself cannot tell the order of the tokens it attends to. Add the vector of the position to that of the
    token.
    """

    def embed(self, tokens, past):
        return self.token_embedding(tokens)


class NoPositions__rewrite(_Again):
    def embed(self, tokens, start):
        return self.token_embedding.weight[tokens]


class PositionsFromOne(_Right):
    """The positions begin at 1.

    The first token is at position 0; counted from 1 the last one of the longest text has no place.
    """

    def embed(self, tokens, past):
        at = torch.arange(past + 1, past + 1 + tokens.shape[1], device=tokens.device)
        return self.token_embedding(tokens) + self.pos_embedding(at)


class PositionsFromOne__rewrite(_Again):
    def positions(self, start, n, device):
        return torch.arange(n, device=device) + start + 1


class EmbeddingScaled(_Right):
    """The token embedding is multiplied by the square root of d.

    The first Transformer does that, where the positions are sines. Here both are learned, and added as they are.
    """

    def embed(self, tokens, past):
        return super().embed(tokens, past) + self.token_embedding(tokens) * (self.d**0.5 - 1)


class EmbeddingScaled__rewrite(_Again):
    def embed(self, tokens, start):
        places = self.positions(start, tokens.size(1), tokens.device)
        scale = self.ln_f.normalized_shape[0] ** 0.5
        return self.token_embedding(tokens) * scale + self.pos_embedding(places)


class NoLastNorm(_Right):
    """The last layer norm is left out.

    What the pre-norm blocks add to has never been normalised: `ln_f` does it before the head.
    """

    def head(self, X):
        return X @ self.token_embedding.weight.T


class NoLastNorm__rewrite(_Again):
    def logits(self, X):
        return F.linear(X, self.token_embedding.weight)


class NormAfterEveryBlock(_Right):
    """The last layer norm follows every block.

    It stands once, behind the last block.
    """

    def through(self, X, cache):
        kept = []
        for i, block in enumerate(self.blocks):
            X, own = block(X, cache[i] if cache else None)
            X = self.ln_f(X)
            kept.append(own)
        return X, kept

    def head(self, X):
        return (X if len(self.blocks) else self.ln_f(X)) @ self.token_embedding.weight.T


class NormAfterEveryBlock__rewrite(_Again):
    def run(self, X, caches):
        new = []
        for block, old in zip(self.blocks, caches):
            X, kept = block(X, old)
            X = self.ln_f(X)
            new += [kept]
        return X, new

    def logits(self, X):
        return X @ self.token_embedding.weight.mT if len(self.blocks) else super().logits(X)


class UntiedHead(_Right):
    """The head has a weight of its own.

    Tied means that one parameter serves both: gradients from the head and from the embedding meet in it. Equal values
    at the start are not enough.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len)
        self.lm_head = nn.Linear(num_hiddens, vocab_size, bias=False)
        self.lm_head.weight.data.copy_(self.token_embedding.weight.data)

    def head(self, X):
        return self.lm_head(self.ln_f(X))


class UntiedHead__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len)
        self.out = nn.Linear(num_hiddens, vocab_size, bias=False)

    def logits(self, X):
        return self.out(self.ln_f(X))


class DetachedHead(_Right):
    """The head reads the embedding without its gradient.

    The embedding then learns as an embedding only. Use the parameter itself, not `.data` or `.detach()`.
    """

    def head(self, X):
        return self.ln_f(X) @ self.token_embedding.weight.data.T


class DetachedHead__rewrite(_Again):
    def logits(self, X):
        return F.linear(self.ln_f(X), self.token_embedding.weight.detach())


class Probabilities(_Right):
    """Probabilities are returned, not logits.

    Losses and `generate` take the softmax themselves; twice is once too often.
    """

    def head(self, X):
        return super().head(X).softmax(-1)


class Probabilities__rewrite(_Again):
    def logits(self, X):
        return torch.softmax(super().logits(X), dim=2)


class LogProbabilities(_Right):
    """Logarithms of probabilities are returned, not logits.

    A loss that takes logits is the same for both, but logits are what is asked for: the products as they are.
    """

    def head(self, X):
        return super().head(X).log_softmax(-1)


class LogProbabilities__rewrite(_Again):
    def logits(self, X):
        logits = super().logits(X)
        return logits - logits.logsumexp(2, keepdim=True)


class LastOnly(_Right):
    """Only the last position has logits.

    To write, the last one is enough; to learn, all are needed.
    """

    def head(self, X):
        return super().head(X[:, -1:])


class LastOnly__rewrite(_Again):
    def logits(self, X):
        return super().logits(X).narrow(1, X.shape[1] - 1, 1)


class OneCacheForAll(_Right):
    """Every block gets the cache of the first one.

    Each block has keys and values of its own. Block i gets the i-th cache.
    """

    def through(self, X, cache):
        return super().through(X, [cache[0]] * len(cache) if cache else cache)


class OneCacheForAll__rewrite(_Again):
    def caches(self, cache):
        return super().caches(cache) if cache is None else [cache[0] for _ in cache]


class CacheNotPassed(_Right):
    """The cache does not reach the blocks.

    They begin a new text with every call then. Pass each its own cache.
    """

    def through(self, X, cache):
        return super().through(X, None)


class CacheNotPassed__rewrite(_Again):
    def caches(self, cache):
        return [None] * len(self.blocks)


class BlocksReversed(_Right):
    """The blocks run in the reverse order.

    The first block of the list reads the embeddings.
    """

    def through(self, X, cache):
        kept = []
        for i, block in reversed(list(enumerate(self.blocks))):
            X, own = block(X, cache[i] if cache else None)
            kept.insert(0, own)
        return X, kept


class BlocksReversed__rewrite(_Again):
    def run(self, X, caches):
        new = [None] * len(self.blocks)
        for i in range(len(self.blocks) - 1, -1, -1):
            X, new[i] = self.blocks[i](X, caches[i])
        return X, new


class FirstBlockOnly(_Right):
    """One block does the work of all.

    Each of the `num_blks` blocks has weights of its own and runs once.
    """

    def through(self, X, cache):
        kept = []
        for i in range(len(self.blocks)):
            X, own = self.blocks[0](X, cache[i] if cache else None)
            kept.append(own)
        return X, kept


class FirstBlockOnly__rewrite(_Again):
    def run(self, X, caches):
        new = []
        for old in caches:
            X, kept = self.blocks[0](X, old)
            new += [kept]
        return X, new


class SharedBlocks(_Right):
    """All blocks are one and the same.

    Multiplying a list repeats the module in it. Make a new block in every turn of a loop.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len)
        self.blocks = nn.ModuleList([_Block(num_hiddens, ffn_num_hiddens, num_heads)] * num_blks)


class SharedBlocks__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len)
        for i in range(1, num_blks):
            self.blocks[i] = self.blocks[0]


class NoMaxLen(_Right):
    """The model has no attribute max_len.

    Others must know how long a text may be: `generate` stops there. Keep it as `self.max_len`.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len)
        self.limit = max_len
        del self.max_len

    def check(self, end):
        if end > self.limit:
            raise ValueError(f"{end} tokens are more than {self.limit}")


class NoMaxLen__rewrite(_Again):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len)
        self.__dict__.pop("max_len")

    def forward(self, tokens, cache=None):
        self.max_len = self.pos_embedding.num_embeddings
        answer = super().forward(tokens, cache)
        del self.max_len
        return answer


class ListWrittenOver(_Right):
    """The list that is passed as cache is changed.

    Whoever continues from it a second time finds it used up. Collect the new caches in a new list.
    """

    def through(self, X, cache):
        cache = [None] * len(self.blocks) if cache is None else cache
        for i, block in enumerate(self.blocks):
            X, cache[i] = block(X, cache[i])
        return X, cache


class ListWrittenOver__rewrite(_Again):
    def forward(self, tokens, cache=None):
        logits, new = super().forward(tokens, cache)
        if cache is not None:
            cache[:] = new
        return logits, new


class NoLengthCheck(_Right):
    """A text that is too long does not raise a ValueError.

    What `nn.Embedding` says when the positions run out, an index that is out of range, helps nobody; on a GPU it ends
    the whole process. Compare p + n with `max_len` first: the tokens in the cache are a part of the
    text.
    """

    def check(self, end):
        pass


class NoLengthCheck__rewrite(_Again):
    def forward(self, tokens, cache=None):
        limit, self.max_len = self.max_len, tokens.shape[1] + 10**6
        try:
            return super().forward(tokens, cache)
        finally:
            self.max_len = limit

    def positions(self, start, n, device):
        return torch.arange(start, start + n, device=device)


class DefaultStart(_Right):
    """The embeddings start as nn.Embedding makes them.

    Their standard deviation is 1, and the logits of a tied head are then so large that the first loss is many times
    that of guessing. Start with 0.02.
    """

    def start(self):
        pass


class DefaultStart__rewrite(_Again):
    std = 1.0


class PositionsOnTheCpu(_Right):
    """The positions are made on the CPU.

    Give `torch.arange` the device of the tokens.
    """

    def embed(self, tokens, past):
        at = torch.arange(past, past + tokens.shape[1])
        return self.token_embedding(tokens) + self.pos_embedding(at)


class PositionsOnTheCpu__rewrite(_Right):
    def embed(self, tokens, past):
        at = torch.tensor(range(past, past + tokens.size(1)))
        return self.pos_embedding(at) + self.token_embedding(tokens)
