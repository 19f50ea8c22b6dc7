"""The letters club: pairs who write to each other for a while, or once only, and people who write to the town hall until they leave it."""

from dataclasses import dataclass

import numpy as np

from kring.town import clock
from kring.town.sheet import HALL, Act, Draft, Ints, Rows
from kring.town.talk import N_SUBJECTS
from kring.town.world import Flags, World

PARTNERS = 1.2
"""Pairs for each member."""
HALF_LIFE_S, WITH_US_S = 120 * clock.DAY_S, 180 * clock.DAY_S
"""After which half of the pairs write no more, with `fading` 1; and half of those who write to the town hall, with `leaving` 1."""
EVERY_S, EVENLY = 21 * clock.DAY_S, 4.0
"""Mean time between two exchanges of a pair, and how even it is: shape of a gamma distribution."""
LAST_AT = clock.UNTIL - 3 * clock.DAY_S
"""Nobody begins an exchange after that: it could not be seen to the end."""
BEGINNING = 0.75
"""Share of the two years in which pairs begin."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who writes to whom, and how long: a row for each pair."""

    one: Ints
    other: Ints
    start: Ints
    end: Ints
    """When they first and last had written both; for those who go on, the last time before the two years are over."""
    goes_on: Flags
    """Their time was not over with the two years."""
    lasting: Flags
    """The others wrote once only, and never meant to do more."""


@dataclass(frozen=True, slots=True)
class Letters:
    """All that is said in the club."""

    members: Ints
    pairs: Pairs
    sheet: Rows


def plan(world: World, members: Ints) -> Letters:
    """The club's two years."""
    rng, draft = np.random.default_rng((world.seed, 14)), Draft()
    one, other = _pairs(rng, members, int(PARTNERS * len(members)))
    callers = rng.permutation(members)[: max(2, len(members) // 3)] if len(members) else members
    n, both = len(one), len(one) + len(callers)
    with_us = np.arange(both) >= n
    one, other = np.concatenate([one, callers]), np.concatenate([other, np.full(len(callers), HALL)])
    lasting = with_us | (rng.random(both) >= world.strengths["one_night"])
    lifetime = _lifetimes(rng, n, HALF_LIFE_S, world.strengths["fading"]), _lifetimes(rng, both - n, WITH_US_S, world.strengths["leaving"])
    begin = clock.SINCE + clock.DAY_S + (rng.random(both) * BEGINNING * (clock.UNTIL - clock.SINCE)).astype(np.int64)
    over = begin + np.where(lasting, np.concatenate(lifetime), 0)
    times = [_exchanges(rng, *span) for span in zip(begin.tolist(), over.tolist())]
    pair = np.repeat(np.arange(both), [len(some) for some in times])
    _write(rng, draft, world, one[pair], other[pair], np.concatenate([*times, np.zeros(0, np.int64)]))
    spans = [(some[0], some[-1]) for some in times]
    start, end = np.array(spans, np.int64).reshape(-1, 2).T
    goes_on = over > LAST_AT
    return Letters(members, Pairs(one, other, start, end, goes_on, lasting), draft.finish())


def _pairs(rng: np.random.Generator, members: Ints, n: int) -> tuple[Ints, Ints]:
    """Distinct pairs, drawn evenly."""
    if len(members) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    one, other = rng.integers(0, len(members), n), rng.integers(1, len(members), n)
    other = (one + other) % len(members)
    keys = np.unique(np.minimum(one, other) * len(members) + np.maximum(one, other))
    return members[keys // len(members)], members[keys % len(members)]


def _lifetimes(rng: np.random.Generator, n: int, half_life_s: float, hazard: float) -> Ints:
    """Exponential; longer than the two years where nobody leaves."""
    drawn = rng.exponential(half_life_s / np.log(2), n)
    return (drawn / hazard).astype(np.int64) if hazard else np.full(n, 2 * (clock.UNTIL - clock.SINCE))


def _exchanges(rng: np.random.Generator, begin: int, over: int) -> Ints:
    """When they have written both: first and last exactly where their time begins and is over, unless that is after the two years."""
    stop = min(over, LAST_AT)
    gaps = rng.gamma(EVENLY, EVERY_S / EVENLY, 2 + int(4 * max(0, stop - begin) / EVERY_S))
    between = begin + np.cumsum(gaps).astype(np.int64)
    last = [over] if begin < over == stop else []
    return np.array([begin, *between[between < stop - clock.DAY_S].tolist(), *last], np.int64)


def _write(rng: np.random.Generator, draft: Draft, world: World, one: Ints, other: Ints, at: Ints) -> None:
    """An exchange: a letter, its answer, and a word back, the answer at the time that was planned; none of it is a question."""
    turned = (rng.random(len(one)) < 0.5) & (other >= 0)
    first, second = np.where(turned, other, one), np.where(turned, one, other)
    before = rng.integers(3_600, clock.DAY_S, len(at))
    subject = rng.integers(0, N_SUBJECTS, len(at))
    rows = draft.start(at - before, first, np.where(second == HALL, Act.TOLD, Act.REMARK).astype(np.int64), subject, world.language[first])
    answers = draft.under(rows, before, second, np.where(second == HALL, Act.HALL_ANSWER, Act.REPLY).astype(np.int64))
    draft.under(answers, rng.integers(600, 7_200, len(at)), first, np.where(second == HALL, Act.THANKS, Act.REPLY).astype(np.int64))
