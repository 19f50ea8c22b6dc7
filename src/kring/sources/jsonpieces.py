"""The objects of a JSON page, one at a time, however they stand in it: lines, a list, a list in an object, or one object by itself."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from kring.schema import Item, Record, Unread
from kring.sources.losses import Losses
from kring.sources.mending import decoded
from kring.wire import LONGEST_RECORD, Page, Piece, items, lines

_ANY = msgspec.json.Decoder(Any)
_MARK = b"\xef\xbb\xbf"
_NEXT_LINE = re.compile(rb"\s*(?:\{|$)")


class Value(msgspec.Struct, frozen=True):
    """What one object means, its bytes, and where it stands."""

    where: str
    raw: bytes
    value: Any


class Known(NamedTuple):
    """What an object says."""

    records: tuple[Record, ...]


class Left(NamedTuple):
    """Known and left out on purpose; the word for it, one of few."""

    what: str


class Wrong(NamedTuple):
    """Not what it should be."""

    why: str
    unknown: bool = False


def told(each: Known | Left | Wrong, piece: Value, page: Page, losses: Losses, again: str) -> Iterator[Item | Unread]:
    """What was found in a piece, as a reader gives it."""
    if isinstance(each, Known):
        yield Item(piece.where, piece.raw, each.records)
    elif isinstance(each, Left):
        losses.count(Unread(where=page.name, why=f"Known and left out on purpose: {each.what}.", kind="skipped"))
    elif each.unknown:
        why, next = f"Kring doesn't know what to make of this: {each.why}.", "If it matters, tell us what it is."
        yield from losses.each(Unread(where=piece.where, why=why, next=next, kind="unknown", raw=piece.raw[:4096]), alike="unknown")
    else:
        why = f"This piece {each.why}; it was left out."
        yield from losses.each(Unread(where=piece.where, why=why, next=again, raw=piece.raw[:4096]))


def start(page: Page) -> bytes:
    """The head without the mark of its encoding and white space before the first word."""
    return page.head.removeprefix(_MARK).lstrip()


def values(page: Page, keys: Sequence[str], losses: Losses, again: str) -> Iterator[Value | Unread]:
    """Each object decoded; what is broken, cut off or too long is an Unread, and `again` what to do then. Wrong characters are mended."""
    for number, piece in pieces(page, keys):
        where = f"{page.name}, {number}"
        if not piece.whole:
            yield _cut(where, piece, again)
            continue
        value, mended = decoded(_ANY, piece.raw)
        if mended:
            why = "Some characters were not written as the format asks (UTF-8): \ufffd stands where they were."
            losses.count(Unread(where=page.name, why=why, next=again, kind="encoding", raw=piece.raw[:4096]))
        if value is None:
            why = "This piece is broken and was left out; the rest was read."
            yield from losses.each(Unread(where=where, why=why, next=again, raw=piece.raw[:4096]))
        else:
            yield Value(where, piece.raw, value)


def _cut(where: str, piece: Piece, again: str) -> Unread:
    if piece.too_long:
        why = "This piece is longer than 64 MiB."
        return Unread(where=where, why=why, next="The rest was read.", kind="too-large", raw=piece.raw[:4096])
    return Unread(where=where, why="The file breaks off here; what stood before was kept.", next=again, raw=piece.raw[:4096])


def pieces(page: Page, keys: Sequence[str]) -> Iterator[tuple[str, Piece]]:
    """Each object's bytes, and words that say where it stands ("line 3", "item 3").

    Takes   the page and the keys under which its top object may hold the list.
    Costs   one pass, memory for the longest object; a page that is one object is read whole, up to the longest record.
    """
    head = start(page)
    line, ended, after = head.partition(b"\n")
    if head[:1] == b"[":
        yield from _of_list(page, "")
    elif ended and after.strip() and line.rstrip().endswith(b"}") and _NEXT_LINE.match(after):
        yield from _of_lines(page)
    else:
        for key in keys:
            if b'"%b"' % key.encode() in head:
                listed = _of_list(page, key)
                if first := next(listed, None):
                    yield from chain([first], listed)
                    return
        yield from _whole(page) if ended else _of_lines(page)


def _of_list(page: Page, key: str) -> Iterator[tuple[str, Piece]]:
    return ((f"item {piece.number}", piece) for piece in items(page, key))


def _of_lines(page: Page) -> Iterator[tuple[str, Piece]]:
    for piece in lines(page):
        raw = piece.raw.removeprefix(_MARK) if piece.number == 1 else piece.raw
        if raw.strip():
            yield f"line {piece.number}", msgspec.structs.replace(piece, raw=raw)


def _whole(page: Page) -> Iterator[tuple[str, Piece]]:
    with page.open() as stream:
        raw = stream.read(LONGEST_RECORD + 1)
    too_long = len(raw) > LONGEST_RECORD
    yield "the whole of it", Piece(1, raw[:4096] if too_long else raw.removeprefix(_MARK), not too_long, too_long)
