"""The neighbours' help list: who asks, who helps, whether those who were helped go on to help others, and what the town hall owes."""

import heapq
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kring.town import clock, hall
from kring.town.sheet import HALL, Act, Draft, Ints, Rows
from kring.town.talk import N_SUBJECTS
from kring.town.world import Floats, World

FEWEST = 8
"""Members; with fewer there is no list."""
ASKS, HALL_ASKS = 4.0, 0.25
"""Questions of each member; requests of the town hall for each member."""
SOON_S, FRESH_S = 18_000, clock.DAY_S
"""Median delay until somebody who was helped helps another; nearly always that is within a day."""
LAST_REQUEST_AT = clock.UNTIL - 28 * clock.DAY_S
"""Of the town hall: what it owes at the end of the two years is not owed because they ended."""
MOST_STEPS, LATEST = 5, 10
"""How often a favour is passed on at most; among how many of the latest questions somebody looks for one to answer."""


class Asks(NamedTuple):
    """The questions, in order of time."""

    at: Ints
    asker: Ints


@dataclass(frozen=True, slots=True)
class Favours:
    """All that is asked and given."""

    members: Ints
    sheet: Rows
    owed: Ints
    """Who helped the town hall and never heard from it on this list."""


def plan(world: World, members: Ints) -> Favours:
    """The list's two years."""
    rng, draft = np.random.default_rng((world.seed, 16)), Draft()
    if len(members) < FEWEST:
        return Favours(members[:0], draft.finish(), members[:0])
    eager = np.exp(0.5 * rng.standard_normal(len(members)))
    n = int(ASKS * len(members))
    at = np.sort(clock.draw(rng, n, world.strengths["rhythm"]))
    asker = members[rng.choice(len(members), n, p=eager / eager.sum())]
    question, delay, helper = _helps(rng, members, eager / eager.sum(), Asks(at, asker), world.strengths["passed_on"])
    asks = draft.start(at, asker, Act.ASK, rng.integers(0, N_SUBJECTS, n), world.language[asker], marked=1)
    hall.thank(rng, draft, world, draft.under(asks[question], delay, helper, Act.ANSWER))
    owed = _for_us(rng, draft, world, members)
    return Favours(members, draft.finish(), owed)


def _helps(rng: np.random.Generator, members: Ints, eager: Floats, asks: Asks, passed_on: float) -> tuple[Ints, Ints, Ints]:
    """Question, delay and helper of each help: one for each question, by anybody; and those by people who were just helped themselves.

    Whoever was helped answers, as often as `passed_on` says and within hours, the latest question that another than their helper asked.
    """
    n = len(asks.at)
    first = _another(members[rng.choice(len(members), n, p=eager)], asks.asker, members)
    coming = [(int(at), k, int(who), 0) for k, (at, who) in enumerate(zip(asks.at + clock.later(rng, n, 15_000), first))]
    heapq.heapify(coming)
    helps: list[tuple[int, int, int]] = []
    helped_with: set[tuple[int, int]] = set()
    while coming:
        at, k, helper, nth = heapq.heappop(coming)
        if (k, helper) in helped_with:
            continue
        helped_with.add((k, helper))
        helps.append((k, at - int(asks.at[k]), helper))
        whom = int(asks.asker[k])
        if nth < MOST_STEPS and rng.random() < passed_on:
            later = at + int(clock.later(rng, 1, SOON_S)[0])
            last = int(np.searchsorted(asks.at, later)) - 1
            others = [q for q in range(last, max(-1, last - LATEST), -1) if asks.asker[q] not in (whom, helper)]
            if others:
                heapq.heappush(coming, (later, others[0], whom, nth + 1))
    question, delay, who = np.array(helps, np.int64).reshape(-1, 3).T
    return question, delay, who


def _another(helper: Ints, asker: Ints, members: Ints) -> Ints:
    """The helper, or the next member where that is the asker himself."""
    following = members[(np.searchsorted(members, helper) + 1) % len(members)]
    return np.where(helper == asker, following, helper)


def _for_us(rng: np.random.Generator, draft: Draft, world: World, members: Ints) -> Ints:
    """The town hall asks for help too; it thanks those who give it, but for a share `owing` of them, whom it never answers."""
    n = max(3, int(HALL_ASKS * len(members)))
    at, language = clock.draw(rng, n, world.strengths["rhythm"]), rng.integers(0, len(world.languages), n)
    at = np.where(at < LAST_REQUEST_AT, at, at - 8 * 7 * clock.DAY_S)
    wanted = draft.start(at, HALL, Act.NEED, rng.integers(0, N_SUBJECTS, n), language)
    givers = rng.permutation(members[~world.thankless[members]])[: max(3, len(members) // 3)]
    owed = givers[rng.random(len(givers)) < world.strengths["owing"]]
    who = rng.choice(givers, 2 * n)
    given = draft.under(np.repeat(wanted, 2), clock.later(rng, 2 * n, 20_000), who, Act.ANSWER)
    thanked = given[~np.isin(who, owed)]
    draft.under(thanked, clock.later(rng, len(thanked), 20_000), HALL, Act.THANKS)
    return np.intersect1d(owed, who)
