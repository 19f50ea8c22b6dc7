"""Which of many strings stand where in a text, in one pass, by a compiled kernel: what `needles.py` looks with.

A string begins with its head, its first 8 or 16 bytes. At each place of the text the bytes there are hashed to one bit of a table that
fits the cache; where the bit is set, the head is looked up in an open-addressed table, and among the sorted strings with that head the last
one not after the text is found by halving. Whatever string the text goes on with is that one or one that it begins with, and so on down.
With heads of 8 bytes alone, half a language's sentences would begin like one of a busy writer's.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

WORD = 8
"""A head is one such word, or two."""
_MULTIPLIERS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_MIXED, _UPPER = np.uint64(29), np.uint64(32)
_FEWEST_BITS = 20
_BITS_A_HEAD, _SLOTS_A_HEAD = 32, 4
_AT_ONCE = 1 << 16
_FEW = 64
"""Up to so many strings begin with few of all pairs of bytes: at most places their first two bytes rule them all out."""
Numbers = NDArray[np.int64]


class Sought(NamedTuple):
    """Strings as the kernel wants them, sorted."""

    body: NDArray[np.uint8]
    """All of them, one after another."""
    starts: Numbers
    """int64[n + 1]: where each begins in it."""
    shorter: Numbers
    """The longest other one that each begins with, -1 for none."""
    heads: NDArray[np.uint64]
    """uint64[n, 2]."""
    width: int
    """How long a head is: 8 or 16 bytes. Of heads of 8 the second word is 0."""
    ends: Numbers
    """For the first one with a head: the number after the last one with it."""
    bits: NDArray[np.uint8]
    slots: Numbers
    """The number of the first one with a head, plus one, where its hash says or in the next slot that is free."""


def sought(strings: Sequence[bytes], width: int) -> Sought:
    """Makes strings ready to be looked for.

    Takes   strings in order, each once, none shorter than `width`, 8 or 16.
    Costs   some 100 bytes a string beside them.
    """
    starts = np.cumsum([0, *map(len, strings)], dtype=np.int64)
    heads = np.frombuffer(b"".join(string[:width].ljust(2 * WORD, b"\0") for string in strings), np.uint64).reshape(-1, 2)
    firsts = np.flatnonzero(np.concatenate([[True], (heads[1:] != heads[:-1]).any(axis=1)])) if strings else np.empty(0, np.int64)
    ends = np.zeros(len(strings), np.int64)
    ends[firsts] = np.append(firsts[1:], len(strings))
    bits = np.zeros(_power(_BITS_A_HEAD * len(firsts), 1 << _FEWEST_BITS) // 8, np.uint8)
    slots = np.zeros(_power(_SLOTS_A_HEAD * len(firsts), 2), np.int64)
    _enter(heads, firsts, bits, slots)
    body = np.frombuffer(b"".join(strings), np.uint8)
    return Sought(body, starts, _shorter(strings), heads, width, ends, bits, slots)


def matches(text: bytes, strings: Sought) -> tuple[Numbers, Numbers]:
    """Places where a string stands, in order, and the number of the string.

    Costs   two multiplications and one look for each byte of the text, however many the strings; of a few strings, one look.
    """
    found: list[Numbers] = []
    letters, place = np.frombuffer(text, np.uint8), 0
    kernel = _matches_few if len(strings.heads) <= _FEW else _matches
    while place < len(text):
        some = np.empty((2, _AT_ONCE), np.int64)
        n, place = kernel(letters, place, strings, some)
        found.append(some[:, :n].copy())
    places, numbers = np.concatenate(found, axis=1) if found else np.empty((2, 0), np.int64)
    return places, numbers


def _power(least: int, fewest: int) -> int:
    """The power of two that is at least so much."""
    return max(fewest, 1 << max(0, least - 1).bit_length())


def _shorter(strings: Sequence[bytes]) -> Numbers:
    found = np.full(len(strings), -1, np.int64)
    open: list[int] = []
    for i, string in enumerate(strings):
        while open and not string.startswith(strings[open[-1]]):
            open.pop()
        if open:
            found[i] = open[-1]
        open.append(i)
    return found


# -- kernels


@njit(cache=True, nogil=True, inline="always")
def _hashed(one: np.uint64, other: np.uint64, size: int) -> int:
    """A number below `size`, a power of two, from bits of the hash that all bits of the head have a part in."""
    mixed = one * _MULTIPLIERS[0] + other * _MULTIPLIERS[1]
    hashed: int = np.int64((mixed ^ (mixed >> _MIXED)) >> _UPPER) & (size - 1)  # type: ignore[assignment]
    return hashed


@njit(cache=True, nogil=True)
def _enter(heads: NDArray[np.uint64], firsts: Numbers, bits: NDArray[np.uint8], slots: Numbers) -> None:
    for first in firsts:
        bit = _hashed(heads[first, 0], heads[first, 1], 8 * len(bits))
        bits[bit >> 3] |= np.uint8(1 << (bit & 7))
        slot = _hashed(heads[first, 0], heads[first, 1], len(slots))
        while slots[slot]:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = first + 1


@njit(cache=True, nogil=True)
def _matches(text: NDArray[np.uint8], start: int, strings: Sought, out: Numbers) -> tuple[int, int]:
    """Fills `out` from a place on; gives how many it found and where to go on."""
    size, n, one, other, last = 8 * len(strings.bits), 0, np.uint64(0), np.uint64(0), strings.width - 1
    for at in range(start, min(start + last, len(text))):
        one, other = _shifted(one, other, text[at], last)
    for place in range(start, len(text) - last):
        one, other = _shifted(one, other, text[place + last], last)
        bit = _hashed(one, other, size)
        if not (strings.bits[bit >> 3] >> (bit & 7)) & 1:
            continue
        more = _enter_found(text, place, one, other, strings, out, n)
        if more < 0:
            return n, place
        n = more
    return n, len(text)


@njit(cache=True, nogil=True)
def _matches_few(text: NDArray[np.uint8], start: int, strings: Sought, out: Numbers) -> tuple[int, int]:
    """The same for few strings."""
    n, last = 0, strings.width - 1
    begins = np.zeros(1 << 16, np.bool_)
    for i in range(len(strings.heads)):
        begins[np.int64(strings.heads[i, 0] & np.uint64(0xFFFF))] = True
    for place in range(start, len(text) - last):
        if not begins[np.int64(text[place]) | (np.int64(text[place + 1]) << 8)]:
            continue
        one, other = np.uint64(0), np.uint64(0)
        for at in range(place, place + strings.width):
            one, other = _shifted(one, other, text[at], last)
        more = _enter_found(text, place, one, other, strings, out, n)
        if more < 0:
            return n, place
        n = more
    return n, len(text)


@njit(cache=True, nogil=True)
def _enter_found(text: NDArray[np.uint8], place: int, one: np.uint64, other: np.uint64, strings: Sought, out: Numbers, n: int) -> int:
    """Writes down which strings stand at a place, after the n found before; gives how many are found now, -1 where there is no room for all."""
    i = _last_before(text, place, one, other, strings)
    while i >= 0:
        if _stands(text, place, strings, i):
            if n == out.shape[1]:
                return -1
            out[0, n], out[1, n] = place, i
            n += 1
        i = strings.shorter[i]
    return n


@njit(cache=True, nogil=True, inline="always")
def _shifted(one: np.uint64, other: np.uint64, byte: np.uint8, last: int) -> tuple[np.uint64, np.uint64]:
    """The head one byte on."""
    if last < WORD:
        return (one >> np.uint64(8)) | (np.uint64(byte) << np.uint64(56)), other
    return (one >> np.uint64(8)) | (other << np.uint64(56)), (other >> np.uint64(8)) | (np.uint64(byte) << np.uint64(56))


@njit(cache=True, nogil=True)
def _last_before(text: NDArray[np.uint8], place: int, one: np.uint64, other: np.uint64, strings: Sought) -> int:
    """The last string with this head that does not come after the text from here on; -1 for none."""
    slot = _hashed(one, other, len(strings.slots))
    first = strings.slots[slot] - 1
    while first >= 0 and (strings.heads[first, 0] != one or strings.heads[first, 1] != other):
        slot = (slot + 1) & (len(strings.slots) - 1)
        first = strings.slots[slot] - 1
    if first < 0:
        return -1
    low, high = first, strings.ends[first]
    while low < high:
        middle = (low + high) // 2
        if _comes_after(text, place, strings, middle):
            high = middle
        else:
            low = middle + 1
    return low - 1 if low > first else -1


@njit(cache=True, nogil=True)
def _comes_after(text: NDArray[np.uint8], place: int, strings: Sought, i: int) -> bool:
    start, size = strings.starts[i], strings.starts[i + 1] - strings.starts[i]
    for k in range(strings.width, size):
        if place + k >= len(text) or strings.body[start + k] > text[place + k]:
            return True
        if strings.body[start + k] < text[place + k]:
            return False
    return False


@njit(cache=True, nogil=True)
def _stands(text: NDArray[np.uint8], place: int, strings: Sought, i: int) -> bool:
    start, size = strings.starts[i], strings.starts[i + 1] - strings.starts[i]
    if place + size > len(text):
        return False
    k = strings.width
    while k < size and strings.body[start + k] == text[place + k]:
        k += 1
    return bool(k == size)
