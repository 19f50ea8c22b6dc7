"""Walks over a list in a JSON page, element by element, and says of each that can't be read why; shared by readers of archives in JSON."""

from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

from kring.schema import Unread
from kring.sources.losses import Losses
from kring.sources.mending import Decoder, decoded
from kring.wire import Page, Piece, items

T = TypeVar("T")


class Element(msgspec.Struct, Generic[T], frozen=True):
    """One element of a list: where it stands, its bytes, what it means."""

    where: str
    raw: bytes
    meant: T


def elements(page: Page, key: str, decoder: Decoder[T], losses: Losses, again: str) -> Iterator[Element[T] | Unread]:
    """The elements under `key` ("" where the page is a list itself, whatever stands before it); `again` says how to get a whole file."""
    found = False
    for piece in items(page, key):
        found = True
        meant, mended = decoded(decoder, piece.raw) if piece.whole else (None, False)
        where = f"{page.name}, item {piece.number}"
        if mended:
            why = "Some characters were not written as the format asks (UTF-8): \ufffd stands where they were."
            losses.count(Unread(where=page.name, why=why, next=again, kind="encoding", raw=piece.raw[:4096]))
        if b"\\u0000" in piece.raw:
            losses.count(Unread(where=page.name, why="There were NUL characters in the text; they were left out.", kind="encoding"))
        if meant is None:
            yield from losses.each(_unread(where, piece, again))
        else:
            yield Element(where, piece.raw, meant)
    if not found and b"[" not in page.head:
        yield Unread(where=page.name, why="There is no list in this file; it may have been broken off.", next=again, raw=page.head[:4096])


def _unread(where: str, piece: Piece, again: str) -> Unread:
    if piece.too_long:
        return Unread(
            where=where, why="This item is longer than 64 MiB.", next="The rest was read.", kind="too-large", raw=piece.raw[:4096]
        )
    if not piece.whole:
        return Unread(where=where, why="The file breaks off here; what stood before was kept.", next=again, raw=piece.raw[:4096])
    return Unread(where=where, why="This item is broken and was left out; the rest was read.", next=again, raw=piece.raw[:4096])


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
