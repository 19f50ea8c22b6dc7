"""Topics: the hashtags that most people wrote under; for each whether it divides people, and whether more seem to use it than do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kring import measures
from kring.graph import Graph
from kring.graph.build import like
from kring.schema import FEWEST_PEOPLE, Finding
from kring.store import fetch
from kring.store.open import reading
from kring.verbs import weave
from kring.verbs.weave import Asking

if TYPE_CHECKING:
    from kring.kring import Circle

Ints = NDArray[np.int64]
MOST = 10
DIVIDED_BY, SEEN_BY = ("reply", "share"), ("reply", "mention", "share", "follow")
"""Ties in which camps show: who answers and passes on whom. Ties by which people see each other."""
RANDOM_NETWORKS, DEALS = 100, 999
_LARGE = 1_000_000
"""Ties; in a larger network a tenth as many random ones are made."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A hashtag and what was found about it."""

    tag: str
    people: int
    """How many wrote under it."""
    camps: tuple[Finding, ...]
    """What `polarisation` finds among those who answered and passed on posts under it."""
    illusion: tuple[Finding, ...]
    """What `illusion` finds, the trait being to have written under it."""


def topics(circle: "Circle", since: str = "", until: str = "") -> tuple[Topic, ...]:
    """The hashtags that most people wrote under in a period, ten people at least, and what was found about each.

    Costs   a pass over the posts, and for each hashtag what `polarisation` and `illusion` cost.
    """
    talk = weave.see(circle, Asking(DIVIDED_BY, since, until), "circle")
    sight, rows = weave.graph(weave.woven(weave.see(circle, Asking(SEEN_BY, since, until), "circle")))
    with reading(circle.engine) as connection:
        under = _by_tag(fetch.hashtags(connection, talk.through), talk)
    author = weave.woven(talk).posts
    node, whose = author.node, author.author
    found = []
    for tag, posts in under:
        wrote = np.unique(whose[np.isin(node, posts) & (whose >= 0)])
        if len(wrote) >= FEWEST_PEOPLE:
            found.append((len(wrote), tag, posts, wrote))
    found.sort(key=lambda each: (-each[0], each[1]))
    return tuple(Topic(tag, n, _camps(talk, posts), _illusion(sight, rows, tag, wrote)) for n, tag, posts, wrote in found[:MOST])


def _by_tag(posts: Iterable[tuple[int, list[str]]], talk: weave.Seen) -> Sequence[tuple[str, Ints]]:
    """The posts of the period under each hashtag: the ones with the most posts, more than will be shown."""
    inside = set(talk.posts.node[talk.inside].tolist())
    by_tag: dict[str, list[int]] = {}
    for node, tags in posts:
        if node in inside:
            for tag in tags:
                by_tag.setdefault(tag, []).append(node)
    most = sorted(by_tag.items(), key=lambda each: (-len(each[1]), each[0]))[: 10 * MOST]
    return [(tag, np.array(nodes, np.int64)) for tag, nodes in most]


def _camps(talk: weave.Seen, posts: Ints) -> tuple[Finding, ...]:
    graph, _ = weave.graph(weave.woven(weave.about(talk, posts)))
    return measures.measure("polarisation")(graph, null_models=_some(RANDOM_NETWORKS, graph.n_ties))


def _illusion(sight: Graph, rows: Ints, tag: str, wrote: Ints) -> tuple[Finding, ...]:
    label = f"tag:{tag}"
    has = np.where(np.isin(rows, wrote), "yes", "no").astype(np.object_)
    labelled = like(sight, labels={label: has})
    return measures.measure("illusion")(labelled, label=label, null_models=0, shuffles=_some(DEALS, sight.n_ties))


def _some(n: int, ties: int) -> int:
    return n if ties < _LARGE else n // 10
