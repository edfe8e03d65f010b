"""get_tokens_and_segments by counting the separators passed so far."""


def get_tokens_and_segments(tokens_a, tokens_b=None):
    sentences = [tokens_a] if tokens_b is None else [tokens_a, tokens_b]
    marked = [("<cls>", 0)]
    for segment, sentence in enumerate(sentences):
        marked.extend((token, segment) for token in sentence)
        marked.append(("<sep>", segment))
    return [token for token, _ in marked], [segment for _, segment in marked]
