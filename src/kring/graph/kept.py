"""Pairs as they are read, and arcs as they are dealt into buckets: in memory while there is room, then in files."""

import errno
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from kring.graph.buckets import BLOCK, Dealt, Pairs


class Kept:
    """Pairs in the order in which they come."""

    def __init__(self, file: Path, room: int) -> None:
        """A file for those that are more than there is room for."""
        self.file, self.room = file, room
        self.skip = self.n = 0
        self._blocks: list[Pairs] = []
        self._filled = BLOCK
        self._stream: BinaryIO | None = None

    @property
    def on_disk(self) -> bool:
        """Do they lie in a file?"""
        return self._stream is not None or self.skip > 0

    def add(self, pairs: Pairs) -> None:
        """Some more."""
        self.n += len(pairs)
        if self._stream is None and self.n > self.room:
            self._stream = self.file.open("wb")
            for block in self.blocks():
                self._stream.write(block.astype("<u4", copy=False).data)
        if self._stream is not None:
            self._stream.write(np.ascontiguousarray(pairs, "<u4").data)
            return
        done = 0
        while done < len(pairs):
            if self._filled == BLOCK:
                self._blocks.append(np.empty((BLOCK, 2), np.uint32))
                self._filled = 0
            some = min(BLOCK - self._filled, len(pairs) - done)
            self._blocks[-1][self._filled : self._filled + some] = pairs[done : done + some]
            self._filled += some
            done += some

    def lie_in(self, file: Path, skip: int, n: int) -> None:
        """They lie in a file of the user's already, after so many bytes."""
        self.file, self.skip, self.n = file, skip, n

    def blocks(self) -> list[Pairs]:
        """Those in memory; they are no longer kept here."""
        blocks, self._blocks = self._blocks, []
        if blocks:
            blocks[-1] = blocks[-1][: self._filled]
        self._filled = BLOCK
        return blocks

    def clear(self) -> None:
        """Forgets them all: they are read once more."""
        self.close()
        self._stream, self._blocks, self._filled = None, [], BLOCK
        self.skip = self.n = 0

    def close(self) -> None:
        """All are there."""
        if self._stream is not None:
            self._stream.close()


def pairs_at(file: Path, skip: int, first: int, n: int) -> Pairs:
    """So many pairs of a file, from the first on.

    Fails   OSError if they are not there.
    """
    return _numbers_at(file, [(skip + 8 * first, 2 * n)], "<u4").reshape(-1, 2)


class DealtOut:
    """Arcs in the order of their buckets, part after part, in two files."""

    def __init__(self, folder: Path, starts: Sequence[Sequence[int]]) -> None:
        """`starts`: of the parts that lie there already; what comes after them is cut off."""
        self.starts = [list(part) for part in starts]
        self._files = folder / "dealt_targets", folder / "dealt_keys"
        self._begins = np.cumsum([0, *(part[-1] for part in self.starts)]).tolist()
        for file, size in zip(self._files, (4, 2)):
            with file.open("ab") as stream:
                stream.truncate(size * self._begins[-1])

    def add(self, parts: Sequence[Dealt]) -> None:
        """Some more parts, after the others."""
        with ExitStack() as stack:
            targets, keys = (stack.enter_context(file.open("ab")) for file in self._files)
            for part in parts:
                targets.write(part.targets.astype("<u4", copy=False).data)
                keys.write(part.keys.astype("<u2", copy=False).data)
                self.starts.append(part.starts.tolist())
                self._begins.append(self._begins[-1] + len(part.targets))

    def arcs(self, bucket: int) -> int:
        """How many arcs there are in a bucket."""
        return sum(part[bucket + 1] - part[bucket] for part in self.starts)

    def bucket(self, bucket: int) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
        """Targets and keys of a bucket."""
        where = [(begin + part[bucket], part[bucket + 1] - part[bucket]) for begin, part in zip(self._begins, self.starts)]
        targets: NDArray[np.uint32] = _numbers_at(self._files[0], [(4 * first, n) for first, n in where], "<u4")
        keys: NDArray[np.uint16] = _numbers_at(self._files[1], [(2 * first, n) for first, n in where], "<u2")
        return targets, keys


def _numbers_at(file: Path, where: Sequence[tuple[int, int]], dtype: str) -> NDArray[Any]:
    """Numbers from several places of a file, each given by its first byte and how many there are."""
    numbers = np.empty(sum(n for _, n in where), dtype)
    left = memoryview(numbers.view(np.uint8).data)
    with file.open("rb", buffering=0) as stream:
        for first, n in where:
            stream.seek(first)
            end = len(left) - n * numbers.itemsize
            while len(left) > end:
                some = stream.readinto(left[: len(left) - end])
                if not some:
                    raise OSError(errno.EIO, f"{file.name} is shorter than it was")
                left = left[some:]
    return numbers.astype(numbers.dtype.newbyteorder("="), copy=False)
