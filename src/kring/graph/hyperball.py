"""HyperBall: how many nodes lie within t steps of each node, for all nodes at once and all t, by counters that only estimate.

Each node has a HyperLogLog counter: `registers` bytes that stand for the set of nodes within t steps of it. One round takes every counter to
t + 1 by taking into it, register for register, the largest of those of its targets. A counter of 64 registers is one cache line, so a round
costs about one cache line from memory for each arc, and all rounds together a dozen or two of them; exact search would cost one search a node.

Rounds come in three ways that give the same bits:

    dense    every node pulls the lines of all its targets. Early rounds, in which nearly every line changes.
    tested   every node pulls only the lines that changed in the round before: a bit is looked at for each arc instead of a line.
    pushed   lines that changed are pushed to the nodes that point there: the cost is that of the changed lines alone, but arcs must be known
             from their target. They are in an undirected graph, or where the transpose is given.

For distances there is more in these counters than their sizes. The highest rank that any node has in a register is a record, and who holds it
is chance: a *witness*. A line has the record in it from the round on in which the witness is near enough, so counting the lines that come to
have it gives the exact number of nodes at each distance from the witness, for some 45 witnesses a run at next to no cost. That says more of
the distribution of distances than the estimated sizes do, whose errors the nodes share.

Memory   2 * registers bytes a node, and 1/2 byte; the graph itself is only read.
After    Boldi & Vigna 2013, "In-core computation of geometric centralities with HyperBall"; the estimator is that of Ertl 2017, "New cardinality
         estimation algorithms for HyperLogLog sketches".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.bits import Bits, aligned, has, put
from kring.graph.threads import borders, each, n_threads
from kring.graph.vectors import AHEAD, PORTABLE, fetch, harmonic, lanes, pull, push, reached, zeros

REGISTERS = 64
LARGEST_RANK = 46
"""Ranks above it are taken for it: one node in 2^46 has one. So the sums of powers of two are exact."""
UNIT = 1 << 20
"""Estimates are summed as whole numbers of so many to the person: the sum doesn't depend on its order, nor on the number of threads."""
TESTED, PUSHED = 0.6, 0.25
"""A round is tested, or pushed, from that share of arcs downwards that lead to a changed line; measured in `bench/distances.py`."""
_PIECES = 128
_CACHE_LINE = 64
_FEW_ARCS = 200_000
"""Below it a second thread costs more than it brings."""
T = TypeVar("T")


def error_of_one(registers: int = REGISTERS) -> float:
    """The relative standard error of one node's estimate. After Ertl 2017: sqrt(3 log 2 - 1) / sqrt(registers); 13% at 64."""
    return float(np.sqrt((3 * log(2) - 1) / registers))


@dataclass(frozen=True, slots=True, eq=False)
class Balls:
    """What one run of HyperBall found."""

    pairs: tuple[float, ...]
    """For t = 0, 1, …: how many ordered pairs (including each node with itself) are at most t steps apart; the last stands for all t beyond."""
    within: dict[int, NDArray[np.float32]]
    """float32[n] for each t that was asked for: how many nodes are at most t steps from each node, itself included."""
    witnesses: NDArray[np.int64]
    """int64[w]: nodes drawn by chance, those who alone hold a register's record."""
    from_witness: NDArray[np.int64]
    """int64[w, rounds + 1]: how many nodes have each witness at t steps, exactly, for t = 0, 1, …"""
    modes: tuple[str, ...]
    """In which way each round was done."""


@dataclass(frozen=True, slots=True, eq=False)
class Counters:
    """The memory of a run, which the next run may use again."""

    now: NDArray[np.uint8]
    then: NDArray[np.uint8]

    @classmethod
    def of(cls, n: int, registers: int = REGISTERS) -> "Counters":
        """Counters for n nodes."""
        return cls(_lines(n, registers), _lines(n, registers))


def _lines(n: int, registers: int) -> NDArray[np.uint8]:
    """uint8[n, registers], at the start of a cache line. NumPy asks for huge pages, without which half of a random look is the page's."""
    memory = np.empty(n * registers + _CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % _CACHE_LINE
    return memory[start : start + n * registers].reshape(n, registers)


def balls(
    graph: Graph,
    *,
    seed: int = 0,
    registers: int = REGISTERS,
    inside: NDArray[np.bool_] | None = None,
    back: Graph | None = None,
    keep: Sequence[int] = (),
    rounds: int | None = None,
    counters: Counters | None = None,
    threads: int = 0,
    portable: bool = PORTABLE,
    what: str = "distances",
) -> Balls:
    """How many pairs of nodes are within t steps, along the arcs, for every t until nothing changes.

    Takes   `inside`: count only pairs whose first is one of these. `back`: the transpose of a directed graph, if there is memory for it. `keep`:
            the t for which the ball of each node is wanted. `rounds`: at most so many. `counters`: memory to use again.
    Gives   Balls. Equal bits for equal seed and registers, whatever the threads and the processor.
    Costs   a cache line for each arc and round, as long as most lines change, then in proportion to what changes.
    Fails   GraphError for a number of registers that can't be.
    """
    lanes(registers, portable=portable)
    memory = counters or Counters.of(graph.n, registers)
    return _Run(graph, back, inside, memory, seed, threads, portable, what).all(keep, rounds)


class _Run:
    """The state of one run."""

    def __init__(
        self,
        graph: Graph,
        back: Graph | None,
        inside: NDArray[np.bool_] | None,
        counters: Counters,
        seed: int,
        threads: int,
        portable: bool,
        what: str,
    ) -> None:
        self.graph, self.back, self.what = graph, back if graph.directed else graph, what
        self.registers, self.threads = counters.now.shape[1], n_threads(threads)
        self.lanes, self.key = lanes(self.registers, portable=portable), _key(seed, self.registers)
        self.now, self.then = counters.now, counters.then
        self.everybody = _all_bits(graph.n)
        self.inside = self.everybody if inside is None else _as_bits(inside)
        self.changed, self.touched = self.everybody.copy(), np.zeros_like(self.everybody)
        self.alike = False
        """`then` holds what `now` does."""
        self.table = _estimator(self.registers)
        self.pieces = aligned(borders(graph.offsets, _PIECES))
        self.shares = aligned(borders(graph.offsets, self.threads))
        self.records = np.zeros(self.registers, np.uint8)
        self.hot, self.n_changed = graph.n_arcs, graph.n
        """How many arcs lead to changed lines (where that isn't known, in proportion to them), and how many lines changed."""
        self.total = 0

    def all(self, keep: Sequence[int], rounds: int | None) -> Balls:
        holders, unique = self._sow()
        within = {0: self._within()} if 0 in keep else {}
        pairs, levels = [self._counted(self.inside)[0] * UNIT], [unique.astype(np.int64)]
        modes: list[str] = []
        while self.hot and (rounds is None or len(modes) < rounds):
            mode, found = self._round(len(modes) + 1)
            if not self.n_changed:
                break
            modes.append(mode)
            levels.append(found)
            pairs.append(
                max(self.total, pairs[-1]) if len(modes) > 1 else pairs[0] + self._counted(self.inside, self.graph.offsets)[1] * UNIT
            )
            if len(modes) in keep:
                within[len(modes)] = self._within()
        if late := [t for t in keep if t not in within]:
            within |= dict.fromkeys(late, self._within())
        return Balls(
            pairs=tuple(each / UNIT for each in pairs),
            within=within,
            witnesses=holders[unique],
            from_witness=np.stack(levels, axis=1)[unique],
            modes=tuple(modes),
        )

    def _sow(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Begins each line with its own node; the node that holds each register's record, and whether it alone does."""
        shape = (len(self.pieces) - 1, self.registers)
        records, counts, holders = np.zeros(shape, np.uint8), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self._add(self._each(_sown, self.now, self.inside, self.table, self.key, records, counts, holders))
        self.records = records.max(axis=0, initial=0)
        best = records == self.records
        alone = (counts * best).sum(axis=0) == 1
        return (holders * best).sum(axis=0) * alone, alone & (self.records > 0)

    def _round(self, number: int) -> tuple[str, NDArray[np.int64]]:
        """One round; in which way it was done, and how many lines have come to hold each register's record."""
        what = f"{self.what}, round {number}"
        share, few = self.hot / max(self.graph.n_arcs, 1), self.hot < _FEW_ARCS
        counts = np.zeros((len(self.pieces) - 1, self.registers), np.int32)
        counting = (self.inside, self.table, self.records, counts)
        if share > TESTED:
            mode = "dense"
            sums = self._each(_dense, self.now, self.then, self.graph.offsets, self.graph.targets, self.touched, *counting, what=what)
            self.now, self.then, self.alike = self.then, self.now, False
        else:
            if not self.alike:
                self._each(_copied, self.now, self.then, self.changed)
                self.alike = True
            if self.back is not None and share < PUSHED:
                mode = "pushed"
                self._push(self.back, few, what)
            else:
                mode = "tested"
                self._each(_tested, self.now, self.then, self.graph.offsets, self.graph.targets, self.changed, self.touched, what=what)
            sums = self._each(_settled, self.now, self.then, self.touched, *counting, few=few)
        self._add(sums)
        self.changed, self.touched = self.touched, self.changed
        arcs_in = None if self.back is None else self.back.offsets
        self.n_changed, hot = self._counted(self.changed, arcs_in)
        self.hot = hot if arcs_in is not None else -(-self.graph.n_arcs * self.n_changed // max(self.graph.n, 1))
        return mode, counts.sum(axis=0, dtype=np.int64)

    def _push(self, back: Graph, few: bool, what: str) -> None:
        nodes = np.empty(self.n_changed, np.int64)
        _list(self.changed, nodes)
        self.touched[:] = 0
        self._each(_pushed, self.now, self.then, back.offsets, back.targets, nodes, self.touched, few=few, pieces=self.shares, what=what)

    def _each(
        self, kernel: Callable[..., T], *arguments: object, few: bool = False, pieces: NDArray[np.int64] | None = None, what: str = ""
    ) -> list[T]:
        pieces = self.pieces if pieces is None else pieces
        return each(
            lambda k: kernel(self.lanes, *arguments, k, pieces[k], pieces[k + 1]), len(pieces) - 1, 1 if few else self.threads, what=what
        )

    def _add(self, sums: list[tuple[int, int]]) -> None:
        self.total += sum((int(high) << 32) + int(low) for high, low in sums)

    def _counted(self, bits: Bits, offsets: NDArray[np.int64] | None = None) -> tuple[int, int]:
        """How many of the nodes, and how many arcs they have."""
        counts = self._each(_counted, bits, np.zeros(0, np.int64) if offsets is None else offsets, few=self.graph.n < _FEW_ARCS)
        return sum(int(nodes) for nodes, _ in counts), sum(int(arcs) for _, arcs in counts)

    def _within(self) -> NDArray[np.float32]:
        sizes = np.empty(self.graph.n, np.float32)
        self._each(_estimated, self.now, self.table, sizes)
        return sizes


def _estimator(registers: int) -> NDArray[np.float64]:
    """float64[registers + 1, 2]: for a line with so many zeros, what is added to its harmonic sum, and what is divided by that.

    The first is registers * sigma(zeros / registers) - zeros, with Ertl's sigma. Like all such estimators this one is some 1/registers too large (0.5 of it
    for small sets, 1.05 for large ones, by simulation): the second takes that away, which leaves 0.2% at 64 registers.
    """
    table = np.zeros((registers + 1, 2))
    for n_zeros in range(registers + 1):
        share = n_zeros / registers
        power, factor, sigma, before = share, 1.0, share, 0.0
        while sigma != before and n_zeros < registers:
            power, before = power * power, sigma
            sigma += power * factor
            factor *= 2
        table[n_zeros, 0] = registers * sigma - n_zeros
        table[n_zeros, 1] = registers**2 / (2 * log(2)) * (1 - (0.5 + 0.55 * (1 - share)) / registers)
    table[registers, 0] = np.inf
    return table


def _all_bits(n: int) -> Bits:
    bits = np.full(-(-n // 64), 2**64 - 1, np.uint64)
    if n % 64:
        bits[-1] = (1 << n % 64) - 1
    return bits


def _as_bits(flags: NDArray[np.bool_]) -> Bits:
    packed = np.packbits(flags, bitorder="little")
    return np.concatenate((packed, np.zeros(-len(packed) % 8, np.uint8))).view("<u8").astype(np.uint64)


def _key(seed: int, registers: int) -> np.uint64:
    """What the hashes of a seed begin with: far apart for seeds that are near, so that one seed is no shift of another."""
    return np.uint64(np.random.SeedSequence((seed, registers)).generate_state(1, np.uint64)[0])


@njit(cache=True, nogil=True, inline="always")
def _hashed(node, key):  # type: ignore[no-untyped-def]
    """After Steele, Lea & Flood 2014, SplitMix64."""
    x = node * np.uint64(0x9E3779B97F4A7C15) + key
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True, inline="always")
def _size(kind, lines, node, table):  # type: ignore[no-untyped-def]
    """The size of the set that a line stands for, in UNITs."""
    n_zeros = zeros(kind, lines, node)
    return np.int64(table[n_zeros, 1] / (harmonic(kind, lines, node) + table[n_zeros, 0]) * UNIT + 0.5)


@njit(cache=True, nogil=True)
def _sown(kind, now, inside, table, key, records, counts, holders, piece, begin, end):  # type: ignore[no-untyped-def]
    """Each line stands for its node alone: one register is set, to the rank of the node's hash."""
    registers, shift = np.uint64(now.shape[1]), np.uint64(len(kind))
    high, low = np.int64(0), np.int64(0)
    for node in range(begin, end):
        now[node] = 0
        x = _hashed(np.uint64(node), key)
        register, rest, rank = np.int64(x & (registers - np.uint64(1))), x >> shift, 1
        while rest & np.uint64(1) == 0 and rank < LARGEST_RANK:
            rest >>= np.uint64(1)
            rank += 1
        now[node, register] = rank
        if not has(inside, node):
            continue
        size = _size(kind, now, node, table)
        high += size >> 32
        low += size & 0xFFFFFFFF
        if rank > records[piece, register]:
            records[piece, register], counts[piece, register], holders[piece, register] = rank, 0, node
        counts[piece, register] += rank == records[piece, register]
    return high, low


@njit(cache=True, nogil=True, inline="always")
def _grown(kind, now, then, node, table, records, counts):  # type: ignore[no-untyped-def]
    """What a changed line grew by, in two halves that can be summed without overflow; counts the records that came into it."""
    reached(kind, now, then, node, records, counts)
    size, before = _size(kind, then, node, table), _size(kind, now, node, table)
    return (size >> 32) - (before >> 32), (size & 0xFFFFFFFF) - (before & 0xFFFFFFFF)


@njit(cache=True, nogil=True)
def _dense(kind, now, then, offsets, targets, touched, inside, table, records, counts, piece, begin, end):  # type: ignore[no-untyped-def]
    high, low = np.int64(0), np.int64(0)
    for first in range(begin, end, 64):
        bits = np.uint64(0)
        for node in range(first, min(first + 64, end)):
            if pull(kind, now, node, targets, offsets[node], offsets[node + 1], then):
                bits |= np.uint64(1) << np.uint64(node & 63)
                if has(inside, node):
                    more_high, more_low = _grown(kind, now, then, node, table, records, counts[piece])
                    high += more_high
                    low += more_low
        touched[first >> 6] = bits
    return high, low


@njit(cache=True, nogil=True)
def _tested(kind, now, then, offsets, targets, changed, touched, piece, begin, end):  # type: ignore[no-untyped-def]
    """Pulls changed lines only: for 64 nodes at a time their targets are sifted first, without a branch, so that memory can be asked ahead."""
    most = 0
    for first in range(begin, end, 64):
        most = max(most, offsets[min(first + 64, end)] - offsets[first])
    sifted = np.empty(most + 1, np.uint32)
    ends = np.zeros(65, np.int64)
    for first in range(begin, end, 64):
        last = min(first + 64, end)
        n = np.int64(0)
        for node in range(first, last):
            for arc in range(offsets[node], offsets[node + 1]):
                sifted[n] = targets[arc]
                n += np.int64(has(changed, np.int64(targets[arc])))
            ends[node - first + 1] = n
        bits = np.uint64(0)
        for k in range(last - first):
            if ends[k + 1] > ends[k] and pull(kind, now, first + k, sifted, ends[k], ends[k + 1], then):
                bits |= np.uint64(1) << np.uint64(k)
        touched[first >> 6] = bits


@njit(cache=True, nogil=True)
def _pushed(kind, now, then, offsets, targets, nodes, touched, piece, begin, end):  # type: ignore[no-untyped-def]
    """Pushes the lines of `nodes` to those who point at them and lie in begin … end - 1; their arcs are sorted, so they stand together."""
    for node in nodes:
        first, last = offsets[node], offsets[node + 1]
        if begin > 0:
            first += np.searchsorted(targets[first:last], begin)
        for arc in range(first, last):
            target = np.int64(targets[arc])
            if target >= end:
                break
            if arc + AHEAD < last:
                fetch(kind, then, np.int64(targets[arc + AHEAD]))
            if push(kind, now, node, then, target):
                put(touched, target)


@njit(cache=True, nogil=True)
def _settled(kind, now, then, touched, inside, table, records, counts, piece, begin, end):  # type: ignore[no-untyped-def]
    """Counts what the touched lines grew by, and takes them over."""
    high, low = np.int64(0), np.int64(0)
    for word in range(begin >> 6, (end + 63) >> 6):
        bits, node = touched[word], word << 6
        while bits:
            if bits & np.uint64(1):
                if has(inside, node):
                    more_high, more_low = _grown(kind, now, then, node, table, records, counts[piece])
                    high += more_high
                    low += more_low
                now[node] = then[node]
            bits >>= np.uint64(1)
            node += 1
    return high, low


@njit(cache=True, nogil=True)
def _copied(kind, now, then, changed, piece, begin, end):  # type: ignore[no-untyped-def]
    for node in range(begin, end):
        if has(changed, node):
            then[node] = now[node]


@njit(cache=True, nogil=True)
def _counted(kind, bits, offsets, piece, begin, end):  # type: ignore[no-untyped-def]
    """How many of these nodes have their bit set, and how many arcs they have (0 without offsets)."""
    nodes, arcs = np.int64(0), np.int64(0)
    for word in range(begin >> 6, (end + 63) >> 6):
        left, node = bits[word], word << 6
        while left:
            if left & np.uint64(1):
                nodes += np.int64(1)
                if len(offsets):
                    arcs += offsets[node + 1] - offsets[node]
            left >>= np.uint64(1)
            node += 1
    return nodes, arcs


@njit(cache=True, nogil=True)
def _list(bits, nodes):  # type: ignore[no-untyped-def]
    k = 0
    for word in range(len(bits)):
        left, node = bits[word], word << 6
        while left:
            if left & np.uint64(1):
                nodes[k] = node
                k += 1
            left >>= np.uint64(1)
            node += 1


@njit(cache=True, nogil=True)
def _estimated(kind, now, table, sizes, piece, begin, end):  # type: ignore[no-untyped-def]
    for node in range(begin, end):
        sizes[node] = _size(kind, now, node, table) / UNIT
