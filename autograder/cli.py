"""The command line: words in, exit status out. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import UsageError

FULL, LESS, USAGE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Grade homework: grade hw3, grade hw3 conv2d, grade list, grade hint hw3 conv2d, grade doctor.",
)

nbgrader = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="A course of nbgrader's with these homeworks and their scores."
)
app.add_typer(nbgrader, name="nbgrader")

Root = Annotated[Path | None, typer.Option("--root", help="the course's folder; found by itself when left out")]
Names = Annotated[list[str] | None, typer.Argument(help="homeworks or exercises; all when left out")]
Jobs = Annotated[int, typer.Option(help="submissions at a time")]


def run(arguments: list[str]) -> int:
    """Runs the program: exit status 0 full marks, 1 less, 2 wrong usage, 3 the grader itself failed."""
    try:  # newer versions of typer carry click inside
        from typer._click.exceptions import ClickException  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        from click.exceptions import ClickException  # type: ignore[import-not-found,no-redef,unused-ignore]

    if arguments and not arguments[0].startswith("-") and arguments[0] not in _commands():
        arguments = ["run", *arguments]
    try:
        status = int(app(arguments, standalone_mode=False, prog_name="grade") or 0)
        if status == INTERRUPTED:  # newer versions of typer return it
            print("stopped", file=sys.stderr)
        return status
    except UsageError as error:
        print(f"grade: {error}", file=sys.stderr)
        return USAGE
    except ClickException as error:
        print(f"grade: {error.format_message()} Type: grade --help", file=sys.stderr)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN
    except Exception as error:
        return _broken(error)


def _commands() -> set[str]:
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    return known | {str(group.name) for group in app.registered_groups}


def _broken(error: Exception) -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="grade-error-", suffix=".txt", delete=False, encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    print(f"grade: the grader itself failed, not your code: {first}\nDetails are in {log.name}", file=sys.stderr)
    return BROKEN


@app.command("run")
def run_grade(
    homework: Annotated[str, typer.Argument(help="the homework, for example hw3")],
    exercises: Annotated[list[str] | None, typer.Argument(help="exercises; all of them when left out")] = None,
    path: Annotated[
        Path | None, typer.Option(help="a folder, .py, .ipynb or .zip; the working folder otherwise")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, phantom or cuda")] = "auto",
    json: Annotated[Path | None, typer.Option(help="also write the results to this file")] = None,
    html: Annotated[Path | None, typer.Option(help="also write the results to this file, as a page")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="grade again whenever a file is saved")] = False,
    debug: Annotated[
        str | None, typer.Option(metavar="CASE", help="replay one case in this process, with prints and breakpoints")
    ] = None,
    linear: Annotated[bool, typer.Option("--linear", help="plain lines instead of tables")] = False,
    finale: Annotated[bool, typer.Option("--finale", help="put your exercises together and see what they do")] = False,
    time: Annotated[bool, typer.Option("--time", help="also measure how long your code takes")] = False,
    root: Root = None,
) -> int:
    """Grade a homework, or some of its exercises."""
    from autograder.commands.grade import Request, grade

    request = Request(
        homework, tuple(exercises or ()), path, device, json, watch, debug, linear, root, html, finale, time
    )
    return grade(request)


@app.command("list")
def list_homeworks(homework: Annotated[str | None, typer.Argument()] = None) -> int:
    """List the homeworks and their exercises."""
    from autograder.commands.show import show_list

    return show_list(homework)


@app.command()
def hint(homework: str, exercise: str, number: Annotated[int | None, typer.Argument()] = None) -> int:
    """Give the next hint for an exercise, one at a time."""
    from autograder.commands.show import show_hint

    return show_hint(homework, exercise, number)


@app.command()
def doctor() -> int:
    """Say what this machine can do, by trying it."""
    from autograder.commands.doctor import run_doctor

    return run_doctor()


@app.command()
def audit(
    names: Names = None,
    root: Root = None,
    jobs: Jobs = 2,
    quick: Annotated[bool, typer.Option("--quick", help="each mistake once; its rewrite is not graded")] = False,
) -> int:
    """Prove that the exercises are sound: solutions, stubs, variants, mistakes."""
    from autograder.commands.audit import run_audit

    return run_audit(names or [], root, jobs, quick)


@app.command()
def stubs(
    root: Root = None, check: Annotated[bool, typer.Option("--check", help="only say what is out of date")] = False
) -> int:
    """Write assignments/ from solutions/."""
    from autograder.commands.author import run_stubs

    return run_stubs(root, check)


@app.command()
def release(
    homework: str,
    out: Annotated[Path, typer.Option(help="where the bundle goes")] = Path("dist"),
    wheel: Annotated[Path | None, typer.Option(help="the kit's wheel, to be put into the bundle")] = None,
    root: Root = None,
) -> int:
    """Make a student bundle: stubs, notebook and recordings, no solution."""
    from autograder.commands.author import run_release

    return run_release(homework, out, wheel, root)


@app.command()
def colab(
    homework: str,
    address: Annotated[str, typer.Option("--from", help="where the bundle HW.zip is published: https://…")],
) -> int:
    """Print the cell that makes a Colab notebook ready, for students to copy or for the notebook's top."""
    from autograder.colab import colab_cell
    from autograder.course import require_homework

    print(colab_cell(require_homework(homework), address))
    return 0


@app.command()
def batch(
    homework: str,
    submissions: Annotated[Path, typer.Argument(help="a folder, or an export of Canvas, Moodle, Gradescope, nbgrader")],
    out: Annotated[Path, typer.Option(help="where grades, results and feedback go, and what is kept between runs")],
    jobs: Annotated[int, typer.Option(help="submissions at a time; the number of cores when left out")] = 0,
    only: Annotated[list[str] | None, typer.Option(help="only these students (may hold * and ?)")] = None,
    without: Annotated[list[str] | None, typer.Option("--except", help="not these students")] = None,
    device: Annotated[str, typer.Option(help="auto, phantom, or cuda for a real GPU as well")] = "auto",
    gpus: Annotated[str, typer.Option(help="with --device cuda: which, as 0,1; one worker each")] = "",
    gpu_memory: Annotated[float, typer.Option(help="GiB of a GPU's memory that a worker may take; 0 for all")] = 0.0,
    cpu: Annotated[float, typer.Option(help="seconds of processor time that one case may take")] = 4.0,
    memory: Annotated[float, typer.Option(help="GiB of memory that student code may take")] = 3.0,
    require_isolation: Annotated[str, typer.Option(help="default, all, none, or layers and commas")] = "default",
    secret: Annotated[Path | None, typer.Option(help="a file that seeds the hidden cases")] = None,
    roster: Annotated[Path | None, typer.Option(help="a CSV of the students")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="pseudonyms instead of names in all outputs")] = False,
    time: Annotated[bool, typer.Option("--time", help="also measure how long the answers take, and show it")] = False,
    root: Root = None,
) -> int:
    """Grade all submissions, isolated and side by side; run it again to go on where it stopped."""
    from autograder.commands.batch import BatchRequest, run_batch

    chosen = tuple(only or ()), tuple(without or ())
    return run_batch(
        BatchRequest(
            homework,
            submissions,
            out,
            jobs,
            *chosen,
            device,
            cpu,
            memory,
            require_isolation,
            secret,
            roster,
            anonymous,
            root,
            time,
            gpus,
            gpu_memory,
        )
    )


@app.command()
def regrade(
    graded: Annotated[Path, typer.Argument(metavar="DIR", help="what --out named in grade batch")],
    diff: Annotated[bool, typer.Option("--diff", help="only show who would change, by how much and why")] = False,
    lower: Annotated[bool, typer.Option("--lower", help="give lower grades too")] = False,
    jobs: Annotated[int, typer.Option(help="submissions at a time; the number of cores when left out")] = 0,
    root: Root = None,
) -> int:
    """Grade a batch again after a change of kit, exercises or weights."""
    from autograder.commands.regrade import run_regrade

    return run_regrade(graded, diff, lower, jobs, root)


@app.command()
def override(
    graded: Annotated[Path, typer.Argument(metavar="DIR", help="what --out named in grade batch")],
    student: str,
    exercise: str,
    points: float,
    why: Annotated[str, typer.Option(help="the reason, which the student reads")],
    root: Root = None,
) -> int:
    """Set a student's points for an exercise; no regrade changes them."""
    from autograder.commands.override import run_override

    return run_override(graded, student, exercise, points, why, root)


@app.command()
def explain(
    graded: Annotated[Path, typer.Argument(metavar="DIR", help="what --out named in grade batch")],
    student: str,
    check: Annotated[
        str | None, typer.Argument(help="for example conv2d.value.stride; all that failed otherwise")
    ] = None,
    script: Annotated[Path | None, typer.Option(help="where the script that shows the failure goes")] = None,
    root: Root = None,
) -> int:
    """Say where a student's points went, and replay one check."""
    from autograder.commands.explain import run_explain

    return run_explain(graded, student, check, script, root)


@app.command()
def mutate(
    names: Names = None,
    jobs: Jobs = 2,
    limit: Annotated[int | None, typer.Option(help="at most so many mutants an exercise, evenly spread")] = None,
    json: Annotated[Path | None, typer.Option(help="also write every mutant and its fate to this file")] = None,
    root: Root = None,
) -> int:
    """Change the solutions a little, thousands of times, and see whether the checks notice."""
    from autograder.commands.mutate import run_mutate

    return run_mutate(names or [], root, jobs, limit, json)


@nbgrader.command("init")
def nbgrader_init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a new folder, or a course of nbgrader's")],
    homeworks: Annotated[list[str] | None, typer.Argument(help="all of them when left out")] = None,
    exchange: Annotated[Path | None, typer.Option(help="nbgrader's exchange, for a new course")] = None,
    roster: Annotated[Path | None, typer.Option(help="a CSV of the students")] = None,
    root: Root = None,
) -> int:
    """Make a course of nbgrader's, or add homeworks to one."""
    from autograder.commands.nb import run_init

    return run_init(folder, homeworks or [], exchange, roster, root)


@nbgrader.command("sync")
def nbgrader_sync(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="the course; the working folder when left out")
    ] = Path(),
    homeworks: Annotated[list[str] | None, typer.Argument(help="all that it holds when left out")] = None,
    force: Annotated[bool, typer.Option("--force", help="also cells that were changed or removed")] = False,
    root: Root = None,
) -> int:
    """Bring the kit's cells in a course of nbgrader's up to date; everything else stays."""
    from autograder.commands.nb import run_sync

    return run_sync(folder, homeworks or [], force, root)


@nbgrader.command("autograde")
def nbgrader_autograde(
    assignment: Annotated[str, typer.Argument(help="the assignment, for example hw3")],
    folder: Annotated[Path, typer.Option("--dir", help="the course; the working folder when left out")] = Path(),
    student: Annotated[str, typer.Option(help="only these students (may hold * and ?)")] = "*",
    force: Annotated[bool, typer.Option("--force", help="again, also what is graded already")] = False,
) -> int:
    """Run nbgrader autograde, with the grades of isolated workers."""
    from autograder.commands.nb import run_autograde

    return run_autograde(assignment, folder, student, force)
