"""Export: what is in the circle, as files that Kring and others read; private posts stay, unless one moves house."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from kring.errors import CircleError, UsageError
from kring.measures import cells
from kring.schema import FEWEST_PEOPLE, Event, Post, Record
from kring.show import record_files
from kring.show.record_files import Said
from kring.show.records import SHEETS
from kring.show.values import count, many
from kring.sources import kring_lines
from kring.sources.kring_lines import FORM, Head
from kring.store import fetch, ledger
from kring.store.dump import KINDS, Asking, Dump, dumped
from kring.store.gate import gate
from kring.store.open import Connection, reading, writing
from kring.verbs.coarse import told
from kring.verbs.progress import SILENT, Progress
from kring.verbs.pseudonyms import Pseudonyms, said_of_records, small_places, without_names
from kring.verbs.replacing import may_write
from kring.verbs.times import instant

if TYPE_CHECKING:
    from kring.kring import Circle

FORMATS = ("as2", "ndjson", "csv", "xlsx", "parquet")
_ENDINGS = {
    ".json": "as2",
    ".jsonld": "as2",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".zip": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}
_STREAMS = ("as2", "ndjson")


class Exported(msgspec.Struct, frozen=True):
    """What left."""

    path: str
    format: str
    counts: dict[str, int]
    """By kind of record."""
    said: list[str]
    """What is in it, what was left out and why, in sentences."""


def export(
    circle: "Circle",
    path: str | os.PathLike[str] | BinaryIO,
    *,
    format: str = "",
    since: str = "",
    until: str = "",
    kinds: Sequence[str] = (),
    everything: bool = False,
    pseudonyms: bool = False,
    masked_text: bool = False,
    force: bool = False,
    progress: Progress = SILENT,
) -> Exported:
    """Writes accounts, places, memberships, posts, acts and scopes to a file.

    Takes   a path whose ending tells the format, or a stream and `format`; `kinds` of records ("post", "event" …);
            `everything`: private posts too, for moving house; `pseudonyms`: without who it was and without words, or with `masked_text` with words in
            which names, handles, numbers and addresses are masked; `force`: also where a file lies already. What people who said no wrote,
            and what was taken back, never leaves.
    Gives   what was written and what was left out. It is there whole or not at all, and stands in the audit log before it is there.
    Fails   UsageError for an unknown format or kind; CircleError if it can't be written there, or something lies there.
    """
    format = _format(path, format)
    if isinstance(path, str | os.PathLike):
        may_write(Path(path), force=force)
    if everything and pseudonyms:
        raise UsageError("What is private doesn't leave under pseudonyms either.", next="Leave out --everything or --pseudonyms.")
    if masked_text and not pseudonyms:
        raise UsageError("Masked text is for an export under pseudonyms.", next="Add --pseudonyms.")
    asking = Asking(
        everything=everything,
        since=instant(since, zone=circle.settings.zone) if since else None,
        until=instant(until, end=True, zone=circle.settings.zone) if until else None,
        kinds=_kinds(kinds),
        shuffled=pseudonyms,
    )
    with reading(circle.engine) as connection, dumped(connection, asking) as dump:
        dump, more = _pseudonymous(connection, dump, masked_text, period=bool(since or until)) if pseudonyms else (dump, [])
        if format not in _STREAMS:
            dump = msgspec.structs.replace(dump, said=())
        said = [*_said(dump, asking, since, until), *more]
        for sentence in said:
            progress.say(sentence)
        name = "" if pseudonyms else circle.settings.name
        what = "export everything" if everything else "export pseudonyms" if pseudonyms else "export"
        where = os.fspath(path) if isinstance(path, str | os.PathLike) else "a stream"
        if not isinstance(path, str | os.PathLike):
            _audit(circle, where, format, dump, what)
            _write_lines(path, format, name, dump, said, progress)
        else:
            remarks = _write_file(circle, Path(path), format, name, dump, said, what, progress)
            for remark in remarks:
                progress.say(remark)
            said += remarks
    return Exported(where, format, dump.counts, said)


def _format(path: object, format: str) -> str:
    if format and format not in FORMATS:
        raise UsageError(f'"{format}" is not a format that Kring exports.', next=f"Choose one of: {', '.join(FORMATS)}.")
    if not isinstance(path, str | os.PathLike):
        if (format or "ndjson") not in _STREAMS:
            raise UsageError(f"{format} can't be written to a stream.", next="Give a file, or --format ndjson or as2.")
        return format or "ndjson"
    ending = Path(path).suffix.lower()
    if ending == ".csv" and format in ("", "csv"):
        zipped = Path(path).with_suffix(".zip")
        raise UsageError("Tables as CSV are several files, which leave together in a zip.", next=f"Let its name end in .zip: {zipped}")
    if not format and ending not in _ENDINGS:
        raise UsageError(
            f'"{os.fspath(path)}" doesn\'t tell the format.',
            next=f"Let the name end in {', '.join(_ENDINGS)}, or say --format {', '.join(FORMATS)}.",
        )
    return format or _ENDINGS[ending]


def _kinds(wanted: Sequence[str]) -> tuple[str, ...]:
    """Singular and plural both, as people write them."""
    singular = {SHEETS[kind].name: kind for kind in KINDS} | {kind: kind for kind in KINDS}
    for each in wanted:
        if each not in singular:
            raise UsageError(f'"{each}" is not a kind of record.', next=f"Kinds: {', '.join(SHEETS[kind].name for kind in KINDS)}.")
    return tuple(kind for kind in KINDS if not wanted or kind in {singular[each] for each in wanted})


def _said(dump: Dump, asking: Asking, since: str, until: str) -> list[str]:
    counted = ", ".join(many(n, kind, SHEETS[kind].name) for kind, n in dump.counts.items() if n) or "nothing"
    said = [f"It holds {counted}."]
    if since or until:
        said.append(
            f"Posts and acts {f'from {since} ' if since else ''}{f'up to and with {until} ' if until else ''}only; those without a time are not in it."
        )
    if asking.everything:
        private = f"{count(dump.private)} posts and acts in it are private" if dump.private else "None of it is private"
        said.append(f"{private}: it is everything, for moving house. Keep it as you keep the circle itself, and pass it on to nobody.")
    if asking.everything and dump.said_no:
        said.append(
            f"{many(dump.said_no, 'account')} of people who said no aren't in it, nor named in what others wrote. Their no doesn't go along: before you import"
            " into the new circle from elsewhere what may hold their posts, note who they are, and say it there again with kring person object."
        )
    if dump.said:
        said.append(f"What you said of people goes along: {many(len(dump.said), 'claim')} of who is one person with whom, or how involved.")
    said += [
        f"{many(left.posts, 'post')} and {many(left.events, 'act')} were left out: {left.why.partition(':')[0]}."
        for left in dump.left_out
        if left.posts or left.events
    ]
    return said


def _pseudonymous(connection: Connection, dump: Dump, masked_text: bool, *, period: bool) -> tuple[Dump, list[str]]:
    """The same, without who it was; what is said of that, and how many posts there are each month as far as ten people wrote them."""
    through = gate("others")
    small = small_places(fetch.people_in_places(connection, through))
    people = fetch.people(connection)
    made = Pseudonyms(fetch.names(connection), small, masked_text=masked_text)
    timed = list(_timed(dump, made, dict(zip(people.ids, people.person.tolist(), strict=True))))
    if period and len({who for _, _, who in timed} - {-1}) < FEWEST_PEOPLE:
        raise UsageError(f"Fewer than {FEWEST_PEOPLE} people wrote in that period: pseudonyms hide nobody.", next="Choose a longer period.")
    made.told = told(timed)
    counts = {kind: n for kind, n in dump.counts.items() if kind != "scope"}
    for kind in set(counts) & {"place", "membership", "event"}:  # those of small places don't leave
        counts[kind] = sum(1 for _ in without_names(dump.records, made)(kind))
    posts = fetch.posts(connection, through, people)
    cell, names = cells.months(posts.at)
    spoken = cells.open_cells(cell, posts.author, len(names))
    each_month = [
        f"{name}: {many(int((cell == i).sum()), 'post')}" if spoken[i] else f"{name}: too few people to say" for i, name in enumerate(names)
    ]
    words = (
        "Words are kept, with names, handles, numbers and addresses masked as far as they were known."
        if masked_text
        else "There are no words in it."
    )
    said = [words, *said_of_records(made.told.period), f"Posts each month: {'; '.join(each_month) or 'none'}."]
    return msgspec.structs.replace(dump, counts=counts, records=without_names(dump.records, made)), said


def _timed(dump: Dump, made: Pseudonyms, person: Mapping[str, int]) -> Iterator[tuple[object, int, int]]:
    """Of each post and act that leaves and whose time is known: its kind, its time and who did it."""
    for kind in {"post", "event"} & set(dump.counts):
        for record in dump.records(kind):
            if isinstance(record, Post | Event) and record.at is not None and (isinstance(record, Post) or made.record(record)):
                who = record.author if isinstance(record, Post) else record.actor or record.receiver
                yield made.kind(record), record.at, person.get(who, -1)


def _audit(circle: "Circle", where: str, format: str, dump: Dump, what: str) -> None:
    counted = ", ".join(f"{n} {SHEETS[kind].name}" for kind, n in dump.counts.items())
    with writing(circle.engine) as connection:
        ledger.note_audit(connection, what, f"{where} ({format}): {counted}; {dump.private} private")


def _write_file(
    circle: "Circle", path: Path, format: str, name: str, dump: Dump, said: list[str], what: str, progress: Progress
) -> list[str]:
    """Beside its place first, then in its place."""
    part = path.with_name(f".{path.name}.part")
    try:
        _remove(part)
        remarks = _write(circle, part, format, name, dump, said, progress)
        _audit(circle, os.fspath(path), format, dump, what)
        part.replace(path)
    except OSError as error:
        raise CircleError(f"The export can't be written to {path}: {error.strerror}.", next="Choose another place.") from error
    finally:
        with suppress(OSError):
            _remove(part)
    return remarks


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)


def _write(circle: "Circle", part: Path, format: str, name: str, dump: Dump, said: list[str], progress: Progress) -> list[str]:
    if format in _STREAMS:
        with part.open("xb") as stream:
            _write_lines(stream, format, name, dump, said, progress)
        return []
    page = Said(f"An export of the circle {name}, {_now()[:10]}", said, dump.counts)
    records = _counting(dump, progress)
    if format == "xlsx":
        circle.spool.mkdir(mode=0o700, exist_ok=True)
        return record_files.write_xlsx(part, page, records, circle.spool)
    return (record_files.write_csv if format == "csv" else record_files.write_parquet)(part, page, records)


def _write_lines(stream: BinaryIO, format: str, name: str, dump: Dump, said: list[str], progress: Progress) -> None:
    head = Head(form=FORM, made_at=_now(), circle=name, text=" ".join(said), n=sum(dump.counts.values()))
    records = _counting(dump, progress)
    stream.write(kring_lines.as2_begin(head) if format == "as2" else kring_lines.head_line(head))
    first = True
    for kind in dump.counts:
        for record in records(kind):
            stream.write(kring_lines.as2_item(record, first) if format == "as2" else kring_lines.line(record))
            first = False
    for said_of_people in dump.said:
        stream.write(kring_lines.as2_item(said_of_people, first) if format == "as2" else kring_lines.line(said_of_people))
        first = False
    if format == "as2":
        stream.write(kring_lines.AS2_END)


def _counting(dump: Dump, progress: Progress) -> Callable[[str], Iterable[Record]]:
    total = sum(dump.counts.values())
    done = 0

    def records(kind: str) -> Iterable[Record]:
        nonlocal done
        for record in dump.records(kind):
            done += 1
            if not done % 1_000:
                progress.at("writing", done, total)
            yield record

    return records


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
