"""Other correct ways to encode."""

import torch
from pieces import again as _again
from pieces import shorten as _shorten


def by_padding(tokens_a, tokens_b, vocab, max_len):
    """Tensors that are padded."""
    return _again(tokens_a, tokens_b, vocab, max_len)


def while_there_is_room(tokens_a, tokens_b, vocab, max_len):
    """Lists that grow to their length, segments from the place of the first separator."""
    if tokens_b is None:
        tokens = ["<cls>", *tokens_a[: max_len - 2], "<sep>"]
    else:
        a, b = _shorten(tokens_a, tokens_b, max_len)
        tokens = ["<cls>", *a, "<sep>", *b, "<sep>"]
    end = tokens.index("<sep>")
    segments = [int(place > end) for place in range(len(tokens))]
    valid_len = len(tokens)
    token_ids = vocab[tokens]
    while len(token_ids) < max_len:
        token_ids.append(vocab["<pad>"])
        segments.append(0)
    as_tensor = [torch.tensor(values, dtype=torch.long) for values in (token_ids, segments, valid_len)]
    return tuple(as_tensor)
