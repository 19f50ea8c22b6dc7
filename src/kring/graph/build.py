"""How a `Graph` is made: from pairs, and from another graph (undirected, turned round, a part of it).

Ties are sorted as 64-bit keys, `source << 32 | target`, so that sorting, merging and comparing are one numpy call each.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from kring.errors import GraphError
from kring.graph.arrays import NO_TIME, Graph

MOST_NODES = 2**32 - 1
T = TypeVar("T", bound=np.generic)


def from_pairs(
    sources: ArrayLike,
    targets: ArrayLike,
    *,
    directed: bool,
    n: int | None = None,
    ids: Sequence[str] | None = None,
    weights: NDArray[np.float64] | None = None,
    signs: NDArray[np.int8] | None = None,
    at: NDArray[np.int64] | None = None,
    last_at: NDArray[np.int64] | None = None,
    observed: NDArray[np.bool_] | None = None,
    boundary: str = "",
    cut: str = "",
    labels: Mapping[str, NDArray[np.object_]] | None = None,
) -> Graph:
    """The graph of these pairs: self-ties left out and counted, repeats of a tie merged and counted.

    Takes   node numbers; optionally a weight, a sign (-1, 0, 1) and a time for each pair (`last_at`: its last time, where `at` is its
            first of several). Where the graph is undirected, (a, b) and (b, a) are the same tie.
    Gives   a Graph. The weight of a tie is the sum of its weights; without weights, how often it was given (left out where that is once
            for all). Its sign is that of the sum of its signs. `n` nodes, or as many as there are ids, or up to the highest number.
    Costs   O(m log m) time, vectorised; some 40 bytes for each pair while it runs.
    Fails   GraphError where a number is negative or not below `n`.
    """
    source, target = _numbers(sources), _numbers(targets)
    n = _n_nodes(source, target, n, ids)
    loops = source == target
    n_loops = int(loops.sum())
    if n_loops:
        keep = ~loops
        source, target = source[keep], target[keep]
        weights, signs, at, last_at = _taken(weights, keep), _taken(signs, keep), _taken(at, keep), _taken(last_at, keep)
    return _woven(
        source,
        target,
        Graph(
            offsets=np.zeros(n + 1, np.int64),
            targets=np.empty(0, np.uint32),
            directed=directed,
            ids=ids,
            observed=observed,
            boundary=boundary,
            cut=cut,
            n_loops=n_loops,
            labels=labels or {},
        ),
        weights,
        signs,
        at,
        at if last_at is None else last_at,
        mirror=not directed,
    )


def sources_of(graph: Graph) -> NDArray[np.uint32]:
    """The source of each arc, parallel to `targets`."""
    return np.repeat(np.arange(graph.n, dtype=np.uint32), np.diff(graph.offsets))


def degrees(graph: Graph) -> NDArray[np.int64]:
    """How many arcs leave each node."""
    return np.diff(graph.offsets)


def undirected(graph: Graph) -> Graph:
    """The same ties without direction: a tie where there was an arc either way. A weight is the sum of both; without weights, 1."""
    if not graph.directed:
        return graph
    weightless = graph.weights is None
    both = _woven(
        sources_of(graph),
        graph.targets,
        _like(graph, directed=False),
        graph.weights,
        graph.signs,
        graph.first_at,
        graph.last_at,
        mirror=True,
    )
    return _like(both, weights=None, n_duplicates=graph.n_duplicates) if weightless else _like(both, n_duplicates=graph.n_duplicates)


def transpose(graph: Graph) -> Graph:
    """The same nodes with each arc turned round; an undirected graph is its own."""
    if not graph.directed:
        return graph
    turned = _woven(graph.targets, sources_of(graph), graph, graph.weights, graph.signs, graph.first_at, graph.last_at, mirror=False)
    return _like(turned, n_duplicates=graph.n_duplicates)


def subgraph(graph: Graph, nodes: NDArray[np.bool_]) -> Graph:
    """The part of the graph among the nodes for which `nodes` is true, renumbered in the same order."""
    if len(nodes) != graph.n:
        raise GraphError(f"A choice of {len(nodes)} nodes was given for a graph of {graph.n}.")
    kept = np.flatnonzero(nodes)
    number = np.zeros(graph.n, np.uint32)
    number[kept] = np.arange(len(kept), dtype=np.uint32)
    sources = sources_of(graph)
    arcs = nodes[sources] & nodes[graph.targets]
    degree = np.bincount(number[sources[arcs]], minlength=len(kept))

    return _like(
        graph,
        offsets=np.concatenate(([0], np.cumsum(degree))).astype(np.int64),
        targets=number[graph.targets[arcs]],
        ids=[graph.id_of(int(node)) for node in kept],
        weights=_taken(graph.weights, arcs),
        signs=_taken(graph.signs, arcs),
        first_at=_taken(graph.first_at, arcs),
        last_at=_taken(graph.last_at, arcs),
        observed=_taken(graph.observed, kept),
        labels={name: array[kept] for name, array in graph.labels.items()},
    )


def with_nodes(graph: Graph, ids: Sequence[str], labels: Mapping[str, NDArray[np.object_]]) -> Graph:
    """The graph with more nodes, without ties, after its own; `ids` and `labels` are for all of them."""
    more = len(ids) - graph.n
    offsets = np.concatenate((graph.offsets, np.full(more, graph.n_arcs))).astype(np.int64)
    observed = None if graph.observed is None else np.concatenate((graph.observed, np.zeros(more, np.bool_)))
    return _like(graph, offsets=offsets, ids=ids, labels=labels, observed=observed)


def components(graph: Graph) -> NDArray[np.int64]:
    """The number of each node's weak component: 0 is the component of node 0, and so on in order of first node.

    Costs   O(n + m) nearly; 4n bytes.
    After   union-find with path halving, Tarjan & van Leeuwen 1984.
    """
    roots = _roots(graph.offsets, graph.targets)
    _, component = np.unique(roots, return_inverse=True)
    return component.astype(np.int64)


def largest_component(graph: Graph) -> NDArray[np.bool_]:
    """bool[n]: the nodes of the largest weak component; of equals the one with the lowest node."""
    if graph.n == 0:
        return np.zeros(0, np.bool_)
    component = components(graph)
    largest: NDArray[np.bool_] = component == np.argmax(np.bincount(component))
    return largest


@njit(cache=True)
def _roots(offsets: NDArray[np.int64], targets: NDArray[np.uint32]) -> NDArray[np.uint32]:
    n = len(offsets) - 1
    parent = np.arange(n).astype(np.uint32)
    for node in range(n):
        for arc in range(offsets[node], offsets[node + 1]):
            a, b = np.uint32(node), targets[arc]
            while parent[a] != a:
                parent[a] = parent[parent[a]]
                a = parent[a]
            while parent[b] != b:
                parent[b] = parent[parent[b]]
                b = parent[b]
            if a < b:
                parent[b] = a
            else:
                parent[a] = b
    for node in range(n):
        parent[node] = parent[parent[node]]
    return parent


def _numbers(array: ArrayLike) -> NDArray[np.integer]:
    numbers = np.asarray(array)
    if len(numbers) == 0:
        return np.empty(0, np.uint32)
    if not np.issubdtype(numbers.dtype, np.integer):
        raise GraphError(f"Nodes must be whole numbers, not {numbers.dtype}.")
    return numbers


def _n_nodes(source: NDArray[np.integer], target: NDArray[np.integer], n: int | None, ids: Sequence[str] | None) -> int:
    if len(source) != len(target):
        raise GraphError(f"{len(source)} sources were given with {len(target)} targets.")
    ends = [int(end) for array in (source, target) if len(array) for end in (array.min(), array.max())]
    found = max(ends, default=-1) + 1
    n = n if n is not None else len(ids) if ids is not None else found
    if ids is not None and len(ids) != n:
        raise GraphError(f"{len(ids)} ids were given for {n} nodes.")
    if min(ends, default=0) < 0 or found > n:
        raise GraphError(f"A pair names node {min(ends) if min(ends) < 0 else found - 1}, and the nodes are 0 to {n - 1}.")
    if n > MOST_NODES:
        raise GraphError(f"{n} nodes are more than the {MOST_NODES} a graph can hold.")
    return n


def _woven(
    source: NDArray[np.integer],
    target: NDArray[np.integer],
    like: Graph,
    weights: NDArray[np.float64] | None,
    signs: NDArray[np.int8] | None,
    first_at: NDArray[np.int64] | None,
    last_at: NDArray[np.int64] | None,
    *,
    mirror: bool,
) -> Graph:
    """Sorts and merges loopless pairs; `mirror`: then each also the other way, so that both ways weigh the same to the last bit."""
    if mirror:
        source, target = np.minimum(source, target), np.maximum(source, target)
    keys = _keys(source, target)
    if weights is None and signs is None and first_at is None and last_at is None:
        keys.sort()
    else:
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        weights, signs, first_at, last_at = _taken(weights, order), _taken(signs, order), _taken(first_at, order), _taken(last_at, order)
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.empty(0, np.int64)
    n_duplicates = len(keys) - len(starts)
    if weights is not None:
        weights = _reduced(np.add, weights, starts).astype(np.float64)
    elif n_duplicates:
        weights = np.diff(starts, append=len(keys)).astype(np.float64)
    if signs is not None:
        signs = np.sign(_reduced(np.add, signs.astype(np.int64), starts)).astype(np.int8)
    if first_at is not None:
        first_at = _earliest(first_at, starts)
    if last_at is not None:
        last_at = _reduced(np.maximum, last_at, starts)
    keys = keys[starts]
    if mirror:
        n = len(keys)
        keys = np.concatenate((keys, (keys << np.uint64(32)) | (keys >> np.uint64(32))))
        order = np.argsort(keys, kind="stable")
        keys, tie = keys[order], order % max(n, 1)
        weights, signs, first_at, last_at = _taken(weights, tie), _taken(signs, tie), _taken(first_at, tie), _taken(last_at, tie)
    out_degree = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=like.n)
    return _like(
        like,
        offsets=np.concatenate(([0], np.cumsum(out_degree))).astype(np.int64),
        targets=keys.astype(np.uint32),
        weights=weights,
        signs=signs,
        first_at=first_at,
        last_at=last_at,
        n_duplicates=n_duplicates,
    )


def _keys(source: NDArray[np.integer], target: NDArray[np.integer]) -> NDArray[np.uint64]:
    return (source.astype(np.uint64) << np.uint64(32)) | target.astype(np.uint64)


def _taken(array: NDArray[T] | None, which: NDArray[np.bool_] | NDArray[np.int64]) -> NDArray[T] | None:
    return None if array is None else array[which]


def _reduced(how: np.ufunc, values: NDArray[T], starts: NDArray[np.int64]) -> NDArray[T]:
    reduced: NDArray[T] = how.reduceat(values, starts) if len(starts) else values[:0]
    return reduced


def _earliest(at: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The earliest known time of each run; `NO_TIME` where none is known."""
    never = np.iinfo(np.int64).max
    first = _reduced(np.minimum, np.where(at == NO_TIME, never, at), starts)
    return np.where(first == never, NO_TIME, first)


def _like(graph: Graph, **changes: object) -> Graph:
    """A graph that differs in these fields only (`dataclasses.replace`, typed for us)."""
    fields = {name: getattr(graph, name) for name in Graph.__slots__}
    return Graph(**{**fields, **changes})
