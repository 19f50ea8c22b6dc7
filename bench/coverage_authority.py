"""How often the interval of a row of `authority` holds: credit of one helper, against its mean over all that could have happened.

python bench/coverage_authority.py [how many]
"""

import sys

import numpy as np

import planted_help
from kring.measures.apprentices import lasting
from kring.measures.helping import Help, credit, from_graph
from kring.measures.saying import wilson


def main(times: int) -> None:
    print("| people helped, in the mean | holds |")
    print("|---|---|")
    said: dict[int, list[tuple[float, float, float]]] = {}
    for seed in range(times):
        draw = np.random.default_rng(seed)
        for expected in (1, 3, 10, 30):
            found = credit(one_period(draw, expected), None)
            if found.people[0]:
                said.setdefault(expected, []).append((float(found.value[0]), float(found.low[0]), float(found.high[0])))
            else:
                said.setdefault(expected, []).append((0.0, 0.0, 0.0))
    for expected, rows in said.items():
        value, low, high = np.array(rows).T
        there = value > 0
        holds = int(((low <= value.mean()) & (value.mean() <= high))[there].sum())
        ends = wilson(holds, int(there.sum()))
        print(f"| {expected} | {holds / there.sum():.1%} ({ends[0]:.1%}–{ends[1]:.1%}) |", flush=True)
    false = sum(bool(lasting(by_chance(seed))) for seed in range(times // 4))
    ends = wilson(false, times // 4)
    print(
        f"\nPairs named where who helps whom is chance: in {false / (times // 4):.1%} ({ends[0]:.1%}–{ends[1]:.1%}) of {times // 4} networks"
    )


def one_period(draw: np.random.Generator, expected: int) -> Help:
    """Helper 0 among 400 people who also help each other: whom she helps, who thanks and who helps back is chance."""
    n = 400
    others = np.arange(1, n)
    mine = others[draw.random(n - 1) < 1 - np.exp(-expected / (n - 1))]
    back = mine[draw.random(len(mine)) < 0.2]
    rest = np.unique(draw.integers(1, n, (1_000, 2)), axis=0)
    rest = rest[rest[:, 0] != rest[:, 1]]
    asker = np.concatenate((mine, np.zeros(len(back), np.int64), rest[:, 0]))
    helper = np.concatenate((np.zeros(len(mine), np.int64), back, rest[:, 1]))
    ones, never = np.ones(len(asker), np.int64), np.zeros(len(asker), np.int64)
    return Help(n, asker, helper, ones, draw.random(len(asker)) < 0.5, never, never, True, True)


def by_chance(seed: int) -> Help:
    """2,000 acts of help over a year by chance: some ask much, some help much."""
    draw = np.random.default_rng(seed)
    graph, _ = planted_help.helped(seed, people=60, each=30, strength=1.0)
    help = from_graph(graph, turned=False)
    year = 365 * 86_400_000_000
    return Help(
        help.n, help.asker, help.helper, help.times, help.praised, draw.integers(0, year // 10, len(help.asker)),
        np.full(len(help.asker), year), False, True,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
