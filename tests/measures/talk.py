"""Conversations for the tests of measures over posts."""

import numpy as np
from hypothesis import strategies as st

from kring.graph import NO_TIME, Columns

FLAGS = ("question", "answer", "accepted", "to_us", "by_us", "by_bot", "automatic")
HOUR_US = 3_600_000_000
START = 1_700_000_000_000_000


def columns(**given):
    """Columns of posts; what isn't given is plain: one clock, no parent, nothing flagged."""
    n = len(given["author"])
    arrays = {
        "author": np.asarray(given["author"], np.int32),
        "at": np.asarray(given.get("at", START + HOUR_US * np.arange(n)), np.int64),
        "clock": np.asarray(given.get("clock", np.zeros(n)), np.int32),
        "parent": np.asarray(given.get("parent", np.full(n, -1)), np.int32),
        "thread": np.asarray(given.get("thread", np.full(n, -1)), np.int32),
        "local_minute_of_week": np.asarray(given.get("local_minute_of_week", np.full(n, -1)), np.int32),
    }
    return Columns("post", n, arrays | {name: np.asarray(given.get(name, np.zeros(n)), np.bool_) for name in FLAGS})


@st.composite
def talks(draw):
    """All that can be said by up to fourteen people, rings of replies included."""
    n = draw(st.integers(0, 24))
    many = draw(st.booleans())
    authors = st.integers(-1, 13 if many else 3)

    def each(strategy):
        return draw(st.lists(strategy, min_size=n, max_size=n))

    rare = st.sampled_from([False] * 5 + [True])
    return columns(
        author=[k % 14 for k in range(n)] if many and draw(st.booleans()) else each(authors),
        at=each(st.sampled_from([NO_TIME] + [START + k * HOUR_US for k in range(30)])),
        clock=each(st.sampled_from([0, 0, 0, 1])),
        parent=each(st.integers(-1, max(n - 1, -1))),
        thread=each(st.integers(-1, 4)),
        question=each(st.booleans()),
        answer=each(st.booleans()),
        accepted=each(rare),
        to_us=each(st.sampled_from([True, True, False])),
        by_us=each(rare),
        by_bot=each(rare),
        automatic=each(rare),
        local_minute_of_week=each(st.integers(-1, 10079)),
    )
