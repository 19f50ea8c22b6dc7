"""How groups change from one period to the next: which went on, merged, split, began and ended, and who went over to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph.arrays import Graph, Log
from kring.graph.build import from_pairs
from kring.measures.cells import months, quarters, weeks, years
from kring.measures.grouping import SMALLEST, Grouped, Ties, agreed, by_chance, chosen, grouped, several
from kring.measures.partitions import shared
from kring.measures.saying import too_few
from kring.schema import Finding, Row

WAYS = {"week": weeks, "month": months, "quarter": quarters, "year": years}
CHANGES = ("went_on", "merged", "split", "began", "ended")
HALF = 0.5
"""A group goes into another if it gives it this share of its people who are there in both periods, or more."""
_RUNS = 5
_METHOD = "groups of consecutive periods matched by the people who are in both: half or more of one must be in the other"
_PAPER = "after Palla, Barabási & Vicsek 2007; Greene, Doyle & Cunningham 2010"
Group = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What became of the groups of one period in the next: pairs of an earlier and a later group."""

    went_on: tuple[tuple[int, int], ...]
    merged: tuple[int, ...]
    """Later groups that two or more earlier ones went into."""
    split: tuple[int, ...]
    """Earlier groups that two or more later ones came from."""
    began: tuple[int, ...]
    ended: tuple[int, ...]
    moved: NDArray[np.int64]
    """People who left a group that went on for another that was there before."""


def changes(before: Group, after: Group) -> Change:
    """What became of groups.

    Takes   the group of each person in two periods, -1 for none.
    """
    both = (before >= 0) & (after >= 0)
    n_before, n_after = int(before.max(initial=-1)) + 1, int(after.max(initial=-1)) + 1
    flow = np.zeros((n_before, n_after), np.int64)
    a, b, n = shared(before[both], after[both])
    flow[a, b] = n
    enough = flow >= SMALLEST
    into = enough & (flow >= HALF * np.maximum(flow.sum(axis=1, keepdims=True), 1))
    from_ = enough & (flow >= HALF * np.maximum(flow.sum(axis=0, keepdims=True), 1))
    on = into & from_
    mutual = on & (on.sum(axis=1, keepdims=True) == 1) & (on.sum(axis=0, keepdims=True) == 1)
    heir = np.where(mutual.any(axis=1), mutual.argmax(axis=1), -1) if n_after else np.full(n_before, -1)
    went = both & (heir[before] >= 0) & (heir[before] != after) & np.isin(after, heir) if n_before else both
    return Change(
        tuple((int(a), int(b)) for a, b in np.argwhere(mutual)),
        tuple(np.flatnonzero(into.sum(axis=0) >= 2).tolist()),
        tuple(np.flatnonzero(from_.sum(axis=1) >= 2).tolist()),
        tuple(np.flatnonzero(~from_.any(axis=0) & ~into.any(axis=0)).tolist()),
        tuple(np.flatnonzero(~into.any(axis=1) & ~from_.any(axis=1)).tolist()),
        np.flatnonzero(went),
    )


def through_time(
    graph: Graph, log: Log | None, periods: str, nodes: NDArray[np.int64], told: "partial[Finding]", *, null_models: int, seed: int
) -> Iterator[Finding]:
    """communities of each period, and from its predecessor: went_on, merged, split, began, ended, moved (rows: who).

    Takes   the log of people numbered as in the graph; `periods`: week, month, quarter or year.
    Fails   UsageError where there is no such period.
    """
    if periods not in WAYS:
        raise UsageError(f'Groups can\'t be followed by "{periods}".', next=f"Choose one of: {', '.join(WAYS)}.")
    told = partial(told, method=_METHOD, paper=_PAPER, seed=seed)
    if log is None or not len(log.at):
        yield told(name="moved", value=None, n=0, warning="can't say: no times are known", unit="people")
        return
    cell, names = WAYS[periods](log.at)
    before: Grouped | None = None
    for number, name in enumerate(names):
        by = (("period", name),)
        found, warning = _found(graph, log, cell == number, null_models, seed)
        n = int((found.group >= 0).sum()) if found else 0
        yield told(name="communities", value=found.n if found else None, n=n, unit="groups", by=by, warning=warning)
        if found and before and before.n:
            yield from _told(changes(before.group, found.group), before, found, nodes, partial(told, by=by))
        before = found


def _found(graph: Graph, log: Log, inside: NDArray[np.bool_], null_models: int, seed: int) -> tuple[Grouped | None, str]:
    """The groups of one period."""
    known = inside & (log.source >= 0) & (log.target >= 0)
    part = from_pairs(log.source[known], log.target[known], directed=False, n=graph.n)
    ties = Ties(part, weighted=False)
    if few := too_few(len(ties.people), "people with ties in this period"):
        return None, few
    fine = chosen(ties, seed)
    beyond = fine.tells_shorter
    if null_models > 1 and not beyond:
        chance = by_chance(ties, null_models, seed)
        beyond = chance.z >= chance.needed
    if not beyond:
        return Grouped(np.full(graph.n, -1, np.int32), np.zeros(graph.n)), "no groups beyond chance"
    runs = several(ties, fine.resolution, _RUNS, seed)
    return grouped(ties, runs, agreed(ties, runs, fine.resolution, seed)), ""


def _told(change: Change, before: Grouped, after: Grouped, nodes: NDArray[np.int64], told: "partial[Finding]") -> Iterator[Finding]:
    n = int(((before.group >= 0) & (after.group >= 0)).sum())
    few = too_few(n, "people in groups in both periods")
    for name in CHANGES:
        which = getattr(change, name)
        yield told(name=name, value=None if few else len(which), n=n, unit="groups", warning=few)
    rows = () if few else tuple(_row(int(node), nodes, before, after) for node in change.moved)
    yield told(name="moved", value=None if few else len(rows), n=n, unit="people", rows=rows, rows_of="person" if rows else "", warning=few)


def _row(node: int, nodes: NDArray[np.int64], before: Grouped, after: Grouped) -> Row:
    return Row(int(nodes[node]), because=f"from group {before.group[node] + 1} of the period before to group {after.group[node] + 1}")
