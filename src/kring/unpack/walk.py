"""Zips without a whole list of contents (broken off, damaged): their files are found by walking from one to the next.

Each file has a header of its own before its bytes (APPNOTE.TXT 4.3.7). Where that header doesn't know how long the file is, because it was
written as a stream, it is unpacked to find its end.
"""

from collections.abc import Iterator
from struct import unpack_from

from kring.unpack.limits import Budget, Limits, Stop
from kring.unpack.packed import unpacked
from kring.unpack.streams import Flow, Window
from kring.unpack.zips import CENTRAL, DESCRIPTOR, LOCAL, METHODS, WITH_DESCRIPTOR, Entry, engine, local_header

_STEP = 1 << 20
_PATIENCE = 4
"""So many times the archive's own length is unpacked in vain before giving up: damaged files that each seem to reach to the end."""


def walked(window: Window, limits: Limits) -> Iterator[Entry]:
    """The files that can be found; at most one more than allowed. The last may be broken off."""
    walk = _Walk(window, limits)
    at: int | None = 0
    for _ in range(limits.members + 1):
        found = None
        while at is not None and (found := local_header(window, at)) is None:
            at = _find(window, at + 1, LOCAL)
        if found is None or walk.in_vain > _PATIENCE * window.size:
            return
        entry, start = found
        at = walk.end(entry, start)
        yield entry


class _Walk:
    def __init__(self, window: Window, limits: Limits) -> None:
        self.window, self.budget = window, Budget(limits)
        self.in_vain = 0

    def end(self, entry: Entry, start: int) -> int:
        """Where a file's bytes end; what the header didn't know is filled in."""
        if not entry.flags & WITH_DESCRIPTOR or entry.packed not in (0, 0xFFFFFFFF):
            return start + entry.packed
        entry.crc = entry.size = None
        end = self._unpacked_end(entry, start) if entry.method in METHODS and entry.method else None
        if end is None:
            end = self._stored_end(start)
        entry.packed = end - start
        after = self.window.at(end, 16)
        if after.startswith(DESCRIPTOR) and len(after) == 16:
            (entry.crc,) = unpack_from("<L", after, 4)
        return end

    def _unpacked_end(self, entry: Entry, start: int) -> int | None:
        flow, given = Flow(), 0
        machine = engine(entry)
        try:
            for block in unpacked(self.window.part(start, self.window.size).blocks(flow), lambda: machine):
                given += len(block)
                self.budget.check_ratio(given, flow.taken)
        except Stop:
            self.in_vain += flow.taken
            return None
        return start + flow.taken - len(machine.unused_data)

    def _stored_end(self, start: int) -> int:
        """A stored file's end: before the next thing that only a zip has."""
        at = start
        while (found := _find(self.window, at, b"PK")) is not None:
            mark = self.window.at(found, 12)
            agrees = (found - start).to_bytes(8, "little").startswith(mark[8:])  # which may be broken off, too
            if mark.startswith((LOCAL, CENTRAL)) or (mark.startswith(DESCRIPTOR) and agrees):
                return found
            at = found + 2
        return self.window.size


def _find(window: Window, at: int, mark: bytes) -> int | None:
    while at < window.size:
        chunk = window.at(at, _STEP)
        if (found := chunk.find(mark)) >= 0:
            return at + found
        at += max(1, len(chunk) - len(mark) + 1)
    return None
