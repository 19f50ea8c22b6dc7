"""The parts of a network that hang together: weakly (whatever the direction of ties) and strongly (there and back)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph

_GLANCES = 2
"""Of an undirected graph, so many ties of each node are joined first: nearly all of the largest component is then known."""
_LOOKED_AT = 1024


def components(graph: Graph) -> NDArray[np.int64]:
    """The number of each node's weak component: 0 is the component of node 0, and so on in order of first node.

    Costs   O(n + m) nearly; 12n bytes. Of an undirected graph with one large component far fewer than m arcs are looked at.
    After   union-find with path halving, Tarjan & van Leeuwen 1984; the largest component skipped as in Sutton, Ben-Nun & Barak 2018 (Afforest).
    """
    number: NDArray[np.int64] = numbered(_roots(graph.offsets, graph.targets, graph.directed))
    return number


def largest_component(graph: Graph) -> NDArray[np.bool_]:
    """bool[n]: the nodes of the largest weak component; of equals the one with the lowest node."""
    if graph.n == 0:
        return np.zeros(0, np.bool_)
    component = components(graph)
    largest: NDArray[np.bool_] = component == np.argmax(np.bincount(component))
    return largest


def strong_components(graph: Graph) -> NDArray[np.int64]:
    """The number of each node's strong component (from each of its nodes there is a way to each other), in order of first node.

    Costs   O(n + m); 36n bytes.
    After   Tarjan 1972, without recursion.
    """
    if not graph.directed:
        return components(graph)
    number: NDArray[np.int64] = numbered(_strong_roots(graph.offsets, graph.targets))
    return number


@njit(cache=True, nogil=True)
def numbered(labels: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Labels (each below n) as 0, 1, 2… in the order in which they first come."""
    number = np.full(len(labels), -1, np.int64)
    numbers = np.empty(len(labels), np.int64)
    known = 0
    for node in range(len(labels)):
        label = labels[node]
        if number[label] < 0:
            number[label] = known
            known += 1
        numbers[node] = number[label]
    return numbers


@njit(cache=True, nogil=True)
def _root(parent: NDArray[np.uint32], node: np.uint32) -> np.uint32:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True, nogil=True)
def _join(parent: NDArray[np.uint32], node: np.uint32, other: np.uint32) -> None:
    a, b = _root(parent, node), _root(parent, other)
    if a < b:
        parent[b] = a
    else:
        parent[a] = b


@njit(cache=True, nogil=True)
def _roots(offsets: NDArray[np.int64], targets: NDArray[np.uint32], directed: bool) -> NDArray[np.uint32]:
    n = len(offsets) - 1
    parent = np.arange(n).astype(np.uint32)
    glances = 0 if directed else _GLANCES
    for glance in range(glances):
        for node in range(n):
            if offsets[node] + glance < offsets[node + 1]:
                _join(parent, np.uint32(node), targets[offsets[node] + glance])
    largest = _most_seen(parent) if glances and n else np.uint32(n)
    for node in range(n):
        # A tie out of the largest component is seen from its other end too, but only where each tie is two arcs.
        if glances and _root(parent, np.uint32(node)) == largest:
            continue
        for arc in range(offsets[node] + glances, offsets[node + 1]):
            _join(parent, np.uint32(node), targets[arc])
    for node in range(n):
        parent[node] = _root(parent, np.uint32(node))
    return parent


@njit(cache=True, nogil=True)
def _most_seen(parent: NDArray[np.uint32]) -> np.uint32:
    """The root that most of some nodes, evenly spread, have. A guess: being wrong costs time only."""
    n = len(parent)
    seen = np.empty(min(n, _LOOKED_AT), np.uint32)
    for k in range(len(seen)):
        seen[k] = _root(parent, np.uint32(k * n // len(seen)))
    seen.sort()
    best: np.uint32 = seen[0]
    most = run = 0
    for k in range(len(seen)):
        run = run + 1 if k and seen[k] == seen[k - 1] else 1
        if run > most:
            best, most = seen[k], run
    return best


@njit(cache=True, nogil=True)
def _strong_roots(offsets: NDArray[np.int64], targets: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """For each node one node of its component, the same for all of it."""
    n = len(offsets) - 1
    found = np.zeros(n, np.int64)  # when a node was first met, from 1; 0: not yet
    low = np.zeros(n, np.int64)  # the earliest node on the stack that it leads to
    next_arc = offsets[:-1].copy()
    root = np.full(n, n, np.uint32)  # n: its component is not closed
    stack = np.empty(n, np.uint32)
    path = np.empty(n, np.uint32)
    on_stack, clock = 0, 0
    for start in range(n):
        if found[start]:
            continue
        deep = 0
        path[0] = start
        while deep >= 0:
            node = path[deep]
            if found[node] == 0:
                clock += 1
                found[node] = low[node] = clock
                stack[on_stack] = node
                on_stack += 1
            descended = False
            while next_arc[node] < offsets[node + 1]:
                other = targets[next_arc[node]]
                next_arc[node] += 1
                if found[other] == 0:
                    deep += 1
                    path[deep] = other
                    descended = True
                    break
                if root[other] == n:
                    low[node] = min(low[node], found[other])
            if descended:
                continue
            if low[node] == found[node]:
                member = n
                while member != node:
                    on_stack -= 1
                    member = stack[on_stack]
                    root[member] = node
            deep -= 1
            if deep >= 0:
                low[path[deep]] = min(low[path[deep]], low[node])
    return root
