"""Walks from node to node along arcs drawn by chance."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.build import MOST_NODES, weights_of
from kring.graph.chance import below, key, unit
from kring.graph.threads import over_nodes

NOBODY = MOST_NODES
"""In a walk: it had ended."""


def random_walks(
    graph: Graph,
    starts: NDArray[np.integer],
    length: int,
    *,
    seed: int = 0,
    weighted: bool = True,
    restart: float = 0.0,
    threads: int = 0,
) -> NDArray[np.uint32]:
    """A walk from each start, so many steps long.

    Takes   nodes to start from (one may come many times). Each step takes an arc by chance, in proportion to its weight; or, with the
            chance `restart`, goes back to the start.
    Gives   uint32[walks, length + 1], the start first. A walk ends where no arc leads on: `NOBODY` from there.
    Costs   O(walks * length) steps, some 100 ns each where the graph is larger than the cache; 4 bytes a step; with weights 8m bytes.
    Fails   GraphError if a start is no node, a weight is negative, or the chance is no chance.
    """
    if not 0 <= restart <= 1 or length < 0:
        raise GraphError(f"A walk needs a length of 0 or more and a chance to start again from 0 to 1, not {length} and {restart}.")
    if len(starts) and not 0 <= int(starts.min()) <= int(starts.max()) < graph.n:
        raise GraphError(f"A walk was to start at a node that is not among the {graph.n}.")
    weights = weights_of(graph, weighted=weighted)
    summed = np.empty(len(weights), np.float64)
    if len(weights):
        over_nodes(graph.offsets, lambda a, b: _sum_up(graph.offsets, weights, a, b, summed), threads)
    walks = np.full((len(starts), length + 1), NOBODY, np.uint32)
    walks[:, 0] = starts
    steps = np.arange(len(starts) + 1) * (length + 1)
    over_nodes(steps, lambda a, b: _walk(graph.offsets, graph.targets, summed, restart, seed, a, b, walks), threads)
    return walks


@njit(cache=True, nogil=True)
def _sum_up(offsets: NDArray[np.int64], weights: NDArray[np.float64], begin: int, end: int, summed: NDArray[np.float64]) -> None:
    for node in range(begin, end):
        total = 0.0
        for arc in range(offsets[node], offsets[node + 1]):
            total += weights[arc]
            summed[arc] = total


@njit(cache=True, nogil=True)
def _walk(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    summed: NDArray[np.float64],
    restart: float,
    seed: int,
    begin: int,
    end: int,
    walks: NDArray[np.uint32],
) -> None:
    for walk in range(begin, end):
        mine = key(seed, walk)
        node = walks[walk, 0]
        for step in range(1, walks.shape[1]):
            if restart > 0 and unit(key(mine, 2 * step)) < restart:
                node = walks[walk, 0]
            else:
                arc = _drawn(offsets[node], offsets[node + 1], summed, key(mine, 2 * step + 1))
                if arc < 0:
                    break
                node = targets[arc]
            walks[walk, step] = node


@njit(cache=True, nogil=True)
def _drawn(first: int, last: int, summed: NDArray[np.float64], bits: np.uint64) -> int:
    """An arc between `first` and `last` by chance; -1 where there is none."""
    if first == last or (len(summed) and summed[last - 1] <= 0):
        return -1
    if len(summed) == 0:
        place: int = below(bits, last - first)
        return first + place
    wanted = unit(bits) * summed[last - 1]
    low, high = first, last - 1
    while low < high:
        middle = (low + high) // 2
        if summed[middle] > wanted:
            high = middle
        else:
            low = middle + 1
    return low
