"""The things in a JSON page, one at a time and decoded: those of one list, or however they stand in it (lines, a list, one by itself).

`wire.items` cuts one list out of a page; here each of its elements is decoded, and of each that can't be read is said why. Lists that lie
deeper, with what stands around them, `jsonwalk` walks through.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

import msgspec

from kring.schema import Unread
from kring.sources.mending import Decoder
from kring.sources.pieces import Pieces
from kring.wire import LONGEST_RECORD, Page, Piece, items, lines

T = TypeVar("T")
_ANY = msgspec.json.Decoder(Any)
_MARK = b"\xef\xbb\xbf"
_NEXT_LINE = re.compile(rb"\s*(?:\{|$)")


class Element(msgspec.Struct, Generic[T], frozen=True):
    """One thing: where it stands, its bytes, what it means."""

    where: str
    raw: bytes
    meant: T


def elements(page: Page, key: str, decoder: Decoder[T], told: Pieces) -> Iterator[Element[T] | Unread]:
    """The elements under `key` ("" where the page is a list itself, whatever stands before it)."""
    found = False
    for piece in items(page, key):
        found = True
        yield from _decoded(f"{page.name}, item {piece.number}", piece, decoder, page, told)
    if not found and b"[" not in page.head:
        why = "There is no list in this file; it may have been broken off."
        yield Unread(where=page.name, why=why, next=told.again, raw=page.head[:4096])


def values(page: Page, keys: Sequence[str], told: Pieces) -> Iterator[Element[Any] | Unread]:
    """Each object of a page, however they stand in it; `keys` as for `pieces`."""
    for number, piece in pieces(page, keys):
        yield from _decoded(f"{page.name}, {number}", piece, _ANY, page, told)


def _decoded(where: str, piece: Piece, decoder: Decoder[T], page: Page, told: Pieces) -> Iterator[Element[T] | Unread]:
    meant = told.meant(decoder, piece.raw, page) if piece.whole else None
    if meant is None:
        yield from told.lost(where, piece)
    else:
        yield Element(where, piece.raw, meant)


def text_of(value: object) -> str:
    """A string that is one, without NUL; a number as its digits; else ""."""
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def dicts_of(value: object) -> list[dict[str, object]]:
    """The objects in what should be a list of them."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def dict_of(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def start(page: Page) -> bytes:
    """The head without the mark of its encoding and white space before the first word."""
    return page.head.removeprefix(_MARK).lstrip()


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
