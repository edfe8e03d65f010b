"""Ways in which tokenize_nmt goes wrong."""


def _sides(line):
    """The tokens of each side, and whether they are a pair."""
    sides = [side.split() for side in line.split("\t")]
    return sides, len(sides) == 2 and all(sides)


def _read(text, enough, sides=_sides):
    source, target = [], []
    for number, line in enumerate(text.split("\n")):
        if enough(number, len(source)):
            break
        found, pair = sides(line)
        if pair:
            source.append(found[0])
            target.append(found[1])
    return source, target


def _asked(num_examples):
    return lambda line, kept: num_examples is not None and kept >= num_examples


def one_too_many(text, num_examples=None):
    """One pair too many is read.

    With > the loop goes on when it has num_examples pairs already. Stop at >=, or ask before a pair is kept.
    """
    return _read(text, lambda line, kept: num_examples is not None and kept > num_examples)


def one_too_many__rewrite(text, num_examples=None):
    source, target = _read(text, lambda line, kept: False)
    last = len(source) if num_examples is None else num_examples + 1
    return source[:last], target[:last]


def lines_numbered_from_zero(text, num_examples=None):
    """Reading stops after num_examples + 1 lines.

    Lines are numbered from 0, so line number num_examples is one too many; 0 counts as no bound; and lines that hold no
    pair are counted. Compare the number of pairs that you have kept with num_examples, and stop at >=.
    """
    return _read(text, lambda line, kept: num_examples and line > num_examples)


def lines_numbered_from_zero__rewrite(text, num_examples=None):
    lines = text.split("\n")
    if num_examples:
        lines = lines[: num_examples + 1]
    pairs = [found for found, pair in map(_sides, lines) if pair]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def lines_counted(text, num_examples=None):
    """Lines are counted instead of pairs.

    A line that holds no pair uses up one of the num_examples. Count what you keep.
    """
    return _read(text, lambda line, kept: num_examples is not None and line >= num_examples)


def lines_counted__rewrite(text, num_examples=None):
    pairs = [found for found, pair in map(_sides, text.split("\n")[:num_examples]) if pair]
    return [source for source, _ in pairs], [target for _, target in pairs]


def zero_means_all(text, num_examples=None):
    """num_examples 0 reads everything.

    In an if 0 is as false as None. Ask whether num_examples is None.
    """
    return _read(text, lambda line, kept: num_examples and kept >= num_examples)


def zero_means_all__rewrite(text, num_examples=None):
    source, target = _read(text, lambda line, kept: False)
    number = num_examples or len(source)
    return source[:number], target[:number]


def one_before_the_bound_is_asked(text, num_examples=None):
    """num_examples 0 reads one pair.

    The bound is looked at only after a pair has been kept. Ask before.
    """
    source, target = [], []
    for line in text.split("\n"):
        found, pair = _sides(line)
        if pair:
            source.append(found[0])
            target.append(found[1])
            if num_examples is not None and len(source) >= num_examples:
                break
    return source, target


def one_before_the_bound_is_asked__rewrite(text, num_examples=None):
    source, target = _read(text, lambda line, kept: False)
    last = None if num_examples is None else max(1, num_examples)
    return source[:last], target[:last]


def number_ignored(text, num_examples=None):
    """num_examples is not used.

    Stop when that many pairs have been kept.
    """
    return _read(text, lambda line, kept: False)


def number_ignored__rewrite(text, num_examples=None):
    pairs = [found for found, pair in map(_sides, text.splitlines()) if pair]
    return [source for source, target in pairs], [target for source, target in pairs]


def more_tabs_accepted(text, num_examples=None):
    """Lines with two tabs count as pairs.

    What stands behind the second tab is no translation: such a line holds no pair.
    """

    def sides(line):
        found = [side.split() for side in line.split("\t")]
        return found, len(found) >= 2 and all(found[:2])

    return _read(text, _asked(num_examples), sides)


def more_tabs_accepted__rewrite(text, num_examples=None):
    source, target = [], []
    for line in text.split("\n"):
        if num_examples is not None and len(source) == num_examples:
            break
        if "\t" in line:
            left, right = line.split("\t")[:2]
            if left.strip() and right.strip():
                source.append(left.split())
                target.append(right.split())
    return source, target


def rest_of_the_line_is_target(text, num_examples=None):
    """Everything behind the first tab is the target, tabs included.

    A line with two tabs holds no pair. Count the tabs, or the parts that the line is split into.
    """

    def sides(line):
        left, _, right = line.partition("\t")
        found = left.split(), right.split()
        return found, all(found)

    return _read(text, _asked(num_examples), sides)


def rest_of_the_line_is_target__rewrite(text, num_examples=None):
    def sides(line):
        parts = [part.split() for part in line.split("\t", 1)]
        return parts, len(parts) == 2 and bool(parts[0]) and bool(parts[1])

    return _read(text, _asked(num_examples), sides)


def empty_sides_kept(text, num_examples=None):
    """A line with nothing on one side of its tab counts as a pair.

    A sentence without tokens teaches nothing, and its row is padding only. Both sides must have a token.
    """

    def sides(line):
        found = [side.split() for side in line.split("\t")]
        return found, len(found) == 2

    return _read(text, _asked(num_examples), sides)


def empty_sides_kept__rewrite(text, num_examples=None):
    source, target = [], []
    for line in text.split("\n"):
        if num_examples is not None and len(source) >= num_examples:
            break
        parts = line.split("\t")
        if len(parts) == 2:
            source += [parts[0].split()]
            target += [parts[1].split()]
    return source, target


def empty_tokens(text, num_examples=None):
    """Several spaces in a row make empty tokens.

    split(" ") gives "" between two spaces, and even for an empty side. Leave empty tokens out, or split without an
    argument.
    """

    def sides(line):
        parts = [side.split(" ") for side in line.split("\t")]
        return parts, len(parts) == 2

    return _read(text, _asked(num_examples), sides)


def empty_tokens__rewrite(text, num_examples=None):
    source, target = [], []
    for line in text.split("\n"):
        if num_examples is not None and len(source) >= num_examples:
            break
        if line.count("\t") == 1:
            left, right = line.split("\t")
            source.append(left.split(" "))
            target.append(right.split(" "))
    return source, target


def empty_tokens_within(text, num_examples=None):
    """Several spaces in a row make empty tokens, but empty sides are seen.

    split(" ") gives "" between two spaces and at the ends. Leave empty tokens out, or split without an argument.
    """

    def sides(line):
        parts = [side.split(" ") for side in line.split("\t")]
        return parts, len(parts) == 2 and all(any(part) for part in parts)

    return _read(text, _asked(num_examples), sides)


def empty_tokens_within__rewrite(text, num_examples=None):
    source, target = _read(text, _asked(num_examples))
    kept = [line.split("\t") for line in text.split("\n") if _sides(line)[1]][: len(source)]
    return [left.split(" ") for left, _ in kept], [right.split(" ") for _, right in kept]


def target_of_another_line(text, num_examples=None):
    """Source and target are collected apart, so that a line without a pair shifts one against the other.

    From there on every sentence is paired with the translation of another one. Keep or leave out both sides at once.
    """
    source, target = [], []
    for line in text.split("\n"):
        if num_examples is not None and len(source) >= num_examples:
            break
        left, _, right = line.partition("\t")
        if left.split():
            source.append(left.split())
        if right.split():
            target.append(right.split())
    return source, target


def target_of_another_line__rewrite(text, num_examples=None):
    source, target = [], []
    lines = text.split("\n")
    while lines and len(source) != num_examples:
        left, *rest = lines.pop(0).split("\t", 1)
        source += [left.split()] if left.strip() else []
        target += [part.split() for part in rest if part.strip()]
    return source, target


def sides_exchanged(text, num_examples=None):
    """Target comes before source.

    The sentence before the tab is the source.
    """
    source, target = _read(text, _asked(num_examples))
    return target, source


def sides_exchanged__rewrite(text, num_examples=None):
    pairs = [found for found, pair in map(_sides, text.split("\n")) if pair][:num_examples]
    return [pair[1] for pair in pairs], [pair[0] for pair in pairs]


def pairs_returned(text, num_examples=None):
    """One list of pairs is returned.

    Two lists are asked for: all sources, all targets.
    """
    return list(zip(*_read(text, _asked(num_examples)), strict=True))


def pairs_returned__rewrite(text, num_examples=None):
    pairs = [tuple(found) for found, pair in map(_sides, text.split("\n")) if pair]
    return pairs[:num_examples]


def sentences_not_split(text, num_examples=None):
    """The sentences are not split into tokens.

    Each entry is a list of tokens, not a string.
    """
    source, target = _read(text, _asked(num_examples))
    return [" ".join(line) for line in source], [" ".join(line) for line in target]


def sentences_not_split__rewrite(text, num_examples=None):
    kept = [found for found, pair in map(_sides, text.split("\n")) if pair][:num_examples]
    return [" ".join(left) for left, _ in kept], [" ".join(right) for _, right in kept]


def characters(text, num_examples=None):
    """The tokens are characters.

    list() of a string gives its characters. Tokens are what stands between spaces.
    """
    source, target = _read(text, _asked(num_examples))
    return [list(" ".join(line)) for line in source], [list(" ".join(line)) for line in target]


def characters__rewrite(text, num_examples=None):
    kept = [found for found, pair in map(_sides, text.split("\n")) if pair][:num_examples]
    return tuple([[char for char in " ".join(pair[side])] for pair in kept] for side in (0, 1))  # noqa: C416


def punctuation_separated(text, num_examples=None):
    """Words and punctuation are told apart once more.

    That has been done before. "Ça-va?" without a space is one token.
    """
    import re

    def words(line):
        return re.findall(r"\w+|[^\w\s]", " ".join(line))

    source, target = _read(text, _asked(num_examples))
    return [words(line) for line in source], [words(line) for line in target]


def punctuation_separated__rewrite(text, num_examples=None):
    import re

    def sides(line):
        parts = [re.split(r"\s+|\b", side) for side in line.split("\t")]
        parts = [[token for token in part if token.strip()] for part in parts]
        return parts, len(parts) == 2 and all(parts)

    return _read(text, _asked(num_examples), sides)


def lower_case(text, num_examples=None):
    """The tokens are made lower-case.

    Tokens stay as they stand in the text; preprocess_nmt has made them what they are.
    """
    return _read(text.lower(), _asked(num_examples))


def lower_case__rewrite(text, num_examples=None):
    source, target = _read(text, _asked(num_examples))
    return [[t.lower() for t in line] for line in source], [[t.casefold() for t in line] for line in target]
