"""What would be there by chance: random networks in which everyone keeps as many ties, and labels dealt out anew.

A network's ties are swapped: of two ties a-b and c-d come a-d and c-b, unless that makes a self-tie or a tie that is there already.
Each such chain of swaps comes by every simple network with these degrees equally often.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.build import like
from kring.graph.chance import below, key
from kring.graph.prefetch import prefetch
from kring.graph.threads import each

PER_TIE = 10.0
"""Swaps tried for each tie: the figures of real networks no longer change after five to ten (Milo et al. 2003)."""
FEWEST = 5
"""So many random networks at least are made of a large network, if nobody says how many."""
_BATCH = 64
_FREE = np.uint64(2**64 - 1)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_TURNS = np.uint64(7)
"""Of a directed graph, one try in eight is to turn round a ring of three: swaps alone don't reach every network (Rao et al. 1996)."""
T = TypeVar("T")
V = TypeVar("V", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Rewired:
    """A random network with the same degrees, and how it came about."""

    graph: Graph
    n_tries: int
    n_swaps: int

    @property
    def accepted(self) -> float:
        """The share of tries that were swaps; near 0, the network is one of few with these degrees, or it needs more tries."""
        return self.n_swaps / self.n_tries if self.n_tries else 0.0


def rewired(graph: Graph, *, per_tie: float = PER_TIE, seed: int = 0, number: int = 0) -> Rewired:
    """A random simple network in which everyone has as many ties (where they have a direction: as many out, and as many in).

    Takes   a graph; how many swaps to try for each tie; `number`: which of the networks of this seed.
    Gives   the network, without weights, signs, times and kinds (a tie that never was has none), and how many tries were swaps.
    Costs   some 0.1 to 0.2 µs for each try; 28 to 52 bytes for each tie. One thread: see `over_null_models`.
    Fails   GraphError where the number of tries is no number of 0 or more.
    After   Rao, Jana & Bandyopadhyay 1996; Milo et al. 2003; tries that can't be swaps count, else networks with more neighbours in the
            chain would come more often (Fosdick et al. 2018).
    """
    if not 0 <= per_tie < math.inf:
        raise GraphError(f"How often to swap each tie must be a number of 0 or more, not {per_tie}.")
    tries = math.ceil(per_tie * graph.n_ties)
    ties = _ties(graph.offsets, graph.targets, graph.directed, np.empty(graph.n_ties, np.uint64))
    table = np.full(1 << max(4, (2 * graph.n_ties - 1).bit_length()), _FREE, np.uint64)
    done = _swap(ties, table, graph.offsets, graph.directed, tries, seed, number) if graph.n_ties > 1 else 0
    targets = _woven(ties, graph.offsets, graph.directed, np.empty(graph.n_arcs, np.uint32))
    bare = like(graph, targets=targets, weights=None, signs=None, first_at=None, last_at=None, kinds=None, kind_names=())
    return Rewired(bare, tries, done)


def how_many(asked: int | None, usual: int, n_ties: int, *, most_ties: int) -> int:
    """How many random networks to make: as many as were asked for. Else the usual number, but of a large network only so many that
    they have `most_ties` ties together, and never fewer than `FEWEST`."""
    return asked if asked is not None else min(usual, max(FEWEST, most_ties // max(1, n_ties)))


def over_null_models(
    graph: Graph, measure: Callable[[Graph], T], n: int, *, per_tie: float = PER_TIE, seed: int = 0, threads: int = 0
) -> list[T]:
    """What `measure` gives for n random networks with the same degrees, in order.

    Costs   as `rewired`, one network a thread, each dropped once measured; a measure that holds Python's lock makes the threads wait.
    """
    return each(lambda k: measure(rewired(graph, per_tie=per_tie, seed=seed, number=k).graph), n, threads, what="random networks")


def shuffled(values: NDArray[V], *, seed: int = 0, number: int = 0, within: NDArray[np.generic] | None = None) -> NDArray[V]:
    """The same values, dealt out anew by chance.

    Takes   a value for each node; `within`: a group for each node (its degree, say): values then stay in their group.
    """
    draw = np.random.default_rng((seed, number))
    if within is None:
        return draw.permutation(values)
    if len(within) != len(values):
        raise GraphError(f"{len(within)} groups were given for {len(values)} values.")
    dealt = np.empty_like(values)
    dealt[np.argsort(within, kind="stable")] = values[np.lexsort((draw.random(len(values)), within))]
    return dealt


@njit(cache=True, nogil=True)
def _ties(offsets: NDArray[np.int64], targets: NDArray[np.uint32], directed: bool, ties: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each tie as source << 32 | target, in the order of the arcs; without direction, once, the lower end first."""
    k = 0
    for node in range(len(offsets) - 1):
        for arc in range(offsets[node], offsets[node + 1]):
            if directed or node < targets[arc]:
                ties[k] = (np.uint64(node) << _HALF) | np.uint64(targets[arc])
                k += 1
    return ties


@njit(cache=True, nogil=True)
def _woven(ties: NDArray[np.uint64], offsets: NDArray[np.int64], directed: bool, targets: NDArray[np.uint32]) -> NDArray[np.uint32]:
    place = offsets[:-1].copy()
    for tie in ties:
        a, b = tie >> _HALF, tie & _LOW
        targets[place[a]] = b
        place[a] += 1
        if not directed:
            targets[place[b]] = a
            place[b] += 1
    for node in range(len(offsets) - 1):
        targets[offsets[node] : offsets[node + 1]].sort()
    return targets


@njit(cache=True, nogil=True)
def _swap(
    ties: NDArray[np.uint64],
    table: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    directed: bool,
    tries: int,
    seed: int,
    number: int,
) -> int:
    """Tries swaps in batches: what a batch will look up is asked of the memory before it is needed. Which tries they are, in which order,
    is the same as one by one."""
    for tie in ties:
        _add(table, tie)
    stream = key(seed, number)
    first, second = np.empty(_BATCH, np.int64), np.empty(_BATCH, np.int64)
    extra = np.empty(_BATCH, np.uint64)
    done = 0
    for begin in range(0, tries, _BATCH):
        some = min(_BATCH, tries - begin)
        for k in range(some):
            first[k] = below(key(stream, 2 * (begin + k)), len(ties))
            extra[k] = key(stream, 2 * (begin + k) + 1)
            second[k] = below(extra[k], len(ties))
            prefetch(ties, first[k])
            prefetch(ties, second[k])
        for k in range(some):
            one, other = ties[first[k]], ties[second[k]]
            new_one, new_other = _crossed(one, other, directed, extra[k])
            prefetch(table, _slot(table, one))
            prefetch(table, _slot(table, other))
            prefetch(table, _slot(table, new_one))
            prefetch(table, _slot(table, new_other))
        for k in range(some):
            if directed and (extra[k] & _TURNS) == 0:
                done += _turn(ties, table, offsets, first[k], extra[k])
            else:
                done += _cross(ties, table, directed, first[k], second[k], extra[k])
    return done


@njit(cache=True, nogil=True)
def _crossed(one: np.uint64, other: np.uint64, directed: bool, bits: np.uint64) -> tuple[np.uint64, np.uint64]:
    """The two ties that a swap would make; without direction there are two ways to swap, and chance takes one."""
    a, b, c, d = one >> _HALF, one & _LOW, other >> _HALF, other & _LOW
    if directed:
        return (a << _HALF) | d, (c << _HALF) | b
    if bits & np.uint64(1):
        c, d = d, c
    return (min(a, d) << _HALF) | max(a, d), (min(c, b) << _HALF) | max(c, b)


@njit(cache=True, nogil=True)
def _cross(ties: NDArray[np.uint64], table: NDArray[np.uint64], directed: bool, i: int, j: int, bits: np.uint64) -> bool:
    if i == j:
        return False
    one, other = ties[i], ties[j]
    new_one, new_other = _crossed(one, other, directed, bits)
    if _is_loop(new_one) or _is_loop(new_other) or _has(table, new_one) or _has(table, new_other):
        return False
    _change(ties, table, i, new_one)
    _change(ties, table, j, new_other)
    return True


@njit(cache=True, nogil=True)
def _turn(ties: NDArray[np.uint64], table: NDArray[np.uint64], offsets: NDArray[np.int64], i: int, bits: np.uint64) -> bool:
    """Turns the ring a-b-c round, where there is one and no arc of it the other way. Arcs stay with their sources, so that out of b a
    random one can be taken."""
    a, b = np.int64(ties[i] >> _HALF), np.int64(ties[i] & _LOW)
    n_out = offsets[b + 1] - offsets[b]
    if n_out == 0:
        return False
    j = offsets[b] + below(key(bits, 0), n_out)
    c = np.int64(ties[j] & _LOW)
    if a == c or not _has(table, _arc(c, a)) or _has(table, _arc(a, c)) or _has(table, _arc(b, a)) or _has(table, _arc(c, b)):
        return False
    k = offsets[c]
    while ties[k] != _arc(c, a):
        k += 1
    _change(ties, table, i, _arc(a, c))
    _change(ties, table, j, _arc(b, a))
    _change(ties, table, k, _arc(c, b))
    return True


@njit(cache=True, nogil=True)
def _arc(a: int, b: int) -> np.uint64:
    return (np.uint64(a) << _HALF) | np.uint64(b)


@njit(cache=True, nogil=True)
def _is_loop(tie: np.uint64) -> bool:
    return bool((tie >> _HALF) == (tie & _LOW))


@njit(cache=True, nogil=True)
def _change(ties: NDArray[np.uint64], table: NDArray[np.uint64], k: int, new: np.uint64) -> None:
    _remove(table, ties[k])
    _add(table, new)
    ties[k] = new


# A set of ties as an open table, at most half full: a tie lies in its slot, or in the next that is free.


@njit(cache=True, nogil=True)
def _slot(table: NDArray[np.uint64], tie: np.uint64) -> np.int64:
    mixed = tie * _SPREAD
    return np.int64((mixed ^ (mixed >> _HALF)) & np.uint64(len(table) - 1))


@njit(cache=True, nogil=True)
def _has(table: NDArray[np.uint64], tie: np.uint64) -> bool:
    slot = _slot(table, tie)
    while table[slot] != _FREE:
        if table[slot] == tie:
            return True
        slot = (slot + 1) & (len(table) - 1)
    return False


@njit(cache=True, nogil=True)
def _add(table: NDArray[np.uint64], tie: np.uint64) -> None:
    slot = _slot(table, tie)
    while table[slot] != _FREE:
        slot = (slot + 1) & (len(table) - 1)
    table[slot] = tie


@njit(cache=True, nogil=True)
def _remove(table: NDArray[np.uint64], tie: np.uint64) -> None:
    """Takes it out and moves up those behind it that now could lie nearer to their slot, so that no gaps are left to step over."""
    last = len(table) - 1
    gap = _slot(table, tie)
    while table[gap] != tie:
        gap = (gap + 1) & last
    look = gap
    while True:
        look = (look + 1) & last
        if table[look] == _FREE:
            break
        if ((look - _slot(table, table[look])) & last) >= ((look - gap) & last):
            table[gap] = table[look]
            gap = look
    table[gap] = _FREE
