"""The table of ways to write device code, on the simulated device and on a real one: python -m tests.phantom.table"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from rich.text import Text

sys.path.insert(0, str(Path(__file__).parent))

from phantom_client import Bench

from tests.phantom.seeing import Seen, found
from tests.phantom.ways import Caught, Way, right_ways, ways


@dataclass(frozen=True)
class Row:
    """A way and what was found of it on a device."""

    way: Way
    seen: Seen
    caught: Caught | None

    @property
    def as_expected(self) -> bool:
        return bool(self.seen.missing) or self.caught is self.way.caught


def rows(bench: Bench, device: str, chosen: list[Way]) -> Iterator[Row]:
    """The ways on one device. What a topic's right ways do is seen once."""
    known: dict[str, Seen] = {}

    def see(way: Way) -> Seen:
        if way.name not in known:
            known[way.name] = Seen.of(bench.run(device, way.run)["seen"])
        return known[way.name]

    for way in chosen:
        seen = see(way)
        missing = bool(seen.missing)
        yield Row(way, seen, None if missing else found(seen, [see(right) for right in right_ways(way.topic)]))


def _told(row: Row) -> Text:
    if row.seen.missing:
        return Text(f"needs {row.seen.missing}", "dim")
    text = "right" if row.caught is None else row.caught.value
    return Text(text, "" if row.as_expected else "bold red")


def main() -> int:
    """0 where every way was found to be what it is, on every device that there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="topics or ways; all when left out")
    parser.add_argument("--messages", action="store_true", help="also what the devices said")
    asked = parser.parse_args()
    chosen = [way for way in ways().values() if not asked.names or {way.name, way.topic} & set(asked.names)]
    devices = ["phantom", *(["cuda"] if torch.cuda.is_available() else [])]
    columns: dict[str, list[Row]] = {}
    for device in devices:
        bench = Bench(device)
        columns[device] = list(rows(bench, device, chosen))
        bench.close()
    table = Table("topic", "way", "is", *devices, box=None)
    wrong = 0
    for place, way in enumerate(chosen):
        found_here = [columns[device][place] for device in devices]
        wrong += any(not row.as_expected for row in found_here)
        is_ = "right" if way.caught is None else way.caught.value
        table.add_row(way.topic, Text(way.says), is_, *(_told(row) for row in found_here))
        if asked.messages:
            for device, row in zip(devices, found_here, strict=True):
                if row.seen.error:
                    table.add_row("", Text(f"{device}: {row.seen.error}: {row.seen.text.splitlines()[0]}", "dim"))
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    rights = sum(way.caught is None for way in chosen)
    here = "" if "cuda" in devices else "; this machine has no GPU to compare with"
    console.print(f"{len(chosen) - rights} mistakes, {rights} right ways, {wrong} not as expected{here}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
