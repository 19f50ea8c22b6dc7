"""What the neighbours of each node have, together."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.build import transpose, weights_of
from kring.graph.threads import over_nodes

How = Literal["sum", "mean", "count", "max"]
Kernel = Callable[..., None]


def of_neighbours(
    graph: Graph,
    values: NDArray[np.generic],
    how: How,
    *,
    incoming: bool = False,
    weighted: bool = False,
    threads: int = 0,
) -> NDArray[np.float64]:
    """The sum, mean, count or maximum of a value over the neighbours of each node.

    Takes   a value for each node; NaN: not known, and left out. `incoming`: over the nodes whose arcs come to it, not those its own arcs
            lead to (the graph is turned round for it: turn it yourself to ask more than once). `weighted`: each neighbour counts as much
            as the arc weighs, in sum, mean and count.
    Gives   float64[n]. Where no neighbour's value is known: sum and count 0, mean and maximum NaN.
    Costs   O(n + m) time, near the speed of memory; 40n bytes.
    Fails   GraphError if there is not one value for each node, or a weight is negative.
    """
    if len(values) != graph.n:
        raise GraphError(f"{len(values)} values were given for {graph.n} people.")
    if incoming:
        graph = transpose(graph, threads=threads)
    given = np.ascontiguousarray(values, np.float64)
    known = ~np.isnan(given)
    weights = weights_of(graph, weighted=weighted)

    def over(kernel: Kernel, values: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.empty(graph.n, np.float64)
        over_nodes(graph.offsets, lambda a, b: kernel(graph.offsets, graph.targets, weights, values, a, b, out), threads)
        return out

    if how == "max":
        most = over(_most, np.where(known, given, -np.inf))
        return np.where(most == -np.inf, np.nan, most)
    if how == "sum":
        return over(_sum, np.where(known, given, 0.0))
    count = over(_sum, known.astype(np.float64))
    if how == "count":
        return count
    total = over(_sum, np.where(known, given, 0.0))
    mean: NDArray[np.float64] = np.divide(total, count, out=np.full(graph.n, np.nan), where=count > 0)
    return mean


@njit(cache=True, nogil=True)
def _sum(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    weights: NDArray[np.float64],
    values: NDArray[np.float64],
    begin: int,
    end: int,
    out: NDArray[np.float64],
) -> None:
    for node in range(begin, end):
        total = 0.0
        if len(weights):
            for arc in range(offsets[node], offsets[node + 1]):
                total += weights[arc] * values[targets[arc]]
        else:
            for arc in range(offsets[node], offsets[node + 1]):
                total += values[targets[arc]]
        out[node] = total


@njit(cache=True, nogil=True)
def _most(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    weights: NDArray[np.float64],
    values: NDArray[np.float64],
    begin: int,
    end: int,
    out: NDArray[np.float64],
) -> None:
    for node in range(begin, end):
        most = -np.inf
        for arc in range(offsets[node], offsets[node + 1]):
            most = max(most, values[targets[arc]])
        out[node] = most
