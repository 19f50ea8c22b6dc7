"""How long a search takes in a year of a million posts, and how big the store is beside the unpacked text.

    python bench/search.py [--posts 1000000] [--times 20] [--work DIR] [--circle DIR]

The posts are made up: three in ten from a chat, three from a mailing list, four from Mastodon archives. The first answer comes right
after opening the circle (SQLite's own memory is empty, the system's is not); the others follow, mixed, in one open circle.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import kring
import made
from timed import MIB, machine, run, table

TARGET_MS, TARGET_RATIO = 100, 1.5
KRING = (sys.executable, "-m", "kring")


def main() -> None:
    options = _options()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        work = Path(folder)
        circle = options.circle or work / "circle"
        if not circle.exists():
            _fill(circle, work, options.posts)
        _search(circle, options.times)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20, help="each query")
    parser.add_argument("--work", type=Path, default=None, help="where to put what is made; removed afterwards")
    parser.add_argument("--circle", type=Path, default=None, help="keep the circle here, and take it as it is if it is there")
    return parser.parse_args()


def _fill(circle: Path, work: Path, posts: int) -> None:
    """Imports a third each way, and says how big the store is for each kind of export and for all together."""
    run([*KRING, "new", circle, "--zone", "Europe/Amsterdam"])
    exports = {
        "WhatsApp chat": made.written(work / "WhatsApp-chat met Straat.txt", made.chat_lines(posts * 3 // 10, seed=1)),
        "mailing list (mbox)": made.written(work / "list.mbox", made.mailbox_parts(posts * 3 // 10, seed=2)),
        "Mastodon archives": made.written(work / "outbox.json", made.outbox_parts(posts * 4 // 10, seed=3)),
    }
    rows = []
    for name, export in exports.items():
        alone = work / "alone"
        run([*KRING, "new", alone])
        run([*KRING, "import", "--circle", alone, export])
        run([*KRING, "import", "--circle", circle, export])
        rows.append((name, *_ratio(export.stat().st_size, alone)))
        shutil.rmtree(alone)
    rows.append(("all in one circle", *_ratio(sum(export.stat().st_size for export in exports.values()), circle)))
    print(f"Size of the store (target ≤ {TARGET_RATIO}×):\n")
    table(["export", "unpacked MiB", "store MiB", "ratio"], rows)


def _ratio(size: int, circle: Path) -> tuple[str, str, str]:
    store = sum(file.stat().st_size for file in circle.glob("kring.db*"))
    return f"{size / MIB:.0f}", f"{store / MIB:.0f}", f"{store / size:.2f}"


def _queries() -> dict[str, str]:
    """What people search for; the words of `made` stand in the order of their frequency."""
    w = made.words()
    return {
        "the most frequent word": w[0],
        "a very frequent word": w[4],
        "a frequent word": w[50],
        "an ordinary word": w[500],
        "a rare word": w[20_000],
        "a word nobody wrote": "xyzzyplugh",
        "two very frequent words": f"{w[0]} {w[1]}",
        "a frequent and a rare word": f"{w[0]} {w[9_000]}",
        "six frequent words": " ".join(w[:6]),
        "a phrase of two very frequent words": f'"{w[0]} {w[1]}"',
        "a phrase of three very frequent words": f'"{w[0]} {w[2]} {w[1]}"',
        "a phrase of ordinary words": f'"{w[50]} {w[80]}"',
        "a phrase and a word": f'"{w[0]} {w[3]}" {w[40]}',
        "the start of many words": f"{w[3][:1]}*",
        "the start of some words": f"{w[700][:4]}*",
        "two starts of words": f"{w[3][:2]}* {w[9][:2]}*",
    }


def _search(circle: Path, times: int) -> None:
    queries = _queries()
    first = {name: _first(circle, words) for name, words in queries.items()}
    took: dict[str, list[float]] = {name: [] for name in queries}
    found = {}
    order = [name for name in queries for _ in range(times)]
    random.Random(7).shuffle(order)
    with kring.open(circle) as opened:
        for name in order:
            before = time.perf_counter()
            hits = opened.search(queries[name])
            took[name].append(1000 * (time.perf_counter() - before))
            found[name] = f"{hits.n:,}{' and more' if hits.more else ''}"
    rows = []
    for name, each in took.items():
        rows.append((name, found[name], f"{first[name]:.0f}", f"{median(each):.1f}", f"{_at(each, 0.95):.1f}"))
    every = [ms for each in took.values() for ms in each]
    rows.append(("**all**", "", f"{max(first.values()):.0f} (worst)", f"{median(every):.1f}", f"{_at(every, 0.95):.1f}"))
    print(f"`Circle.search`, ms (target ≤ {TARGET_MS}), n = {times} each:\n")
    table(["query", "matches weighed", "first after opening", "median", "95%"], rows)


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _first(circle: Path, words: str) -> float:
    """A search right after opening: nothing is in the process's memory yet."""
    with kring.open(circle) as opened:
        before = time.perf_counter()
        opened.search(words)
        return 1000 * (time.perf_counter() - before)


if __name__ == "__main__":
    main()
