"""Communities beside igraph called by hand, in one run: a division by Leiden, from the same arrays of ties; and whole measures on large networks.

python bench/communities.py FILE…               networks of the repository's shared data (astro-ph.graph, PGPgiantcompo.graph, MIT8.edgelist …)
python bench/communities.py --ties 10_000_000   planted groups and R-MAT, with so many ties; igraph too with --igraph
python bench/communities.py --null 20 FILE      and the same with random networks

Time is the processors' (all threads together) and the wall's. igraph is given what a careful user would give it: its graph made from one array
of numpy, two rounds of Leiden for modularity, which is its default. Ours is a division too: from our graph, two rounds, one thread.
"""

import argparse
import time

import igraph
import numpy as np

from kring.graph.build import from_pairs, like, sources_of, undirected
from kring.graph.leiden import leiden, modularity
from kring.measures.communities import communities
from kring.verbs.measure import read_network
from networks import rmat
from planted import planted
from timed import machine, table


def timed(what):
    """What it gives, and the seconds of the processors and of the wall."""
    wall, cpu = time.perf_counter(), time.process_time()
    given = what()
    return given, time.process_time() - cpu, time.perf_counter() - wall


def by_igraph(graph):
    source, target = sources_of(graph), graph.targets
    once = source < target
    network = igraph.Graph(n=graph.n, edges=np.column_stack((source[once], target[once])).astype(np.int64))
    return network, network.community_leiden("modularity", n_iterations=2)


def compared(name, graph, with_igraph):
    group, cpu, wall = timed(lambda: leiden(graph, weighted=False))
    row = [name, f"{graph.n:,}", f"{graph.n_ties:,}", f"{cpu:.2f} ({wall:.2f})", f"{modularity(graph, group, weighted=False):.4f}"]
    if not with_igraph:
        return [*row, "–", "–", "–"]
    (_, found), theirs, their_wall = timed(lambda: by_igraph(graph))
    return [*row, f"{theirs:.2f} ({their_wall:.2f})", f"{found.modularity:.4f}", f"{theirs / cpu:.1f}"]


def networks(asked):
    for file in asked.files:
        yield file.rpartition("/")[2], like(undirected(read_network(file)), weights=None)
    if asked.ties:
        n = asked.ties // 10
        yield "planted groups, hubs", planted(n, 21, 300, 0.7, 1, unequal=True, hubs=True)[0]
        yield "R-MAT", like(from_pairs(*rmat(int(np.log2(n)) + 1, int(asked.ties * 1.06), 1), directed=False), weights=None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*")
    parser.add_argument("--ties", type=lambda text: int(text.replace("_", "")), default=0)
    parser.add_argument("--igraph", action="store_true")
    parser.add_argument("--null", type=int, default=0)
    asked = parser.parse_args()
    print(machine(), end="\n\n")
    small, _ = planted(200, 8, 4, 0.8, 1)
    communities(small, null_models=2)  # compiles
    divided, whole = [], []
    for name, graph in networks(asked):
        divided.append(compared(name, graph, asked.igraph or bool(asked.files)))
        found, cpu, wall = timed(lambda graph=graph: {f.name: f.value for f in communities(graph, null_models=asked.null) if not f.by})
        whole.append([name, f"{graph.n_ties:,}", f"{cpu:.1f}", f"{wall:.1f}", str(found["communities"]), f"{found['stability']:.2f}"])
    head = ["one division", "people", "ties", "Kring s (wall)", "modularity", "igraph s (wall)", "modularity", "times as fast"]
    table(head, divided)
    table([f"the whole measure, {asked.null} random networks", "ties", "processor s", "wall s", "groups", "stability"], whole)


if __name__ == "__main__":
    main()
