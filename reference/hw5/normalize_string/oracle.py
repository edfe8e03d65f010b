"""normalize_string character by character, without regular expressions."""

import unicodedata


def normalize_string(s):
    letters = set("abcdefghijklmnopqrstuvwxyz")
    out = []
    for char in unicodedata.normalize("NFD", s.lower()):
        if unicodedata.category(char) == "Mn":
            continue
        if char in ".!?":
            out.append(" " + char)
        else:
            out.append(char if char in letters else " ")
    return " ".join("".join(out).split())
