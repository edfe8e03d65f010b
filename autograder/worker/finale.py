"""Plays a finale with a student's code: the opening comes as JSON on standard input, lines of JSON go out."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    opening = json.load(sys.stdin)
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    from autograder.exercises import homework
    from autograder.finales import finale_of
    from autograder.finales.stage import Cast, Stage
    from autograder.worker import lightning
    from autograder.worker.faults import describe
    from autograder.worker.student import Student

    finale = finale_of(opening["homework"])
    assert finale is not None
    student = Student(opening["root"], opening["files"], opening["aliases"])
    files = {exercise.name: exercise.file for exercise in homework(finale.homework)}
    lightning.stand_in()
    os.chdir(opening["scratch"])
    sys.path.insert(0, str(Path(opening["root"])))
    try:
        finale.play(Cast(student, files), Stage(sink))
    except BaseException as error:
        sink.write(json.dumps({"fault": describe(error, opening["root"])}) + "\n")
        sink.flush()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
