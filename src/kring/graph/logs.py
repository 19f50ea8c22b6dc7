"""Makes a `Log` of acts that come in any order, and takes the part of one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Log


def from_acts(
    source: NDArray[np.integer],
    target: NDArray[np.integer],
    at: NDArray[np.int64],
    n_people: int,
    *,
    ids: Sequence[str] | None = None,
    boundary: str = "",
    cut: str = "",
) -> Log:
    """Acts of one kind between people, as a network file with times lists them.

    Takes   ends as node numbers; times in UTC microseconds, `NO_TIME` where not known.
    Gives   the acts that have a time, in its order; of nobody towards himself.
    Costs   O(k log k) time; 40 bytes an act.
    """
    kept = np.flatnonzero((at != NO_TIME) & (source != target))
    order = kept[np.argsort(at[kept], kind="stable")]
    return Log(
        n_people=n_people,
        source=source[order].astype(np.int32),
        target=target[order].astype(np.int32),
        at=at[order],
        kind=np.zeros(len(order), np.uint8),
        kinds=("tie",),
        post=np.full(len(order), -1, np.int32),
        ids=ids,
        boundary=boundary,
        cut=cut,
    )


def among(log: Log, nodes: NDArray[np.integer], *, boundary: str = "", also_with: NDArray[np.integer] | None = None) -> Log:
    """The acts among these people, numbered as before; and those of anybody with the people in `also_with`.

    Costs   O(n + k) time.
    """
    inside = np.zeros(log.n_people + 1, np.bool_)
    inside[nodes] = True
    kept = inside[log.source] & inside[log.target]
    if also_with is not None:
        own = np.zeros(log.n_people + 1, np.bool_)
        own[also_with] = True
        kept |= own[log.source] | own[log.target]
    columns = {name: getattr(log, name)[kept] for name in ("source", "target", "at", "kind", "post")}
    return replace(log, **columns, boundary=boundary or log.boundary)
