"""`grade HW EXERCISE --debug CASE`: one case in this very process, with prints, breakpoints and full tracebacks."""

from __future__ import annotations

import difflib
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from autograder.errors import UsageError
from autograder.exercise import Case, Exercise
from autograder.explain import given
from autograder.recorder import CaseBook
from autograder.submission import Submission


def replay(submission: Submission, exercises: list[Exercise], wanted: str, book: CaseBook) -> int:
    """Runs the case here, on the simulated device where it is for that alone; 0 if it gave an answer, 1 if it raised.
    Grades nothing."""
    exercise, index, case = _find(exercises, book, wanted)
    print(f"{exercise.name} on “{case.name}”: {given(exercise, case)}\n", flush=True)
    from autograder.wire import read_frame
    from autograder.worker import observe
    from autograder.worker.call import Call
    from autograder.worker.faults import Told
    from autograder.worker.runs import perform
    from autograder.worker.student import Student

    with book.of(exercise).path.open("rb") as file:
        header, blob = read_frame(file.read)
    observe.reset()
    files = {name: str(path) for name, path in submission.files.items()}
    student = Student(str(submission.root), files, submission.aliases)
    place: Callable[[Any], Any] = lambda tensor: tensor
    here: AbstractContextManager[None] = nullcontext()
    if exercise.judged(case) == "phantom":
        from autograder.worker import phantom

        phantom.install(lambda name: name.startswith(str(submission.root)))
        place, here = phantom.to_device, phantom.active()
    call = Call(header["cases"][index], blob, list(exercise.arguments), exercise.judged(case), place)
    try:
        with here:
            answer = perform(exercise, student.using(exercise.file), call)
    except Told as told:
        print(f"{told.fault['type']}: {told.fault['message']}", file=sys.stderr)
        return 1
    except Exception:
        traceback.print_exc()
        return 1
    print(f"\nThe answer:\n{answer}")
    return 0


def _find(exercises: list[Exercise], book: CaseBook, wanted: str) -> tuple[Exercise, int, Case]:
    names = []
    for exercise in exercises:
        for index, case in enumerate(book.of(exercise).cases):
            if wanted in (case.name, f"{exercise.name}:{case.name}", f"{exercise.name}:{index}"):
                return exercise, index, case
            names.append(case.name)
    close = difflib.get_close_matches(wanted, names, 1)
    hint = f"did you mean “{close[0]}”? " if close else ""
    raise UsageError(f"there is no case “{wanted}”; {hint}The cases are: {'; '.join(names)}")
