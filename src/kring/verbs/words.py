"""The words that people say in public, as a measure takes them: a row for each person and word."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kring.graph import Columns
from kring.reading.words import words
from kring.schema import PRIVATE, VISIBILITIES
from kring.store import fetch
from kring.store.open import reading
from kring.verbs.weave import Woven

if TYPE_CHECKING:
    from kring.kring import Circle

_SOME = 5_000


def word_columns(circle: "Circle", woven: Woven, number: NDArray[np.int64]) -> Columns:
    """person, word, n: in how many of his posts somebody says a word.

    Takes   `number`: the node of each row of people. What was said in private, and what people are called, is left out.
    Costs   each text is read once.
    """
    posts = woven.posts
    public = ~np.isin(posts.visibility, [VISIBILITIES.index(name) for name in PRIVATE])
    person = np.where(posts.author >= 0, number[posts.author], -1)
    rows = np.flatnonzero(woven.inside & public & ~posts.automatic & (person >= 0))
    names = set().union(*(words(name) for name in woven.people.names))
    said: Counter[tuple[int, str]] = Counter()
    with reading(circle.engine) as connection:
        for start in range(0, len(rows), _SOME):
            some = rows[start : start + _SOME]
            who = dict(zip(posts.node[some].tolist(), person[some].tolist(), strict=True))
            for line in fetch.post_lines(connection, list(who)):
                said.update((who[line.node], word) for word in words(f"{line.title}\n{line.text}") - names)
    pairs = list(said)
    return Columns(
        of="person",
        n=len(pairs),
        arrays={
            "person": np.array([who for who, _ in pairs], np.int32),
            "word": np.array([word for _, word in pairs], dtype=object),
            "n": np.array(list(said.values()), np.int32),
        },
        boundary=woven.boundary,
        cut=woven.cut,
    )
