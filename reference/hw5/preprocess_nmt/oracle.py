"""preprocess_nmt character by character."""


def preprocess_nmt(text):
    text = text.replace("\u202f", " ").replace("\xa0", " ").lower()
    out = []
    for place, char in enumerate(text):
        if char in ",.!?" and place > 0 and not text[place - 1].isspace():
            out.append(" ")
        out.append(char)
    return "".join(out)
