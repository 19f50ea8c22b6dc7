"""What measures take, fetched: the columns that `kring.measures` names, from what the gate lets through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from kring.graph import NO_TIME, Columns, Graph, Log
from kring.reading.question import question
from kring.reading.thanks import thanks
from kring.schema import Finding, Row
from kring.store import fetch as store
from kring.store.codes import POST_KIND
from kring.store.open import reading
from kring.verbs import weave
from kring.verbs.weave import Asking, Woven
from kring.verbs.words import word_columns

if TYPE_CHECKING:
    from kring.kring import Circle

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
OF_ANSWERS = ("questions", "response")
"""Measures of what was asked in a period, and answered then or later: a question of the last day of May is not lost for an answer in June."""
OURS = ("response",)
"""Measures of what we did ourselves: for them posts that were addressed to us in private count too (DESIGN.md, "Visibility")."""
_WEEK_MINUTES = 7 * 24 * 60
_MONDAY = 3 * 24 * 60
"""1970 began on a Thursday."""


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a measure, and the way from its rows back to ids."""

    arguments: tuple[Graph | Log | Columns, ...]
    woven: Woven
    nodes: Ints
    """Row of `woven.people` for each person as the arguments number them."""
    post_ids: "PostIds"

    def ids(self, rows_of: str, rows: Ints) -> tuple[int | str, ...]:
        """Ids of the posts or people in these rows."""
        if rows_of == "post":
            return self.post_ids(self.woven.posts.node[rows])
        if rows_of == "person":
            return tuple(self.woven.people.ids[row] for row in self.nodes[rows])
        return tuple(rows.tolist())


def opened(finding: Finding, ids: Callable[[Finding], Sequence[int | str]]) -> tuple[int | str | Row, ...]:
    """The rows behind a finding by their ids, with what is told of each."""
    pairs = zip(finding.rows, ids(finding), strict=True) if finding.rows else ()
    return tuple(msgspec.structs.replace(row, row=id) if isinstance(row, Row) else id for row, id in pairs)


class PostIds:
    """Looks up the ids of posts."""

    def __init__(self, circle: "Circle") -> None:
        self._circle = circle

    def __call__(self, nodes: Ints) -> tuple[str, ...]:
        with reading(self._circle.engine) as connection:
            return tuple(store.post_ids(connection, nodes.tolist()))


class Inputs:
    """What measures take, from what was woven: each made once, when it is first asked for."""

    def __init__(self, circle: "Circle", woven: Woven, *, ours: bool = False) -> None:
        self._circle, self._woven, self._ours = circle, woven, ours

    def given(self, takes: Sequence[str]) -> Given:
        """The arguments of one measure. People are numbered as nodes of the graph; where posts are all it takes, as rows of the people."""
        posts_only = list(takes) == ["posts"]
        if posts_only:
            return Given((self._posts_of_people,), self._woven, np.arange(len(self._woven.people.node)), PostIds(self._circle))
        return Given(tuple(getattr(self, f"_{name}") for name in takes), self._woven, self._nodes, PostIds(self._circle))

    @cached_property
    def _graph_and_nodes(self) -> tuple[Graph, Ints]:
        return weave.graph(self._woven)

    @property
    def _graph(self) -> Graph:
        return self._graph_and_nodes[0]

    @property
    def _nodes(self) -> Ints:
        return self._graph_and_nodes[1]

    @cached_property
    def _number(self) -> Ints:
        """Node of each row of people, and of nobody; -1 where there is none."""
        number = np.full(len(self._woven.people.node) + 1, -1, np.int64)
        number[self._nodes] = np.arange(len(self._nodes))
        return number

    @cached_property
    def _log(self) -> Log:
        return weave.log(self._woven, self._number[:-1])

    @cached_property
    def _posts_of_people(self) -> Columns:
        return post_columns(self._circle, self._woven, ours=self._ours)

    @cached_property
    def _posts(self) -> Columns:
        posts = self._posts_of_people
        more = {"author": self._number[posts["author"]].astype(np.int32), **_where(self._circle, self._woven)}
        return replace(posts, arrays={**posts.arrays, **more})

    @cached_property
    def _answers(self) -> Columns:
        posts = self._posts
        question, thanked = read_answers(self._circle, self._woven)
        return replace(posts, arrays={**posts.arrays, "question": question, "thanked": thanked})

    @cached_property
    def _words(self) -> Columns:
        return word_columns(self._circle, self._woven, self._number)

    @cached_property
    def _people(self) -> Columns:
        woven, nodes = self._woven, self._nodes
        return Columns(
            of="person",
            n=len(nodes),
            arrays={"us": woven.people.us[nodes], "bot": woven.bots[nodes]},
            ids=[woven.people.ids[row] for row in nodes],
            boundary=woven.boundary,
            cut=woven.cut,
        )


def fetch(circle: "Circle", asking: Asking, name: str, takes: Sequence[str]) -> Given:
    """Fetches and weaves each thing that the measure of that name takes: graph, log, posts, people, words, answers."""
    ours = name in OURS
    woven = weave.weave(circle, asking, "ours" if ours else "circle", beyond=name in OF_ANSWERS)
    return Inputs(circle, woven, ours=ours).given(takes)


def post_columns(circle: "Circle", woven: Woven, *, ours: bool) -> Columns:
    """The columns of posts that `kring.measures` describes, a row for each row of `woven.posts`; questions are those of the period."""
    posts, people = woven.posts, woven.people
    by_us = _by(posts.author, people.us)
    to_us = addressed(posts, people, people.us) & ~by_us & woven.inside
    unclear = to_us & _without_reply_links(posts)
    is_question = (posts.kind == POST_KIND["question"]) & woven.inside
    arrays: dict[str, NDArray[np.generic]] = {
        "author": posts.author.astype(np.int32),
        "at": posts.at.copy(),
        "clock": _clock(posts),
        "parent": posts.parent.astype(np.int32),
        "thread": threads(posts),
        "question": weave.questions_to_us(circle, posts, to_us & ~posts.automatic & ~unclear) if ours else is_question,
        "answer": _answers(posts),
        "accepted": _accepted(circle, woven),
        "to_us": to_us & ~unclear,
        "by_us": by_us,
        "by_bot": _by(posts.author, woven.bots),
        "automatic": posts.automatic.copy(),
        "local_minute_of_week": _minute_of_week(posts),
    }
    n = int(unclear.sum())
    left_out = (
        f"; {n:,} messages to us in chats without reply links left out: it can't be told which message answers which" if ours and n else ""
    )
    return Columns(of="post", n=len(posts.node), arrays=arrays, boundary=woven.boundary + left_out, cut=woven.cut)


def _where(circle: "Circle", woven: Woven) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.object_]]"]:
    """The place and the first hashtag of each post, by name; None where it has none."""
    with reading(circle.engine) as connection:
        places, tags = store.place_names(connection), store.first_tags(connection, woven.through)
    posts = woven.posts
    return {
        "place": np.array([places.get(place) for place in posts.place.tolist()], np.object_),
        "tag": np.array([tags.get(node) for node in posts.node.tolist()], np.object_),
    }


def _by(author: Ints, whom: Flags) -> Flags:
    """Which posts one of these people wrote; none where nobody is known at all."""
    found = np.zeros(len(author), np.bool_)
    known = author >= 0
    found[known] = whom[author[known]]
    return found


def addressed(posts: store.Posts, people: store.People, whom: Flags) -> Flags:
    """Which posts are a reply, mention or message to one of these people."""
    to = np.zeros(len(posts.node), np.bool_)
    to[posts.mention_post[whom[posts.mention_account]]] = True
    parent_author = np.where(posts.parent >= 0, posts.author[posts.parent], -1)
    return to | _by(parent_author, whom)


def _without_reply_links(posts: store.Posts) -> Flags:
    """Posts in places where no post says what it replies to (WhatsApp)."""
    linked = np.unique(posts.place[posts.parent >= 0])
    flags: Flags = (posts.place > 0) & ~np.isin(posts.place, linked) & (posts.kind == POST_KIND["message"])
    return flags


def _clock(posts: store.Posts) -> NDArray[np.int32]:
    """0 where the zone is known; else a number of the place, or one of its own for a post without a place."""
    alone = np.where(posts.place > 0, posts.place, int(posts.place.max(initial=0)) + 1 + np.arange(len(posts.node)))
    return np.where(posts.zone > 0, 0, alone).astype(np.int32)


def threads(posts: store.Posts) -> NDArray[np.int32]:
    """The number of each post's thread, -1 where it stands alone: the network's own thread, else the post that the replies lead back to."""
    root = np.arange(len(posts.node))
    parent = np.where(posts.parent >= 0, posts.parent, root)
    while True:  # every round doubles the steps: a chain of a million replies takes twenty
        further = parent[parent]
        if np.array_equal(further, parent):
            break
        parent = further
    thread = np.where(posts.thread != 0, posts.thread, np.where(posts.thread[parent] != 0, posts.thread[parent], posts.key[parent]))
    _, number, size = np.unique(thread, return_inverse=True, return_counts=True)
    return np.where(size[number] > 1, number, -1).astype(np.int32)


def _answers(posts: store.Posts) -> Flags:
    """What may be an answer: of the network's own type where it has one; a comment on a question is none."""
    parent_kind = np.where(posts.parent >= 0, posts.kind[posts.parent], -1)
    formal = np.isin(parent_kind, (POST_KIND["question"], POST_KIND["answer"]))
    flags: Flags = (posts.kind == POST_KIND["answer"]) | ((posts.parent >= 0) & ~formal)
    return flags


def read_answers(circle: "Circle", woven: Woven) -> tuple[Flags, Flags]:
    """Which posts ask something that somebody else answered, and which answers their asker thanked for in a reply to them."""
    posts, every = woven.posts, np.arange(len(woven.posts.node))
    author, parent = posts.author, posts.parent
    formal = posts.kind == POST_KIND["question"]
    replies = every[parent >= 0]
    others = replies[(author[replies] >= 0) & (author[parent[replies]] >= 0) & (author[replies] != author[parent[replies]])]
    open_to_answer = np.zeros(len(every), np.bool_)
    open_to_answer[parent[others]] = True
    open_to_answer &= ~np.isin(posts.kind, (POST_KIND["question"], POST_KIND["answer"])) & (parent < 0)
    asks = formal | _says(circle, posts, np.flatnonzero(open_to_answer), lambda text: question(text).label == "question")
    answers = parent[others]
    back = (parent[answers] >= 0) & (author[parent[answers]] == author[others])
    back &= asks[parent[answers]]
    grateful = _says(circle, posts, others[back], lambda text: bool(thanks(text).label))
    thanked = np.zeros(len(every), np.bool_)
    thanked[parent[grateful]] = True
    return asks, thanked


def _says(circle: "Circle", posts: store.Posts, rows: Ints, rule: Callable[[str], bool]) -> Flags:
    """Of which of these posts the text does what the rule asks."""
    found = np.zeros(len(posts.node), np.bool_)
    with reading(circle.engine) as connection:
        for start in range(0, len(rows), 5_000):
            lines = store.post_lines(connection, posts.node[rows[start : start + 5_000]].tolist())
            said = {line.node for line in lines if rule(line.text)}
            found[rows[start : start + 5_000]] = [node in said for node in posts.node[rows[start : start + 5_000]].tolist()]
    return found


def _accepted(circle: "Circle", woven: Woven) -> Flags:
    with reading(circle.engine) as connection:
        flags: Flags = np.isin(woven.posts.key, store.accepted_keys(connection, woven.through))
    return flags


def _minute_of_week(posts: store.Posts) -> NDArray[np.int32]:
    known = (posts.at != NO_TIME) & (posts.offset_s != NO_TIME)
    minutes = (np.where(known, posts.at, 0) // 60_000_000 + np.where(known, posts.offset_s, 0) // 60 + _MONDAY) % _WEEK_MINUTES
    return np.where(known, minutes, -1).astype(np.int32)
