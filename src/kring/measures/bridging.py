"""Who and what ties groups to each other, and how close the ties are: brokers, bridges, village or city."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph, Log
from kring.graph.betweenness import betweenness
from kring.graph.build import degrees, sources_of
from kring.graph.closeness import closeness
from kring.graph.cores import core_numbers
from kring.graph.cuts import cuts
from kring.measures.grouping import Ties
from kring.measures.saying import too_few, unsaid
from kring.schema import Finding, Row

OF_BROKERS = ("brokers", "constraint", "constraint_spread", "bridges")
OF_TIES = ("embeddedness", "tie_strength", "reply_time", "transitivity", "clustering", "k_core", "core_sizes")
TOP = 20
"""So many of those who bridge are named."""
_EXACT = 3e8
"""People times arcs up to which shortest ways are counted from everybody."""
_STEPS = 3e8
"""Arcs that are looked at for betweenness from some."""
_FEWEST_PIVOTS, _MOST_PIVOTS = 16, 256
_NOBODY = "can't say: there are no groups to bridge"
_SHOWN = (0.1, 0.25, 0.5, 0.75, 0.9)
Group = NDArray[np.int32]
Flags = NDArray[np.bool_]


def brokers(ties: Ties, group: Group, nodes: NDArray[np.int64], told: "partial[Finding]", seed: int) -> Iterator[Finding]:
    """Brokers, constraint, bridges.

    Takes   the group of each node, -1 for who belongs nowhere firmly; the row of each node in the whole graph.
    """
    graph = ties.graph
    close = closeness(graph, weighted=ties.weighted)
    known = np.flatnonzero(~np.isnan(close.constraint))
    touched: NDArray[np.int32] = _groups_touched(graph.offsets, graph.targets, group, int(group.max(initial=-1)) + 1)
    between = np.flatnonzero(touched >= 2)
    if (group >= 0).any():
        yield _brokers(graph, touched, between, close.constraint, nodes, told, seed)
    else:
        yield from unsaid(("brokers",), _NOBODY, boundary=told.keywords["boundary"], cut=told.keywords["cut"])
    told_of_it = partial(
        told,
        n=len(known),
        method="exact; 1 or more: all contacts know each other or are one; near 0: many contacts who don't",
        paper="Burt 1992, Structural Holes",
        warning="" if len(known) else "there are no ties",
    )
    spread = tuple((share, float(np.quantile(close.constraint[known], share))) for share in _SHOWN) if len(known) else ()
    median = float(np.median(close.constraint[known])) if len(known) else None
    yield told_of_it(name="constraint", value=median, unit="index, half of the people have less")
    yield told_of_it(
        name="constraint_spread", value=len(spread) or None, unit="points; the constraint that each share stays within", series=spread
    )
    yield _bridges(graph, group, close.common, told)


def _brokers(
    graph: Graph,
    touched: NDArray[np.int32],
    between: NDArray[np.int64],
    constraint: NDArray[np.float64],
    nodes: NDArray[np.int64],
    told: "partial[Finding]",
    seed: int,
) -> Finding:
    exact = graph.n * float(graph.n_arcs) <= _EXACT
    pivots = 0 if exact else min(graph.n, int(np.clip(_STEPS / graph.n_arcs, _FEWEST_PIVOTS, _MOST_PIVOTS)))
    ways = betweenness(graph, pivots=pivots, seed=seed)
    pairs = max((graph.n - 1) * (graph.n - 2) / 2, 1.0)
    lost = cuts(graph).lost
    first = between[np.lexsort((between, constraint[between], -ways.values[between]))][:TOP]
    rows = tuple(
        Row(
            int(nodes[node]),
            value=float(constraint[node]),
            n=int(touched[node]),
            because=_because(node, touched, ways.values / pairs, lost),
        )
        for node in first
    )
    counted = "exact" if exact else f"from {ways.n_pivots} people drawn by chance, so their order is rough"
    return told(
        name="brokers",
        value=len(between),
        unit="people with ties into two or more groups",
        rows=rows,
        rows_of="person",
        method=f"rows: those on most shortest ways between others ({counted}), with their constraint",
        paper="Burt 1992, Structural Holes; Brandes 2001; Tarjan 1972",
        seed=None if exact else seed,
    )


def _because(node: int, touched: NDArray[np.int32], ways: NDArray[np.float64], lost: NDArray[np.int64]) -> str:
    without = f"{lost[node]} would have no way to the rest" if lost[node] else "everybody would still have a way to everybody"
    return f"ties into {touched[node]} groups; on {ways[node]:.1%} of the shortest ways between others; without them {without}"


def _bridges(graph: Graph, group: Group, common: NDArray[np.uint32], told: "partial[Finding]") -> Finding:
    told = partial(told, name="bridges", unit="share of ties", n=graph.n_ties, n_of="ties", paper="Granovetter 1973; Tarjan 1974")
    if not graph.n_arcs:
        return told(value=None, warning="there are no ties", method="not measured")
    if not (group >= 0).any():
        return told(value=None, warning=_NOBODY, method="not measured")
    here, there = group[sources_of(graph)], group[graph.targets]
    across = (here != there) & (here >= 0) & (there >= 0)
    alone = across & (common == 0)
    only = int((cuts(graph).bridge & across).sum()) // 2
    method = (
        f"exact: ties between two groups whose ends have no contact in common, of all ties; {int(across.sum()) // 2} ties go between groups, "
        f"and {only} of them are the only way between their ends"
    )
    return told(value=float(alone.mean()), method=method)


def closest(ties: Ties, group: Group, log: Log | None, told: "partial[Finding]") -> Iterator[Finding]:
    """Village or city: embeddedness, tie_strength, reply_time; transitivity, clustering, k_core."""
    graph = ties.graph
    told = partial(told, n=graph.n_ties, n_of="ties")
    if not graph.n_arcs:
        yield from unsaid(OF_TIES, "there are no ties", boundary=told.keywords["boundary"], cut=told.keywords["cut"])
        return
    source = sources_of(graph)
    once = source < graph.targets
    common = closeness(graph, weighted=False).common
    inside = (group[source] == group[graph.targets]) & (group[source] >= 0)
    degree = degrees(graph)
    either = degree[source] + degree[graph.targets] - 2 - common
    share = np.where(either > 0, common / np.maximum(either, 1), 0.0)
    parts = ((), once), *(((("ties", name),), once & which) for name, which in (("inside groups", inside), ("between groups", ~inside)))
    grouped = (group >= 0).any()
    for by, which in parts if grouped else parts[:1]:
        yield told(
            name="embeddedness",
            value=float(share[which].mean()) if which.any() else None,
            n=int(which.sum()),
            unit="share of the contacts of both ends that are contacts of both",
            method="exact: mean over ties",
            paper="Onnela et al. 2007 (overlap); Granovetter 1985",
            by=by,
            warning="" if which.any() else "can't say: there are no such ties",
        )
    for by, which in parts if grouped else parts[:1]:
        strength = None if ties.strength is None else ties.strength[which]
        yield told(
            name="tie_strength",
            value=None if strength is None or not len(strength) else float(np.median(strength)),
            n=int(which.sum()),
            unit="times or weight, half of the ties have less",
            method="exact: weights as given, or how often one addressed the other",
            by=by,
            warning=""
            if strength is not None and len(strength)
            else "can't say: ties have no weights"
            if strength is None
            else "can't say: there are no such ties",
        )
    yield from _reply_times(graph, group if grouped else None, log, told)
    yield from _triads(graph, common, degree, once, told)


def _reply_times(graph: Graph, group: Group | None, log: Log | None, told: "partial[Finding]") -> Iterator[Finding]:
    """How long it takes until somebody who was addressed addresses the other, half of all times within; by where the tie is."""
    told = partial(
        told, name="reply_time", unit="s", method="exact: from one's last word to the other's first, over all turns; half took less"
    )
    if log is None or not len(log.at):
        yield told(value=None, n=0, n_of="turns", warning="can't say: no times are known")
        return
    a, b, took = turns(log)
    parts: list[tuple[tuple[tuple[str, str], ...], Flags]] = [((), np.ones(len(took), np.bool_))]
    if group is not None:
        inside = (group[a] == group[b]) & (group[a] >= 0)
        parts += [((("ties", "inside groups"),), inside), ((("ties", "between groups"),), ~inside)]
    for by, which in parts:
        few = too_few(len(np.unique(np.concatenate((a[which], b[which])))), "people who took turns")
        value = None if few or not which.any() else float(np.median(took[which]))
        yield told(value=value, n=int(which.sum()), n_of="turns", by=by, warning=few)


def turns(log: Log) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Of each turn between two people: who is answered, who answers, and the seconds between."""
    known = (log.source >= 0) & (log.target >= 0) & (log.source != log.target)
    source, target, at = log.source[known].astype(np.int64), log.target[known].astype(np.int64), log.at[known]
    low, high = np.minimum(source, target), np.maximum(source, target)
    order = np.lexsort((at, high, low))
    source, target, at, low, high = source[order], target[order], at[order], low[order], high[order]
    back = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (source[1:] == target[:-1])
    return source[:-1][back], target[:-1][back], (at[1:][back] - at[:-1][back]) / 1e6


def _triads(
    graph: Graph, common: NDArray[np.uint32], degree: NDArray[np.int64], once: Flags, told: "partial[Finding]"
) -> Iterator[Finding]:
    """Every tie closes as many triangles as its ends have neighbours in common, so nothing need be counted again."""
    pairs = degree * (degree - 1) // 2
    closed = np.add.reduceat(np.append(common, 0).astype(np.int64), graph.offsets[:-1]) // 2
    closed[degree == 0] = 0
    some = pairs > 0
    why = "" if some.any() else "nobody has two contacts"
    yield told(
        name="transitivity",
        value=int(closed.sum()) / int(pairs.sum()) if some.any() else None,
        unit="share of two contacts of one person who are contacts of each other",
        method="exact: of all such pairs in the network",
        paper="Newman, Watts & Strogatz 2002",
        warning=why,
    )
    yield told(
        name="clustering",
        value=float((closed[some] / pairs[some]).mean()) if some.any() else None,
        n=int(some.sum()),
        n_of="people",
        unit="share of two contacts of one person who are contacts of each other",
        method="exact: of each person, then the mean over people with two contacts or more",
        paper="Watts & Strogatz 1998",
        warning=why,
    )
    core = core_numbers(graph)
    deepest = int(core.max())
    counts = np.bincount(core)
    told = partial(told, paper="Seidman 1983; Batagelj & Zaveršnik 2003")
    yield told(
        name="k_core",
        value=deepest,
        n=int((core == deepest).sum()),
        n_of="people in the innermost core",
        unit="contacts that everybody in it has within it",
        method="exact",
    )
    sizes = tuple((k, int(n)) for k, n in enumerate(counts.tolist()) if n)
    yield told(
        name="core_sizes",
        value=len(sizes),
        n=graph.n,
        n_of="people",
        unit="cores",
        series=sizes,
        method="exact: people in each core and none deeper",
    )


@njit(cache=True, nogil=True)
def _groups_touched(offsets: NDArray[np.int64], targets: NDArray[np.uint32], group: Group, n_groups: int) -> NDArray[np.int32]:
    """In how many groups each node or its neighbours are."""
    n = len(offsets) - 1
    touched = np.zeros(n, np.int32)
    seen = np.full(n_groups, -1, np.int64)
    for node in range(n):
        if group[node] >= 0:
            seen[group[node]] = node
            touched[node] += 1
        for arc in range(offsets[node], offsets[node + 1]):
            there = group[targets[arc]]
            if there >= 0 and seen[there] != node:
                seen[there] = node
                touched[node] += 1
    return touched
