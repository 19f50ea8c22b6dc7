"""What `authority` makes of made networks in which it is known who is helpful: two tables for docs/questions/who-helps.md.

python bench/truths_authority.py [how many networks for each line]
"""

import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

import planted_help
from kring.graph.arrays import Graph
from kring.graph.flow import flow
from kring.measures.helping import credit, from_graph, rank_correlation

PEOPLE, EACH = 500, 6
CASES = (("puppets", 10), ("puppets", 100), ("puppets", 1_000), ("a crowd of puppets", 100), ("a crowd of puppets", 1_000))
AMONG_PEOPLE = (("a ring of ten", 9), ("favours for favours", 20))


def value_of(graph: Graph) -> NDArray[np.float64]:
    return credit(from_graph(graph, turned=False), None).value


def strengths(times: int) -> Iterator[str]:
    yield "| how much people differ | credit and helpfulness go together | helpful tenth among those with most credit | … by chance |"
    yield "|---|---|---|---|"
    for strength in (0.0, 0.25, 0.5, 1.0, 1.5):
        rho, top = [], []
        for seed in range(times):
            graph, helpful = planted_help.helped(seed, people=PEOPLE, each=EACH, strength=strength)
            value = value_of(graph)
            rho.append(rank_correlation(value, helpful)[0] if strength else 0.0)
            tenth = PEOPLE // 10
            best = np.argsort(-helpful)[:tenth] if strength else np.random.default_rng(seed).choice(PEOPLE, tenth, replace=False)
            top.append(len(np.intersect1d(best, np.argsort(-value, kind="stable")[:tenth])) / tenth)
        yield f"| {strength:g} | {f'{np.mean(rho):.2f}' if strength else '–'} | {np.mean(top):.0%} | 10% |"


def attacks(times: int) -> Iterator[str]:
    yield "| attack | credit before | after | place of 500 before | after | after, by people helped | after, by PageRank |"
    yield "|---|---|---|---|---|---|---|"
    for attack, size in (*CASES, *AMONG_PEOPLE):
        rows = []
        for seed in range(times):
            graph, _ = planted_help.helped(seed, people=PEOPLE, each=EACH, strength=1.0)
            after, attacker = planted_help.attacked(graph, attack, size, seed)
            before, value = value_of(graph), value_of(after)
            counted = np.bincount(after.targets, minlength=after.n).astype(np.float64)
            rows.append(
                (
                    before[attacker],
                    value[attacker],
                    *(1 + (of[:PEOPLE] > of[attacker]).sum() for of in (before, value, counted, flow(after))),
                )
            )
        mean = np.array(rows, float).mean(axis=0)
        yield f"| {attack}, {size:,} | {mean[0]:.1f} | {mean[1]:.1f} | {mean[2]:.0f} | {mean[3]:.0f} | {mean[4]:.0f} | {mean[5]:.0f} |"


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for line in (*strengths(n), "", *attacks(n)):
        print(line, flush=True)
