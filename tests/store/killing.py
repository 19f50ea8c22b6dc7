"""Kills imports at random moments and looks at what is left: python tests/store/killing.py EXPORTS KILLS SEED

A program of its own, because it forks: each import is a child that is killed, half of them before a statement to the database that was drawn
beforehand, half at a time that was drawn. Prints a line of JSON for each.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

import kring
from kring.store import keep
from store.content import beneath, everything

keep._BATCH_ITEMS = 300  # ten batches and more, also for a few thousand posts
_FOREVER = 1 << 60


def imported(circle: Path, exports: Path, last: int = _FOREVER) -> int:
    """Imports, and is killed before the statement of that number; gives how many statements there were."""
    n = 0

    def count(*_: object) -> None:
        nonlocal n
        n += 1
        if n == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        with kring.open(circle) as opened:
            opened.import_(exports)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return n


def killed(circle: Path, exports: Path, statement: int = _FOREVER, after_s: float = _FOREVER) -> bool:
    """Imports in a child that is killed; False if it came to its end before."""
    child = os.fork()
    if not child:
        imported(circle, exports, statement)
        os._exit(0)
    if after_s < _FOREVER:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def content(circle: Path) -> dict[str, list[str]]:
    with kring.open(circle) as opened:
        return everything(opened.engine) | beneath(opened.engine)


def wrong(circle: Path) -> list[str]:
    """What doctor finds wrong."""
    with kring.open(circle) as opened:
        return [check.what for check in opened.doctor() if not check.ok]


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(exports: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        empty, whole = Path(folder) / "empty", Path(folder) / "whole"
        kring.new(empty).close()
        shutil.copytree(empty, whole)
        imported(whole, exports)  # the first time other things are loaded, too
        expected, allowed = content(whole), wrong(whole)
        shutil.rmtree(whole)
        shutil.copytree(empty, whole)
        began = time.monotonic()
        statements = imported(whole, exports)
        took_s = time.monotonic() - began
        tell(statements=statements, batches=len(expected["posts"]) // 300, same_twice=content(whole) == expected)
        for n in range(kills):
            circle = Path(folder) / f"circle-{n}"
            shutil.copytree(empty, circle)
            when = {"statement": chance.randint(1, statements)} if n % 2 else {"after_s": chance.random() * took_s}
            told = {"when": when, "killed": killed(circle, exports, **when)}
            if n % 4 == 3:  # and the one that should have completed it, too
                told["again"] = killed(circle, exports, statement=chance.randint(1, statements))
            told["wrong"] = [what for what in wrong(circle) if what not in allowed]
            imported(circle, exports)
            there = content(circle)
            told["differs"] = [name for name in expected if there[name] != expected[name]]
            told["wrong_after"] = [what for what in wrong(circle) if what not in allowed]
            tell(**told)
            shutil.rmtree(circle)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
