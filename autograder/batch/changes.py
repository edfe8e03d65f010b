"""What grading again would change, student by student and check by check."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.batch.ledger import Handed, Ledger, Result
from autograder.batch.session import Plan
from autograder.text import points


@dataclass(frozen=True)
class Change:
    """One attempt whose result is another now. `key` is the new result's."""

    handed: Handed
    key: str
    old: Result
    new: Result

    @property
    def difference(self) -> float:
        return round(self.new.score - self.old.score, 4)

    def reasons(self) -> list[str]:
        """The checks that score otherwise, and how."""
        before = {test["number"]: test for test in self.old.document["tests"]}
        after = {test["number"]: test for test in self.new.document["tests"]}
        found = []
        for number in dict.fromkeys([*before, *after]):
            old, new = before.get(number), after.get(number)
            if old is None or new is None:
                found.append(f"{number} is {'new' if old is None else 'gone'}")
            elif (old["score"], old["max_score"]) != (new["score"], new["max_score"]):
                told = f"{number} {_share(old)} → {_share(new)}"
                if old["outcome"] != new["outcome"]:
                    told += f" ({new['outcome']}: {new['output']})" if new["output"] else f" ({new['outcome']})"
                found.append(told)
        return found


def _share(test: dict[str, float]) -> str:
    return f"{points(test['score'])}/{points(test['max_score'])}"


def changes(ledger: Ledger, todo: Plan) -> tuple[list[Change], list[tuple[str, Handed]]]:
    """Attempts whose new result differs from the one given, and those where it is the same or the first one."""
    changed, same = [], []
    for key, everybody in {**todo.known, **todo.work}.items():
        new = ledger.result(key)
        if new is None or new.outcome != "graded":
            continue
        for one in everybody:
            old = ledger.result_given(one)
            if old is not None and old.outcome == "graded" and _grades(old) != _grades(new):
                changed.append(Change(one, key, old, new))
            else:
                same.append((key, one))
    return sorted(changed, key=lambda c: (c.handed.student, c.handed.attempt)), same


def _grades(result: Result) -> list[tuple[str, float, float]]:
    return [(test["number"], test["score"], test["max_score"]) for test in result.document["tests"]]
