"""truncate_pair by how many tokens each text may keep."""


def truncate_pair(p_tokens, h_tokens, max_len):
    p, h, room = len(p_tokens), len(h_tokens), max(0, max_len - 3)
    if p + h > room:
        keep_p, keep_h = -(-room // 2), room // 2  # both are cut: the second one loses first
        if h <= keep_h:
            keep_p, keep_h = room - h, h
        elif p <= keep_p:
            keep_p, keep_h = p, room - p
        p, h = keep_p, keep_h
    return p_tokens[:p], h_tokens[:h]
