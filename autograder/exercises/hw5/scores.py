"""seq2seq.py, how good a translation is: bleu."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.draw import Draw
from autograder.exercise import Case, Check, Exercise

WORDS = ("il", "est", "calme", "chez", "moi", "perdu", "je", "suis", ".", "a", "ab", "b", "ba")


def _bleu_cases(draw: Draw) -> Iterable[Case]:
    def case(name: str, aspect: str, pred: str, label: str, k: int) -> Case:
        return Case(name, aspect, (pred, label, k))

    def worded(words: list[str]) -> str:
        return " ".join(words)

    yield case("the same token", "basic", "va", "va", 1)
    yield case("one of two tokens is right", "basic", "va là", "va bien", 1)
    yield case("equal length, single tokens", "basic", "je suis perdu .", "il est perdu .", 1)
    yield case("the same tokens in another order", "basic", "moi chez", "chez moi", 1)
    yield case("pairs", "longer", "il est calme .", "il est perdu .", 2)
    yield case("pairs and triples", "longer", "je suis chez moi .", "je suis chez lui .", 3)
    yield case("up to four", "longer", "je suis chez moi . va", "il suis chez moi . va", 4)
    words = [*draw.permutation([word for word in WORDS if len(word) > 2]), "."]
    yield case("random words, up to two", "longer", worded(words), worded([*words[:3], "va", *words[4:]]), 2)
    yield case("no pair in common", "nothing", "moi chez", "chez moi", 2)
    yield case("nothing in common", "nothing", "va bien", "il est", 1)
    yield case("one token shorter", "short", "il est .", "il est calme .", 2)
    yield case("much shorter", "short", "va", "va bien chez moi ce soir", 1)
    yield case("longer than the label", "long", "il est calme . . .", "il est calme .", 2)
    yield case("twice the label", "long", "va bien va bien", "va bien", 1)
    yield case("a token repeated", "once", "le le le", "le chat noir", 1)
    yield case("repeated twice in the label", "once", "le le le la", "le chat le chien", 1)
    yield case("a pair repeated", "once", "il est il est il est", "il est calme il est là", 2)
    yield case("tokens that run together alike", "tokens", "a bc", "ab c", 2)
    yield case("runs of letters", "tokens", "ba a ab", "b aa ab", 3)
    yield case("tokens that run together within one", "tokens", "ab a b", "a b ab", 2)
    yield case("tokens that contain each other", "tokens", "calme perdus", "calmement perdu", 1)
    yield case("capitals", "tokens", "Va bien", "va bien", 1)
    yield case("as long as k", "few", "il est", "il est", 2)
    yield case("fewer tokens than k", "few", "il est", "il est", 3)
    yield case("one token and k 4", "few", "va", "va", 4)
    yield case("a label of fewer tokens than k", "few", "il est calme .", "il est", 3)
    yield case("an empty prediction", "empty", "", "il est calme .", 1)
    yield case("a prediction of spaces", "empty", "  ", "va", 2)
    yield case("spaces between and at the ends", "spaces", " il  est calme ", "il est calme", 2)


bleu = Exercise(
    homework="hw5",
    name="bleu",
    difficulty=2,
    file="seq2seq.py",
    points=6,
    arguments=("pred_seq", "label_seq", "k"),
    cases=_bleu_cases,
    checks=(
        Check("value", 1, "`p_n` is the number of n-grams of the prediction that are matched", aspect="basic"),
        Check("value", 1, "times the product of `p_n ** (1 / 2 ** n)` for n from 1 to `k`", aspect="longer"),
        Check("value", 0.5, "A float from 0 to 1", aspect="nothing", title="nothing matched"),
        Check("value", 0.75, "`exp(min(0, 1 - len_label / len_pred))`", aspect="short"),
        Check("value", 0.5, "A prediction longer than the label is not punished for its length", aspect="long"),
        Check("value", 0.75, "is repeated in the prediction counts only as often as it stands in the label",
              aspect="once"),
        Check("value", 0.5, "equal when their tokens are equal, one by one", aspect="tokens"),
        Check("value", 0.5, "Where the prediction has no n-gram for some n up to", aspect="few"),
        Check("value", 0.25, "or no token at all, the score is 0", aspect="empty"),
        Check("value", 0.25, "Both sequences are split at white space into tokens", aspect="spaces"),
    ),
    hints=(
        "Work out bleu(\"il est .\", \"il est calme .\", 2) on paper: which single tokens match, which pairs, how many "
        "of each does the prediction have, and what do the lengths cost?",
        "Matching is taking away: an n-gram of the label that has been matched cannot be matched again. A dict of "
        "counts keeps track; its keys must tell the tokens apart.",
        "For each n count the label's n-grams as tuples. Go through the prediction's: one whose count is above 0 "
        "matches, and its count goes down by one. Before all that: are there n-grams of k tokens at all?",
    ),
)  # fmt: skip

EXERCISES = (bleu,)
