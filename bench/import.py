"""How fast Kring imports, beside `sqlite-utils insert` of the same records; how fast each reader reads; whether memory stays flat.

    python bench/import.py [--people 2000] [--messages 1000000] [--times 3] [--readers | --huge] [--work DIR]

Both keep a primary key and a full-text index over title and text, in WAL mode with synchronous=NORMAL. Kring also recognises and reads the
export, keeps the raw pieces, and who brought what; sqlite-utils is handed records that are read already, as lines of JSON.
"""

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec

import made
import readers
from kring import unpack
from kring.wire import Page
from timed import MIB, Run, machine, medians, run, table

KRING = (sys.executable, "-m", "kring")
ZONE = "Europe/Amsterdam"
PEER = """
import sqlite3, sys
connect = sqlite3.connect
def set_up(*given, **named):
    connection = connect(*given, **named)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384")
    return connection
sqlite3.connect = set_up
from sqlite_utils.cli import cli
cli(sys.argv[1:])
"""
"""The sqlite-utils program, its connections set up as Kring's are."""


def main() -> None:
    options = _options()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        work = Path(folder)
        if options.readers:
            readers.compare(20, options.times, work=work)
            return
        if options.huge:
            _huge(work)
            return
        exports = _exports(work, options.people, options.messages)
        _imports(exports, work, options.times)
        readers.compare(20, options.times, work=work)
        _memory(work, options.messages)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000, help="of the town whose exports are imported")
    parser.add_argument("--messages", type=int, default=1_000_000, help="in the made-up chat")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--work", type=Path, default=None, help="where to put what is made; removed afterwards")
    parser.add_argument("--readers", action="store_true", help="only this: how fast each reader reads, and with how much memory")
    parser.add_argument("--huge", action="store_true", help="only this: an export of 5 GB, unpacked; needs 15 GB of disk")
    return parser.parse_args()


def _exports(work: Path, people: int, messages: int) -> dict[str, Path]:
    """What is imported, by what to call it."""
    run([*KRING, "town", work / "town", "--people", str(people), "--seed", "7", "--languages", "nl,en"])
    found = {f"town: {folder.name}": folder for folder in sorted((work / "town" / "exports").iterdir()) if folder.is_dir()}
    found["town: all"] = work / "town" / "exports"
    found[f"chat of {messages:,}"] = made.written(work / "WhatsApp-chat met Straat.txt", made.chat_lines(messages))
    return found


# -- the whole import


def _imports(exports: dict[str, Path], work: Path, times: int) -> None:
    print("Import, whole program (medians):\n")
    rows = []
    for name, export in exports.items():
        size, n, files = _as_lines(export, work)
        kring, peer = medians(times, partial(_kring, export, work), partial(_peer, files, work))
        store = (work / "circle" / "kring.db").stat().st_size
        rows.append(
            (
                name,
                f"{size / MIB:.1f}",
                f"{n:,}",
                *_speed(kring, n, size),
                *_speed(peer, n, size)[:2],
                f"{kring.wall_s / peer.wall_s:.2f}",
                f"{kring.cpu_s / peer.cpu_s:.2f}",
                f"{peer.rss / MIB:.0f}",
                f"{store / size:.2f}",
                f"{(work / 'peer.db').stat().st_size / size:.2f}",
            )
        )
    head = ["export", "MiB unpacked", "records", "s", "records/s", "MiB/s", "peak MiB", "sqlite-utils: s", "records/s"]
    table([*head, "time ratio", "CPU ratio", "its peak MiB", "store/text", "its store/text"], rows)


def _speed(done: Run, n: int, size: int) -> tuple[str, str, str, str]:
    return f"{done.wall_s:.2f}", f"{n / done.wall_s:,.0f}", f"{size / MIB / done.wall_s:.1f}", f"{done.rss / MIB:.0f}"


def _kring(export: Path, work: Path) -> Run:
    shutil.rmtree(work / "circle", ignore_errors=True)
    run([*KRING, "new", work / "circle", "--zone", ZONE])
    return run([*KRING, "import", "--circle", work / "circle", export])


def _peer(files: dict[str, Path], work: Path) -> Run:
    """`sqlite-utils insert` of each kind of record, then `enable-fts` for the posts."""
    for file in work.glob("peer.db*"):
        file.unlink()
    peer = (sys.executable, "-c", PEER)
    done = [run([*peer, "insert", work / "peer.db", name, file, "--nl", "--pk", "id"]) for name, file in files.items()]
    done.append(run([*peer, "enable-fts", work / "peer.db", "post", "title", "text", "--fts5"]))
    return Run(sum(each.wall_s for each in done), sum(each.cpu_s for each in done), max(each.rss for each in done))


def _as_lines(export: Path, work: Path) -> tuple[int, int, dict[str, Path]]:
    """The unpacked size of an export, how many records are in it, and the records as lines of JSON, a file for each kind."""
    seen: set[str] = set()
    files = {}
    with unpack.opened(export, spool=work) as opened:
        for record in (each for item in readers.read(readers.by_reader(opened.pages), zone=ZONE) for each in item.records):
            kind = type(record).__name__.lower()
            fields = msgspec.to_builtins(msgspec.structs.asdict(record))
            fields["id"] = fields.get("id") or json.dumps(fields, sort_keys=True)
            if f"{kind} {fields['id']}" not in seen:
                seen.add(f"{kind} {fields['id']}")
                if kind not in files:
                    files[kind] = (work / f"{kind}.ndjson").open("w", encoding="utf-8")
                files[kind].write(json.dumps(fields) + "\n")
        for out in files.values():
            out.close()
        return opened.size, len(seen), {kind: Path(out.name) for kind, out in files.items()}


# -- memory


def _memory(work: Path, messages: int) -> None:
    print("Peak memory of `kring import`, MiB:\n")
    kinds: dict[str, Callable[[Path, int], Path]] = {
        "WhatsApp chat": lambda file, n: made.written(file.with_suffix(".txt"), made.chat_lines(n)),
        "Mastodon outbox, zipped": lambda file, n: made.zipped(file.with_suffix(".zip"), {"outbox.json": made.outbox_parts(n)}),
        "mbox": lambda file, n: made.written(file.with_suffix(".mbox"), made.mailbox_parts(n)),
    }
    rows = []
    for name, make in kinds.items():
        peaks = []
        for n in (messages // 10, messages):
            export = make(work / f"WhatsApp Chat with {n}", n)
            peaks.append(_kring(export, work).rss)
            export.unlink()
        rows.append((name, f"{messages // 10:,}", *(f"{peak / MIB:.0f}" for peak in peaks), f"{peaks[1] / peaks[0]:.2f}"))
    table(["export", "records at 1×", "1×", "10×", "ratio"], rows)


def _huge(work: Path) -> None:
    """A Mastodon archive that is 5 GB unpacked."""
    if shutil.disk_usage(work).free < 15 * 1024**3:
        sys.exit("Not enough disk: 15 GB are needed, under --work.")
    one = len("".join(made.outbox_parts(1_000))) / 1_000
    n = int(5e9 / one)
    export = made.zipped(work / "archive.zip", {"outbox.json": made.outbox_parts(n)})
    done = _kring(export, work)
    with closing(sqlite3.connect(work / "circle" / "kring.db")) as store:
        kept = store.execute("SELECT count(*) FROM post").fetchone()[0]
    size = sum(page.size or 0 for page in _pages_of(export, work))
    print(f"{size / 1e9:.2f} GB unpacked, {export.stat().st_size / 1e9:.2f} GB as a zip; {kept:,} of {n:,} posts kept")
    print(f"{done.wall_s:.0f} s ({size / MIB / done.wall_s:.1f} MiB/s, {kept / done.wall_s:,.0f} posts/s), peak {done.rss / MIB:.0f} MiB")
    print(f"store {(work / 'circle' / 'kring.db').stat().st_size / size:.2f} of the unpacked text")


def _pages_of(export: Path, work: Path) -> list[Page]:
    with unpack.opened(export, spool=work) as opened:
        return opened.pages


if __name__ == "__main__":
    main()
