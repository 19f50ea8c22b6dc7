"""What `trust` makes of made networks in which it is known who is real: a table for docs/questions/whom-can-we-trust.md.

python bench/truths_trust.py [how many networks for each line]
"""

import sys
from collections.abc import Iterator
from itertools import product

import numpy as np

import planted_trust
from kring.graph.admission import capacities, gain_at
from kring.graph.build import sources_of
from kring.measures.trust import trust

PEOPLE = 500
MOST = (800, 120)
"""How many each of the five who are sure can bring in: far more than there are, or hardly enough."""
CASES = ((0, 0), (100, 0), (100, 1), (1_000, 1), (10_000, 1), (100, 2), (1_000, 2), (100, 5), (1_000, 5), (100, 20), (1_000, 20))


def lines(times: int) -> Iterator[str]:
    yield "| `--most` | fakes | attack edges | fakes let in (most) | at most, by the bound | real people let in | fakes' share of trust | … nobody named |"
    yield "|---|---|---|---|---|---|---|---|"
    for most, (fakes, edges) in product(MOST, CASES):
        got, bound, real, held, open_to_all = np.array([one(seed, fakes, edges, most) for seed in range(times)]).T
        assert (got <= bound).all()
        yield (
            f"| {most} | {fakes:,} | {edges} | {got.mean():.1f} ({got.max():.0f}) | {bound.mean():.1f} | {real.mean() / PEOPLE:.1%} "
            f"| {held.mean():.2%} | {open_to_all.mean():.0%} |"
        )


def one(seed: int, fakes: int, edges: int, most: int) -> tuple[float, float, float, float, float]:
    """Fakes let in, how many at most, real people let in, the fakes' share of the trust from those named, and from everybody."""
    graph, seeds = planted_trust.attacked(seed, people=PEOPLE, fakes=fakes, edges=edges)
    named = {f.name: f for f in trust(graph, people=seeds, most=most)}
    everybody = {f.name: f for f in trust(graph)}
    inside = {int(row) for row in named["accepted"].row_ids}
    steps = {row.row: int(row.value or 0) for row in named["accepted"].rows if not isinstance(row, int | str)}
    source = sources_of(graph)
    misled = source[(source < PEOPLE) & (graph.targets >= PEOPLE)].tolist()
    room = capacities(most, 4.0)
    nearest = min((steps.get(v, len(room)) for v in misled), default=0)
    bound = sum(gain_at(room, steps.get(v, len(room)), edges=misled.count(v), nearest=nearest) for v in set(misled))
    held = [
        sum(float(row.value or 0) for row in f["trust"].rows if not isinstance(row, int | str) and int(row.row) >= PEOPLE)
        for f in (named, everybody)
    ]
    return sum(v >= PEOPLE for v in inside), bound, sum(v < PEOPLE for v in inside), held[0] / graph.n, held[1] / graph.n


if __name__ == "__main__":
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else 20):
        print(line, flush=True)
