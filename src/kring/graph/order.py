"""In which order nodes lie in memory, and a graph in another order: who is near in the network is then near in memory.

Nothing that is measured depends on the order. See `bench/kernels.py` for what each is worth.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.build import PER_ARC, degrees, like, taken, undirected
from kring.graph.components import numbered
from kring.graph.propagation import label_propagation
from kring.graph.slices import Picked
from kring.graph.threads import over_nodes
from kring.graph.turning import offsets_of

_ROUNDS = 10
"""Of label propagation: later ones move few."""


def by_degree(graph: Graph) -> NDArray[np.int64]:
    """Nodes with the most arcs first: what is looked up most lies together. Costs O(n log n)."""
    return np.argsort(-degrees(graph), kind="stable")


def by_search(graph: Graph) -> NDArray[np.int64]:
    """Nodes as a breadth-first search along the arcs comes by them, from the greatest hub of what is left.

    Costs   O(n + m), one thread; 17n bytes.
    After   Cuthill & McKee 1969, but from hubs: in a network with short distances that keeps more together.
    """
    order: NDArray[np.int64] = _search(graph.offsets, graph.targets, by_degree(graph))
    return order


def by_community(graph: Graph, *, seed: int = 0, threads: int = 0) -> NDArray[np.int64]:
    """Nodes by community, as label propagation finds them; communities, and the nodes in each, as `by_search` comes by them.

    Costs   some ten times O(m).
    After   the idea of Boldi, Rosa, Santini & Vigna 2011 (layered label propagation), with one layer.
    """
    order = by_search(graph)
    community = label_propagation(undirected(graph, threads=threads), seed=seed, weighted=False, rounds=_ROUNDS, threads=threads)
    return order[np.argsort(numbered(community[order]), kind="stable")]


def numbers_of(order: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The new number of each node, where `order` lists the nodes in their new order."""
    numbers = np.empty(len(order), np.uint32)
    numbers[order] = np.arange(len(order), dtype=np.uint32)
    return numbers


def renumbered(graph: Graph, order: NDArray[np.int64], *, threads: int = 0) -> Graph:
    """The same graph with its nodes in this order.

    Takes   each node once, in the order wanted.
    Gives   the graph; its ids, labels and all that stands beside its arcs go along.
    Costs   O(n + m log(largest degree)); 4n bytes, and 8m where something stands beside the arcs.
    Fails   GraphError if a node is missing or comes twice.
    """
    if not np.array_equal(np.bincount(order, minlength=graph.n), np.ones(graph.n, np.int64)):
        raise GraphError(f"An order of {graph.n} people must name each of them once.")
    number = numbers_of(order)
    offsets = offsets_of(degrees(graph)[order])
    any_beside = any(getattr(graph, name) is not None for name in PER_ARC)
    targets = np.empty(graph.n_arcs, np.uint32)
    origin = np.empty(graph.n_arcs if any_beside else 0, np.int64)
    over_nodes(offsets, lambda a, b: _move(graph.offsets, graph.targets, order, number, a, b, offsets, targets, origin), threads)
    return like(
        graph,
        offsets=offsets,
        targets=targets,
        ids=Picked(graph.ids, order),
        observed=None if graph.observed is None else graph.observed[order],
        labels={name: array[order] for name, array in graph.labels.items()},
        **taken(graph, origin, threads=threads),
    )


@njit(cache=True, nogil=True)
def _search(offsets: NDArray[np.int64], targets: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    n = len(starts)
    order = np.empty(n, np.int64)
    met = np.zeros(n, np.bool_)
    done = found = 0
    for start in starts:
        if not met[start]:
            met[start] = True
            order[found] = start
            found += 1
        while done < found:
            node = order[done]
            done += 1
            for arc in range(offsets[node], offsets[node + 1]):
                other = targets[arc]
                if not met[other]:
                    met[other] = True
                    order[found] = other
                    found += 1
    return order


@njit(cache=True, nogil=True)
def _move(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    order: NDArray[np.int64],
    number: NDArray[np.uint32],
    begin: int,
    end: int,
    new_offsets: NDArray[np.int64],
    new_targets: NDArray[np.uint32],
    origin: NDArray[np.int64],
) -> None:
    for k in range(begin, end):
        first, to, length = offsets[order[k]], new_offsets[k], new_offsets[k + 1] - new_offsets[k]
        if len(origin) == 0:
            row = new_targets[to : to + length]
            for arc in range(length):
                row[arc] = number[targets[first + arc]]
            row.sort()
        else:
            # The new number above, the place in the old row below: sorted together, they tell where each arc came from.
            both = np.empty(length, np.uint64)
            for arc in range(length):
                both[arc] = (np.uint64(number[targets[first + arc]]) << np.uint64(32)) | np.uint64(arc)
            both.sort()
            for arc in range(length):
                new_targets[to + arc] = both[arc] >> np.uint64(32)
                origin[to + arc] = first + np.int64(both[arc] & np.uint64(0xFFFFFFFF))
