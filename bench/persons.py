"""How many of the accounts that are one person's are suggested, and how many of the suggestions are right, on towns whose truth is known.

    python bench/persons.py [--seeds 5] [--people 400] [--work DIR]

Three towns: as it is by itself; a hard one (a quarter of the accounts under other names, one in twenty people a namesake, one in five
telephones shared with the family); and one in which nobody has two accounts. A link is counted for each account of a person beyond the
first: so many suggestions would join them. Intervals are Wilson's, over the links of all seeds.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import kring
from kring import town
from kring.kring import Circle, Suggestion
from kring.measures.saying import wilson
from timed import machine, table

TOWNS: Mapping[str, Mapping[str, float]] = {
    "as it is": {},
    "hard": {"aliases": 0.25, "namesakes": 0.05, "family_phone": 0.2},
    "nobody has two": {"several": 0.0},
}
BINS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 1.0)
HALL = "Gemeente Waterdrecht"


@dataclass(frozen=True)
class Judged:
    """A suggestion, and whether it is right."""

    suggestion: Suggestion
    right: bool


@dataclass(frozen=True)
class Town:
    """What was suggested in a town, whatever its probability, and how many links there are to find."""

    judged: tuple[Judged, ...]
    accounts: int
    links: int

    def at_least(self, p: float) -> tuple[Judged, ...]:
        return tuple(each for each in self.judged if each.suggestion.p >= p)


def judge(circle: Circle, truth: Mapping[str, list[dict[str, dict[str, str]]]]) -> Town:
    """Holds what is suggested in a town's circle against its truth."""
    whose = owners(truth)
    mine = {id: whose[key(id)] for person in circle.people(limit=None) for id in person.accounts if key(id) in whose}
    many = Counter(mine.values())
    judged = [Judged(each, mine.get(each.accounts[0], "?") == mine.get(each.accounts[1])) for each in circle.suggest(least=0.0, limit=None)]
    return Town(tuple(judged), len(mine), sum(many.values()) - len(many))


def owners(truth: Mapping[str, list[dict[str, dict[str, str]]]]) -> dict[str, str]:
    """The person of each account, by what a network calls it."""
    found: dict[str, str] = {}
    for person in truth["people"]:
        accounts = person["accounts"]
        names = [f"mail:{accounts[each]}" for each in ("mail", "list") if each in accounts]
        names += [f"forum:{accounts['forum']}"] if "forum" in accounts else []
        names += [f"mastodon:{accounts['mastodon'].rpartition('/')[2]}".lower()] if "mastodon" in accounts else []
        names += [f"whatsapp:{chat}/{name}" for chat, name in person.get("chats", {}).items()]
        found |= dict.fromkeys(names, str(person["id"]))
    return found


def key(id: str) -> str:
    """The same of an account in a circle."""
    network, _, rest = id.partition(":")
    if network == "stackexchange":
        return f"forum:{rest.rpartition('/')[2]}"
    return f"mastodon:{rest.partition('@')[0]}" if network == "mastodon" else id


def made(work: Path, people: int, seed: int, strengths: Mapping[str, float]) -> Town:
    """A new town, read into a new circle."""
    folder = work / f"{seed}-{len(list(work.iterdir()))}"
    town.build(folder, people=people, seed=seed, strengths=strengths)
    with kring.new(folder / "circle", zone="Europe/Amsterdam") as circle:
        circle.import_(folder / "exports")
        circle.us_add(named=HALL)
        return judge(circle, json.loads((folder / "truth.json").read_text(encoding="utf-8")))


def share(k: int, n: int) -> str:
    low, high = wilson(k, n) if n else (0.0, 1.0)
    return f"{k / n:.1%} ({low:.1%} to {high:.1%})" if n else "none"


def calibration(judged: Iterable[Judged]) -> list[tuple[str, ...]]:
    """For each range of probability: how many were suggested with it, how sure they were, how many were right."""
    rows: list[tuple[str, ...]] = []
    everything = list(judged)
    for low, high in pairwise(BINS):
        some = [each for each in everything if low <= each.suggestion.p < high]
        if some:
            sure = sum(each.suggestion.p for each in some) / len(some)
            rows.append((f"{low:g} to {high:g}", f"{len(some):,}", f"{sure:.1%}", share(sum(each.right for each in some), len(some))))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--least", type=float, default=0.8, help="how sure a suggestion is at least")
    parser.add_argument("--work", type=Path, default=None, help="where to put what is made; removed afterwards")
    options = parser.parse_args()
    rows, everything = [], []
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        for name, strengths in TOWNS.items():
            towns = [made(Path(work), options.people, seed, strengths) for seed in range(1, options.seeds + 1)]
            suggested = [each for one in towns for each in one.at_least(options.least)]
            right, links = sum(each.right for each in suggested), sum(one.links for one in towns)
            accounts = sum(one.accounts for one in towns)
            rows.append((name, f"{accounts:,}", f"{links:,}", f"{len(suggested):,}", share(right, len(suggested)), share(right, links)))
            everything += [each for one in towns for each in one.judged]
    print(f"{machine()}\n")
    table(("town", "accounts", "links to find", "suggested", "of these right", "of the links found"), rows)
    table(("said to be sure", "pairs", "mean", "right"), calibration(everything))


if __name__ == "__main__":
    main()
