"""What becomes of questions: to the town hall, and of help that neighbours give."""

from collections.abc import Callable, Mapping

import numpy as np

from kring.town import clock
from kring.town.sheet import BOT, HALL, Act, Draft, Ints
from kring.town.world import World

SPREAD = 0.9
"""Standard deviation of the logarithm of the town hall's delays."""
MEDIANS_S = {"mastodon": 9_000, "mastodon-direct": 14_400, "list": 32_400, "mail": 93_600}
"""The town hall's median delay in each channel, with `slowness` 1."""


def resolve(
    rng: np.random.Generator, draft: Draft, world: World, asks: Ints, channel: str, neighbour: Callable[[Ints], Ints] | None, bots: bool
) -> Ints:
    """Answers (or not) these questions to the town hall; gives the rows in which neighbours helped. `neighbour` finds somebody who can
    see the question; None where nobody can."""
    s, n = world.strengths, len(asks)
    ours, fate = rng.random(n) < s["answering"], rng.random(n)
    first, second = s["neighbours"], s["neighbours"] + s["self_answers"]
    third = second + s["bot_answers"]
    answered = draft.under(asks[ours], _delays(rng, int(ours.sum()), channel, s), HALL, Act.HALL_ANSWER)
    alone = asks[~ours & (fate >= first) & (fate < second)]
    draft.under(alone, clock.later(rng, len(alone), 90_000), draft[alone]["author"].astype(np.int64), Act.SELF_ANSWER)
    if bots:
        machine = asks[(~ours & (fate >= second) & (fate < third)) | (ours & (rng.random(n) < s["bot_answers"]))]
        draft.under(machine, rng.integers(20, 60, len(machine)), BOT, Act.BOT_ANSWER)
    grateful = answered[rng.random(len(answered)) < 0.6 * s["thanks"]]
    draft.under(grateful, clock.later(rng, len(grateful), 7_200), draft[draft[grateful]["parent"]]["author"].astype(np.int64), Act.THANKS)
    if neighbour is None:
        return np.zeros(0, np.int64)
    helped = asks[(~ours & (fate < first)) | (ours & (rng.random(n) < 0.4 * s["neighbours"]))]
    return help_with(rng, draft, helped, neighbour(draft[helped]["author"].astype(np.int64)), 18_000)


def _delays(rng: np.random.Generator, n: int, channel: str, strengths: Mapping[str, float]) -> Ints:
    if strengths["slowness"] == 0:
        return rng.integers(20, 60, n)
    return clock.later(rng, n, MEDIANS_S[channel] * strengths["slowness"], SPREAD)


def help_with(rng: np.random.Generator, draft: Draft, asks: Ints, helper: Ints, median_s: float) -> Ints:
    """Neighbours answer; nobody answers himself here."""
    other = helper != draft[asks]["author"]
    return draft.under(asks[other], clock.later(rng, int(other.sum()), median_s), helper[other], Act.ANSWER)


def thank(rng: np.random.Generator, draft: Draft, world: World, helps: Ints) -> None:
    """Those who asked thank for a share of the help; everybody who helps is thanked at least once, but for the thankless."""
    if world.strengths["thanks"] == 0 or len(helps) == 0:
        return
    oldest_first = helps[np.argsort(draft[helps]["at"], kind="stable")]
    _, first = np.unique(draft[oldest_first]["author"], return_index=True)
    chosen = rng.random(len(helps)) < world.strengths["thanks"]
    chosen[first] = True
    chosen &= ~world.thankless[draft[oldest_first]["author"]]
    rows = oldest_first[chosen]
    asker = draft[draft[rows]["parent"]]["author"].astype(np.int64)
    draft.under(rows, clock.later(rng, len(rows), 5_400), asker, Act.THANKS)


def questions(rng: np.random.Generator, draft: Draft, world: World, author: Ints, **more: Ints | int) -> Ints:
    """New questions to the town hall."""
    n = len(author)
    return draft.start(
        clock.draw(rng, n, world.strengths["rhythm"]),
        author,
        Act.HALL_ASK,
        rng.integers(0, more.pop("n_subjects"), n),
        world.language[author],
        to=HALL,
        marked=(rng.random(n) >= world.strengths["unmarked"]).astype(np.int64),
        **more,
    )
