"""Ways in which normalize_string goes wrong."""

import re
import unicodedata


def _without_accents(s):
    return "".join(char for char in unicodedata.normalize("NFD", s) if unicodedata.category(char) != "Mn")


def stripped_too_early(s):
    """White space is removed from the ends before the other characters are replaced.

    The replacing makes new spaces: a quotation mark in front becomes one, and a full stop gets one. Strip at the end.
    """
    s = _without_accents(s.lower().strip())
    s = re.sub(r"([.!?])", r" \1", s)
    return re.sub(r"[^a-z.!?]+", " ", s)


def stripped_too_early__rewrite(s):
    out = ""
    for char in _without_accents(s.strip().lower()):
        if char in ".!?":
            out += char if out.endswith(" ") else " " + char
        elif "a" <= char <= "z":
            out += char
        elif not out.endswith(" "):
            out += " "
    return out


def never_stripped(s):
    """Spaces remain at the ends.

    A space at an end becomes an empty token when the sentence is split. Strip the result.
    """
    s = re.sub(r"([.!?])", r" \1", _without_accents(s.lower()))
    return re.sub(r"[^a-z.!?]+", r" ", s)


def never_stripped__rewrite(s):
    out = []
    for char in _without_accents(s.lower()):
        kept = char if char in "abcdefghijklmnopqrstuvwxyz.!?" else " "
        if kept in ".!?":
            out.append(" ")
        out.append(kept)
    return re.sub(" +", " ", "".join(out))


def capitals_kept(s):
    """Capitals stay.

    "Go" and "go" are then two words in the vocabulary. Make the string lower-case first.
    """
    s = re.sub(r"([.!?])", r" \1", _without_accents(s))
    return re.sub(r"[^a-zA-Z.!?]+", r" ", s).strip()


def capitals_kept__rewrite(s):
    out = "".join(c if c.isascii() and (c.isalpha() or c in ".!?") else " " for c in _without_accents(s))
    for mark in ".!?":
        out = out.replace(mark, " " + mark)
    return " ".join(out.split())


def capitals_lost(s):
    """Capitals are thrown away with the characters that are no letters.

    The list of letters that stay holds only small ones, so the string must be made lower-case before it is used.
    """
    s = re.sub(r"([.!?])", r" \1", _without_accents(s))
    return re.sub(r"[^a-z.!?]+", r" ", s).strip().lower()


def capitals_lost__rewrite(s):
    s = _without_accents(s)
    return " ".join("".join(f" {c}" if c in ".!?" else c if "a" <= c <= "z" else " " for c in s).split())


def accents_kept(s):
    """Letters with accents are taken for other characters.

    The é of "été" becomes a space. Decompose the string and leave the marks out before the other characters go.
    """
    s = re.sub(r"([.!?])", r" \1", s.lower())
    return re.sub(r"[^a-z.!?]+", r" ", s).strip()


def accents_kept__rewrite(s):
    s = s.lower()
    return " ".join("".join(" " + c if c in ".!?" else c if "a" <= c <= "z" else " " for c in s).split())


def marks_left_behind(s):
    """The string is decomposed, but the accents are not left out.

    After NFD an accent is a character of its own, and becomes a space in the middle of the word. Leave out what has the
    category Mn.
    """
    s = unicodedata.normalize("NFD", s.lower())
    s = re.sub(r"([.!?])", r" \1", s)
    return re.sub(r"[^a-z.!?]+", r" ", s).strip()


def marks_left_behind__rewrite(s):
    out = ""
    for char in unicodedata.normalize("NFD", s).lower():
        out += f" {char}" if char in ".!?" else char if "a" <= char <= "z" else " "
    return " ".join(out.split())


def composed_before_looking(s):
    """Only accents that are characters of their own already are removed.

    "é" can be one character or two. Without NFD the letter and its accent stay together, and it becomes a space.
    """
    s = "".join(char for char in s.lower() if unicodedata.category(char) != "Mn")
    s = re.sub(r"([.!?])", r" \1", s)
    return re.sub(r"[^a-z.!?]+", r" ", s).strip()


def composed_before_looking__rewrite(s):
    kept = [char for char in s.lower() if not unicodedata.combining(char)]
    return " ".join("".join(" " + c if c in ".!?" else c if "a" <= c <= "z" else " " for c in kept).split())


def encoded_to_ascii(s):
    """What is no ASCII is thrown away without leaving a space.

    "grande œuvre" is two words, and so is "l’été" with a typographic apostrophe. Only the marks vanish; every other
    character that is no letter becomes a space.
    """
    s = unicodedata.normalize("NFD", s.lower()).encode("ascii", "ignore").decode()
    s = re.sub(r"([.!?])", r" \1", s)
    return re.sub(r"[^a-z.!?]+", " ", s).strip()


def encoded_to_ascii__rewrite(s):
    s = "".join(char for char in unicodedata.normalize("NFD", s.lower()) if ord(char) < 128)
    return " ".join("".join(" " + c if c in ".!?" else c if "a" <= c <= "z" else " " for c in s).split())


def others_leave_no_space(s):
    """Other characters are thrown away instead of becoming a space.

    "I'm" becomes "im", and "well-known" one word. What goes leaves a space.
    """
    s = re.sub(r"([.!?])", r" \1", _without_accents(s.lower()))
    s = re.sub(r"[^a-z.!?\s]+", "", s)
    return " ".join(s.split())


def others_leave_no_space__rewrite(s):
    out = []
    for char in _without_accents(s.lower()):
        if char in ".!?":
            out.append(" " + char)
        elif "a" <= char <= "z":
            out.append(char)
        elif char.isspace():
            out.append(" ")
    return " ".join("".join(out).split())


def runs_not_joined(s):
    """Each other character becomes a space of its own.

    Two spaces in a row enclose an empty token. Replace the whole run: a plus behind the brackets.
    """
    s = re.sub(r"([.!?])", r" \1", _without_accents(s.lower()))
    return re.sub(r"[^a-z.!?]", " ", s).strip()


def runs_not_joined__rewrite(s):
    spaced = "".join(" " + c if c in ".!?" else c if "a" <= c <= "z" else " " for c in _without_accents(s.lower()))
    return spaced.strip(" ")


def marks_thrown_away(s):
    """Punctuation is removed.

    Full stop, exclamation mark and question mark stay: they are tokens that the model learns.
    """
    return re.sub(r"[^a-z]+", " ", _without_accents(s.lower())).strip()


def marks_thrown_away__rewrite(s):
    return " ".join("".join(c if "a" <= c <= "z" else " " for c in _without_accents(s.lower())).split())


def marks_not_separated(s):
    """Punctuation sticks to the word in front of it.

    "go." is then another word than "go". Put a space in front of each mark.
    """
    return re.sub(r"[^a-z.!?]+", " ", _without_accents(s.lower())).strip()


def marks_not_separated__rewrite(s):
    kept = set("abcdefghijklmnopqrstuvwxyz.!?")
    return " ".join("".join(c if c in kept else " " for c in _without_accents(s.lower())).split())


def runs_of_marks_kept_together(s):
    """Several marks in a row get one space.

    "?!" is two tokens: each mark gets a space in front, also behind another mark.
    """
    s = re.sub(r"([.!?]+)", r" \1", _without_accents(s.lower()))
    return re.sub(r"[^a-z.!?]+", " ", s).strip()


def runs_of_marks_kept_together__rewrite(s):
    s = re.sub(r"(?<![.!?])(?=[.!?])", " ", _without_accents(s.lower()))
    return " ".join("".join(c if c in ".!?" or "a" <= c <= "z" else " " for c in s).split())


def space_behind_marks(s):
    """The space stands behind each mark instead of in front.

    "go." stays one token. The space belongs between the word and its mark.
    """
    s = re.sub(r"([.!?])", r"\1 ", _without_accents(s.lower()))
    return re.sub(r"[^a-z.!?]+", " ", s).strip()


def space_behind_marks__rewrite(s):
    out = "".join(c + " " if c in ".!?" else c if "a" <= c <= "z" else " " for c in _without_accents(s.lower()))
    return " ".join(out.split())


def space_on_both_sides(s):
    """Marks get a space on both sides.

    Only the space in front is asked for: "go.Now" becomes "go .now".
    """
    s = re.sub(r"([.!?])", r" \1 ", _without_accents(s.lower()))
    return re.sub(r"[^a-z.!?]+", " ", s).strip()


def space_on_both_sides__rewrite(s):
    return " ".join(re.findall(r"[a-z]+|[.!?]", _without_accents(s.lower())))


def digits_kept(s):
    r"""Digits and underscores stay.

    \w stands for letters, digits and the underscore. Only a to z are letters here.
    """
    s = re.sub(r"([.!?])", r" \1", _without_accents(s.lower()))
    return " ".join(re.sub(r"[^\w.!?]+", " ", s, flags=re.ASCII).split())


def digits_kept__rewrite(s):
    kept = set("abcdefghijklmnopqrstuvwxyz0123456789_")
    text = "".join(" " + c if c in ".!?" else c if c in kept else " " for c in _without_accents(s.lower()))
    return " ".join(text.split())


def other_letters_kept(s):
    """Letters of other alphabets stay.

    str.isalpha is true for ß, œ and я as well. Compare with a to z.
    """
    text = "".join(" " + c if c in ".!?" else c if c.isalpha() else " " for c in _without_accents(s.lower()))
    return " ".join(text.split())


def other_letters_kept__rewrite(s):
    s = re.sub(r"([.!?])", r" \1", _without_accents(s.lower()))
    return " ".join(re.sub(r"[^\w.!?]+|[\d_]+", " ", s).split())


def tokens_returned(s):
    """A list of tokens is returned.

    The answer is a string with spaces between the tokens; it is split later.
    """
    s = re.sub(r"([.!?])", r" \1", _without_accents(s.lower()))
    return re.sub(r"[^a-z.!?]+", " ", s).split()


def tokens_returned__rewrite(s):
    out = "".join(" " + c if c in ".!?" else c if "a" <= c <= "z" else " " for c in _without_accents(s.lower()))
    return [token for token in out.split(" ") if token]


def compatibility_form(s):
    """Characters that look alike are replaced too.

    NFKD makes letters of ligatures and digits of raised ones. Only accents are to go: NFD.
    """
    s = "".join(char for char in unicodedata.normalize("NFKD", s.lower()) if unicodedata.category(char) != "Mn")
    s = re.sub(r"([.!?])", r" \1", s)
    return re.sub(r"[^a-z.!?]+", " ", s).strip()


def compatibility_form__rewrite(s):
    kept = [char for char in unicodedata.normalize("NFKD", s).lower() if not unicodedata.combining(char)]
    return " ".join("".join(" " + c if c in ".!?" else c if "a" <= c <= "z" else " " for c in kept).split())
