"""Help on the forum that was planned: a few quiet people who help many, masters and apprentices; and those who only make it look so."""

from dataclasses import dataclass

import numpy as np

from kring.town import clock
from kring.town.sheet import Act, Draft, Ints, Rows
from kring.town.talk import N_SUBJECTS
from kring.town.world import World

HELPS, PRAISED, LESSONS = 24, 3, 12
"""Questions that each quiet helper answers with `authority` 1; that each sock puppet asks; that each apprentice asks."""
RING = 4
"""People who praise each other."""
FEWEST = 30
"""People on the forum; among fewer nothing is planned."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who plays which part, and what they ask and answer; `side` 1 marks an answer that is to be accepted."""

    quiet: Ints
    ring: Ints
    praised: int | None
    """Whom the sock puppets thank."""
    puppets: int
    """How many accounts; the first has the number after the last resident's."""
    masters: Ints
    apprentices: Ints
    subjects: Ints
    """What each apprentice learns."""
    sheet: Rows


def plan(world: World) -> Authority:
    """Their questions, answers and thanks in the two years; nothing where nobody answers on the forum."""
    rng, draft, s = np.random.default_rng((world.seed, 11)), Draft(), world.strengths
    members = world.members(world.on_forum & ~world.thankless)
    if len(members) < FEWEST or not s["forum_answers"]:
        empty = members[:0]
        return Authority(empty, empty, None, 0, empty, empty, empty, draft.finish())
    quiet = _quiet(rng, world, members) if s["authority"] else members[:0]
    others = rng.permutation(np.setdiff1d(members, quiet))
    ring = others[:RING] if s["ring"] else others[:0]
    puppets, pairs = int(s["puppets"]), min(int(s["apprentices"]), (len(others) - RING - 1) // 2)
    praised, masters, apprentices = others[RING : RING + 1], others[RING + 1 :][:pairs], others[RING + 1 + pairs :][:pairs]
    subjects = rng.integers(0, N_SUBJECTS, pairs)
    asker, helper, subject = _help(rng, world, quiet, others[RING + 1 + 2 * pairs :] if pairs else others[RING + 1 :])
    one, other = (ends.ravel() for ends in np.meshgrid(ring, ring))
    in_ring = np.flatnonzero(one != other).repeat(int(s["ring"]))
    fake = np.arange(world.n, world.n + puppets).repeat(PRAISED)
    parts = (
        (asker, helper, subject),
        (one[in_ring], other[in_ring], _any(rng, len(in_ring))),
        (fake, np.repeat(praised, len(fake)), _any(rng, len(fake))),
        (apprentices.repeat(LESSONS), masters.repeat(LESSONS), subjects.repeat(LESSONS)),
    )
    _say(rng, draft, world, *(np.concatenate(column) for column in zip(*parts)))
    return Authority(quiet, ring, int(praised[0]) if puppets else None, puppets, masters, apprentices, subjects, draft.finish())


def _any(rng: np.random.Generator, n: int) -> Ints:
    return rng.integers(0, N_SUBJECTS, n)


def _quiet(rng: np.random.Generator, world: World, members: Ints) -> Ints:
    """A few whom few follow; those on the server first, where it can be seen that few do."""
    followers = np.where(world.on_server, world.follows.in_degree(), world.n)[members]
    few = members[np.argsort(followers, kind="stable")][: max(6, len(members) // 4)]
    return np.sort(rng.permutation(few)[: int(np.clip(len(members) // 60, 2, 6))])


def _help(rng: np.random.Generator, world: World, quiet: Ints, askers: Ints) -> tuple[Ints, Ints, Ints]:
    """Each quiet helper is asked by people of every quarter in turn, by as many different ones as there are."""
    helps = round(HELPS * world.strengths["authority"])
    asked = []
    for _ in quiet.tolist():
        some = rng.permutation(askers)
        nth = np.zeros(len(some), np.int64)
        for quarter in range(world.n_quarters):
            mine = world.quarter[some] == quarter
            nth[mine] = np.arange(int(mine.sum()))
        asked.append(np.resize(some[np.argsort(nth, kind="stable")], helps))
    asker = np.concatenate(asked) if asked else askers[:0]
    return asker, quiet.repeat(helps), _any(rng, len(asker))


def _say(rng: np.random.Generator, draft: Draft, world: World, asker: Ints, helper: Ints, subject: Ints) -> None:
    """Each question is answered, each answer accepted and most of them thanked for, unless nobody thanks in this town."""
    n, thanks = len(asker), world.strengths["thanks"]
    language = np.append(world.language, np.zeros(max(0, int(asker.max(initial=0)) + 1 - world.n), np.int64))[asker]
    asks = draft.start(clock.draw(rng, n, world.strengths["rhythm"]), asker, Act.ASK, subject, language, marked=1)
    answers = draft.under(asks, clock.later(rng, n, 14_000), helper, Act.ANSWER, side=int(thanks > 0))
    grateful = rng.random(n) < (0.8 if thanks else 0)
    draft.under(answers[grateful], clock.later(rng, int(grateful.sum()), 5_400), asker[grateful], Act.THANKS, side=-1)
