"""To which of two sets of people everybody leans: where a walk from tie to tie ends, if it goes on until it meets one of the two.

The chance that a walk from v ends at the one set, less that it ends at the other, is x(v): it is 1 and -1 in the sets themselves, and elsewhere
the mean of x over the neighbours of v. So nobody walks: the equations are solved by conjugate gradients, each row divided by its degree. The
same x is what opinions come to when everybody takes over the mean of their neighbours' and the two sets don't move.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import need_undirected
from kring.graph.components import components
from kring.graph.threads import over_nodes

NEAR_ENOUGH = 1e-8
"""How far a value may at most be from the mean of its neighbours."""
_MOST_ROUNDS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Leaning:
    """Where walks end."""

    value: NDArray[np.float64]
    """float64[n], -1 to 1: the chance of ending at a pole of 1, less that of ending at a pole of -1; 0 where no walk ends."""
    reached: NDArray[np.bool_]
    """bool[n]: a walk from there ends: there is a pole in this component, and it has a tie."""


def leaning(graph: Graph, poles: NDArray[np.int8], *, threads: int = 0) -> Leaning:
    """To which of two sets of nodes each node leans.

    Takes   an undirected graph; 1 or -1 for each node of the two sets (the poles), 0 for all others. Each tie counts for one.
    Costs   O(m) a round, rounds as the square root of how long walks are: some 15 to 60 in networks with hubs; 40n bytes.
    Fails   GraphError where the ties have a direction.
    After   Doyle & Snell 1984 (walks as voltages); Hestenes & Stiefel 1952.
    """
    need_undirected(graph, "Leaning")
    component = components(graph)
    with_pole = np.zeros(int(component.max(initial=-1)) + 1, np.bool_)
    with_pole[component[poles != 0]] = True
    reached = with_pole[component] & (np.diff(graph.offsets) > 0)
    return Leaning(_solved(graph, poles, threads), reached)


def first_step(graph: Graph, value: NDArray[np.float64], *, threads: int = 0) -> NDArray[np.float64]:
    """float64[n]: the mean of the values of each node's neighbours, 0 where there are none: what is found by who takes a step first."""
    mean = np.zeros(graph.n, np.float64)
    over_nodes(graph.offsets, lambda a, b: _mean_of_neighbours(graph.offsets, graph.targets, value, a, b, mean), threads)
    return mean


def _solved(graph: Graph, poles: NDArray[np.int8], threads: int) -> NDArray[np.float64]:
    free = poles == 0
    x = poles.astype(np.float64)
    # Begin with the mean of the poles next to one: where most are next to some, that is half of the way.
    x += np.where(free, first_step(graph, x, threads=threads), 0.0)
    wrong, through = np.zeros(graph.n, np.float64), np.zeros(graph.n, np.float64)
    parts = over_nodes(graph.offsets, lambda a, b: _residual(graph.offsets, graph.targets, free, x, a, b, wrong), threads)
    left, worst = _sums(parts)
    ahead = wrong.copy()
    for _ in range(_MOST_ROUNDS):
        if worst <= NEAR_ENOUGH:
            break
        left, worst = _round(graph, free, left, x, wrong, ahead, through, threads)
    return x


def _round(
    graph: Graph,
    free: NDArray[np.bool_],
    left: float,
    x: NDArray[np.float64],
    wrong: NDArray[np.float64],
    ahead: NDArray[np.float64],
    through: NDArray[np.float64],
    threads: int,
) -> tuple[float, float]:
    """One step ahead: what is left of the residual, and its greatest; x, the residual and the direction are changed."""
    offsets, targets = graph.offsets, graph.targets
    bent, _ = _sums(over_nodes(offsets, lambda a, b: _applied(offsets, targets, free, ahead, a, b, through), threads))
    step = left / bent
    still, worst = _sums(over_nodes(offsets, lambda a, b: _stepped(offsets, step, ahead, through, a, b, x, wrong), threads))
    np.multiply(ahead, still / left, out=ahead)
    np.add(ahead, wrong, out=ahead)
    return still, worst


def _sums(parts: list[tuple[float, float]]) -> tuple[float, float]:
    """The sum of the first and the greatest of the second, in the order of the pieces."""
    return sum(part[0] for part in parts), max((part[1] for part in parts), default=0.0)


@njit(cache=True, nogil=True)
def _mean_of_neighbours(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32], value: NDArray[np.float64], begin: int, end: int, mean: NDArray[np.float64]
) -> None:
    for node in range(begin, end):
        total = 0.0
        for arc in range(offsets[node], offsets[node + 1]):
            total += value[targets[arc]]
        if offsets[node + 1] > offsets[node]:
            mean[node] = total / (offsets[node + 1] - offsets[node])


@njit(cache=True, nogil=True)
def _residual(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    free: NDArray[np.bool_],
    x: NDArray[np.float64],
    begin: int,
    end: int,
    wrong: NDArray[np.float64],
) -> tuple[float, float]:
    """How far each free node is from the mean of its neighbours; the sum of its square times the degree, and the greatest."""
    total, worst = 0.0, 0.0
    for node in range(begin, end):
        degree = offsets[node + 1] - offsets[node]
        if free[node] and degree > 0:
            mean = 0.0
            for arc in range(offsets[node], offsets[node + 1]):
                mean += x[targets[arc]]
            wrong[node] = mean / degree - x[node]
            total += wrong[node] * wrong[node] * degree
            worst = max(worst, abs(wrong[node]))
    return total, worst


@njit(cache=True, nogil=True)
def _applied(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    free: NDArray[np.bool_],
    ahead: NDArray[np.float64],
    begin: int,
    end: int,
    through: NDArray[np.float64],
) -> tuple[float, float]:
    """The direction less its mean over neighbours (it is 0 at the poles), and its product with the direction by degree."""
    total = 0.0
    for node in range(begin, end):
        degree = offsets[node + 1] - offsets[node]
        through[node] = 0.0
        if free[node] and degree > 0:
            mean = 0.0
            for arc in range(offsets[node], offsets[node + 1]):
                mean += ahead[targets[arc]]
            through[node] = ahead[node] - mean / degree
            total += ahead[node] * through[node] * degree
    return total, 0.0


@njit(cache=True, nogil=True)
def _stepped(
    offsets: NDArray[np.int64],
    step: float,
    ahead: NDArray[np.float64],
    through: NDArray[np.float64],
    begin: int,
    end: int,
    x: NDArray[np.float64],
    wrong: NDArray[np.float64],
) -> tuple[float, float]:
    total, worst = 0.0, 0.0
    for node in range(begin, end):
        x[node] += step * ahead[node]
        wrong[node] -= step * through[node]
        total += wrong[node] * wrong[node] * (offsets[node + 1] - offsets[node])
        worst = max(worst, abs(wrong[node]))
    return total, worst
