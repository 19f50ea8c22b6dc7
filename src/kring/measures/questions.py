"""How many questions are asked here, and how many are answered, by whom and how soon."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Columns
from kring.measures.answering import first_answers, flag, waits, whole
from kring.measures.saying import too_few, wilson
from kring.schema import Finding

_METHOD = (
    "counted among all people: an answer replies to the question itself and is marked as one where the network does so; "
    "no bots, no automatic replies; “by others”: not by the asker"
)


def questions(posts: Columns) -> tuple[Finding, ...]:
    """How many questions are asked here, and how many are answered, by whom and how soon.

    Takes   columns of posts: author, at, clock, parent, question, answer, accepted, by_bot, automatic.
    Gives   questions, answers, answered (also by the asker), answered_by_others, accepted; share_answered_by_others with the interval of a
            share under a model in which each question is a draw; median_time_to_answer in seconds, over those that others answered. Rows
            behind `questions` and `answered_by_others` are posts. Shares and times only with ten askers or more.
    Costs   O(n log n) time.
    """
    author = whole(posts, "author")
    real = ~flag(posts, "by_bot") & ~flag(posts, "automatic")
    asked = flag(posts, "question") & real
    parent = whole(posts, "parent")
    answer = flag(posts, "answer") & real & (parent >= 0)
    answer[answer] = asked[parent[answer]]
    rows = np.flatnonzero(asked)
    answered = np.zeros(posts.n, np.bool_)
    answered[parent[answer]] = True
    accepted = np.zeros(posts.n, np.bool_)
    accepted[parent[answer & flag(posts, "accepted")]] = True
    others = first_answers(posts, asked, answer, direct=True)
    by_others = rows[others[rows] >= 0]
    took = waits(posts, by_others, others)
    askers = len(np.unique(author[asked & (author >= 0)]))
    told = partial(Finding, n=len(rows), n_of="questions", method=_METHOD, boundary=posts.boundary, cut=posts.cut)
    count = partial(told, unit="questions")
    few = too_few(askers, "people who asked")
    return (
        count(name="questions", value=len(rows), rows=tuple(rows.tolist()), rows_of="post"),
        told(name="answers", value=int(answer.sum()), unit="answers"),
        count(name="answered", value=int(answered.sum())),
        count(name="answered_by_others", value=len(by_others), rows=tuple(by_others.tolist()), rows_of="post"),
        count(name="accepted", value=int(accepted.sum())),
        _share(told, len(by_others), len(rows), few),
        _median(told, took[~np.isnan(took)], few),
    )


def _share(told: "partial[Finding]", k: int, n: int, few: str) -> Finding:
    told = partial(told, name="share_answered_by_others", unit="share of questions")
    if few or not n:
        return told(value=None, warning=few or "nobody asked anything")
    low, high = wilson(k, n)
    method = f"{_METHOD}; interval: Wilson, as if each question were an independent draw"
    return told(value=k / n, low=low, high=high, interval_of="model", method=method, paper="Wilson 1927")


def _median(told: "partial[Finding]", took: NDArray[np.float64], few: str) -> Finding:
    told = partial(told, name="median_time_to_answer", unit="s", n=len(took), n_of="answered questions")
    if few or not len(took):
        return told(value=None, warning=few or "no answer whose time can be told")
    return told(value=float(np.median(took)))
