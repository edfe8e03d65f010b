"""Ways in which TransformerEncoder goes wrong."""

import math

import torch
import torch.nn.functional as F
from stacks import Again as _Again
from stacks import Right as _Right
from torch import nn


class NoScale(_Right):
    """The embeddings are not multiplied with the square root of num_hiddens.

    Their numbers are drawn small, and the waves of the positions are between -1 and 1: the words would hardly be
    heard.
    """

    def look_up(self, X):
        return self.embedding(X)


class NoScale__rewrite(_Again):
    def vectors(self, X):
        return self.embedding.weight[X]


class ScaledByItself(_Right):
    """The embeddings are multiplied with num_hiddens, not with its square root.

    The root keeps their size beside that of the positions.
    """

    def look_up(self, X):
        return self.embedding(X) * self.d


class ScaledByItself__rewrite(_Again):
    def vectors(self, X):
        return self.embedding.weight[X] * self.embedding.weight.shape[1]


class DividedByTheRoot(_Right):
    """The embeddings are divided by the square root of num_hiddens.

    In attention the scores are divided by a root. Here the embeddings are multiplied with it.
    """

    def look_up(self, X):
        return self.embedding(X) / math.sqrt(self.d)


class DividedByTheRoot__rewrite(_Again):
    def vectors(self, X):
        return self.embedding.weight[X] * self.d**-0.5


class ScaledWithPositions(_Right):
    """The positions are multiplied with the square root too.

    First the embeddings are multiplied, then the positions are added.
    """

    def look_up(self, X):
        return self.embedding(X)

    def placed(self, X):
        return super().placed(X) * math.sqrt(self.d)


class ScaledWithPositions__rewrite(_Again):
    def add(self, X, P):
        return X + P * self.d**0.5


class NoPositions(_Right):
    """No positions are added.

    Attention does not know in which order the words stand. `pos_encoding` has to be called.
    """

    def placed(self, X):
        return self.pos_encoding.dropout(X)


class NoPositions__rewrite(_Again):
    def add(self, X, P):
        return X


class NoLengths(_Right):
    """The valid lengths are not given to the blocks.

    The padding is looked at like words then. Each block takes them as its second argument.
    """

    def through(self, X, valid_lens):
        return super().through(X, None)


class NoLengths__rewrite(_Again):
    def step(self, i, X, lengths):
        return self.blks[i](X)


class LengthsInOneBlock(_Right):
    """Only the first block gets the valid lengths.

    Padding is answered too, and what it was answered must not be looked at by the next block either.
    """

    def through(self, X, valid_lens):
        for i, block in enumerate(self.blks):
            X = block(X, valid_lens if i == 0 else None)
        return X


class LengthsInOneBlock__rewrite(_Again):
    def step(self, i, X, lengths):
        return super().step(i, X, None if i else lengths)


class Mean(_Right):
    """The steps are averaged.

    The decoder needs a vector for every step: the answer has the shape (batch, steps, num_hiddens).
    """

    def through(self, X, valid_lens):
        return super().through(X, valid_lens).mean(1)


class Mean__rewrite(_Again):
    def forward(self, X, valid_lens=None):
        out = super().forward(X, valid_lens)
        return out.sum(1) / X.shape[1]


class SharedBlocks(_Right):
    """All blocks are the same module.

    A list of one block times num_layers holds one block, so many times. Make each with a call of its own, in a
    loop.
    """

    def block(self, i, d, hiddens, heads, p):
        if i == 0:
            self.first = [super().block(0, d, hiddens, heads, p)]
        return self.first[0]


class SharedBlocks__rewrite(_Again):
    def one(self, i, sizes, p):
        self.kept = getattr(self, "kept", None) or [super().one(0, sizes, p)]
        return self.kept[0]


class BlocksInAList(_Right):
    """The blocks are in a Python list.

    Their parameters are then found neither by the optimizer nor by the state dict. `nn.Sequential` registers them.
    """

    def __init__(self, **sizes):
        super().__init__(**sizes)
        blocks = list(self.blks)
        del self.blks
        self.blks = blocks


class BlocksInAList__rewrite(_Again):
    def __init__(self, **sizes):
        super().__init__(**sizes)
        blocks = tuple(self.blks)
        del self.blks
        self.blks = blocks


class OtherNames(_Right):
    """The parts have other names.

    The state dict does not load by other names: the blocks are called block0, block1, … in `blks`.
    """

    def __init__(self, **sizes):
        super().__init__(**sizes)
        self.blks = nn.Sequential(*self.blks)


class OtherNames__rewrite(_Again):
    def __init__(self, **sizes):
        super().__init__(**sizes)
        self.blks = nn.ModuleList(self.blks)


class Backwards(_Right):
    """The blocks are gone through from the last to the first.

    Block 0 comes first.
    """

    def through(self, X, valid_lens):
        for block in reversed(self.blks):
            X = block(X, valid_lens)
        return X


class Backwards__rewrite(_Again):
    def step(self, i, X, lengths):
        return super().step(len(self.blks) - 1 - i, X, lengths)


class FirstBlockOnly(_Right):
    """Every block is given the embeddings, so that only the last one counts.

    What a block answers goes into the next.
    """

    def through(self, X, valid_lens):
        return [block(X, valid_lens) for block in self.blks][-1]


class FirstBlockOnly__rewrite(_Again):
    def step(self, i, X, lengths):
        if i == 0:
            self.first = X
        return super().step(i, self.first, lengths)


class NoDropoutBefore(_Right):
    """Nothing is dropped of embeddings and positions in training mode.

    `pos_encoding` is made with the same `dropout` as the blocks.
    """

    def make(self, vocab, d, p):
        super().make(vocab, d, 0.0)


class NoDropoutBefore__rewrite(_Again):
    def first_rate(self, p):
        return 0.0


class NoDropoutInBlocks(_Right):
    """The blocks, or some of them, are made without dropout.

    The constructor's `dropout` has to reach every block.
    """

    def block(self, i, d, hiddens, heads, p):
        return super().block(i, d, hiddens, heads, 0.0)


class NoDropoutInBlocks__rewrite(_Again):
    def one(self, i, sizes, p):
        return super().one(i, sizes, 0.0)


class NoDropoutAtAll(_Right):
    """Nothing is dropped in training mode.

    The constructor's `dropout` has to reach `pos_encoding` and every block.
    """

    def __init__(self, **sizes):
        super().__init__(**{**sizes, "dropout": 0.0})


class NoDropoutAtAll__rewrite(_Again):
    def __init__(self, dropout, **sizes):
        super().__init__(dropout=0.0, **sizes)


class DropoutInEvaluation(_Right):
    """Something is dropped in evaluation mode too.

    `torch.nn.functional.dropout` drops unless it is told otherwise. Leave it to the parts, which know the mode.
    """

    def placed(self, X):
        return F.dropout(super().placed(X), self.pos_encoding.dropout.p)


class DropoutInEvaluation__rewrite(_Right):
    def placed(self, X):
        return F.dropout(self.pos_encoding(X), p=self.pos_encoding.dropout.p, training=True)


class DetachedEmbedding(_Right):
    """The embeddings are detached, or read through `.data`.

    They are never learned then. Call the embedding.
    """

    def look_up(self, X):
        return super().look_up(X).detach()


class DetachedEmbedding__rewrite(_Again):
    def vectors(self, X):
        return self.embedding.weight.data[X] * self.d**0.5


class LastNorm(_Right):
    """There is a norm behind the last block.

    In a post-norm stack every block ends with one. Nothing follows the last block.
    """

    def through(self, X, valid_lens):
        X = super().through(X, valid_lens)
        return F.layer_norm(X, X.shape[-1:])


class LastNorm__rewrite(_Again):
    def forward(self, X, valid_lens=None):
        X = super().forward(X, valid_lens)
        var, mean = torch.var_mean(X, -1, correction=0, keepdim=True)
        return (X - mean) / (var + 1e-5).sqrt()
