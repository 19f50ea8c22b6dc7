"""Looks through an export before any of it is kept: whom it is about and what it holds.

Nothing is read twice: what was looked at lies on the disk until it is kept, and the readers go on from there.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import msgspec

from kring import sources
from kring.schema import PRIVATE, Account, Asked, Event, Item, Note, Post, Proposed, Unread
from kring.unpack.spool import Spool
from kring.unpack.streams import Window
from kring.verbs.progress import Progress
from kring.wire import Page

_LOOK_ITEMS = 200_000
_LOOK_BYTES = 256 * 1024 * 1024
"""So much of what one reader gives is looked at before anything is kept, whichever is reached first; beyond it "at least" is said."""
_FRAME_ITEMS, _FRAME_BYTES = 1_000, 4 * 1024 * 1024
"""What is laid aside at a time."""
_REMEMBERED = 1_000
"""So many losses are remembered for the summary; all of them are in the store."""

Given = Item | Unread | Note
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Given]).decode


class Look(msgspec.Struct):
    """Whom and what an export holds, before any of it is kept."""

    people: int = 0
    posts: int = 0
    private: int = 0
    events: int = 0
    unread: int = 0
    at_least: bool = False
    first_at: int | None = None
    last_at: int | None = None


class Reading:
    """What the readers give of one export: looked through first, then given once more to be kept."""

    def __init__(self, mine: dict[str, list[Page]], asked: Asked, spool: Path) -> None:
        self.notes: list[Note] = []
        self.unread: list[Unread] = []
        """The first thousand of them."""
        self.proposed: list[Proposed] = []
        """What another circle said of people: for the user to agree to, not to be kept as records are."""
        self._given = {name: self._read(name, pages, asked) for name, pages in mine.items()}
        self._aside: dict[str, Window] = {}
        self._stack = ExitStack()
        self._spool = Spool(self._stack, spool)

    @property
    def sources(self) -> tuple[str, ...]:
        """The readers that have something to read."""
        return tuple(self._given)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _read(self, name: str, pages: Sequence[Page], asked: Asked) -> Iterator[Given]:
        for each in sources.export(name).read(pages, asked):
            if isinstance(each, Proposed):
                self.proposed.append(each)
                continue
            if isinstance(each, Note):
                self.notes.append(each)
            elif isinstance(each, Unread) and len(self.unread) < _REMEMBERED:
                self.unread.append(each)
            yield each

    def look(self, progress: Progress, *, to_the_end: bool = False) -> Look:
        """Counts people and private messages: in the first 200,000 items, or to the end, and then there is nothing to keep afterwards."""
        looked = _Looked()
        for name, given in self._given.items():
            frames = looked.through(given, progress, None if to_the_end else _LOOK_ITEMS)
            if to_the_end:
                for _ in frames:
                    pass
            else:
                self._aside[name] = self._spool.keep(map(_packed, frames))
        return looked.look

    def again(self, name: str) -> Iterator[Given]:
        """All that a reader gives: what was looked at, then the rest."""
        yield from _unpacked(self._aside[name])
        yield from self._given[name]


class _Looked:
    """What was seen so far."""

    def __init__(self) -> None:
        self.look, self.n = Look(), 0
        self.people, self.owners = set[str](), set[str]()

    def through(self, given: Iterator[Given], progress: Progress, most: int | None) -> Iterator[list[Given]]:
        """Looks at what is given and passes it on in frames, until enough was seen."""
        n = size = 0
        while frame := _frame(given):
            for each in frame:
                size += self._at(each)
            n, self.n = n + len(frame), self.n + len(frame)
            self.look.people = len(self.people - self.owners - {""})
            progress.at("looking through", self.n)
            yield frame
            if most is not None and (n >= most or size >= _LOOK_BYTES):
                self.look.at_least = True
                return

    def _at(self, each: Given) -> int:
        """Counts it, and gives its size."""
        if isinstance(each, Item):
            for record in each.records:
                self._record(record)
            return len(each.raw)
        if isinstance(each, Unread) and each.kind != "skipped":
            self.look.unread += each.n
        return 0

    def _record(self, record: object) -> None:
        look = self.look
        if isinstance(record, Post):
            look.posts += 1
            look.private += record.visibility in PRIVATE
            self.people.update((record.author, *record.mentions))
            if record.at is not None:
                look.first_at = record.at if look.first_at is None else min(look.first_at, record.at)
                look.last_at = record.at if look.last_at is None else max(look.last_at, record.at)
        elif isinstance(record, Event):
            look.events += 1
            self.people.update((record.actor, record.object) if record.object_kind == "account" else (record.actor,))
        elif isinstance(record, Account):
            self.people.add(record.id)
            if record.owner or record.kind == "bot":
                self.owners.add(record.id)


def _frame(given: Iterator[Given]) -> list[Given]:
    frame: list[Given] = []
    size = 0
    for each in given:
        frame.append(each)
        size += len(each.raw) if isinstance(each, Item) else 0
        if len(frame) == _FRAME_ITEMS or size >= _FRAME_BYTES:
            break
    return frame


def _packed(frame: list[Given]) -> bytes:
    try:
        body = _encode(frame)
    except UnicodeEncodeError:  # half a character somewhere: replaced here as the store would
        body = _encode(_in_whole_characters(frame))
    return len(body).to_bytes(4, "little") + body


def _unpacked(window: Window) -> Iterator[Given]:
    at = 0
    while head := window.at(at, 4):
        size = int.from_bytes(head, "little")
        yield from _decode(window.at(at + 4, size))
        at += 4 + size


def _in_whole_characters(thing: Any) -> Any:
    if isinstance(thing, str):
        return thing.encode("utf-8", "replace").decode()
    if isinstance(thing, list | tuple):
        return type(thing)(map(_in_whole_characters, thing))
    if isinstance(thing, msgspec.Struct):
        fields = {name: _in_whole_characters(getattr(thing, name)) for name in thing.__struct_fields__}
        return msgspec.structs.replace(thing, **fields)
    return thing
