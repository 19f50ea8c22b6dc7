"""Into what a network falls apart when one person is taken out of it."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import need_undirected


def parts_without(graph: Graph) -> NDArray[np.int64]:
    """For each arc (v, w): how many people are still together with w, w counted, when v is gone.

    Takes   an undirected graph.
    Gives   int64[m], parallel to the arcs. Where v holds nothing apart it is the size of their component less 1.
    Costs   O(n + m log degree); 56 bytes a node.
    After   Hopcroft & Tarjan 1973 (a search in depth, and how high up each branch leads back), without recursion.
    """
    need_undirected(graph, "Falling apart")
    found, low, size, parent, whole = _searched(graph.offsets, graph.targets)
    sizes: NDArray[np.int64] = _sizes(graph.offsets, graph.targets, found, low, size, parent, whole)
    return sizes


@njit(cache=True, nogil=True)
def _searched(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """When each node was found, the earliest found that its branch is tied to, the size of its branch, its parent, its component's size."""
    n = len(offsets) - 1
    found, low, size = np.full(n, -1, np.int64), np.empty(n, np.int64), np.ones(n, np.int64)
    parent, root, upto = np.full(n, -1, np.int64), np.empty(n, np.int64), offsets[:-1].copy()
    clock = 0
    for start in range(n):
        if found[start] >= 0:
            continue
        node = np.int64(start)
        found[node] = low[node] = clock
        root[node] = node
        clock += 1
        while node >= 0:
            if upto[node] < offsets[node + 1]:
                other = np.int64(targets[upto[node]])
                upto[node] += 1
                if found[other] < 0:
                    parent[other], root[other] = node, root[node]
                    found[other] = low[other] = clock
                    clock += 1
                    node = other
                elif other != parent[node]:
                    low[node] = min(low[node], found[other])
            else:
                up = parent[node]
                if up >= 0:
                    low[up] = min(low[up], low[node])
                    size[up] += size[node]
                node = up
    return found, low, size, parent, size[root]


@njit(cache=True, nogil=True)
def _sizes(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    found: NDArray[np.int64],
    low: NDArray[np.int64],
    size: NDArray[np.int64],
    parent: NDArray[np.int64],
    whole: NDArray[np.int64],
) -> NDArray[np.int64]:
    n = len(offsets) - 1
    sizes = np.empty(len(targets), np.int64)
    for node in range(n):
        begin, end = offsets[node], offsets[node + 1]
        branches = np.empty(end - begin, np.int64)
        k, apart = 0, 0
        for arc in range(begin, end):
            other = np.int64(targets[arc])
            if parent[other] == node:
                branches[k] = found[other]
                k += 1
                if low[other] >= found[node]:
                    apart += size[other]
        branches = np.sort(branches[:k])
        top = np.empty(k, np.int64)
        for arc in range(begin, end):
            other = np.int64(targets[arc])
            if parent[other] == node:
                top[np.searchsorted(branches, found[other])] = other
        rest = whole[node] - 1 - apart
        for arc in range(begin, end):
            other = np.int64(targets[arc])
            sizes[arc] = rest
            if found[other] > found[node]:
                branch = top[np.searchsorted(branches, found[other], side="right") - 1]
                if low[branch] >= found[node]:
                    sizes[arc] = size[branch]
    return sizes
