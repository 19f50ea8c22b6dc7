"""Who and what holds a network together: people without whom others lose their way to the rest, and ties of which that is true."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import need_undirected


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Of each node and each tie."""

    lost: NDArray[np.int64]
    """int64[n]: how many of its part of the network would no longer reach the largest piece that is left, without this node."""
    bridge: NDArray[np.bool_]
    """bool[m], parallel to the arcs: without this tie its ends would not reach each other."""


def cuts(graph: Graph) -> Cuts:
    """Whom each node's absence would cut off, and which ties are the only way between their ends.

    Takes   an undirected graph.
    Costs   O(n + m) time; 60n + m bytes. One thread.
    Fails   GraphError if the ties have a direction.
    After   Tarjan 1972 (lowest points of a depth-first search), without recursion; Tarjan 1974 for the ties.
    """
    need_undirected(graph, "Cutting")
    lost, bridge = np.zeros(graph.n, np.int64), np.zeros(graph.n_arcs, np.bool_)
    _search(graph.offsets, graph.targets, lost, bridge)
    return Cuts(lost, bridge)


@njit(cache=True, nogil=True)
def _search(offsets: NDArray[np.int64], targets: NDArray[np.uint32], lost: NDArray[np.int64], bridge: NDArray[np.bool_]) -> None:
    n = len(offsets) - 1
    found = np.zeros(n, np.int64)  # when a node was first met, from 1; 0: not yet
    low = np.zeros(n, np.int64)  # the earliest node that it and those below it have a tie with
    below = np.ones(n, np.int64)  # it and how many are below it
    apart = np.zeros(n, np.int64)  # how many below it hang on it alone
    most = np.zeros(n, np.int64)  # the largest of the pieces that do
    next_arc = offsets[:-1].copy()
    came_by = np.full(n, -1, np.int64)
    path = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    clock = 0
    for start in range(n):
        if found[start]:
            continue
        deep, first = 0, clock
        path[0] = start
        clock += 1
        found[start] = low[start] = clock
        order[clock - 1] = start
        while deep >= 0:
            node = path[deep]
            above = path[deep - 1] if deep else -1
            if next_arc[node] < offsets[node + 1]:
                arc = next_arc[node]
                next_arc[node] += 1
                other = np.int64(targets[arc])
                if found[other] == 0:
                    clock += 1
                    found[other] = low[other] = clock
                    order[clock - 1] = other
                    came_by[other] = arc
                    deep += 1
                    path[deep] = other
                elif other != above:
                    low[node] = min(low[node], found[other])
                continue
            deep -= 1
            if deep < 0:
                break
            below[above] += below[node]
            low[above] = min(low[above], low[node])
            if low[node] >= found[above]:
                apart[above] += below[node]
                most[above] = max(most[above], below[node])
            if low[node] > found[above]:
                bridge[came_by[node]] = True
                for arc in range(offsets[node], offsets[node + 1]):
                    if targets[arc] == above:
                        bridge[arc] = True
        size = clock - first
        for k in range(first, clock):
            node = order[k]
            rest = size - 1 - apart[node]
            lost[node] = size - 1 - max(rest, most[node])
