"""Ways in which tokenize goes wrong. All but those about errors answer unknown types as they should."""

import functools
import re
import unicodedata


def _checked(token):
    if token not in ("word", "char"):
        raise ValueError(f"unknown type of token {token!r}")


def unknown_type_accepted(lines, token="word"):
    """An unknown type of token raises nothing.

    A message that is printed is easily missed, and the caller goes on with None or with the wrong tokens. Raise a
    ValueError, and look at the type before the lines, or it passes unseen when there are none.
    """
    if token == "word":
        return [line.split() for line in lines]
    elif token == "char":
        return [list(line) for line in lines]
    else:
        print("unknown token type: " + token)


def unknown_type_accepted__rewrite(lines, token="word"):
    return [line.split() if token == "word" else [*line] for line in lines]


def capitals_ignored(lines, token="word"):
    """Types of token in capitals raise nothing.

    Only "word" and "char" are types. If "Word" and "CHAR" are accepted here, every other place that reads the type has
    to do the same. Compare `token` as it is.
    """
    _checked(token.lower())
    return [line.split() if token.lower() == "word" else list(line) for line in lines]


def capitals_ignored__rewrite(lines, token="word"):
    split = {"word": str.split, "char": list}.get(token.casefold())
    if split is None:
        raise ValueError(f"there is no type of token called {token}")
    return [split(line) for line in lines]


def wrong_exception(lines, token="word"):
    """An unknown type of token raises a KeyError.

    A KeyError says that some dict lacks a key, which is how your function works inside. The value of an argument is
    wrong: look for the key first, and raise a ValueError where it is missing.
    """
    split = {"word": lambda line: line.split(), "char": lambda line: list(line)}[token]
    return [split(line) for line in lines]


def wrong_exception__rewrite(lines, token="word"):
    split = {"char": lambda line: list(line), "word": lambda line: line.split()}
    if token not in split:
        raise KeyError("no such type: " + token)
    tokens = []
    for line in lines:
        tokens.append(split[token](line))
    return tokens


def type_not_named(lines, token="word"):
    """The message of the ValueError does not name the unknown type.

    Whoever reads the error wants to know what was passed: put the value of `token` into the message.
    """
    if token not in ("word", "char"):
        raise ValueError("unknown token type")
    return [line.split() if token == "word" else list(line) for line in lines]


def type_not_named__rewrite(lines, token="word"):
    try:
        _checked(token)
    except ValueError:
        raise ValueError("token must be 'word' or 'char'") from None
    return list(map(list if token == "char" else str.split, lines))


def no_message(lines, token="word"):
    """The ValueError has no message.

    An exception without a message leaves its reader with a line number. Say what is wrong, and with which value.
    """
    if token == "word":
        return [line.split() for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError


def no_message__rewrite(lines, token="word"):
    try:
        _checked(token)
    except ValueError:
        raise ValueError("") from None
    return [re.findall(r"\S+" if token == "word" else r"[\s\S]", line) for line in lines]


def split_at_single_spaces(lines, token="word"):
    """Lines are split at every single space.

    `split(" ")` makes an empty token of every second space in a row and of a blank line, and knows no tabs or line
    ends. Without an argument `split` takes any run of white space as one.
    """
    _checked(token)
    return [line.split(" ") if token == "word" else list(line) for line in lines]


def split_at_single_spaces__rewrite(lines, token="word"):
    _checked(token)
    return [re.split(" ", line) if token == "word" else [c for c in line] for line in lines]


def only_spaces_split(lines, token="word"):
    """Only spaces separate words.

    Text also has tabs and line ends; left inside or at the end of a token they make it another token. Treat every
    kind of white space alike.
    """
    _checked(token)
    return [[word for word in line.split(" ") if word] if token == "word" else list(line) for line in lines]


def only_spaces_split__rewrite(lines, token="word"):
    _checked(token)
    return [re.findall("[^ ]+" if token == "word" else "(?s).", line) for line in lines]


def one_flat_list(lines, token="word"):
    """All tokens are in one flat list.

    The lines are lost: append each line's list to the answer instead of extending the answer by its tokens.
    """
    _checked(token)
    return [piece for line in lines for piece in (line.split() if token == "word" else line)]


def one_flat_list__rewrite(lines, token="word"):
    _checked(token)
    lines = iter(lines)
    tokens = list(next(lines, "")) if token == "char" else next(lines, "").split()
    for line in lines:
        tokens.extend(line.split() if token == "word" else line)
    return tokens


def blank_lines_dropped(lines, token="word"):
    """Lines without tokens are dropped.

    The answer has one list for each line, also where it is empty; else line 5 of the text is not item 5 of the answer.
    """
    _checked(token)
    split = [line.split() if token == "word" else list(line) for line in lines]
    return [tokens for tokens in split if tokens]


def blank_lines_dropped__rewrite(lines, token="word"):
    _checked(token)
    if token == "char":
        return [list(line) for line in lines if line != ""]
    return [line.split() for line in lines if line.strip()]


def characters_without_spaces(lines, token="word"):
    """Spaces are no characters here.

    A model of characters must learn where words end, so the space is a token like the others. Take the characters
    of the line itself, not of its words.
    """
    _checked(token)
    return [line.split() if token == "word" else list("".join(line.split())) for line in lines]


def characters_without_spaces__rewrite(lines, token="word"):
    _checked(token)
    return [line.split() if token == "word" else [c for c in line if not c.isspace()] for line in lines]


def characters_of_stripped_lines(lines, token="word"):
    """White space at the ends of a line is lost from its characters.

    With `token="char"` every character counts, those at the ends too. Stripping is for words.
    """
    _checked(token)
    return [line.split() if token == "word" else list(line.strip()) for line in lines]


def characters_of_stripped_lines__rewrite(lines, token="word"):
    _checked(token)
    stripped = [line.lstrip().rstrip() for line in lines]
    return [line.split() if token == "word" else [c for c in line] for line in stripped]


def characters_by_word(lines, token="word"):
    """The characters are in a list for each word.

    The answer has two levels in both cases, lines and tokens. Take the characters of the line itself.
    """
    _checked(token)
    return [line.split() if token == "word" else [list(word) for word in line.split()] for line in lines]


def characters_by_word__rewrite(lines, token="word"):
    _checked(token)
    words = [line.split() for line in lines]
    if token == "word":
        return words
    return [list(map(list, line)) for line in words]


def lower_case(lines, token="word"):
    """Capitals are turned into small letters.

    Whether "The" and "the" are one token is decided when the text is cleaned. Here letters stay as they are.
    """
    _checked(token)
    return [line.lower().split() if token == "word" else list(line.lower()) for line in lines]


def lower_case__rewrite(lines, token="word"):
    _checked(token)
    split = str.split if token == "word" else list
    return [[piece.lower() for piece in split(line)] for line in lines]


def punctuation_dropped(lines, token="word"):
    """Punctuation is dropped from words.

    A pattern of letters cuts "don't" in two and loses the full stop. Words are separated by white space only.
    """
    _checked(token)
    return [re.findall(r"\w+", line) if token == "word" else list(line) for line in lines]


def punctuation_dropped__rewrite(lines, token="word"):
    _checked(token)
    cleaned = [re.sub(r"\W", " ", line).split() for line in lines]
    return cleaned if token == "word" else [list(line) for line in lines]


def generator_returned(lines, token="word"):
    """The answer is a generator.

    A generator can be read once, and has no length. Return a list.
    """
    _checked(token)
    return (line.split() if token == "word" else list(line) for line in lines)


def generator_returned__rewrite(lines, token="word"):
    _checked(token)

    def split():
        for line in lines:
            yield line.split() if token == "word" else list(line)

    return split()


def lines_overwritten(lines, token="word"):
    """The list of lines is overwritten.

    The caller may still need the text. Build a new list instead of assigning to the items of `lines`.
    """
    _checked(token)
    for index, line in enumerate(lines):
        lines[index] = line.split() if token == "word" else list(line)
    return lines


def lines_overwritten__rewrite(lines, token="word"):
    _checked(token)
    lines[:] = [list(line) if token == "char" else line.split() for line in lines]
    return lines


def accents_dropped(lines, token="word"):
    """Accents are dropped from letters.

    Whether "é" and "e" are one token is for the corpus to decide, before it is tokenized. Split the lines as they are.
    """
    _checked(token)
    plain = ["".join(c for c in unicodedata.normalize("NFD", line) if not unicodedata.combining(c)) for line in lines]
    return [line.split() if token == "word" else list(line) for line in plain]


def accents_dropped__rewrite(lines, token="word"):
    _checked(token)
    kept = [filter(lambda c: unicodedata.category(c) != "Mn", unicodedata.normalize("NFD", line)) for line in lines]
    return [list(line) if token == "char" else "".join(line).split() for line in kept]


def equal_lines_share_a_list(lines, token="word"):
    """Equal lines get one list, or the list of an earlier call.

    Whoever then changes the tokens of a line changes those of others. What is kept for later, as by a cache, must be
    copied when it is given away.
    """
    _checked(token)
    return [_kept(line, token) for line in lines]


@functools.cache
def _kept(line, token):
    return line.split() if token == "word" else list(line)


_KNOWN: dict = {}


def equal_lines_share_a_list__rewrite(lines, token="word"):
    _checked(token)
    answer = []
    for line in lines:
        if (line, token) not in _KNOWN:
            _KNOWN[line, token] = list(line) if token == "char" else line.split()
        answer.append(_KNOWN[line, token])
    return answer


def type_by_its_beginning(lines, token="word"):
    """A type that only begins like "word" or "char" raises nothing.

    "words" and "characters" are other types. Compare the whole string.
    """
    if token.startswith("word"):
        return [line.split() for line in lines]
    if token.startswith("char"):
        return [list(line) for line in lines]
    raise ValueError(f"unknown type of token {token!r}")


def type_by_its_beginning__rewrite(lines, token="word"):
    found = re.match("word|char", token)
    if found is None:
        raise ValueError(f"{token!r} is neither 'word' nor 'char'")
    return [line.split() if found[0] == "word" else list(line) for line in lines]
