"""The people of the town: where they live, whom they know, what they think, on which networks they are."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kring.town import called, minority, names
from kring.town.called import NETWORKS, Called, alias
from kring.town.sheet import Ints

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ON_SERVER, ON_FORUM, ON_LIST = 0.5, 0.4, 0.35
"""Share of the people on each network; the mail box is open to all."""
MOST_ON_SERVER = 5_000
"""The town's server is full then: a town built for load talks on the forum, the list and by mail."""
DONATED = 0.7
"""Share of those on the town's server who gave their archive."""
ON_ALL = 4
"""The first residents are on every network, however small the town is."""
MEAN_FOLLOWS, MEAN_FRIENDS = 9, 8


@dataclass(frozen=True, slots=True)
class Ties:
    """Who follows (or writes to) whom: distinct arcs without loops, sorted."""

    source: Ints
    target: Ints
    n: int

    def followers_of(self, rng: np.random.Generator, who: Ints, otherwise: Ints) -> Ints:
        """One follower of each, drawn evenly; one of `otherwise` for whom nobody follows."""
        order = np.argsort(self.target, kind="stable")
        starts = np.searchsorted(self.target[order], np.arange(self.n + 1))
        many = starts[who + 1] - starts[who]
        row = starts[who] + (rng.random(len(who)) * many).astype(np.int64)
        drawn = otherwise[rng.integers(0, len(otherwise), len(who))]
        if len(order) == 0:
            return drawn
        return np.where(many > 0, self.source[order[np.minimum(row, len(order) - 1)]], drawn)

    def with_more(self, others: "Ties") -> "Ties":
        """These ties and those, each once."""
        arcs = np.unique(np.concatenate([self.source, others.source]) * self.n + np.concatenate([self.target, others.target]))
        return Ties(arcs // self.n, arcs % self.n, self.n)

    def in_degree(self) -> Ints:
        return np.bincount(self.target, minlength=self.n)


@dataclass(frozen=True, slots=True)
class World:
    """Everybody, one row each."""

    n: int
    seed: int
    languages: tuple[str, ...]
    strengths: Mapping[str, float]
    given: Ints
    family: Ints
    nth: Ints
    """How many before bear the same name."""
    bare: Flags
    """Who is called by it without a middle letter, though others bear it too: they live in other quarters."""
    alias: NDArray[np.int8]
    """int8[networks, n]: by what each goes on each network; see `called`."""
    language: Ints
    """Index into `languages`."""
    quarter: Ints
    club: Ints
    """-1: in no club."""
    n_quarters: int
    popularity: Floats
    activity: Floats
    helpfulness: Floats
    thankless: Flags
    on_server: Flags
    donated: Flags
    on_forum: Flags
    on_list: Flags
    by_mail: Flags
    in_chats: Flags
    follows: Ties
    """Whose posts are read, answered and passed on by whom."""
    all_follows: Ties
    """With those whom the content minority only reads; so it stands in the archives."""
    friends: Ties
    """Who knows whom among those on the mailing list."""
    opinion: Flags
    minority: Flags
    """Who belongs to the content minority; see `minority`."""
    camp: NDArray[np.int8]
    """int8[topics, n]: -1 where that person doesn't join in; on the topic that doesn't divide, everybody is 0."""

    def members(self, which: Flags) -> Ints:
        return np.flatnonzero(which)

    def handle(self, person: int) -> str:
        nth = int(self.nth[person])
        return f"{_GIVEN[self.given[person]]}{_FAMILY[self.family[person]]}{nth + 1 if nth else ''}"

    def name(self, person: int) -> str:
        """The full name; those who bear the same one have middle letters, but for namesakes."""
        nth, middle = int(self.nth[person]), ""
        while nth and not self.bare[person]:
            nth, letter = divmod(nth - 1, 26)
            middle += chr(65 + letter) + "."
        return " ".join(part for part in (names.GIVEN[self.given[person]], middle, names.FAMILY[self.family[person]]) if part)

    def called(self, network: str, person: int) -> Called:
        """What somebody goes by on a network."""
        own = Called(self.name(person), self.handle(person))
        given, family = names.GIVEN[self.given[person]], names.FAMILY[self.family[person]]
        return alias(int(self.alias[NETWORKS.index(network), person]), person, own, given, family)

    def quarter_name(self, quarter: int) -> str:
        return names.QUARTERS[quarter]


_PLAIN = str.maketrans("ëéèêışöüçğíãáśł", "eeeeisoucgiaasl", " -")
_GIVEN, _FAMILY = ([name.lower().translate(_PLAIN) for name in some] for some in (names.GIVEN, names.FAMILY))
"""As in handles and addresses: lower case, no marks."""


def make(people: int, seed: int, languages: tuple[str, ...], strengths: Mapping[str, float]) -> World:
    """The world for these arguments; the same ones give the same world."""
    rng = np.random.default_rng((seed, 1))
    given, family = rng.integers(0, len(names.GIVEN), people), rng.integers(0, len(names.FAMILY), people)
    n_quarters = int(np.clip(people // 120, 2, len(names.QUARTERS)))
    quarter = rng.integers(0, n_quarters, people)
    kept = np.random.default_rng((seed, 8))
    bare = called.namesakes(kept, given, family, quarter, strengths["namesakes"])
    club = np.where(rng.random(people) < 0.4, rng.integers(0, min(len(names.CLUBS), 1 + people // 60), people), -1)
    popularity = np.minimum(rng.pareto(1.6, people) + 0.3, 60)
    only = called.only(kept, people, strengths["several"])
    on_server = _on(only, "mastodon", _joined(rng, people, min(ON_SERVER, MOST_ON_SERVER / people)))
    on_list = _on(only, "mail", _joined(rng, people, ON_LIST))
    helpfulness = np.minimum(rng.pareto(1.2, people), 200)
    draw = _Weaver(rng, quarter, club, popularity, strengths["communities"])
    follows = _one_or_both_ways(rng, draw.pairs(np.flatnonzero(on_server), MEAN_FOLLOWS), strengths["reciprocity"], people)
    friends = _one_or_both_ways(rng, draw.pairs(np.flatnonzero(on_list), MEAN_FRIENDS), 1.0, people)
    content = np.random.default_rng((seed, 10))
    held = minority.holders(content, on_server, follows.in_degree(), strengths["contented"])
    bonds = minority.bonds(content, (follows.source, follows.target), held, strengths["contented"])
    return World(
        n=people,
        seed=seed,
        languages=languages,
        strengths=strengths,
        given=given,
        family=family,
        nth=_count_before(given * len(names.FAMILY) + family),
        bare=bare,
        alias=called.aliases(kept, people, strengths["aliases"]),
        language=np.where(rng.random(people) < 0.8, 0, rng.integers(0, len(languages), people)),
        quarter=quarter,
        club=club,
        n_quarters=n_quarters,
        popularity=popularity,
        activity=np.exp(0.8 * rng.standard_normal(people)),
        helpfulness=helpfulness,
        thankless=_thankless(rng, helpfulness, strengths["thankless"]),
        on_server=on_server,
        donated=on_server & _joined(rng, people, DONATED),
        on_forum=_on(only, "forum", _joined(rng, people, ON_FORUM)),
        on_list=on_list,
        by_mail=_on(only, "mail", np.ones(people, np.bool_)),
        in_chats=_on(only, "whatsapp", np.ones(people, np.bool_)),
        follows=follows,
        all_follows=follows.with_more(_one_or_both_ways(content, bonds, strengths["reciprocity"], people)),
        friends=friends,
        opinion=_opinion(rng, on_server, follows.in_degree(), strengths),
        minority=held,
        camp=_camps(rng, on_server),
    )


def _joined(rng: np.random.Generator, n: int, share: float) -> Flags:
    joined = rng.random(n) < share
    joined[:ON_ALL] = True
    return joined


def _on(only: Ints, network: str, joined: Flags) -> Flags:
    """Who is on a network: those who joined, and of those who are on one network only, whoever is on this one."""
    return np.where(only < 0, joined, only == NETWORKS.index(network))


def _count_before(keys: Ints) -> Ints:
    """For each key: how many equal ones stand before it."""
    order = np.argsort(keys, kind="stable")
    first = np.searchsorted(keys[order], keys[order])
    before = np.empty(len(keys), np.int64)
    before[order] = np.arange(len(keys)) - first
    return before


def _thankless(rng: np.random.Generator, helpfulness: Floats, share: float) -> Flags:
    """Some of the most helpful tenth."""
    helpful = np.argsort(-helpfulness, kind="stable")[: max(2, len(helpfulness) // 10)]
    chosen = np.zeros(len(helpfulness), bool)
    chosen[helpful] = rng.random(len(helpful)) < share
    return chosen


def _opinion(rng: np.random.Generator, on_server: Flags, followers: Ints, strengths: Mapping[str, float]) -> Flags:
    """The minority: with `hubs` 1 the most followed, with 0 anybody."""
    members = np.flatnonzero(on_server)
    rank = np.argsort(np.argsort(followers[members], kind="stable"), kind="stable") / max(1, len(members) - 1)
    score = strengths["hubs"] * rank + (1 - strengths["hubs"]) * rng.random(len(members))
    chosen = members[np.argsort(-score, kind="stable")[: round(strengths["opinion"] * len(members))]]
    held = np.zeros(len(on_server), bool)
    held[chosen] = True
    return held


def _camps(rng: np.random.Generator, on_server: Flags) -> NDArray[np.int8]:
    members = np.flatnonzero(on_server)
    camp = np.full((len(names.TAGS), len(on_server)), -1, np.int8)
    for topic, divided in enumerate(names.DIVIDED):
        joins = rng.permutation(members)[: max(4, round(0.3 * len(members)))]
        camp[topic, joins] = np.arange(len(joins)) % 2 if divided else 0
    return camp


@dataclass(frozen=True, slots=True)
class _Weaver:
    """Finds people to know: some in one's own quarter or club, the others anywhere, the popular ones more often."""

    rng: np.random.Generator
    quarter: Ints
    club: Ints
    popularity: Floats
    communities: float

    def pairs(self, members: Ints, mean: float) -> tuple[Ints, Ints]:
        """Distinct pairs: who sought the other, and whom."""
        source = np.repeat(members, 1 + self.rng.poisson(mean - 1, len(members)))
        inside = self.rng.random(len(source)) < self.communities
        by_club = inside & (self.club[source] >= 0) & (self.rng.random(len(source)) < 0.3)
        target = np.empty_like(source)
        for rows, group in ((~inside, np.zeros_like(self.club)), (inside & ~by_club, self.quarter), (by_club, self.club)):
            target[rows] = self._within(members, group, group[source[rows]])
        lower, upper = np.minimum(source, target), np.maximum(source, target)
        _, first = np.unique(lower * len(self.quarter) + upper, return_index=True)
        first = first[lower[first] != upper[first]]
        return source[first], target[first]

    def _within(self, members: Ints, group: Ints, wanted: Ints) -> Ints:
        order = members[np.argsort(group[members], kind="stable")]
        upto = np.concatenate([[0.0], np.cumsum(self.popularity[order])])
        low, high = (np.searchsorted(group[order], wanted, side=side) for side in ("left", "right"))
        at = upto[low] + self.rng.random(len(wanted)) * (upto[high] - upto[low])
        row: Ints = np.clip(np.searchsorted(upto, at, side="right") - 1, low, high - 1)
        return order[row]


def _one_or_both_ways(rng: np.random.Generator, pairs: tuple[Ints, Ints], both: float, n: int) -> Ties:
    source, target = pairs
    back = rng.random(len(source)) < both
    arcs = np.unique(np.concatenate([source, target[back]]) * n + np.concatenate([target, source[back]]))
    return Ties(arcs // n, arcs % n, n)
