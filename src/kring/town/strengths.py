"""The planted effects of the town by name, each with its usual strength; zero takes the effect away."""

from collections.abc import Mapping
from types import MappingProxyType

USUAL: Mapping[str, float] = MappingProxyType(
    {
        "communities": 0.7,  # share of ties that are looked for in one's own quarter or club
        "reciprocity": 0.45,  # share of the pairs in which both follow each other
        "opinion": 0.2,  # share of the people on the town's server who hold the minority opinion
        "hubs": 0.9,  # how much that opinion sits with the much-followed: 0 anybody, 1 exactly the most followed
        "polarisation": 0.9,  # share of the boosts and replies on a divided topic that are looked for in one's own camp
        "answering": 0.7,  # share of the questions to the town hall that it answers
        "slowness": 1.0,  # factor on the town hall's delays; 0: within the minute
        "neighbours": 0.4,  # of the public questions the town hall leaves: share that a neighbour answers
        "self_answers": 0.1,  # … share that only the asker himself replies to
        "bot_answers": 0.15,  # … share that only a bot replies to
        "unmarked": 0.1,  # share of the questions to the town hall that hold no question mark
        "traps": 0.1,  # messages to the town hall with a question mark in a link or quotation only, for each question
        "forum_answers": 0.9,  # share of the forum's questions that somebody else answers
        "thanks": 0.6,  # share of help that is thanked; above 0, whoever helps is thanked at least once, but for:
        "thankless": 0.3,  # share of the most helpful people whom nobody ever thanks
        "rhythm": 1.0,  # hours, weekdays and seasons: 0 flat, 1 as people live
        "several": 1.0,  # share of the people who are on as many networks as they like; the others are on one only
        "aliases": 0.15,  # share of the accounts that go by another name or handle than their owner's
        "namesakes": 0.02,  # share of the people who bear the name of somebody in another quarter
        "family_phone": 0.0,  # share of the telephones in the festival's chat that somebody else of the family uses there; 0: no such chat
        "burst": 1.0,  # the day the bridge got stuck: 0 it never did
    }
)
AT_MOST_ONE = frozenset(USUAL) - {"slowness", "burst", "traps"}


def complete(given: Mapping[str, float] | None) -> dict[str, float]:
    """Every strength, the given ones in place of the usual ones."""
    strengths = dict(USUAL)
    for name, value in (given or {}).items():
        if name not in USUAL:
            raise ValueError(f"The town has no strength called {name!r}. There are: {', '.join(USUAL)}.")
        if not 0 <= value <= (1 if name in AT_MOST_ONE else 10):
            raise ValueError(f"The strength {name!r} can't be {value}: give a number from 0 to {1 if name in AT_MOST_ONE else 10}.")
        strengths[name] = float(value)
    return strengths
