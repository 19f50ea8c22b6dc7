"""Friends of friends who are friends: triangles, and how much of what could be a triangle is one."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import degrees, need_undirected
from kring.graph.order import by_degree, numbers_of
from kring.graph.threads import Scratch, over_nodes
from kring.graph.turning import offsets_of


def triangles(graph: Graph, *, threads: int = 0) -> NDArray[np.int64]:
    """How many triangles each node belongs to.

    Takes   an undirected graph.
    Gives   int64[n]; isolated nodes get 0.
    Costs   O(m * sqrt(m)) time, hubs or not; 2m + 24n bytes, and 9n for each thread.
    Fails   GraphError if the ties have a direction.
    After   Schank & Wagner 2005, `forward`: each tie points to the end with more ties, so that no node has more than sqrt(2m) to look
            through; greatest hubs first, so that what is looked up most stays in the cache.
    """
    need_undirected(graph, "Counting triangles")
    number = numbers_of(by_degree(graph))
    degree = np.empty(graph.n, np.int64)
    over_nodes(graph.offsets, lambda a, b: _count_greater(graph.offsets, graph.targets, number, a, b, degree), threads)
    offsets = offsets_of(degree)
    greater = np.empty(int(offsets[-1]), np.uint32)
    over_nodes(graph.offsets, lambda a, b: _keep_greater(graph.offsets, graph.targets, number, a, b, offsets, greater), threads)
    scratch = Scratch(lambda: (np.zeros(graph.n, np.bool_), np.zeros(graph.n, np.int64)))

    def count(begin: int, end: int) -> None:
        with scratch.lent() as (marked, counts):
            _close(offsets, greater, begin, end, marked, counts)

    over_nodes(offsets, count, threads, what="triangles")
    together = np.zeros(graph.n, np.int64)
    for _, counts in scratch.all:
        together += counts
    return together[number]


def local_clustering(graph: Graph, *, threads: int = 0) -> NDArray[np.float64]:
    """The share of pairs of each node's neighbours that are tied to each other; NaN with fewer than two neighbours.

    Costs   as `triangles`.
    After   Watts & Strogatz 1998.
    """
    pairs = _pairs(graph)
    shares = np.full(graph.n, np.nan)
    np.divide(triangles(graph, threads=threads), pairs, out=shares, where=pairs > 0)
    return shares


def transitivity(graph: Graph, *, threads: int = 0) -> float:
    """The share of all pairs of ties with a common end that are closed to a triangle; NaN where there is no such pair.

    Costs   as `triangles`.
    After   Newman, Watts & Strogatz 2002. Many call it the clustering coefficient of the network; it is not the mean of the local ones.
    """
    closed, pairs = int(triangles(graph, threads=threads).sum()), int(_pairs(graph).sum())
    return closed / pairs if pairs else float("nan")


def _pairs(graph: Graph) -> NDArray[np.int64]:
    degree = degrees(graph)
    return degree * (degree - 1) // 2


@njit(cache=True, nogil=True)
def _count_greater(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    number: NDArray[np.uint32],
    begin: int,
    end: int,
    degree: NDArray[np.int64],
) -> None:
    for node in range(begin, end):
        greater = 0
        for arc in range(offsets[node], offsets[node + 1]):
            greater += number[targets[arc]] < number[node]
        degree[number[node]] = greater


@njit(cache=True, nogil=True)
def _keep_greater(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    number: NDArray[np.uint32],
    begin: int,
    end: int,
    new_offsets: NDArray[np.int64],
    greater: NDArray[np.uint32],
) -> None:
    for node in range(begin, end):
        place = new_offsets[number[node]]
        for arc in range(offsets[node], offsets[node + 1]):
            other = number[targets[arc]]
            if other < number[node]:
                greater[place] = other
                place += 1


@njit(cache=True, nogil=True)
def _close(
    offsets: NDArray[np.int64],
    greater: NDArray[np.uint32],
    begin: int,
    end: int,
    marked: NDArray[np.bool_],
    counts: NDArray[np.int64],
) -> None:
    """Counts each triangle once, from its least node, for all three."""
    for node in range(begin, end):
        mine = greater[offsets[node] : offsets[node + 1]]
        if len(mine) < 2:
            continue
        for other in mine:
            marked[other] = True
        for other in mine:
            closed = 0
            for third in greater[offsets[other] : offsets[other + 1]]:
                if marked[third]:
                    counts[third] += 1
                    closed += 1
            counts[other] += closed
            counts[node] += closed
        for other in mine:
            marked[other] = False
