"""Ways in which preprocess_nmt goes wrong."""

import re


def _softened(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


def only_spaces_looked_for(text):
    """A mark behind a tab or a line end gets a space as well.

    At the tab the line will be split, and a space behind it then stands at the start of a sentence: split at spaces, it
    gives an empty token. Ask whether the character before is white space of any kind.
    """
    text = _softened(text).lower()
    out = [" " + c if i > 0 and c in ",.!?" and text[i - 1] != " " else c for i, c in enumerate(text)]
    return "".join(out)


def only_spaces_looked_for__rewrite(text):
    return re.sub(r"(?<=[^ ])([,.!?])", r" \1", _softened(text.lower()))


def capitals_kept(text):
    """Capitals stay.

    "Go" and "go" are then two words in the vocabulary. Make the text lower-case.
    """
    return re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text))


def capitals_kept__rewrite(text):
    text, out = _softened(text), ""
    for i, char in enumerate(text):
        out += " " + char if char in ",.!?" and i and not text[i - 1].isspace() else char
    return out


def hard_spaces_kept(text):
    """Non-breaking spaces stay.

    They look like spaces, but splitting at " " does not see them. Replace both kinds.
    """
    return re.sub(r"(?<=\S)([,.!?])", r" \1", text.lower())


def hard_spaces_kept__rewrite(text):
    text, out = text.lower(), []
    for last, char in zip(" " + text, text, strict=False):
        out.append(" " + char if char in {",", ".", "!", "?"} and not last.isspace() else char)
    return "".join(out)


def narrow_spaces_kept(text):
    r"""Narrow non-breaking spaces stay.

    French sets a narrow space, \u202f, in front of ! and ?; it is not the same as the wide one. Replace both kinds.
    """
    return re.sub(r"(?<=\S)([,.!?])", r" \1", text.replace("\xa0", " ").lower())


def narrow_spaces_kept__rewrite(text):
    text, out = " ".join(text.lower().split("\xa0")), ""
    for i, char in enumerate(text):
        if char in ",.!?" and i > 0 and not text[i - 1].isspace():
            out += " "
        out += char
    return out


def wide_spaces_kept(text):
    r"""Wide non-breaking spaces stay.

    The non-breaking space of most texts is \xa0; the narrow one is another character. Replace both kinds.
    """
    return re.sub(r"(?<=\S)([,.!?])", r" \1", text.replace("\u202f", " ").lower())


def wide_spaces_kept__rewrite(text):
    text = "".join(" " if ord(char) == 0x202F else char for char in text).lower()
    return "".join(" " + c if c in ",.!?" and i and not text[i - 1].isspace() else c for i, c in enumerate(text))


def hard_spaces_removed(text):
    """Non-breaking spaces are thrown away.

    The words on both sides grow together. Each becomes a plain space.
    """
    text = text.replace("\u202f", "").replace("\xa0", "").lower()
    return re.sub(r"(?<=\S)([,.!?])", r" \1", text)


def hard_spaces_removed__rewrite(text):
    kept = "".join(char for char in text.lower() if char not in "\u202f\xa0")
    return "".join(" " + c if c in ",.!?" and i and not kept[i - 1].isspace() else c for i, c in enumerate(kept))


def marks_before_spaces(text):
    """Marks are looked at before the non-breaking spaces become spaces.

    A mark behind a non-breaking space then stands behind something that is not " ", and gets a second space. Replace
    the spaces first.
    """
    out = [" " + c if i and c in ",.!?" and text[i - 1] not in " \t\n\r" else c for i, c in enumerate(text)]
    return _softened("".join(out)).lower()


def marks_before_spaces__rewrite(text):
    return _softened(re.sub(r"(?<=[^ \t\n\r])([,.!?])", r" \1", text.lower()))


def always_a_space(text):
    """Every mark gets a space, also behind a space.

    Two spaces in a row enclose an empty token. Look at the character before the mark.
    """
    return re.sub(r"([,.!?])", r" \1", _softened(text).lower())


def always_a_space__rewrite(text):
    text = _softened(text).lower()
    for mark in ",.!?":
        text = text.replace(mark, " " + mark)
    return text


def white_space_joined(text):
    """Runs of white space become one space.

    Tabs separate source from target, and line ends the pairs: both must stay, as must everything else.
    """
    return " ".join(re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).lower()).split())


def white_space_joined__rewrite(text):
    return re.sub(r"\s+", " ", re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).lower())).strip()


def spaces_joined(text):
    """Several spaces in a row become one.

    Everything but hard spaces, capitals and marks stays as it is.
    """
    return re.sub(" +", " ", re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).lower()))


def spaces_joined__rewrite(text):
    text = re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).lower())
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def ends_stripped(text):
    """White space at the ends is thrown away.

    Everything but hard spaces, capitals and marks stays as it is, also at the ends of the text.
    """
    return re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).lower().strip())


def ends_stripped__rewrite(text):
    text = _softened(text).strip().lower()
    return "".join(" " + c if c in ",.!?" and i and not text[i - 1].isspace() else c for i, c in enumerate(text))


def comma_forgotten(text):
    """Commas get no space.

    Four marks become tokens of their own: comma, full stop, exclamation mark and question mark.
    """
    return re.sub(r"(?<=\S)([.!?])", r" \1", _softened(text).lower())


def comma_forgotten__rewrite(text):
    text = _softened(text).lower()
    return "".join(" " + c if c in ".!?" and i and not text[i - 1].isspace() else c for i, c in enumerate(text))


def all_punctuation(text):
    """Other punctuation gets spaces too.

    Apostrophes, hyphens, colons and quotation marks stay with their words: only , . ! and ? are set apart.
    """
    return re.sub(r"(?<=\S)([^\w\s])", r" \1", _softened(text).lower())


def all_punctuation__rewrite(text):
    text = _softened(text).lower()
    out = ""
    for i, char in enumerate(text):
        apart = not (char.isalnum() or char == "_" or char.isspace())
        out += " " + char if apart and i and not text[i - 1].isspace() else char
    return out


def rows_of_marks_together(text):
    """Of several marks in a row only the first gets a space.

    "?!" is two tokens: each mark gets its own space.
    """
    return re.sub(r"(?<=\S)([,.!?]+)", r" \1", _softened(text).lower())


def rows_of_marks_together__rewrite(text):
    text = _softened(text).lower()
    out = ""
    for i, char in enumerate(text):
        out += " " + char if char in ",.!?" and i and text[i - 1] not in ",.!? \t\n\r" else char
    return out


def behind_the_mark(text):
    """The space stands behind the mark.

    "go." stays one token. The space belongs between the word and its mark.
    """
    return re.sub(r"([,.!?])(?=\S)", r"\1 ", _softened(text).lower())


def behind_the_mark__rewrite(text):
    text = _softened(text).lower()
    out = ""
    for i, char in enumerate(text):
        out += char + " " if char in ",.!?" and text[i + 1 : i + 2].strip() else char
    return out


def marks_at_the_start(text):
    """A mark that is the first character of the text gets a space.

    Nothing stands before it. In Python text[-1] is no error but the last character, so that place has to be asked for.
    """
    text = _softened(text).lower()
    return "".join(" " + c if c in ",.!?" and (i == 0 or not text[i - 1].isspace()) else c for i, c in enumerate(text))


def marks_at_the_start__rewrite(text):
    return re.sub(r"(?<!\s)([,.!?])", r" \1", _softened(text).lower())


def accents_removed(text):
    """Letters with accents lose them.

    Here they stay: "a" and "à" are different words.
    """
    import unicodedata

    text = "".join(c for c in unicodedata.normalize("NFD", _softened(text)) if unicodedata.category(c) != "Mn")
    return re.sub(r"(?<=\S)([,.!?])", r" \1", text.lower())


def accents_removed__rewrite(text):
    table = str.maketrans("éèêàâçëïîôûùÉÀÇÊ", "eeeaaceiiouueace")
    return re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).translate(table).lower())


def last_mark_only(text):
    """Only the last mark of the text gets a space.

    Marks also stand within sentences, and a text has many lines. Look at every character.
    """
    text = _softened(text).lower()
    return re.sub(r"(?<=\S)([,.!?])(?=\s*\Z)", r" \1", text)


def last_mark_only__rewrite(text):
    text = _softened(text).lower()
    body = text.rstrip()
    if len(body) > 1 and body[-1] in ",.!?" and not body[-2].isspace():
        return body[:-1] + " " + text[len(body) - 1 :]
    return text


def tabs_and_lines_joined(text):
    """Several tabs or line ends in a row become one.

    A line with two tabs holds no pair, and must still be seen to hold none. Everything else stays as it is.
    """
    text = re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).lower())
    return re.sub(r"([\t\n])\1+", r"\1", text)


def tabs_and_lines_joined__rewrite(text):
    text = re.sub(r"(?<=\S)([,.!?])", r" \1", _softened(text).lower())
    for char in "\t\n":
        while char * 2 in text:
            text = text.replace(char * 2, char)
    return text
