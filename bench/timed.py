"""Runs a program and says how long it took and how much memory it needed; medians of several; what machine this is."""

import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

MIB = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """One run, or the medians of several."""

    wall_s: float
    cpu_s: float
    rss: int
    """The most memory it held, in bytes."""


def run(command: Sequence[str | Path], **environment: str) -> Run:
    """Runs a program to its end; stops the benchmark if it fails."""
    before = time.perf_counter()
    process = subprocess.Popen([*map(str, command)], env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{said.decode(errors='replace')[-2000:]}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def medians(times: int, *ways: Callable[[], Run]) -> list[Run]:
    """Runs each way so many times, in turn so that a busy machine is unfair to none, and gives the medians."""
    runs: list[list[Run]] = [[] for _ in ways]
    for _ in range(times):
        for way, done in zip(ways, runs, strict=True):
            done.append(way())
    return [Run(median(r.wall_s for r in done), median(r.cpu_s for r in done), int(median(r.rss for r in done))) for done in runs]


def machine() -> str:
    """One line about where the figures come from."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    busy = os.getloadavg()[0]
    return (
        f"{date.today()} · {os.cpu_count()} cores ({model}), {memory:.0f} GiB, load {busy:.1f} at the start · {platform.system()}"
        f" · Python {platform.python_version()} · SQLite {sqlite3.sqlite_version} · {' '.join(sys.argv)}"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a Markdown table."""
    print(f"| {' | '.join(head)} |\n|{'|'.join(['---', *['---:'] * (len(head) - 1)])}|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)
