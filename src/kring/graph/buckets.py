"""Pairs of nodes sorted into rows of neighbours, without repeats: first into buckets by source, then each bucket for itself.

A bucket holds the arcs out of at most 2^15 nodes following each other, as four bytes for the target and two for the source: its place in
the bucket and one bit, which tells an arc as it was given from the same arc turned round. A bucket fits into the processor's cache, pieces
of pairs know beforehand where their part of each bucket begins, and so threads never meet. Buckets may as well lie on disk (`weaving`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ties = Literal["directed", "undirected", "mutual"]
"""`directed`: as given. `undirected`: a tie where there is a pair either way. `mutual`: a tie where there is a pair each way."""
Pairs = NDArray[np.uint32]
"""uint32[m, 2]: source and target."""
BLOCK = 1 << 22
"""So many pairs in memory one thread deals out at a time."""
_MOST_BITS = 15
_ENOUGH = 512
"""So many buckets are enough for any number of threads; fewer where that leaves a bucket less than 2^14 pairs."""
_DIGITS = 2
"""Targets are sorted by the lower half of their bits, then by the upper: up to 2^26 nodes these are tables that a cache holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Rank:
    """Which node each number of a pair means."""

    node: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    """Empty: the numbers are nodes. Else the node of each number below `high`, and from `high` on of what is left of it without `gap`."""
    high: int = 0
    gap: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How pairs of a network are dealt out."""

    n: int
    n_pairs: int
    ties: Ties
    rank: Rank = field(default_factory=Rank)

    @property
    def bits(self) -> int:
        """A bucket holds 2^bits nodes."""
        wanted = min(_ENOUGH, 1 + (self.n_pairs >> 14))
        return max(0, min(_MOST_BITS, self._node_bits - (wanted - 1).bit_length()))

    @property
    def buckets(self) -> int:
        """How many there are."""
        return -(-self.n >> self.bits)

    @property
    def digit(self) -> int:
        """Half the bits of a node."""
        return -(-self._node_bits // _DIGITS)

    @property
    def _node_bits(self) -> int:
        return max(self.n - 1, 1).bit_length()


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of one bucket."""

    degree: NDArray[np.int64]
    targets: NDArray[np.uint32]
    times: NDArray[np.uint32]
    """How often each arc was given; empty where nobody asked."""
    repeats: int
    """Arcs as given that were given before."""
    most: int
    """How often the arc that was given most was."""


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """Arcs in the order of their buckets, each bucket from `starts[b]` to `starts[b + 1]`."""

    starts: NDArray[np.int64]
    targets: NDArray[np.uint32]
    keys: NDArray[np.uint16]
    n_loops: int


def deal(pairs: Pairs, plan: Plan) -> Dealt:
    """Puts each pair into the bucket of its source, and where ties go both ways into that of its target too; loops are counted and left.

    Costs   some 10 ns a pair; 6 bytes for each arc. One thread; several parts of the pairs may be dealt out at once.
    """
    both, tag, bits, rank = plan.ties != "directed", plan.ties == "mutual", plan.bits, (plan.rank.node, plan.rank.high, plan.rank.gap)
    starts = np.zeros(plan.buckets + 1, np.int64)
    n_loops = int(_count(pairs, *rank, bits, both, starts[1:]))
    np.cumsum(starts, out=starts)
    targets, keys = np.empty(int(starts[-1]), np.uint32), np.empty(int(starts[-1]), np.uint16)
    _put(pairs, *rank, bits, both, tag, starts[:-1].copy(), targets, keys)
    return Dealt(starts, targets, keys, n_loops)


def rows_of(parts: Sequence[Dealt], plan: Plan, bucket: int, *, times: bool) -> Rows:
    """One bucket's rows, from its part in all that was dealt: neighbours in order, each once."""
    cut = [slice(part.starts[bucket], part.starts[bucket + 1]) for part in parts]
    targets = np.concatenate([part.targets[where] for part, where in zip(parts, cut)])
    keys = np.concatenate([part.keys[where] for part, where in zip(parts, cut)])
    return sorted_rows(targets, keys, plan, bucket, times=times)


def sorted_rows(targets: NDArray[np.uint32], keys: NDArray[np.uint16], plan: Plan, bucket: int, *, times: bool) -> Rows:
    """One bucket's rows: neighbours in order, each once. The bucket is used up."""
    first = bucket << plan.bits
    width = min(1 << plan.bits, plan.n - first)
    room = np.empty(len(targets), np.uint32), np.empty(len(keys), np.uint16)
    for shift in range(0, _DIGITS * plan.digit, plan.digit):
        _by_digit(targets, keys, *room, shift, plan.digit)
        (targets, keys), room = room, (targets, keys)
    offsets, lists = np.zeros(2 * width + 1, np.int64), room[0]
    _by_key(targets, keys, offsets, lists)
    often = np.empty(len(lists) if times else 0, np.uint32)
    degree = np.zeros(width, np.int64)
    kept, repeats, most = _merged(lists, offsets, often, degree, plan.ties == "mutual")
    return Rows(degree, lists[:kept], often[: kept if times else 0], repeats, most)


@njit(cache=True, nogil=True)
def _count(pairs: Pairs, node: NDArray[np.uint32], high: int, gap: int, bits: int, both: bool, counts: NDArray[np.int64]) -> int:
    loops = 0
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        if a == b:
            loops += 1
            continue
        if len(node):
            a, b = node[a if a < high else a - gap], node[b if b < high else b - gap]
        counts[a >> np.uint32(bits)] += 1
        if both:
            counts[b >> np.uint32(bits)] += 1
    return loops


@njit(cache=True, nogil=True)
def _put(
    pairs: Pairs,
    node: NDArray[np.uint32],
    high: int,
    gap: int,
    bits: int,
    both: bool,
    tag: bool,
    places: NDArray[np.int64],
    targets: NDArray[np.uint32],
    keys: NDArray[np.uint16],
) -> None:
    shift = np.uint32(bits)
    mask = (np.uint32(1) << shift) - np.uint32(1)
    mark = np.uint32(1) if tag else np.uint32(0)
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        if a == b:
            continue
        if len(node):
            a, b = node[a if a < high else a - gap], node[b if b < high else b - gap]
        place = places[a >> shift]
        places[a >> shift] = place + 1
        targets[place] = b
        keys[place] = np.uint16((a & mask) << np.uint32(1))
        if both:
            place = places[b >> shift]
            places[b >> shift] = place + 1
            targets[place] = a
            keys[place] = np.uint16(((b & mask) << np.uint32(1)) | mark)


@njit(cache=True, nogil=True)
def _by_digit(
    targets: NDArray[np.uint32],
    keys: NDArray[np.uint16],
    to_targets: NDArray[np.uint32],
    to_keys: NDArray[np.uint16],
    shift: int,
    digit: int,
) -> None:
    """One pass of a radix sort by target."""
    mask, right = np.uint32((1 << digit) - 1), np.uint32(shift)
    places = np.zeros((1 << digit) + 1, np.int64)
    for target in targets:
        places[((target >> right) & mask) + np.uint32(1)] += 1
    for k in range(1 << digit):
        places[k + 1] += places[k]
    for k in range(len(targets)):
        which = (targets[k] >> right) & mask
        place = places[which]
        places[which] = place + 1
        to_targets[place] = targets[k]
        to_keys[place] = keys[k]


@njit(cache=True, nogil=True)
def _by_key(targets: NDArray[np.uint32], keys: NDArray[np.uint16], offsets: NDArray[np.int64], to_targets: NDArray[np.uint32]) -> None:
    """The last pass: the list of each key, in order as the targets are."""
    for key in keys:
        offsets[np.int64(key) + 1] += 1
    for k in range(len(offsets) - 1):
        offsets[k + 1] += offsets[k]
    places = offsets.copy()
    for k in range(len(keys)):
        place = places[keys[k]]
        places[keys[k]] = place + 1
        to_targets[place] = targets[k]


@njit(cache=True, nogil=True)
def _merged(
    lists: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    times: NDArray[np.uint32],
    degree: NDArray[np.int64],
    mutual: bool,
) -> tuple[int, int, int]:
    """Leaves out repeats in each node's list and, in mutual networks, who is not in its second list too. In place: how many are left."""
    counted = len(times) > 0
    kept = repeats = most = 0
    for node in range(len(degree)):
        k, middle, other, end = offsets[2 * node], offsets[2 * node + 1], offsets[2 * node + 1], offsets[2 * node + 2]
        first = kept
        while k < middle:
            value, run = lists[k], 1
            while k + run < middle and lists[k + run] == value:
                run += 1
            k += run
            repeats += run - 1
            if mutual:
                while other < end and lists[other] < value:
                    other += 1
                if other == end or lists[other] != value:
                    continue
                while other < end and lists[other] == value:
                    other += 1
                    run += 1
            lists[kept] = value
            if counted:
                times[kept] = run
            most = max(most, run)
            kept += 1
        degree[node] = kept - first
    return kept, repeats, most
