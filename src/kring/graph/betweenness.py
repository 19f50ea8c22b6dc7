"""Who lies between others: on how many of the shortest paths between two people each person is."""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.threads import Scratch, each

_GROUPS = 16
"""Pivots go in so many groups whatever the threads, and the groups' sums are added in order, so that the sum is the same to the last bit."""
_DOUBT = 0.05
Room = tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64], NDArray[np.uint32]]


@dataclass(frozen=True, slots=True, eq=False)
class Betweenness:
    """For each node the number of pairs between whom it lies; where there are several shortest paths, the share of them."""

    values: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    """Of each node's value, by itself; 0 where exact. A few pivots close by weigh much, so that twice this covers some 85% (of the tenth with
    the highest values, from 200 pivots), not 95%."""
    within: float
    """All values at once are no further off than this, with 95% confidence; wide, as it holds for any network. 0 where exact."""
    n_pivots: int


def betweenness(graph: Graph, *, pivots: int = 0, seed: int = 0, threads: int = 0) -> Betweenness:
    """Between how many pairs of people each person lies, on shortest paths along the arcs; weights don't matter.

    Takes   a graph; from how many random people to search (0: everyone, which is exact).
    Gives   values as igraph gives them: ordered pairs where ties have a direction, else each pair once; ends don't count.
    Costs   O(m) for each pivot, some 20 ns an arc in large graphs; 260n bytes, and 24n for each thread. Exact on small graphs, igraph is as
            good on one thread, and is what the tests compare with.
    Fails   GraphError where the number of pivots is negative.
    After   Brandes 2001; Brandes & Pich 2007 (pivots). The error for all at once is Hoeffding's (1963), which also holds when nobody is
            drawn twice.
    """
    if pivots < 0:
        raise GraphError(f"Nobody can search from {pivots} people.")
    exact = pivots == 0 or pivots >= graph.n
    starts = np.arange(graph.n) if exact else np.sort(np.random.default_rng(seed).choice(graph.n, pivots, replace=False))
    total, squares = _from(graph, starts, threads)
    ways = 1 if graph.directed else 2
    if exact:
        return Betweenness(total / ways, np.zeros(graph.n), 0.0, len(starts))
    k, n = len(starts), graph.n
    spread = np.maximum(squares - total**2 / k, 0) / max(k - 1, 1)
    errors = n * np.sqrt(spread / k * (1 - k / n)) / ways if k > 1 else np.full(n, np.inf)
    within = n * max(n - 2, 0) * math.sqrt(math.log(2 * n / _DOUBT) / (2 * k)) / ways
    return Betweenness(total * (n / k / ways), errors, within, k)


def _from(graph: Graph, starts: NDArray[np.int64], threads: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The sum of what the searches from these nodes give each node, and the sum of its squares."""
    cut = np.linspace(0, len(starts), min(_GROUPS, max(1, len(starts))) + 1).astype(np.int64)
    scratch: Scratch[Room] = Scratch(lambda: _room(graph.n))

    def search(group: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        total, squares = np.zeros(graph.n), np.zeros(graph.n)
        with scratch.lent() as (steps, paths, passed, order):
            for start in starts[cut[group] : cut[group + 1]]:
                _search(graph.offsets, graph.targets, start, steps, paths, passed, order, total, squares)
        return total, squares

    sums = each(search, len(cut) - 1, threads, what="betweenness")
    total, squares = sums[0]
    for more, more_squares in sums[1:]:
        total += more
        squares += more_squares
    return total, squares


def _room(n: int) -> Room:
    return np.full(n, -1, np.int32), np.empty(n), np.empty(n), np.empty(n, np.uint32)


@njit(cache=True, nogil=True)
def _search(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    start: int,
    steps: NDArray[np.int32],
    paths: NDArray[np.float64],
    passed: NDArray[np.float64],
    order: NDArray[np.uint32],
    total: NDArray[np.float64],
    squares: NDArray[np.float64],
) -> None:
    """One search: out, counting shortest paths; then back, from the furthest, summing for whom each node lies on them."""
    order[0] = start
    steps[start], paths[start] = 0, 1.0
    done, found = 0, 1
    while done < found:
        node = order[done]
        done += 1
        for other in targets[offsets[node] : offsets[node + 1]]:
            if steps[other] < 0:
                steps[other] = steps[node] + 1
                paths[other] = 0.0
                order[found] = other
                found += 1
            if steps[other] == steps[node] + 1:
                paths[other] += paths[node]
    for k in range(found - 1, 0, -1):
        node = order[k]
        behind = 0.0
        for other in targets[offsets[node] : offsets[node + 1]]:
            if steps[other] == steps[node] + 1:
                behind += passed[other]
        behind *= paths[node]
        passed[node] = (1.0 + behind) / paths[node]
        total[node] += behind
        squares[node] += behind * behind
    for k in range(found):
        steps[order[k]] = -1
