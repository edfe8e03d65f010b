"""Ways in which MaskLM goes wrong."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class ScoredEverywhere(_Right):
    """More is computed than the predicted positions need.

    The last layer has an output for each token of the vocabulary, and six steps of seven are not asked for. Pick
    first, and by an index: a product with a one-hot matrix goes through all steps too.
    """

    def forward(self, X, pred_positions):
        return self.pick(self.mlp(X), pred_positions)


class ScoredEverywhere__rewrite(_Again):
    def forward(self, X, pred_positions):
        return self.pick(self.scores(self.normed(self.hidden(X))), pred_positions)


class BatchTiled(_Right):
    """The numbers of the sequences are repeated in the wrong order.

    The flattened positions are those of sequence 0, then those of sequence 1. So are the numbers: 0, 0, 1, 1
    (`repeat_interleave`), not 0, 1, 0, 1 (`repeat`).
    """

    def rows(self, X, count):
        return torch.arange(X.shape[0], device=X.device).repeat(count)


class BatchTiled__rewrite(_Again):
    def pick(self, X, pred_positions):
        rows = torch.arange(len(X), device=X.device).expand(pred_positions.shape[1], -1).reshape(pred_positions.shape)
        return X[rows, pred_positions]


class PositionsOfTheFirst(_Right):
    """The positions of the first sequence are used for all of them.

    Every sequence has masked words of its own.
    """

    def pick(self, X, pred_positions):
        return super().pick(X, pred_positions[:1].expand_as(pred_positions))


class PositionsOfTheFirst__rewrite(_Again):
    def pick(self, X, pred_positions):
        return X[:, pred_positions[0]] if len(X) else super().pick(X, pred_positions)


class EverySequenceForEach(_Right):
    """Every sequence is asked for the positions of all sequences.

    `X[:, pred_positions]` takes all rows of the positions for each sequence, and the answer has four axes. Pair each
    position with the number of its sequence.
    """

    def pick(self, X, pred_positions):
        return X[:, pred_positions]


class EverySequenceForEach__rewrite(_Again):
    def pick(self, X, pred_positions):
        picked = X.index_select(1, pred_positions.flatten())
        return picked.reshape(len(X), *pred_positions.shape, X.shape[2])


class PositionsSorted(_Right):
    """The positions are sorted.

    The labels stand in the order of the positions: what is moved on one side only no longer fits the other.
    """

    def pick(self, X, pred_positions):
        return super().pick(X, pred_positions.sort(dim=1).values)


class PositionsSorted__rewrite(_Again):
    def pick(self, X, pred_positions):
        return super().pick(X, torch.sort(pred_positions, -1)[0])


class OneStepBefore(_Right):
    """The step before each position is picked.

    Positions are counted from 0, `<cls>` being position 0. They are indices as they are.
    """

    def pick(self, X, pred_positions):
        return super().pick(X, (pred_positions - 1) % X.shape[1])


class OneStepBefore__rewrite(_Again):
    def pick(self, X, pred_positions):
        return super().pick(X.roll(1, dims=1), pred_positions)


class NoRelu(_Right):
    """There is no ReLU between the layers.

    Without it the first linear layer adds nothing that the others could not do. The order is linear, ReLU, layer norm,
    linear.
    """

    def forward(self, X, pred_positions):
        return self.mlp[3](self.mlp[2](self.mlp[0](self.pick(X, pred_positions))))


class NoRelu__rewrite(_Again):
    def hidden(self, X):
        return F.linear(X, self.mlp[0].weight, self.mlp[0].bias)


class Gelu(_Right):
    """The activation function is GELU.

    The blocks of the encoder have that one. Here ReLU is asked for.
    """

    def layers(self, *sizes):
        first, _, norm, last = super().layers(*sizes)
        return [first, nn.GELU(), norm, last]


class Gelu__rewrite(_Again):
    def hidden(self, X):
        return F.gelu(self.mlp[0](X))


class NormBeforeRelu(_Right):
    """The layer norm comes before the ReLU.

    The order is linear, ReLU, layer norm, linear.
    """

    def forward(self, X, pred_positions):
        return self.mlp[3](torch.relu(self.mlp[2](self.mlp[0](self.pick(X, pred_positions)))))


class NormBeforeRelu__rewrite(_Again):
    def forward(self, X, pred_positions):
        first = self.mlp[0](self.pick(X, pred_positions))
        return self.scores(F.relu(self.normed(first)))


class NoNorm(_Right):
    """The layer norm is not called.

    The order is linear, ReLU, layer norm, linear.
    """

    def forward(self, X, pred_positions):
        return self.mlp[3](self.mlp[1](self.mlp[0](self.pick(X, pred_positions))))


class NoNorm__rewrite(_Again):
    def normed(self, X):
        return X


class SoftmaxAtTheEnd(_Right):
    """A softmax is taken at the end.

    The cross entropy takes scores and makes its own softmax. After two of them hardly any gradient is left.
    """

    def forward(self, X, pred_positions):
        return super().forward(X, pred_positions).softmax(-1)


class SoftmaxAtTheEnd__rewrite(_Again):
    def scores(self, X):
        powers = super().scores(X).exp()
        return powers / powers.sum(-1, keepdim=True)


class FlatAnswer(_Right):
    """The answer has the axes of batch and positions in one.

    It has the shape (batch, M, vocab_size). The loss can flatten it.
    """

    def forward(self, X, pred_positions):
        return super().forward(X, pred_positions).flatten(0, 1)


class FlatAnswer__rewrite(_Again):
    def forward(self, X, pred_positions):
        scores = super().forward(X, pred_positions)
        return scores.reshape(scores.shape[0] * scores.shape[1], scores.shape[2])


class FeaturesDetached(_Right):
    """No gradient reaches X.

    Then the encoder learns nothing of the masked words. Index the tensor itself, not its `.data` or `.detach()`.
    """

    def pick(self, X, pred_positions):
        return super().pick(X.detach(), pred_positions)


class FeaturesDetached__rewrite(_Right):
    def forward(self, X, pred_positions):
        with torch.no_grad():
            picked = self.pick(X, pred_positions)
        return self.mlp(picked)


class IndexOnTheCpu(_Right):
    """The numbers of the sequences are made on the CPU.

    `torch.arange` makes a CPU tensor unless it is told the device: that of X.
    """

    def pick(self, X, pred_positions):
        index = torch.arange(len(X))[:, None] * X.shape[1] + pred_positions
        return X.flatten(0, 1)[index]


class IndexOnTheCpu__rewrite(_Again):
    def pick(self, X, pred_positions):
        starts = torch.tensor([b * X.size(1) for b in range(X.size(0))], dtype=torch.int64).view(-1, 1)
        return X.reshape(-1, X.shape[2])[torch.add(pred_positions, starts)]


class LoopOverTheBatch(_Right):
    """The sequences are picked from one by one.

    A loop makes a few operations for each sequence, where one indexing does it for all of them.
    """

    def pick(self, X, pred_positions):
        picked = [x[positions] for x, positions in zip(X, pred_positions, strict=True)]
        return torch.stack(picked) if picked else X.new_zeros(*pred_positions.shape, X.shape[2])


class LoopOverTheBatch__rewrite(_Again):
    def pick(self, X, pred_positions):
        picked = X.new_zeros(*pred_positions.shape, X.shape[2])
        for row in range(len(X)):
            picked[row] = X[row].index_select(0, pred_positions[row])
        return picked


class EmptyRefused(_Right):
    """An empty batch raises an error.

    In `reshape(batch, M, -1)` with a batch of 0 the last size could be anything. Name it: the features of X.
    """

    def pick(self, X, pred_positions):
        batch, count = pred_positions.shape
        return X[self.rows(X, count), pred_positions.reshape(-1)].reshape(batch, count, -1)


class EmptyRefused__rewrite(_Again):
    def pick(self, X, pred_positions):
        return super().pick(X, pred_positions).reshape(*pred_positions.shape, -1)


class AnotherName(_Right):
    """The layers are registered under other names.

    The weights of a trained model are found by their names: one `nn.Sequential` called `mlp`, with four modules.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.output = self._modules.pop("mlp")

    @property
    def mlp(self):
        return self.output


class AnotherName__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mlp = self._modules.pop("mlp")
        self.dense, self.norm, self.decoder = mlp[0], mlp[2], mlp[3]
        object.__setattr__(self, "mlp", mlp)
