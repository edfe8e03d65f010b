"""Correct ways to write truncate_pad."""


def two_cases(line, num_steps, padding_token):
    """Returns early where the line is too long."""
    if len(line) > num_steps:
        return line[:num_steps]
    return line + [padding_token] * (num_steps - len(line))


def step_by_step(line, num_steps, padding_token):
    """Chooses every token in a loop over the steps."""
    result = []
    for i in range(num_steps):
        if i < len(line):
            result.append(line[i])
        else:
            result.append(padding_token)
    return result


def copy_then_change(line, num_steps, padding_token):
    """Works in place on a copy."""
    tokens = list(line)
    while len(tokens) < num_steps:
        tokens.append(padding_token)
    del tokens[num_steps:]
    return tokens


def pad_then_cut(line, num_steps, padding_token):
    """Pads by num_steps tokens and cuts."""
    return [*line, *([padding_token] * num_steps)][:num_steps]
