"""Ways in which beam_search goes wrong: what is kept, and how it ends.

The mistakes change a part of `_search`, the rewrites one of `_again`.
"""

import torch
from pieces import again as _again
from pieces import search as _search


def _each_its_own(groups, size):
    return [one for group in groups for one in sorted(group, key=lambda one: -one[0])[:size]]


def greedy(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The search is greedy whatever the beam is.

    Keep `beam_size` hypotheses after each step.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, width=lambda size: 1)


def greedy__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "greedy")


def one_too_many(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """One hypothesis too many is kept.

    After each step `beam_size` stay.
    """
    return _search(
        net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, width=lambda size: size + 1
    )


def one_too_many__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "wider")


def nothing_dropped(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Every hypothesis keeps its own best extensions.

    All extensions together are compared, and `beam_size` of them stay; otherwise there are more at every step.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, choose=_each_its_own)


def nothing_dropped__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "each its own")


def worst_kept(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The least probable extensions are kept.

    Sort with the largest log-probability first.
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
        choose=lambda groups, size: sorted((one for group in groups for one in group), key=lambda one: one[0])[:size],
    )


def worst_kept__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "worst")


def refilled(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Others take the place of finished hypotheses.

    Of all extensions `beam_size` stay, and those that end are among them. Nothing takes their place.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, refill=True)


def refilled__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "refilled")


def finished_extended(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Finished hypotheses are extended.

    A sentence is over with `<eos>`. Put it aside.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, extend_finished=True)


def finished_extended__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "extended")


def finished_lost(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Finished hypotheses are forgotten when the search goes on.

    The best of them may be the answer.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, forget=True)


def finished_lost__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "lost")


def unfinished_lost(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Hypotheses that are unfinished after the last step are forgotten.

    They are candidates for the answer as well.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, drop_unfinished=True)


def unfinished_lost__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "unfinished lost")


def first_finished_wins(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The search ends with the first finished hypothesis.

    Others that are still on their way may have a larger score.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, stop_early=True)


def first_finished_wins__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "first")


def shared_state(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """All hypotheses go on from the same state.

    Every one has read other tokens: each belongs to the state that its own tokens led to.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, shared=True)


def shared_state__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "shared")


def end_shown(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """`<eos>` is part of the translation.

    It says that the sentence is over, and is no word of it.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, show_end=True)


def end_shown__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "shown")


def mode_not_set(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The net is not set to evaluation mode.

    Dropout would change the translation.
    """
    return _search(
        net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, before=lambda net: None
    )


def mode_not_set__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "mode")


def left_in_evaluation(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The net is left in evaluation mode.

    Put it back into the mode in which it came.
    """
    return _search(
        net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, after=lambda net, was: None
    )


def left_in_evaluation__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "left")


def gradients_recorded(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Gradients are recorded.

    Nobody asks for them here: `torch.no_grad()`.
    """
    return _search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, grad=torch.enable_grad)


def gradients_recorded__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "gradients")


def one_step_less(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """There is one step too few.

    There are up to `num_steps` steps.
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
        steps=lambda number: max(1, number - 1),
    )


def one_step_less__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "one less")


def on_the_cpu(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The tensors are made on the CPU.

    Make them on the device of the net.
    """
    return _search(
        net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, where=lambda device: "cpu"
    )


def on_the_cpu__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, torch.device("cpu"), beam_size, alpha)


def length_before_the_cut(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """The valid length is taken before the sentence is cut.

    It is at most `num_steps`.
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
        length=lambda ids, num_steps: len(ids),
    )


def length_before_the_cut__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size, alpha, "full length")
