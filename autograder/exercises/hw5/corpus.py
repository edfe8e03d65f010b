"""nmt.py, from text to tokens: normalize_string, preprocess_nmt, tokenize_nmt."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise

ENGLISH = ("go", "run", "who", "i", "lost", "he", "calm", "home", "wow", "wait", "stop", "we", "won", "hello")
FRENCH = ("va", "cours", "qui", "perdu", "il", "calme", "chez", "moi", "alors", "salut", "gagné", "à", "été", "ça")


def _sentence(draw: Draw, words: tuple[str, ...], count: int, end: str = "") -> str:
    return " ".join(draw.words(count, words)) + end


def _normalize_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, text: str) -> Case:
        return Case(name, aspect, (text,))

    yield case("one word", "basic", "go")
    yield case("a capital", "basic", "Go")
    yield case("random words in capitals", "basic", _sentence(draw, ENGLISH, 5).title())
    yield case("a full stop", "marks", "go.")
    yield case("each of the marks", "marks", "Wow! Who? I won.")
    yield case("marks in a row", "marks", "what?!")
    yield case("a mark between letters", "marks", "go.Now")
    yield case("a mark behind a space", "marks", "go !")
    yield case("an accent", "accents", "été")
    yield case("accents on capitals", "accents", "ÀÇÉ Zoë Ångström")
    yield case("accents written as characters of their own", "accents", "e\u0301te\u0301")
    yield case("two accents on a letter", "accents", "Việt nắm")
    yield case("random French", "accents", _sentence(draw, FRENCH, 6, "!"))
    yield case("an apostrophe", "others", "I'm")
    yield case("digits, hyphens, commas", "others", "well-known, 24 times: 3x")
    yield case("letters without a base letter", "others", "Großœuvre яблоко ok")
    yield case("one character for two letters", "others", "ﬁn de mois")
    yield case("a dotted capital I", "others", "İstanbul Işık")
    yield case("underscores and signs", "others", "a_b [c] ^d\\e")
    yield case("several spaces, tabs, line ends", "spaces", "so \t  it\n goes")
    yield case("non-breaking spaces", "spaces", "va\u202f!  si\xa0?")
    yield case("spaces at the ends", "ends", "  go  ")
    yield case("other characters at the ends", "ends", "«Ça va»")
    yield case("a digit in front", "ends", "3 words,")
    yield case("a mark in front", "ends", "!go")
    yield case("marks only", "ends", "...")
    yield case("nothing but other characters", "empty", "123, 4-5")
    yield case("the empty string", "empty", "")


normalize_string = Exercise(
    homework="hw5",
    name="normalize_string",
    difficulty=1,
    file="nmt.py",
    points=4,
    arguments=("s",),
    cases=_normalize_cases,
    checks=(
        Check("value", 0.75, "Capitals become lower-case letters", aspect="basic"),
        Check("value", 0.75, "A space is put in front of every `.`, `!` and `?`", aspect="marks"),
        Check("value", 0.75, "a letter with marks becomes the letter alone", aspect="accents"),
        Check("value", 0.5, "other than `a` to `z`, `.`, `!` and `?` becomes one space", aspect="others"),
        Check("value", 0.5, "Every run of characters", aspect="spaces", title="runs of white space"),
        Check("value", 0.5, "No space remains at either end", aspect="ends"),
        Check("value", 0.25, "str, also the empty string", aspect="empty", title="nothing left"),
    ),
    hints=(
        "The five steps of the docstring are five lines of code, in that order. What does each make of “Ça va?!”?",
        "unicodedata.normalize takes an accent off its letter, but leaves it behind as a character of its own; "
        "unicodedata.category tells which these are. re.sub does steps 3 and 4.",
        "In a regular expression [^...]+ is a run of characters that are not in the list. Steps 3 and 4 can put a "
        "space at an end where there was none, so what does that say about when to strip?",
    ),
)  # fmt: skip


def _preprocess_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, text: str) -> Case:
        return Case(name, aspect, (text,))

    yield case("a mark behind a word", "basic", "go.")
    yield case("a pair", "basic", "wow!\tça alors!")
    yield case("random sentences", "basic", _sentence(draw, ENGLISH, 3, ".") + "\t" + _sentence(draw, FRENCH, 4, "?"))
    yield case("capitals", "capitals", "Go")
    yield case("capitals with accents", "capitals", "Ça Été À DEMAIN")
    yield case("each of the marks", "marks", "no, i lost. who? wow!")
    yield case("other punctuation", "marks", "l'été: (dix-huit) «oui»; a_b")
    yield case("marks in a row", "row", "what?!")
    yield case("three dots", "row", "wait...")
    yield case("a mark behind a space", "there", "va !")
    yield case("a mark behind a tab", "there", "go\t.va\t!")
    yield case("a mark behind a line end", "there", "go\n.now\n!")
    yield case("a mark between letters", "between", "3.14,go")
    yield case("a wide non-breaking space", "hard", "va\xa0!")
    yield case("a narrow non-breaking space", "hard", "va\u202f!\u202fsi")
    yield case("hard spaces at both ends", "hard", "\xa0a\u202f")
    yield case("two spaces", "rest", "so  it  goes")
    yield case("spaces and line ends at the ends", "rest", " go \n\n")
    yield case("two tabs, two line ends", "rest", "a\t\tb\n\nc")
    yield case("accents and tabs", "rest", "é\tà\t\n")
    yield case("a mark at the start", "start", "!go")
    yield case("a mark alone", "start", ".")
    yield case("the empty string", "start", "")


preprocess_nmt = Exercise(
    homework="hw5",
    name="preprocess_nmt",
    difficulty=1,
    file="nmt.py",
    points=4,
    arguments=("text",),
    cases=_preprocess_cases,
    checks=(
        Check("value", 0.75, "A space is inserted in front of every", aspect="basic"),
        Check("value", 0.5, "lower-case letters", aspect="capitals"),
        Check("value", 0.5, "`,`, `.`, `!` and `?`", aspect="marks"),
        Check("value", 0.5, "marks in a row each gets a space", aspect="row"),
        Check("value", 0.5, "stands behind white space (a space, tab or line end", aspect="there"),
        Check("value", 0.25, "A space is inserted in front of every", aspect="between", title="marks between letters"),
        Check("value", 0.5, "become plain spaces", aspect="hard"),
        Check("value", 0.25, "Everything else stays as it is", aspect="rest"),
        Check("value", 0.25, "unless the mark is the first character", aspect="start"),
    ),
    hints=(
        "Three changes: some spaces, the capitals, the marks. Which has to come first, so that a mark behind a "
        "non-breaking space is seen to stand behind a space?",
        "Go through the characters with their positions: whether a mark gets a space depends on the character before "
        "it. str.isspace knows more kinds of white space than one.",
        "Build the answer as a list: for each character either itself or a space and itself, then join. Or let re.sub "
        "do it: a look-behind (?<=\\S) stands for “behind something that is no white space”.",
    ),
)  # fmt: skip


def _tokenize_nmt_cases(draw: Draw) -> Iterable[Case]:
    def pairs(count: int) -> str:
        lines = (
            f"{_sentence(draw, ENGLISH, draw.integer(1, 4), ' .')}\t{_sentence(draw, FRENCH, draw.integer(1, 5), ' !')}"
            for _ in range(count)
        )
        return "\n".join(lines)

    def case(name: str, aspect: str, text: str, *rest: int | None) -> Case:
        return Case(name, aspect, (text, *rest))

    yield case("one pair", "basic", "go .\tva !")
    yield case("two pairs", "basic", "go .\tva !\nwow !\tça alors !")
    yield case("random pairs", "basic", pairs(4))
    yield case("one of two", "number", pairs(2), 1)
    yield case("two of five", "number", pairs(5), 2)
    yield case("as many as there are", "number", pairs(3), 3)
    yield case("fewer than asked for", "number", pairs(2), 9)
    yield case("none", "zero", pairs(2), 0)
    yield case("all, by None", "none", pairs(3), None)
    yield case("a line without a tab", "no pair", "go .\na sentence alone\nwow !\tça alors !")
    yield case("a line with two tabs", "no pair", "go .\tva !\t# 12\nwow !\tça alors !")
    yield case("a line with nothing before the tab", "no pair", "\tva !\nhi\tsalut")
    yield case("a line with nothing behind the tab", "no pair", "go .\t\nhi\tsalut")
    yield case("spaces on one side", "no pair", "  \tva !\nhi\tsalut\nrun\t  ")
    yield case("a line end at the end", "no pair", "go .\tva !\n")
    yield case("blank lines", "no pair", "\n\ngo .\tva !\n \n\nhi\tsalut\n\n")
    yield case("lines that hold no pair do not count", "count", f"alone\n\n{pairs(1)}\na\tb\tc\n{pairs(3)}", 3)
    yield case("one pair behind two other lines", "count", f"alone\n\t\n{pairs(2)}", 1)
    yield case("two spaces", "spaces", "so  it goes\tc' est   la vie")
    yield case("spaces at the ends", "spaces", " go . \t va ! ")
    yield case("the tokens stay as they are", "content", "Go. it's\tÇa-va? été,\ngo go\tva va")
    yield case("no text", "empty", "")
    yield case("no text, one asked for", "empty", "", 1)


tokenize_nmt = Exercise(
    homework="hw5",
    name="tokenize_nmt",
    difficulty=1,
    file="nmt.py",
    points=5,
    arguments=("text", "num_examples"),
    cases=_tokenize_nmt_cases,
    checks=(
        Check("value", 1, "`source[i]` holds the tokens before the tab of", aspect="basic"),
        Check("value", 0.75, "The first `num_examples` pairs of", aspect="number"),
        Check("value", 0.25, "an int of at least 0", aspect="zero", title="num_examples 0"),
        Check("value", 0.25, "or None for all", aspect="none", title="num_examples None"),
        Check("value", 1, "A line holds a pair when it has exactly one tab and at least one token on both sides",
              aspect="no pair"),
        Check("value", 0.5, "lines that hold no pair do not count", aspect="count"),
        Check("value", 0.5, "several spaces in a row separate as", aspect="spaces"),
        Check("value", 0.5, "Tokens are what stands between spaces", aspect="content"),
        Check("value", 0.25, "str, as `preprocess_nmt` returns it, also the empty string", aspect="empty"),
    ),
    hints=(
        "First lines, then sides, then tokens: three splits, at three different characters.",
        "Count what you have kept, not what you have read. And what is num_examples when it is 0, in an if?",
        "For each line split at the tab; keep it when there are two sides and both have tokens; stop as soon as there "
        "are num_examples pairs, before the next one is kept.",
    ),
)  # fmt: skip

EXERCISES = (normalize_string, preprocess_nmt, tokenize_nmt)
