"""From the ids that stand in files to nodes: whole numbers of any size, and words. What comes out doesn't depend on how the input was cut.

While pairs are read an id has a provisional number of 32 bits; when all are read, `settled` tells which node each became. Of numbers the
lowest is node 0, and so on upwards; of words the first that came.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.buckets import Rank
from kring.graph.ids import Interner, Numbers

_FIRST = 1 << 16
_MOST = 2**32 - 2


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What the provisional numbers became."""

    n: int
    ids: Sequence[str] | None = None
    """None: each node's number is its id."""
    rank: Rank = field(default_factory=lambda: Rank())


class Whole:
    """Ids that are whole numbers of 64 bits. Low ones are their own provisional number, others are looked up in a table.

    Costs   for low ones a byte for each up to the highest, and 4 in the end; for others some 40 bytes each.
    """

    def __init__(self, memory: int) -> None:
        self.low = 1 << max(16, min(31, (memory // 16).bit_length() - 1))
        self.seen = np.zeros(_FIRST, np.bool_)
        self.others = np.empty(_FIRST, np.int64)
        self.slots = np.zeros(2 * _FIRST, np.uint32)
        self.n_others = 0

    def provisional(self, ends: NDArray[np.int64]) -> NDArray[np.uint32]:
        """uint32[m, 2] from int64[m, 2]."""
        given = np.empty(ends.shape, np.uint32)
        if not ends.size:
            return given
        self._hold(int(min(ends.max(), self.low - 1)))
        done = 0
        while True:
            done, self.n_others = _numbered(ends.ravel(), given.ravel(), done, self.low, self.seen, self.others, self.slots, self.n_others)
            if done == ends.size:
                return given
            if self.low + self.n_others >= _MOST:
                raise GraphError("There are more different ids than a graph can hold.")
            self.others = np.concatenate((self.others, np.empty_like(self.others)))
            self.slots = _slotted(self.others, self.n_others, 2 * len(self.slots))

    def see(self, pairs: NDArray[np.uint32]) -> bool:
        """Takes in pairs that are low numbers already, so that they can be used as they are; False, and nothing done, if they aren't."""
        if pairs.size and int(pairs.max()) >= self.low:
            return False
        if pairs.size:
            self._hold(int(pairs.max()))
            self.seen[pairs.ravel()] = True
        return True

    def settled(self) -> Settled:
        """Which node each became, once all are read."""
        others = self.others[: self.n_others]
        order = np.argsort(others, kind="stable")
        low = np.flatnonzero(self.seen)
        n = len(low) + len(others)
        if not len(others) and (n == 0 or low[-1] == n - 1):
            return Settled(n)
        below = int(np.searchsorted(others[order], 0))
        used = int(low[-1]) + 1 if len(low) else 0
        node = np.zeros(used + len(others), np.uint32)
        node[low] = np.arange(below, below + len(low), dtype=np.uint32)
        place = np.arange(len(others))
        node[used + order] = np.where(place < below, place, place + len(low))
        numbers = np.concatenate((others[order[:below]], low, others[order[below:]]))
        return Settled(n, Numbers(numbers), Rank(node, self.low, self.low - used))

    def _hold(self, highest: int) -> None:
        if highest >= len(self.seen):
            wider = np.zeros(min(self.low, 1 << highest.bit_length()), np.bool_)
            wider[: len(self.seen)] = self.seen
            self.seen = wider


class Words(Interner):
    """Ids that are words: their number is final."""

    def settled(self) -> Settled:
        """Which node each became."""
        return Settled(self.n, self.strings())


@njit(cache=True, nogil=True, inline="always")
def _home(number: np.int64) -> np.uint64:
    """As in SplitMix64 (Steele, Lea & Flood 2014)."""
    mixed = np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(29))


@njit(cache=True, nogil=True)
def _numbered(
    ends: NDArray[np.int64],
    given: NDArray[np.uint32],
    done: int,
    low: int,
    seen: NDArray[np.bool_],
    others: NDArray[np.int64],
    slots: NDArray[np.uint32],
    n: int,
) -> tuple[int, int]:
    """Goes on until all have a number or there is no room for one more. A slot holds a place among the others, plus one."""
    mask = np.uint64(len(slots) - 1)
    for k in range(done, len(ends)):
        number = ends[k]
        if 0 <= number < low:
            seen[number] = True
            given[k] = number
            continue
        at = _home(number) & mask
        while slots[at] != 0 and others[slots[at] - np.uint32(1)] != number:
            at = (at + np.uint64(1)) & mask
        if slots[at] == 0:
            if n == len(others) or 2 * n >= len(slots):
                return k, n
            others[n] = number
            n += 1
            slots[at] = n
        given[k] = low + np.int64(slots[at]) - 1
    return len(ends), n


@njit(cache=True, nogil=True)
def _slotted(others: NDArray[np.int64], n: int, size: int) -> NDArray[np.uint32]:
    slots = np.zeros(size, np.uint32)
    mask = np.uint64(size - 1)
    for k in range(n):
        at = _home(others[k]) & mask
        while slots[at] != 0:
            at = (at + np.uint64(1)) & mask
        slots[at] = k + 1
    return slots
