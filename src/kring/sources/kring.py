"""Kring's own export: what `kring export` writes as NDJSON (a record a line) or as ActivityStreams 2.0, read back as it was.

Documented in docs/leaving.md; the records are those of `schema`. What a newer Kring, or a hand, has put in besides is said and left out; the record
itself is kept.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Asked, Event, Item, Note, Post, Proposed, Record, Unread
from kring.sources import kring_as2
from kring.sources.kring_lines import FORM, Head
from kring.sources.losses import Losses
from kring.sources.mending import decoded
from kring.sources.moment import EARLIEST, LATEST
from kring.wire import Page, Piece, items, lines

TITLE = "Kring's own export"
READS = "all records, as they were, and who is one person with whom, from NDJSON or ActivityStreams 2.0"
LACKS = "what was left out when it was written (private posts, unless all was asked for); the raw pieces of the first exports; who we are; consent"
PROVEN = "round trips of all kinds of records; nobody else writes this form"
_AS2 = re.compile(rb'"kring"\s*:\s*"urn:x-kring:"')
_HEAD = re.compile(rb'\s*\{\s*"type"\s*:\s*"kring"')
_AGAIN = "Export it again from the circle that it left."
_LARGEST = 2**63 - 1
_FURTHEST_S = 26 * 3600
"""No place on earth is further from UTC than 14 hours; chats whose clocks were wrong have been seen with more."""
_records = msgspec.json.Decoder(Record | Head | Proposed)
_things = msgspec.json.Decoder(dict[str, Any])
_encode = msgspec.json.Encoder().encode
_TIMES = ("at", "edited_at", "since", "until")


def sniff(page: Page) -> float:
    """By the head; a file without one (some lines of an export) by its first line."""
    head = page.head.removeprefix(b"\xef\xbb\xbf")
    if _HEAD.match(head):
        return 1.0
    if not head.lstrip().startswith(b'{"'):
        return 0.0
    if _AS2.search(head[:4096]):
        return 1.0
    try:
        _records.decode(head.partition(b"\n")[0])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0.0
    return 0.8


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note | Proposed]:
    """Every record, as it left."""
    losses = Losses()
    for page in pages:
        if not page.head.strip():
            yield Unread(where=page.name, why="The file is empty.", next=_AGAIN)
        elif _AS2.search(page.head[:4096]) and not _HEAD.match(page.head.removeprefix(b"\xef\xbb\xbf")):
            yield from _read_as2(page, losses)
        else:
            yield from _read_lines(page, losses)
    yield from losses.rest()


def _read_lines(page: Page, losses: Losses) -> Iterator[Item | Unread | Note | Proposed]:
    for piece in lines(page):
        raw = piece.raw.removeprefix(b"\xef\xbb\xbf") if piece.number == 1 else piece.raw
        if not raw.strip():
            continue
        where = f"{page.name}, line {piece.number}"
        meant, mended = decoded(_records, raw) if piece.whole else (None, False)
        if mended:
            losses.count(_mended(page))
        if isinstance(meant, Head):
            yield from _of_head(page, meant)
        elif meant is None:
            yield from losses.each(_unread(where, piece))
        elif isinstance(meant, Proposed):
            yield from _proposed(where, piece, meant, losses)
        else:
            left = () if _encode(meant) == raw else _left(raw, meant)
            yield from given(where, raw, meant, left, losses)


def _proposed(where: str, piece: Piece, said: Proposed, losses: Losses) -> Iterator[Unread | Proposed]:
    """What was said of people, if its times can be true; it is nothing without them."""
    if _believed(said.since) and _believed(said.until):
        yield said
    else:
        yield from losses.each(_unread(where, piece))


def _left(raw: bytes, record: Record) -> tuple[str, ...]:
    """The names in a line that its record doesn't know."""
    thing, _ = decoded(_things, raw)
    media = [(each, "media.") for each in (thing or {}).get("media", ()) if isinstance(each, dict)]
    known = {"type", *record.__struct_fields__, *(f"media.{name}" for name in ("kind", "name", "text"))}
    return tuple(sorted({f"{before}{name}" for part, before in [(thing or {}, ""), *media] for name in part} - known))


def _read_as2(page: Page, losses: Losses) -> Iterator[Item | Unread | Note | Proposed]:
    begin = page.head.partition(b'"orderedItems"')[0].rstrip().rstrip(b",") + b"}"
    head, _ = decoded(_things, begin.removeprefix(b"\xef\xbb\xbf"))
    if head is not None:
        form, made, circle, text = (head.get(name) for name in ("kring:form", "published", "name", "summary"))
        form = form if isinstance(form, int) else 0
        yield from _of_head(page, Head(form=form, made_at=str(made or ""), circle=str(circle or ""), text=str(text or "")))
    if b'"orderedItems"' not in page.head:
        yield Unread(where=page.name, why="There is no list of items in this file.", next=_AGAIN, raw=page.head[:4096])
    for piece in items(page, "orderedItems"):
        where = f"{page.name}, item {piece.number}"
        thing, mended = decoded(_things, piece.raw) if piece.whole else (None, False)
        if mended:
            losses.count(_mended(page))
        found = kring_as2.read(thing) if thing is not None else None
        if found is None:
            yield from losses.each(_unread(where, piece))
        elif isinstance(found.record, Proposed):
            yield from _proposed(where, piece, found.record, losses)
        else:
            yield from given(where, piece.raw, found.record, found.left, losses)


def _of_head(page: Page, head: Head) -> Iterator[Unread | Note]:
    if head.form > FORM:
        why = f"A newer Kring wrote this (form {head.form}; this Kring knows up to {FORM})."
        yield Unread(
            where=page.name, why=why, next="What it has in common with this one was read; the newer Kring reads all.", kind="unknown"
        )
    if head.made_at:
        yield Note(where=page.name, text=f"It left the circle “{head.circle}” on {head.made_at[:10]}. {head.text}".strip())


def given(where: str, raw: bytes, record: Record, left: tuple[str, ...], losses: Losses) -> Iterator[Item | Unread]:
    """A record, and what of it was not understood or can't be true."""
    if left:
        why = f"The record was kept; what this Kring doesn't know was left out: {', '.join(left)[:200]}."
        loss = Unread(where=where, why=why, next="A newer Kring may know it.", kind="unknown", raw=raw[:4096])
        yield from losses.each(loss, alike="names")
    if wrong := [name for name in _TIMES if not _believed(getattr(record, name, None))]:
        said = f"Its time can't be right: {getattr(record, wrong[0])!s:.40}. It was kept without one."
        record = msgspec.structs.replace(record, **dict.fromkeys(wrong))
        yield from losses.each(
            Unread(where=where, why=said, next="Nothing, unless many are like this.", kind="implausible-time"), alike="time"
        )
    yield Item(where, raw, (_bounded(record),))


def _believed(at: int | None) -> bool:
    return at is None or EARLIEST <= at < LATEST


def _bounded(record: Record) -> Record:
    """Numbers that no database holds are left out."""
    if isinstance(record, Post | Event) and record.offset_s is not None and abs(record.offset_s) > _FURTHEST_S:
        record = msgspec.structs.replace(record, offset_s=None)
    if isinstance(record, Post) and record.score is not None and abs(record.score) > _LARGEST:
        record = msgspec.structs.replace(record, score=None)
    return record


def _mended(page: Page) -> Unread:
    why = "Some characters were not written as the format asks (UTF-8): \ufffd stands where they were."
    return Unread(where=page.name, why=why, next=_AGAIN, kind="encoding")


def _unread(where: str, piece: Piece) -> Unread:
    if piece.too_long:
        return Unread(
            where=where, why="This record is longer than 64 MiB.", next="The rest was read.", kind="too-large", raw=piece.raw[:4096]
        )
    if not piece.whole:
        return Unread(where=where, why="The file breaks off here; what stood before was kept.", next=_AGAIN, raw=piece.raw[:4096])
    if decoded(_things, piece.raw)[0] is None:
        return Unread(where=where, why="This is broken and was left out; the rest was read.", next=_AGAIN, raw=piece.raw[:4096])
    return Unread(
        where=where, why="This is no record that Kring knows; the rest was read.", next=_AGAIN, kind="unknown", raw=piece.raw[:4096]
    )
