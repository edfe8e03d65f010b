"""Attackers and honest students graded side by side: everybody's score is the same, whoever is graded when and
beside whom."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from autograder.batch.run import Batch, Terms
from autograder.course import Course
from autograder.isolation import DEFAULT
from autograder.submission import Submission
from autograder.workers import Limits
from tests.conftest import ROOT, exercise
from tests.hostile.attack import HONEST, cannot
from tests.hostile.collection import ATTACKS
from tests.hostile.conftest import Outside
from tests.hostile.test_attacks import submit

ATTACKERS = (
    "write over a file of another", "signal everybody", "leave a daemon behind", "leave with status 0",
    "stop itself", "fill the disk", "use up the inodes", "start threads without end", "explode in forks",
    "fill memory", "hold memory that belongs to no process", "print without end", "work in a child process",
    "answer before the answer", "send without end", "send a bomb of parts", "tell of a fault without a form on loading",
    "tell that the grader failed", "replace len, isinstance and type", "write into the interpreter",
    "patch torch for whoever comes next", "a list of itself, doubled", "terminal escapes in an exception",
)  # fmt: skip
HONEST_STUDENTS = 10
SECRET = 7
LIMITS = Limits(cpu=1.0, wall_factor=4.0, load_cpu=4.0)

OTHERS_CASES = cannot("find the folder of hidden cases", """
found = {p.parent for top in ('/tmp', '/var', '/dev/shm', '/root') for p in Path(top).rglob('*.cases')}
assert len(found) > 1
""")  # fmt: skip


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory, outside: Outside) -> list[tuple[str, Submission]]:
    folder = tmp_path_factory.mktemp("submissions")
    folder.chmod(0o755)
    by_name = {attack.name: attack for attack in ATTACKS}
    codes = {f"honest {number}": HONEST["tokenize"] + f"# {number}\n" for number in range(HONEST_STUDENTS)}
    codes |= {name: outside.names() + by_name[name].code for name in ATTACKERS}
    codes[OTHERS_CASES.name] = OTHERS_CASES.code
    assert all(by_name[name].exercise == "tokenize" for name in ATTACKERS)
    return [(name, submit(folder / str(place), "tokenize", code)) for place, (name, code) in enumerate(codes.items())]


@pytest.fixture(scope="module")
def batch(isolation: None) -> Iterator[Batch]:
    terms = Terms("hw4", (exercise("tokenize"),), SECRET, limits=LIMITS, required=DEFAULT)
    with Batch(Course(ROOT), terms) as running:
        running.prepare()
        yield running


@pytest.mark.parametrize("jobs", [2, 3])
def test_scores_do_not_depend_on_the_neighbours(
    batch: Batch, everybody: list[tuple[str, Submission]], outside: Outside, jobs: int
) -> None:
    order = random.Random(jobs).sample(everybody, len(everybody))
    found = dict(batch.grade_all(order, jobs))
    expected = {name: 6.0 for name, _ in everybody if name.startswith("honest")} | {OTHERS_CASES.name: 6.0}
    expected |= {attack.name: attack.score for attack in ATTACKS if attack.name in ATTACKERS}
    assert {name: result.score for name, result in found.items()} == expected
    apart = {name for name, result in found.items() if result.outcome != "graded"}
    assert apart <= {"tell that the grader failed", "replace len, isinstance and type", "write into the interpreter"}
    assert outside.untouched()
