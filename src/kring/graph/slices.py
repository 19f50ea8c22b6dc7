"""Parts of a graph: the ties of a time or a kind, the people of a choice or with a label, and the ties among them.

A part keeps what stands beside its arcs and nodes. A weight is not split: it counts all the times of a tie, also those outside the part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import NO_TIME, Graph
from kring.graph.build import like, taken
from kring.graph.threads import over_nodes
from kring.graph.turning import offsets_of


@dataclass(frozen=True, slots=True, eq=False)
class Picked(Sequence[str]):
    """The ids of some rows of a graph, without a list of strings: looked up when asked for."""

    ids: Sequence[str] | None
    """Of the whole graph; None: the row's number."""
    rows: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, k: int) -> str: ...
    @overload
    def __getitem__(self, k: slice) -> Sequence[str]: ...
    def __getitem__(self, k: int | slice) -> str | Sequence[str]:
        if isinstance(k, slice):
            return Picked(self.ids, self.rows[k])
        row = int(self.rows[k])
        return str(row) if self.ids is None else self.ids[row]


def in_time(graph: Graph, since: int | None = None, until: int | None = None) -> Graph:
    """The ties that were there between two moments, among all the same nodes.

    Takes   UTC microseconds: from `since` on, and before `until`; None: no bound. A tie is there from its first time to its last, so one
            that began before and went on after is in. A tie without a known time is left out as soon as a bound is given.
    Fails   GraphError where the ties have no times.
    """
    if since is None and until is None:
        return graph
    if graph.first_at is None or graph.last_at is None:
        raise GraphError("These ties have no times, so none can be said to lie in a period.", next="Measure without a period.")
    arcs = graph.first_at != NO_TIME
    if until is not None:
        arcs &= graph.first_at < until
    if since is not None:
        arcs &= graph.last_at >= since
    return with_arcs(graph, arcs)


def of_kinds(graph: Graph, *names: str) -> Graph:
    """The layer of these kinds: ties of at least one of them, among all the same nodes; of other kinds they are no longer.

    Fails   GraphError where the graph has no such kind.
    """
    missing = [name for name in names if name not in graph.kind_names]
    if missing or graph.kinds is None:
        there = f"It has: {', '.join(graph.kind_names)}." if graph.kind_names else "Its ties have no kinds."
        raise GraphError(f"The network has no ties of the kind {', '.join(missing or names)}.", next=there)
    wanted = np.uint16(sum(1 << graph.kind_names.index(name) for name in names))
    part = with_arcs(graph, (graph.kinds & wanted) != 0)
    assert part.kinds is not None
    return like(part, kinds=part.kinds & wanted)


def labelled(graph: Graph, label: str, *values: object) -> NDArray[np.bool_]:
    """bool[n]: the nodes whose attribute has one of these values, for `subgraph`.

    Fails   GraphError where the nodes have no such attribute.
    """
    if label not in graph.labels:
        there = f"There are: {', '.join(graph.labels)}." if graph.labels else "They have none."
        raise GraphError(f"The people of this network have no attribute {label!r}.", next=there)
    column = graph.labels[label]
    return np.fromiter((value is not None and value in values for value in column), np.bool_, len(column))


def subgraph(graph: Graph, nodes: NDArray[np.bool_], *, threads: int = 0) -> Graph:
    """The part of the graph among the nodes for which `nodes` is true, renumbered in the same order.

    Costs   O(n + m); m bytes beyond the part.
    """
    if len(nodes) != graph.n:
        raise GraphError(f"A choice of {len(nodes)} nodes was given for a graph of {graph.n}.")
    kept = np.flatnonzero(nodes)
    number = np.zeros(graph.n, np.uint32)
    number[kept] = np.arange(len(kept), dtype=np.uint32)
    arcs = np.zeros(graph.n_arcs, np.bool_)
    over_nodes(graph.offsets, lambda a, b: _mark_among(graph.offsets, graph.targets, nodes, a, b, arcs), threads)
    part = with_arcs(graph, arcs)
    return like(
        part,
        offsets=part.offsets[np.append(kept, graph.n)],  # who is not kept has no arcs any more
        targets=number[part.targets],
        ids=Picked(graph.ids, kept),
        observed=None if graph.observed is None else graph.observed[kept],
        labels={name: array[kept] for name, array in graph.labels.items()},
    )


def with_arcs(graph: Graph, arcs: NDArray[np.bool_]) -> Graph:
    """The graph with those of its arcs for which `arcs` is true; of a tie without direction, both or none should be."""
    degree = np.empty(graph.n, np.int64)
    over_nodes(graph.offsets, lambda a, b: _count_marked(graph.offsets, arcs, a, b, degree))
    return like(graph, offsets=offsets_of(degree), targets=graph.targets[arcs], **taken(graph, arcs))


@njit(cache=True, nogil=True)
def _mark_among(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    nodes: NDArray[np.bool_],
    begin: int,
    end: int,
    arcs: NDArray[np.bool_],
) -> None:
    for node in range(begin, end):
        if nodes[node]:
            for arc in range(offsets[node], offsets[node + 1]):
                arcs[arc] = nodes[targets[arc]]


@njit(cache=True, nogil=True)
def _count_marked(offsets: NDArray[np.int64], arcs: NDArray[np.bool_], begin: int, end: int, degree: NDArray[np.int64]) -> None:
    for node in range(begin, end):
        marked = 0
        for arc in range(offsets[node], offsets[node + 1]):
            marked += arcs[arc]
        degree[node] = marked
