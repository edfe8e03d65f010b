"""Correct ways to split a parallel corpus, written in other ways."""


def cut_at_the_end(text, num_examples=None):
    """Reads everything, then keeps the first pairs by a slice."""
    pairs = []
    for line in text.splitlines():
        if line.count("\t") == 1:
            left, right = line.split("\t")
            if left.strip() and right.strip():
                pairs.append((left.split(), right.split()))
    pairs = pairs[:num_examples]
    return [source for source, _ in pairs], [target for _, target in pairs]


def a_generator(text, num_examples=None):
    """Pairs come from a generator, as many as are asked for."""

    def pairs():
        for line in text.split("\n"):
            left, tab, right = line.partition("\t")
            left, right = left.split(" "), right.split(" ")
            left, right = [w for w in left if w != ""], [w for w in right if w != ""]
            if tab and left and right and line.count("\t") < 2:
                yield left, right

    source, target = [], []
    for number, (left, right) in enumerate(pairs()):
        if number == num_examples:
            break
        source.append(left)
        target.append(right)
    return source, target


def counted_down(text, num_examples=None):
    """A counter that runs down to 0."""
    left_to_read = float("inf") if num_examples is None else num_examples
    sides = ([], [])
    lines = iter(text.split("\n"))
    while left_to_read > 0:
        line = next(lines, None)
        if line is None:
            break
        parts = line.split("\t")
        tokens = [part.split() for part in parts]
        if len(parts) != 2 or not tokens[0] or not tokens[1]:
            continue
        for side, found in zip(sides, tokens, strict=True):
            side.append(found)
        left_to_read -= 1
    return sides[0], sides[1]
