"""`%grade`, `%hint` and `%%grade`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from autograder.commands.grade import Asked, asked_for
from autograder.commands.show import hint
from autograder.course import find_course, require_homework
from autograder.errors import UsageError
from autograder.exercises import homework as exercises_of
from autograder.exercises import homeworks
from autograder.jupyter.cells import Selection, select
from autograder.jupyter.display import Progress, Report
from autograder.jupyter.history import History
from autograder.jupyter.session import Session, Stopped

STOPPED = "Stopped"


class _Sentence:
    """What a shell shows as one sentence, without a traceback."""

    of_the_grader = True

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Refused(_Sentence, Exception):
    """Wrong usage."""


class Interrupted(_Sentence, KeyboardInterrupt):
    """Grading was interrupted; no further cell is run."""


class Broken(_Sentence, Exception):
    """The grader itself failed."""


class GradeMagics:
    """The magics of one shell."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.history = History(shell)
        self.session = Session()

    def grade(self, line: str = "") -> None:
        """Grade cells as they were last run: %grade, %grade conv2d, %grade hw3, %grade hw3 conv2d."""
        self._grade(line)

    def grade_cell(self, line: str, cell: str) -> None:
        """Run the cell, then grade it with the cells that it needs: %%grade conv2d."""
        result = self.shell.run_cell(cell, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if error is None:
            self._grade(line)
        else:
            self.history.fail(type(error).__name__)
            print("The cell failed, so nothing was graded.")

    def hint(self, line: str = "") -> None:
        """Give the next hint for an exercise, one at a time: %hint conv2d, or %hint conv2d 1 for the first."""
        try:
            words = shlex.split(line)
            number = int(words.pop()) if len(words) > 1 and words[-1].isdecimal() else None
            if len(words) - (bool(words) and words[0] in homeworks()) != 1:
                raise UsageError("name one exercise: %hint conv2d")
            chosen = exercises_meant(words, frozenset()).exercises
            print(hint(chosen[0].homework, chosen[0].name, number, "%hint"))
        except (UsageError, ValueError) as error:
            raise Refused(str(error)) from None

    def _grade(self, line: str) -> None:
        try:
            chosen = exercises_meant(shlex.split(line), self.history.alive)
            names = [e.name for e in chosen.exercises]
            selection = select(self.history.runs, names, self.history.alive, self.history.deleted)
            self._show(selection, chosen)
        except (UsageError, ValueError) as error:
            raise Refused(str(error)) from None
        except (Stopped, KeyboardInterrupt):
            self.session.close()
            raise Interrupted(f"{STOPPED}: the processes that ran your code have ended.") from None
        except Exception as error:
            self.session.close()
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise Broken(f"The grader itself failed, not your code: {first}") from error

    def _show(self, selection: Selection, asked: Asked) -> None:
        exercises, reveal = asked.exercises, asked.reveal
        if getattr(self.shell, "kernel", None) is None:  # a terminal, where nothing can be replaced
            watcher = _Silent()
            print(Report(selection, tuple(self.session.grade(selection, exercises, watcher)), reveal=reveal).text())
            return
        from IPython.display import DisplayHandle

        place = DisplayHandle()
        place.display(Report(selection, (), f"Grading {exercises[0].name}", (0, len(exercises)), reveal))
        progress = Progress(selection, exercises, place, reveal)
        try:
            self.session.grade(selection, exercises, progress)
        except BaseException as error:
            progress.stop(STOPPED if isinstance(error, Stopped) else "Not graded")
            raise


class _Silent:
    def show(self, verdict: object) -> None:
        return

    def wait(self, why: str) -> None:
        print(why, flush=True)

    def tick(self) -> None:
        return


def exercises_meant(words: list[str], alive: frozenset[str]) -> Asked:
    """The exercises that were asked for, as the course grades them; without a homework among the words, those of the
    one that has the names. Without any word, the exercises of the homework to which the names in the kernel belong.
    UsageError where that is not clear."""
    if words and words[0] in homeworks():
        return _asked(words[0], *words[1:])
    owners = {e.name.lower(): name for name in reversed(homeworks()) for e in exercises_of(name)}
    if words:
        known = [owners[word.lower()] for word in words if word.lower() in owners]
        if not known:
            require_homework(words[0]) if words[0].lower().startswith("hw") else _unknown(words[0])
        return _asked(known[0], *words)
    begun = [name for name in _at_hand() if any(e.name in alive for e in exercises_of(name))]
    if len(begun) == 1:
        return _asked(begun[0])
    if not begun:
        raise UsageError("no cell that has been run defines an exercise; run your cells first, or type: %grade hw3")
    raise UsageError(f"the notebook has exercises of {' and '.join(begun)}; say which: %grade {begun[0]}")


def _asked(homework: str, *names: str) -> Asked:
    return asked_for(find_course(Path.cwd()), homework, names)


def _at_hand() -> list[str]:
    """The homeworks that can be graded here: in a bundle, those that it holds."""
    course = find_course(Path.cwd())
    return [name for name in homeworks() if not course.bundle or (course.root / "recordings" / name).is_dir()]


def _unknown(word: str) -> None:
    import difflib

    names = [e.name for name in homeworks() for e in exercises_of(name)]
    close = difflib.get_close_matches(word, names, 1) or difflib.get_close_matches(word.lower(), names, 1)
    suggestion = f"did you mean {close[0]}? " if close else ""
    raise UsageError(f"there is no exercise {word}; {suggestion}Type: %grade hw3, or !grade list")


def load(shell: Any) -> None:
    """Registers the magics; once for a shell."""
    if not hasattr(shell, "_autograder"):
        shell._autograder = GradeMagics(shell)
    magics = shell._autograder
    shell.register_magic_function(magics.grade, "line", "grade")
    shell.register_magic_function(magics.grade_cell, "cell", "grade")
    shell.register_magic_function(magics.hint, "line", "hint")


def unload(shell: Any) -> None:
    """Takes them away again and ends what they started."""
    found = shell.__dict__.pop("_autograder", None)
    if found is None:
        return
    found.history.close()
    found.session.close()
    for kind, name in (("line", "grade"), ("line", "hint"), ("cell", "grade")):
        shell.magics_manager.magics[kind].pop(name, None)
