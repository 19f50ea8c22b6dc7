"""The polder's list: two hamlets that talk among themselves, and what passes between them, most of it through one person."""

from dataclasses import dataclass

import numpy as np

from kring.town import clock
from kring.town.sheet import Act, Draft, Ints, Rows
from kring.town.talk import N_SUBJECTS
from kring.town.world import World

FEWEST = 8
"""People in a hamlet; with fewer there is no list."""
KNOWS, ACROSS, TALKS = 6, 0.5, 2
"""Whom each talks with in his own hamlet; pairs across for each person of a hamlet; conversations of a pair."""


@dataclass(frozen=True, slots=True)
class Hamlets:
    """Who lives where, who goes between, and all that is said."""

    hamlet: tuple[Ints, Ints]
    broker: int | None
    """None where nobody was chosen."""
    across: tuple[Ints, Ints]
    """The pairs of two hamlets: of the first, of the second."""
    sheet: Rows


def plan(world: World, members: Ints) -> Hamlets:
    """The list's two years; with `broker` 1 all that passes between the hamlets passes through one person, with 0 through anybody."""
    rng, draft = np.random.default_rng((world.seed, 15)), Draft()
    half = len(members) // 2
    if half < FEWEST:
        empty = np.zeros(0, np.int64)
        return Hamlets((empty, empty), None, (empty, empty), draft.finish())
    here, there = members[:half], members[half : 2 * half]
    ours, theirs = rng.permutation(here), rng.permutation(there)
    n = int(ACROSS * half)
    through = rng.random(n) < world.strengths["broker"]
    across = np.where(through, ours[0], ours[1 : 1 + n]), theirs[:n]
    inside = [_ring_and_chance(rng, some) for some in (ours, theirs)]
    one, other = (np.concatenate([*(pairs[k] for pairs in inside), across[k]]) for k in (0, 1))
    _talk(rng, draft, world, np.repeat(one, TALKS), np.repeat(other, TALKS))
    return Hamlets((here, there), int(ours[0]) if world.strengths["broker"] else None, across, draft.finish())


def _ring_and_chance(rng: np.random.Generator, some: Ints) -> tuple[Ints, Ints]:
    """Who talks with whom in a hamlet: each with the next, so that nobody is alone, and with others by chance."""
    one = np.concatenate([np.arange(len(some)), rng.integers(0, len(some), (KNOWS // 2 - 1) * len(some))])
    step = np.concatenate([np.ones(len(some), np.int64), rng.integers(2, len(some) - 1, (KNOWS // 2 - 1) * len(some))])
    other = (one + step) % len(some)
    _, once = np.unique(np.minimum(one, other) * len(some) + np.maximum(one, other), return_index=True)
    return some[one[once]], some[other[once]]


def _talk(rng: np.random.Generator, draft: Draft, world: World, one: Ints, other: Ints) -> None:
    turned = rng.random(len(one)) < 0.5
    first, second = np.where(turned, other, one), np.where(turned, one, other)
    at = clock.draw(rng, len(one), world.strengths["rhythm"])
    rows = draft.start(at, first, Act.REMARK, rng.integers(0, N_SUBJECTS, len(one)), world.language[first])
    answers = draft.under(rows, clock.later(rng, len(rows), 15_000), second, Act.REPLY)
    back = rng.random(len(rows)) < 0.7
    draft.under(answers[back], clock.later(rng, int(back.sum()), 15_000), first[back], Act.REPLY)
