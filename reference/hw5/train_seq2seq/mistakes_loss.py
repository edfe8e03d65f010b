"""Ways in which what train_seq2seq feeds, measures and returns goes wrong.

The mistakes change a part of `_train`, the rewrites one of `_again`.
"""

import torch
from pieces import again as _again
from pieces import the_input as _input
from pieces import the_losses as _losses
from pieces import the_mask as _mask
from pieces import train as _train


def not_shifted(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The decoder reads the tokens that it has to predict.

    It learns to copy its input. Shift the target by one step: `<bos>` first, and the last column away.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=lambda Y, bos: Y)


def not_shifted__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "not shifted")


def no_bos(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The first token that the decoder reads is not `<bos>`.

    The right answer stands in its place. A translation begins with `<bos>`, so it must be there in training, too.
    """

    def decoder_input(Y, bos):
        return torch.cat((Y[:, :1], Y[:, :-1]), dim=1)

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=decoder_input)


def no_bos__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "no bos")


def rolled(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The last token of the target stands before the first.

    `roll` brings back in front what falls off at the end. `<bos>` belongs there.
    """
    return _train(
        net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=lambda Y, bos: torch.roll(Y, 1, dims=1)
    )


def rolled__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def decoder_input(Y, bos):
        return torch.hstack((Y[:, -1:], Y[:, :-1]))

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=decoder_input)


def fixed_bos(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The id of `<bos>` is a fixed number.

    Every vocabulary gives ids of its own: ask it.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, bos=lambda vocab: 2)


def fixed_bos__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "bos 2")


def eos_for_bos(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The decoder's input begins with `<eos>`.

    It begins with `<bos>`.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, bos=lambda vocab: vocab["<eos>"])


def eos_for_bos__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, {"<bos>": tgt_vocab["<eos>"]}, device)


def shifted_the_other_way(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The target is shifted the other way.

    The decoder would read the token after the one that it has to predict. `<bos>` stands in the first column.
    """

    def decoder_input(Y, bos):
        return torch.cat((Y[:, 1:], torch.full_like(Y[:, :1], bos)), dim=1)

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=decoder_input)


def shifted_the_other_way__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def decoder_input(Y, bos):
        read = Y.roll(-1, 1)
        read[:, -1] = bos
        return read

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=decoder_input)


def target_overwritten(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The target is shifted in place, so the decoder learns to copy its input.

    Y is still needed for the loss: shift a copy.
    """

    def decoder_input(Y, bos):
        Y[:, 1:] = Y[:, :-1].clone()
        Y[:, 0] = bos
        return Y

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=decoder_input)


def target_overwritten__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def decoder_input(Y, bos):
        return Y.copy_(_input(Y, bos))

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, decoder_input=decoder_input)


def padding_learned(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The loss counts padding.

    The net then learns to predict padding, most of the time. Leave it out of the loss: valid lengths say where it is.
    """

    def loss(scores, Y, lengths):
        return _losses(scores, Y).mean()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def padding_learned__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def loss(scores, Y, lengths):
        logs = scores.log_softmax(2).gather(2, Y[..., None])
        return -logs.sum() / Y.numel()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def averaged_over_padding(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The losses of padding are zero, but padding counts in the mean.

    A token then counts for less the more padding stands in its batch. Divide by the number of valid tokens.
    """

    def loss(scores, Y, lengths):
        return (_losses(scores, Y) * _mask(Y, lengths)).mean()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def averaged_over_padding__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "all positions")


def mean_of_sentences(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The loss is the mean over sentences of their mean losses.

    A token then counts for less in a long sentence than in a short one. Take the mean over all valid tokens.
    """

    def loss(scores, Y, lengths):
        return ((_losses(scores, Y) * _mask(Y, lengths)).sum(1) / lengths).mean()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def mean_of_sentences__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "by sentence")


def summed(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The loss is the sum over the tokens.

    Then nearly every gradient is clipped, and the size of a batch decides how much. It is the mean.
    """

    def loss(scores, Y, lengths):
        return _losses(scores, Y)[_mask(Y, lengths)].sum()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def summed__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "sum")


def softmax_twice(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """A softmax is taken of the scores before the cross entropy.

    The cross entropy takes it itself.
    """

    def loss(scores, Y, lengths):
        return _losses(scores.softmax(2), Y)[_mask(Y, lengths)].mean()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def softmax_twice__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "softmax")


def one_step_too_many(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """One step of padding counts.

    Steps are counted from 0: those below the valid length are valid.
    """

    def loss(scores, Y, lengths):
        return _losses(scores, Y)[torch.arange(Y.shape[1], device=Y.device) <= lengths[:, None]].mean()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def one_step_too_many__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def loss(scores, Y, lengths):
        rows = [row[: length + 1] for row, length in zip(_losses(scores, Y), lengths.tolist(), strict=True)]
        return torch.cat(rows).mean()

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, loss=loss)


def mean_of_means(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The mean of the batches' losses is returned.

    A small batch then counts as much as a large one. Weigh each loss with its number of valid tokens.
    """
    return _train(
        net, data_iter, lr, num_epochs, tgt_vocab, device, mean=lambda losses, counts: sum(losses) / len(losses)
    )


def mean_of_means__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, num_epochs, tgt_vocab, device, "mean of means")


def loss_of_the_last_batch(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The loss of the last batch of each epoch is returned.

    It is the mean over all valid tokens of the epoch.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, mean=lambda losses, counts: losses[-1])


def loss_of_the_last_batch__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def mean(losses, counts):
        *_, last = losses
        return last

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, mean=mean)


def weighed_by_size(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The losses of batches are weighed with the sizes of the batches.

    Neither sentences nor steps with their padding count, but valid tokens: weigh with their number.
    """
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, weigh=lambda Y, lengths: len(Y))


def weighed_by_size__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, weigh=lambda Y, lengths: Y.numel())


def sums_returned(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The sum of the losses of each epoch is returned.

    Divide by the number of valid tokens.
    """
    return _train(
        net, data_iter, lr, num_epochs, tgt_vocab, device,
        mean=lambda losses, counts: sum(one * count for one, count in zip(losses, counts)),
    )  # fmt: skip


def sums_returned__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    def mean(losses, counts):
        total = 0.0
        for one, count in zip(losses, counts):
            total += one * count
        return total

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, mean=mean)


def tensors_returned(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """Tensors are returned.

    The stub asks for Python floats: `.item()`.
    """
    return [torch.tensor(loss) for loss in _train(net, data_iter, lr, num_epochs, tgt_vocab, device)]


def tensors_returned__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return [torch.as_tensor(loss) for loss in _again(net, data_iter, lr, num_epochs, tgt_vocab, device)]


def graphs_kept(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """The graphs of all batches of an epoch are kept until its end.

    What is added up holds the graph of its batch, and with it all that was computed on the way. Add numbers: `.item()`.
    """

    def mean(losses, counts):
        return float(sum(one.detach() * count for one, count in zip(losses, counts)) / sum(counts))

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, noted=lambda loss: loss, mean=mean)


def graphs_kept__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    held = []

    def noted(loss):
        held.append(loss)
        return float(loss.detach())

    return _train(net, data_iter, lr, num_epochs, tgt_vocab, device, noted=noted)


def one_epoch_more(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """There is one epoch too many.

    `range(num_epochs)` counts them.
    """
    return _train(net, data_iter, lr, num_epochs + 1, tgt_vocab, device)


def one_epoch_more__rewrite(net, data_iter, lr, num_epochs, tgt_vocab, device):
    return _again(net, data_iter, lr, 1 + num_epochs, tgt_vocab, device)
