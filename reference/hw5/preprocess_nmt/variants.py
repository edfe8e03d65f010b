"""Correct ways to make a parallel corpus ready, written in other ways."""

import re


def pairs_of_characters(text):
    """Looks at each character together with the one before it."""
    text = re.sub("[\u202f\xa0]", " ", text.lower())
    pairs = zip("\n" + text, text, strict=False)
    return "".join(" " + here if here in set(",.!?") and not last.isspace() else here for last, here in pairs)


def mark_by_mark(text):
    """One mark after the other by regular expressions with a group; again for those that overlap."""
    text = text.translate({0x202F: " ", 0xA0: " "}).lower()
    for mark in ",.!?":
        text = re.sub(rf"(?<!\s)(?<!^){re.escape(mark)}", f" {mark}", text)
    return text


def built_backwards(text):
    """Walks from the end, so that what is inserted moves nothing that is still to be seen."""
    chars = list(text.lower())
    chars = [" " if char in ("\u202f", "\xa0") else char for char in chars]
    for place in range(len(chars) - 1, 0, -1):
        if chars[place] in (",", ".", "!", "?") and chars[place - 1].strip():
            chars.insert(place, " ")
    return "".join(chars)
