"""Illusion beside what a user would write with NetworkX, in one run: the same figures from one network, and how long they take.

python bench/illusion.py            R-MAT, a million pairs
python bench/illusion.py --scale 20 --pairs 10_000_000 --without-peer
"""

import argparse
import time

import numpy as np

from kring.graph.build import from_pairs, like, sources_of
from kring.measures.illusion import illusion
from networks import rmat
from timed import machine, table


def timed(what):
    """How long it takes on the clock, and of the processors; and what it gives."""
    begin, used = time.perf_counter(), time.process_time()
    given = what()
    return [f"{time.perf_counter() - begin:.1f} s", f"{time.process_time() - used:.1f} s"], given


def by_networkx(other, has):
    """Strict majority, friendship paradox: the loops of the papers' own scripts."""
    sees = [node for node in other if other.degree(node)]
    strict = sum(2 * sum(has[there] for there in other[node]) > other.degree(node) for node in sees) / len(sees)
    more = sum(np.mean([other.degree(there) for there in other[node]]) > other.degree(node) for node in sees) / len(sees)
    return strict, more


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=int, default=17)
    parser.add_argument("--pairs", type=lambda text: int(text.replace("_", "")), default=1_000_000)
    parser.add_argument("--without-peer", action="store_true")
    asked = parser.parse_args()
    graph = from_pairs(*rmat(asked.scale, asked.pairs, 1), n=1 << asked.scale, directed=False)
    has = np.random.default_rng(1).random(graph.n) < 0.1
    graph = like(graph, labels={"hat": np.where(has, "yes", "no").astype(object)})
    illusion(like(graph), label="hat", null_models=1, shuffles=1)
    print(f"{machine()}\n\n{graph.n:,} people, {graph.n_ties:,} ties\n")
    rows = []
    ways = {"what is seen": (0, 0), "and 399 deals": (0, 399), "and 39 random networks": (39, 399)}
    for name, (networks, deals) in ways.items():
        took, found = timed(lambda networks=networks, deals=deals: illusion(graph, label="hat", null_models=networks, shuffles=deals))
        rows.append([f"Kring, {name}", *took])
    mine = {f.name: f.value for f in found}
    if not asked.without_peer:
        import networkx

        other = networkx.Graph()
        other.add_nodes_from(range(graph.n))
        other.add_edges_from(zip(sources_of(graph).tolist(), graph.targets.tolist()))
        took, (strict, more) = timed(lambda: by_networkx(other, has.tolist()))
        assert abs(strict - mine["majority_strict"]) < 1e-12
        assert abs(more - mine["friendship_paradox"]) < 1e-3
        rows.append(["NetworkX, what is seen (majority and paradox only), once", *took])
    table(["", "time", "of the processors"], rows)
