"""Walks through JSON that is larger than memory: gives the elements of the arrays one asks for, and what stood before them.

`wire.items` cuts one array out of the top object. A chat's export has its messages deeper ("chats.list.messages"), and what says whose they are
stands beside them; here both are given. An element of up to ten levels is cut out by one pattern, possessive and so linear in its length; a
deeper, broken or unfinished one by counting brackets, as far as it goes.
"""

import re
from collections.abc import Collection, Iterator
from typing import BinaryIO, NamedTuple

import msgspec

from kring.wire import LONGEST_RECORD, Page, Piece

Fields = dict[str, str | int | float | bool | None]

_CHUNK = 1 << 20
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_TOKEN = re.compile(rb'[\s:]*+(?:("(?:[^"\\]++|\\.)*+")\s*+(:)?|([{}\[\],])|([^\s{}\[\],":]++))', re.DOTALL)
_MARK = re.compile(rb'["{}\[\],]')
_STRING_REST = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_ARRAY_END = re.compile(rb"[\s,]*+\]")
_GAP = re.compile(rb"[\s,]*+")
_DEEPEST = 10_000
"""No export nests like that: beyond it, brackets are only there to do harm."""
_MOST_FIELDS, _LONGEST_FIELD = 500, 4096


def _balanced(levels: int) -> bytes:
    inner = rb'[^{}\[\]"]++|' + _STRING
    pattern = rb"[{\[](?:" + inner + rb")*+[}\]]"
    for _ in range(levels - 1):
        pattern = rb"[{\[](?:" + inner + rb"|" + pattern + rb")*+[}\]]"
    return pattern


_ELEMENT = re.compile(rb"[\s,]*+(" + _balanced(10) + rb")\s*+(?=[,\]])", re.DOTALL)


class Found(NamedTuple):
    """A piece of an array, and where the array stands."""

    path: str
    """The keys that lead to the array ("chats.list.messages"), "" for a page that is an array itself."""
    piece: Piece
    """Number 0, with nothing in it, when the array begins. Not whole and not too long: the page ends in the middle."""
    fields: Fields
    """The single values that stood before it in the objects around it, by their path ("chats.list.name"); it changes as the walk goes on."""


def arrays(page: Page, wanted: Collection[str], *, longest: int = LONGEST_RECORD) -> Iterator[Found]:
    """The elements of all arrays at the wanted paths, in their order.

    Takes   the page; paths without the numbers of elements: "chats.list.messages" is the messages of every chat in the list.
    Gives   each element's bytes, undecoded, as `wire.items` does; a last `Found` with path "" that is not whole if the page ends too early.
    Costs   one pass; memory for the longest element.
    """
    with page.open() as stream:
        yield from _Walk(stream, wanted, longest).found()


def fields(page: Page) -> Fields:
    """The single values in the objects of a page; no arrays."""
    for found in arrays(page, ("",)):
        return found.fields
    with page.open() as stream:
        walk = _Walk(stream, (), LONGEST_RECORD)
        for _ in walk.found():
            pass
        return walk.fields


class _Walk:
    def __init__(self, stream: BinaryIO, wanted: Collection[str], longest: int) -> None:
        self.stream, self.wanted, self.longest = stream, wanted, longest
        self.buffer, self.at, self.ended = b"", 0, False
        self.open: list[tuple[int, bool]] = []
        """What is open: its bracket, and whether it has a key."""
        self.path: list[str] = []
        self.key: str | None = None
        self.fields: Fields = {}

    def found(self) -> Iterator[Found]:
        while len(self.open) < _DEEPEST:
            token = _TOKEN.match(self.buffer, self.at)
            if token is None or (token.end() == len(self.buffer) and not self.ended):
                if self.ended or len(self.buffer) - self.at > self.longest:
                    break
                self._more(self.at)
                self.at = 0
                continue
            self.at = token.end()
            if token[3] is None:
                self._single(token)
            elif token[3] in b"{[":
                yield from self._begin(token[3][0])
            elif token[3] in b"}]":
                self._end()
        if self.open or self.buffer[self.at :].strip():
            yield Found("", Piece(0, self.buffer[self.at : self.at + 4096], whole=False), self.fields)

    def _more(self, keep: int) -> bool:
        chunk = self.stream.read(max(_CHUNK, min(len(self.buffer) - keep, 1 << 24)))
        self.buffer = self.buffer[keep:] + chunk
        self.ended = not chunk
        return bool(chunk)

    def _single(self, token: re.Match[bytes]) -> None:
        if token[2] and self.open and self.open[-1][0] == _OBJECT:
            key = _value(token[1])
            self.key = key if isinstance(key, str) else ""
        elif self.key is not None:
            if len(self.fields) < _MOST_FIELDS and token.end() - token.start() < _LONGEST_FIELD:
                self.fields[".".join((*self.path, self.key))] = _value(token[1] or token[4])
            self.key = None

    def _begin(self, bracket: int) -> Iterator[Found]:
        top, keyed = not self.open, self.key is not None
        if bracket == _OBJECT and self.open and self.open[-1][0] == _ARRAY:
            self._forget()
        self.open.append((bracket, keyed))
        if self.key is not None:
            self.path.append(self.key)
            self.key = None
        path = ".".join(self.path)
        if bracket == _ARRAY and (keyed or top) and path in self.wanted:
            yield Found(path, Piece(0, b""), self.fields)
            for piece in self._elements():
                yield Found(path, piece, self.fields)
            self._end()

    def _end(self) -> None:
        self.key = None
        if self.open and self.open.pop()[1]:
            self.path.pop()

    def _forget(self) -> None:
        """Another element begins: what was said of the one before doesn't hold for it."""
        start = ".".join(self.path) + "."
        for path in [each for each in self.fields if each.startswith(start)]:
            del self.fields[path]

    def _elements(self) -> Iterator[Piece]:
        number = 0
        while True:
            found = _ELEMENT.match(self.buffer, self.at)
            if found and found.end() - found.start() <= self.longest:
                self.at = found.end()
                number += 1
                yield Piece(number, found[1])
            elif end := _ARRAY_END.match(self.buffer, self.at):
                self.at = end.end()
                return
            else:
                piece = self._counted(number + 1)
                if piece.raw or not piece.whole:
                    number += 1
                    yield piece
                if not piece.whole and not piece.too_long:
                    return

    def _counted(self, number: int) -> Piece:
        """One element by counting its brackets, to the comma or bracket that ends it; of one that is too long only the beginning is kept."""
        gap = _GAP.match(self.buffer, self.at)
        start = scan = gap.end() if gap else self.at
        depth, in_string, head = 0, False, b""
        while True:
            if in_string:
                rest = _STRING_REST.match(self.buffer, scan)
                scan = rest.end() if rest else scan
                if scan < len(self.buffer) and self.buffer[scan] == _QUOTE:
                    in_string, scan = False, scan + 1
                    continue
            elif mark := _MARK.search(self.buffer, scan):
                byte, scan = self.buffer[mark.start()], mark.end()
                if byte == _QUOTE:
                    in_string = True
                elif byte in b"{[":
                    depth += 1
                elif depth and byte in b"}]":
                    depth -= 1
                elif not depth and byte in b",]":
                    self.at = mark.start()
                    too_long = bool(head) or self.at - start > self.longest
                    raw = head or self.buffer[start : self.at].strip()
                    return Piece(number, raw[:4096] if too_long else raw, not too_long, too_long)
                continue
            else:
                scan = len(self.buffer)
            if scan - start > self.longest:
                head = head or self.buffer[start : start + 4096]
                start = scan
            more = self._more(start)
            scan, start = scan - start, 0
            if not more:
                self.at = len(self.buffer)
                self.open.clear()
                return Piece(number, (head or self.buffer.strip())[:4096], whole=False)


_OBJECT, _ARRAY, _QUOTE = ord("{"), ord("["), ord('"')


def _value(raw: bytes) -> str | int | float | bool | None:
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace").strip('"')
    return value if isinstance(value, str | int | float | bool) else None
