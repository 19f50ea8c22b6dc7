"""How long it takes to erase somebody from a year of a million posts, and whether a plain search then finds anything of them.

    python bench/erase.py [--posts 1000000] [--work DIR] [--circle DIR]

The posts are made up, a third each from a chat, a mailing list and a Mastodon archive. Erased are, each from a copy of its own: somebody who
wrote little, the one who wrote most, and the archive's owner, whose address stands in what the pieces are compressed with.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import kring
import made
from timed import MIB, machine, run, table

TARGET_S = 60
KRING = (sys.executable, "-m", "kring")


def main() -> None:
    options = _options()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        work = Path(folder)
        circle = options.circle or work / "circle"
        if not circle.exists():
            _fill(circle, work, options.posts // 3)
        rows = [_erase(circle, work / "copy", name, who) for name, who in _whom(circle).items()]
    print(f"\nErasing (target ≤ {TARGET_S} s):\n")
    table(["who", "posts of theirs", "posts of others changed", "s", "CPU s", "memory MiB", "still found"], rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, default=None, help="where to put what is made; removed afterwards")
    parser.add_argument("--circle", type=Path, default=None, help="keep the circle here, and take it as it is if it is there")
    return parser.parse_args()


def _fill(circle: Path, work: Path, posts: int) -> None:
    run([*KRING, "new", circle, "--zone", "Europe/Amsterdam"])
    exports = [
        made.written(work / "WhatsApp-chat met Straat.txt", made.chat_lines(posts, seed=1)),
        made.written(work / "list.mbox", made.mailbox_parts(posts, seed=2)),
        made.written(work / "outbox.json", made.outbox_parts(posts, seed=3)),
    ]
    for export in exports:
        run([*KRING, "import", "--circle", circle, export])
        export.unlink()


def _whom(circle: Path) -> dict[str, str]:
    with kring.open(circle) as opened:
        people = [person for person in opened.people(limit=None) if person.posts]
    owner = next(person for person in people if person.id.startswith("mastodon:"))
    others = [person for person in people if person is not owner]
    return {"wrote little": others[-1].id, "wrote most": others[0].id, "an archive's owner": owner.id}


def _erase(circle: Path, copy: Path, name: str, who: str) -> tuple[str, ...]:
    shutil.copytree(circle, copy)
    with kring.open(copy) as opened:
        before = opened.erase_preview(who)
    done = run([*KRING, "person", "erase", who, "--yes", "--format", "json", "--circle", copy])
    still = sum(who.encode() in file.read_bytes() for file in copy.glob("kring.db*"))
    size = sum(file.stat().st_size for file in copy.glob("kring.db*")) / MIB
    shutil.rmtree(copy)
    print(f"{name}: {done.cpu_s:.1f} s of processor time, a store of {size:.0f} MiB", flush=True)
    return (
        name,
        f"{before.posts:,}",
        f"{before.mentioned:,}",
        f"{done.wall_s:.1f}",
        f"{done.cpu_s:.1f}",
        f"{done.rss / MIB:.0f}",
        "in the database" if still else "nowhere",
    )


if __name__ == "__main__":
    main()
