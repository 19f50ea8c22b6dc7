"""How soon the figures follow when accounts turn out to be one person's, on a million posts.

    python bench/persons_time.py [--posts 1000000] [--accounts 100000] [--merged 20000] [--times 3] [--work DIR] [--circle DIR]

A forum and its replies, as records in Kring's own lines. Each time is of a circle opened anew: from saying that accounts are one person's to
having a figure that knows it.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import kring
from kring.kring import Circle
from kring.schema import Account, Place, Post, Record, Scope
from kring.sources import kring_lines
from kring.sources.kring_lines import FORM, Head
from kring.store.claims import SAME, Said
from kring.verbs.merge import Plan
from timed import machine, table

TARGET_S = 5.0
MEASURES = ("degree", "reciprocity", "activity", "threads", "questions", "response")
_MINUTE_US = 60_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--merged", type=int, default=20_000, help="how many accounts are claimed to be another's first")
    parser.add_argument("--times", type=int, default=3, help="how often each is done; the median is told")
    parser.add_argument("--work", type=Path, default=None, help="where to put what is made; removed afterwards")
    parser.add_argument("--circle", type=Path, default=None, help="keep the circle here, and take it as it is if it is there")
    options = parser.parse_args()
    print(f"{machine()}\n")
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        circle = options.circle or Path(folder) / "circle"
        if not circle.exists():
            _fill(circle, Path(folder), options.posts, options.accounts, options.merged)
        _time(circle, options.accounts, options.times)


def _records(posts: int, accounts: int) -> Iterator[Record]:
    dice = random.Random(1)
    yield Place(id="m:forum", kind="forum")
    yield Scope(place="m:forum")
    for k in range(accounts):
        yield Account(id=f"m:p{k}", name=f"Name {k}")
    for n in range(posts):
        author = int(accounts * dice.random() ** 2)
        reply = f"m:{dice.randrange(max(0, n - 5_000), n)}" if n and dice.random() < 0.8 else ""
        text = "wie weet het" if n % 3 else "wie weet het?"
        at = 1_600_000_000_000_000 + n * _MINUTE_US
        yield Post(
            id=f"m:{n}", kind="note", author=f"m:p{author}", reply_to=reply, text=text, place="m:forum", at=at, offset_s=0, zone="UTC"
        )


def _fill(folder: Path, work: Path, posts: int, accounts: int, merged: int) -> None:
    file = work / "forum.ndjson"
    head = Head(form=FORM, made_at="2026-01-01T00:00:00Z", circle="forum", text="", n=posts)
    with file.open("wb") as stream:
        stream.write(kring_lines.head_line(head))
        stream.writelines(map(kring_lines.line, _records(posts, accounts)))
    with kring.new(folder, zone="UTC") as circle:
        circle.import_(file)
        circle.us_add("m:p0")
        dice = random.Random(2)
        pairs = [dice.sample(range(1, accounts), 2) for _ in range(merged)]
        circle.carry_out(Plan(tuple(Said(SAME, f"m:p{a}", f"m:p{b}") for a, b in pairs)))


def _time(folder: Path, accounts: int, times: int) -> None:
    one, others = f"m:p{accounts - 1}", [f"m:p{accounts - 2 - k}" for k in range(times)]

    def merged_and(measure: Callable[[Circle], object]) -> tuple[float, float]:
        """Seconds of the clock and of the processor, from saying so to the figure; the median of several."""
        took = []
        for other in others:
            with kring.open(folder) as circle:
                measure(circle)  # compiled, and the system's memory warm: the figure was there before
                began, used = time.perf_counter(), time.process_time()
                numbers = circle.carry_out(circle.merging(one, other))
                measure(circle)
                took.append((time.perf_counter() - began, time.process_time() - used))
                circle.carry_out(circle.undoing(claims=numbers))
        return median(wall for wall, _ in took), median(cpu for _, cpu in took)

    asked: list[tuple[str, Callable[[Circle], object]]] = [(name, partial(Circle.measure, name=name)) for name in MEASURES]
    asked += [("the list of people", lambda circle: circle.people(limit=20))]
    asked += [("what a merge would change", lambda circle: circle.preview(circle.undoing(claims=[2])))]
    rows = []
    for name, measure in asked:
        wall, cpu = merged_and(measure)
        rows.append((f"merge, then {name}", f"{wall:.1f}", f"{cpu:.1f}", "yes" if wall <= TARGET_S else "no"))
    table(("", "s", "CPU s", f"within {TARGET_S:g} s"), rows)


if __name__ == "__main__":
    main()
