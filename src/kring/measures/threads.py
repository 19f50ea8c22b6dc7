"""What is talked through: how many conversations there are, how long they are, and which are longest."""

from functools import partial

import numpy as np

from kring.graph.arrays import Columns
from kring.measures.answering import flag, in_order, whole
from kring.measures.saying import too_few
from kring.schema import Finding

TOP = 20
SIZES = ((2, "2"), (3, "3-5"), (6, "6-10"), (11, "11-20"), (21, "21-50"), (51, "51-100"), (101, "more than 100"))
_METHOD = "counted: a conversation is a thread with at least two posts; posts by bots and automatic replies left out"


def threads(posts: Columns) -> tuple[Finding, ...]:
    """What is talked through: how many conversations there are, how long they are, and which are longest.

    Takes   columns of posts: author, at, thread, by_bot, automatic.
    Gives   threads (of two posts or more), median_thread_size, largest_thread, thread_sizes (how many of each size), and top_threads: rows
            are the first posts of the twenty longest, and its series their numbers of posts. Sizes only with ten people or more.
    Costs   O(n log n) time.
    """
    real = np.flatnonzero(~flag(posts, "by_bot") & ~flag(posts, "automatic") & (whole(posts, "thread") >= 0))
    real = real[in_order(whole(posts, "at")[real])]
    _, first, counts = np.unique(whole(posts, "thread")[real], return_index=True, return_counts=True)
    talk = counts >= 2
    first, counts = real[first[talk]], counts[talk]
    author = whole(posts, "author")[real]
    few = too_few(len(np.unique(author[author >= 0])), "people who spoke in threads")
    told = partial(Finding, n=len(counts), n_of="threads", method=_METHOD, boundary=posts.boundary, cut=posts.cut)
    total = told(name="threads", value=len(counts), unit="threads")
    if few or not len(counts):
        names = ("median_thread_size", "largest_thread", "thread_sizes", "top_threads")
        return (total, *(told(name=name, value=None, warning=few or "there are no threads") for name in names))
    longest = np.lexsort((first, -counts))[:TOP]
    place = np.searchsorted([least for least, _ in SIZES], counts, side="right") - 1
    spread = np.bincount(place, minlength=len(SIZES))
    return (
        total,
        told(name="median_thread_size", value=float(np.median(counts)), unit="posts"),
        told(name="largest_thread", value=int(counts.max()), unit="posts", rows=(int(first[longest[0]]),), rows_of="post"),
        told(
            name="thread_sizes",
            value=len(counts),
            unit="threads by number of posts",
            series=tuple((name, int(count)) for (_, name), count in zip(SIZES, spread)),
        ),
        told(
            name="top_threads",
            value=len(longest),
            unit="threads",
            series=tuple((int(first[k]), int(counts[k])) for k in longest),
            rows=tuple(first[longest].tolist()),
            rows_of="post",
        ),
    )
