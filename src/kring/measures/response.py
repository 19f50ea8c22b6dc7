"""Do we answer? The questions that were put to us, how many we answered and how soon, and who still waits."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Columns
from kring.measures.answering import DAY, HOUR, first_answers, flag, waits, whole
from kring.measures.cells import months, open_cells
from kring.measures.saying import joined, too_few, unsaid, wilson
from kring.schema import Finding

WHO_ARE_WE = "who are we? Nothing here is by us or to us: `kring us add ACCOUNT` says which accounts are ours"
NOTHING_TO_US = (
    "nothing here was written to us: exports of our own accounts hold what we said, not what others asked; "
    "a mail box, a list or a forum holds both"
)
BUCKETS = (("<1 h", HOUR), ("1-4 h", 4 * HOUR), ("4-24 h", DAY), ("1-3 d", 3 * DAY), ("3-7 d", 7 * DAY), (">7 d", np.inf))
"""As shared inboxes bucket first responses: within the hour, the shift, the day, the long weekend, the week."""
_HALF = 0.5 + 1e-12
"""A product of fractions that is a half may come out a little above it."""
_METHOD = (
    "counted: a question is put to us in a reply, mention or message; one of us answers it by a reply to it or to what follows it; "
    "self-replies, bots and automatic replies are no answers"
)
_FIGURES = (
    "questions_to_us",
    "response_rate",
    "answered_by_others",
    "median_response_time",
    "mean_response_time",
    "median_waiting_time",
    "waiting_buckets",
    "waiting",
)


def response(posts: Columns) -> tuple[Finding, ...]:
    """Do we answer? The questions that were put to us, how many we answered and how soon, and who still waits.

    Takes   columns of posts: author, at, clock, parent, question, to_us, by_us, by_bot, automatic.
    Gives   questions_to_us; response_rate, with the interval of a share under a model in which each question is a draw; answered_by_others
            (questions that somebody answered who is not one of us); median_response_time and mean_response_time in seconds, over what we
            answered; median_waiting_time, in which those who still wait count too; waiting_buckets; waiting (its rows are the unanswered
            questions, oldest first); and for each month questions_to_us, response_rate and median_response_time. Rates and times only with
            ten askers or more. Without us nothing but the question who we are; where nothing was written to us, nothing too.
    Costs   O(n log n) time, also where a chat is one long chain of replies.
    After   Kaplan & Meier 1958 for median_waiting_time; Wilson 1927 for the interval.
    """
    if not flag(posts, "by_us").any() and not flag(posts, "to_us").any():
        return unsaid(_FIGURES, WHO_ARE_WE, boundary=posts.boundary, cut=posts.cut, method=_METHOD)
    by_us, machine = flag(posts, "by_us"), flag(posts, "by_bot") | flag(posts, "automatic")
    if not (flag(posts, "to_us") & ~by_us).any():
        return unsaid(_FIGURES, NOTHING_TO_US, boundary=posts.boundary, cut=posts.cut, method=_METHOD)
    question = flag(posts, "question") & flag(posts, "to_us") & ~by_us & ~machine
    asked = np.flatnonzero(question)
    ours = first_answers(posts, question, by_us & ~machine, direct=False)
    others = first_answers(posts, question, ~by_us & ~machine, direct=False)
    took = waits(posts, asked, ours)
    answered = ours[asked] >= 0
    author, at = whole(posts, "author")[asked], whole(posts, "at")[asked]
    told = partial(Finding, n=len(asked), n_of="questions", method=_METHOD, boundary=posts.boundary, cut=posts.cut)
    few = too_few(len(np.unique(author[author >= 0])), "people who asked us something") if len(asked) else "nobody asked us anything"
    by_others = asked[others[asked] >= 0]
    waiting = asked[~answered]
    oldest = waiting[np.argsort(np.where(at[~answered] == NO_TIME, np.iinfo(np.int64).max, at[~answered]), kind="stable")]
    return (
        told(name="questions_to_us", value=len(asked), unit="questions", rows=tuple(asked.tolist()), rows_of="post"),
        _rate(told, answered, few),
        told(name="answered_by_others", value=len(by_others), unit="questions", rows=tuple(by_others.tolist()), rows_of="post"),
        _time(told, "median_response_time", took, answered, few),
        _time(told, "mean_response_time", took, answered, few),
        _kaplan_meier(told, took, _patience(posts, asked), answered, few),
        _buckets(told, took, answered, few),
        told(name="waiting", value=len(waiting), unit="questions", rows=tuple(oldest.tolist()), rows_of="post"),
        *_by_month(told, at, author, answered, took),
    )


def _rate(told: "partial[Finding]", answered: NDArray[np.bool_], few: str) -> Finding:
    told = partial(told, name="response_rate", unit="share of questions")
    if few:
        return told(value=None, warning=few)
    low, high = wilson(int(answered.sum()), len(answered))
    method = f"{_METHOD}; interval: Wilson, as if each question were an independent draw"
    return told(value=float(answered.mean()), low=low, high=high, interval_of="model", method=method, paper="Wilson 1927")


def _time(told: "partial[Finding]", name: str, took: NDArray[np.float64], answered: NDArray[np.bool_], few: str) -> Finding:
    known = took[~np.isnan(took)]
    told = partial(told, name=name, unit="s", n=len(known), n_of="answered questions")
    if few or not len(known):
        return told(value=None, warning=few or "there is no answer whose time can be told")
    left, unclear = int((~answered).sum()), int(answered.sum()) - len(known)
    warning = joined(
        f"{left} questions without an answer are not in it" if left else "",
        f"of {unclear} answers it can't be told how long they took" if unclear else "",
    )
    return told(value=float(np.median(known) if name.startswith("median") else np.mean(known)), warning=warning)


def _patience(posts: Columns, asked: NDArray[np.int64]) -> NDArray[np.float64]:
    """How long each question has been there: until the last post by the same clock."""
    at, clock = whole(posts, "at"), whole(posts, "clock")
    clocks, place = np.unique(clock, return_inverse=True)
    last = np.full(len(clocks), NO_TIME)
    np.maximum.at(last, place, at)
    return np.where(at[asked] == NO_TIME, np.nan, (last[place[asked]] - at[asked]) / 1e6)


def _kaplan_meier(
    told: "partial[Finding]", took: NDArray[np.float64], there: NDArray[np.float64], answered: NDArray[np.bool_], few: str
) -> Finding:
    """The time within which half of all questions are answered, when those who still wait are counted as waiting at least until now."""
    known = np.where(answered, ~np.isnan(took), ~np.isnan(there))
    times, events = np.where(answered, took, there)[known], answered[known]
    told = partial(told, name="median_waiting_time", unit="s", n=len(times), paper="Kaplan & Meier 1958")
    if few or not len(times):
        return told(value=None, warning=few or "there are no questions whose times are known")
    order = np.lexsort((~events, times))
    at_risk = len(times) - np.arange(len(times))
    survival = np.cumprod(1 - events[order] / at_risk)
    if survival[-1] > _HALF:
        return told(value=None, warning="fewer than half of the questions have been answered so far")
    return told(value=float(times[order][np.argmax(survival <= _HALF)]))


def _buckets(told: "partial[Finding]", took: NDArray[np.float64], answered: NDArray[np.bool_], few: str) -> Finding:
    told = partial(told, name="waiting_buckets", unit="questions answered within each time")
    if few:
        return told(value=None, warning=few)
    known = took[~np.isnan(took)]
    place = np.searchsorted([limit for _, limit in BUCKETS], known, side="right")
    counts = np.bincount(place, minlength=len(BUCKETS))
    series = [(name, int(count)) for (name, _), count in zip(BUCKETS, counts)]
    untold = int(answered.sum()) - len(known)
    series += [("can't tell", untold)] if untold else []
    series.append(("no answer yet", int((~answered).sum())))
    return told(value=len(answered), series=tuple(series))


def _by_month(
    told: "partial[Finding]", at: NDArray[np.int64], author: NDArray[np.int64], answered: NDArray[np.bool_], took: NDArray[np.float64]
) -> list[Finding]:
    month, names = months(at)
    spoken = open_cells(month, author, len(names))
    findings = []
    for k, name in enumerate(names):
        inside = month == k
        if not inside.any():
            continue
        few = "" if spoken[k] else "too few to say: fewer than 10 people asked in this month, or it would follow from the other months"
        part = partial(told, n=0 if few else int(inside.sum()), by=(("period", name),))
        asked = None if few else int(inside.sum())
        findings.append(part(name="questions_to_us", value=asked, unit="questions", warning=few))
        findings.append(_rate(part, answered[inside], few))
        findings.append(_time(part, "median_response_time", took[inside], answered[inside], few))
    return findings
