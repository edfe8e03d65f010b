"""Ways in which predict_seq2seq goes wrong.

The mistakes change a part of `_translate`, the rewrites one of `_again`.
"""

import torch
from pieces import again as _again
from pieces import translate as _translate


def _with_its_end(ids, num_steps, pad):
    row = (ids + [pad] * num_steps)[:num_steps]
    return row if len(ids) <= num_steps else row[:-1] + ids[-1:]


def _of_words(weights, net, ended):
    if not ended:
        weights.append(net.decoder.attention_weights)


def length_before_the_cut(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The valid length is taken before the sentence is cut.

    Of a long sentence it then counts tokens that nobody reads. It is at most `num_steps`.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        length=lambda ids, num_steps: len(ids),
    )


def length_before_the_cut__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "full length")


def all_steps_valid(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The valid length counts padding.

    It is the number of ids that are no padding.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        length=lambda ids, num_steps: num_steps,
    )


def all_steps_valid__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "all valid")


def length_without_the_end(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The valid length leaves `<eos>` out.

    It is an id that is no padding.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        length=lambda ids, num_steps: min(len(ids) - 1, num_steps),
    )


def length_without_the_end__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "without end")


def no_end_in_the_source(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """`<eos>` is not appended to the source.

    Every sentence that the encoder was trained on ended with it.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        end=lambda vocab: [],
    )


def no_end_in_the_source__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "no eos")


def end_kept_in_the_source(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """A long sentence is cut so that `<eos>` stays.

    It is cut to its first `num_steps` ids, whatever they are, as in training.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        source=_with_its_end,
    )


def end_kept_in_the_source__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "end kept")


def padded_with_0(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The source is padded with 0.

    That is the id of another token: ask the vocabulary for `<pad>`.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        source=lambda ids, num_steps, pad: (ids + [0] * num_steps)[:num_steps],
    )


def padded_with_0__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "pad 0")


def padded_in_front(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The padding stands in front of the sentence.

    It stands behind it, as in training.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        source=lambda ids, num_steps, pad: [pad] * (num_steps - len(ids)) + ids[:num_steps],
    )


def padded_in_front__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "pad first")


def capitals_left(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The sentence is not changed to lower case.

    Words with a capital would be unknown.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        split=lambda sentence: sentence.split(),
    )


def capitals_left__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "capitals")


def split_at_single_spaces(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The sentence is split at every single space.

    Two spaces in a row make an empty word, which is unknown. `split()` without an argument splits at white space.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        split=lambda sentence: sentence.lower().split(" "),
    )


def split_at_single_spaces__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "split")


def begins_with_the_end(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The first token that the decoder reads is `<eos>`.

    It is `<bos>`, as in training.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        first=lambda vocab: vocab["<eos>"],
    )


def begins_with_the_end__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "eos first")


def fixed_bos(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The id of `<bos>` is a fixed number.

    Every vocabulary gives ids of its own: ask it.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        first=lambda vocab: 2,
    )


def fixed_bos__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "bos 2")


def bos_for_ever(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The decoder reads `<bos>` at every step.

    After the first step it reads the token that it predicted last.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        read=lambda token, first: first,
    )


def bos_for_ever__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "bos for ever")


def first_state_for_ever(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The decoder is given the first state at every step.

    It goes on from the state that the call before returned.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        carried=lambda old, new: old,
    )


def first_state_for_ever__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "first state")


def never_stops(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The translation does not end at `<eos>`.

    Leave the loop there.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        stop=False,
    )


def never_stops__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "never stops")


def end_shown(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """`<eos>` is part of the translation.

    It says that the sentence is over, and is no word of it.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        keep_end=True,
    )


def end_shown__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "end shown")


def one_step_less(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The translation is one token too short where `<eos>` does not come.

    There are up to `num_steps` calls.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        rounds=lambda num_steps: num_steps - 1,
    )


def one_step_less__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "one less")


def one_step_more(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The translation may become one token too long.

    There are up to `num_steps` calls.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        rounds=lambda num_steps: num_steps + 1,
    )


def one_step_more__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "one more")


def mode_not_set(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The net is not set to evaluation mode.

    Dropout would change the translation.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        before=lambda net: None,
    )


def mode_not_set__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "mode")


def left_in_evaluation(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The net is left in evaluation mode.

    Who goes on training it would train without dropout, and not know. Put it back into the mode in which it came.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        after=lambda net, was: None,
    )


def left_in_evaluation__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "left")


def left_in_training(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The net is left in training mode, whatever its mode was.

    Put it back into the mode in which it came.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        after=lambda net, was: net.train(),
    )


def left_in_training__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "training after")


def gradients_recorded(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """Gradients are recorded.

    Nobody asks for them here: `torch.no_grad()`.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        grad=torch.enable_grad,
    )


def gradients_recorded__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "gradients")


def smallest_score(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The token with the smallest score is taken.

    It is the one with the largest.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        pick=lambda scores: scores[0, -1].argmin(),
    )


def smallest_score__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        pick=lambda scores: (-scores).flatten().max(0)[1],
    )


def sampled_second(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The token with the second largest score is taken.

    It is the one with the largest.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        pick=lambda scores: scores[0, -1].topk(2).indices[1],
    )


def sampled_second__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        pick=lambda scores: scores.flatten().argsort()[-2],
    )


def weights_always_saved(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The attention weights are collected though nobody asks.

    A decoder may have none. The list is empty unless they are asked for.
    """
    return _translate(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, True)


def weights_always_saved__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "always saved")


def weights_of_words(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The attention weights of the call that gave `<eos>` are missing.

    Note them after every call, before the loop is left.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        noted=_of_words,
    )


def weights_of_words__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(
        net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "weights of words"
    )


def tokens_not_joined(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The tokens are returned as a list.

    A str is wanted, with a space between two tokens.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        joined=list,
    )


def tokens_not_joined__rewrite(
    net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False
):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights, "list")


def on_the_cpu(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """The tensors are made on the CPU.

    Make them on the device of the net.
    """
    return _translate(
        net,
        src_sentence,
        src_vocab,
        tgt_vocab,
        num_steps,
        device,
        save_attention_weights,
        where=lambda device: "cpu",
    )


def on_the_cpu__rewrite(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    return _again(net, src_sentence, src_vocab, tgt_vocab, num_steps, torch.device("cpu"), save_attention_weights)
