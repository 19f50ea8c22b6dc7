"""What readers do alike with the pieces of a page: decode them, mended if need be, and say in the same words what was lost."""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from kring.schema import Item, Record, Unread
from kring.sources.losses import Losses
from kring.sources.mending import Decoder, decoded
from kring.wire import Page, Piece

T = TypeVar("T")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SHOWN = 4096


class Known(NamedTuple):
    """What a piece says."""

    records: tuple[Record, ...]


class Left(NamedTuple):
    """Known and left out on purpose; the word for it, one of few."""

    what: str


class Wrong(NamedTuple):
    """Not what it should be."""

    why: str
    unknown: bool = False


def clean(text: str) -> str:
    """Text without control characters; line ends and tabs stay."""
    return text if text.isprintable() else _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Pieces:
    """Decodes pieces and counts losses; `again` says how to get the export once more."""

    def __init__(self, again: str, losses: Losses | None = None) -> None:
        self.again = again
        self.losses = losses or Losses()

    def meant(self, decoder: Decoder[T], raw: bytes, page: Page) -> T | None:
        """What a piece means; that something in it was wrongly written is said once for the page. None if it is broken."""
        meant, mended = decoded(decoder, raw)
        if mended:
            why = "Some characters were not written as the format asks (UTF-8): \ufffd stands where they were."
            self.losses.count(Unread(where=page.name, why=why, next=self.again, kind="encoding", raw=raw[:_SHOWN]))
        if b"\\u0000" in raw:
            self.nul(page)
        return meant

    def nul(self, page: Page) -> None:
        self.losses.count(Unread(where=page.name, why="There were NUL characters in the text; they were left out.", kind="encoding"))

    def lost(self, where: str, piece: Piece) -> tuple[Unread, ...]:
        """A piece that can't be read, and why."""
        raw = piece.raw[:_SHOWN]
        if piece.too_long:
            loss = Unread(where=where, why="This item is longer than 64 MiB.", next="The rest was read.", kind="too-large", raw=raw)
        elif not piece.whole:
            loss = Unread(where=where, why="The file breaks off here; what stood before was kept.", next=self.again, raw=raw)
        else:
            loss = Unread(where=where, why="This item is broken and was left out; the rest was read.", next=self.again, raw=raw)
        return self.losses.each(loss)

    def told(self, each: Known | Left | Wrong, where: str, raw: bytes, page: Page) -> Iterator[Item | Unread]:
        """What was found in a piece, as a reader gives it."""
        if isinstance(each, Known):
            yield Item(where, raw, each.records)
        elif isinstance(each, Left):
            self.left_out(page, each.what)
        elif each.unknown:
            yield from self.unknown(where, each.why, raw)
        else:
            why = f"This item {each.why}; it was left out."
            yield from self.losses.each(Unread(where=where, why=why, next=self.again, raw=raw[:_SHOWN]))

    def unknown(self, where: str, what: str, raw: bytes) -> tuple[Unread, ...]:
        why = f"Kring doesn't know what to make of this: {clean(what)[:80]}."
        next = "If it matters, tell us what it is."
        return self.losses.each(Unread(where=where, why=why, next=next, kind="unknown", raw=raw[:_SHOWN]), alike="unknown")

    def odd(self, where: str, raw: bytes) -> tuple[Unread, ...]:
        """Decoded, and yet not such a thing as it should be."""
        why = "This item lacks what such an item must have, and was left out."
        next = "If it matters, tell us what it is."
        return self.losses.each(Unread(where=where, why=why, next=next, kind="unknown", raw=raw[:_SHOWN]))

    def implausible(self, where: str, written: object, raw: bytes) -> tuple[Unread, ...]:
        why = f"Its time can't be right: {clean(str(written))[:40] if written else 'none is given'}. It was kept without one."
        next = "Nothing, unless many are like this."
        return self.losses.each(Unread(where=where, why=why, next=next, kind="implausible-time", raw=raw[:_SHOWN]), alike="time")

    def left_out(self, page: Page, what: str, n: int = 1) -> None:
        """Known, and left out on purpose."""
        if n:
            self.losses.count(Unread(where=page.name, why=f"Known and left out on purpose: {what}.", kind="skipped", n=n))

    def empty(self, page: Page) -> Unread:
        return Unread(where=page.name, why="The file is empty.", next=self.again)

    def rest(self) -> Iterator[Unread]:
        return self.losses.rest()
