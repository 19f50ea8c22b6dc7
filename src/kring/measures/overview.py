"""How is the whole circle, what changed, and what happened on the days that stand out?"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Columns, Graph, Log
from kring.graph.build import like, undirected
from kring.graph.components import largest_component
from kring.graph.cores import core_numbers
from kring.graph.observe import Part, observed_part
from kring.graph.triangles import transitivity
from kring.measures.activity import activity
from kring.measures.answering import flag, whole
from kring.measures.cells import DAY_US, distinct
from kring.measures.changes import ratio
from kring.measures.degree import degree
from kring.measures.questions import questions
from kring.measures.reciprocity import returned_share
from kring.measures.saying import joined, too_few, unsaid
from kring.measures.spikes import CHANCE, Unusual, steps, unusual
from kring.schema import FEWEST_PEOPLE, Finding, Row

DAYS = 28
_WEEKLY_BELOW = 3.0
"""With fewer acts a day, weeks are looked at instead."""
_WORTH_SAYING = 0.25
"""So large a part of what came on top of the usual explains it."""
_NETWORK = ("largest_component_share", "k_core", "core_share", "transitivity")
_OF_POSTS = ("posts", "active_people", "gini", "posts_by_period")
_CHANGES = ("acts_change", "active_people_change", "ties_change")
_CAME_AND_WENT = ("new_people", "gone_people")
_SPIKES = ("acts_by_day", "spikes")
_NO_TIMES = "can't say: it needs posts or ties with times"
_ALWAYS = 0.9
"""A place that has so large a part of everything on other days too explains nothing."""
Told = partial[Finding]


def overview(graph: Graph, log: Log | None = None, posts: Columns | None = None, *, days: int = DAYS) -> tuple[Finding, ...]:
    """How is the whole circle, what changed lately, and what happened on the days that stand out?

    Takes   a graph; optionally a log and columns of posts (as `activity` and `questions`; also place and tag, where there are any), whose
            people are nodes of the graph.
            `days`: how long the last period is, and the one before it with which it is compared; half of what there is, in whole weeks, if
            there is less.
    Gives   people, n_ties, mean_degree, reciprocity, largest_component_share, k_core (the greatest k for which some have k ties among
            themselves) and core_share, transitivity (share of triples that are closed); of posts: posts, active_people, gini, posts_by_period,
            share_answered_by_others. Of the last period beside the one before: acts_change (posts; without them, acts of the log),
            active_people_change, ties_change (distinct ties acted on), new_people (who never acted before) and gone_people (who acted in the
            period before, and no more). acts_by_day (or by week, where little happens), and spikes: how many days are out of the ordinary;
            each of them a finding spike, with its usual, and spike_from: the thread, hashtag, place or people that it came from, as a share of
            what came on top of the usual.
    Costs   O(m * sqrt(m)) time for the triangles, O(m) for the rest; n log n for posts. Some 40 bytes an arc.
    Fails   never; where others' ties were not seen, or nothing has a time, the value is None with a warning.
    After   Batagelj & Zaveršnik 2003 (k_core); Newman, Watts & Strogatz 2002 (transitivity); Cochran 1977 (interval of a change, over people);
            Farrington et al. 1996, Noufaily et al. 2013 (days out of the ordinary).
    """
    part = observed_part(graph)
    acts = _acts(log, posts)
    told = partial(Finding, boundary=part.boundary, cut=graph.cut)
    return (
        *_network(graph, part, told),
        *_of_posts(posts, told),
        *_changes(graph, log, acts, days, told, hide=graph.observed is not None),
        *_days(acts, told, hide=graph.observed is not None),
    )


# ---- the network as it is ------------------------------------------------------------------------------------------------------------------


def _network(graph: Graph, part: Part, told: Told) -> tuple[Finding, ...]:
    counted = partial(told, n=graph.n, method="counted", warning=part.warning)
    bare = like(graph, weights=None)
    both = undirected(bare)
    mean = next(each for each in degree(bare) if each.name == "mean_degree")
    return (
        counted(name="people", value=graph.n, unit="people"),
        counted(name="n_ties", value=both.n_ties, unit="ties", method="counted: pairs of people with a tie in either direction"),
        mean,
        returned_share(graph, observed_part(graph, at_least_half=False)),
        *_structure(both if part.graph is graph else None if part.graph is None else undirected(part.graph), part, told),
    )


def _structure(seen: Graph | None, part: Part, told: Told) -> tuple[Finding, ...]:
    """How it hangs together."""
    if seen is None or not seen.n_arcs:
        return unsaid(_NETWORK, part.warning or "there are no ties", boundary=part.boundary, cut=told.keywords["cut"])
    cores = core_numbers(seen)
    deepest = int(cores.max())
    inside = int((cores == deepest).sum())
    told = partial(told, n=seen.n, warning=part.warning)
    closed = transitivity(seen)
    few = too_few(inside, "people in the core") if seen.observed is not None else ""
    return (
        told(
            name="largest_component_share",
            value=float(largest_component(seen).mean()),
            unit="share of people",
            method="counted: the most people who are joined by ties, whatever their direction",
        ),
        told(
            name="k_core",
            value=deepest,
            unit="ties",
            method="counted: the greatest k for which there are people with k ties among themselves",
        ),
        told(
            name="core_share",
            value=None if few else inside / seen.n,
            unit="share of people",
            warning=joined(part.warning, few),
            method="counted: people in the core",
        ),
        told(
            name="transitivity",
            value=None if np.isnan(closed) else closed,
            unit="share of pairs of contacts",
            method="counted: of all pairs of ties with a common end, those that are closed to a triangle",
            warning=joined(part.warning, "nobody has two contacts" if np.isnan(closed) else ""),
            paper="Newman, Watts & Strogatz 2002",
        ),
    )


def _of_posts(posts: Columns | None, told: Told) -> tuple[Finding, ...]:
    """The same figures that `activity` and `questions` give."""
    names = (*_OF_POSTS, "share_answered_by_others")
    if posts is None:
        return unsaid(names, "can't say: it needs posts", boundary=told.keywords["boundary"], cut=told.keywords["cut"])
    found = {each.name: each for each in (*questions(posts), *activity(posts))}
    return tuple(found[name] for name in names)


# ---- what people did, in time ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Acts:
    """What people did at a known time, early ones first."""

    what: str
    who: NDArray[np.int64]
    at: NDArray[np.int64]
    row: NDArray[np.int64]
    """Row of the post; of the log without posts: nothing."""
    groups: dict[str, NDArray[np.generic]]
    """What each belongs to, by kind: thread (-1: none), tag and place (None: none)."""

    @property
    def day(self) -> NDArray[np.int64]:
        """Day (UTC) since 1970."""
        return self.at // DAY_US


def _acts(log: Log | None, posts: Columns | None) -> _Acts | None:
    if posts is not None:
        author, at = whole(posts, "author"), whole(posts, "at")
        real = np.flatnonzero((author >= 0) & (at != NO_TIME) & ~flag(posts, "by_bot") & ~flag(posts, "automatic"))
        row = real[np.argsort(at[real], kind="stable")]
        groups = {name: posts[name][row] for name in ("thread", "tag", "place") if name in posts.arrays}
        found = _Acts("posts", author[row], at[row], row, groups)
    elif log is not None:
        row = np.flatnonzero(log.source >= 0)
        found = _Acts("acts", log.source[row].astype(np.int64), log.at[row], row, {})
    else:
        return None
    return found if len(found.at) else None


def _changes(graph: Graph, log: Log | None, acts: _Acts | None, days: int, told: Told, *, hide: bool) -> tuple[Finding, ...]:
    """The last period beside the one before."""
    names = (*_CHANGES, *_CAME_AND_WENT)
    quiet = partial(unsaid, names, boundary=told.keywords["boundary"], cut=told.keywords["cut"])
    if acts is None:
        return quiet(_NO_TIMES)
    end = int(acts.day[-1]) + 1
    length = min(max(days, 1), (end - int(acts.day[0])) // 2)
    length = length if length < 7 or length == days else length // 7 * 7
    if not length:
        return quiet("too soon to say: all that is known happened on one day")
    begin = end - length
    period = f"{_date(begin)} to {_date(end - 1)}, beside the {length} days before"
    before, after = (acts.day >= begin - length) & (acts.day < begin), acts.day >= begin
    told = partial(told, boundary=joined(told.keywords["boundary"], period))
    each = [np.bincount(acts.who[which], minlength=graph.n).astype(np.float64) for which in (before, after)]
    people = [(counts > 0).astype(np.float64) for counts in each]
    known = np.zeros(graph.n, np.bool_)
    known[acts.who[acts.day < begin]] = True
    both = int(((people[0] > 0) | (people[1] > 0)).sum())
    few = too_few(both, "people who did something in these periods") if hide else ""
    ties = None if log is None else _ties_of(log, graph.n, begin, length)
    came, went = (people[1] > 0) & ~known, (people[0] > 0) & (people[1] == 0)
    return (
        _change(partial(told, name="acts_change"), acts.what, each[0], each[1], few),
        _change(partial(told, name="active_people_change"), "people who did something", people[0], people[1], few),
        _change(partial(told, name="ties_change"), "ties acted on", ties[0], ties[1], few)
        if ties
        else told(name="ties_change", value=None, warning="can't say: it needs ties with times", method="not measured"),
        _people(partial(told, name="new_people", method="counted: who did something in this period, and never before"), came, hide),
        _people(
            partial(told, name="gone_people", method="counted: who did something in the period before, and nothing in this"), went, hide
        ),
    )


def _ties_of(log: Log, n: int, begin: int, length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many distinct people each turned to, in the period before and in this."""
    day = log.at // DAY_US
    found = []
    for first in (begin - length, begin):
        which = (day >= first) & (day < first + length) & (log.source >= 0) & (log.target >= 0)
        pairs = distinct(log.source[which].astype(np.int64), log.target[which].astype(np.int64))
        found.append(np.bincount(pairs[:, 0], minlength=n).astype(np.float64))
    return found[0], found[1]


def _change(told: Told, what: str, before: NDArray[np.float64], after: NDArray[np.float64], few: str) -> Finding:
    """By how much it changed, as a share of what there was."""
    first, second = int(before.sum()), int(after.sum())
    told = partial(told, n=int(((before > 0) | (after > 0)).sum()), unit=f"share of {what} before")
    method = f"counted: from {first} to {second} {what}; interval: each person one draw; {len(_CHANGES)} changes are looked at"
    if few or not first or not second:
        why = few or (f"nothing to compare with: there were no {what} in one of the two periods")
        return told(value=None, warning=why, method="counted" if few else method)
    value, low, high = ratio(before, after)
    if high == np.inf:
        return told(value=value - 1, method=method, warning="one person alone did all of it")
    return told(value=value - 1, low=low - 1, high=high - 1, interval_of="sampling of people", method=method)


def _people(told: Told, which: NDArray[np.bool_], hide: bool) -> Finding:
    """So many people, if they are enough to speak of."""
    n = int(which.sum())
    few = f"too few to say: fewer than {FEWEST_PEOPLE} people" if hide and n < FEWEST_PEOPLE else ""
    return told(value=None if few else n, n=0 if few else n, unit="people", warning=few)


# ---- days out of the ordinary -------------------------------------------------------------------------------------------------------------


def _days(acts: _Acts | None, told: Told, *, hide: bool) -> tuple[Finding, ...]:
    if acts is None:
        return unsaid(_SPIKES, _NO_TIMES, boundary=told.keywords["boundary"], cut=told.keywords["cut"])
    length = 1 if len(acts.at) >= _WEEKLY_BELOW * (int(acts.day[-1]) - int(acts.day[0]) + 1) else 7
    number = (acts.day + 3) // length if length == 7 else acts.day  # weeks begin on Monday
    first = int(number[0])
    cell = number - first
    n = int(cell[-1]) + 1
    counts = np.bincount(cell, minlength=n)
    people = np.bincount(distinct(cell, acts.who)[:, 0], minlength=n)
    open_to_tell = np.ones(n, np.bool_) if not hide else people >= FEWEST_PEOPLE
    names = [_date((first + k) * length - (3 if length == 7 else 0)) for k in range(n)]
    found = unusual(counts, 7 if length == 1 else 1)
    told = partial(told, n=found.looked, n_of="days" if length == 1 else "weeks", paper="Farrington et al. 1996")
    shown = tuple((name, int(y) if open or not y else None) for name, y, open in zip(names, counts, open_to_tell))
    spikes = [int(k) for k in found.found if open_to_tell[k]]
    like = "the same weekday" if length == 1 else "the weeks"
    rule = f"counted: more than {like} around it would give by chance; {found.looked} looks, all of them together right in {1 - CHANCE:.0%}"
    hidden = sum(y is None for _, y in shown)
    untold = f"{hidden} are not told: fewer than {FEWEST_PEOPLE} people did something then" if hidden else ""
    unit = f"{acts.what} a {'day' if length == 1 else 'week'}"
    short = "" if found.looked else "too soon to say: there are too few days or weeks to know what is usual"
    return (
        told(name="acts_by_day", value=n, unit=unit, series=shown, method="counted", warning=untold),
        told(
            name="spikes",
            value=None if short else len(spikes),
            unit="days" if length == 1 else "weeks",
            method=rule,
            warning=joined(short, untold),
        ),
        *(finding for k in spikes for finding in _spike(acts, cell, k, found, names[k], partial(told, method=rule), unit, hide)),
    )


def _spike(acts: _Acts, cell: NDArray[np.int64], k: int, found: Unusual, name: str, told: Told, unit: str, hide: bool) -> list[Finding]:
    """One of them, and what it came from."""
    there = cell == k
    ways = steps(7 if unit.endswith("day") else 1)
    usual_days = k + ways[found.around[k]]
    around = np.isin(cell, usual_days)
    count, usual = int(there.sum()), float(found.usual[k])
    by = ("day" if unit.endswith("day") else "week", name)
    method = f"{told.keywords['method']}; usual: {usual:.1f}; by chance in {found.p[k]:.2g} of records, all looks counted"
    return [
        told(name="spike", value=count, unit=unit, by=(by,), method=method),
        *_from(
            acts,
            there,
            around,
            len(usual_days),
            count - usual,
            partial(told, name="spike_from", unit="share of what came on top", by=(by,)),
            hide,
        ),
    ]


def _from(
    acts: _Acts, there: NDArray[np.bool_], around: NDArray[np.bool_], n_usual: int, extra: float, told: Told, hide: bool
) -> list[Finding]:
    """Which thread, hashtag, place or people brought a good part of what came on top of the usual."""
    found = []
    for kind, group in acts.groups.items():
        mine, usually = (_counted(group[which]) for which in (there, around))
        if not mine:
            continue
        best, share = max(
            ((key, (number - usually.get(key, 0) / n_usual) / extra) for key, number in mine.items()),
            key=lambda each: (each[1], str(each[0])),
        )
        if usually.get(best, 0) > _ALWAYS * sum(usually.values()):
            continue
        which = there & (group == best)
        n = len(np.unique(acts.who[which]))
        if share < _WORTH_SAYING or (hide and n < FEWEST_PEOPLE):
            continue
        because = f"{int(which.sum())} {acts.what} by {n} people"
        row = Row(int(acts.row[np.argmax(group == best)]), value=int(which.sum()), n=n, because=because)
        named = "" if kind == "thread" else f"#{best}" if kind == "tag" else str(best)
        found.append(
            told(
                value=min(1.0, share),
                n=n,
                n_of="people",
                by=(*told.keywords["by"], (kind, named or "one")),
                rows=(row,) if kind == "thread" else (),
                rows_of="post" if kind == "thread" else "",
                method=f"counted: {because}; less what is usual there",
            )
        )
    return found + _from_people(acts, there, around, n_usual, extra, told, hide)


def _from_people(
    acts: _Acts, there: NDArray[np.bool_], around: NDArray[np.bool_], n_usual: int, extra: float, told: Told, hide: bool
) -> list[Finding]:
    """Whether newcomers brought it, or (in a network that is public) one person, who isn't named."""
    begin = int(acts.at[there].min())
    known = np.unique(acts.who[acts.at < begin // DAY_US * DAY_US])
    new = there & ~np.isin(acts.who, known)
    people, times = np.unique(acts.who[there], return_counts=True)
    busiest = people[np.argmax(times)]
    one = (int(times.max()) - int((around & (acts.who == busiest)).sum()) / n_usual) / extra
    n_new = len(np.unique(acts.who[new]))
    found = []
    if int(new.sum()) / extra >= _WORTH_SAYING and (n_new >= FEWEST_PEOPLE or not hide):
        found.append(("newcomers", int(new.sum()) / extra, n_new))
    if one >= _WORTH_SAYING and not hide:
        found.append(("one person", one, len(people)))
    return [
        told(
            value=min(1.0, share),
            n=n,
            n_of="people",
            by=(*told.keywords["by"], ("people", who)),
            method="counted: less what is usual for them",
        )
        for who, share, n in found
    ]


def _counted(group: NDArray[np.generic]) -> dict[object, int]:
    """How often each occurs; -1 and None are none."""
    real = group[group != None] if group.dtype == np.object_ else group[group.astype(np.int64) >= 0]  # noqa: E711
    keys, counts = np.unique(real.astype(str) if group.dtype == np.object_ else real, return_counts=True)
    return dict(zip(keys.tolist(), counts.tolist()))


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))
