"""Small towns and circles made of them, once for each test process and copied for each test; and the command line as a test types it."""

import atexit
import contextlib
import functools
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kring
from kring import town as towns
from kring.cli.app import run

ROOT = Path(__file__).resolve().parents[1]
HALL = "Gemeente Waterdrecht"


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kring-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def town(people: int = 100, seed: int = 7, strengths: tuple[tuple[str, float], ...] = ()) -> Path:
    """The folder of a town; nobody may write in it."""
    folder = _folder() / f"town-{people}-{seed}-{abs(hash(strengths))}"
    towns.build(folder, people=people, seed=seed, strengths=dict(strengths))
    return folder


@functools.cache
def truth(folder: Path) -> Mapping[str, Any]:
    """What is true of a town."""
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


@functools.cache
def _circle_of(town: Path) -> Path:
    folder = _folder() / f"circle-of-{town.name}"
    with kring.new(folder, name="Waterdrecht", zone="Europe/Amsterdam", fictional=True) as circle:
        circle.import_(town / "exports")
        circle.us_add(named=HALL)
    return folder


def circle_of(town: Path, to: Path) -> Path:
    """A copy of its own of the circle that holds all exports of a town and knows who we are."""
    shutil.copytree(_circle_of(town), to)
    return to


@dataclass(frozen=True, slots=True)
class Said:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What `--format json` wrote."""
        return json.loads(self.out)


def typed(*words: object) -> Said:
    """A command line, in this process; an exception that Kring doesn't foresee goes through."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


def environment(**more: str) -> dict[str, str]:
    """An environment in which `python -m kring` runs this checkout and no setting of whoever runs the tests is heard."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("KRING_")}
    return mine | {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error", "COLUMNS": "120"} | more


_SMALL = "import kring.store.keep as keep; keep._BATCH_ITEMS = 300; from kring.cli import main; main()"


def started(
    *words: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, small: bool = False, **how: Any
) -> subprocess.Popen[str]:
    """`kring` as a process of its own, with pipes to it; `small` makes it keep what it reads in small batches, so that there are many."""
    program = ("-c", _SMALL) if small else ("-m", "kring")
    how = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "encoding": "utf-8",
        "errors": "replace",
        # A shell's background jobs ignore Ctrl-C, and their children inherit that; a user's kring doesn't.
        "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    } | how
    return subprocess.Popen([sys.executable, *program, *map(str, words)], cwd=cwd, env=environment(**(env or {})), **how)


def in_process_of_its_own(*words: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, **how: Any) -> Said:
    """`kring` as a process of its own, to its end."""
    with started(*words, cwd=cwd, env=env, **how) as process:
        out, err = process.communicate(timeout=120)
    return Said(process.returncode, out or "", err or "")


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """The current folder is this one, for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
