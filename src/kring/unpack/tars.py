"""Tars: read once from front to back; what may hold text is kept in the spool, unless the tar lies unpacked on the disk.

The header's numbers and sum are read by `tarfile.TarInfo`; the walk itself is ours, because `tarfile` takes whatever length an extended
header claims into memory and, before Python 3.11.10, can be kept busy for ever by one (CVE-2024-6232).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from tarfile import HeaderError, TarInfo
from typing import Protocol

from kring.unpack.limits import ASK_WHO, MIB, Stop
from kring.unpack.packed import AGAIN, broken_off
from kring.unpack.streams import Window

BLOCK = 512
LONGEST_HEADER = MIB
"""An extended header longer than this is not read; real ones have some hundred bytes."""
_FILES, _FOLDER, _LINKS, _SPARSE = (b"0", b"\0", b"7"), b"5", (b"1", b"2"), b"S"
_DEVICES = (b"3", b"4", b"6")
_NO_DATA = (_FOLDER, *_LINKS, *_DEVICES)
_LONG_NAME, _LONG_LINK, _GLOBAL, _EXTENDED = b"L", b"K", b"g", (b"x", b"X")
_ASIDE = (_FOLDER, b"V", b"D", b"M", b"N")
"""Folders, and what GNU tar notes for itself: volume labels, lists of a folder, later volumes, old long names."""


class Source(Protocol):
    """The bytes of a tar from front to back."""

    offset: int

    def read(self, n: int) -> bytes: ...
    def skip(self, n: int) -> None: ...


class Direct:
    """A tar that lies unpacked on the disk: skipping costs nothing."""

    def __init__(self, window: Window) -> None:
        self.window, self.offset = window, 0

    def read(self, n: int) -> bytes:
        found = self.window.at(self.offset, n)
        self.offset += len(found)
        return found

    def skip(self, n: int) -> None:
        self.offset += n

    def to_end(self) -> None:
        """Nothing there to be checked."""


class Forward:
    """A tar that is being unpacked."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest, self.offset = blocks, memoryview(b""), 0

    def some(self, n: int) -> bytes:
        """At least one and at most n bytes; none at the end."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = memoryview(block)
        found, self._rest = bytes(self._rest[:n]), self._rest[n:]
        self.offset += len(found)
        return found

    def read(self, n: int) -> bytes:
        return b"".join(self.blocks(n))

    def blocks(self, n: int) -> Iterator[bytes]:
        while n and (found := self.some(n)):
            n -= len(found)
            yield found

    def skip(self, n: int) -> None:
        for _ in self.blocks(n):
            pass

    def to_end(self) -> None:
        """Through the padding, so that the sum which gzip and others keep of the whole is checked."""
        for _ in self._blocks:
            pass


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a tar; the source stands at its bytes."""

    name: str
    size: int
    type: bytes
    sparse: bool = False

    @property
    def is_file(self) -> bool:
        return self.type not in _ASIDE

    @property
    def trouble(self) -> Stop | None:
        if self.type in _LINKS:
            return Stop("a link to another place; links are not followed", "", "skipped")
        if self.type in _DEVICES:
            return Stop("a device or a pipe, not a file", ASK_WHO, "hostile")
        if self.sparse or self.type == _SPARSE:
            return Stop(
                "it is stored with holes in it (sparse), which Kring doesn't know", "Unpack it and give Kring the folder.", "unknown"
            )
        return None


def entries(source: Source) -> Iterator[Entry | Stop]:
    """Files and troubles in their order; between two of them the caller may read from the source."""
    walk = _Walk(source)
    while (found := walk.next()) is not None:
        yield found
        if isinstance(found, Entry):
            walk.to_end_of(found)


class _Walk:
    """Where the next header is, and what the extended headers before it said."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.name, self.size, self.sparse = "", -1, False
        self.start, self.lost = 0, False

    def next(self) -> Entry | Stop | None:
        while True:
            header = self.source.read(BLOCK)
            if len(header) < BLOCK:
                if self.lost:
                    return None
                self.lost = True
                return broken_off()
            if not header.strip(b"\0"):
                return None
            try:
                info = TarInfo.frombuf(header, "utf-8", "surrogateescape")
                if info.size < 0:
                    raise HeaderError("negative size")
            except HeaderError:
                if not self.lost:
                    self.lost = True
                    return Stop("a part of it is damaged and was passed over", AGAIN)
                continue
            if info.type in (_LONG_NAME, _LONG_LINK, _GLOBAL, *_EXTENDED):
                if stop := self._extended(info):
                    return stop
                continue
            return self._entry(info, header)

    def to_end_of(self, entry: Entry) -> None:
        """The next header stands at the next full block after its bytes."""
        end = self.start + (0 if entry.type in _NO_DATA else -(-entry.size // BLOCK) * BLOCK)
        self.source.skip(max(0, end - self.source.offset))

    def _entry(self, info: TarInfo, header: bytes) -> Entry:
        name = self.name or text(info.name)
        size = self.size if self.size >= 0 else info.size
        more_holes = info.type == _SPARSE and header[482]
        while more_holes:
            more_holes = self.source.read(BLOCK)[504:505] not in (b"", b"\0")
        kind = _FOLDER if info.type in _FILES and name.endswith("/") else info.type
        found = Entry(name, size, kind, self.sparse)
        self.name, self.size, self.sparse = "", -1, False
        self.start, self.lost = self.source.offset, False
        return found

    def _extended(self, info: TarInfo) -> Stop | None:
        """What stands before a header that has no room for it: long names (GNU), and keys with values (POSIX)."""
        end = self.source.offset + -(-info.size // BLOCK) * BLOCK
        stop = None
        if info.size > LONGEST_HEADER:
            stop = Stop("a header in it claims to be longer than any header is; it was passed over", ASK_WHO, "hostile")
        elif info.type == _LONG_NAME:
            self.name = text(self.source.read(info.size).split(b"\0")[0].decode("utf-8", "surrogateescape"))
        elif info.type in _EXTENDED:
            for key, value in pairs(self.source.read(info.size)):
                self._said(key, value)
        self.source.skip(max(0, end - self.source.offset))
        return stop

    def _said(self, key: bytes, value: bytes) -> None:
        if key == b"path":
            self.name = text(value.decode("utf-8", "surrogateescape"))
        elif key == b"size" and value.isdigit() and len(value) < 20:
            self.size = int(value)
        elif key.startswith(b"GNU.sparse."):
            self.sparse = True


def pairs(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """ "27 path=some/long/name…\\n" after one another; it ends where that is no longer so."""
    at = 0
    while at < len(raw):
        digits, _, _ = raw[at : at + 20].partition(b" ")
        if not digits.isdigit() or int(digits) <= len(digits):
            return
        key, _, value = raw[at + len(digits) + 1 : at + int(digits) - 1].partition(b"=")
        yield key, value
        at += int(digits)


def text(name: str) -> str:
    """A name that is not UTF-8 is taken for Latin-1, which fits anything."""
    return name if not any("\udc80" <= c <= "\udcff" for c in name) else name.encode("utf-8", "surrogateescape").decode("latin-1")
