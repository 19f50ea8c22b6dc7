"""The town's own Mastodon server as planned: who posts, replies, boosts, follows, likes."""

from dataclasses import dataclass

import numpy as np

from kring.town import clock, hall, minority, names
from kring.town.sheet import HALL, NOBODY, Act, Draft, Ints, Look, Rows, beside
from kring.town.talk import N_SUBJECTS
from kring.town.world import Floats, World

OPINION, BURST = len(names.TAGS), len(names.TAGS) + 1
"""`topic` of a post under the hashtag of the minority opinion, and of the burst."""
HASHTAGS = (*names.TAGS, names.OPINION_TAG, names.BURST_TAG, names.MINORITY_TAG)
ROOTS, REPLIES, BOOSTS, LIKES, ANSWERS = 10.0, 0.8, 0.4, 1.1, 1.2
"""Everyday posts for each member; replies, boosts, likes and answers for each post."""
TOPIC_POSTS, TOPIC_REPLIES, TOPIC_BOOSTS = 2.0, 2.0, 4.0
"""For each person who joins in on a topic."""
EVERYDAY = (Act.REMARK, Act.ASK, Act.OFFER, Act.NEED, Act.JOKE)
SHARES = (0.5, 0.22, 0.1, 0.1, 0.08)


@dataclass(frozen=True, slots=True)
class Server:
    """All that happens there."""

    sheet: Rows
    like: tuple[Ints, Ints]
    """Who likes which row."""


class _Plan:
    def __init__(self, world: World) -> None:
        self.world, self.rng, self.draft = world, np.random.default_rng((world.seed, 2)), Draft()
        self.members = world.members(world.on_server)
        self.eager = _shares(world.activity[self.members])
        self.helpful = _shares(world.helpfulness[self.members])

    def some(self, n: int, weights: Floats | None = None) -> Ints:
        return self.rng.choice(self.members, n, p=weights)

    def followers(self, who: Ints) -> Ints:
        return self.world.follows.followers_of(self.rng, who, self.members)

    def neighbours(self, who: Ints) -> Ints:
        return np.where(self.rng.random(len(who)) < 0.5, self.followers(who), self.some(len(who), self.helpful))

    def start(self, author: Ints, act: Ints | int, at: Ints | None = None, **more: Ints | int) -> Ints:
        n = len(author)
        at = clock.draw(self.rng, n, self.world.strengths["rhythm"]) if at is None else at
        language = np.where(author >= 0, self.world.language[author], 0)
        return self.draft.start(at, author, act, self.rng.integers(0, N_SUBJECTS, n), language, **more)

    def authors(self, rows: Ints) -> Ints:
        return self.draft[rows]["author"].astype(np.int64)

    def repeat(self, rows: Ints, mean: float) -> Ints:
        return np.repeat(rows, self.rng.poisson(mean, len(rows)))

    def reply(self, rows: Ints, author: Ints, act: Ints | int, median_s: float, **more: Ints | int) -> Ints:
        other = author != self.authors(rows)
        act, more = (np.broadcast_to(act, rows.shape)[other], {k: np.broadcast_to(v, rows.shape)[other] for k, v in more.items()})
        return self.draft.under(rows[other], clock.later(self.rng, int(other.sum()), median_s), author[other], act, **more)

    def boost(self, rows: Ints, author: Ints, median_s: float = 10_000) -> None:
        """Everybody boosts a post once at most, and not his own."""
        rows, author = rows[author != self.authors(rows)], author[author != self.authors(rows)]
        _, once = np.unique(rows * (self.world.n + 1) + author, return_index=True)
        self.draft.under(rows[once], clock.later(self.rng, len(once), median_s), author[once], Act.BOOST, look=int(Look.PUBLIC))


def plan(world: World) -> Server:
    """The server's two years."""
    p = _Plan(world)
    _everyday(p)
    helps = _town_hall(p)
    helps = np.concatenate([helps, _asks(p)])
    hall.thank(p.rng, p.draft, world, helps)
    for topic in range(len(names.TAGS)):
        _argue(p, topic)
    _opine(p)
    _burst(p)
    sheet = p.draft.finish()
    return Server(beside(sheet, _minority(world)), _likes(p, sheet))


def _minority(world: World) -> Rows:
    rng, n = np.random.default_rng((world.seed, 12)), int(world.minority.sum())
    return minority.posts(rng, world.minority, clock.draw(rng, n, world.strengths["rhythm"]), N_SUBJECTS, world.language)


def _everyday(p: _Plan) -> None:
    n = int(ROOTS * len(p.members))
    act = p.rng.choice([int(a) for a in EVERYDAY], n, p=SHARES)
    look = p.rng.choice([int(v) for v in Look], n, p=(0.74, 0.12, 0.11, 0.03))
    author = p.some(n, p.eager)
    look[act == Act.ASK] = Look.PUBLIC
    to = np.where(look == Look.DIRECT, p.followers(author), NOBODY)
    look[to == author] = Look.PUBLIC
    rows = p.start(author, act, look=look, to=np.where(to == author, NOBODY, to), marked=(act == Act.ASK).astype(np.int64))
    p.boost(open_rows := p.repeat(rows[look < Look.FOLLOWERS], BOOSTS), p.followers(p.authors(open_rows)))
    parents = p.repeat(rows[(act != Act.ASK) & (look < Look.DIRECT)], REPLIES)
    first = p.reply(parents, p.followers(p.authors(parents)), Act.REPLY, 7_000)
    back = first[p.rng.random(len(first)) < 0.35]
    second = p.reply(back, p.authors(p.draft[back]["parent"].astype(np.int64)), Act.REPLY, 5_000)
    third = p.repeat(second, 0.3)
    p.reply(third, p.followers(p.authors(third)), Act.REPLY, 9_000)
    private = rows[look == Look.DIRECT]
    p.reply(private, p.draft[private]["to"].astype(np.int64), Act.REPLY, 3_000)


def _asks(p: _Plan) -> Ints:
    rows = np.flatnonzero(p.draft[np.arange(len(p.draft))]["act"] == Act.ASK)
    asks = p.repeat(rows, ANSWERS)
    return hall.help_with(p.rng, p.draft, asks, p.neighbours(p.authors(asks)), 9_000)


def _town_hall(p: _Plan) -> Ints:
    n_members, strengths = len(p.members), p.world.strengths
    news = p.start(np.full(min(250, 6 + n_members // 3), HALL), Act.NEWS)
    p.boost(heard := p.repeat(news, 2.0), p.some(len(heard)))
    told = p.repeat(news, 0.6)
    p.reply(told, p.some(len(told)), Act.TOLD, 20_000)
    n = max(6, int(0.5 * n_members))
    look = p.rng.choice([int(v) for v in Look], n, p=(0.75, 0.1, 0.0, 0.15))
    rows = hall.questions(p.rng, p.draft, p.world, p.some(n, p.eager), n_subjects=N_SUBJECTS, look=look)
    under = p.rng.choice(news, n // 4)
    marked = (p.rng.random(len(under)) >= strengths["unmarked"]).astype(np.int64)
    rows = np.concatenate([rows, p.reply(under, p.some(len(under)), Act.HALL_ASK, 15_000, marked=marked)])
    private = p.draft[rows]["look"] == Look.DIRECT
    helps = hall.resolve(p.rng, p.draft, p.world, rows[~private], "mastodon", p.neighbours, bots=True)
    hall.resolve(p.rng, p.draft, p.world, rows[private], "mastodon-direct", None, bots=True)
    p.start(p.some(round(strengths["traps"] * len(rows))), Act.TRAP, to=HALL)
    return helps


def _argue(p: _Plan, topic: int) -> None:
    """Posts under the topic's hashtag; replies and boosts stay in the camp as far as `polarisation` says."""
    camp = p.world.camp[topic].astype(np.int64)
    joins = np.flatnonzero(camp >= 0)
    author = np.concatenate([joins, p.rng.choice(joins, int((TOPIC_POSTS - 1) * len(joins)))])
    rows = p.start(author, Act.TOPIC, topic=topic, side=camp[author])
    divided = names.DIVIDED[topic]
    for mean, boosting in ((TOPIC_REPLIES, False), (TOPIC_BOOSTS, True)):
        who = p.rng.choice(joins, int(mean * len(joins)))
        whose = p.rng.choice(rows, len(who))
        if divided:
            inside = p.rng.random(len(who)) < p.world.strengths["polarisation"]
            for side in (0, 1):
                mine = inside & (camp[who] == side)
                whose[mine] = p.rng.choice(rows[camp[author] == side], int(mine.sum()))
        if boosting:
            p.boost(whose, who)
            continue
        same = (camp[who] == camp[p.authors(whose)]) | (not divided)
        p.reply(whose, who, np.where(same, Act.AGREE, Act.DISAGREE).astype(np.int64), 12_000, side=camp[who])


def _opine(p: _Plan) -> None:
    holders = np.flatnonzero(p.world.opinion)
    author = np.concatenate([holders, holders[p.rng.random(len(holders)) < 0.6]])
    p.start(author, Act.OPINION, topic=OPINION)


def _burst(p: _Plan) -> None:
    n = round(0.8 * p.world.strengths["burst"] * len(p.members))
    rows = p.start(p.some(n), Act.BURST, at=burst_times(p.rng, n), topic=BURST)
    p.boost(shared := p.repeat(rows, 0.8), p.followers(p.authors(shared)), 3_000)
    if n:
        p.start(np.full(3, HALL), Act.NEWS, at=clock.BURST_AT + np.array([1_500, 9_000, 80_000]), topic=BURST)


def burst_times(rng: np.random.Generator, n: int) -> Ints:
    """Most in the first hours, none after two days."""
    return clock.BURST_AT + np.minimum(rng.exponential(5 * 3600, n), clock.BURST_S - 1).astype(np.int64)


def _likes(p: _Plan, sheet: Rows) -> tuple[Ints, Ints]:
    """Likes by those who gave their archive; the thankless are not even liked for their help."""
    likeable = (sheet["act"] != Act.BOOST) & (sheet["look"] < Look.DIRECT) & (sheet["author"] >= 0)
    likeable &= ~((sheet["act"] == Act.ANSWER) & p.world.thankless[sheet["author"]])
    rows = p.repeat(np.flatnonzero(likeable), LIKES)
    who = p.followers(sheet["author"][rows].astype(np.int64))
    keep = p.world.donated[who] & (who != sheet["author"][rows])
    pairs = np.unique(who[keep] * np.int64(len(sheet) + 1) + rows[keep])
    return pairs // (len(sheet) + 1), pairs % (len(sheet) + 1)


def _shares(weights: Floats) -> Floats:
    return weights * (1.0 / float(weights.sum()))
