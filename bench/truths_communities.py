"""Do we find groups that are there, and none where there are none? Curves over the strength of planted groups, as a table for the method page.

python bench/truths_communities.py                 the table of docs/questions/which-groups-are-there.md: some ten minutes
python bench/truths_communities.py --seeds 5       a rougher one
python bench/truths_communities.py --nothing 400   more networks without groups

Strength is the chance that a tie is drawn within its group, beyond those that fall there by chance. Networks without groups: the same with
strength 0, and the networks with groups after all their ties were swapped (`graph.null_models`), which keeps everybody's number of ties.
"""

import argparse

import numpy as np

from kring.graph.null_models import rewired
from kring.measures.communities import communities
from kring.measures.partitions import nmi
from kring.measures.saying import wilson
from planted import planted
from timed import table

KINDS = {
    "equal groups": {"groups": 6},
    "unequal groups, hubs": {"groups": 6, "unequal": True, "hubs": True},
    "many small groups": {"groups": 20},
}
STRENGTHS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
PEOPLE, CONTACTS = 400, 10


def found(graph, seed):
    """How many groups, and the group of each person, -1 for none."""
    said = communities(graph, seed=seed)
    group = np.full(graph.n, -1)
    for k, finding in enumerate(f for f in said if f.name == "community_size"):
        group[list(finding.row_ids)] = k
    return next(f.value for f in said if f.name == "communities" and not f.by), group


def with_groups(seeds):
    rows = []
    for kind, how in KINDS.items():
        for strength in STRENGTHS:
            alike, firm, number = [], [], []
            for seed in range(seeds):
                graph, known = planted(PEOPLE, CONTACTS, strength=strength, seed=seed, **how)
                n, group = found(graph, seed + 1)
                if n:
                    alike.append(nmi(known[group >= 0], group[group >= 0]))
                    firm.append(float((group >= 0).mean()))
                number.append(n)
            seen = sum(n > 0 for n in number)
            words = (f"{np.mean(alike):.2f}", f"{np.mean(firm):.0%}", f"{np.median([n for n in number if n]):.0f}") if seen else ("–",) * 3
            rows.append([kind, f"{strength:.1f}", f"{seen} of {seeds}", words[2], words[1], words[0]])
    table(["groups planted", "strength", "groups found in", "how many", "people in one firmly", "NMI with what was planted"], rows)


def without_groups(n):
    rows = []
    for kind, how in KINDS.items():
        for name, strength in (("strength 0", 0.0), ("strength 0.7, ties swapped", 0.7)):
            false = 0
            for seed in range(n):
                graph, _ = planted(PEOPLE, CONTACTS, strength=strength, seed=1000 + seed, **how)
                graph = rewired(graph, seed=seed).graph if strength else graph
                false += found(graph, seed + 1)[0] > 0
            low, high = wilson(false, n)
            rows.append([kind, name, f"{false} of {n}", f"{false / n:.1%} ({low:.1%}–{high:.1%})"])
    table(["networks without groups, of people like", "", "groups were found in", "false alarms"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--nothing", type=int, default=200)
    asked = parser.parse_args()
    with_groups(asked.seeds)
    without_groups(asked.nothing)
