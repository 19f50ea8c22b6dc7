"""Breadth-first search from up to 512 nodes at once: each node has one line of bits, a bit for each source.

Three lines stand for each node: which sources have seen it (`seen`), which reached it in the last step (`front`), which reach it in this one
(`coming`). A step costs one cache line for each arc it goes along, for 512 sources together. It goes along few arcs:

- with few active nodes it *pushes* from those to their neighbours, each thread to a range of neighbours of its own;
- with many it *pulls*: each node asks those before it, skips the inactive ones (one bit each in `active`), and stops as soon as all sources that
  still walk have seen it. Nodes that these have all seen are not asked at all: in the late, broad steps those are nearly all.

After Then et al. 2014, The more the merrier: efficient multi-source graph traversal (bits), and Beamer et al. 2012, Direction-optimizing
breadth-first search (push and pull).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.bitlines import PLANES, WORDS, both, either, emptied, is_nothing, lines, load, nothing, prefetch, store, tally, without
from kring.graph.bits import Bits, first_from, has, lowest, none_of, put, these
from kring.graph.threads import each
from kring.graph.watch import told
from kring.graph.ways import Arcs, Ways, pieces, pulls, shares

SOURCES = 64 * WORDS
"""How many sources go together."""
BROAD = 16
"""A step pulls instead of pushing if more than one arc in so many leads out of an active node."""
AHEAD = 16
"""How many arcs ahead a line is asked for."""
_FULL = 255


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """What a search found."""

    found: NDArray[np.int64]
    """int64[longest, sources]: in row d, how many nodes each source reaches in d + 1 steps and no fewer."""
    walked: int
    """How many arcs were gone along, by all sources together."""


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Where a search stands."""

    seen: NDArray[np.uint64]
    front: NDArray[np.uint64]
    coming: NDArray[np.uint64]
    active: Bits
    """Bit v: somebody reached node v in the last step. Only those lines of `front` mean anything."""
    following: Bits
    """The same for this step and `coming`."""
    walking: NDArray[np.uint64]
    """uint64[1, 8]: the sources that reached anybody in the last step; nobody waits for the others."""


def levels(
    ways: Ways,
    sources: NDArray[np.int64],
    *,
    depth: int = 0,
    uncounted: Bits | None = None,
    threads: int = 0,
    what: str = "",
) -> Levels:
    """How many nodes each source reaches in one step, in two and no fewer, and so on, without itself.

    Takes   ways, and at most 512 nodes to begin at, the same one twice if you like. `depth`: no further than so many steps (0: to the end).
            `uncounted`: nodes that are gone through and not counted. `what`: tell under this name how many steps are done, and how far a
            broad one is; a listener that raises stops the search there.
    Gives   Levels: equal whatever the number of threads.
    Costs   a cache line for each arc gone along; 192 bytes a node.
    Fails   GraphError for more than 512 sources, or one that isn't there.
    """
    if len(sources) > SOURCES:
        raise GraphError(f"{len(sources)} sources don't go together: at most {SOURCES} do.")
    n = ways.n
    state = _State(lines(n), lines(n + 1), lines(n + 1), these(sources, n), none_of(n), np.zeros((1, WORDS), np.uint64))
    _begin(sources.astype(np.int64), state.seen, state.front, state.walking)
    cuts = pieces(ways.back, threads)
    rows: list[NDArray[np.int64]] = []
    walked = 0
    while state.walking.any() and not 0 < depth <= len(rows):
        if pulls(ways, state.active, BROAD):
            parts = _pulled(ways.back, state, cuts, threads, f"{what}, step {len(rows) + 1}" if what and len(cuts) > 2 else "")
        else:
            parts = _pushed(ways.out, state, threads)
        row: NDArray[np.int64] = np.sum([found for found, _ in parts], axis=0)
        walked += sum(steps for _, steps in parts)
        if not row.any():
            break
        walking = np.packbits(row > 0, bitorder="little").view(np.uint64).reshape(1, WORDS)
        state = _State(state.seen, state.coming, state.front, state.following, state.active, walking)
        if uncounted is not None:
            _taken_off(uncounted, state.active, state.front, row)
        rows.append(row)
        if what:
            told(what, len(rows))
    return Levels(np.array(rows, np.int64).reshape(len(rows), SOURCES)[:, : len(sources)], walked)


def _pulled(back: Arcs, state: _State, cuts: NDArray[np.int64], threads: int, what: str) -> list[tuple[NDArray[np.int64], int]]:
    def pull(k: int) -> tuple[NDArray[np.int64], int]:
        found = np.zeros(SOURCES, np.int64)
        walked = _pull(
            cuts[k],
            cuts[k + 1],
            back.offsets,
            back.targets,
            state.front,
            state.active,
            state.seen,
            state.coming,
            state.following,
            state.walking,
            found,
        )
        return found, walked

    return each(pull, len(cuts) - 1, threads, what=what)


def _pushed(out: Arcs, state: _State, threads: int) -> list[tuple[NDArray[np.int64], int]]:
    cuts = shares(out, state.active, threads)
    state.following[:] = 0

    def push(k: int) -> tuple[NDArray[np.int64], int]:
        found = np.zeros(SOURCES, np.int64)
        walked = _push(
            cuts[k], cuts[k + 1], out.offsets, out.targets, state.front, state.active, state.seen, state.coming, state.following, found
        )
        return found, walked

    return each(push, len(cuts) - 1, threads)


@njit(cache=True, nogil=True)
def _begin(sources: NDArray[np.int64], seen: NDArray[np.uint64], front: NDArray[np.uint64], walking: NDArray[np.uint64]) -> None:
    for k in range(len(sources)):
        node, word, mark = sources[k], k >> 6, np.uint64(1) << np.uint64(k & 63)
        seen[node, word] |= mark
        front[node, word] |= mark
        walking[0, word] |= mark


@njit(cache=True, nogil=True)
def _taken_off(uncounted: Bits, reached: Bits, lines: NDArray[np.uint64], found: NDArray[np.int64]) -> None:
    """Takes from the counts what they hold for these nodes."""
    for word in range(len(reached)):
        bits = reached[word] & uncounted[word]
        while bits:
            node = 64 * word + lowest(bits)
            bits &= bits - np.uint64(1)
            for k in range(len(found)):
                found[k] -= np.int64(lines[node, k >> 6] >> np.uint64(k & 63) & np.uint64(1))


@njit(cache=True, nogil=True)
def _pull(
    begin: int,
    end: int,
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    front: NDArray[np.uint64],
    active: Bits,
    seen: NDArray[np.uint64],
    coming: NDArray[np.uint64],
    following: Bits,
    walking: NDArray[np.uint64],
    found: NDArray[np.int64],
) -> int:
    """Each node from `begin` up to `end` asks those before it what reached them. Gives how many arcs it took."""
    nobody = len(front) - 1
    planes = np.zeros((PLANES, WORDS), np.uint64)
    full = walked = 0
    alive = load(walking, 0)
    for word in range(begin >> 6, (end + 63) >> 6):
        reached = np.uint64(0)
        for node in range(64 * word, min(64 * word + 64, end)):
            arc, last = offsets[node], offsets[node + 1]
            if arc == last:
                continue
            missing = without(alive, load(seen, node))
            if is_nothing(missing):
                continue
            new = nothing()
            walked -= arc
            while arc < last:
                stop = min(arc + AHEAD, last)
                for k in range(arc, stop):
                    later = np.int64(targets[min(k + AHEAD, len(targets) - 1)])
                    prefetch(front, later if has(active, later) else nobody)
                    other = np.int64(targets[k])
                    new = either(new, load(front, other if has(active, other) else nobody))
                arc = stop
                if is_nothing(without(missing, new)):
                    break
            walked += arc
            new = both(new, missing)
            if is_nothing(new):
                continue
            reached |= np.uint64(1) << np.uint64(node & 63)
            store(coming, node, new)
            store(seen, node, either(load(seen, node), new))
            tally(planes, new)
            full += 1
            if full == _FULL:
                emptied(planes, found)
                full = 0
        following[word] = reached
    emptied(planes, found)
    return walked


@njit(cache=True, nogil=True)
def _push(
    begin: int,
    end: int,
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    front: NDArray[np.uint64],
    active: Bits,
    seen: NDArray[np.uint64],
    coming: NDArray[np.uint64],
    following: Bits,
    found: NDArray[np.int64],
) -> int:
    """The active nodes bring what reached them to their neighbours from `begin` up to `end`. Gives how many arcs it took."""
    planes = np.zeros((PLANES, WORDS), np.uint64)
    full = walked = 0
    for word in range(len(active)):
        bits = active[word]
        while bits:
            node = 64 * word + lowest(bits)
            bits &= bits - np.uint64(1)
            line = load(front, node)
            last = offsets[node + 1]
            for arc in range(first_from(targets, offsets[node], last, begin), last):
                other = np.int64(targets[arc])
                if other >= end:
                    break
                prefetch(seen, np.int64(targets[min(arc + AHEAD, len(targets) - 1)]))
                walked += 1
                before = load(seen, other)
                new = without(line, before)
                if is_nothing(new):
                    continue
                store(seen, other, either(before, new))
                tally(planes, new)
                full += 1
                if full == _FULL:
                    emptied(planes, found)
                    full = 0
                if has(following, other):
                    new = either(new, load(coming, other))
                put(following, other)
                store(coming, other, new)
    emptied(planes, found)
    return walked
