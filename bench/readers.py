"""How fast each reader reads, beside the plainest way through the same bytes, and how much memory it takes.

    python bench/readers.py [--megabytes 20] [--times 3] [--only NAME] [--work DIR]

Each run is a process of its own: the CPU time of reading alone (nothing is kept; the start of Python doesn't count), and how far the process's
memory grew above what it held before. What is read, and beside what, stands in `made_exports.EXPORTS`.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import msgspec

from kring import sources, unpack
from kring.schema import Asked, Item
from kring.wire import Page
from made_exports import EXPORTS, Made
from timed import MIB, machine, table

SLOWEST = 10
"""No reader takes longer than this many times the plainest way."""


class Reading(msgspec.Struct):
    """One run."""

    cpu_s: float
    grown: int
    n: int
    """Records, or 0 for the plainest way."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=20, help="how large each export is made")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", default="", help="one reader")
    parser.add_argument("--work", type=Path, default=None, help="where to put what is made; removed afterwards")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        which, way, folder = options.one
        print(msgspec.json.encode(_one(EXPORTS[int(which)], way, Path(folder))).decode())
        return
    print(machine(), flush=True)
    compare(options.megabytes, options.times, options.only, options.work)


def compare(megabytes: float, times: int, only: str = "", work: Path | None = None) -> None:
    """Prints the table."""
    print("\nReading alone, nothing kept (medians of CPU time):\n")
    rows = []
    for which, made in enumerate(EXPORTS):
        if only in ("", made.reader):
            with tempfile.TemporaryDirectory(dir=work) as folder:
                size = written(made, Path(folder), megabytes * MIB)
                rows.append(_row(made, which, Path(folder), size, times))
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    head = ["reader", "what", "MiB", "records", "MiB/s", "beside", "its MiB/s", f"ratio (at most {SLOWEST})", "memory, MiB"]
    table(head, rows)


def written(made: Made, folder: Path, size: float) -> int:
    """Writes an export of about that size, and says how large it became."""
    few = 500
    n = max(few, int(size / _write(made, folder, few) * few))
    return _write(made, folder, n)


def _write(made: Made, folder: Path, n: int) -> int:
    total = 0
    for name, parts in made.files(n).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            for part in parts:
                total += out.write(part if isinstance(part, bytes) else part.encode())
    return total


def _row(made: Made, which: int, folder: Path, size: int, times: int) -> tuple[str, ...]:
    runs: dict[str, list[Reading]] = {"kring": [], "plain": []}
    for _ in range(times):
        for way, done in runs.items():
            one = [sys.executable, __file__, "--one", str(which), way, str(folder)]
            done.append(msgspec.json.decode(subprocess.run(one, check=True, capture_output=True).stdout, type=Reading))
    ours, plain = (median(each.cpu_s for each in done) for done in runs.values())
    grown = median(each.grown for each in runs["kring"])
    speeds = [f"{size / MIB / each:.1f}" for each in (ours, plain)]
    return (
        made.reader, made.form, f"{size / MIB:.1f}", f"{runs['kring'][0].n:,}", speeds[0], made.beside, speeds[1], f"{ours / plain:.1f}", f"{grown / MIB:.0f}",
    )  # fmt: skip


def _one(made: Made, way: str, folder: Path) -> Reading:
    if way == "plain":
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        files = [file for file in files if file.stat().st_size > 0.01 * max(each.stat().st_size for each in files)]
        before = time.process_time()
        for file in files:
            made.plainly(file)
        return Reading(time.process_time() - before, 0, 0)
    with tempfile.TemporaryDirectory() as spool, unpack.opened(folder, spool=Path(spool)) as opened:
        mine = by_reader(opened.pages)
        assert set(mine) == {made.reader}, f"{made.reader}, {made.form} is taken for {set(mine)}"
        sources.export(made.reader)
        held = _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        before = time.process_time()
        n = sum(len(item.records) for item in read(mine, place=made.place))
        return Reading(time.process_time() - before, _memory("VmHWM") - held, n)


def _memory(what: str) -> int:
    """Bytes this process holds (VmRSS), or the most it held since its mark was cleared by a 5 in clear_refs (VmHWM; proc(5))."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) * 1024


def by_reader(pages: list[Page]) -> dict[str, list[Page]]:
    """Pages by who reads them."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        if name := sources.recognise(page)[0]:
            found.setdefault(name, []).append(page)
    return found


def read(mine: dict[str, list[Page]], *, zone: str = "Europe/Amsterdam", place: str = "") -> Iterator[Item]:
    """All that is read."""
    for name, pages in mine.items():
        for each in sources.export(name).read(pages, Asked(zone=zone, place=place)):
            if isinstance(each, Item):
                yield each


if __name__ == "__main__":
    main()
