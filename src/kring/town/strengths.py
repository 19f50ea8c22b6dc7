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
        "contented": 0.75,  # share of those whom the content minority follow that are of their kind; 0: a minority strewn among the others
        "one_night": 0.4,  # share of the letters club's pairs who write to each other once only
        "fading": 1.0,  # how fast the other pairs end: with 1 half of them after 120 days; 0: none ends
        "leaving": 1.0,  # how fast people stop writing to the town hall in that club: with 1 half of them after 180 days; 0: nobody
        "broker": 0.9,  # share of the pairs across the two hamlets that one person is part of
        "passed_on": 0.5,  # share of those helped on the neighbours' list who help another within hours
        "owing": 0.4,  # share of those who help the town hall there whom it never answers
        "authority": 1.0,  # how much a few quiet people help on the forum: 1 is 24 answers each, accepted by people of every quarter
        "ring": 3,  # how often each of four people asks each other one there, is answered, and praises it; 0: no ring
        "puppets": 8,  # accounts there that exist to praise one helper
        "apprentices": 4,  # pairs there in which one keeps asking the other about one subject
        "vouches": 1.0,  # how many people on the server vouch for others: 1 is five each; 0: nobody, nor fakes
        "let_down": 0.1,  # share of the people who let others down, and are rated so
        "fakes": 40,  # fake accounts that vouch for each other
        "attack_edges": 1,  # people who were taken in and vouch for a fake
        "burst": 1.0,  # the day the bridge got stuck: 0 it never did
    }
)
COUNTS = {"ring": 10, "puppets": 1_000, "apprentices": 100, "fakes": 100_000, "attack_edges": 1_000}
"""How many of something there are, and at most."""
FACTORS = dict.fromkeys(("slowness", "burst", "traps", "fading", "leaving", "authority", "vouches"), 10)
"""More than the usual is possible."""


def complete(given: Mapping[str, float] | None) -> dict[str, float]:
    """Every strength, the given ones in place of the usual ones."""
    strengths = dict(USUAL)
    for name, value in (given or {}).items():
        if name not in USUAL:
            raise ValueError(f"The town has no strength called {name!r}. There are: {', '.join(USUAL)}.")
        most = (COUNTS | FACTORS).get(name, 1)
        if not 0 <= value <= most or (name in COUNTS and value != int(value)):
            whole = "whole number" if name in COUNTS else "number"
            raise ValueError(f"The strength {name!r} can't be {value}: give a {whole} from 0 to {most:,}.")
        strengths[name] = float(value)
    return strengths
