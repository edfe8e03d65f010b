"""Ways in which DynamicNet goes wrong."""

import copy
import random

import torch
from nets import Again as _Again
from nets import Right as _Right
from torch import nn


class GlobalGenerator(_Right):
    """The number of repeats comes from Python's global generator.

    Then it depends on everything else that draws from it, and the caller's seed has no effect. Draw from `rng`.
    """

    def repeats(self, rng):
        return random.randint(0, 3)


class GlobalGenerator__rewrite(_Again):
    def forward(self, x, rng):
        return super().forward(x, random)


class TorchsGenerator(_Right):
    """The number of repeats comes from torch's global generator.

    Then it depends on everything else that draws from it, and the caller's seed has no effect. Draw from `rng`.
    """

    def repeats(self, rng):
        return int(torch.randint(0, 4, (1,)))


class TorchsGenerator__rewrite(_Again):
    def forward(self, x, rng):
        times = torch.randint(4, ()).item()
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), times))


class NeverThree(_Right):
    """There are never three repeats.

    The number goes from 0 to 3. `rng.randint` includes both of its ends, unlike `range`.
    """

    def repeats(self, rng):
        return rng.randint(0, 2)


class NeverThree__rewrite(_Again):
    def forward(self, x, rng):
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), rng.randrange(3)))


class NeverNone(_Right):
    """The middle layer is used at least once.

    The number goes from 0 to 3: at times the middle layer is not used at all.
    """

    def repeats(self, rng):
        return max(1, rng.randint(0, 3))


class NeverNone__rewrite(_Again):
    def forward(self, x, rng):
        times = rng.randrange(4) or 1
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), times))


class OneToThree(_Right):
    """The number is drawn from 1 to 3.

    It goes from 0 to 3: at times the middle layer is not used at all.
    """

    def repeats(self, rng):
        return rng.randint(1, 3)


class OneToThree__rewrite(_Again):
    def forward(self, x, rng):
        times = rng.choice([1, 2, 3])
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), times))


class OneRepeatMore(_Right):
    """The middle layer is used once too often.

    It follows the input layer as often as the number says; 0 means not at all.
    """

    def repeats(self, rng):
        return rng.randint(0, 3) + 1


class OneRepeatMore__rewrite(_Again):
    def forward(self, x, rng):
        hidden = self.middle_linear(self.input_linear(x).clamp(min=0)).clamp(min=0)
        return self.output_linear(self.through(hidden, rng.randrange(4)))


class UsedAtMostOnce(_Right):
    """The middle layer counts once at most.

    A condition asks whether there are repeats; a loop makes them. And each round has to go on with what the one before
    gave, not start from the input layer again: keep it in the same variable.
    """

    def repeats(self, rng):
        return 1 if rng.randint(0, 3) else 0


class UsedAtMostOnce__rewrite(_Again):
    def forward(self, x, rng):
        hidden = self.input_linear(x).clamp(min=0)
        outs = [hidden] + [self.middle_linear(hidden).clamp(min=0) for _ in range(rng.randrange(4))]
        return self.output_linear(outs[-1])


class AlwaysThree(_Right):
    """The middle layer is always used three times.

    The number is drawn anew in each call.
    """

    def repeats(self, rng):
        return 3


class AlwaysThree__rewrite(_Again):
    def forward(self, x, rng):
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), 3))


class Reseeded(_Right):
    """`forward` seeds the generator.

    Then it gives the same number in each call, and spoils what else the caller draws from it. Only draw.
    """

    def repeats(self, rng):
        rng.seed(0)
        return rng.randint(0, 3)


class Reseeded__rewrite(_Again):
    def forward(self, x, rng):
        rng.seed(0)
        return super().forward(x, rng)


class NeverRepeated(_Right):
    """The middle layer is never used.

    It is made, and left out in forward.
    """

    def repeats(self, rng):
        return 0


class NeverRepeated__rewrite(_Again):
    def forward(self, x, rng):
        return self.output_linear(self.input_linear(x).clamp(min=0))


class LookedAhead(_Right):
    """The number is drawn from a copy of the generator.

    The caller's generator does not move on, so the next call gets the same number again. Draw from `rng` itself.
    """

    def repeats(self, rng):
        return copy.copy(rng).randint(0, 3)


class LookedAhead__rewrite(_Again):
    def forward(self, x, rng):
        state = rng.getstate()
        answer = super().forward(x, rng)
        rng.setstate(state)
        return answer


class DrawnOnce(_Right):
    """The number of the first call is kept.

    Every call draws anew: the network is another one each time.
    """

    number = None

    def repeats(self, rng):
        if self.number is None:
            self.number = rng.randint(0, 3)
        return self.number


class DrawnOnce__rewrite(_Again):
    def forward(self, x, rng):
        if not hasattr(self, "times"):
            self.times = rng.randrange(4)
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), self.times))


class SecondDraw(_Right):
    """More than one number is drawn in a call.

    The first one is thrown away, and every later call is shifted against what the seed promises.
    """

    def repeats(self, rng):
        rng.randint(0, 3)
        return rng.randint(0, 3)


class SecondDraw__rewrite(_Again):
    def forward(self, x, rng):
        times = [rng.randrange(4) for _ in range(2)][-1]
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), times))


class DrawnInEveryRound(_Right):
    """A number is drawn in every round of the loop.

    How many rounds there are is drawn once, before the loop; asking again in each round makes another distribution.
    """

    def forward(self, x, rng):
        hidden, done = self.first(x), 0
        while done < rng.randint(0, 3):
            hidden, done = self.middle(hidden), done + 1
        return self.last(hidden)


class DrawnInEveryRound__rewrite(_Again):
    def forward(self, x, rng):
        hidden = self.input_linear(x).clamp(min=0)
        for done in range(5):
            if done >= rng.randrange(4):
                break
            hidden = self.middle_linear(hidden).clamp(min=0)
        return self.output_linear(hidden)


class RepeatsAddedUp(_Right):
    """What the middle layer gives is added to what it got.

    That is a residual connection. Here its answer replaces the hidden values.
    """

    def middle(self, hidden):
        return hidden + torch.relu(self.middle_linear(hidden))


class RepeatsAddedUp__rewrite(_Again):
    def through(self, hidden, times):
        for _ in range(times):
            hidden = torch.add(self.middle_linear(hidden).clamp(min=0), hidden)
        return hidden


class NoReluInTheMiddle(_Right):
    """No relu follows the middle layer.

    Each of its uses is followed by one.
    """

    def middle(self, hidden):
        return self.middle_linear(hidden)


class NoReluInTheMiddle__rewrite(_Again):
    def through(self, hidden, times):
        for _ in range(times):
            hidden = hidden @ self.middle_linear.weight.T + self.middle_linear.bias
        return hidden


class ReluAfterTheLoop(_Right):
    """Only the last use of the middle layer is followed by a relu.

    Each of its uses is, inside the loop.
    """

    def middle(self, hidden):
        return self.middle_linear(hidden)

    def last(self, hidden):
        return self.output_linear(torch.relu(hidden))


class ReluAfterTheLoop__rewrite(_Again):
    def through(self, hidden, times):
        for _ in range(times):
            hidden = self.middle_linear(hidden)
        return hidden.clamp(min=0)


class NoReluAfterTheInput(_Right):
    """No relu follows the input layer.

    It is followed by one, whether there are repeats or not.
    """

    def first(self, x):
        return self.input_linear(x)


class NoReluAfterTheInput__rewrite(_Again):
    def forward(self, x, rng):
        return self.output_linear(self.through(self.input_linear(x), rng.randrange(4)))


class ReluAtTheEnd(_Right):
    """A relu follows the output.

    The network could never give a negative number. The output layer has no relu.
    """

    def last(self, hidden):
        return torch.relu(self.output_linear(hidden))


class ReluAtTheEnd__rewrite(_Again):
    def forward(self, x, rng):
        return super().forward(x, rng).clamp(min=0)


class OtherLayers(_Right):
    """The layers are not those that the stub names.

    A layer for every repeat shares nothing. There are three: input_linear, middle_linear and output_linear.
    """

    def __init__(self, D_in, H, D_out):
        super().__init__(D_in, H, D_out)
        self.middle_linear1, self.middle_linear2, self.middle_linear3 = (nn.Linear(H, H) for _ in range(3))
        del self.middle_linear


class OtherLayers__rewrite(_Again):
    def __init__(self, D_in, H, D_out):
        super().__init__(D_in, H, D_out)
        self.middle = nn.ModuleList([nn.Linear(H, H) for _ in range(3)])
        del self.middle_linear


class CopiedInEveryRepeat(_Right):
    """Each repeat works with a copy of the middle layer.

    A copy has weights of its own, and the layer gets no gradient. Call the one layer again.
    """

    def middle(self, hidden):
        return torch.relu(copy.deepcopy(self.middle_linear)(hidden))


class CopiedInEveryRepeat__rewrite(_Again):
    def through(self, hidden, times):
        weight, bias = self.middle_linear.weight.detach(), self.middle_linear.bias.detach()
        for _ in range(times):
            hidden = (hidden @ weight.T + bias).clamp(min=0)
        return hidden


class DetachedBetweenRepeats(_Right):
    """The hidden values are detached between repeats.

    Only the last use of the middle layer then gets a gradient, and what comes before it none. Hand them on as they are.
    """

    def middle(self, hidden):
        return torch.relu(self.middle_linear(hidden.detach()))


class DetachedBetweenRepeats__rewrite(_Again):
    def through(self, hidden, times):
        for _ in range(times):
            hidden = self.middle_linear(hidden.data).clamp(min=0)
        return hidden


class OnlyInTraining(_Right):
    """In evaluation the middle layer is left out.

    The network has no modes: it does the same in training and in evaluation.
    """

    def repeats(self, rng):
        return rng.randint(0, 3) if self.training else 0


class OnlyInTraining__rewrite(_Again):
    def forward(self, x, rng):
        if self.training:
            return super().forward(x, rng)
        return self.output_linear(self.input_linear(x).clamp(min=0))


class NeverNoneInTraining(_Right):
    """In training mode the middle layer is used at least once.

    The network has no modes: it does the same in training and in evaluation, and at times it has no middle layer.
    """

    def repeats(self, rng):
        repeats = rng.randint(0, 3)
        return max(repeats, 1) if self.training else repeats


class NeverNoneInTraining__rewrite(_Again):
    def forward(self, x, rng):
        times = rng.randrange(4) or int(self.training)
        return self.output_linear(self.through(self.input_linear(x).clamp(min=0), times))


class NoSuper(_Right):
    """`super().__init__()` is not called.

    nn.Module prepares in it what it needs to register layers. Call it first in the constructor.
    """

    def __init__(self, D_in, H, D_out):
        self.input_linear = nn.Linear(D_in, H)


class NoSuper__rewrite(_Again):
    def __init__(self, D_in, H, D_out):
        self.add_module("input_linear", nn.Linear(D_in, H))
