"""Two correct ways, of which the mistakes change a step: `right`, and `again`, by padding tensors."""

import torch
import torch.nn.functional as F


def shorten(first, second, max_len):
    first, second = list(first), list(second)
    while first + second and len(first) + len(second) > max_len - 3:
        (first if len(first) > len(second) else second).pop()
    return first, second


def parts(tokens_a, tokens_b, max_len, shorten=shorten, alone=2):
    """The lists of tokens and segments."""
    if tokens_b is None:
        tokens = ["<cls>", *tokens_a[: max(0, max_len - alone)], "<sep>"]
        return tokens, [0] * len(tokens)
    first, second = shorten(tokens_a, tokens_b, max_len)
    tokens = ["<cls>", *first, "<sep>", *second, "<sep>"]
    return tokens, [0] * (len(first) + 2) + [1] * (len(second) + 1)


def right(tokens_a, tokens_b, vocab, max_len, parts=parts, pad="<pad>", rest=0, finish=lambda *answer: answer):
    tokens, segments = parts(tokens_a, tokens_b, max_len)
    ids = vocab[tokens] + [vocab[pad]] * (max_len - len(tokens))
    segments = segments + [rest] * (max_len - len(segments))
    return finish(torch.tensor(ids), torch.tensor(segments), torch.tensor(len(tokens)))


def again(tokens_a, tokens_b, vocab, max_len, shorten=shorten, edit=lambda tokens: tokens, change=lambda *x: x):
    texts = [list(tokens_a)[: max_len - 2]] if tokens_b is None else shorten(tokens_a, tokens_b, max_len)
    tokens, segments = ["<cls>"], [0]
    for number, text in enumerate(texts):
        tokens += [*text, "<sep>"]
        segments += [number] * (len(text) + 1)
    ids = torch.tensor([vocab[token] for token in edit(tokens)], dtype=torch.long)
    room = max_len - len(ids)
    padded = F.pad(ids, (0, room), value=vocab["<pad>"])
    return change(padded, F.pad(torch.tensor(segments[: len(ids)]), (0, room)), torch.tensor(len(ids)))
