"""How far each of many nodes reaches by itself, and which few of them reach most together.

The best few can't be found without trying all combinations. Taking whoever adds most, again and again, comes near: never below 63% (1 - 1/e) of
the best, and mostly far nearer, which a bound on what any choice could reach tells of the choice at hand. What somebody adds never grows as others
are chosen; so what was counted for him before is a bound, and only those whose bound is on top are counted anew.

After Nemhauser, Wolsey & Fisher 1978 (the 63%); Minoux 1978 and Leskovec et al. 2007, CELF (lazily, and the bound).
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush, nsmallest

import numpy as np
from numpy.typing import NDArray

from kring.graph.around import around
from kring.graph.bits import Bits, size, these
from kring.graph.search import SOURCES, levels
from kring.graph.watch import told
from kring.graph.ways import Ways

FEW = 8
"""So many are searched from one by one: that takes less than all at once, which needs a line of bits for each node."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Who was chosen."""

    nodes: tuple[int, ...]
    """In the order in which they were chosen; fewer than asked for if nobody else adds anybody."""
    gains: tuple[int, ...]
    """How many nodes each adds to those before."""
    at_most: int
    """No choice of as many as were asked for adds more than this in all."""


def each_alone(ways: Ways, nodes: NDArray[np.int64], steps: int, uncounted: Bits, *, threads: int = 0, what: str = "") -> NDArray[np.int64]:
    """int64[steps, nodes]: how many each reaches within 1, 2, … steps, those in `uncounted` not counted."""
    within = np.zeros((steps, len(nodes)), np.int64)
    if len(nodes) <= FEW:
        for k in range(len(nodes)):
            within[:, k] = around(ways, nodes[k : k + 1], steps, uncounted=uncounted, threads=threads).found
            if what:
                told(what, k + 1, len(nodes))
    else:
        for k in range(0, len(nodes), SOURCES):
            here = f"{what}, from {k + 1} on" if what else ""
            found = levels(ways, nodes[k : k + SOURCES], depth=steps, uncounted=uncounted, threads=threads, what=here).found
            within[: len(found), k : k + SOURCES] = found
            if what:
                told(what, min(k + SOURCES, len(nodes)), len(nodes))
    return np.cumsum(within, axis=0)


def best(
    ways: Ways, start: NDArray[np.int64], willing: NDArray[np.int64], k: int, steps: int, *, threads: int = 0, what: str = ""
) -> Chosen:
    """Whom of the willing to ask, at most k of them, so that they reach most beside those whom `start` reaches already.

    Takes   ways, nodes that are in already, distinct nodes to choose from, how many, within how many steps. Nobody of the willing or of the start
            is counted as reached; of equals the first given is chosen.
    Gives   Chosen: exact counts, equal whatever the number of threads.
    Costs   a search from 512 of the willing together for each 512, then one for each that is counted anew; some bits a node, beside the search.
    """
    covered = around(ways, start, steps, threads=threads).reached | these(willing, ways.n)
    gains = each_alone(ways, willing, steps, covered, threads=threads, what=what)[-1]
    heap = [(-int(gain), place, 0) for place, gain in enumerate(gains)]
    heapify(heap)
    chosen: list[int] = []
    added: list[int] = []
    at_most = _bound(heap, k, 0)
    while heap and len(chosen) < k:
        gain, place, counted = heappop(heap)
        if not gain:
            break
        reached = around(ways, willing[place : place + 1], steps, threads=threads).reached & ~covered
        if counted < len(chosen):
            heappush(heap, (-size(reached), place, len(chosen)))
            continue
        chosen.append(int(willing[place]))
        added.append(-gain)
        covered |= reached
        at_most = min(at_most, _bound(heap, k, sum(added)))
        if what:
            told(what, len(chosen), k)
    return Chosen(tuple(chosen), tuple(added), at_most)


def _bound(heap: list[tuple[int, int, int]], k: int, reached: int) -> int:
    """What is reached, and the most that any k others could add to it."""
    return reached - sum(gain for gain, _, _ in nsmallest(k, heap))
