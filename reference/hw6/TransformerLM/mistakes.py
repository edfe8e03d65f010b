"""Ways in which TransformerLM goes wrong."""

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


class NotCausal(_Right):
    """Steps look at later ones.

    Then the token that is to be guessed stands there to be read. Every block needs a length for every step.
    """

    def seen(self, X):
        return None


class NotCausal__rewrite(_Again):
    def lengths(self, batch, steps, device):
        return torch.full((batch, steps), steps, device=device)


class CausalInTrainingOnly(_Right):
    """In evaluation mode steps look at later ones.

    The loss on held-out text would look far better than it is. The mask is needed in both modes.
    """

    def seen(self, X):
        return super().seen(X) if self.training else None


class CausalInTrainingOnly__rewrite(_Again):
    def lengths(self, batch, steps, device):
        lengths = super().lengths(batch, steps, device)
        return lengths if self.training else torch.full_like(lengths, steps)


class NotItself(_Right):
    """A step does not look at itself.

    Step t looks at the steps 0 to t, which are t + 1.
    """

    def seen(self, X):
        return super().seen(X) - 1


class NotItself__rewrite(_Again):
    def lengths(self, batch, steps, device):
        return torch.arange(steps, device=device).expand(batch, steps)


class OneTooMany(_Right):
    """A step looks at the one that follows.

    Step t looks at the steps 0 to t, which are t + 1. With one more it reads the token that it is to guess.
    """

    def seen(self, X):
        return super().seen(X) + 1


class OneTooMany__rewrite(_Again):
    def lengths(self, batch, steps, device):
        return torch.arange(2, steps + 2, device=device).expand(batch, steps)


class OneLengthForAll(_Right):
    """The lengths are given by sequence, not by step.

    Of shape (batch, steps) they say for every step what it may look at; of shape (batch,) they hold for all of its
    steps.
    """

    def seen(self, X):
        return torch.full((len(X),), X.shape[1], device=X.device)[:, None].expand(X.shape).clone().fill_(1)


class OneLengthForAll__rewrite(_Again):
    def lengths(self, batch, steps, device):
        return torch.ones(batch, dtype=torch.long, device=device)


class MaskInOneBlock(_Right):
    """Only the first block looks back; the others look at all steps.

    One block without the mask is enough to give the next token away. All blocks get the lengths.
    """

    def through(self, X, valid_lens):
        for i, block in enumerate(self.blks):
            X = block(X, valid_lens if i == 0 else None)
        return X


class MaskInOneBlock__rewrite(_Again):
    def step(self, i, X, lengths):
        return super().step(i, X, None if i else lengths)


class Softmax(_Right):
    """A softmax is taken of the scores.

    The cross-entropy loss takes the scores themselves, and does what is needed in a stable way.
    """

    def end(self, X):
        return super().end(X).softmax(-1)


class Softmax__rewrite(_Again):
    def forward(self, X):
        scores = super().forward(X).exp()
        return scores / scores.sum(-1, keepdim=True)


class TwoDevices(_Right):
    """The lengths are created on the CPU.

    `torch.arange` makes its tensor there unless it is told otherwise. Give it the device of X.
    """

    def seen(self, X):
        return torch.arange(1, X.shape[1] + 1).repeat(X.shape[0], 1)


class TwoDevices__rewrite(_Again):
    def lengths(self, batch, steps, device):
        return torch.tensor([list(range(1, steps + 1))] * batch)


class LastStepOnly(_Right):
    """Only the last step is scored.

    In training every step guesses the next token: the answer has the shape (batch, steps, vocab_size).
    """

    def end(self, X):
        return super().end(X[:, -1:])


class LastStepOnly__rewrite(_Again):
    def forward(self, X):
        return super().forward(X)[:, X.shape[1] - 1 :]


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


class NoOutputBias(_Right):
    """The output layer's bias is not used.

    `dense` has a bias: calling the layer adds it.
    """

    def end(self, X):
        return X @ self.dense.weight.T


class NoOutputBias__rewrite(_Again):
    def forward(self, X):
        return super().forward(X) - self.dense.bias
