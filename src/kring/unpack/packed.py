"""What is packed, unpacked block by block: deflate, gzip, bzip2, xz, zstd; whatever is broken, what came before it is given."""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Generator
from typing import Protocol

from kring.unpack.limits import Stop
from kring.unpack.streams import BLOCK

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LZMA_MEMORY = 256 * 1024 * 1024
"""`xz -9` needs 65 MiB; a file may ask for 4 GiB. (zstd's own limit, 128 MiB, stands as it is.)"""
AGAIN = "Download or copy the export again, and import that."


def _damaged() -> Stop:
    return Stop("it is damaged; what comes after the damage was left out", AGAIN)


def broken_off() -> Stop:
    return Stop("it breaks off before its end; what came before is kept", AGAIN)


class Engine(Protocol):
    """What bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Spoilt(Exception):
    """The packed bytes make no sense any more; what could still be had comes along."""

    def __init__(self, last: bytes) -> None:
        super().__init__()
        self.last = last


class Inflate:
    """zlib in the shape of the others; an error costs nothing of what stands before it."""

    def __init__(self, wbits: int) -> None:
        self._zlib = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail and not self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        data = self._zlib.unconsumed_tail + data
        before = self._zlib.copy()  # some 40 KB: little beside the block
        try:
            return self._zlib.decompress(data, max_length)
        except zlib.error:
            raise _Spoilt(_byte_by_byte(before, data)) from None


def _byte_by_byte(engine: "zlib._Decompress", data: bytes) -> bytes:
    found = bytearray()
    try:
        for n in range(len(data)):
            found += engine.decompress(data[n : n + 1])
    except zlib.error:
        pass
    return bytes(found)


class ZipLzma:
    """Method 14 of a zip: its own nine bytes of header (APPNOTE.TXT 5.8.8) are turned into those of an .lzma file."""

    def __init__(self, size: int | None) -> None:
        self._lzma = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=LZMA_MEMORY)
        self._head, self._begun = b"", False
        self._size = b"\xff" * 8 if size is None else size.to_bytes(8, "little")

    @property
    def eof(self) -> bool:
        return self._lzma.eof

    @property
    def needs_input(self) -> bool:
        return self._lzma.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._lzma.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if not self._begun:
            self._head += data
            if len(self._head) < 9:
                return b""
            data, self._begun = self._head[4:9] + self._size + self._head[9:], True
        return self._lzma.decompress(data, max_length)


ENGINES: dict[str, tuple[bytes, Callable[[], Engine]]] = {
    "gzip": (b"\x1f\x8b", lambda: Inflate(31)),
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY)),
    "zstd": (b"\x28\xb5\x2f\xfd", zstd.ZstdDecompressor),
}
"""How each begins, and what unpacks it."""


def unpacked(packed: Generator[bytes, None, None], fresh: Callable[[], Engine], magic: bytes = b"") -> Generator[bytes, None, None]:
    """The unpacked blocks of one stream, and of those that follow it and begin with `magic`; `Stop` if it breaks off or is broken."""
    try:
        yield from _unpacked(packed, fresh, magic)
    except _Spoilt as spoilt:
        if spoilt.last:
            yield spoilt.last
        raise _damaged() from None
    except (OSError, EOFError, lzma.LZMAError, zstd.ZstdError):
        raise _damaged() from None
    finally:
        packed.close()


def _unpacked(packed: Generator[bytes, None, None], fresh: Callable[[], Engine], magic: bytes) -> Generator[bytes, None, None]:
    engine, data = fresh(), b""
    for chunk in packed:
        data += chunk
        while data or not engine.needs_input:
            if engine.eof:
                data = data.lstrip(b"\0")
                if len(data) < len(magic) and magic.startswith(data):
                    break
                if not magic or not data.startswith(magic):
                    return
                engine = fresh()
            block, data = engine.decompress(data, BLOCK), b""
            if block:
                yield block
            if engine.eof:
                data = engine.unused_data
                if not magic:
                    return
    while not engine.eof and (block := engine.decompress(b"", BLOCK)):
        yield block
    if not engine.eof:
        raise broken_off()
