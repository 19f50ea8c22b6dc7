"""How close the two ends of each tie are, and how little room each node has between its neighbours: common neighbours, Burt's constraint."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import need_undirected, weights_of
from kring.graph.leiden import masses
from kring.graph.threads import Scratch, over_nodes

_HALVES = 4
"""Looking through a list takes a step for each entry; looking up in it takes a step for each halving, each so many times as slow."""


@dataclass(frozen=True, slots=True, eq=False)
class Closeness:
    """Of each tie and each node."""

    common: NDArray[np.uint32]
    """uint32[m], parallel to the arcs: how many neighbours both ends have in common."""
    constraint: NDArray[np.float64]
    """float64[n]: Burt's constraint; NaN for a node without ties."""


def closeness(graph: Graph, *, weighted: bool = True, threads: int = 0) -> Closeness:
    """Neighbours in common of each tie, and the constraint of each node.

    Takes   an undirected graph; weights are the strength of ties.
    Gives   constraint: the sum over neighbours j of (p_ij + sum over common neighbours q of p_iq p_qj)², where p_ij is the share of i's
            strength that goes to j. 1 and more: all eggs in one basket, or baskets that are tied to each other; near 0: many neighbours
            who don't know each other.
    Costs   for each tie, as many steps as the end with fewer ties has (some more where the other is a hub): O(m * sqrt(m)) at worst, hubs
            or not; 4 bytes an arc, 16n bytes, and 17n for each thread.
    Fails   GraphError if the ties have a direction, or a weight is negative.
    After   Burt 1992, Structural Holes, equation 2.4.
    """
    need_undirected(graph, "Closeness")
    weights, strength = weights_of(graph, weighted=weighted), masses(graph, weighted=weighted)
    common, constraint = np.zeros(graph.n_arcs, np.uint32), np.full(graph.n, np.nan)
    scratch = Scratch(lambda: (np.zeros(graph.n, np.bool_), np.zeros(graph.n)))

    def look(begin: int, end: int) -> None:
        with scratch.lent() as (marked, given):
            _close(graph.offsets, graph.targets, weights, strength, begin, end, marked, given, common, constraint)

    over_nodes(graph.offsets, look, threads, what="neighbours in common")
    return Closeness(common, constraint)


@njit(cache=True, nogil=True)
def _close(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    weights: NDArray[np.float64],
    strength: NDArray[np.float64],
    begin: int,
    end: int,
    marked: NDArray[np.bool_],
    given: NDArray[np.float64],
    common: NDArray[np.uint32],
    constraint: NDArray[np.float64],
) -> None:
    for node in range(begin, end):
        first, last = offsets[node], offsets[node + 1]
        if strength[node] <= 0.0:
            continue
        for arc in range(first, last):
            marked[targets[arc]] = True
            given[targets[arc]] = weights[arc] if len(weights) else 1.0
        total = 0.0
        for arc in range(first, last):
            other = targets[arc]
            theirs, end_of_theirs = offsets[other], offsets[other + 1]
            both, through = 0, 0.0
            if end_of_theirs - theirs <= _HALVES * (last - first):
                for step in range(theirs, end_of_theirs):
                    third = targets[step]
                    if marked[third]:
                        both += 1
                        through += given[third] * (weights[step] if len(weights) else 1.0) / strength[third]
            else:
                for step in range(first, last):
                    third = targets[step]
                    low, high = theirs, end_of_theirs
                    while low < high:
                        middle = (low + high) // 2
                        if targets[middle] < third:
                            low = middle + 1
                        else:
                            high = middle
                    if low < end_of_theirs and targets[low] == third:
                        both += 1
                        through += given[third] * (weights[low] if len(weights) else 1.0) / strength[third]
                    theirs = low
            common[arc] = both
            share = (given[other] + through) / strength[node]
            total += share * share
        constraint[node] = total
        for arc in range(first, last):
            marked[targets[arc]] = False
