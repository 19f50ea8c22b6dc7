"""How deep in the network each node sits."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import degrees, need_undirected


def core_numbers(graph: Graph) -> NDArray[np.int64]:
    """The largest k for which each node is in a group where everyone has at least k ties within the group.

    Takes   an undirected graph.
    Gives   int64[n]; isolated nodes get 0.
    Costs   O(n + m) time; 40n bytes.
    Fails   GraphError if the ties have a direction.
    After   Batagelj & Zaveršnik 2003.
    """
    need_undirected(graph, "The core number")
    degree = degrees(graph)
    begins = np.concatenate(([0], np.cumsum(np.bincount(degree))))[:-1] if graph.n else np.zeros(0, np.int64)
    order = np.argsort(degree, kind="stable")
    place = np.empty(graph.n, np.int64)
    place[order] = np.arange(graph.n)
    _peel(graph.offsets, graph.targets, degree, begins, order, place)
    return degree


@njit(cache=True, nogil=True)
def _peel(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    degree: NDArray[np.int64],
    begins: NDArray[np.int64],
    order: NDArray[np.int64],
    place: NDArray[np.int64],
) -> None:
    """Takes away the node with the fewest ties left, again and again; `order` stays sorted by what is left in `degree`."""
    for k in range(len(order)):
        node = order[k]
        for arc in range(offsets[node], offsets[node + 1]):
            other = targets[arc]
            if degree[other] > degree[node]:
                # It loses one tie: it changes places with the first of its degree, and that degree begins one later.
                first = begins[degree[other]]
                swapped = order[first]
                order[place[other]], order[first] = swapped, other
                place[swapped], place[other] = place[other], first
                begins[degree[other]] += 1
                degree[other] -= 1
