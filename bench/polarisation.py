"""Scores of polarisation beside what a user would pick instead: the same graph, one run, medians, results compared.

python bench/polarisation.py                     5,000 people, 25,000 ties
python bench/polarisation.py --large             and ours alone on 10 million ties

Beside networkx with the loops that one writes around it, and netsegpol where it is installed (it is no dependency, and its licence is for
noncommercial use). Where they draw walks, 100,000 are drawn, for an error of some 0.003;
ours counts them out. netpol has none of these scores.
"""

import argparse
import random
import time
from statistics import median

import networkx
import numpy as np

from camps import camps
from kring.graph import sides
from kring.graph.halves import in_two
from kring.measures.polarisation import polarisation
from timed import machine, table

SHARE = 0.3
WALKS = 100_000


def timed(what, times):
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        given = what()
        took.append(time.perf_counter() - begin)
    return median(took), given


class Networkx:
    """networkx, and plain loops where it has no such function."""

    name = "networkx and loops"

    def __init__(self, pairs, code):
        self.graph = networkx.Graph(pairs)
        self.graph.add_nodes_from(range(len(code)))
        self.side = dict(enumerate(code))
        networkx.set_node_attributes(self.graph, self.side, "side")
        self.halves = [{v for v in self.side if self.side[v] == k} for k in (0, 1)]

    def modularity(self):
        return networkx.community.modularity(self.graph, self.halves)

    def label_assortativity(self):
        return networkx.attribute_assortativity_coefficient(self.graph, "side")

    def ei(self):
        return 1 - 2 * sum(self.side[v] != self.side[u] for v, u in self.graph.edges) / self.graph.number_of_edges()

    def adaptive_ei(self):
        inside = [networkx.density(self.graph.subgraph(half)) for half in self.halves]
        across = networkx.cut_size(self.graph, *self.halves) / (len(self.halves[0]) * len(self.halves[1]))
        return (sum(inside) - 2 * across) / (sum(inside) + 2 * across)

    def boundary(self):
        across = {v: [u for u in self.graph[v] if self.side[u] != self.side[v]] for v in self.graph}
        terms = []
        for v in self.graph:
            inner = sum(self.side[u] == self.side[v] and not across[u] for u in self.graph[v])
            if across[v] and inner:
                terms.append(inner / (inner + len(across[v])) - 0.5)
        return sum(terms) / len(terms)

    def _seeds(self, share):
        return [set(sorted(half, key=self.graph.degree, reverse=True)[: int(share * len(half))]) for half in self.halves]

    def rwc(self):
        seeds, starts = self._seeds(SHARE), [[v for v in half if self.graph.degree(v)] for half in self.halves]
        either = seeds[0] | seeds[1]
        ended = [[0, 0], [0, 0]]
        near = {v: list(self.graph[v]) for v in self.graph}
        for k in range(WALKS):
            v = random.choice(starts[k % 2])
            v = random.choice(near[v])
            while v not in either:
                v = random.choice(near[v])
            ended[k % 2][v in seeds[1]] += 1
        (aa, ab), (ba, bb) = ended
        return (aa * bb - ba * ab) / ((aa + ba) * (ab + bb))

    def dipole(self):
        seeds = self._seeds(sides.DIPOLE_SHARE)
        opinion = dict.fromkeys(self.graph, 0.0) | dict.fromkeys(seeds[0], 1.0) | dict.fromkeys(seeds[1], -1.0)
        free = [v for v in self.graph if v not in seeds[0] | seeds[1] and self.graph.degree(v)]
        moved = 1.0
        while moved > 1e-5:
            new = opinion | {v: sum(opinion[u] for u in self.graph[v]) / self.graph.degree(v) for v in free}
            moved = max(abs(new[v] - opinion[v]) for v in free)
            opinion = new
        above, below = [x for x in opinion.values() if x > 0], [x for x in opinion.values() if x < 0]
        return (1 - abs(len(above) - len(below)) / len(opinion)) * (sum(above) / len(above) - sum(below) / len(below)) / 2


class Netsegpol:
    """netsegpol's scores of the same names."""

    name = "netsegpol"

    def __init__(self, pairs, code):
        from netsegpol import Measurer

        self._measurer = Measurer(pairs, dict(enumerate(code)), directed=False, safe_create=False)

    def modularity(self):
        return self._measurer.modularity_score()

    def ei(self):
        return self._measurer.krackhardt_ei()

    def boundary(self):
        return self._measurer.boundary_connectivity()

    def rwc(self):
        return self._measurer.random_walk_controversy(SHARE, 1, WALKS)

    def dipole(self):
        return self._measurer.dipole_polarization(sides.DIPOLE_SHARE)


def ours(graph, code):
    """What each score takes by itself; those of counts are found together."""
    counted = {
        name: lambda name=name: sides.mixing(code, sides.ends(graph, code))[name] for name in sides.SCORES if name not in sides.OF_TWO
    }
    return counted | {
        "rwc": lambda: sides.rwc(graph, code, SHARE),
        "boundary": lambda: sides.boundary(graph, sides.ends(graph, code)),
        "dipole": lambda: sides.dipole(graph, code, sides.DIPOLE_SHARE),
    }


def compare(graph, code, rounds):
    pairs = [(int(v), int(u)) for v in range(graph.n) for u in graph.targets[graph.offsets[v] : graph.offsets[v + 1]] if v < u]
    peers = [Networkx(pairs, code.tolist())]
    try:
        peers.append(Netsegpol(pairs, code.tolist()))
    except ImportError:
        print("netsegpol is not installed\n")
    mine = ours(graph, code)
    for each in mine.values():
        each()
    rows = []
    for name in sides.SCORES:
        took, value = timed(mine[name], 5 * rounds)
        row = [name, f"{1000 * took:.2f}", f"{value:.4f}"]
        for peer in peers:
            theirs = getattr(peer, name, None)
            if theirs is None:
                row += ["", "", ""]
                continue
            slow, found = timed(theirs, rounds)
            row += [f"{1000 * slow:.1f}", f"{slow / took:,.0f}", f"{found:.4f}"]
        rows.append(row)
    head = ["score", "kring, ms", "value"]
    for peer in peers:
        head += [f"{peer.name}, ms", "ratio", "value"]
    table(head, rows)
    whole, _ = timed(lambda: sides.scores(graph, code, seed_share=SHARE), 5 * rounds)
    found, _ = timed(lambda: in_two(graph), 5 * rounds)
    print(f"all seven together {1000 * whole:.1f} ms; two groups found in {1000 * found:.1f} ms\n")


def large():
    graph = camps(1_000_000, 20, 0.5, 1, powers=True)
    code = (np.arange(graph.n) >= graph.n / 2).astype(int)
    rows = []
    for what, does in (
        ("the seven scores of given groups", lambda: sides.scores(graph, code, seed_share=SHARE)),
        ("two groups found", lambda: in_two(graph)),
        ("kring measure polarisation, groups given, no random networks", lambda: polarisation(graph, label="camp", null_models=0)),
    ):
        wall, cpu = time.perf_counter(), time.process_time()
        does()
        rows.append([what, f"{time.perf_counter() - wall:.1f}", f"{time.process_time() - cpu:.1f}"])
    table([f"{graph.n:,} people, {graph.n_ties:,} ties", "s", "s of one core"], rows)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--large", action="store_true")
    given = asked.parse_args()
    print(machine(), "\n")
    graph = camps(5_000, 10, 0.5, 1, powers=True)
    compare(graph, (np.arange(graph.n) >= graph.n / 2).astype(int), given.rounds)
    if given.large:
        large()


if __name__ == "__main__":
    main()
