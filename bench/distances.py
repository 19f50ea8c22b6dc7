"""Distances beside what a user would pick instead, both in one run: medians, machine and command printed.

python bench/distances.py exact FILE…          exact, beside igraph (network files; MIT8.edgelist and astro-ph.graph are the usual ones)
python bench/distances.py speed rmat 24 125_000_000      HyperBall's rounds beside the floor of the memory, natural and shuffled order
python bench/distances.py speed hubby 16_777_216 125_000_000
python bench/distances.py peers rmat 21 16_000_000 [WEBGRAPH]   beside NetworKit, and `webgraph` of webgraph-cli
python bench/distances.py whole GRAPH                a graph folder of any size: a sample, HyperBall, time and peak memory
python bench/distances.py coverage                   how often the intervals hold the truth, in 2,000 networks and more
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from numba import njit

import networks
from kring.graph import hyperball
from kring.graph.arrays import Graph
from kring.graph.build import from_pairs, sources_of, undirected
from kring.graph.components import largest_component
from kring.graph.files import read
from kring.graph.slices import subgraph
from kring.graph.threads import each, n_threads
from kring.graph.vectors import fetch, lanes, pull, push
from kring.measures.distances import distances
from timed import MIB, machine, run, table

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


def exact(*files):
    import igraph

    rows = []
    for file in map(Path, files):
        graph = undirected(read(file.name, lambda file=file: file.open("rb")).graph)
        other = igraph.Graph(n=graph.n, edges=list(zip(sources_of(graph).tolist(), graph.targets.tolist()))).simplify()
        largest = other.connected_components().giant()
        base, mean = timed(lambda graph=graph: figure(distances(graph, method="exact"), "mean_distance").value)
        took, value = timed(lambda largest=largest: largest.average_path_length(), 3)
        assert abs(mean - value) < 1e-9
        rows.append([file.name, f"{graph.n:,}", f"{graph.n_ties:,}", f"{base:.3f}", f"{took:.2f}", f"{took / base:.0f}"])
    table(["network", "people", "ties", "Kring s", "igraph s", "times as long"], rows)


def figure(findings, name):
    return next(found for found in findings if found.name == name)


def made(kind, size, ties, seed=1):
    """An undirected graph, its nodes in an order that says nothing of who is tied to whom."""
    begin = time.perf_counter()
    size, ties = int(size), int(ties)
    source, target = networks.rmat(size, ties, seed) if kind == "rmat" else networks.hubby(size, ties, seed)
    graph = from_pairs(source, target, directed=False, n=1 << size if kind == "rmat" else size)
    graph = Graph(graph.offsets, graph.targets, directed=False)
    print(f"{kind}: {graph.n:,} nodes, {graph.n_arcs:,} arcs, made in {time.perf_counter() - begin:.0f} s", flush=True)
    return graph


@njit(nogil=True)
def _in_one(kind, lines, targets, into, begin, end):
    pull(kind, lines, 0, targets, begin, end, into)


@njit(nogil=True)
def _in_pieces(kind, lines, targets, into, begin, end):
    for arc in range(begin, end, 16):
        pull(kind, lines, 0, targets, arc, min(arc + 16, end), into)


@njit(nogil=True)
def _hashed(kind, lines, targets, into, begin, end):
    n = np.uint64(len(lines))
    for arc in range(begin, end):
        fetch(kind, lines, np.int64((np.uint64(arc + 24) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(20)) % n))
        push(kind, lines, np.int64((np.uint64(arc) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(20)) % n), into, 0)


def floor(lines, targets):
    """Uniformly random lines of these registers, the largest into a line of one's own, on all cores: lines a second, best of three ways."""
    kind, pieces = lanes(lines.shape[1]), 16 * n_threads()
    own = np.zeros((pieces, 1, lines.shape[1]), np.uint8)
    cut = np.linspace(0, len(targets), pieces + 1).astype(int)
    speeds = []
    for way in (_in_one, _in_pieces, _hashed):
        begin = time.perf_counter()
        each(lambda k, way=way: way(kind, lines, targets, own[k], cut[k], cut[k + 1]), pieces)
        speeds.append(len(targets) / (time.perf_counter() - begin))
    return max(speeds)


class Rounds:
    """Notes how long each round of HyperBall takes, and what share of the arcs led to lines that had changed."""

    def __init__(self):
        self.all = []
        self._round = hyperball._Run._round

    def __enter__(self):
        def noted(run, number):
            begin, hot = time.perf_counter(), run.hot
            done = self._round(run, number)
            self.all.append((number, done[0], hot / run.graph.n_arcs, time.perf_counter() - begin))
            return done

        hyperball._Run._round = noted
        return self

    def __exit__(self, *_):
        hyperball._Run._round = self._round


def shuffled(graph, seed=3):
    number = np.random.default_rng(seed).permutation(graph.n).astype(np.uint32)
    again = from_pairs(number[sources_of(graph)], number[graph.targets], directed=True, n=graph.n)
    return Graph(again.offsets, again.targets, directed=False)


def speed(kind, size, ties, times="3"):
    """HyperBall on one graph: each dense round beside the floor, measured just before and after it; late rounds beside what changed."""
    graph = made(kind, size, ties)
    targets = np.random.default_rng(0).integers(0, graph.n, min(graph.n_arcs, 100_000_000)).astype(np.uint32)
    rows, late = [], []
    for order, one in (("as made", graph), ("shuffled", shuffled(graph))):
        counters = hyperball.Counters.of(one.n)
        hyperball.balls(one, seed=99, counters=counters)
        floor(counters.now, targets)
        ratios, speeds, floors, whole = [], [], [], []
        for seed in range(int(times)):
            before = floor(counters.now, targets)
            begin = time.perf_counter()
            with Rounds() as rounds:
                hyperball.balls(one, seed=seed, counters=counters)
            whole.append(time.perf_counter() - begin)
            after = floor(counters.now, targets)
            dense = [one.n_arcs / took for _, mode, _, took in rounds.all if mode == "dense"]
            speeds.append(median(dense))
            floors.append((before + after) / 2)
            ratios.append(speeds[-1] / floors[-1])
        rows.append([order, *(f"{median(x) / 1e6:.0f}" for x in (speeds, floors)), f"{median(ratios):.2f}", f"{median(whole):.1f}"])
        print(f"{order}: {', '.join(f'{ratio:.2f}' for ratio in ratios)} of the floor", flush=True)
        late.extend([order, str(n), mode, f"{hot:.4f}", f"{took:.3f}"] for n, mode, hot, took in rounds.all)
    table(["order of nodes", "dense rounds, M arcs/s", "floor, M lines/s", "ratio", "whole run s"], rows)
    table(["order of nodes", "round", "way", "share of arcs to changed lines", "s"], late)


def peers(kind, size, ties, webgraph=""):
    """One run of HyperBall beside NetworKit's and webgraph-rs' estimates on the same graph, with their errors."""
    graph = made(kind, size, ties)
    graph = subgraph(graph, largest_component(graph))  # NetworKit takes no other
    graph = Graph(graph.offsets, graph.targets, directed=False)
    print(f"its largest component: {graph.n:,} nodes, {graph.n_arcs:,} arcs", flush=True)
    truth = figure(distances(graph, method="sample", sources=8192), "mean_distance")
    print(f"mean distance by 8192 searches: {truth.value:.5f} ({truth.low:.5f} to {truth.high:.5f})", flush=True)
    ours = [
        timed(lambda seed=seed: figure(distances(graph, method="hyperball", seeds=1, seed=seed), "mean_distance").value, 1)
        for seed in range(3)
    ]
    base = median(took for took, _ in ours)
    rows = [["Kring, all of `distances`, one seed", f"{base:.2f}", "1", errors([value for _, value in ours], truth.value)]]
    alone, _ = timed(lambda: hyperball.balls(graph, seed=1), 3)
    rows.append(["Kring, HyperBall's rounds alone", f"{alone:.2f}", f"{alone / base:.2f}", ""])
    sampled = [
        timed(lambda seed=seed: figure(distances(graph, method="sample", sources=512, seed=seed), "mean_distance").value, 1)
        for seed in range(3)
    ]
    took = median(took for took, _ in sampled)
    rows.append(["Kring, search from 512", f"{took:.2f}", f"{took / base:.2f}", errors([value for _, value in sampled], truth.value)])
    rows.append(networkit_row(graph, base, truth.value))
    if webgraph:
        rows.extend(webgraph_rows(graph, base, alone, webgraph, truth.value))
    table(["", "s", "times as long", "mean distance off by (each run)"], rows)


def errors(values, truth):
    return ", ".join(f"{100 * (value / truth - 1):+.2f}%" for value in values)


def mean_of(pairs, n):
    """The mean distance from how many ordered pairs, loops included, are within t steps, for t = 0, 1, …"""
    pairs = np.asarray(pairs, float) - n
    return float((pairs[-1] - pairs[:-1]).sum() / pairs[-1])


def networkit_row(graph, base, truth):
    import networkit

    other = networkit.Graph(graph.n)
    source = sources_of(graph)
    half = source < graph.targets
    other = networkit.GraphFromCoo((source[half], graph.targets[half]), n=graph.n)
    begin = time.perf_counter()
    approximated = networkit.distance.NeighborhoodFunctionApproximation(other)
    approximated.run()
    took = time.perf_counter() - begin
    found = [graph.n, *approximated.getNeighborhoodFunction()]
    return ["NetworKit NeighborhoodFunctionApproximation", f"{took:.1f}", f"{took / base:.0f}", errors([mean_of(found, graph.n)], truth)]


def webgraph_rows(graph, base, alone, webgraph, truth):
    with tempfile.TemporaryDirectory() as folder:
        arcs = Path(folder) / "arcs.tsv"
        with arcs.open("wb") as out:
            source = sources_of(graph)
            for begin in range(0, graph.n_arcs, 1 << 22):
                pairs = np.column_stack((source[begin : begin + (1 << 22)], graph.targets[begin : begin + (1 << 22)]))
                out.write("".join(f"{a}\t{b}\n" for a, b in pairs.tolist()).encode())
        whole = {
            "cwd": folder,
            "check": True,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "env": os.environ | {"RUST_LOG": "error", "RUST_MIN_STACK": "8388608"},
        }
        with arcs.open("rb") as stdin:
            subprocess.run([webgraph, "from", "arcs", "--num-nodes", str(graph.n), "g"], stdin=stdin, **whole)
        subprocess.run([webgraph, "build", "ef", "g"], **whole)
        subprocess.run([webgraph, "build", "dcf", "g"], **whole)
        rows = []
        for name, more in (("", []), (", --hll8", ["--hll8"])):
            times, values = [], []
            for _ in range(3):
                begin = time.perf_counter()
                subprocess.run(
                    [f"{webgraph}-dist", "hyperball", "g", "--symm", "-m", "6", *more, "--neighborhood-function", "nf.txt"], **whole
                )
                times.append(time.perf_counter() - begin)
                values.append(mean_of([float(line) for line in (Path(folder) / "nf.txt").read_text().split()], graph.n))
            took = median(times)
            beside = f"{took / base:.2f} ({took / alone:.2f} of the rounds alone)"
            rows.append([f"webgraph-dist hyperball, 64 registers{name}", f"{took:.2f}", beside, errors(values, truth)])
    return rows


def whole(graph, *more):
    """A graph folder by the command line, as a user would: time, peak memory, cost for each arc."""
    info = json.loads(
        subprocess.run([sys.executable, "-m", "kring", "graph", "info", graph, "--format", "json"], check=True, capture_output=True).stdout
    )
    info = info[0] if isinstance(info, list) else info
    rows = []
    for name, options in (
        ("search from 2048", ["--method", "sample"]),
        ("HyperBall, 1 seed", ["--method", "hyperball", "--seeds", "1"]),
        ("HyperBall, 8 seeds", ["--method", "hyperball"]),
    ):
        if more and name not in more:
            continue
        with tempfile.NamedTemporaryFile() as out:
            command = [sys.executable, "-m", "kring", "measure", "distances", "--network", graph, *options, "--format", "json", "--silent"]
            done = run(["/bin/sh", "-c", f'exec "$@" > {out.name}', "sh", *command])
            found = json.loads(Path(out.name).read_bytes())
        mean = next(each for each in found if each["name"] == "mean_distance")
        value = f"{mean['value']:.4f} ({mean['low']:.4f} to {mean['high']:.4f})"
        arcs, nodes = info["n_arcs"], info["n"]
        rows.append(
            [
                name,
                f"{done.wall_s:.0f}",
                f"{done.rss / MIB:,.0f}",
                f"{done.rss / arcs:.2f}",
                f"{(done.rss - 4.5 * arcs) / nodes:.0f}",
                value,
            ]
        )
        table(["", "s", "peak MiB", "bytes/arc", "bytes/node beyond 4.5/arc", "mean distance"], rows[-1:])


def coverage(times="2000"):
    """How often the 95% interval holds the exact value, over random networks of several kinds."""
    rows = []
    for name, method, more in (("sample of 256", "sample", {"sources": 256}), ("HyperBall, 8 seeds", "hyperball", {})):
        hits = dict.fromkeys(("mean_distance", "spread", "within_2", "within_3", "effective_diameter"), 0)
        for k in range(int(times)):
            draw = np.random.default_rng(k)
            n, m = int(draw.integers(1000, 3000)), int(draw.integers(3000, 12000))
            hubs = draw.random(n) ** -draw.uniform(0, 0.8)
            ends = draw.choice(n, (2, m), p=hubs / hubs.sum())
            graph = from_pairs(ends[0], ends[1], directed=False, n=n)
            truth = {found.name: found.value for found in distances(graph, method="exact")}
            for found in distances(graph, method=method, seed=1000 * k, **more):
                if found.name in hits:
                    hits[found.name] += found.low - 1e-9 <= truth[found.name] <= found.high + 1e-9
        rows.append([name, *(f"{100 * hit / int(times):.1f}%" for hit in hits.values())])
    table([f"{times} networks", *hits], rows)


def main(words):
    ways = {way.__name__: way for way in (exact, speed, peers, whole, coverage)}
    if not words or words[0] not in ways:
        sys.exit(__doc__)
    print(machine(), "\n", flush=True)
    ways[words[0]](*words[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
