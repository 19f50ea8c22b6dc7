"""How a source speaks with the world, without a socket or an open file: a `Page` and the ways to walk through it.

A page is one file of an export or one answer of a server. It can be opened more than once (some decisions need the whole file),
and it never gives a piece longer than `LONGEST_RECORD`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, BinaryIO

import msgspec

LONGEST_RECORD = 64 * 1024 * 1024
"""A single record longer than this is an `Unread`, not a reason to fill the memory."""
HEAD_BYTES = 64 * 1024
_CHUNK = 1 << 20


class Page(msgspec.Struct, frozen=True):
    """One file of an export, without saying where it came from."""

    name: str
    """Path inside what the user gave, the archive's own name first: "WhatsApp Chat - Family.zip/_chat.txt"."""
    head: bytes
    """The first 64 KiB, for recognising."""
    open: Callable[[], BinaryIO]
    """Opens the bytes from the start; may be called again."""
    size: int | None = None

    @property
    def file(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """All but the last part of the name."""
        return self.name.rpartition("/")[0]


class Piece(msgspec.Struct, frozen=True):
    """A line, element or message of a page: its number (from 1), its bytes; `whole` is False if it was too long or broken off."""

    number: int
    raw: bytes
    whole: bool = True
    too_long: bool = False
    """Longer than a record may be: the next one is found again. Not whole and not too long: the page ends in the middle."""


def lines(page: Page, *, longest: int = LONGEST_RECORD) -> Iterator[Piece]:
    """The lines of a page without their end (\\n or \\r\\n); an overlong one comes cut, with `whole=False`, and the next is found again."""
    with page.open() as stream:
        number = 0
        while line := stream.readline(longest + 1):
            number += 1
            if len(line) <= longest or line.endswith(b"\n"):
                yield Piece(number, line.rstrip(b"\r\n"))
                continue
            while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield Piece(number, line[:4096], whole=False, too_long=True)


def text_encoding(head: bytes) -> str:
    """UTF-8, UTF-16 by its mark or its zeros, else Windows-1252: chosen from a page's head; a cut last character is forgiven."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    evens, odds = head[0:2000:2].count(0), head[1:2000:2].count(0)
    if max(evens, odds) > 400 and min(evens, odds) < 40:
        return "utf-16-le" if odds > evens else "utf-16-be"
    try:
        head[: len(head) - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return "cp1252"
    return "utf-8"


def rows(page: Page, *, encoding: str = "utf-8-sig", delimiter: str = ",", backslashes: bool = False) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV page with the number of their last line; NUL bytes and broken characters are replaced, not fatal.

    Empty lines are left out; a row that can't be read (a cell of more than 64 MiB) is given as [].
    `backslashes`: quotes inside a cell are written \\" and not "" (LinkedIn's comments).
    """
    csv.field_size_limit(LONGEST_RECORD)
    with page.open() as stream:
        watched = _Watched(stream)
        text = io.TextIOWrapper(io.BufferedReader(watched, 1 << 16), encoding=encoding, errors="replace", newline="")
        reader = csv.reader((line.replace('\\"', '""') for line in text) if backslashes else text, delimiter=delimiter)
        broken = True
        while broken:
            try:
                for row in reader:
                    if row:
                        yield reader.line_num, [cell.replace("\0", "\ufffd") for cell in row] if watched.nul else row
                broken = False
            except csv.Error:
                yield reader.line_num, []


class _Watched(io.RawIOBase):
    """Passes bytes on, and remembers whether a NUL was among them: to look for it line by line takes as long as to read the line."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.nul = stream, False

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        chunk = self.stream.read(len(into))
        into[: len(chunk)] = chunk
        self.nul = self.nul or b"\0" in chunk
        return len(chunk)


_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_WITHIN = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
"""Inside an element only brackets count: all up to the next one, or to a string that the chunk breaks off, is stepped over at once."""
_OPEN, _COMMA, _QUOTE = b"[{", ord(","), ord('"')
_LONGEST_KEY = 1024
"""A string broken off by the end of a chunk is read again whole if it may be a key; a longer one is a value, and is skipped as it comes."""
_DEPTH = 12


@cache
def _whole_element() -> re.Pattern[bytes]:
    """An element and what ends it, if it goes no deeper than most do: found in one go, where walking over its tokens takes four times as long."""
    text = rb'"(?:[^"\\]++|\\.)*+"'
    inside = value = rb'[^"\[\]{}]++|' + text
    for _ in range(_DEPTH):
        value = rb"[\[{](?:" + inside + rb")*+[\]}]"
        inside = rb'[^"\[\]{}]++|' + text + rb"|" + value
    return re.compile(rb"\s*+(" + text + rb'|[^"\[\]{},\s]++|' + value + rb")\s*+([,\]])", re.DOTALL)


def items(page: Page, key: str = "", *, longest: int = LONGEST_RECORD) -> Iterator[Piece]:
    """The elements of a JSON array, one slice of bytes each, however long the array is.

    Takes   the page and the key of the array in the top object ("orderedItems"); "" for a page that is an array itself.
    Gives   each element's bytes, undecoded: one broken element costs that element only. One that is too long, or a last one that is broken
            off, comes cut, with `whole=False`; so does the end of an array that is never closed, with no bytes at all. Where the key stands
            twice, both arrays are given (Mastodon since 4.2 writes `"orderedItems":[],"orderedItems":[…]`).
    Costs   one pass; memory for the longest element.
    """
    with page.open() as stream:
        yield from _Splitter(stream, key.encode(), longest).pieces()


class _Splitter:
    """Walks over the tokens of a JSON text and cuts the elements of one array out of it."""

    def __init__(self, stream: BinaryIO, key: bytes, longest: int) -> None:
        self.stream, self.key, self.longest = stream, key, longest
        self.buffer, self.at, self.start = b"", 0, 0
        self.depth, self.inside = 0, 0
        self.string, self.in_string = b"", False
        self.number, self.head = 0, b""

    def pieces(self) -> Iterator[Piece]:
        while self._more():
            yield from self._walk()
        if self.inside:
            yield Piece(self.number + 1, self._element(len(self.buffer))[:4096], whole=False)

    def _more(self) -> bool:
        """Drops what is done, reads on; keeps only the head of an element that has grown too long."""
        if self.inside and self.at - self.start > self.longest:
            self.head = self.head or self.buffer[self.start : self.start + 4096]
            self.start = self.at
        keep = self.start if self.inside else self.at
        chunk = self.stream.read(_CHUNK)
        self.buffer = self.buffer[keep:] + chunk
        self.at -= keep
        self.start = 0
        return bool(chunk)

    def _walk(self) -> Iterator[Piece]:
        yield from self._shallow()
        while token := self._token():
            position, byte = token
            if byte == _QUOTE:
                continue
            if byte in _OPEN:
                self.depth += 1
                if not self.inside and byte == _OPEN[0] and self._is_the_array():
                    self.inside, self.start = self.depth, self.at
                    yield from self._shallow()
            elif byte == _COMMA:
                if self.depth == self.inside:
                    yield from self._cut(position)
                    yield from self._shallow()
            else:
                if self.depth == self.inside:
                    yield from self._cut(position)
                    self.inside = 0
                self.depth -= 1

    def _shallow(self) -> Iterator[Piece]:
        """Elements that are found in one go, from the beginning of an element on; stops where one can't be."""
        element = _whole_element().match
        while self.inside == self.depth > 0 and self.at == self.start and not self.head:
            found = element(self.buffer, self.at)
            if found is None or found.end(1) - found.start(1) > self.longest:
                return
            self.at = self.start = found.end()
            self.number += 1
            if found[2] == b"]":
                self.inside, self.depth = 0, self.depth - 1
            yield Piece(self.number, found[1])

    def _is_the_array(self) -> bool:
        return self.depth == 1 if not self.key else self.depth == 2 and self.string == self.key

    def _token(self) -> tuple[int, int] | None:
        """The next bracket, comma or whole string and where it stands; None when the buffer is used up."""
        if self.in_string:
            end = self._string_end(self.at)
            if end is None:
                return None
            self.in_string, self.at = False, end + 1
        if self.depth > self.inside > 0 and (within := _WITHIN.match(self.buffer, self.at)):
            self.at = within.end()
        found = _TOKEN.search(self.buffer, self.at)
        if found is None:
            self.at = len(self.buffer)
            return None
        self.at = found.end()
        byte = self.buffer[found.start()]
        if byte == _QUOTE:
            if found.end() - found.start() == 1:
                if len(self.buffer) - found.start() <= _LONGEST_KEY:
                    self.at = found.start()
                    return None
                self.in_string = True
                return self._token()
            if self.depth == 1:
                self.string = self.buffer[found.start() + 1 : found.end() - 1]
        return found.start(), byte

    def _string_end(self, start: int) -> int | None:
        found = _STRING.match(self.buffer, start)
        end = found.end() if found else start
        self.at = end
        return end if end < len(self.buffer) and self.buffer[end] == _QUOTE else None

    def _element(self, end: int) -> bytes:
        return self.head or self.buffer[self.start : end].strip()

    def _cut(self, end: int) -> Iterator[Piece]:
        raw, whole = self._element(end), not self.head and end - self.start <= self.longest
        self.start, self.head = self.at, b""
        if raw:
            self.number += 1
            yield Piece(self.number, raw if whole else raw[:4096], whole, not whole)
