"""`grade stubs` and `grade release`: what students receive, and the table of the exercises."""

from __future__ import annotations

from pathlib import Path

from autograder import syllabus
from autograder.commands.audit import instructors
from autograder.course import require_homework
from autograder.exercises import homeworks
from autograder.stubs import generated


def run_stubs(root: Path | None, check: bool) -> int:
    """Writes (or, with check, only names) the files under assignments/, and the table of exercises, that are out of
    date."""
    course = instructors(root)
    stale = 0
    texts = {path: text for name in homeworks() for path, text in generated(course, name).items()}
    texts[course / syllabus.PAGE] = syllabus.page(course)
    for path, text in texts.items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(course)}")
    if not stale:
        print("assignments/ is up to date")
    return 1 if check and stale else 0


def run_release(homework: str, out: Path, wheel: Path | None, root: Path | None) -> int:
    from autograder.bundle import release

    course = instructors(root)
    folder, archive, reveal = release(course, require_homework(homework), out.resolve(), wheel)
    print(f"wrote {folder} and {archive.name} ({archive.stat().st_size / 1024:.0f} KiB)")
    if reveal != "case":
        print(f"Of failed checks it reveals what course.toml says now: {reveal}. Release again when that changes.")
    print("It holds the answers to the visible cases: give grades with grade batch --secret FILE.")
    return 0
