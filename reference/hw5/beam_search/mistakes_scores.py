"""Ways in which beam_search goes wrong: what is added up and compared.

The mistakes change a part of `_search`, the rewrites one of `_again`.
"""

import torch
from pieces import again as _again
from pieces import search as _search


def scores_for_log_probabilities(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The scores are added up as they are.

    They are no log-probabilities: take their log_softmax first.
    """
    return _search(
        net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, logs=lambda scores: scores
    )


def scores_for_log_probabilities__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "raw")


def probabilities_added(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Probabilities are added up.

    It is their logarithms that add up.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        logs=lambda scores: scores.softmax(0),
    )


def probabilities_added__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "added")


def logarithm_to_base_2(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The logarithm is that to base 2.

    The natural one is wanted, that of log_softmax.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        logs=lambda scores: scores.log_softmax(0) / 0.6931471805599453,
    )


def logarithm_to_base_2__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "base 2")


def length_not_made_up_for(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Length is not made up for.

    The score is the log-probability divided by L ** alpha.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        score=lambda log_prob, length, alpha: log_prob,
    )


def length_not_made_up_for__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "no penalty")


def alpha_ignored(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The log-probability is divided by the length itself, whatever alpha is.

    Divide by L ** alpha.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        score=lambda log_prob, length, alpha: log_prob / length,
    )


def alpha_ignored__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "plain length")


def alpha_multiplied(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The length is multiplied by alpha instead of raised to it.

    Divide by L ** alpha; with alpha 0 that is 1.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        score=lambda log_prob, length, alpha: log_prob / (length * alpha or 1),
    )


def alpha_multiplied__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "times alpha")


def multiplied_by_the_length(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The log-probability is multiplied by L ** alpha.

    It is negative, and would become worse with the length: divide.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        score=lambda log_prob, length, alpha: log_prob * length**alpha,
    )


def multiplied_by_the_length__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "multiplied")


def end_not_counted(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The length leaves `<eos>` out.

    Its log-probability is in the sum, so it counts in the length, too.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        count=lambda tokens, eos: max(1, len([token for token in tokens if token != eos])),
    )


def end_not_counted__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "end not counted")


def bos_counted(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The length counts `<bos>`.

    It was not predicted.
    """
    return _search(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        beam_size,
        alpha,
        count=lambda tokens, eos: len(tokens) + 1,
    )


def bos_counted__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "bos counted")


def chosen_by_probability(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The answer is the one with the largest log-probability.

    It is the one with the largest score, length made up for.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, by=lambda one: one[0])


def chosen_by_probability__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "by probability")


def tensor_returned(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The score is a tensor.

    A Python float is wanted.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, returned=torch.tensor)


def tensor_returned__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "tensor")
