"""Building a graph beside what a user would pick instead, both in one run: medians of several, time and peak memory.

python bench/build.py                     30 million pairs: some minutes, and 3 GB in a temporary folder
python bench/build.py --pairs 250_000_000 --times 3 --at /big/disk
python bench/build.py --only words,parquet

Each side runs in a process of its own, after a warm-up on a file of ten lines that is not counted (what is compiled or imported, stays so).
Kring's side always ends with a graph on disk, checksums and all; the others' ends in memory. Peers: NetworKit, igraph, Polars, pyarrow.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from timed import MIB, machine, run, table

_PIECE = 1 << 20


def kring(file, out, memory):
    from kring.kring import build_graph

    build_graph([file], out, directed=True, weights=False, memory=memory, force=True)


def networkit(file, out, memory):
    import networkit

    return networkit.graphio.EdgeListReader(" ", 0, "#", continuous=True, directed=True).read(str(file))


def igraph(file, out, memory):
    import igraph

    return igraph.Graph.Read_Edgelist(str(file))


def polars(file, out, memory):
    """The same in Polars: ids numbered, loops and repeats left out, sorted by source and target."""
    import polars as pl

    ties = pl.scan_csv(file, separator=" ", has_header=False, new_columns=["a", "b"])
    ids = pl.concat([ties.select(id="a"), ties.select(id="b")]).unique().with_row_index("node")
    named = ties.join(ids.rename({"id": "a", "node": "source"}), on="a").join(ids.rename({"id": "b", "node": "target"}), on="b")
    rows = named.select("source", "target").filter(pl.col("source") != pl.col("target")).unique().sort("source", "target")
    return pl.collect_all([ids, rows])


def pyarrow(file, out, memory):
    from pyarrow import parquet

    return parquet.read_table(file)


SIDES = {
    "numbers": ("ties.txt", [kring, networkit, igraph], "NetworKit and igraph read the same edge list"),
    "words": ("words.txt", [kring, polars], "Polars numbers, sorts and merges the same lines"),
    "parquet": ("ties.parquet", [kring, pyarrow], "pyarrow only reads the columns"),
}


def text(file, source, target, word):
    """Lines of two numbers or words; words are 20 letters long, as ids of networks are."""
    with file.open("wb") as stream:
        for k in range(0, len(source), _PIECE):
            ends = (source[k : k + _PIECE].tolist(), target[k : k + _PIECE].tolist())
            form = "did:plc:%012x did:plc:%012x\n" if word else "%d %d\n"
            both = zip(*([(each * 0x9E3779B97F4A) & (2**48 - 1) for each in side] for side in ends)) if word else zip(*ends)
            stream.write("".join([form % pair for pair in both]).encode())


def made(folder, pairs, what):
    """The input of these comparisons, and a small one of each to warm up on."""
    from networks import rmat

    source, target = rmat(max(10, int(np.log2(pairs)) - 4), pairs, 1)
    for name, end in (("", pairs), ("small-", 10)):
        s, t = source[:end], target[:end]
        if "numbers" in what:
            text(folder / f"{name}ties.txt", s, t, word=False)
        if "words" in what:
            text(folder / f"{name}words.txt", s, t, word=True)
        if "parquet" in what:
            import pyarrow as pa
            from pyarrow import parquet as pq

            pq.write_table(pa.table({"source": s, "target": t}), folder / f"{name}ties.parquet")


def one(side, file, memory):
    """In a process of its own: warms up, then writes how long it takes."""
    small = file.with_name(f"small-{file.name}")
    out = file.parent / "g"
    work = globals()[side]
    work(small, out, memory)
    began = time.perf_counter()
    work(file, out, memory)
    print(json.dumps(time.perf_counter() - began), file=(file.parent / "took").open("w"))


def compared(folder, name, times, memory):
    """A row for each side of a comparison."""
    file, sides, _ = SIDES[name]
    took, held = {side: [] for side in sides}, {side: [] for side in sides}
    for _ in range(times):
        for side in sides:
            done = run([sys.executable, __file__, "--side", side.__name__, folder / file, "--memory", memory])
            took[side].append(json.loads((folder / "took").read_text()))
            held[side].append(done.rss)
            shutil.rmtree(folder / "g", ignore_errors=True)
    base = median(took[kring])
    size = (folder / file).stat().st_size / MIB
    for side in sides:
        seconds = median(took[side])
        ratio = "" if side is kring else f"{seconds / base:.2f}"
        yield [f"{name} ({size:,.0f} MiB)", side.__name__, f"{seconds:.2f}", ratio, f"{median(held[side]) / MIB:,.0f}"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=30_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", default=",".join(SIDES))
    parser.add_argument("--memory", default="")
    parser.add_argument("--at", default=None)
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("file", nargs="?", type=Path)
    given = parser.parse_args()
    if given.side:
        one(given.side, given.file, given.memory)
        return
    if given.make:
        made(given.make, given.pairs, given.only.split(","))
        return
    print(machine())
    with tempfile.TemporaryDirectory(dir=given.at) as name:
        run([sys.executable, __file__, "--make", name, "--pairs", str(given.pairs), "--only", given.only])
        rows = [row for each in given.only.split(",") for row in compared(Path(name), each, given.times, given.memory)]
    print(f"\n{given.pairs:,} R-MAT pairs; kring: with the graph on disk. Medians of {given.times}; `times`: how long beside kring.\n")
    table(["input", "side", "s", "times", "peak MiB"], rows)


if __name__ == "__main__":
    os.environ.setdefault("POLARS_MAX_THREADS", str(os.cpu_count()))
    main()
