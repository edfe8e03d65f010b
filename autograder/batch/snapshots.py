"""Copies of what was handed in, kept by their content, so that a grade can be made again and explained."""

from __future__ import annotations

import errno
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.batch.intake import content_key, submission_of
from autograder.batch.ledger import Handed
from autograder.batch.records import Attempt
from autograder.errors import UsageError
from autograder.settings import Settings
from autograder.submission import Submission

FOLDER, INCOMING = "submissions", "incoming"


class Snapshots:
    """The copies in one output folder, and what is on its way there."""

    def __init__(self, out: Path) -> None:
        self._kept = out / FOLDER
        self.incoming = out / INCOMING

    def __enter__(self) -> Snapshots:
        shutil.rmtree(self.incoming, ignore_errors=True)
        for folder in (self._kept, self.incoming):
            folder.mkdir(mode=0o755, exist_ok=True)
        return self

    def __exit__(self, *exception: object) -> None:
        shutil.rmtree(self.incoming, ignore_errors=True)

    def take(
        self,
        attempts: Sequence[Attempt],
        homework: str,
        files: list[str],
        chosen: Settings,
        stubs: Path,
    ) -> list[Handed]:
        """Copies each attempt that can count. One that cannot be read is handed in with a problem. `stubs` is the
        folder that students were given."""
        handed = []
        for place, attempt in enumerate(_that_can_count(attempts, homework, chosen)):
            work, problem = None, ""
            try:
                work = self._keep(submission_of(attempt, files, self.incoming / str(place), homework, stubs))
            except UsageError as error:
                if _is_ours(error.__context__):
                    raise UsageError(
                        f"the copies of the submissions do not fit on the disk that holds {self.incoming.parent}; free "
                        "some space and type the same command again"
                    ) from None
                problem = str(error)
            facts = attempt.submitted, attempt.late, attempt.members
            handed.append(Handed(attempt.student, attempt.number, *facts, work, problem))
        return handed

    def _keep(self, submission: Submission) -> str:
        """The key of the copy, which is made whole or not at all."""
        root = submission.root.resolve()
        manifest = {file: str(path.resolve().relative_to(root)) for file, path in sorted(submission.files.items())}
        key = content_key(submission)
        if not (self._kept / f"{key}.json").is_file():
            shutil.rmtree(self._kept / key, ignore_errors=True)
            root.rename(self._kept / key)
            written = self.incoming / f"{key}.json"
            written.write_text(json.dumps(manifest), "utf-8")
            written.replace(self._kept / f"{key}.json")
        return key

    def open(self, key: str) -> Submission:
        """The copy of this content. UsageError where it is gone."""
        root = self._kept / key
        try:
            manifest = json.loads((self._kept / f"{key}.json").read_text("utf-8"))
        except (OSError, ValueError):
            raise UsageError(f"the copy {key[:12]}… is gone from {self._kept}; run grade batch again") from None
        return Submission(key, root.resolve(), {file: (root / path).resolve() for file, path in manifest.items()})


def _is_ours(error: BaseException | None) -> bool:
    """Whether it is the disk that failed, and not the submission."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def _that_can_count(attempts: Sequence[Attempt], homework: str, chosen: Settings) -> Iterator[Attempt]:
    by_student: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_student[attempt.student].append(attempt)
    for mine in by_student.values():
        yield from chosen.to_grade(homework, mine)
