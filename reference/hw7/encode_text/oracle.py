"""encode_text by writing into full tensors."""

import torch


def encode_text(tokens_a, tokens_b, vocab, max_len):
    ids = torch.full((max_len,), vocab["<pad>"], dtype=torch.int64)
    segments = torch.zeros(max_len, dtype=torch.int64)
    if tokens_b is None:
        tokens = [*["<cls>", *tokens_a][: max_len - 1], "<sep>"]
    else:
        first, second, room = len(tokens_a), len(tokens_b), max(0, max_len - 3)
        while first + second > room:
            first, second = (first - 1, second) if first > second else (first, second - 1)
        tokens = ["<cls>", *tokens_a[:first], "<sep>", *tokens_b[:second], "<sep>"]
        segments[first + 2 : len(tokens)] = 1
    for place, token in enumerate(tokens):
        ids[place] = vocab[token]
    return ids, segments, torch.tensor(len(tokens))
