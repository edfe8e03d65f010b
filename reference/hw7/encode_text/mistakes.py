"""Ways in which encode_text goes wrong. `a` are the four arguments."""

import torch
from pieces import again as _again
from pieces import parts as _parts
from pieces import right as _right


def padded_with_0(*a):
    """The ids are filled up with 0.

    0 is the id of some token. What is filled in is the id of "<pad>", whichever that is.
    """
    first, second, vocab, max_len = a

    def finish(ids, segments, length):
        return torch.where(torch.arange(max_len) < length, ids, 0), segments, length

    return _right(first, second, vocab, max_len, finish=finish)


def padded_with_0__rewrite(*a):
    return _again(*a, change=lambda ids, s, n: (torch.cat([ids[:n], torch.zeros(len(ids) - n).long()]), s, n))


def segments_padded_with_1(*a):
    """The segments are filled up with 1.

    They are filled up with 0, however many texts there are.
    """
    return _right(*a, rest=1)


def segments_padded_with_1__rewrite(*a):
    return _again(*a, change=lambda ids, s, n: (ids, torch.cat([s[:n], torch.ones_like(s[n:])]), n))


def separator_of_the_second(*a):
    """The first separator belongs to the second text.

    "<sep>" ends a text: the first one has segment 0 like the text in front of it.
    """

    def parts(tokens_a, tokens_b, max_len):
        tokens, segments = _parts(tokens_a, tokens_b, max_len)
        if tokens_b is not None:
            segments[segments.count(0) - 1] = 1
        return tokens, segments

    return _right(*a, parts=parts)


def separator_of_the_second__rewrite(*a):
    def change(ids, s, n):
        s = s.clone()
        if s.any():
            s[int(s.argmax()) - 1] = 1
        return ids, s, n

    return _again(*a, change=change)


def one_segment(*a):
    """All segments are 0.

    The second text and its separator have segment 1.
    """
    return _right(*a, finish=lambda ids, segments, length: (ids, 0 * segments, length))


def one_segment__rewrite(*a):
    return _again(*a, change=lambda ids, s, n: (ids, torch.zeros_like(s), n))


def length_with_padding(*a):
    """The valid length counts the padding.

    Then every input has the length max_len, and no padding is masked. Count before anything is filled up.
    """
    return _right(*a, finish=lambda ids, segments, length: (ids, segments, torch.tensor(len(ids))))


def length_with_padding__rewrite(*a):
    return _again(*a, change=lambda ids, s, n: (ids, s, n * 0 + a[3]))


def length_of_the_texts(*a):
    """The valid length leaves out the special tokens.

    They are tokens like the others, and the last one would be masked. Count the whole list.
    """
    special = 2 if a[1] is None else 3
    return _right(*a, finish=lambda ids, segments, length: (ids, segments, length - special))


def length_of_the_texts__rewrite(*a):
    return _again(*a, change=lambda ids, s, n: (ids, s, n - (2 if a[1] is None else 3)))


def separator_cut_off(*a):
    """What is too long loses its end after it was put together, with the last separator.

    Shorten the texts first: the special tokens always stay.
    """

    def parts(tokens_a, tokens_b, max_len):
        tokens, segments = _parts(tokens_a, tokens_b, 10**6)
        return tokens[:max_len], segments[:max_len]

    return _right(*a, parts=parts)


def separator_cut_off__rewrite(*a):
    first, second, vocab, max_len = a
    whole = _again(first, second, vocab, len(first) + len(second or []) + 3 + max_len)
    return whole[0][:max_len], whole[1][:max_len], whole[2].clamp(max=max_len)


def one_text_not_cut(*a):
    """One text that is too long is not shortened.

    Alone it has room for max_len - 2 tokens.
    """

    def parts(tokens_a, tokens_b, max_len):
        return _parts(tokens_a, tokens_b, 10**6 if tokens_b is None else max_len)

    return _right(*a, parts=parts)


def one_text_not_cut__rewrite(*a):
    first, second, vocab, max_len = a
    if second is not None or len(first) + 2 <= max_len:
        return _again(first, second, vocab, max_len)
    return _again(first, None, vocab, len(first) + 2)


def pair_not_cut(*a):
    """Two texts that are too long are not shortened.

    That is what `truncate_pair` is for.
    """
    return _right(*a, parts=lambda x, y, n: _parts(x, y, n, shorten=lambda p, h, n: (p, h)))


def pair_not_cut__rewrite(*a):
    first, second, vocab, max_len = a
    longest = max_len if second is None else max(max_len, len(first) + len(second) + 3)
    return _again(first, second, vocab, longest)


def three_places_for_one_text(*a):
    """One text alone is shortened as if there were a second separator.

    It has two special tokens: max_len - 2 places are left.
    """
    return _right(*a, parts=lambda x, y, n: _parts(x, y, n, alone=3))


def three_places_for_one_text__rewrite(*a):
    first, second, vocab, max_len = a
    return _again(first if second is not None else first[: max_len - 3], second, vocab, max_len)


def each_cut_in_half(*a):
    """Each of two texts gets half of the room.

    Then a long text is cut although the other one is short. `truncate_pair` lets the longer one lose.
    """

    def shorten(p, h, max_len):
        room = max_len - 3
        if len(p) + len(h) <= room:
            return p, h
        return p[: room - room // 2], h[: room // 2]

    return _right(*a, parts=lambda x, y, n: _parts(x, y, n, shorten=shorten))


def each_cut_in_half__rewrite(*a):
    def shorten(p, h, max_len):
        whole = len(p) + len(h) + 3 <= max_len
        return (p, h) if whole else (p[: (max_len - 2) // 2], h[: (max_len - 3) // 2])

    return _again(*a, shorten=shorten)


def empty_second_is_none(*a):
    """An empty second text is treated as if there were none.

    `if tokens_b` is false for an empty list too. Ask whether it is None.
    """
    first, second, *others = a
    return _right(first, second or None, *others)


def empty_second_is_none__rewrite(*a):
    first, second, *others = a
    return _again(first, None if second == [] else second, *others)


def as_a_batch(*a):
    """The tensors have an axis for a batch.

    They are of shape (max_len,) and (): a data loader makes batches of them.
    """
    return _right(*a, finish=lambda *answer: tuple(x.unsqueeze(0) for x in answer))


def as_a_batch__rewrite(*a):
    return _again(*a, change=lambda *answer: tuple(torch.stack([x]) for x in answer))


def length_as_float(*a):
    """The valid length is a floating-point number.

    All three tensors are int64.
    """
    return _right(*a, finish=lambda ids, segments, length: (ids, segments, length.float()))


def length_as_float__rewrite(*a):
    return _again(*a, change=lambda ids, s, n: (ids, s, torch.tensor(float(n))))


def plain_lists(*a):
    """Lists and a number are returned.

    The encoder is called with tensors.
    """
    return _right(*a, finish=lambda *answer: tuple(x.tolist() for x in answer))


def plain_lists__rewrite(*a):
    return _again(*a, change=lambda ids, s, n: (ids.tolist(), s.tolist(), int(n)))


def callers_lists_changed(*a):
    """The caller's lists are changed.

    Special tokens that are put into the list itself are there the next time too. Make a new list.
    """
    first, second, vocab, max_len = a
    answer = _right(first, second, vocab, max_len)
    first.insert(0, "<cls>")
    first.append("<sep>")
    return answer


def callers_lists_changed__rewrite(*a):
    answer = _again(*a)
    a[0][:] = ["<cls>", *a[0], "<sep>"]
    return answer
