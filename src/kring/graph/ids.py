"""The ids of nodes without a Python string each: whole numbers, or text in one array; both find the node of an id at once."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Int = int | np.int64
_FIRST_SLOTS = 1 << 10
_SOME = 1 << 16
_AHEAD = 64
"""So many strings are looked for together: the memory answers many questions in the time of one."""


class Numbers(Sequence[str]):
    """Ids that are whole numbers, held as an array rather than as a string each."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str]:
        return Numbers(self.numbers[row]) if isinstance(row, slice) else str(self.numbers[row])

    def __iter__(self) -> Iterator[str]:
        return (str(number) for number in self.numbers.tolist())

    def node(self, id: str) -> int:
        """The node of this id, -1 if there is none."""
        number = _as_number(id)
        if number is None:
            return -1
        if not self._ascending:
            return int(np.argmax(self.numbers == number)) if (self.numbers == number).any() else -1
        row = int(np.searchsorted(self.numbers, number))
        return row if row < len(self.numbers) and self.numbers[row] == number else -1

    def nodes(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """The node of each of these ids, -1 where there is none; of equals the first."""
        known = {number: k for k, id in enumerate(ids) if (number := _as_number(id)) is not None}
        wanted = np.array(sorted(known), np.int64)
        found = np.full(len(ids), -1, np.int64)
        for row in self._rows(wanted).tolist():
            found[known[int(self.numbers[row])]] = row
        return found

    def _rows(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of these numbers, which ascend; the last first."""
        if self._ascending:
            rows = np.searchsorted(self.numbers, wanted)
            rows = rows[rows < len(self.numbers)]
            return rows[np.isin(self.numbers[rows], wanted)][::-1]
        parts = [np.empty(0, np.int64)]
        for begin in range(0, len(self.numbers) if len(wanted) else 0, _SOME):
            some = self.numbers[begin : begin + _SOME]
            places = np.searchsorted(wanted, some)
            parts.append(begin + np.flatnonzero(wanted[np.minimum(places, len(wanted) - 1)] == some))
        return np.concatenate(parts)[::-1]

    @cached_property
    def _ascending(self) -> bool:
        return len(self.numbers) < 2 or bool((self.numbers[:-1] < self.numbers[1:]).all())


def _as_number(id: str) -> int | None:
    """The number that is written so and not otherwise."""
    try:
        number = int(id)
    except ValueError:
        return None
    return number if str(number) == id and -(2**63) <= number < 2**63 else None


class Strings(Sequence[str]):
    """Ids that are words: their UTF-8 one after the other, where each begins, and a table of hashes to find them by."""

    def __init__(self, offsets: NDArray[np.int64], text: Bytes, slots: NDArray[np.uint64]) -> None:
        self.offsets, self.text, self.slots = offsets, text, slots

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str]:
        if isinstance(row, slice):
            return [self[k] for k in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        return self.text[self.offsets[row] : self.offsets[row + 1]].tobytes().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))

    def node(self, id: str) -> int:
        """The node of this id, -1 if there is none."""
        key = np.frombuffer(id.encode("utf-8", "surrogatepass"), np.uint8)
        return int(_found(key, self.offsets, self.text, self.slots))


class Interner:
    """Gives each string a number, in the order in which they first come; holds each once.

    Costs   of each distinct string its bytes, 8 for its place and 16 to 32 to find it by.
    """

    def __init__(self) -> None:
        self.n = 0
        self.offsets = np.zeros(_SOME, np.int64)
        self.text = np.empty(16 * _SOME, np.uint8)
        self.slots = np.zeros(_FIRST_SLOTS, np.uint64)

    def numbers(self, text: Bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The number of each of these pieces of `text`, new or known."""
        given = np.empty(len(starts), np.uint32)
        done = 0
        while True:
            done, self.n = _interned(text, starts, ends, given, done, self.n, self.offsets, self.text, self.slots)
            if done == len(starts):
                return given
            self._grow(int(ends[done] - starts[done]))

    def number_all(self, strings: Iterable[str]) -> NDArray[np.uint32]:
        """The same for Python's strings."""
        encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
        ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
        starts = np.concatenate((ends[:0], [0], ends[:-1]))[: len(ends)].astype(np.int64)
        return self.numbers(np.frombuffer(b"".join(encoded), np.uint8), starts, ends)

    def strings(self) -> Strings:
        """All of them by their number."""
        return Strings(self.offsets[: self.n + 1].copy(), self.text[: self.offsets[self.n]].copy(), self.slots)

    def _grow(self, longest: int) -> None:
        if 2 * (self.n + 1) > len(self.slots):
            self.slots = _slotted(self.offsets, self.text, self.n, 2 * len(self.slots))
        if self.n + 2 > len(self.offsets):
            self.offsets = np.concatenate((self.offsets, np.zeros(len(self.offsets) // 2, np.int64)))
        if self.offsets[self.n] + longest > len(self.text):
            self.text = np.concatenate((self.text, np.empty(max(len(self.text) // 2, longest), np.uint8)))


def node_of(ids: Sequence[str] | None, id: str, n: int) -> int:
    """The node of an id, -1 if there is none: at once for numbers and strings as arrays, by looking through all for others."""
    if ids is None:
        return int(id) if id.isascii() and id.isdigit() and str(int(id)) == id and int(id) < n else -1
    if isinstance(ids, (Numbers, Strings)):
        return ids.node(id)
    try:
        return ids.index(id)
    except ValueError:
        return -1


def nodes_of(ids: Sequence[str] | None, wanted: Sequence[str], n: int) -> NDArray[np.int64]:
    """The node of each of these ids, -1 where there is none: many at once cost little more than one."""
    if isinstance(ids, Numbers):
        return ids.nodes(wanted)
    if ids is None or isinstance(ids, Strings):
        return np.array([node_of(ids, id, n) for id in wanted], np.int64)
    node = {id: k for k, id in zip(range(n - 1, -1, -1), reversed(ids))}
    return np.array([node.get(id, -1) for id in wanted], np.int64)


def as_strings(ids: Sequence[str]) -> Strings:
    """Any ids as strings in one array."""
    if isinstance(ids, Strings):
        return ids
    interner = Interner()
    for k in range(0, len(ids), _SOME):
        interner.number_all(ids[k : k + _SOME])
    return interner.strings()


@intrinsic
def _eight(_: Any, text: Any, at: Any) -> Any:
    """The eight bytes of `text` from `at` on as one number, least first, in one load; nobody looks whether they are there."""

    def load(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        word = ir.IntType(64)
        loaded = builder.load(builder.bitcast(builder.gep(array.data, [arguments[1]]), word.as_pointer()), align=1)
        return loaded if sys.byteorder == "little" else builder.bswap(loaded)

    return types.uint64(text, types.intp), load


@njit(cache=True, nogil=True, inline="always")
def _word(text: Bytes, at: Int, end: Int) -> np.uint64:
    """Up to eight bytes as a number."""
    left = end - at
    if at + 8 <= len(text):
        word: np.uint64 = _eight(text, at)
        return word if left >= 8 else word & ((np.uint64(1) << np.uint64(8 * left)) - np.uint64(1))
    word = np.uint64(0)
    for k in range(min(left, 8)):
        word |= np.uint64(text[at + k]) << np.uint64(8 * k)
    return word


@njit(cache=True, nogil=True, inline="always")
def _hash(text: Bytes, start: Int, end: Int) -> np.uint64:
    """Eight bytes at a time, mixed as in SplitMix64 (Steele, Lea & Flood 2014)."""
    mixed = np.uint64(end - start) * np.uint64(0x9E3779B97F4A7C15)
    at = start
    while at < end:
        mixed = (mixed ^ _word(text, at, end)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
        at += 8
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@njit(cache=True, nogil=True, inline="always")
def _same(a: Bytes, a_start: Int, a_end: Int, b: Bytes, b_start: Int, b_end: Int) -> bool:
    if a_end - a_start != b_end - b_start:
        return False
    while a_start < a_end:
        if _word(a, a_start, a_end) != _word(b, b_start, b_end):
            return False
        a_start += 8
        b_start += 8
    return True


@njit(cache=True, nogil=True)
def _found(key: Bytes, offsets: NDArray[np.int64], text: Bytes, slots: NDArray[np.uint64]) -> Int:
    """A slot holds the upper half of a hash and a number, plus one; 0 is empty; the next is tried where it is another's."""
    if len(slots) == 0:
        return -1
    hashed = _hash(key, 0, len(key))
    mask = np.uint64(len(slots) - 1)
    at = hashed & mask
    while slots[at] != 0:
        if slots[at] >> np.uint64(32) == hashed >> np.uint64(32):
            node = np.int64(slots[at] & np.uint64(0xFFFFFFFF)) - 1
            if _same(key, 0, len(key), text, offsets[node], offsets[node + 1]):
                return node
        at = (at + np.uint64(1)) & mask
    return -1


@njit(cache=True, nogil=True)
def _interned(
    text: Bytes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    given: NDArray[np.uint32],
    done: int,
    n: int,
    offsets: NDArray[np.int64],
    arena: Bytes,
    slots: NDArray[np.uint64],
) -> tuple[int, int]:
    """Goes on from `done` until all have a number, or there is no room for one more; how many are done, and how many numbers there are.

    What stands in the first slot of each is fetched for many together, before any is looked at: most are found there.
    """
    mask = np.uint64(len(slots) - 1)
    hashes, near, heads = np.empty(_AHEAD, np.uint64), np.empty(_AHEAD, np.uint64), np.empty(_AHEAD, np.uint64)
    begins, stops = np.zeros(_AHEAD, np.int64), np.zeros(_AHEAD, np.int64)
    while done < len(starts):
        some = min(_AHEAD, len(starts) - done)
        for k in range(some):
            hashes[k] = _hash(text, starts[done + k], ends[done + k])
        for k in range(some):
            near[k] = slots[hashes[k] & mask]
        for k in range(some):
            node = np.int64(near[k] & np.uint64(0xFFFFFFFF)) - np.int64(near[k] != 0)
            begins[k], stops[k] = offsets[node], offsets[node + 1]
        for k in range(some):
            heads[k] = _word(arena, begins[k], stops[k])
        for k in range(some):
            start, end, hashed = starts[done], ends[done], hashes[k]
            number = np.int64(-1)
            if (
                near[k] != 0
                and near[k] >> np.uint64(32) == hashed >> np.uint64(32)
                and heads[k] == _word(text, start, end)
                and _same(text, start, end, arena, begins[k], stops[k])
            ):
                number = np.int64(near[k] & np.uint64(0xFFFFFFFF)) - 1
            at = hashed & mask
            while number < 0 and slots[at] != 0:
                node = np.int64(slots[at] & np.uint64(0xFFFFFFFF)) - 1
                if slots[at] >> np.uint64(32) == hashed >> np.uint64(32) and _same(
                    text, start, end, arena, offsets[node], offsets[node + 1]
                ):
                    number = node
                at = (at + np.uint64(1)) & mask
            if number < 0:
                if 2 * (n + 1) > len(slots) or n + 2 > len(offsets) or offsets[n] + end - start > len(arena):
                    return done, n
                for j in range(end - start):
                    arena[offsets[n] + j] = text[start + j]
                offsets[n + 1] = offsets[n] + end - start
                slots[at] = (hashed >> np.uint64(32)) << np.uint64(32) | np.uint64(n + 1)
                number = np.int64(n)
                n += 1
            given[done] = number
            done += 1
    return done, n


@njit(cache=True, nogil=True)
def _slotted(offsets: NDArray[np.int64], arena: Bytes, n: int, size: int) -> NDArray[np.uint64]:
    """A table of this size (a power of two) for the first n strings."""
    slots = np.zeros(size, np.uint64)
    mask = np.uint64(size - 1)
    for node in range(n):
        hashed = _hash(arena, offsets[node], offsets[node + 1])
        at = hashed & mask
        while slots[at] != 0:
            at = (at + np.uint64(1)) & mask
        slots[at] = (hashed >> np.uint64(32)) << np.uint64(32) | np.uint64(node + 1)
    return slots
