"""Who is around a set of nodes: all that any of them reaches within some steps, each counted once.

One bit a node says who has been reached, one who was reached last. A step with few active nodes walks on from those; a broad one has those who
are not yet reached look back, each only until it sees somebody who was: so the last step, which could touch nearly every arc, looks at a few
arcs of each node.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.bits import Bits, entered, has, lowest, none_of, size, these
from kring.graph.threads import each
from kring.graph.watch import told
from kring.graph.ways import Ways, pieces, pulls

BROAD = 16
"""A step looks back instead of walking on if more than one arc in so many leads out of an active node."""


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What lies around a set of nodes."""

    found: NDArray[np.int64]
    """int64[steps]: how many nodes are 1, 2, … steps from the set and no nearer."""
    reached: Bits
    """All of them, and the set itself."""


def around(
    ways: Ways, start: NDArray[np.integer], steps: int, *, uncounted: Bits | None = None, threads: int = 0, what: str = ""
) -> Around:
    """Those within so many steps of any of these nodes.

    Takes   ways, nodes, how many steps. `uncounted`: nodes that are gone through and not counted. `what`: tell under this name how many steps
            are done.
    Gives   Around: equal whatever the number of threads.
    Costs   at most O(m) for each step, far less as a rule; 3 bits a node.
    """
    active = these(start, ways.n)
    reached, following = active.copy(), none_of(ways.n)
    found = np.zeros(steps, np.int64)
    for step in range(steps):
        _step(ways, active, reached, following, threads)
        found[step] = size(following if uncounted is None else following & ~uncounted)
        active, following = following, active
        if what:
            told(what, step + 1, steps)
    return Around(found, reached)


def _step(ways: Ways, active: Bits, reached: Bits, following: Bits, threads: int) -> None:
    """Puts those who follow from the active, and were not yet reached, in `following` and `reached`."""
    arcs, look = (ways.back, _look_back) if pulls(ways, active, BROAD) else (ways.out, _walk_on)
    cuts = pieces(arcs, threads)
    following[:] = 0
    each(lambda k: look(cuts[k], cuts[k + 1], arcs.offsets, arcs.targets, active, reached, following), len(cuts) - 1, threads)


@njit(cache=True, nogil=True)
def _walk_on(
    begin: int, end: int, offsets: NDArray[np.int64], targets: NDArray[np.uint32], active: Bits, reached: Bits, following: Bits
) -> None:
    """From the active nodes from `begin` up to `end` to all that follow."""
    for word in range(begin >> 6, (end + 63) >> 6):
        bits = active[word]
        while bits:
            node = 64 * word + lowest(bits)
            bits &= bits - np.uint64(1)
            for arc in range(offsets[node], offsets[node + 1]):
                other = np.int64(targets[arc])
                if not has(reached, other) and entered(reached, other):
                    entered(following, other)


@njit(cache=True, nogil=True)
def _look_back(
    begin: int, end: int, offsets: NDArray[np.int64], targets: NDArray[np.uint32], active: Bits, reached: Bits, following: Bits
) -> None:
    """Those from `begin` up to `end` who are not yet reached look for an active node before them."""
    for word in range(begin >> 6, (end + 63) >> 6):
        left = ~reached[word]
        new = np.uint64(0)
        while left:
            place = lowest(left)
            node = 64 * word + place
            if node >= end:
                break
            left &= left - np.uint64(1)
            for arc in range(offsets[node], offsets[node + 1]):
                if has(active, np.int64(targets[arc])):
                    new |= np.uint64(1) << np.uint64(place)
                    break
        following[word] = new
        reached[word] |= new
