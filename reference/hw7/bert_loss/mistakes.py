"""Ways in which bert_loss goes wrong. `a` are the five arguments, in the order of the stub."""

import torch
import torch.nn.functional as F
from pieces import again as _again
from pieces import each as _each
from pieces import mean as _mean
from pieces import right as _right
from pieces import table as _table
from pieces import words as _words


def weights_after_the_mean(*a):
    """The weights are multiplied after the mean, so padding counts.

    A loss that is a mean already is one number for all predictions: times the weights, summed and divided by their sum
    it is that number again. Ask for one loss a prediction (`reduction="none"`), weigh, and add up then.
    """
    return _right(a, words=lambda Y_hat, w, Y: (_each(Y_hat, Y).mean() * w.reshape(-1, 1)).sum() / (w.sum() + 1e-30))


def weights_after_the_mean__rewrite(*a):
    return _again(a, mean=lambda losses, w: losses.mean() * (w.sum() / w.sum().clamp(min=1e-30)))


def weights_ignored(*a):
    """The mean is taken over all predictions, padding included.

    What is padding has weight 0. Multiply by the weights, and divide by their sum.
    """
    return _right(a, words=lambda Y_hat, w, Y: _each(Y_hat, Y).mean())


def weights_ignored__rewrite(*a):
    return _again(a, mean=lambda losses, w: losses.sum() / losses.numel())


def divided_by_all(*a):
    """The sum is divided by the number of all predictions, padding included.

    Padding has no loss any more, but it is still counted below the line: the fuller the batch, the larger the loss.
    Divide by the sum of the weights.
    """
    return _right(a, words=lambda Y_hat, w, Y: (_each(Y_hat, Y) * w.flatten()).mean())


def divided_by_all__rewrite(*a):
    return _again(a, mean=lambda losses, w: (losses * w).sum() / (w.shape[0] * w.shape[1]))


def not_divided(*a):
    """The losses of the words are added up and not divided.

    Divide by the sum of the weights.
    """
    return _right(a, words=lambda Y_hat, w, Y: (_each(Y_hat, Y) * w.flatten()).sum())


def not_divided__rewrite(*a):
    return _again(a, mean=lambda losses, w: torch.einsum("bm,bm->", losses, w))


def mean_of_means(*a):
    """A mean is taken in each sequence first, and then over the sequences.

    A word in a short text then counts more than one in a long text. The mean is over all predictions of the batch.
    """

    def words(Y_hat, w, Y):
        losses = _each(Y_hat, Y).reshape(w.shape)
        return ((losses * w).sum(1) / w.sum(1).clamp(min=1e-30)).mean()

    return _right(a, words=words)


def mean_of_means__rewrite(*a):
    return _again(a, mean=lambda losses, w: ((losses * w).sum(-1) / (w.sum(-1) + 1e-30)).sum() / len(w))


def counted_not_weighed(*a):
    """The sum is divided by the number of weights that are not 0.

    Where all weights are 0 or 1 that is their sum; other weights count as what they are.
    """
    return _right(a, words=lambda Y_hat, w, Y: (_each(Y_hat, Y) * w.flatten()).sum() / (w > 0).sum().clamp(min=1))


def counted_not_weighed__rewrite(*a):
    return _again(a, mean=lambda losses, w: (losses * w).sum() / w.count_nonzero().clamp(min=1).to(w.dtype))


def weights_as_a_mask(*a):
    """Every weight that is not 0 is taken for 1.

    The mean is weighted: a prediction of weight 2 counts twice as much as one of weight 1.
    """
    return _right(a, words=lambda Y_hat, w, Y: _words(Y_hat, (w > 0).to(Y_hat.dtype), Y))


def weights_as_a_mask__rewrite(*a):
    return _again(a, mean=lambda losses, w: _mean(losses, w.sign()))


def label_0_ignored(*a):
    """Label 0 is taken for padding.

    The padded labels are 0, and so is the id of some token. What is padding is told by the weights alone.
    """

    def words(Y_hat, w, Y):
        losses = F.cross_entropy(Y_hat.flatten(0, 1), Y.flatten(), ignore_index=0, reduction="none")
        kept = w.flatten() * (Y.flatten() != 0)
        return (losses * kept).sum() / kept.sum().clamp(min=1e-30)

    return _right(a, words=words)


def label_0_ignored__rewrite(*a):
    mlm_Y_hat, nsp_Y_hat, mlm_weights, mlm_Y, nsp_y = a
    return _again((mlm_Y_hat, nsp_Y_hat, mlm_weights.masked_fill(mlm_Y == 0, 0.0), mlm_Y, nsp_y))


def not_a_number(*a):
    """Where there is nothing to predict, the loss is NaN.

    0 divided by 0 is NaN, and so is every parameter after the next step. Make the divisor harmless when it is 0.
    """
    return _right(a, words=lambda Y_hat, w, Y: (_each(Y_hat, Y) * w.flatten()).sum() / w.sum())


def not_a_number__rewrite(*a):
    return _again(a, mean=lambda losses, w: (losses * (w / w.sum())).sum())


def pairs_added_up(*a):
    """The losses of the pairs are added up and not divided.

    The larger the batch, the more this task counts beside the other one. Take the mean.
    """
    return _right(a, pairs=lambda Y_hat, y: F.cross_entropy(Y_hat, y, reduction="sum"))


def pairs_added_up__rewrite(*a):
    return _again(a, pairs=lambda losses: losses.sum())


def mean_of_both(*a):
    """The total is the mean of both losses.

    It is their sum. A mean halves every gradient.
    """
    return _right(a, add=lambda mlm_l, nsp_l: (mlm_l + nsp_l) / 2)


def mean_of_both__rewrite(*a):
    return _again(a, add=lambda mlm_l, nsp_l: torch.stack([mlm_l, nsp_l]).mean())


def words_alone(*a):
    """The total is the loss of the words alone.

    Both tasks train the model at once: add them.
    """
    return _right(a, add=lambda mlm_l, nsp_l: mlm_l)


def words_alone__rewrite(*a):
    return _again(a, add=lambda mlm_l, nsp_l: mlm_l + 0.0 * nsp_l)


def softmax_twice(*a):
    """The cross entropy is given probabilities.

    It takes scores, and makes its own softmax.
    """
    mlm_Y_hat, nsp_Y_hat, *others = a
    return _right((mlm_Y_hat.softmax(-1), nsp_Y_hat.softmax(-1), *others))


def softmax_twice__rewrite(*a):
    return _again(a, table=lambda scores, labels: _table(torch.softmax(scores, dim=-1), labels))


def axes_mixed(*a):
    """The scores are reshaped where their axes have to be exchanged.

    A reshape to (batch, vocab_size, M) deals the numbers out anew, and mixes predictions with words. Exchange the axes,
    or flatten batch and predictions into one.
    """

    def words(Y_hat, w, Y):
        losses = F.cross_entropy(Y_hat.reshape(Y_hat.shape[0], Y_hat.shape[2], Y_hat.shape[1]), Y, reduction="none")
        return (losses * w).sum() / (w.sum() + 1e-30)

    return _right(a, words=words)


def axes_mixed__rewrite(*a):
    mlm_Y_hat, *others = a
    batch, count, vocabulary = mlm_Y_hat.shape
    return _again((mlm_Y_hat.contiguous().view(batch, vocabulary, count).transpose(1, 2), *others))


def floats(*a):
    """Numbers are returned, not tensors.

    A Python number has no gradient, and reading it waits for the GPU. Return the tensors.
    """
    return tuple(loss.item() for loss in _right(a))


def floats__rewrite(*a):
    return tuple(float(loss.detach()) for loss in _again(a))


def detached(*a):
    """The losses are cut off from the graph.

    There is nothing to call backward on. Detach what is printed, after the backward pass.
    """
    return tuple(loss.detach() for loss in _right(a))


def detached__rewrite(*a):
    with torch.no_grad():
        return _again(a)


def loop_over_the_predictions(*a):
    """The predictions are gone through one by one.

    A loop makes a few operations for each, and reading a weight waits for the GPU. Weigh all of them at once.
    """

    def words(Y_hat, w, Y):
        losses = _each(Y_hat, Y).reshape(w.shape)
        total = losses.new_zeros(())
        for row in range(w.shape[0]):
            for place in range(w.shape[1]):
                total = total + losses[row, place] * w[row, place]
        return total / (w.sum() + 1e-30)

    return _right(a, words=words)


def loop_over_the_predictions__rewrite(*a):
    return _again(a, mean=lambda losses, w: sum(map(torch.mul, losses.reshape(-1), w.reshape(-1))) / (w.sum() + 1e-30))
