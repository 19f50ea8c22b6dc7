"""Favours that come back by way of others: whether those who were given something go on to give others, and helpers whom nobody thanked."""

from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Columns, Log
from kring.graph.chance import below, key
from kring.measures.answering import flag, whole
from kring.measures.cells import DAY_US
from kring.measures.saying import joined, t_quantile, too_few
from kring.schema import Finding, Row

_WINDOWS = 50
"""Unless said, a window is at most this part of the whole time."""
_TRIES = 16
_OTHERS = 4
"""How many others each receiver is compared with, at that moment."""
_METHOD = (
    "favours that answer nothing the receiver gave; did the receiver give somebody who had given them nothing within {} after, more often than "
    "within {} before; less the same difference for {} others of like activity who were there at that moment; mean over people, t interval"
)
_MORE_BEFORE = "they gave more before than after: who gives draws favours, and behind that passing on can't be seen"
Ints = NDArray[np.int64]


def generalised_reciprocity(log: Log | None, posts: Columns | None, *, within_days: float, seed: int) -> Finding:
    """Whether somebody who is given something gives others more soon after.

    Takes   acts in time; where posts are given and some of them answer questions, only such answers are favours.
    Gives   the difference in the share of favours that are followed by one to somebody else, as a mean over those who received.
    Costs   O(k log k) time for k acts.
    After   Nowak & Roch 2007, Upstream reciprocity and the evolution of gratitude. Who is active both gives and receives: before and after
            are the same person, and the others of like activity take away what the time did to all.
    """
    told = partial(Finding, name="generalised_reciprocity", unit="share of favours, difference", seed=seed, paper="Nowak & Roch 2007")
    if log is None or not len(log.at):
        return told(value=None, method=_METHOD.format("a while", "as long", _OTHERS), warning="can't say: the ties have no times")
    told = partial(told, boundary=log.boundary, cut=log.cut)
    source, target, at, what = _favours(log, posts)
    span = int(at[-1] - at[0]) if len(at) else 0
    window = int(within_days * DAY_US) if within_days > 0 else min(DAY_US, span // _WINDOWS)
    long = _spoken(window)
    told = partial(told, method=joined(_METHOD.format(long, long, _OTHERS), what))
    if window < 1 or not len(at):
        return told(value=None, warning="too few to say: nothing was given over any length of time")
    people, own, other = _before_and_after(log.n_people, source, target, at, window, seed)
    few = too_few(len(people), "people of whom it can be told what they did before and after")
    if few:
        return told(value=None, warning=few, n=len(people))
    each = own[:, 1] - own[:, 0] - other[:, 1] + other[:, 0]
    if not each.any():
        return told(value=None, warning="too few to say: hardly anybody gave anything at such moments", n=len(people))
    value, half = float(each.mean()), t_quantile(len(each) - 1) * float(each.std(ddof=1)) / len(each) ** 0.5
    shares = (*own.mean(axis=0), *other.mean(axis=0))
    by_chance = value - half <= 0 <= value + half
    return told(
        value=value,
        low=value - half,
        high=value + half,
        interval_of="sampling of people",
        n=len(people),
        method=joined(told.keywords["method"], "receivers {:.1%} before, {:.1%} after; others {:.1%} and {:.1%}".format(*shares)),
        warning=_MORE_BEFORE if value + half < 0 else "no more and no less than without: the interval holds 0" if by_chance else "",
    )


def _spoken(window: int) -> str:
    seconds = window / 1e6
    if seconds == 86_400:
        return "a day"
    return f"{seconds / 86_400:.3g} days" if seconds >= 86_400 else f"{seconds / 3600:.3g} hours" if seconds >= 3600 else f"{seconds:.3g} s"


def _favours(log: Log, posts: Columns | None) -> tuple[Ints, Ints, Ints, str]:
    """Giver, receiver and time of each favour that answers nothing which the receiver gave the giver before; and what a favour was."""
    known = (log.source >= 0) & (log.target >= 0) & (log.source != log.target)
    what = "a favour is any act towards somebody"
    if posts is not None:
        parent = whole(posts, "parent")
        answers = (
            flag(posts, "answer") & (parent >= 0) & flag(posts, "question")[parent] & ~flag(posts, "by_bot") & ~flag(posts, "automatic")
        )
        helping = (log.post >= 0) & np.append(answers, False)[log.post]
        if (known & helping).any():
            known, what = known & helping, "a favour is an answer to a question"
    source, target, at = log.source[known].astype(np.int64), log.target[known].astype(np.int64), log.at[known]
    forth, back = source * log.n_people + target, target * log.n_people + source
    pairs, first = np.unique(forth, return_index=True)
    place = np.minimum(np.searchsorted(pairs, back), max(len(pairs) - 1, 0))
    prompted = (pairs[place] == back) & (first[place] < np.arange(len(forth))) if len(pairs) else np.zeros(0, np.bool_)
    return source[~prompted], target[~prompted], at[~prompted], what


def _before_and_after(
    n: int, source: Ints, target: Ints, at: Ints, window: int, seed: int
) -> tuple[Ints, NDArray[np.float64], NDArray[np.float64]]:
    """The people who were given something while they had been and stayed there, and of each the share of these favours before and after
    which they gave somebody, and before and after which others did."""
    order = np.argsort(source, kind="stable")
    gave_at = at[order]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=n))))
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, NO_TIME)
    for who in (source, target):
        np.minimum.at(first, who, at)
        np.maximum.at(last, who, at)
    # Alike in activity: who gave as often, by doubling; in order of when they came.
    stratum = np.floor(np.log2(np.diff(offsets) + 1)).astype(np.int64)
    alike = np.lexsort((first, stratum))
    begins = np.searchsorted(stratum[alike], np.arange(int(stratum.max(initial=0)) + 2))
    sums = _compared(target, at, gave_at, offsets, first, last, stratum, alike, first[alike], begins, window, seed)
    people = np.flatnonzero(sums[:, 0] > 0)
    shares = sums[people, 1:] / sums[people, :1]
    return people, shares[:, :2], shares[:, 2:]


@njit(cache=True, nogil=True)
def _gave(gave_at: NDArray[np.int64], low: int, high: int, begin: int, end: int) -> bool:
    """Whether somebody whose acts are at low … high gave anything from `begin` to `end`, both included."""
    at = low + np.searchsorted(gave_at[low:high], begin)
    return bool(at < high and gave_at[at] <= end)


@njit(cache=True, nogil=True)
def _compared(
    target: NDArray[np.int64],
    at: NDArray[np.int64],
    gave_at: NDArray[np.int64],
    offsets: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    stratum: NDArray[np.int64],
    alike: NDArray[np.int64],
    came_at: NDArray[np.int64],
    begins: NDArray[np.int64],
    window: int,
    seed: int,
) -> NDArray[np.float64]:
    """For each person: favours that count, then sums of: gave before, gave after, others before, others after."""
    sums = np.zeros((len(first), 5))
    for k in range(len(target)):
        person, now = target[k], at[k]
        if first[person] > now - window or last[person] < now + window:
            continue
        low, high = begins[stratum[person]], begins[stratum[person] + 1]
        been = now - first[person]
        came = came_at[low:high]
        low, high = low + np.searchsorted(came, now - 2 * been), low + np.searchsorted(came, now - been // 2, side="right")
        stream = key(seed, k)
        before, after, n = 0.0, 0.0, 0
        for attempt in range(_TRIES):
            other = alike[low + below(key(stream, attempt), high - low)]
            if other == person or first[other] > now - window or last[other] < now + window:
                continue
            before += _gave(gave_at, offsets[other], offsets[other + 1], now - window, now - 1)
            after += _gave(gave_at, offsets[other], offsets[other + 1], now + 1, now + window)
            n += 1
            if n == _OTHERS:
                break
        if n == 0:
            continue
        sums[person, 0] += 1
        sums[person, 1] += _gave(gave_at, offsets[person], offsets[person + 1], now - window, now - 1)
        sums[person, 2] += _gave(gave_at, offsets[person], offsets[person + 1], now + 1, now + window)
        sums[person, 3] += before / n
        sums[person, 4] += after / n
    return sums


def unthanked_helpers(posts: Columns | None) -> Finding:
    """Who answered others' questions, and was neither thanked nor had an answer accepted: those who helped us first, then who helped most.

    Takes   columns of posts: author, parent, question, answer, accepted, by_us, by_bot, automatic, and `thanked` where somebody recognised thanks.
    """
    told = partial(
        Finding,
        name="unthanked_helpers",
        unit="people",
        n_of="helpers",
        rows_of="person",
        method="counted: people who answered a question of somebody else, and of none of whose answers it is known that it was thanked for or accepted",
    )
    if posts is None:
        return told(value=None, warning="can't say: there are no posts, only ties")
    told = partial(told, boundary=posts.boundary, cut=posts.cut)
    author, parent = whole(posts, "author"), whole(posts, "parent")
    machine = flag(posts, "by_bot") | flag(posts, "automatic")
    helps = flag(posts, "answer") & ~machine & (parent >= 0) & (author >= 0) & ~flag(posts, "by_us")
    helps &= flag(posts, "question")[parent] & (author[parent] >= 0) & (author[parent] != author)
    thanked = flag(posts, "accepted") | (flag(posts, "thanked") if "thanked" in posts.arrays else False)
    rows = np.flatnonzero(helps)
    helpers, place, times = np.unique(author[rows], return_inverse=True, return_counts=True)
    if not len(helpers):
        return told(value=None, warning="nobody answered anybody's question")
    if not (thanked & helps).any():
        return told(value=None, n=len(helpers), warning="can't say: no thanks and no accepted answers are known here")
    thanks = np.bincount(place, thanked[rows])
    for_us = np.bincount(place, flag(posts, "by_us")[parent[rows]]).astype(np.int64)
    asked = np.unique(np.stack((place, author[parent[rows]])), axis=1)
    whom = np.bincount(asked[0])
    left = np.flatnonzero(thanks == 0)
    left = left[np.lexsort((helpers[left], -times[left], -whom[left], -for_us[left]))]
    return told(
        value=len(left),
        n=len(helpers),
        rows=tuple(
            Row(int(helpers[k]), value=int(times[k]), n=int(whom[k]), because=_because(int(times[k]), int(whom[k]), int(for_us[k])))
            for k in left
        ),
    )


def _because(times: int, whom: int, for_us: int) -> str:
    ours = f", {for_us} of them ours" if for_us else ""
    return f"answered {times} question{'s' * (times > 1)} of {whom} {'person' if whom == 1 else 'people'}{ours}; no thanks were seen"
