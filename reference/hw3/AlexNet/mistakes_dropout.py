"""Ways in which the dropout of AlexNet goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from parts import Again as _Again
from parts import Right as _Right


class NoDropout(_Right):
    """Nothing is dropped in training mode.

    Dropout follows the ReLU of fc1 and that of fc2. The function `F.dropout` has to be told `training=self.training`,
    and nn.Dropout has to be called.
    """

    def drop(self, x):
        return x


class NoDropout__rewrite(_Again):
    def last(self):
        yield from (self.fc1, self.bend, self.fc2, self.bend, self.fc3)


class DropsInEvaluation(_Right):
    """Features are dropped in evaluation mode too.

    `F.dropout` drops unless it is told `training=self.training`, which has to be read in `forward`: in the constructor
    every network is in training mode. nn.Dropout looks at its own mode, which train() and eval() set.
    """

    def drop(self, x):
        return F.dropout(x, self.p)


class DropsInEvaluation__rewrite(_Again):
    def last(self):
        for step in super().last():
            yield (lambda x: F.dropout(x, self.lose.p, training=True)) if step is self.lose else step


class DropoutBehindFc1Alone(_Right):
    """There is no dropout behind fc2.

    It follows the ReLU of both hidden layers.
    """

    def head(self, x):
        return self.fc3(self.act(self.fc2(self.drop(self.act(self.fc1(x))))))


class DropoutBehindFc1Alone__rewrite(_Again):
    def last(self):
        yield from (self.fc1, self.bend, self.lose, self.fc2, self.bend, self.fc3)


class DropoutBehindFc2Alone(_Right):
    """There is no dropout behind fc1.

    It follows the ReLU of both hidden layers.
    """

    def head(self, x):
        return self.fc3(self.drop(self.act(self.fc2(self.act(self.fc1(x))))))


class DropoutBehindFc2Alone__rewrite(_Again):
    def last(self):
        yield from (self.fc1, self.bend, self.fc2, self.bend, self.lose, self.fc3)


class DropoutBeforeTheLayers(_Right):
    """Dropout comes before fc1 and fc2 instead of behind them.

    Some versions of the network have it there. Here the hidden features are dropped, not those of the convolutions.
    """

    def head(self, x):
        return self.fc3(self.act(self.fc2(self.drop(self.act(self.fc1(self.drop(x)))))))


class DropoutBeforeTheLayers__rewrite(_Again):
    def last(self):
        yield from (self.lose, self.fc1, self.bend, self.lose, self.fc2, self.bend, self.fc3)


class DropoutThreeTimes(_Right):
    """Features of the convolutions are dropped as well.

    There are two dropouts, behind the ReLU of fc1 and behind that of fc2.
    """

    def head(self, x):
        return super().head(self.drop(x))


class DropoutThreeTimes__rewrite(_Again):
    def last(self):
        yield self.lose
        yield from super().last()


class ScoresDropped(_Right):
    """Scores are dropped.

    A score that is set to 0 is a guess that nobody made. Behind fc3 there is nothing.
    """

    def head(self, x):
        return self.drop(super().head(x))


class ScoresDropped__rewrite(_Again):
    def last(self):
        yield from super().last()
        yield self.lose


class ProbabilityOfKeeping(_Right):
    """dropout is taken for the probability of keeping a feature.

    It is that of dropping one, as in torch. The two are the same at 0.5 only.
    """

    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes, 1 - dropout)

    def drop(self, x):
        return F.dropout(x, self.p, self.training) if self.p < 1 else x


class ProbabilityOfKeeping__rewrite(_Again):
    def last(self):
        keep = self.lose.p
        for step in super().last():
            if step is not self.lose:
                yield step
            elif self.training:
                yield lambda x: x * (torch.rand_like(x) < keep) / keep


class HalfAlways(_Right):
    """The probability is always a half.

    `dropout` says what it is: hand it to nn.Dropout.
    """

    def drop(self, x):
        return F.dropout(x, 0.5, self.training)


class HalfAlways__rewrite(_Again):
    def __init__(self, in_channels=1, num_classes=10, dropout=0.5):
        super().__init__(in_channels, num_classes)


class NotDivided(_Right):
    """What stays is not divided by 1 - dropout.

    Then the features are smaller in training than in evaluation, where all of them come together.
    """

    def drop(self, x):
        return x * (torch.rand_like(x) >= self.p) if self.training else x


class NotDivided__rewrite(_Again):
    def last(self):
        for step in super().last():
            yield step
            if step is self.lose and self.training:
                yield lambda x: x * (1 - self.lose.p)


class OneMaskForAll(_Right):
    """The same features are dropped of all images.

    A mask with one entry for each feature serves the whole batch. Each feature of each image is dropped on its own.
    """

    def drop(self, x):
        if not self.training:
            return x
        kept = (torch.rand(x.shape[1], device=x.device) >= self.p).to(x.dtype)
        return x * kept / (1 - self.p)


class OneMaskForAll__rewrite(_Again):
    def last(self):
        for step in super().last():
            yield (lambda x: x * self.lose(torch.ones_like(x[:1]))) if step is self.lose else step


class WholeImages(_Right):
    """All features of an image are dropped together, or none.

    Each feature of each image is dropped on its own.
    """

    def drop(self, x):
        if not self.training:
            return x
        kept = (torch.rand(len(x), 1, device=x.device) >= self.p).to(x.dtype)
        return x * kept / (1 - self.p)


class WholeImages__rewrite(_Again):
    def last(self):
        for step in super().last():
            yield (lambda x: x * self.lose(torch.ones_like(x[:, :1]))) if step is self.lose else step


class SameEveryTime(_Right):
    """The same features are dropped in every call.

    Whoever sets a seed in `forward`, or keeps a mask, trains a smaller network instead of many. The masks come from
    torch's global generator as it is.
    """

    def forward(self, x):
        if self.training:
            torch.manual_seed(0)
        return super().forward(x)


class SameEveryTime__rewrite(_Again):
    def forward(self, x):
        with torch.random.fork_rng(enabled=self.training):
            if self.training:
                torch.manual_seed(1)
            return super().forward(x)
