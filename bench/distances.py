"""Exact distances beside what a user would pick instead, both in one run: medians of five, machine and command printed.

python bench/distances.py FILE…        (network files; MIT8.edgelist and astro-ph.graph are the usual ones)
python bench/distances.py --networkx … (also NetworkX, which takes minutes)
"""

import platform
import shlex
import sys
import time
from os import cpu_count
from pathlib import Path
from statistics import median

import igraph

from kring.graph.build import sources_of, undirected
from kring.graph.files import read
from kring.measures.distances import distances

ROUNDS = 5


def timed(what, rounds=ROUNDS):
    """The median time of what it does, after one round to compile, and what it gave."""
    what()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        result = what()
        times.append(time.perf_counter() - begin)
    return median(times), result


def ours(graph):
    return next(f.value for f in distances(graph) if f.name == "mean_distance")


def with_networkx(graph):
    import networkx

    other = networkx.Graph(zip(sources_of(graph).tolist(), graph.targets.tolist()))
    largest = other.subgraph(max(networkx.connected_components(other), key=len)).copy()
    return lambda: networkx.average_shortest_path_length(largest)


def compare(file, also_networkx):
    graph = undirected(read(file.name, lambda: file.open("rb")).graph)
    other = igraph.Graph(n=graph.n, edges=list(zip(sources_of(graph).tolist(), graph.targets.tolist()))).simplify()
    largest = other.connected_components().giant()
    print(f"\n{file.name}: {graph.n} people, {graph.n_ties} ties")
    base, mean = timed(lambda: ours(graph))
    print(f"  kring      {base:9.3f} s   mean {mean:.6f}   (all figures, largest component found within the time)")
    took, value = timed(lambda: largest.average_path_length(), 3)
    print(f"  igraph     {took:9.3f} s   mean {value:.6f}   {took / base:6.1f} times as long")
    if also_networkx:
        run = with_networkx(graph)
        begin = time.perf_counter()
        value = run()
        took = time.perf_counter() - begin
        print(f"  networkx   {took:9.3f} s   mean {value:.6f}   {took / base:6.1f} times as long (one round)")


def main(words):
    files = [Path(word) for word in words if word != "--networkx"]
    if not files:
        sys.exit(__doc__)
    print(f"{platform.machine()}, {platform.processor() or platform.system()}, {cpu_count()} cores, Python {platform.python_version()}")
    print("python bench/distances.py", shlex.join(words))
    for file in files:
        compare(file, "--networkx" in words)


if __name__ == "__main__":
    main(sys.argv[1:])
