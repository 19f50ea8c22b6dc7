"""What people see of a trait around them: how many of each person's neighbours have it, and how many would if it were dealt out anew.

Many deals are counted in one pass over the ties: what a person has in each of them lies side by side, so that a tie costs one look at
memory for all of them.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.neighbours import of_neighbours
from kring.graph.null_models import shuffled
from kring.graph.threads import over_nodes
from kring.graph.watch import told

BINS = 10
"""Shares of neighbours in tenths; each holds its upper end, so that the upper five are what more than half is."""
TOGETHER = 32
"""So many deals are counted in one pass."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What each person sees."""

    hits: NDArray[np.int64]
    """int64[n]: neighbours who have it."""
    known: NDArray[np.int64]
    """int64[n]: neighbours of whom it is known whether they have it. Who has none of those sees nothing, and isn't counted."""
    has: NDArray[np.int8]
    """int8[n]: who has it (1), hasn't (0), not known (-1)."""

    @property
    def sees(self) -> NDArray[np.bool_]:
        """Who sees anything."""
        return self.known > 0

    @property
    def strict(self) -> NDArray[np.bool_]:
        """Who sees it with more than half of their neighbours."""
        return 2 * self.hits > self.known

    @property
    def with_ties(self) -> NDArray[np.bool_]:
        """Who sees it with half of their neighbours or more."""
        return self.sees & (2 * self.hits >= self.known)

    @property
    def share(self) -> NDArray[np.float64]:
        """The share of neighbours who have it; NaN for those who see nothing."""
        share: NDArray[np.float64] = np.divide(self.hits, self.known, out=np.full(len(self.hits), np.nan), where=self.known > 0)
        return share

    @property
    def bin(self) -> NDArray[np.int64]:
        """Which tenth that share is in, -1 for those who see nothing."""
        return np.where(self.sees, np.maximum((BINS * self.hits + self.known - 1) // np.maximum(self.known, 1) - 1, 0), -1)


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What is seen in each of many deals, among those who see anything."""

    strict: NDArray[np.float64]
    """float64[deals]: the share who see more than half."""
    with_ties: NDArray[np.float64]
    strict_without: NDArray[np.float64]
    """… of those who don't have it themselves; NaN where there are none."""
    mean_share: NDArray[np.float64]
    """The mean share of neighbours who have it."""
    bins: NDArray[np.float64]
    """float64[deals, 10]: the share of people in each tenth."""


def exposure(graph: Graph, has: NDArray[np.int8], *, threads: int = 0) -> Seen:
    """What each person sees of a trait: those whom their arcs lead to are their neighbours.

    Takes   for each node 1 (has it), 0 (hasn't) or -1 (not known: such neighbours are left out).
    Costs   O(n + m) time, two looks at each arc.
    """
    value = np.where(has < 0, np.nan, has)
    hits, known = (of_neighbours(graph, value, how, threads=threads).astype(np.int64) for how in ("sum", "count"))
    return Seen(hits, known, has)


def over_shuffles(graph: Graph, has: NDArray[np.int8], n: int, *, seed: int = 0, threads: int = 0) -> Tally:
    """What would be seen in n deals of the trait among those of whom it is known: as many have it, and nothing else is kept.

    Costs   O(n * (nodes + arcs)) time, 32 deals in one pass; 40 bytes a node.
    """
    known = exposure(graph, has, threads=threads).known
    at = np.flatnonzero(has >= 0)
    dealt = np.zeros((graph.n, TOGETHER), np.uint8)
    own = np.where(has < 0, 0, 1).astype(np.bool_)
    out = np.zeros((n, 5 + BINS))
    for begin in range(0, n, TOGETHER):
        some = range(begin, min(begin + TOGETHER, n))
        for k in some:
            dealt[at, k - begin] = shuffled(has[at], seed=seed, number=k)
        parts = over_nodes(graph.offsets, lambda a, b: _tally(graph.offsets, graph.targets, known, own, dealt, a, b), threads)
        out[begin : some.stop] = np.sum(parts, axis=0)[: len(some)] if parts else 0
        told("labels dealt anew", some.stop, n)
    people = max(1, int((known > 0).sum()))
    without = np.divide(out[:, 3], out[:, 2], out=np.full(n, np.nan), where=out[:, 2] > 0)
    return Tally(out[:, 0] / people, out[:, 1] / people, without, out[:, 4] / people, out[:, 5:] / people)


@njit(cache=True, nogil=True)
def _tally(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    known: NDArray[np.int64],
    own: NDArray[np.bool_],
    dealt: NDArray[np.uint8],
    begin: int,
    end: int,
) -> NDArray[np.float64]:
    """For each deal: who sees a majority, strict and with ties; who hasn't it, and of these who sees one; the shares added; tenths."""
    deals = dealt.shape[1]
    out = np.zeros((deals, 5 + BINS))
    hits = np.zeros(deals, np.int64)
    for node in range(begin, end):
        all_known = known[node]
        if all_known == 0:
            continue
        hits[:] = 0
        for arc in range(offsets[node], offsets[node + 1]):
            there = targets[arc]
            for k in range(deals):
                hits[k] += dealt[there, k]
        for k in range(deals):
            strict = 2 * hits[k] > all_known
            without = own[node] and dealt[node, k] == 0
            out[k, 0] += strict
            out[k, 1] += 2 * hits[k] >= all_known
            out[k, 2] += without
            out[k, 3] += without and strict
            out[k, 4] += hits[k] / all_known
            out[k, 5 + max((BINS * hits[k] + all_known - 1) // all_known - 1, 0)] += 1
    return out
