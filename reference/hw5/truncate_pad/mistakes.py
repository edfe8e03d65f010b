"""Ways in which truncate_pad goes wrong."""

import numpy as np


def padded_on_the_left(line, num_steps, padding_token):
    """The padding stands before the tokens.

    Valid lengths count tokens from the first step, so padding belongs behind them. Exchange the two parts.
    """
    return [padding_token] * (num_steps - len(line)) + line[:num_steps]


def padded_on_the_left__rewrite(line, num_steps, padding_token):
    result = list(line)[:num_steps]
    while len(result) < num_steps:
        result.insert(0, padding_token)
    return result


def last_tokens_kept(line, num_steps, padding_token):
    """A long line keeps its end instead of its beginning.

    Truncation cuts off the end of the line: the answer starts with the line's first token.
    """
    if len(line) > num_steps:
        return line[len(line) - num_steps :]
    return line + [padding_token] * (num_steps - len(line))


def last_tokens_kept__rewrite(line, num_steps, padding_token):
    tokens = list(line)
    while len(tokens) > num_steps:
        tokens.pop(0)
    tokens.extend(padding_token for _ in range(num_steps - len(tokens)))
    return tokens


def final_token_saved(line, num_steps, padding_token):
    """A long line keeps its final token.

    That the line ends with an end-of-sentence token is no reason to save it here: the first num_steps tokens stay,
    whatever they are.
    """
    if len(line) > num_steps > 0:
        return line[: num_steps - 1] + [line[-1]]
    return line[:num_steps] + [padding_token] * (num_steps - len(line))


def final_token_saved__rewrite(line, num_steps, padding_token):
    tokens = line[:num_steps]
    tokens += [padding_token for _ in range(len(tokens), num_steps)]
    if num_steps and len(line) > num_steps:
        tokens[-1] = line[len(line) - 1]
    return tokens


def never_truncated(line, num_steps, padding_token):
    """A long line is not cut.

    Rows of unequal length cannot be stacked into a minibatch. Repeating a list a negative number of times gives an
    empty list and no error, so the long line came back whole.
    """
    return line + [padding_token] * (num_steps - len(line))


def never_truncated__rewrite(line, num_steps, padding_token):
    tokens = list(line)
    while len(tokens) < num_steps:
        tokens.append(padding_token)
    return tokens


def never_padded(line, num_steps, padding_token):
    """A short line is not padded.

    A slice that ends behind the end of the list gives what there is. Add the padding tokens that are missing.
    """
    return line[:num_steps]


def never_padded__rewrite(line, num_steps, padding_token):
    return [token for i, token in enumerate(line) if i < num_steps]


def padded_with_zero(line, num_steps, padding_token):
    """The padding is 0, whatever padding_token is.

    The id of the padding token depends on the vocabulary. Use the argument.
    """
    return line[:num_steps] + [0] * (num_steps - len(line))


def padded_with_zero__rewrite(line, num_steps, padding_token):
    return [line[i] if i < len(line) else 0 for i in range(num_steps)]


def padded_with_the_last_token(line, num_steps, padding_token):
    """The last token is repeated instead of the padding token.

    A repeated token looks like text. Padding must be recognisable: use the argument padding_token.
    """
    tokens = line[:num_steps]
    while len(tokens) < num_steps:
        tokens.append(tokens[-1] if tokens else padding_token)
    return tokens


def padded_with_the_last_token__rewrite(line, num_steps, padding_token):
    filler = line[-1] if line else padding_token
    return line[:num_steps] + [filler] * (num_steps - len(line))


def one_padding_token_too_many(line, num_steps, padding_token):
    """A short line gets one padding token too many.

    The loop adds a token while the length is at most num_steps, and so ends one step late. Count what is missing.
    """
    tokens = line[:num_steps]
    while len(line) < num_steps and len(tokens) <= num_steps:
        tokens.append(padding_token)
    return tokens


def one_padding_token_too_many__rewrite(line, num_steps, padding_token):
    if len(line) >= num_steps:
        return line[:num_steps]
    return line + [padding_token] * (num_steps - len(line) + 1)


def padded_by_num_steps(line, num_steps, padding_token):
    """A short line gets num_steps padding tokens.

    The answer has num_steps tokens in all: pad by the difference between num_steps and the length of the line.
    """
    if len(line) >= num_steps:
        return line[:num_steps]
    return line + [padding_token] * num_steps


def padded_by_num_steps__rewrite(line, num_steps, padding_token):
    tokens = line[:num_steps]
    if len(line) < num_steps:
        for _ in range(num_steps):
            tokens.append(padding_token)
    return tokens


def exact_line_forgotten(line, num_steps, padding_token):
    """Nothing is returned for a line that already has the right length.

    The two conditions leave out equality, and a function that ends without return gives None. Let one of the two
    branches be the rest.
    """
    if len(line) > num_steps:
        return line[:num_steps]
    elif len(line) < num_steps:
        return line + [padding_token] * (num_steps - len(line))


def exact_line_forgotten__rewrite(line, num_steps, padding_token):
    missing = num_steps - len(line)
    if missing:
        return (line + [padding_token] * max(missing, 0))[:num_steps]
    return None


def padding_tokens_dropped(line, num_steps, padding_token):
    """Padding tokens that stand in the line are removed.

    The function looks at the length of the line only; which tokens it holds does not matter.
    """
    tokens = [token for token in line if token != padding_token]
    return tokens[:num_steps] + [padding_token] * (num_steps - len(tokens))


def padding_tokens_dropped__rewrite(line, num_steps, padding_token):
    tokens = list(line)
    while padding_token in tokens:
        tokens.remove(padding_token)
    tokens.extend([padding_token] * num_steps)
    return tokens[:num_steps]


def not_a_list(line, num_steps, padding_token):
    """The answer is not a list.

    A tuple or an array holds the same tokens, but the stub promises a list, to which callers can append.
    """
    return (*line[:num_steps], *[padding_token] * (num_steps - len(line)))


def not_a_list__rewrite(line, num_steps, padding_token):
    return np.array((list(line) + [padding_token] * num_steps)[:num_steps], dtype=object)


def argument_changed(line, num_steps, padding_token):
    """The padding is added to the caller's own list.

    The operator += and the methods append and extend change the list that was handed in, here also that of the
    caller. Build a new list from the parts.
    """
    line += [padding_token] * (num_steps - len(line))
    return line[:num_steps]


def argument_changed__rewrite(line, num_steps, padding_token):
    while len(line) < num_steps:
        line.append(padding_token)
    return list(line[:num_steps])


def argument_changed_and_returned(line, num_steps, padding_token):
    """The caller's own list is cut and padded, and returned.

    Caller and answer then share one list, and the original line is lost. Build a new list from the parts.
    """
    del line[num_steps:]
    line.extend([padding_token] * (num_steps - len(line)))
    return line


def argument_changed_and_returned__rewrite(line, num_steps, padding_token):
    while len(line) > num_steps:
        line.pop()
    while len(line) < num_steps:
        line += [padding_token]
    return line


def argument_returned(line, num_steps, padding_token):
    """A line that already has the right length is returned itself.

    Whoever changes the answer then changes the argument too. Return a copy in this case as well.
    """
    if len(line) == num_steps:
        return line
    return line[:num_steps] + [padding_token] * (num_steps - len(line))


def argument_returned__rewrite(line, num_steps, padding_token):
    missing = num_steps - len(line)
    if missing > 0:
        return [*line, *([padding_token] * missing)]
    return line[:num_steps] if missing < 0 else line


def one_list_for_all_calls(line, num_steps, padding_token, tokens=[]):
    """Every call gives back the same list.

    A default value is made once, when the function is defined, so the rows of a minibatch all become the last one.
    Make the list inside the function.
    """
    tokens.clear()
    tokens.extend(line[:num_steps])
    tokens.extend([padding_token] * (num_steps - len(line)))
    return tokens


_tokens: list = []


def one_list_for_all_calls__rewrite(line, num_steps, padding_token):
    _tokens[:] = [line[i] if i < len(line) else padding_token for i in range(num_steps)]
    return _tokens


def _as_number(token):
    return int(token) if isinstance(token, str) and token.isdigit() else token


def digits_become_numbers(line, num_steps, padding_token):
    """Words that are written in digits become numbers.

    A vocabulary that knows the word "7" does not know the number 7. Leave the tokens as they are: their type is no
    matter of this function.
    """
    tokens = [_as_number(token) for token in line[:num_steps]]
    return tokens + [_as_number(padding_token)] * (num_steps - len(tokens))


def digits_become_numbers__rewrite(line, num_steps, padding_token):
    tokens = []
    for token in (list(line) + [padding_token] * num_steps)[:num_steps]:
        if str(token).isdecimal():
            token = int(token)
        tokens.append(token)
    return tokens


def empty_words_dropped(line, num_steps, padding_token):
    """Tokens that count as false are dropped.

    In an `if` the id 0 and the empty word are false, though they are tokens like any other. Do not ask a token for its
    truth; count.
    """
    tokens = [token for token in line if token]
    return tokens[:num_steps] + [padding_token] * (num_steps - len(tokens))


def empty_words_dropped__rewrite(line, num_steps, padding_token):
    tokens = list(filter(None, line))[:num_steps]
    tokens.extend([padding_token] * (num_steps - len(tokens)))
    return tokens
