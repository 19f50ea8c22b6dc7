"""An overview of a network of ten million ties, without posts: how long it takes, and beside it what takes longest in igraph.

python bench/overview.py            R-MAT, 2^20 people, 10.5 million pairs: some ten million directed ties
python bench/overview.py --scale 16 --pairs 500_000 --peer
"""

import argparse
import time

from kring.graph.build import from_pairs, sources_of, undirected
from kring.measures.overview import overview
from networks import rmat
from timed import machine, table

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=int, default=20)
    parser.add_argument("--pairs", type=lambda text: int(text.replace("_", "")), default=10_500_000)
    parser.add_argument("--peer", action="store_true", help="igraph: core numbers, clustering and components of the same network")
    asked = parser.parse_args()
    overview(from_pairs([0, 1, 2], [1, 2, 0], directed=True))  # compiled, once for a machine
    graph = from_pairs(*rmat(asked.scale, asked.pairs, 1), n=1 << asked.scale, directed=True)
    print(f"{machine()}\n\n{graph.n:,} people, {graph.n_ties:,} directed ties\n")
    begin, used = time.perf_counter(), time.process_time()
    found = {f.name: f.value for f in overview(graph)}
    rows = [["Kring, the whole overview", f"{time.perf_counter() - begin:.1f} s", f"{time.process_time() - used:.1f} s"]]
    if asked.peer:
        import igraph

        both = undirected(graph)
        ends = sources_of(both), both.targets
        once = ends[0] < ends[1]
        other = igraph.Graph(n=both.n, edges=list(zip(ends[0][once].tolist(), ends[1][once].tolist())))
        begin, used = time.perf_counter(), time.process_time()
        theirs = (max(other.coreness()), other.transitivity_undirected(), max(other.components().sizes()) / both.n)
        rows.append(["igraph, core, clustering, components", f"{time.perf_counter() - begin:.1f} s", f"{time.process_time() - used:.1f} s"])
        mine = (found["k_core"], found["transitivity"], found["largest_component_share"])
        assert all(abs(a - b) < 1e-9 for a, b in zip(mine, theirs)), (mine, theirs)
    table(["", "time", "of the processors"], rows)
