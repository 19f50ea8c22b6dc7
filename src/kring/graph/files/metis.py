"""METIS and Chaco graph files: a line for each node with its neighbours, counted from 1.

Documented in the METIS 5.1 manual, section 4.1.1: the first line is `n m [fmt [ncon]]`; the digits of fmt say whether lines have a node
size, node weights (ncon of them) and edge weights; lines that begin with % are remarks; each tie stands on the lines of both its ends.
"""

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kring.errors import GraphError, ReadError
from kring.graph.arrays import Graph
from kring.graph.build import from_pairs
from kring.graph.files.gathered import Complaints
from kring.graph.files.streams import Open, text_lines
from kring.graph.ids import Numbers

_FARTHEST = 1_000
"""A file may break off early, so nodes beyond its lines are believed, up to so many times their number."""


def looks_like_metis(name: str, lines: list[str]) -> bool:
    """Do these first lines begin a METIS file? The ending settles it for what is possible; else rows of unequal length do."""
    rows = [line.split() for line in lines if not line.startswith("%")]
    while rows and not rows[0]:
        rows.pop(0)
    if not rows or not all(cell.isdecimal() for cell in rows[0]) or not 2 <= len(rows[0]) <= 4:
        return False
    n, there = int(rows[0][0]), [row for row in rows[1:] if row]
    if n < len(there):
        return False
    if name.lower().removesuffix(".gz").endswith((".graph", ".metis", ".chaco")):
        return True
    widths = {len(row) for row in there}
    return len(widths) > 2 and max(widths) > 4 and all(cell.isdecimal() and int(cell) <= n for row in there for cell in row)


def read_metis(open: Open, encoding: str, complaints: Complaints) -> Graph:
    """An undirected graph; where the file contradicts itself, what stands on the lines counts and the contradiction is said."""
    lines = ((number, line) for number, line in text_lines(open, encoding) if line is not None and not line.startswith("%"))
    number, header = next(((number, line.split()) for number, line in lines if line.strip()), (0, ["0", "0"]))
    n, m, fmt, n_weights = _counts(header)
    skip = (fmt[0] == "1") + (n_weights if fmt[1] == "1" else 0)
    sources, targets, weights = array("q"), array("q"), array("d")
    node = 0
    for number, line in lines:
        if node >= n:
            if line.strip():
                complaints.add(
                    number, f"The file says that it has {n} nodes, and here is one more line.", "The line is left out.", raw=line.encode()
                )
            continue
        node += 1
        for neighbour, weight in _neighbours(line, number, skip, fmt[2] == "1", n, complaints):
            sources.append(node - 1)
            targets.append(neighbour - 1)
            weights.append(weight)
    if node < n:
        complaints.add(
            0, f"The file says that it has {n} nodes, and ends after {node} lines.", "It is broken off, or its first line is wrong."
        )
    source, target = np.array(sources, np.int64), np.array(targets, np.int64)
    n = _believed(n, node, int(target.max(initial=-1)) + 1)
    _check(source, target, m, complaints)
    ahead = _one_way(source, target)
    return from_pairs(
        source[ahead],
        target[ahead],
        n=n,
        ids=Numbers(np.arange(1, n + 1)),
        directed=False,
        weights=np.array(weights)[ahead] if fmt[2] == "1" else None,
    )


def _believed(n: int, lines: int, highest: int) -> int:
    """How many nodes there are: what the first line says, unless that is so far beyond the lines that it can't be right.

    Fails   GraphError if a neighbour's number is as far beyond them (it would also cost memory without end).
    """
    if n <= _FARTHEST * (lines + 1):
        return n
    if highest > _FARTHEST * (lines + 1):
        raise GraphError(
            f"A line names node {highest:,}, and the file has lines for {lines:,}.", next="It is broken off or damaged: fetch it again."
        )
    return max(lines, highest)


def _counts(header: list[str]) -> tuple[int, int, str, int]:
    if not all(cell.isdecimal() for cell in header):
        raise ReadError(
            f"The first line, {' '.join(header)!r}, doesn't give the number of nodes and of ties.", next="Give a METIS file as it was made."
        )
    n, m = int(header[0]), int(header[1])
    fmt = (header[2] if len(header) > 2 else "0").zfill(3)
    return n, m, fmt, int(header[3]) if len(header) > 3 else 1


def _neighbours(line: str, number: int, skip: int, weighted: bool, n: int, complaints: Complaints) -> Iterator[tuple[int, float]]:
    cells = line.split()[skip:]
    step = 2 if weighted else 1
    for k in range(0, len(cells), step):
        try:
            neighbour, weight = int(cells[k]), float(cells[k + 1]) if weighted else 1.0
        except (ValueError, IndexError):
            complaints.add(
                number, f"{' '.join(cells[k : k + step])!r} is not a neighbour{' with its weight' * weighted}.", raw=line.encode()
            )
            continue
        if 1 <= neighbour <= n:
            yield neighbour, weight
        else:
            complaints.add(number, f"The neighbour {neighbour} is not one of the nodes 1 to {n}.", raw=line.encode())


def _one_way(source: NDArray[np.int64], target: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Each tie from one of its two lines: from the lower end, or from the higher where only that one names it."""
    keys = (np.minimum(source, target) << 32) | np.maximum(source, target)
    upwards = source <= target
    return upwards | ~np.isin(keys, keys[upwards])


def _check(source: NDArray[np.int64], target: NDArray[np.int64], m: int, complaints: Complaints) -> None:
    there = np.unique((source << 32) | target)
    back = np.unique((target << 32) | source)
    one_sided = int((~np.isin(there, back, assume_unique=True)).sum())
    if one_sided:
        complaints.add(
            0, f"{one_sided} ties stand on the line of one of their ends only; they are kept.", "In METIS each tie stands on both lines."
        )
    if len(source) != 2 * m:
        complaints.add(0, f"The file says that it has {m} ties, and its lines give {len(source) / 2:g}.", "What its lines give is used.")
