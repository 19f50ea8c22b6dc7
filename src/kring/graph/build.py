"""How a `Graph` is made: from pairs, and from another graph (undirected, turned round).

Pairs are sorted in buckets (`buckets`); those with something beside them as 64-bit keys, `source << 32 | target`, so that sorting, merging
and comparing are one numpy call each. A graph that is there already is turned round by counting, which takes a tenth of the time.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kring.errors import GraphError
from kring.graph.arrays import NO_TIME, Graph
from kring.graph.buckets import BLOCK, Plan, deal, rows_of
from kring.graph.threads import PIECES, each, n_threads
from kring.graph.turning import either_way, offsets_of, turned

MOST_NODES = 2**32 - 1
MOST_KINDS = 16
_PIECE = 1 << 14
"""Fewer pairs are not worth a thread."""
PER_ARC = ("weights", "signs", "first_at", "last_at", "kinds")
"""The arrays of a graph that run parallel to its arcs."""
T = TypeVar("T", bound=np.generic)
Beside = Mapping[str, NDArray[Any] | None]
"""Arrays by their names in `PER_ARC`, parallel to pairs or arcs."""
_NO_WEIGHTS = np.empty(0, np.float64)
_NO_WEIGHTS.flags.writeable = False
_NEVER = np.iinfo(np.int64).max
_MERGING: Mapping[str, tuple[np.ufunc, int]] = {
    "weights": (np.add, 0),
    "signs": (np.add, 0),
    "first_at": (np.minimum, _NEVER),
    "last_at": (np.maximum, NO_TIME),
    "kinds": (np.bitwise_or, 0),
}
"""How what stands beside the repeats of a tie becomes one, and what stands for "nothing" in it."""


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
    kinds: NDArray[np.uint16] | None = None,
    kind_names: tuple[str, ...] = (),
    observed: NDArray[np.bool_] | None = None,
    boundary: str = "",
    cut: str = "",
    labels: Mapping[str, NDArray[np.object_]] | None = None,
) -> Graph:
    """The graph of these pairs: self-ties left out and counted, repeats of a tie merged and counted.

    Takes   node numbers; optionally a weight, a sign (-1, 0, 1) and a time for each pair (`last_at`: its last time, where `at` is its
            first of several), and its kinds as bits (`Graph.kinds`). Where the graph is undirected, (a, b) and (b, a) are the same tie.
    Gives   a Graph. The weight of a tie is the sum of its weights; without weights, how often it was given (left out where that is once
            for all). Its sign is that of the sum of its signs; it is of every kind that one of them was. `n` nodes, or as many as there
            are ids, or up to the highest number.
    Costs   O(m) time; 30 bytes for each pair while it runs. With something beside the pairs O(m log m), 40 bytes and twice what that takes.
    Fails   GraphError where a number is negative or not below `n`, or there are more than 16 kinds.
    """
    if len(kind_names) > MOST_KINDS:
        raise GraphError(f"{len(kind_names)} kinds of ties were given, and a graph holds {MOST_KINDS}.", next="Join some of them.")
    source, target = _numbers(sources), _numbers(targets)
    n = _n_nodes(source, target, n, ids)
    beside: Beside = {"weights": weights, "signs": signs, "first_at": at, "last_at": at if last_at is None else last_at, "kinds": kinds}
    nobody = Graph(
        offsets=np.zeros(n + 1, np.int64),
        targets=np.empty(0, np.uint32),
        directed=directed,
        ids=ids,
        kind_names=kind_names,
        observed=observed,
        boundary=boundary,
        cut=cut,
        labels=labels or {},
    )
    if all(array is None for array in beside.values()):
        return _plainly_woven(source, target, nobody)
    return _woven(source, target, nobody, beside)


def sources_of(graph: Graph) -> NDArray[np.uint32]:
    """The source of each arc, parallel to `targets`."""
    return np.repeat(np.arange(graph.n, dtype=np.uint32), np.diff(graph.offsets))


def degrees(graph: Graph) -> NDArray[np.int64]:
    """How many arcs leave each node."""
    return np.diff(graph.offsets)


def weights_of(graph: Graph, *, weighted: bool = True) -> NDArray[np.float64]:
    """The weights as kernels take them: empty where each arc counts for one.

    Fails   GraphError where a weight is negative or no number: nothing flows, walks or is drawn in such proportions.
    """
    if not weighted or graph.weights is None:
        return _NO_WEIGHTS
    if len(graph.weights) and not graph.weights.min() >= 0:
        raise GraphError("Some ties have a negative weight, or one that is no number.", next="Leave the weights out, or use the signs.")
    return graph.weights


def need_undirected(graph: Graph, what: str) -> None:
    """Refuses a graph whose ties have a direction, where a question has none."""
    if graph.directed:
        raise GraphError(f"{what} takes ties without direction.", next="Give it undirected(graph).")


def undirected(graph: Graph, *, threads: int = 0) -> Graph:
    """The same ties without direction: a tie where there was an arc either way. A weight is the sum of both; without weights, 1.

    Costs   O(n + m) time; 12m bytes while it runs, 20m more where something stands beside the arcs.
    """
    if not graph.directed:
        return graph
    beside = {name: getattr(graph, name) for name in PER_ARC}
    any_beside = any(array is not None for array in beside.values())
    offsets, targets, out, into = either_way(graph.offsets, graph.targets, with_origin=any_beside, threads=threads)
    both = {name: _of_both(name, array, out, into) for name, array in beside.items() if array is not None}
    return like(graph, directed=False, offsets=offsets, targets=targets, **both)


def transpose(graph: Graph, *, threads: int = 0) -> Graph:
    """The same nodes with each arc turned round; an undirected graph is its own.

    Costs   O(n + m) time: targets are counted, then each arc goes to its place; 8n bytes for each thread while it runs, and 8m where
            something stands beside the arcs.
    """
    if not graph.directed:
        return graph
    any_beside = any(getattr(graph, name) is not None for name in PER_ARC)
    offsets, sources, origin = turned(graph.offsets, graph.targets, graph.n, with_origin=any_beside, threads=threads)
    return like(graph, offsets=offsets, targets=sources, **taken(graph, origin, threads=threads))


def with_nodes(graph: Graph, ids: Sequence[str], labels: Mapping[str, NDArray[np.object_]]) -> Graph:
    """The graph with more nodes, without ties, after its own; `ids` and `labels` are for all of them."""
    more = len(ids) - graph.n
    offsets = np.concatenate((graph.offsets, np.full(more, graph.n_arcs))).astype(np.int64)
    observed = None if graph.observed is None else np.concatenate((graph.observed, np.zeros(more, np.bool_)))
    return like(graph, offsets=offsets, ids=ids, labels=labels, observed=observed)


def taken(graph: Graph, which: NDArray[np.bool_] | NDArray[np.int64], *, threads: int = 0) -> dict[str, NDArray[Any] | None]:
    """What stands beside these arcs of the graph, for `like`."""
    return _picked({name: getattr(graph, name) for name in PER_ARC}, which, threads)


def like(graph: Graph, **changes: object) -> Graph:
    """A graph that differs in these fields only (`dataclasses.replace`, typed for us)."""
    fields = {name: getattr(graph, name) for name in Graph.__slots__}
    return Graph(**{**fields, **changes})


def _of_both(name: str, array: NDArray[Any], out: NDArray[np.int64], into: NDArray[np.int64]) -> NDArray[Any]:
    """What stands beside a tie, from what stands beside the arcs either way."""
    how, nothing = _MERGING[name]
    ready = _to_merge(name, array)
    if len(ready) == 0:
        return array
    one, other = (np.where(arcs >= 0, ready[arcs], ready.dtype.type(nothing)) for arcs in (out, into))
    joined: NDArray[Any] = how(one, other)
    return _from_merged(name, joined)


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


def _plainly_woven(source: NDArray[np.integer], target: NDArray[np.integer], nobody: Graph) -> Graph:
    """Pairs with nothing beside them, in buckets."""
    pairs = np.empty((len(source), 2), np.uint32)
    pairs[:, 0], pairs[:, 1] = source, target
    plan = Plan(nobody.n, len(pairs), "directed" if nobody.directed else "undirected")
    size = max(_PIECE, min(BLOCK, -(-len(pairs) // n_threads())))
    parts = each(lambda k: deal(pairs[k * size : (k + 1) * size], plan), -(-len(pairs) // size))
    rows = each(lambda bucket: rows_of(parts, plan, bucket, times=True), plan.buckets if parts else 0)
    degree = np.concatenate([one.degree for one in rows] or [np.zeros(nobody.n, np.int64)])
    repeats = sum(one.repeats for one in rows)
    return like(
        nobody,
        offsets=offsets_of(degree),
        targets=np.concatenate([one.targets for one in rows] or [nobody.targets]),
        weights=np.concatenate([one.times for one in rows]).astype(np.float64) if repeats else None,
        n_loops=sum(part.n_loops for part in parts),
        n_duplicates=repeats if nobody.directed else repeats // 2,
    )


def _woven(source: NDArray[np.integer], target: NDArray[np.integer], nobody: Graph, beside: Beside) -> Graph:
    """Sorts and merges pairs and what stands beside them; where ties have no direction, each then goes the other way too, so that both
    ways weigh the same to the last bit."""
    loops = source == target
    if n_loops := int(loops.sum()):
        keep = ~loops
        source, target, beside = source[keep], target[keep], _picked(beside, keep)
    mirror = not nobody.directed
    if mirror:
        source, target = np.minimum(source, target), np.maximum(source, target)
    keys = _keys(source, target)
    order = np.argsort(keys, kind="stable")
    keys, beside = keys[order], _picked(beside, order)
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.empty(0, np.int64)
    n_duplicates = len(keys) - len(starts)
    merged = {name: _merged(name, array, starts) for name, array in beside.items() if array is not None}
    if "weights" not in merged and n_duplicates:
        merged["weights"] = np.diff(starts, append=len(keys)).astype(np.float64)
    keys = keys[starts]
    if mirror:
        n = len(keys)
        keys = np.concatenate((keys, (keys << np.uint64(32)) | (keys >> np.uint64(32))))
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        merged = {name: array[order % max(n, 1)] for name, array in merged.items()}
    degree = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=nobody.n)
    return like(nobody, offsets=offsets_of(degree), targets=keys.astype(np.uint32), n_loops=n_loops, n_duplicates=n_duplicates, **merged)


def _keys(source: NDArray[np.integer], target: NDArray[np.integer]) -> NDArray[np.uint64]:
    return (source.astype(np.uint64) << np.uint64(32)) | target.astype(np.uint64)


def _picked(beside: Beside, which: NDArray[np.bool_] | NDArray[np.int64], threads: int = 0) -> dict[str, NDArray[Any] | None]:
    return {name: None if array is None else _gathered(array, which, threads) for name, array in beside.items()}


def _gathered(array: NDArray[Any], which: NDArray[np.bool_] | NDArray[np.int64], threads: int) -> NDArray[Any]:
    """`array[which]`, by several threads where it comes in any order: each then waits for memory of its own."""
    if which.dtype == np.bool_:
        return array[which]
    out = np.empty(len(which), array.dtype)
    cut = np.linspace(0, len(which), 1 + min(PIECES, len(which) >> 16) + 1).astype(np.int64)
    each(lambda k: np.take(array, which[cut[k] : cut[k + 1]], out=out[cut[k] : cut[k + 1]], mode="clip"), len(cut) - 1, threads)
    return out


def _merged(name: str, array: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """What stands beside each tie, from its repeats: runs that begin at `starts`."""
    how, _ = _MERGING[name]
    ready = _to_merge(name, array)
    return _from_merged(name, how.reduceat(ready, starts) if len(starts) else ready[:0])


def _to_merge(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """Signs in a type that holds their sum; a first time that is not known never comes first; weights as they are kept."""
    if name == "signs":
        return array.astype(np.int64)
    if name == "first_at":
        return np.where(array == NO_TIME, _NEVER, array)
    return array.astype(np.float64, copy=False) if name == "weights" else array


def _from_merged(name: str, array: NDArray[Any]) -> NDArray[Any]:
    if name == "signs":
        array = np.sign(array).astype(np.int8)
    if name == "first_at":
        array = np.where(array == _NEVER, NO_TIME, array)
    return array
