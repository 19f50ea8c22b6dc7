"""Bytes on their way out of a file: windows on an open file, the files found, and the stream that a reader is handed."""

import io
import os
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import BinaryIO

from kring.unpack.limits import Stop

BLOCK = 256 * 1024
_READ = 128 * 1024
_turn = threading.Lock()


class Flow:
    """How many packed bytes one stream has taken in so far."""

    taken = 0


def _read_at(file: BinaryIO, n: int, offset: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(file.fileno(), n, offset)
    with _turn:  # Windows has no pread
        file.seek(offset)
        return file.read(n)


class Window:
    """A stretch of an open file; any number of streams may read it at once."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self.file, self.start, self.size = file, start, size

    def at(self, offset: int, n: int) -> bytes:
        """Up to n bytes from there; fewer only at the end."""
        n = min(n, self.size - offset)
        if n <= 0 or offset < 0:
            return b""
        try:
            return _read_at(self.file, n, self.start + offset)
        except OSError as error:
            raise disk_stop(error) from None

    def part(self, offset: int, size: int) -> "Window":
        return Window(self.file, self.start + offset, max(0, min(size, self.size - offset)))

    def blocks(self, flow: Flow) -> Generator[bytes, None, None]:
        offset = 0
        while block := self.at(offset, _READ):
            offset += len(block)
            flow.taken += len(block)
            yield block


def disk_stop(error: OSError) -> Stop:
    """What the disk said, in words."""
    if isinstance(error, PermissionError):
        return Stop("you are not allowed to read it", "Ask its owner, or copy it to a folder of your own.")
    if isinstance(error, FileNotFoundError):
        return Stop("it was taken away while Kring read", "Import it again once it is back.")
    return Stop(f"the disk would not give it ({error.strerror or error})", "Copy it to another disk and import it from there.")


@dataclass(slots=True, eq=False)
class Member:
    """One file found, and the way to its bytes."""

    name: str
    size: int | None
    blocks: Callable[[Flow], Generator[bytes, None, None]]
    """Its bytes, unpacked, from the start; ends with `Stop` if they can't go on."""
    window: Callable[[], Window] | None = None
    """Where it lies unpacked on the disk; None if it lies packed."""
    limited: bool = True
    """False for a file that lies on the disk as it is: nothing swells there."""
    packed: int | None = None
    """Bytes it takes where it lies packed, if known."""
    crc: int | None = None
    seen: int = 0
    """How far it was read: that much counts towards the total, once."""


def of_window(name: str, window: Window, *, limited: bool = True) -> Member:
    """A member that lies unpacked in an open file."""
    return Member(name, window.size, window.blocks, lambda: window, limited, window.size)


class _Raw(io.RawIOBase):
    """Blocks as a stream."""

    def __init__(self, blocks: Generator[bytes, None, None]) -> None:
        self._blocks, self._rest = blocks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        n = min(len(buffer), len(self._rest))
        buffer[:n] = self._rest[:n]
        self._rest = self._rest[n:]
        return n

    def close(self) -> None:
        if not self.closed:
            self._blocks.close()
        super().close()


def as_stream(blocks: Generator[bytes, None, None]) -> BinaryIO:
    """A buffered stream of these blocks."""
    return io.BufferedReader(_Raw(blocks), BLOCK)


def first(blocks: Generator[bytes, None, None], n: int) -> bytes:
    """The first n bytes; the rest is not asked for."""
    found = bytearray()
    for block in blocks:
        found += block
        if len(found) >= n:
            break
    blocks.close()
    return bytes(found[:n])
