"""How well placed each node is, as far as one look along its arcs tells: its neighbours, and theirs.

The logarithms of both together say nearly all of how far a node is from the others on average (98% of the variance on a network of friends,
99.8% on R-MAT graphs), so a sample of searches is worth many times its size when it is corrected by them (`measures/sampling.py`).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.threads import over_nodes


def placed(graph: Graph, *, into: bool = False, threads: int = 0) -> NDArray[np.float32]:
    """float32[n, 2]: log(1 + neighbours), and log(1 + the neighbours of the neighbours, each as often as it is one).

    Takes   `into`: along the arcs into each node, not those out of it.
    Costs   a look at a number for each arc; 8n bytes, and 8n more for `into`, which is done by one thread.
    """
    found = np.empty((graph.n, 2), np.float32)
    if into and graph.directed:
        _into(graph.offsets, graph.targets, found)
        return found
    over_nodes(graph.offsets, lambda begin, end: _out(graph.offsets, graph.targets, found, begin, end), threads)
    return found


@njit(cache=True, nogil=True)
def _out(offsets: NDArray[np.int64], targets: NDArray[np.uint32], found: NDArray[np.float32], begin: int, end: int) -> None:
    for node in range(begin, end):
        theirs = 0
        for arc in range(offsets[node], offsets[node + 1]):
            theirs += offsets[targets[arc] + 1] - offsets[targets[arc]]
        found[node, 0] = np.log(1.0 + (offsets[node + 1] - offsets[node]))
        found[node, 1] = np.log(1.0 + theirs)


@njit(cache=True, nogil=True)
def _into(offsets: NDArray[np.int64], targets: NDArray[np.uint32], found: NDArray[np.float32]) -> None:
    n = len(offsets) - 1
    degree = np.zeros(n, np.uint32)
    for arc in range(len(targets)):
        degree[targets[arc]] += np.uint32(1)
    theirs = np.zeros(n, np.float64)
    for node in range(n):
        for arc in range(offsets[node], offsets[node + 1]):
            theirs[targets[arc]] += degree[node]
    for node in range(n):
        found[node, 0] = np.log(1.0 + degree[node])
        found[node, 1] = np.log(1.0 + theirs[node])
