"""Ways in which NameClassifier goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class NoTanh(_Right):
    """The hidden state has no tanh, as in some notes.

    Then every hidden state is a linear map of the letters, and nothing of the order of letters but what a sum can
    say is left.
    """

    def activation(self, value):
        return value


class NoTanh__rewrite(_Again):
    wrong = "linear"


class ReluForTanh(_Right):
    """The activation of the hidden state is ReLU.

    The stub asks for tanh, which keeps the state between -1 and 1 however long the name is.
    """

    def activation(self, value):
        return value.relu()


class ReluForTanh__rewrite(_Again):
    wrong = "relu"


class SigmoidForTanh(_Right):
    """The activation of the hidden state is a sigmoid.

    The stub asks for tanh.
    """

    def activation(self, value):
        return value.sigmoid()


class SigmoidForTanh__rewrite(_Again):
    def next(self, letter, hidden):
        return 1 / (1 + torch.exp(-self.layer(self.i2h, letter, hidden)))


class HiddenFirst(_Right):
    """The hidden state is concatenated before the letter.

    The weights know the place of each number: the letter comes first.
    """

    def combine(self, letter, hidden):
        return torch.cat([hidden, letter], dim=1)


class HiddenFirst__rewrite(_Again):
    wrong = "hidden first"


class NewHiddenRead(_Right):
    """The output layer reads the hidden state after the last letter.

    It reads what was there before this letter, and the letter itself: the same concatenation as the other layer.
    """

    def forward(self, name):
        self.check(name)
        hidden = self.first(name)
        for letter in name:
            hidden = self.activation(self.i2h(self.combine(letter, hidden)))
        return self.probable(self.i2o(self.combine(name[-1], hidden)))


class NewHiddenRead__rewrite(_Again):
    wrong = "after"


class FirstLetterClassified(_Right):
    """The output after the first letter is the answer.

    Return it after the loop, when all letters have been read.
    """

    def output(self, outputs, hidden):
        return outputs[0]


class FirstLetterClassified__rewrite(_Again):
    def forward(self, name):
        return super().forward(name[:1])


class MeanOfOutputs(_Right):
    """The mean of the outputs after all letters is the answer.

    Only after the last letter the whole name has been read.
    """

    def output(self, outputs, hidden):
        return torch.stack(outputs).mean(dim=0)


class MeanOfOutputs__rewrite(_Again):
    def forward(self, name):
        if not len(name):
            raise ValueError("no letters")
        hidden, total = self.zeros(name), 0
        for letter in name:
            total = total + self.layer(self.i2o, letter, hidden)
            hidden = self.next(letter, hidden)
        return self.last(total / len(name))


class LastLetterLeftOut(_Right):
    """The last letter is not read.

    Loop over all letters.
    """

    def letters(self, name):
        return name[:-1] if len(name) > 1 else name


class LastLetterLeftOut__rewrite(_Again):
    def forward(self, name):
        return super().forward(name[: max(len(name) - 1, 1)])


class ReadBackwards(_Right):
    """The name is read from its end.

    Letters come in the order in which they stand.
    """

    def letters(self, name):
        return name.flip(0)


class ReadBackwards__rewrite(_Again):
    def forward(self, name):
        return super().forward(name[torch.arange(len(name) - 1, -1, -1, device=name.device)])


class StateForgotten(_Right):
    """The hidden state is not carried from letter to letter.

    What i2h says is the hidden state of the next round.
    """

    def forward(self, name):
        self.check(name)
        return self.probable(self.i2o(self.combine(name[-1], self.first(name))))


class StateForgotten__rewrite(_Again):
    def next(self, letter, hidden):
        return hidden


class SoftmaxWithoutLog(_Right):
    """The answer is probabilities, not their logarithms.

    NLLLoss and the stub ask for log_softmax.
    """

    def probable(self, scores):
        return scores.softmax(dim=1)


class SoftmaxWithoutLog__rewrite(_Again):
    def last(self, scores):
        return super().last(scores).exp()


class ScoresReturned(_Right):
    """The answer is scores; no softmax is taken.

    The stub asks for logarithms of probabilities: their exponentials add up to 1.
    """

    def probable(self, scores):
        return scores


class ScoresReturned__rewrite(_Again):
    def last(self, scores):
        return scores


class SoftmaxOverNames(_Right):
    """The softmax is taken over the names.

    The probabilities of all countries of a name add up to 1: that is the last axis.
    """

    def probable(self, scores):
        return scores.log_softmax(dim=0)


class SoftmaxOverNames__rewrite(_Again):
    def last(self, scores):
        return scores - torch.logsumexp(scores, 0, keepdim=True)


class LogOfSoftmax(_Right):
    """The logarithm is taken of a softmax that was rounded to 0.

    Where scores are far apart that is minus infinity. log_softmax takes both in one.
    """

    def probable(self, scores):
        return scores.softmax(dim=1).log()


class LogOfSoftmax__rewrite(_Again):
    def last(self, scores):
        return torch.log(torch.softmax(scores, -1))


class HiddenDetached(_Right):
    """The hidden state is detached after each letter.

    Then only the last letter learns. A name is short: the gradient goes through all of it.
    """

    def keep(self, hidden):
        return hidden.detach()


class HiddenDetached__rewrite(_Again):
    wrong = "detached"


class HiddenKeptBetweenCalls(_Right):
    """The hidden state of the name before is where the next name starts.

    Each name starts anew, with zeros.
    """

    def first(self, name):
        kept = getattr(self, "kept", None)
        return super().first(name) if kept is None or kept.shape[0] != name.shape[1] else kept

    def keep(self, hidden):
        self.kept = hidden.detach()
        return hidden


class HiddenKeptBetweenCalls__rewrite(_Again):
    def zeros(self, name):
        zeros = super().zeros(name)
        left = self.__dict__.setdefault("left", zeros)
        return left if left.shape == zeros.shape else zeros

    def forward(self, name):
        answer = super().forward(name)
        hidden = self.zeros(name)
        for letter in name.detach():
            hidden = self.next(letter, hidden)
        self.left = hidden.detach()
        return answer


class ZerosOnTheCpu(_Right):
    """The first hidden state is made on the CPU.

    Make it like the name, on the same device.
    """

    def first(self, name):
        return torch.zeros(name.shape[1], self.hidden_size, dtype=name.dtype)


class ZerosOnTheCpu__rewrite(_Again):
    def zeros(self, name):
        return torch.zeros(tuple(name.shape[1:2]) + (self.i2h.weight.shape[0],)).to(name.dtype)


class OneNameOnly(_Right):
    """The first hidden state is made for one name.

    Each name of the batch has a hidden state of its own.
    """

    def first(self, name):
        return name.new_zeros(1, self.hidden_size)


class OneNameOnly__rewrite(_Again):
    def zeros(self, name):
        return super().zeros(name[:, :1]) if name.shape[1] == 1 else self._refused()

    def _refused(self):
        raise RuntimeError("Sizes of tensors must match except in dimension 1")


class NameByName(_Right):
    """The names of the batch are read one after the other.

    A linear layer takes all rows of a batch at once.
    """

    def forward(self, name):
        if name.shape[1] < 2:
            return super().forward(name)
        return torch.cat([_Right.forward(self, name[:, i : i + 1]) for i in range(name.shape[1])])


class NameByName__rewrite(_Again):
    def forward(self, name):
        if name.shape[1] == 0:
            return super().forward(name)
        return torch.stack([_Again.forward(self, row.unsqueeze(1))[0] for row in name.unbind(1)])


class EmptyNameAccepted(_Right):
    """A name without letters is not refused with a ValueError.

    There is nothing to classify. Say so before something else fails.
    """

    def check(self, name):
        pass


class EmptyNameAccepted__rewrite(_Again):
    wrong = "unchecked"


class OtherNames(_Right):
    """The layers have other names.

    The stub fixes them: `i2h` and `i2o`.
    """

    def __init__(self, input_size, hidden_size, output_size):
        super().__init__(input_size, hidden_size, output_size)
        for old, new in (("i2h", "hidden_layer"), ("i2o", "output_layer")):
            layer = self._modules.pop(old)
            self._modules[new] = layer
            self.__dict__[old] = layer


class OtherNames__rewrite(_Again):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__(input_size, hidden_size, output_size)
        layers = self._modules.pop("i2h"), self._modules.pop("i2o")
        self.layers = nn.ModuleList(layers)
        self.__dict__.update(i2h=layers[0], i2o=layers[1])
