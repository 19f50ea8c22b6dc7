"""Who vouches for whom on the town's server: people for people they follow; and fake accounts for each other, behind few who were taken in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kring.town import clock
from kring.town.called import NICKNAMES
from kring.town.sheet import Ints
from kring.town.world import World

Flags = NDArray[np.bool_]
EACH = 5.0
"""For how many each vouches with `vouches` 1, if he follows so many."""
PRE_TRUSTED = 5
FAIR, LET_DOWN = 0.97, 0.85
"""Share of the ratings of honest people that are good; of those who let others down, that are bad."""
FEWEST = 20
"""People on the server; among fewer nobody vouches."""
FIRST_FAKE_AT = clock.SINCE + 400 * clock.DAY_S


@dataclass(frozen=True, slots=True)
class Vouches:
    """Who rated whom, how and when, in order of time; the numbers of fake accounts come after those of the people."""

    people: Ints
    """Those of the server, of whom some vouch."""
    fakes: Ints
    let_down: Ints
    """People who let others down: most of their ratings are bad."""
    pre_trusted: Ints
    source: Ints
    target: Ints
    rating: Ints
    """From -10 to 10, never 0; a vouch is above 0."""
    at: Ints

    def is_attack(self, first_fake: int) -> Flags:
        """Which are vouches of people for fakes."""
        attack: Flags = (self.source < first_fake) & (self.target >= first_fake)
        return attack


def plan(world: World) -> Vouches:
    """All ratings of the two years; none with `vouches` 0."""
    rng, s = np.random.default_rng((world.seed, 17)), world.strengths
    people, ties = world.members(world.on_server), world.all_follows
    if len(people) < FEWEST or not s["vouches"]:
        none = people[:0]
        return Vouches(none, none, none, none, none, none, none, none)
    many = np.bincount(ties.source, minlength=world.n)
    chosen = rng.random(len(ties.source)) < s["vouches"] * EACH / np.maximum(1, many[ties.source])
    source, target = ties.source[chosen], ties.target[chosen]
    bad = np.zeros(world.n, np.bool_)
    bad[people] = rng.random(len(people)) < s["let_down"]
    good = rng.random(len(source)) < np.where(bad[target], 1 - LET_DOWN, FAIR)
    rating = np.where(good, rng.integers(1, 11, len(source)), -rng.integers(1, 11, len(source)))
    at = clock.draw(rng, len(source), s["rhythm"])
    esteem = np.bincount(target[good], minlength=world.n)
    pre_trusted = np.sort(people[np.argsort(-np.where(bad, -1, esteem)[people], kind="stable")][:PRE_TRUSTED])
    fakes = np.arange(world.n, world.n + int(s["fakes"]))
    honest = np.setdiff1d(people[~bad[people]], pre_trusted)
    columns = (source, target, rating, at), _of_fakes(rng, fakes, honest), _attack(rng, fakes, honest, int(s["attack_edges"]))
    source, target, rating, at = (np.concatenate(column) for column in zip(*columns))
    order = np.lexsort((target, source, at))
    return Vouches(people, fakes, np.flatnonzero(bad), pre_trusted, source[order], target[order], rating[order], at[order])


def _of_fakes(rng: np.random.Generator, fakes: Ints, honest: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Each vouches for the next five fakes as highly as can be, and for two people, to look like one of them."""
    n = len(fakes)
    steps = np.arange(1, min(5, max(0, n - 1)) + 1)
    each, step = (column.ravel() for column in np.meshgrid(np.arange(n), steps))
    near = fakes[each] if n else fakes, fakes[(each + step) % max(1, n)] if n else fakes
    far = fakes.repeat(2), rng.choice(honest, 2 * n) if n else fakes
    _, once = np.unique(far[0] * (1 + int(far[1].max(initial=0))) + far[1], return_index=True)
    source, target = np.concatenate([near[0], far[0][once]]), np.concatenate([near[1], far[1][once]])
    rating = np.where(target >= fakes.min(initial=np.iinfo(np.int64).max), 10, 6)
    return source, target, rating, FIRST_FAKE_AT + rng.integers(0, 30 * clock.DAY_S, len(source))


def _attack(rng: np.random.Generator, fakes: Ints, honest: Ints, n: int) -> tuple[Ints, Ints, Ints, Ints]:
    """People who were taken in by a fake, each a different one as far as there are."""
    n = min(n, len(honest)) if len(fakes) else 0
    source = rng.permutation(honest)[:n]
    return source, fakes[np.arange(n) % max(1, len(fakes))], np.full(n, 8), FIRST_FAKE_AT + rng.integers(0, 30 * clock.DAY_S, n)


def fake_handle(number: int) -> str:
    """A handle that no resident has: those end in another number, or none."""
    return f"{NICKNAMES[number % len(NICKNAMES)].lower().replace(' ', '')}{number + 5_000_000}"
