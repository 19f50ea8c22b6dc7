"""How bytes of a network file become lines of text: unpacked, decoded, and never a line without end."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from kring.graph.files.gathered import Complaints

HEAD_BYTES = 64 * 1024
LONGEST_LINE = 64 * 1024 * 1024
_CHUNK = 1 << 20

Open = Callable[[], BinaryIO]


def unpacked(open: Open, complaints: Complaints) -> Open:
    """The same bytes, taken out of gzip where they are in it."""
    with open() as stream:
        if stream.read(2) != b"\x1f\x8b":
            return open
    return lambda: cast(BinaryIO, io.BufferedReader(_Unzipped(open(), complaints), _CHUNK))


def head_of(open: Open) -> bytes:
    """The first 64 KiB, whatever pieces the stream gives."""
    with open() as stream:
        head = b""
        while len(head) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES - len(head))):
            head += piece
    return head


def encoding_of(head: bytes) -> str:
    """UTF-16 by its mark, UTF-8 where it is that, else Windows-1252 (tables from office programs)."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return "cp1252"
    return "utf-8-sig"


def text_lines(open: Open, encoding: str) -> Iterator[tuple[int, str | None]]:
    """Number and text of each line, without its end; None for a line longer than 64 MiB."""
    if encoding == "utf-16":
        yield from _wide_lines(open)
        return
    with open() as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE):
            number += 1
            if not line.endswith(b"\n") and len(line) >= LONGEST_LINE:
                while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                    pass
                yield number, None
                continue
            text = line.rstrip(b"\r\n").decode("utf-8" if encoding == "utf-8-sig" else encoding, "replace")
            yield number, text.removeprefix("\ufeff") if number == 1 else text


def _wide_lines(open: Open) -> Iterator[tuple[int, str | None]]:
    with io.TextIOWrapper(open(), encoding="utf-16", errors="replace", newline=None) as text:
        number = 0
        while line := text.readline(LONGEST_LINE):
            number += 1
            yield number, line.rstrip("\n")


class _Unzipped(io.RawIOBase):
    """Bytes taken out of gzip, which end where the file breaks off instead of failing there: what came before is kept."""

    def __init__(self, stream: BinaryIO, complaints: Complaints) -> None:
        self._inner = gzip.GzipFile(fileobj=stream)
        self._stream = stream
        self._complaints = complaints

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._inner.read1(len(buffer))
        except (EOFError, OSError, zlib.error) as error:
            if not any("gzip" in unread.why for unread in self._complaints.told):
                self._complaints.add(
                    0, f"The gzip file breaks off or is damaged ({error}); what came before is kept.", "Fetch the file again."
                )
            return 0
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._inner.close()
        self._stream.close()
        super().close()
