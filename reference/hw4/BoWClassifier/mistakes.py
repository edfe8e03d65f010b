"""Ways in which BoWClassifier goes wrong."""

import torch
from torch import nn
from torch.nn import functional as F


class _Right(nn.Module):
    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.linear = nn.Linear(vocab_size, num_labels)

    def forward(self, bow_vec):
        return self.answer(self.linear(bow_vec))

    def answer(self, logits):
        return torch.log_softmax(logits, dim=1)


class Logits(_Right):
    """The bare sums are returned.

    The answer is the logarithm of their softmax.
    """

    def answer(self, logits):
        return logits


class Logits__rewrite(nn.Module):
    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.linear = nn.Linear(vocab_size, num_labels)

    def forward(self, bow_vec):
        return F.linear(bow_vec, self.linear.weight, self.linear.bias)


class Probabilities(_Right):
    """Probabilities are returned, not their logarithms.

    nn.NLLLoss takes what it is given for log-probabilities and says nothing; the model learns badly.
    """

    def answer(self, logits):
        return torch.softmax(logits, dim=1)


class Probabilities__rewrite(_Right):
    def answer(self, logits):
        return super().answer(logits).exp()


class NegativeLogProbabilities(_Right):
    """The sign is turned round.

    The logarithm of a probability is negative. The minus is in the loss.
    """

    def answer(self, logits):
        return -torch.log_softmax(logits, dim=1)


class NegativeLogProbabilities__rewrite(_Right):
    def answer(self, logits):
        return logits.logsumexp(1, keepdim=True) - logits


class SigmoidForSoftmax(_Right):
    """Every label has a sigmoid of its own.

    The labels exclude each other: their probabilities add up to 1, as those of a softmax do.
    """

    def answer(self, logits):
        return F.logsigmoid(logits)


class SigmoidForSoftmax__rewrite(_Right):
    def answer(self, logits):
        return -F.softplus(-logits)


class OverTheBatch(_Right):
    """The softmax is taken over the batch.

    Axis 0 is that of the texts. The labels of one text compete, along axis 1.
    """

    def answer(self, logits):
        return torch.log_softmax(logits, dim=0)


class OverTheBatch__rewrite(_Right):
    def answer(self, logits):
        return logits - torch.logsumexp(logits, dim=0)


class OverEverything(_Right):
    """The softmax is taken over all texts together.

    Each text is classified by itself: in every row the probabilities add up to 1.
    """

    def answer(self, logits):
        return torch.log_softmax(logits.flatten(), dim=0).reshape(logits.shape)


class OverEverything__rewrite(_Right):
    def answer(self, logits):
        return logits - torch.logsumexp(logits, dim=(0, 1))


class LogOfSoftmax(_Right):
    """Softmax and logarithm are taken one after the other.

    A probability that is too small for a float is 0, and its logarithm minus infinity. `log_softmax` does both at once
    and stays exact.
    """

    def answer(self, logits):
        return torch.log(torch.softmax(logits, dim=1))


class LogOfSoftmax__rewrite(_Right):
    def answer(self, logits):
        return nn.Softmax(dim=-1)(logits).log()


class ExponentialsOverflow(_Right):
    """The exponentials are added up as they are.

    Those of large numbers are infinite. `log_softmax` takes the largest one off first.
    """

    def answer(self, logits):
        return logits - torch.log(torch.exp(logits).sum(dim=1, keepdim=True))


class ExponentialsOverflow__rewrite(_Right):
    def answer(self, logits):
        return logits - torch.einsum("bl->b", logits.exp()).log()[:, None]


class SmallNumberAdded(_Right):
    """A small number is added inside the logarithm.

    It keeps minus infinity away, and the answer is wrong all the same: it is never below the logarithm of that number.
    """

    def answer(self, logits):
        return torch.log(torch.softmax(logits, dim=1) + 1e-12)


class SmallNumberAdded__rewrite(_Right):
    def answer(self, logits):
        return (F.softmax(logits, 1) + 1e-12).log()


class NoBias(_Right):
    """The layer has no bias.

    A label that is frequent whatever the words are is learnt by its bias.
    """

    def __init__(self, num_labels, vocab_size):
        super().__init__(num_labels, vocab_size)
        self.linear = nn.Linear(vocab_size, num_labels, bias=False)


class NoBias__rewrite(nn.Module):
    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.linear = nn.Module()
        self.linear.weight = nn.Parameter(torch.randn(num_labels, vocab_size))

    def forward(self, bow_vec):
        return (bow_vec @ self.linear.weight.mT).log_softmax(-1)


class SizesExchanged(_Right):
    """Labels and words are exchanged in the layer.

    nn.Linear takes the number of inputs first: words come in, labels go out.
    """

    def __init__(self, num_labels, vocab_size):
        super().__init__(num_labels, vocab_size)
        self.linear = nn.Linear(num_labels, vocab_size)


class SizesExchanged__rewrite(nn.Module):
    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.linear = nn.Linear(in_features=num_labels, out_features=vocab_size)

    def forward(self, bow_vec):
        return F.log_softmax(self.linear(bow_vec), dim=1)


class AnotherName(_Right):
    """The layer has another name.

    The stub calls it `linear`, so that saved weights find their place.
    """

    def __init__(self, num_labels, vocab_size):
        super().__init__(num_labels, vocab_size)
        self.fc = self.linear
        del self.linear

    def forward(self, bow_vec):
        return self.answer(self.fc(bow_vec))


class AnotherName__rewrite(nn.Module):
    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.layer = nn.Linear(vocab_size, num_labels)

    def forward(self, bow_vec):
        return F.log_softmax(self.layer(bow_vec), dim=1)


class NotRegistered(_Right):
    """The layer is not registered.

    A layer in a list is no part of the module, nor is one that is made in forward: its parameters are not trained,
    moved or saved. Assign it to an attribute in the constructor.
    """

    def __init__(self, num_labels, vocab_size):
        super().__init__(num_labels, vocab_size)
        self.layers = [self.linear]
        del self.linear

    def forward(self, bow_vec):
        return self.answer(self.layers[0](bow_vec))


class NotRegistered__rewrite(nn.Module):
    def __init__(self, num_labels, vocab_size):
        super().__init__()
        self.weight = torch.randn(num_labels, vocab_size, requires_grad=True)
        self.bias = torch.zeros(num_labels, requires_grad=True)

    def forward(self, bow_vec):
        return F.log_softmax(F.linear(bow_vec, self.weight, self.bias), dim=1)


class Detached(_Right):
    """The answer is cut off from the graph.

    The forward pass is recorded for training; `no_grad` is for whoever only wants to predict.
    """

    @torch.no_grad()
    def forward(self, bow_vec):
        return super().forward(bow_vec)


class Detached__rewrite(_Right):
    def answer(self, logits):
        return super().answer(logits.data)


class WeightThroughData(_Right):
    """The parameters are read through `.data`.

    No gradient reaches them that way. Call the layer.
    """

    def forward(self, bow_vec):
        return self.answer(bow_vec @ self.linear.weight.data.T + self.linear.bias.data)


class WeightThroughData__rewrite(_Right):
    def forward(self, bow_vec):
        return self.answer(F.linear(bow_vec, self.linear.weight.detach(), self.linear.bias.detach()))


class CountsCopied(_Right):
    """The counts are put into a new tensor.

    `torch.tensor(x)` cuts a tensor off from its graph. It is one already.
    """

    def forward(self, bow_vec):
        return super().forward(torch.tensor(bow_vec))


class CountsCopied__rewrite(_Right):
    def forward(self, bow_vec):
        return super().forward(bow_vec.detach().clone())


class CountsToShares(_Right):
    """The counts are divided by the length of the text.

    They are taken as they are; a text without words would give 0 / 0.
    """

    def forward(self, bow_vec):
        return super().forward(bow_vec / bow_vec.sum(dim=1, keepdim=True))


class CountsToShares__rewrite(_Right):
    def forward(self, bow_vec):
        return super().forward(torch.div(bow_vec, torch.einsum("bv->b", bow_vec).unsqueeze(1)))


class OneRowOnly(_Right):
    """Only the first text is classified.

    The batch may have many rows, or none; the answer has as many.
    """

    def forward(self, bow_vec):
        return super().forward(bow_vec)[0].reshape(1, -1)


class OneRowOnly__rewrite(_Right):
    def forward(self, bow_vec):
        return super().forward(bow_vec[0][None])


class BatchAxisLost(_Right):
    """A batch of one loses its axis.

    `squeeze` takes away every axis of size 1, whatever it stands for.
    """

    def answer(self, logits):
        return super().answer(logits).squeeze()


class BatchAxisLost__rewrite(_Right):
    def answer(self, logits):
        found = torch.log_softmax(logits, dim=1)
        return found[0] if len(found) == 1 else found


class TextAfterText(_Right):
    """The texts are classified one after another.

    A linear layer takes the whole batch at once.
    """

    def forward(self, bow_vec):
        if len(bow_vec) == 0:
            return super().forward(bow_vec)
        return torch.stack([self.answer(self.linear(row)[None])[0] for row in bow_vec])


class TextAfterText__rewrite(_Right):
    def forward(self, bow_vec):
        rows = [super(TextAfterText__rewrite, self).forward(part) for part in bow_vec.split(1)]
        return torch.cat(rows)


class OnTheCpu(_Right):
    """A tensor is made on the CPU.

    It cannot be combined with parameters on an accelerator. Make it where they are.
    """

    def answer(self, logits):
        return super().answer(logits + torch.zeros(logits.shape))


class OnTheCpu__rewrite(_Right):
    def answer(self, logits):
        zeros = torch.empty(logits.shape[1], device="cpu").zero_()
        return torch.stack([super().answer(logits), logits * zeros])[0]
