"""Ways in which TransformerDecoder goes wrong."""

import math

import torch.nn.functional as F
from made import DecoderBlock as _DecoderBlock
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

    def placed(self, X, before):
        return super().placed(X, before) * math.sqrt(self.d)


class ScaledWithPositions__rewrite(_Again):
    def add(self, X, P):
        return X + P * self.d**0.5


class NoPositions(_Right):
    """No positions are added.

    Attention does not know in which order the words stand. `pos_encoding` has to be called.
    """

    def placed(self, X, before):
        return self.pos_encoding.dropout(X)


class NoPositions__rewrite(_Again):
    def add(self, X, P):
        return X


class PositionZero(_Right):
    """Step by step, every new step stands at position 0.

    The caches know how many steps came before. That number is the `offset` of the positions.
    """

    def before(self, state):
        return 0


class PositionZero__rewrite(_Again):
    def place(self, state):
        return 0


class CountedInTheModule(_Right):
    """The module counts the steps.

    Another sentence would go on with the positions of the last. What came before is in `state`.
    """

    count = 0

    def before(self, state):
        return self.count

    def forward(self, X, state):
        answer = super().forward(X, state)
        self.count += X.shape[1]
        return answer


class CountedInTheModule__rewrite(_Again):
    def place(self, state):
        self.seen = getattr(self, "seen", [])
        return sum(self.seen)

    def forward(self, X, state):
        found = super().forward(X, state)
        self.seen.append(X.shape[1])
        return found


class OnePositionLate(_Right):
    """Step by step, the positions are off by one.

    The first of the new steps stands at the number of steps in the cache: behind three steps at 3.
    """

    def before(self, state):
        return max(super().before(state) - 1, 0)


class OnePositionLate__rewrite(_Again):
    def place(self, state):
        place = super().place(state)
        return place - 1 if place else 0


class SameState(_Right):
    """The blocks are all given the state that came in.

    What a block has put into it gets lost where it makes a new state. Each block gets the state that the one before
    returned.
    """

    def through(self, X, state):
        for block in self.blks:
            X, _ = block(X, [state[0], state[1], list(state[2])])
        return X, state


class SameState__rewrite(_Again):
    def step(self, i, X, state):
        X, _ = self.blks[i](X, state)
        return X, state


class OneNumber(_Right):
    """All blocks have the number 0.

    They share one cache then, and each overwrites that of the one before. Block i is made with `i`.
    """

    def block(self, i, d, hiddens, heads, p):
        return super().block(0, d, hiddens, heads, p)


class OneNumber__rewrite(_Again):
    def one(self, i, sizes, p):
        return _DecoderBlock(*sizes, p, 0)


class OneCache(_Right):
    """The state has a cache for one block only.

    Every block has a cache of its own: the list holds num_layers times None.
    """

    def init_state(self, enc_outputs, enc_valid_lens):
        return [enc_outputs, enc_valid_lens, [None]]


class OneCache__rewrite(_Again):
    def init_state(self, enc_outputs, enc_valid_lens):
        state = super().init_state(enc_outputs, enc_valid_lens)
        return [*state[:2], state[2][:1]]


class StateWithoutLengths(_Right):
    """The state holds no valid lengths.

    `init_state` puts the encoder's valid lengths in the second place, for the attention to its outputs.
    """

    def init_state(self, enc_outputs, enc_valid_lens):
        return [enc_outputs, None, [None] * len(self.blks)]


class StateWithoutLengths__rewrite(_Again):
    def init_state(self, enc_outputs, enc_valid_lens):
        state = super().init_state(enc_outputs, enc_valid_lens)
        state[1] = None
        return state


class ScoresFirst(_Right):
    """The state is not returned, or not in the second place.

    A call returns the scores and the state for the steps that follow.
    """

    def forward(self, X, state):
        scores, state = super().forward(X, state)
        return state, scores


class ScoresFirst__rewrite(_Again):
    def forward(self, X, state):
        return super().forward(X, state)[::-1]


class Softmax(_Right):
    """A softmax is taken of the scores.

    The cross-entropy loss takes the scores themselves, and does what is needed in a stable way.
    """

    def end(self, X):
        return super().end(X).softmax(-1)


class Softmax__rewrite(_Again):
    def forward(self, X, state):
        scores, state = super().forward(X, state)
        return scores.exp() / scores.exp().sum(-1, keepdim=True), state


class DetachedEncoder(_Right):
    """The encoder's outputs are detached.

    No gradient reaches the encoder then, which is never learned.
    """

    def init_state(self, enc_outputs, enc_valid_lens):
        return super().init_state(enc_outputs.detach(), enc_valid_lens)


class DetachedEncoder__rewrite(_Again):
    def step(self, i, X, state):
        return super().step(i, X, [state[0].detach(), *state[1:]])


class SharedBlocks(_Right):
    """All blocks share their parameters.

    Each block learns something else. Make each with a call of its own, in a loop.
    """

    def block(self, i, d, hiddens, heads, p):
        block = super().block(i, d, hiddens, heads, p)
        if i == 0:
            self.first = [block]
        for name, part in self.first[0].named_children():
            setattr(block, name, part)
        return block


class SharedBlocks__rewrite(_Again):
    def one(self, i, sizes, p):
        block = super().one(i, sizes, p)
        self.kept = getattr(self, "kept", None) or [block]
        block._modules = self.kept[0]._modules
        return block


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

    def through(self, X, state):
        for block in reversed(self.blks):
            X, state = block(X, state)
        return X, state


class Backwards__rewrite(_Again):
    def step(self, i, X, state):
        return super().step(len(self.blks) - 1 - i, X, state)


class FirstBlockOnly(_Right):
    """Every block is given the embeddings, so that only the last one counts.

    What a block answers goes into the next.
    """

    def through(self, X, state):
        for block in self.blks:
            answer, state = block(X, state)
        return answer, state


class FirstBlockOnly__rewrite(_Again):
    def step(self, i, X, state):
        if i == 0:
            self.first = X
        return super().step(i, self.first, state)


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

    def placed(self, X, before):
        return F.dropout(super().placed(X, before), self.pos_encoding.dropout.p)


class DropoutInEvaluation__rewrite(_Right):
    def placed(self, X, before):
        return F.dropout(self.pos_encoding(X, before), p=self.pos_encoding.dropout.p, training=True)


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
    def forward(self, X, state):
        scores, state = super().forward(X, state)
        return scores - self.dense.bias, state
