"""Which post answers which question, and how long that took: what `questions` and `response` have in common."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Columns

HOUR = 3600.0
DAY = 24 * HOUR


def whole(posts: Columns, name: str) -> NDArray[np.int64]:
    """A column of whole numbers."""
    return posts[name].astype(np.int64)


def flag(posts: Columns, name: str) -> NDArray[np.bool_]:
    """A column of yes and no."""
    return posts[name].astype(np.bool_)


def in_order(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows from early to late; those without a time come last."""
    return np.argsort(np.where(at == NO_TIME, np.iinfo(np.int64).max, at), kind="stable")


def first_answers(posts: Columns, question: NDArray[np.bool_], answer: NDArray[np.bool_], *, direct: bool) -> NDArray[np.int64]:
    """For each post the row of the first answer to it, -1 where it is no question or has none.

    Takes   which posts are questions, which may be answers. `direct`: an answer replies to the question itself; otherwise to it or to
            anything below it. The asker never answers himself, and a writer who isn't known answers nobody.
    Costs   O(n log n), also where a chat is one long chain of replies.
    """
    author = whole(posts, "author")
    answers: NDArray[np.int64] = _first(
        in_order(whole(posts, "at")), whole(posts, "parent"), author, question, answer & (author >= 0), 1 if direct else posts.n + 1
    )
    return answers


def waits(posts: Columns, asked: NDArray[np.int64], answers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Seconds from each question in `asked` to its answer; NaN where there is none or it can't be told (no time, or clocks that differ)."""
    at, clock = whole(posts, "at"), whole(posts, "clock")
    there = answers[asked]
    comparable = (there >= 0) & (at[asked] != NO_TIME) & (at[there] != NO_TIME) & (clock[asked] == clock[there]) & (at[there] >= at[asked])
    return np.where(comparable, (at[there] - at[asked]) / 1e6, np.nan)


@njit(cache=True)
def _first(
    order: NDArray[np.int64],
    parent: NDArray[np.int64],
    author: NDArray[np.int64],
    question: NDArray[np.bool_],
    may_answer: NDArray[np.bool_],
    furthest: int,
) -> NDArray[np.int64]:
    """Walks up from each possible answer, early ones first. Where two different people have passed, all above has been answered by somebody
    who didn't ask it, so nobody need pass there again: each post is passed twice at most, and a ring of replies ends too."""
    n = len(parent)
    answers = np.full(n, -1, np.int64)
    passed = np.full(n, -1, np.int64)
    crowded = np.zeros(n, np.bool_)
    for row in order:
        if not may_answer[row]:
            continue
        node, steps = parent[row], 0
        while node >= 0 and steps < furthest:
            if furthest > 1:
                if crowded[node] or passed[node] == author[row]:
                    break
                if passed[node] < 0:
                    passed[node] = author[row]
                else:
                    crowded[node] = True
            if question[node] and answers[node] < 0 and author[node] != author[row]:
                answers[node] = row
            node = parent[node]
            steps += 1
    return answers
