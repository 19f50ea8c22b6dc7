"""A minority that is content: it holds together and sees a majority of its own, while the others hardly see it.

An illusion is when many who do not hold something see a majority that does. Here nobody is deceived: those who see a majority are those who hold it.
"""

import numpy as np
from numpy.typing import NDArray

from kring.town import names
from kring.town.sheet import Act, Draft, Ints, Rows

Flags = NDArray[np.bool_]
SHARE = 0.12
"""Of the people on the server, whatever the strength."""
MOST = 0.9
"""Of what they read: no more than this can be made to come from each other."""
TOPIC = len(names.TAGS) + 2
"""`topic` of a post under its hashtag."""


def holders(rng: np.random.Generator, on_server: Flags, followers: Ints, content: float) -> Flags:
    """Those whom few follow, so that few others see them; anybody where `content` is 0."""
    members = np.flatnonzero(on_server)
    rank = np.argsort(np.argsort(followers[members], kind="stable"), kind="stable") / max(1, len(members) - 1)
    score = content * (rank < 0.5) + (1 - content) * rng.random(len(members))
    held = np.zeros(len(on_server), np.bool_)
    held[members[np.argsort(-score, kind="stable")[: round(SHARE * len(members))]]] = True
    return held


def bonds(rng: np.random.Generator, arcs: tuple[Ints, Ints], held: Flags, content: float) -> tuple[Ints, Ints]:
    """Pairs of them who would be strangers else: as many as it takes for a share `content` of those whom each follows to be of his kind."""
    some = np.flatnonzero(held)
    follows: dict[int, set[int]] = {person: set() for person in some.tolist()}
    known: dict[int, set[int]] = {person: {person} for person in some.tolist()}
    for one, other in zip(*(ends.tolist() for ends in arcs)):
        if one in follows:
            follows[one].add(other)
            known[one].add(other)
        if other in known:
            known[other].add(one)
    wanted, pairs = min(content, MOST), []
    for one in some.tolist():
        own, n = len(follows[one] & known.keys()), len(follows[one])
        strangers = [other for other in rng.permutation(some).tolist() if other not in known[one]]
        for other in strangers[: max(0, int(np.ceil((wanted * n - own) / (1 - wanted))))]:
            pairs.append((one, other))
            known[one].add(other)
            known[other].add(one)
            follows[one].add(other)
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def posts(rng: np.random.Generator, held: Flags, at: Ints, subjects: int, language: Ints) -> Rows:
    """What they say of it in public: each once, in one of these moments."""
    draft, some = Draft(), np.flatnonzero(held)
    draft.start(at[: len(some)], some, Act.MINORITY, rng.integers(0, subjects, len(some)), language[some], topic=TOPIC)
    return draft.finish()
