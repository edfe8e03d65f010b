"""`grade doctor`: what this machine can do, tried and not read off a flag. Works when torch cannot be imported."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder import __version__


@dataclass(frozen=True)
class Finding:
    """One thing tried: whether it works, and what follows from that."""

    name: str
    works: bool
    detail: str
    needed: bool = False


def run_doctor() -> int:
    """0 when homework can be graded here, 1 when something that is needed is missing."""
    console = Console(highlight=False)
    console.print(
        f"torch-course-kit {__version__}, Python {platform.python_version()} on {platform.platform()}", markup=False
    )
    table = Table(box=None, show_header=False, padding=(0, 1))
    findings = [finding for check in CHECKS for finding in _listed(check())]
    for finding in findings:
        mark = (
            Text("✓", "green")
            if finding.works
            else Text("✗" if finding.needed else "–", "red" if finding.needed else "dim")
        )
        table.add_row(mark, Text(finding.name), Text(finding.detail))
    console.print(table)
    console.print("\nWhat is checked where, and why", markup=False)
    where = Table(box=None, show_header=False, padding=(0, 1))
    for name, here, text in places({finding.name: finding.works for finding in findings}):
        where.add_row(Text(here, "" if here == "yes" else "dim"), Text(name), Text(text))
    console.print(where)
    return 0 if all(f.works for f in findings if f.needed) else 1


def _torch() -> Finding:
    done = _python("import torch; print(torch.__version__)", 120)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return Finding(
            "torch", False, f"cannot be imported ({last}); pip install -c constraints.txt torch", needed=True
        )
    return Finding("torch", True, done.stdout.strip(), needed=True)


def _worker() -> Finding:
    from autograder.starters import can_fork

    done = _python(
        "from autograder.starters import starter\ns = starter(); w = s.start(); w.kill(); s.close(); print('ok')", 120
    )
    way = "forked from a process that has torch imported" if can_fork() else "a fresh interpreter each (slower)"
    if done.returncode:
        return Finding("workers", False, "a worker could not be started", needed=True)
    return Finding("workers", True, f"student code runs in processes of its own, {way}", needed=True)


def _phantom() -> Finding:
    code = (
        "from autograder.worker import phantom\nimport torch\nphantom.install(lambda f: True)\n"
        "with phantom.active():\n x = torch.ones(2, device='cuda')\n assert x.is_cuda\n print((x + x).sum().item())"
    )
    done = _python(code, 120)
    if done.returncode:
        return Finding("simulated cuda", False, "not with this torch; device checks cannot be graded", needed=True)
    return Finding("simulated cuda", True, "device checks are graded on any machine", needed=True)


def _cuda() -> Finding:
    done = _python("import torch; assert torch.cuda.is_available(); print(torch.cuda.get_device_name())", 120)
    if done.returncode:
        return Finding("real cuda", False, "no GPU that torch can use; nothing depends on one")
    return Finding("real cuda", True, f"{done.stdout.strip()}; try: grade hw3 --device cuda")


def _mps() -> Finding:
    code = "import torch; assert torch.backends.mps.is_available(); print(torch.ones(2, device='mps').sum().item())"
    if _python(code, 120).returncode:
        return Finding("mps", False, "no GPU of a Mac that torch can use; nothing is checked on one")
    return Finding("mps", True, "your code can use it; nothing is checked on it")


def places(works: Mapping[str, bool]) -> list[tuple[str, str, str]]:
    """Name, whether it is so here, and what is checked there: the four kinds of device. `works` says which of the
    findings do."""
    return [
        (
            "cpu",
            "yes" if works.get("workers") else "no",
            "values, gradients, arguments, operators, growth, memory: the points. The same numbers everywhere, in one "
            "thread and on dyadic inputs, so that no machine gives another mark.",
        ),
        (
            "simulated cuda",
            "yes" if works.get("simulated cuda") else "no",
            "whether code written for cuda runs, gives the same values, keeps its answer there and waits no more than "
            "it must: the points for that. It computes on the CPU and refuses to mix devices as CUDA does, so that "
            "nobody needs a GPU; what only a real one shows (races, memory of kernels, speed) it cannot.",
        ),
        (
            "real cuda",
            "yes" if works.get("real cuda") else "no",
            "with --device cuda the same once more, and what only a real GPU shows: late writes, device asserts, half "
            "precision, memory that stays. Shown beside the points, which it changes only where course.toml says so "
            "for everybody. Not verified on a GPU.",
        ),
        (
            "mps",
            "yes" if works.get("mps") else "no",
            "nothing: it has no float64, so the references cannot run there. Code that picks it up is graded on the "
            "devices above; exercises that ask for a device are asked on simulated machines, with mps among them.",
        ),
    ]


def _limits() -> Finding:
    try:
        import resource
    except ImportError:
        return Finding("memory limit", False, "this system has none; a submission may use all memory")
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return Finding(
        "memory limit",
        True,
        "workers are bounded" + ("" if soft == resource.RLIM_INFINITY else f" ({soft:,} bytes here)"),
    )


def _isolation() -> list[Finding]:
    from autograder.isolation import DEFAULT, LAYERS, attempt

    trial = attempt()
    held = [layer for layer in LAYERS if layer in trial.layers and layer not in DEFAULT]
    missing = [layer for layer in LAYERS if layer not in trial.layers and layer not in DEFAULT]
    told = f"layers that hold: {', '.join(held) or 'none'}" + (f"; not here: {', '.join(missing)}" if missing else "")
    findings = [Finding("isolation", trial.holds >= DEFAULT, told + "; grade batch asks for it")]
    for group, tries in trial.escapes.items():
        worked = [what for what, works in tries.items() if works]
        detail = f"a locked process could {', '.join(worked)}" if worked else f"refused: {', '.join(tries)}"
        findings.append(Finding(f"  {group}", not worked, detail))
    return findings


def _extras() -> Finding:
    import importlib.util

    names = ("watchfiles", "jupytext", "nbformat", "nbgrader")
    have = [name for name in names if importlib.util.find_spec(name)]
    return Finding("extras", bool(have), ", ".join(have) or "none installed; none is needed for grading")


def _listed(found: Finding | list[Finding]) -> list[Finding]:
    return found if isinstance(found, list) else [found]


CHECKS: tuple[Callable[[], Finding | list[Finding]], ...] = (
    _torch,
    _worker,
    _phantom,
    _cuda,
    _mps,
    _limits,
    _isolation,
    _extras,
)


def _python(code: str, seconds: float) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess([], 1, "", f"no answer after {seconds:g} seconds")
