"""The neighbours' help list: who asks, who helps, whether those who were helped go on to help others, and what the town hall owes."""

from dataclasses import dataclass

import numpy as np

from kring.town import clock, hall
from kring.town.sheet import HALL, Act, Draft, Ints, Rows
from kring.town.talk import N_SUBJECTS
from kring.town.world import World

FEWEST = 8
"""Members; with fewer there is no list."""
ASKS, HALL_ASKS = 4.0, 0.25
"""Questions of each member; requests of the town hall for each member."""
FRESH_S = 30 * clock.DAY_S
"""So long does a favour move somebody to help another."""


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
    delay = clock.later(rng, n, 15_000)
    helper = _helpers(rng, members, eager / eager.sum(), asker, at, delay, world.strengths["passed_on"])
    asks = draft.start(at, asker, Act.ASK, rng.integers(0, N_SUBJECTS, n), world.language[asker], marked=1)
    hall.thank(rng, draft, world, draft.under(asks, delay, helper, Act.ANSWER))
    owed = _for_us(rng, draft, world, members)
    return Favours(members, draft.finish(), owed)


def _helpers(rng: np.random.Generator, members: Ints, eager: Ints, asker: Ints, at: Ints, delay: Ints, passed_on: float) -> Ints:
    """Who answers each question: as often as `passed_on` says somebody who was helped himself of late, not by the asker; else anybody."""
    moved: list[tuple[int, int, int]] = []
    helper = np.empty_like(asker)
    for k, (who, when, passes, anybody) in enumerate(
        zip(asker.tolist(), at.tolist(), (rng.random(len(at)) < passed_on).tolist(), rng.choice(len(members), len(at), p=eager).tolist())
    ):
        moved = [each for each in moved if when - each[0] < FRESH_S]
        ready = [each for each in moved if each[0] < when and who not in each[1:]]
        if passes and ready:
            helper[k] = ready[0][1]
            moved.remove(ready[0])
        else:
            helper[k] = members[anybody] if members[anybody] != who else members[(anybody + 1) % len(members)]
        moved.append((when + int(delay[k]), who, int(helper[k])))
    return helper


def _for_us(rng: np.random.Generator, draft: Draft, world: World, members: Ints) -> Ints:
    """The town hall asks for help too; it thanks those who give it, but for a share `owing` of them, whom it never answers."""
    n = max(3, int(HALL_ASKS * len(members)))
    at, language = clock.draw(rng, n, world.strengths["rhythm"]), rng.integers(0, len(world.languages), n)
    wanted = draft.start(at, HALL, Act.NEED, rng.integers(0, N_SUBJECTS, n), language)
    givers = rng.permutation(members)[: max(3, len(members) // 3)]
    owed = givers[rng.random(len(givers)) < world.strengths["owing"]]
    who = rng.choice(givers, 2 * n)
    given = draft.under(np.repeat(wanted, 2), clock.later(rng, 2 * n, 20_000), who, Act.ANSWER)
    thanked = given[~np.isin(who, owed)]
    draft.under(thanked, clock.later(rng, len(thanked), 20_000), HALL, Act.THANKS)
    return np.intersect1d(owed, who)
