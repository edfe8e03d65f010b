"""Correct ways to bring a sentence to plain letters, written in other ways."""

import itertools
import re
import string
import unicodedata


def found_tokens(s):
    """Finds what stays, runs of letters and marks, instead of replacing what goes. Marks stick to what follows them."""
    plain = "".join(c for c in unicodedata.normalize("NFD", s.lower()) if unicodedata.category(c) != "Mn")
    text = ""
    for token in re.findall(r"[.!?]|[a-z]+|[^a-z.!?]+", plain):
        if token in (".", "!", "?"):
            text += " " + token
        elif token.isascii() and token.isalpha():
            text += token
        else:
            text += " "
    return re.sub(" +", " ", text).strip()


def translated(s):
    """A table for str.translate; runs of spaces go by splitting and joining."""
    plain = [c for c in unicodedata.normalize("NFD", s.lower()) if unicodedata.category(c) != "Mn"]
    table = {ord(c): " " for c in set(plain) - set(string.ascii_lowercase)}
    table.update({ord(mark): f" {mark}" for mark in ".!?"})
    return " ".join("".join(plain).translate(table).split())


def grouped(s):
    """Groups characters by what they are."""

    def kind(char):
        return "mark" if char in ".!?" else "letter" if "a" <= char <= "z" else "other"

    chars = filter(lambda c: unicodedata.category(c) != "Mn", unicodedata.normalize("NFD", s.lower()))
    out = ""
    for what, run in itertools.groupby(chars, kind):
        if what == "mark":
            out += "".join(" " + mark for mark in run)
        elif what == "letter":
            out += "".join(run)
        else:
            out += " "
    while "  " in out:
        out = out.replace("  ", " ")
    return out.strip(" ")


def compatibility_form_last(s):
    """Takes accents off before making letters small, and replaces marks one by one."""
    s = unicodedata.normalize("NFD", s)
    s = "".join([char for char in s if unicodedata.category(char) != "Mn"]).lower()
    s = unicodedata.normalize("NFD", s)
    for mark in (".", "!", "?"):
        s = s.replace(mark, " " + mark)
    return re.sub(r"[^a-z.!?]+", " ", s).strip()
