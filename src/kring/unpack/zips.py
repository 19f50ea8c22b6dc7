"""Zips by their list of contents: each file with the place of its bytes. After PKWARE's APPNOTE.TXT 6.3.10 (section numbers below).

Python's own `zipfile` gives up a whole archive for one broken entry, takes the list into memory unasked, and does not see (before 3.13)
entries that share their bytes; so the list is read here, and `tests/unpack` holds it beside `zipfile`.
"""

import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from struct import error as StructError
from struct import unpack_from

from kring.unpack import names
from kring.unpack.limits import ASK_WHO, SPLIT_IT, Limits, Stop
from kring.unpack.packed import AGAIN, ENGINES, Engine, Inflate, ZipLzma, broken_off, unpacked
from kring.unpack.streams import Flow, Member, Window

LOCAL, CENTRAL, END, DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x07\x08"
_END64, _LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_ENCRYPTED, WITH_DESCRIPTOR, _LZMA_MARK, _UTF8 = 1, 8, 2, 0x800
METHODS = (0, 8, 12, 14, 93, 95)
_OTHERS = {9: "Deflate64", 1: "Shrink", 6: "Implode", 97: "WavPack", 98: "PPMd"}
_LINK, _FILE, _KIND = 0o120000, 0o100000, 0o170000


@dataclass(slots=True)
class Entry:
    """One file as the list of contents, or its own header, describes it."""

    name: str
    flags: int
    method: int
    crc: int | None
    packed: int
    size: int | None
    offset: int
    """Of its own header."""
    mode: int = 0
    bound: int = 0
    """Where the next thing begins: its bytes end before."""

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def trouble(self) -> Stop | None:
        """What the list alone tells against it."""
        if self.mode & _KIND == _LINK:
            return Stop("a link to another place; links are not followed", "", "skipped")
        if self.mode & _KIND not in (0, _FILE):
            return Stop("a device or a pipe, not a file", ASK_WHO, "hostile")
        if self.flags & _ENCRYPTED:
            return Stop(
                "it is locked with a password",
                "Unpack it with the program that asks for the password, and give Kring the folder.",
                "unknown",
            )
        if self.method not in METHODS:
            method = _OTHERS.get(self.method, f"method {self.method}")
            return Stop(
                f"it is packed in a way that Kring doesn't know ({method})", "Unpack it yourself and give Kring the folder.", "unknown"
            )
        return None


def listed(window: Window, limits: Limits) -> list[Entry] | None:
    """The entries of the list of contents in the order of their bytes; None if there is no whole list. At most one more than allowed."""
    found = _find_list(window)
    if found is None:
        return None
    start, size, shift = found
    try:
        entries = list(_entries(window.part(start, size), shift, limits.members + 1))
    except (StructError, ValueError):
        return None
    if not entries and window.at(0, 4) == LOCAL:
        return None
    entries.sort(key=lambda entry: entry.offset)
    for entry, following in pairwise(entries):
        entry.bound = following.offset
    if entries:
        entries[-1].bound = start
    return entries


def ends_as_zip(window: Window) -> bool:
    """Whether a zip stands at the end of something else: a program that unpacks itself."""
    found = _find_list(window)
    return found is not None and window.at(found[0], 4) == CENTRAL


def shared(entries: list[Entry]) -> set[int]:
    """Places in the list of entries whose bytes are also those of another: how a small bomb swells (Fifield 2019)."""
    found: set[int] = set()
    reach, holder = 0, -1
    for n, entry in enumerate(entries):
        if entry.offset < reach:
            found |= {n, holder}
        end = entry.offset + 30 + entry.packed
        if end > reach:
            reach, holder = end, n
    return found


def member(window: Window, entry: Entry, name: str) -> Member:
    """The file of an entry."""
    stored = partial(_stored, window, entry) if entry.method == 0 else None
    return Member(name, entry.size, partial(_blocks, window, entry), stored, packed=entry.packed, crc=entry.crc)


def local_header(window: Window, offset: int) -> tuple[Entry, int] | None:
    """The header before a file's bytes (4.3.7) and where the bytes begin; None if there is none."""
    raw = window.at(offset, 30)
    if len(raw) < 30 or not raw.startswith(LOCAL):
        return None
    flags, method, crc, packed, size, n_name, n_extra = unpack_from("<HH4xLLLHH", raw, 6)
    rest = window.at(offset + 30, n_name + n_extra)
    if len(rest) < n_name + n_extra:
        return None
    extra = dict(_extras(rest[n_name:]))
    if 1 in extra and len(extra[1]) >= 16 and 0xFFFFFFFF in (packed, size):
        size, packed = unpack_from("<QQ", extra[1])
    name = _name(rest[:n_name], flags, extra)
    return Entry(name, flags, method, crc, packed, size, offset), offset + 30 + n_name + n_extra


def engine(entry: Entry) -> Engine:
    """What unpacks this entry."""
    if entry.method == 8:
        return Inflate(-15)
    if entry.method == 14:
        return ZipLzma(None if entry.flags & _LZMA_MARK else entry.size)
    return ENGINES[{12: "bzip2", 93: "zstd", 95: "xz"}[entry.method]][1]()


def _stored(window: Window, entry: Entry) -> Window:
    found = local_header(window, entry.offset)
    if found is None:
        raise Stop("its place in the archive holds something else", AGAIN)
    if entry.bound and found[1] + entry.packed > entry.bound:
        raise Stop("its bytes are also those of another file, as in an archive that was made to swell", SPLIT_IT, "hostile")
    return window.part(found[1], entry.packed)


def _blocks(window: Window, entry: Entry, flow: Flow) -> Generator[bytes, None, None]:
    packed = _stored(window, entry)
    if entry.method:
        yield from unpacked(packed.blocks(flow), lambda: engine(entry))
        return
    yield from packed.blocks(flow)
    if packed.size < entry.packed:
        raise broken_off()


def _find_list(window: Window) -> tuple[int, int, int] | None:
    """Where the list of contents stands, its length, and how far the whole zip was shifted by what stands before it (4.3.14 to 4.3.16)."""
    tail_at = max(0, window.size - 22 - 0xFFFF)
    tail = window.at(tail_at, 22 + 0xFFFF)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22:
        return None
    size, start = unpack_from("<LL", tail, at + 12)
    end = tail_at + at
    locator = window.at(end - 20, 20) if end >= 20 else b""
    if locator.startswith(_LOCATOR):
        found = _find_list64(window, end - 20, unpack_from("<Q", locator, 8)[0])
        if found:
            size, start, end = found
    shift = end - size - start
    if shift < 0 or (shift and window.at(0, 4) == LOCAL):
        return None  # broken off, and this is the end of a zip that lies inside
    return start + shift, size, shift


def _find_list64(window: Window, locator_at: int, said: int) -> tuple[int, int, int] | None:
    for at in (said, locator_at - 56):
        record = window.at(at, 56)
        if len(record) == 56 and record.startswith(_END64):
            size, start = unpack_from("<QQ", record, 40)
            return size, start, at
    return None


def _entries(window: Window, shift: int, most: int) -> Iterator[Entry]:
    """The list of contents, entry by entry (4.3.12)."""
    at, n = 0, 0
    buffer, base = b"", 0
    while at < window.size and n < most:
        if at - base + 46 + 3 * 0xFFFF > len(buffer) and base + len(buffer) < window.size:
            base, buffer = at, window.at(at, 1 << 20)
        i = at - base
        if buffer[i : i + 4] != CENTRAL:
            raise ValueError("the list of contents is broken")
        made_by, flags, method, crc, packed, size, n_name, n_extra, n_comment = unpack_from("<xBxxHH4xLLLHHH", buffer, i + 4)
        mode, offset = unpack_from("<LL", buffer, i + 38)
        raw = buffer[i + 46 : i + 46 + n_name]
        extra = dict(_extras(buffer[i + 46 + n_name : i + 46 + n_name + n_extra]))
        packed, size, offset = _wide(packed, size, offset, extra.get(1, b""))
        yield Entry(_name(raw, flags, extra), flags, method, crc, packed, size, offset + shift, mode >> 16 if made_by in (3, 19) else 0)
        at += 46 + n_name + n_extra + n_comment
        n += 1


def _wide(packed: int, size: int, offset: int, extra: bytes) -> tuple[int, int, int]:
    """Numbers over 4 GiB stand in the zip64 extra field, only those, in this order (4.5.3)."""
    at = 0
    wide = []
    for number in (size, packed, offset):
        if number == 0xFFFFFFFF and len(extra) >= at + 8:
            number = unpack_from("<Q", extra, at)[0]
            at += 8
        wide.append(number)
    return wide[1], wide[0], wide[2]


def _extras(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(raw):
        kind, size = unpack_from("<HH", raw, at)
        yield kind, raw[at + 4 : at + 4 + size]
        at += 4 + size


def _name(raw: bytes, flags: int, extra: dict[int, bytes]) -> str:
    """UTF-8 by flag, by Info-ZIP's extra field (4.6.9) or by trying (macOS forgets the flag), else cp437; backslashes become slashes."""
    unicode = extra.get(0x7075, b"")
    if len(unicode) > 5 and unicode[0] == 1 and unpack_from("<L", unicode, 1)[0] == zlib.crc32(raw):
        raw = unicode[5:]
    return names.as_text(raw, "latin-1" if flags & _UTF8 else "cp437").replace("\\", "/")
