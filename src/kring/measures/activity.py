"""Who speaks, how much and when."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Columns
from kring.measures.answering import flag, whole
from kring.measures.cells import distinct, finest, months, parts_of_week, quarters, weeks, years
from kring.measures.saying import too_few
from kring.schema import FEWEST_PEOPLE, Finding

_METHOD = "counted; posts by bots and automatic replies left out"


def activity(posts: Columns) -> tuple[Finding, ...]:
    """Who speaks, how much and when.

    Takes   columns of posts: author, at, by_bot, automatic, local_minute_of_week.
    Gives   posts, active_people; median_posts_per_person, top_tenth_share (posts by the most active tenth), gini (0: all speak as much,
            near 1: one speaks); posts_by_period and people_by_period, by the shortest of week, month, quarter and year in which most
            periods have ten people; weekly_rhythm, by hour, four hours or day in the same way. An empty place in a series stands for fewer
            than ten people.
    Costs   O(n log n) time.
    After   Gini 1912 for the index.
    """
    real = ~flag(posts, "by_bot") & ~flag(posts, "automatic")
    author, at = whole(posts, "author")[real], whole(posts, "at")[real]
    minute = whole(posts, "local_minute_of_week")[real]
    each = np.sort(np.unique(author[author >= 0], return_counts=True)[1])
    told = partial(Finding, n=len(each), method=_METHOD, boundary=posts.boundary, cut=posts.cut)
    few = too_few(len(each), "people who spoke")
    cell, names, spoken = finest([partial(way, at) for way in (weeks, months, quarters, years)], author)
    part, part_names, part_spoken = finest([partial(parts_of_week, minute, hours) for hours in (1, 4, 24)], author)
    return (
        told(name="posts", value=len(author), unit="posts"),
        told(name="active_people", value=len(each), unit="people"),
        *_shape(told, each, few),
        _series(told, "posts_by_period", "posts", names, _counts(cell, len(names)), spoken, few),
        _series(told, "people_by_period", "people", names, _people(cell, author, len(names)), spoken, few),
        _series(told, "weekly_rhythm", "posts by local time", part_names, _counts(part, len(part_names)), part_spoken, few),
    )


def _shape(told: "partial[Finding]", each: NDArray[np.int64], few: str) -> tuple[Finding, ...]:
    """How posts are spread over people; `each` is sorted."""
    n, total = len(each), int(each.sum())
    if few:
        values: tuple[float | None, ...] = (None, None, None)
    else:
        tenth = int(each[n - (n + 9) // 10 :].sum())
        gini = float(2 * (np.arange(1, n + 1) * each).sum() / (n * total) - (n + 1) / n)
        values = (float(np.median(each)), tenth / total, gini)
    units = (("median_posts_per_person", "posts"), ("top_tenth_share", "share of posts"), ("gini", "index"))
    return tuple(told(name=name, value=value, unit=unit, warning=few) for (name, unit), value in zip(units, values))


def _counts(cell: NDArray[np.int64], n_cells: int) -> NDArray[np.int64]:
    return np.bincount(cell[cell >= 0], minlength=n_cells)


def _people(cell: NDArray[np.int64], author: NDArray[np.int64], n_cells: int) -> NDArray[np.int64]:
    return _counts(distinct(cell, author)[:, 0], n_cells)


def _series(
    told: "partial[Finding]", name: str, unit: str, names: list[str], counts: NDArray[np.int64], spoken: NDArray[np.bool_], few: str
) -> Finding:
    """A count for each cell; the value is how many cells there are. Empty cells are 0, and cells with too few people None."""
    if few or not counts.sum():
        return told(name=name, value=None, unit=unit, warning=few or "no times are known")
    series = tuple((label, int(count) if open or not count else None) for label, count, open in zip(names, counts, spoken))
    hidden = sum(count is None for _, count in series)
    warning = (
        f"{hidden} parts are not told: fewer than {FEWEST_PEOPLE} people spoke in them, or they would follow from the rest"
        if hidden
        else ""
    )
    return told(name=name, value=len(series), unit=unit, series=series, warning=warning)
