"""Weaves what a measure takes from the store: a `Graph` of distinct ties, a `Log` of acts, `Columns` of posts and people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph import NO_TIME, Columns, Graph, Log
from kring.graph.build import from_pairs
from kring.reading.question import question
from kring.schema import VISIBILITIES
from kring.show.values import moment
from kring.store import fetch, ledger
from kring.store.codes import POST_KIND
from kring.store.gate import For, Gate, gate
from kring.store.open import Connection, reading
from kring.verbs.times import instant

if TYPE_CHECKING:
    from kring.kring import Circle

Ints = NDArray[np.int64]
TIE_KINDS = ("reply", "mention", "message", "turn", "share", "like", "follow", "accept", "vouch")
"""What can tie two people. `turn`: in a chat without reply links, a message that follows another's within an hour, from him who wrote it to
him whom it follows (turn-taking: Gibson 2003, "Participation shifts"). `accept`: the asker took the answer.
`vouch`: one says that the other can be trusted."""
TALK = ("reply", "mention", "message")
"""Who talks with whom; in a chat's own figures `turn` too."""
_TURN_US = 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Asking:
    """What a figure is asked about."""

    kinds: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    place: str = ""
    run: int | None = None
    """Only what this import brought or met."""
    tag: str = ""
    """Only what was said under this hashtag, in answer to that, or done to it."""


EVERYTHING = Asking()


@dataclass(frozen=True, slots=True)
class Woven:
    """Everything that was said and done, as far as the gate lets it count, by rows of `people`."""

    people: fetch.People
    through: Gate
    person: Ints
    """Row of the person behind each account; the last, of the author who isn't known, is -1."""
    posts: fetch.Posts
    inside: NDArray[np.bool_]
    """Which of the posts were written in the period asked about."""
    source: Ints
    target: Ints
    at: Ints
    kind: Ints
    post: Ints
    """Row of `posts`, -1 for an act without words."""
    source_whole: NDArray[np.bool_]
    """Whether all that the one who acted did is seen: in an export of his account, or in the place."""
    target_whole: NDArray[np.bool_]
    bots: NDArray[np.bool_]
    boundary: str
    cut: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the gate lets through, by account: before anybody asks which accounts are one person's."""

    through: Gate
    people: fetch.People
    posts: fetch.Posts
    inside: NDArray[np.bool_]
    acts: tuple[Ints, ...]
    """Source, target, at, kind, row of `posts`, place, and the row of the post that it is about (of an act without words: to which it was done)."""
    members: fetch.Members | None
    """Of places in which something was said directly; which of them are chats of two depends on who is one person. None if nobody asks."""
    whole_places: Ints
    place: ledger.PlaceLine | None
    kinds: tuple[str, ...]
    zone: str
    """In which the circle's times are written."""


def weave(circle: "Circle", asking: Asking, purpose: For, *, beyond: bool = False) -> Woven:
    """Fetches what may count for a purpose and makes acts between people of it.

    Takes   `beyond`: keep the posts outside of the period too, where a question may have got its answer.
    Gives   acts of the period, also those towards somebody who wrote before it.
    Costs   one pass over the posts and events, however short the period.
    """
    return woven(see(circle, asking, purpose), beyond=beyond)


def see(circle: "Circle", asking: Asking, purpose: For) -> Seen:
    """Fetches what may count for a purpose."""
    with reading(circle.engine) as connection:
        return see_through(connection, circle, asking, purpose)


def see_through(connection: Connection, circle: "Circle", asking: Asking, purpose: For) -> Seen:
    """The same, on a connection that may hear the consent log otherwise than it stands (`claims.as_if`)."""
    place = ledger.find_place(circle.engine, asking.place) if asking.place else None
    kinds = _kinds(asking.kinds, place is not None)
    since = instant(asking.since, zone=circle.settings.zone) if asking.since else None
    until = instant(asking.until, end=True, zone=circle.settings.zone) if asking.until else None
    through = gate("place" if place else purpose, place.node if place else None)
    people = fetch.people(connection)
    posts = fetch.posts(connection, through, people, run=asking.run)
    events = fetch.events(connection, through, people, since=since, until=until)
    whole_places = fetch.whole_places(connection)
    members = fetch.direct_members(connection, through, people, posts) if "message" in kinds else None
    inside = fetch.between(posts.at, since, until)
    seen = Seen(through, people, posts, inside, _acts(posts, events, kinds), members, whole_places, place, kinds, circle.settings.zone)
    return about(seen, fetch.tagged(connection, through, asking.tag)) if asking.tag else seen


def about(seen: Seen, nodes: Ints) -> Seen:
    """Only what was said in these posts and in answer to them, and what was done to those."""
    topic = _answers_too(seen.posts, np.isin(seen.posts.node, nodes))
    kept = np.append(topic, False)[seen.acts[6]]
    return replace(seen, inside=seen.inside & topic, acts=tuple(column[kept] for column in seen.acts))


def _answers_too(posts: fetch.Posts, those: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those posts and all that answers them, and what answers that."""
    found, parent = those.copy(), np.where(posts.parent >= 0, posts.parent, np.arange(len(posts.node)))
    while True:  # every round doubles the steps back
        further = found | found[parent]
        if np.array_equal(further, found) and np.array_equal(parent, parent[parent]):
            return found
        found, parent = further, parent[parent]


def woven(seen: Seen, *, beyond: bool = False) -> Woven:
    """Acts between people, of which each may have several accounts; nobody is tied to himself."""
    people, posts, inside = seen.people, seen.posts, seen.inside
    bots = np.array([k == "bot" for k in people.kinds], np.bool_)
    person = _persons(people, bots)
    acts = _and_in_twos(seen, person)
    known = (acts[0] >= 0) & (acts[1] >= 0) & np.where(acts[4] >= 0, np.append(inside, True)[acts[4]], True)
    keep = known & ~bots[acts[0]] & ~bots[acts[1]] & (person[acts[0]] != person[acts[1]]) if len(bots) else known
    source, target, at, kind, post, in_place, _ = (array[keep] for array in acts)
    in_whole = np.isin(in_place, seen.whole_places) & (in_place > 0)
    posts = replace(posts, author=person[posts.author], mention_account=person[posts.mention_account])
    of_period = fetch.within(posts, inside)
    if not beyond:
        post = np.append(np.cumsum(inside) - 1, -1)[post]
    whole_places = np.intersect1d(seen.whole_places, of_period.place)
    boundary = f"members of {seen.place.name}" if seen.place else _boundary(people, whole_places, int(bots.sum()))
    return Woven(
        people=people,
        through=seen.through,
        person=person,
        posts=posts if beyond else of_period,
        inside=inside if beyond else inside[inside],
        source=person[source],
        target=person[target],
        at=at,
        kind=kind,
        post=post,
        source_whole=in_whole | people.whole[source],
        target_whole=in_whole | people.whole[target],
        bots=bots,
        boundary=boundary,
        cut=_cut(of_period, seen.zone),
        kinds=seen.kinds,
    )


def _persons(people: fetch.People, bots: NDArray[np.bool_]) -> Ints:
    """The person behind each account, and -1 behind row -1, the unknown author.

    A bot's account is nobody's voice: what it says counts as a bot's, also where it was said to be somebody's.
    """
    person = np.arange(len(bots) + 1)
    voices = np.flatnonzero(~bots)
    _, first, whose = np.unique(people.person[voices], return_index=True, return_inverse=True)
    person[voices] = voices[first[whose]]
    person[-1] = -1
    return person


def _kinds(asked: Sequence[str], in_place: bool) -> tuple[str, ...]:
    unknown = [kind for kind in asked if kind not in TIE_KINDS]
    if unknown:
        raise UsageError(f'"{unknown[0]}" is not a kind of tie.', next=f"Kinds: {', '.join(TIE_KINDS)}.")
    return tuple(asked) or ((*TALK, "turn") if in_place else TALK)


def _acts(posts: fetch.Posts, events: fetch.Events, kinds: tuple[str, ...]) -> tuple[Ints, ...]:
    """Each act between two people, in the columns of `Seen.acts`; kind is an index into TIE_KINDS."""
    parts: list[tuple[Ints, ...]] = []

    def add(kind: str, source: Ints, target: Ints, at: Ints, post: Ints, place: Ints, on: Ints | None = None) -> None:
        parts.append((source, target, at, np.full(len(source), TIE_KINDS.index(kind), np.int64), post, place, post if on is None else on))

    every = np.arange(len(posts.node))
    if "reply" in kinds:
        rows = every[posts.parent >= 0]
        add("reply", posts.author[rows], posts.author[posts.parent[rows]], posts.at[rows], rows, posts.place[rows])
        elsewhere = (posts.replies & (posts.parent < 0))[posts.mention_post]
        rows = posts.mention_post[elsewhere]  # to a post that isn't here: to whom it speaks, lest only replies among exporters be seen
        add("reply", posts.author[rows], posts.mention_account[elsewhere], posts.at[rows], rows, posts.place[rows])
    is_message = posts.kind[posts.mention_post] == POST_KIND["message"]
    for kind, which in (("mention", ~is_message), ("message", is_message)):
        if kind in kinds:
            rows = posts.mention_post[which]
            add(kind, posts.author[rows], posts.mention_account[which], posts.at[rows], rows, posts.place[rows])
    if "turn" in kinds:
        rows, before = _turns(posts)
        add("turn", posts.author[rows], posts.author[before], posts.at[rows], rows, posts.place[rows])
    verbs = np.array(events.verb, dtype=object)
    done_to = fetch.rows_of(events.object_post, posts.node)
    for kind in ("share", "like", "follow", "accept", "vouch"):
        if kind in kinds:
            which = np.flatnonzero(verbs == kind)
            wordless = np.full(len(which), -1)
            add(kind, events.actor[which], events.receiver[which], events.at[which], wordless, events.place[which], done_to[which])
    if not parts:
        return tuple(np.empty(0, np.int64) for _ in range(7))
    return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))


def _and_in_twos(seen: Seen, person: Ints) -> tuple[Ints, ...]:
    """The acts, and messages in chats of two people, whatever number of accounts they have there: each to the other of the two."""
    if seen.members is None or not len(seen.members.place):
        return seen.acts
    pairs = np.unique(np.stack((seen.members.place, person[seen.members.account])), axis=1)
    place, first, n = np.unique(pairs[0], return_index=True, return_counts=True)
    place, first = place[n == 2], first[n == 2]
    posts = seen.posts
    rows = np.flatnonzero((posts.visibility == VISIBILITIES.index("direct")) & np.isin(posts.place, place))
    chat, author = np.searchsorted(place, posts.place[rows]), person[posts.author[rows]]
    one, other = pairs[1, first], pairs[1, first + 1]
    known = (author == one[chat]) | (author == other[chat])
    rows, chat, author = rows[known], chat[known], author[known]
    target = np.where(author == one[chat], other[chat], one[chat])
    kind = np.full(len(rows), TIE_KINDS.index("message"), np.int64)
    made = (posts.author[rows], target, posts.at[rows], kind, rows, posts.place[rows], rows)
    return tuple(np.concatenate(columns) for columns in zip(seen.acts, made, strict=True))


def _turns(posts: fetch.Posts) -> tuple[Ints, Ints]:
    """Messages in chats that follow another person's within an hour, and the message each follows."""
    chat = np.flatnonzero((posts.kind == POST_KIND["message"]) & (posts.place > 0) & (posts.at != NO_TIME) & (posts.parent < 0))
    chat = chat[np.lexsort((chat, posts.at[chat], posts.place[chat]))]
    now, before = chat[1:], chat[:-1]
    follows = (
        (posts.place[now] == posts.place[before])
        & (posts.author[now] != posts.author[before])
        & (posts.at[now] - posts.at[before] <= _TURN_US)
        & (posts.visibility[now] == VISIBILITIES.index("place"))
    )
    return now[follows], before[follows]


def _boundary(people: fetch.People, whole_places: Ints, bots: int) -> str:
    parts = []
    if len(whole_places):
        parts.append(f"{len(whole_places)} whole {'place' if len(whole_places) == 1 else 'places'}")
    if people.whole.any():
        n = int(people.whole.sum())
        parts.append(f"the own {'export' if n == 1 else 'exports'} of {n:,} {'account' if n == 1 else 'accounts'}")
    several = len(np.unique(people.person[people.person != np.arange(len(people.person))]))
    merged = f"{several:,} {'person' if several == 1 else 'people'} with several accounts counted once" if several else ""
    parts += [merged] if merged else []
    parts.append("each other account counts as one person" if merged or people.us.any() else "each account counts as one person")
    left_out = f"; {bots:,} {'bot' if bots == 1 else 'bots'} left out" if bots else ""
    return "; ".join(parts if len(parts) > 1 else ["exports that hold nobody's acts whole", *parts]) + left_out


def _cut(posts: fetch.Posts, zone: str) -> str:
    known = posts.at[posts.at != NO_TIME]
    return (
        f"posts from {moment(int(known[0]), zone)} to {moment(int(known[-1]), zone)} ({zone or 'UTC'})"
        if len(known)
        else "no posts with a time"
    )


def graph(woven: Woven) -> tuple[Graph, Ints]:
    """The directed graph of distinct ties among the people who said or did something that counts, and their rows in `people`."""
    active = np.zeros(len(woven.people.node), np.bool_)
    author = woven.posts.author[woven.inside]
    for array in (woven.source, woven.target, author[author >= 0]):
        active[array] = True
    active &= ~woven.bots
    rows = np.flatnonzero(active)
    number = np.full(len(active), -1, np.int64)
    number[rows] = np.arange(len(rows))
    once = _once(woven)
    made = from_pairs(
        number[woven.source[once]],
        number[woven.target[once]],
        directed=True,
        n=len(rows),
        ids=[woven.people.ids[row] for row in rows],
        at=woven.at[once],
        observed=_observed(woven, number),
        boundary=woven.boundary,
        cut=woven.cut,
        labels={"label": np.array([woven.people.names[row] for row in rows], dtype=object)},
    )
    return made, rows


def _once(woven: Woven) -> Ints:
    """The acts, of which a post counts once for each pair: a reply that also mentions whom it answers is not said twice."""
    pairs = np.stack((woven.post, woven.source, woven.target))
    of_posts = np.flatnonzero(woven.post >= 0)
    _, first = np.unique(pairs[:, of_posts], axis=1, return_index=True)
    return np.sort(np.concatenate((of_posts[first], np.flatnonzero(woven.post < 0))))


def _observed(woven: Woven, number: Ints) -> NDArray[np.bool_]:
    """Who is seen whole: of whom no tie was seen that isn't in an own export or a whole place.

    Told also where everybody is: without it a graph is a file that somebody gave, of which the rule of ten doesn't hold.
    """
    observed = np.ones(int(number.max(initial=-1)) + 1, np.bool_)
    observed[number[woven.source[~woven.source_whole]]] = False
    observed[number[woven.target[~woven.target_whole]]] = False
    return observed


def log(woven: Woven, number: Ints) -> Log:
    """The acts in order of time, between people numbered by `number` (row of people → node); acts without a time are left out."""
    order = np.argsort(woven.at, kind="stable")
    order = order[woven.at[order] != NO_TIME]
    return Log(
        n_people=int(number.max(initial=-1)) + 1,
        source=number[woven.source[order]].astype(np.int32),
        target=number[woven.target[order]].astype(np.int32),
        at=woven.at[order],
        kind=woven.kind[order].astype(np.uint8),
        kinds=TIE_KINDS,
        post=woven.post[order].astype(np.int32),
        boundary=woven.boundary,
        cut=woven.cut,
    )


def questions_to_us(circle: "Circle", posts: fetch.Posts, to_us: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which posts ask us something: the network's own question type, else by the rule of `reading.question`, among those addressed to us."""
    asks: NDArray[np.bool_] = to_us & (posts.kind == POST_KIND["question"])
    rows = np.flatnonzero(to_us & ~asks)
    with reading(circle.engine) as connection:
        for start in range(0, len(rows), 5_000):
            some = rows[start : start + 5_000]
            lines = fetch.post_lines(connection, posts.node[some].tolist())
            asks[some] = [question(line.text).label == "question" for line in lines]
    return asks


__all__ = ["TALK", "TIE_KINDS", "Asking", "Columns", "Woven", "graph", "log", "questions_to_us", "weave"]
