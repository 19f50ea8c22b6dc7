"""Reach, and the search from 512 nodes at once, beside what a user would pick instead: one run, medians, results compared.

python bench/reach.py                            R-MAT, 17 million pairs: some 32 million arcs
python bench/reach.py --scale 23 --pairs 130_000_000
python bench/reach.py --network g/               a graph that `kring graph build` made

A team of 1,000 drawn by chance, and whom it reaches within three steps. igraph and NetworKit hold all arcs and one node more, with an arc to each
of the team, from which they search once: the quickest they can. The version in numpy is what one would write by hand. Single searches of igraph
and NetworKit are timed for some of the 512 and multiplied; as each takes one core, that is divided by the cores, as if spreading cost nothing.
"""

import argparse
import os
import time
from pathlib import Path
from statistics import median

import numpy as np

from kring.graph import folder
from kring.graph.around import around
from kring.graph.build import from_pairs
from kring.graph.search import SOURCES, levels
from kring.graph.ways import ways
from kring.measures.reach import reach
from networks import rmat
from timed import machine, table

CORES = len(os.sched_getaffinity(0))
STEPS = 3


def timed(what, times=1):
    """The median time of what it does, and what it gave last."""
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        given = what()
        took.append(time.perf_counter() - begin)
    return median(took), given


def by_numpy(graph, team):
    """Frontiers as arrays: the neighbours of all that were new in the last step."""
    seen = np.zeros(graph.n, bool)
    seen[team] = True
    front, found = team, []
    for _ in range(STEPS):
        degree = graph.offsets[front + 1] - graph.offsets[front]
        begin = np.repeat(graph.offsets[front] - np.concatenate(([0], np.cumsum(degree)[:-1])), degree)
        near = np.unique(graph.targets[begin + np.arange(len(begin))])
        front = near[~seen[near]].astype(np.int64)
        seen[front] = True
        found.append(len(front))
    return found


class Igraph:
    """A graph in igraph, and one node more before the team."""

    name = "igraph"

    def __init__(self, source, target, n):
        import igraph

        self.n, self.graph = n, igraph.Graph(n=n + 1, edges=np.stack((source, target), axis=1), directed=True)

    def reach(self):
        return self.graph.neighborhood_size(self.n, STEPS + 1, mode="out") - 1

    def steps(self, node):
        return self.graph.distances(node, mode="out")[0][: self.n]


class Networkit:
    """The same in NetworKit."""

    name = "NetworKit"

    def __init__(self, source, target, n):
        import networkit

        self.n, self.bfs = n, networkit.distance.BFS
        self.graph = networkit.graph.GraphFromCoo((source.astype(np.uint64), target.astype(np.uint64)), n=n + 1, directed=True)

    def _from(self, node):
        search = self.bfs(self.graph, node, storePaths=False)
        search.run()
        return np.asarray(search.getDistances())

    def reach(self):
        return int((self._from(self.n) <= STEPS + 1).sum()) - 1

    def steps(self, node):
        return self._from(node)[: self.n]


def others(graph, team):
    """The peers, with the graph; none (nor numpy) where it would need too much memory."""
    if graph.n_arcs > 60_000_000:
        return []
    source = np.concatenate((np.repeat(np.arange(graph.n), np.diff(graph.offsets)), np.full(len(team), graph.n)))
    target = np.concatenate((graph.targets.astype(np.int64), team))
    return [peer(source, target, graph.n) for peer in (Igraph, Networkit)]


def compare_reach(graph, found, team, peers, rounds):
    around(found, team[:1], STEPS)
    base, ours = timed(lambda: around(found, team, STEPS).found.tolist(), rounds)
    rows = [["kring", f"{base:.3f}", "1", f"{sum(ours):,}"]]
    if peers:
        took, theirs = timed(lambda: by_numpy(graph, team), min(rounds, 3))
        assert theirs == ours, (theirs, ours)
        rows.append(["numpy", f"{took:.3f}", f"{took / base:.1f}", f"{sum(theirs):,}"])
    for peer in peers:
        took, reached = timed(peer.reach, min(rounds, 3))
        assert reached - len(team) == sum(ours), (peer.name, reached, ours)
        rows.append([peer.name, f"{took:.3f}", f"{took / base:.1f}", f"{reached - len(team):,}"])
    table([f"union of {len(team):,} within {STEPS} steps", "s", "ratio", "people reached"], rows)


def compare_members(graph, team, rounds):
    reach(graph, people=team[:2])
    together, _ = timed(lambda: reach(graph, people=team, together=True), rounds)
    took, given = timed(lambda: reach(graph, people=team), min(rounds, 3))
    told = {finding.name: finding.value for finding in given if not finding.by}
    table(
        ["kring measure reach", "s", ""],
        [
            ["the team together", f"{together:.2f}", f"{told['reach_1']:,}, {told['reach_2']:,}, {told['reach_3']:,} people"],
            ["and each of its members: own and marginal", f"{took:.2f}", f"overlap {told['overlap_3']:,}"],
        ],
    )


def compare_search(graph, found, peers, rounds, singles):
    sources = np.random.default_rng(2).integers(0, graph.n, SOURCES)
    levels(found, sources[:1], depth=1)
    base, ours = timed(lambda: levels(found, sources), rounds)
    rows = [["kring, together", f"{base:.2f}", "1", f"{ours.walked / base / 1e6:.0f} million arcs walked a second"]]
    for peer in peers:
        took = []
        for k in range(singles):
            one, steps = timed(lambda peer=peer, k=k: peer.steps(int(sources[k])))
            steps = np.asarray(steps)
            assert [int((steps == d + 1).sum()) for d in range(len(ours.found))] == ours.found[:, k].tolist(), (peer.name, k)
            took.append(one)
        whole = median(took) * SOURCES / CORES
        rows.append(
            [f"{peer.name}, one by one", f"{whole:.1f}", f"{whole / base:.0f}", f"{median(took):.3f} s each on one core; distances equal"]
        )
    table([f"search from {SOURCES}", "s", "ratio", ""], rows)


def main():
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    about.add_argument("--network", type=Path)
    about.add_argument("--scale", type=int, default=20)
    about.add_argument("--pairs", type=int, default=17_000_000)
    about.add_argument("--team", type=int, default=1_000)
    about.add_argument("--rounds", type=int, default=5)
    about.add_argument("--singles", type=int, default=8)
    asked = about.parse_args()
    print(machine())
    took, graph = timed(
        lambda: (
            folder.open(asked.network)
            if asked.network
            else from_pairs(*rmat(asked.scale, asked.pairs, 1), n=1 << asked.scale, directed=False)
        )
    )
    print(f"{graph.n:,} people, {graph.n_arcs:,} arcs, {'directed' if graph.directed else 'both ways'}; there in {took:.2f} s\n")
    team = np.random.default_rng(1).permutation(graph.n)[: asked.team]
    found, peers = ways(graph), others(graph, team)
    compare_reach(graph, found, team, peers, asked.rounds)
    compare_members(graph, team, asked.rounds)
    compare_search(graph, found, peers, asked.rounds, asked.singles)


if __name__ == "__main__":
    main()
