"""A network in two: by the spectrum of its ties, or so that as many ties as can be stay within the parts.

Spectral: x is the second vector of D^-1/2 (A + t/n) D^-1/2, where each degree is raised by t, their mean: without that, sparse networks fall apart
into the crowd and some far-off corner. The first vector is known, the root of the raised degree. A node lies at the angle between its two
values, and the angles are parted in two so that they lie as near as can be to the middle of their part (2-means, exact: on an arc it is a cut).
"""

import math
from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph.arrays import Graph
from kring.graph.build import need_undirected
from kring.graph.chance import key, unit
from kring.graph.threads import over_nodes

WAYS = ("spectral", "modularity")
Vector = NDArray[np.float64]
_BASIS = 24
"""Vectors that are kept at a time."""
_MOST_TURNS = 12
_TOLERANCE = 1e-3
"""How far the vector may be from its own image: sides no longer change from there on (`bench/hashtags.py` at 1e-6 gives the same table)."""
_SWEEPS = 50


def in_two(graph: Graph, way: str = "spectral", *, seed: int = 0, threads: int = 0) -> NDArray[np.int8]:
    """int8[n]: the part of each node, 0 the larger; of equals, that of the node with the lowest number.

    Takes   an undirected graph, best one that hangs together; `way`: "spectral", or "modularity": those parts, and then nodes go over one by
            one for as long as that raises modularity.
    Costs   O(m) a step, 24 to 300 steps; 200n bytes.
    Fails   UsageError where there is no such way.
    After   regularised spectral clustering: Amini et al. 2013, Qin & Rohe 2013, Zhang & Rohe 2018; modularity: Newman 2006.
    """
    need_undirected(graph, "Parting in two")
    if way not in WAYS:
        raise UsageError(f'A network can\'t be parted by "{way}".', next=f"It can by: {', '.join(WAYS)}.")
    if graph.n_arcs == 0:
        return np.zeros(graph.n, np.int8)
    part = _cut(np.arctan2(*_two_vectors(graph, seed, threads)))
    if way == "modularity":
        degree = np.diff(graph.offsets)
        _refine(graph.offsets, graph.targets, degree, part, _SWEEPS)
    n_second = int(part.sum())
    if 2 * n_second > graph.n or (2 * n_second == graph.n and part[0] == 1):
        part = (1 - part).astype(np.int8)
    return part


def _two_vectors(graph: Graph, seed: int, threads: int) -> tuple[Vector, Vector]:
    """The second vector and the first, each of length 1."""
    degree = np.diff(graph.offsets).astype(np.float64)
    raised = degree + degree.mean()
    shrink = 1 / np.sqrt(raised)
    first = np.sqrt(raised)
    first /= np.linalg.norm(first)
    even = degree.mean() / graph.n

    def image(x: Vector) -> Vector:
        scaled = x * shrink
        summed = np.empty(graph.n, np.float64)
        over_nodes(graph.offsets, lambda a, b: _sum_over_neighbours(graph.offsets, graph.targets, scaled, a, b, summed), threads)
        summed += even * scaled.sum()
        summed *= shrink
        return summed

    x = np.empty(graph.n, np.float64)
    _drawn(seed, x)
    for _ in range(_MOST_TURNS):
        x, far = _turn(image, x, first)
        if far <= _TOLERANCE:
            break
    return x, first


def _turn(image: Callable[[Vector], Vector], x: Vector, first: Vector) -> tuple[Vector, float]:
    """The best vector in the space of x and its images, at right angles to the first; and how far it is from its own image. After Lanczos."""
    basis = np.empty((_BASIS, len(x)), np.float64)
    reduced = np.zeros((_BASIS, _BASIS))
    x = x - first * (first @ x)
    length = float(np.linalg.norm(x))
    size = 0
    while size < _BASIS and length > 1e-12:
        basis[size] = x / length
        x = image(basis[size])
        x -= first * (first @ x)
        known = basis[: size + 1]
        along = known @ x
        x -= along @ known
        reduced[: size + 1, size] = reduced[size, : size + 1] = along
        x -= (known @ x) @ known
        length = float(np.linalg.norm(x))
        size += 1
    if size == 0:
        return np.zeros_like(first), 0.0
    _, vectors = np.linalg.eigh(reduced[:size, :size])
    best = vectors[:, -1]
    return best @ basis[:size], length * abs(float(best[-1]))


def _cut(angle: Vector) -> NDArray[np.int8]:
    """The two parts of points on an arc that lie nearest to the middle of their part; equal angles stay together."""
    order = np.argsort(angle, kind="stable")
    ordered = angle[order]
    across, up = np.cumsum(np.cos(ordered)), np.cumsum(np.sin(ordered))
    k = np.arange(1, len(angle))
    held = (across[:-1] ** 2 + up[:-1] ** 2) / k
    held += ((across[-1] - across[:-1]) ** 2 + (up[-1] - up[:-1]) ** 2) / (len(angle) - k)
    held[np.diff(ordered) <= 1e-12] = -math.inf
    part = np.zeros(len(angle), np.int8)
    if len(held) and held.max() > -math.inf:
        part[order[int(np.argmax(held)) + 1 :]] = 1
    return part


@njit(cache=True, nogil=True)
def _drawn(seed: int, x: Vector) -> None:
    for node in range(len(x)):
        x[node] = unit(key(seed, node)) - 0.5


@njit(cache=True, nogil=True)
def _sum_over_neighbours(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32], value: Vector, begin: int, end: int, summed: Vector
) -> None:
    for node in range(begin, end):
        total = 0.0
        for arc in range(offsets[node], offsets[node + 1]):
            total += value[targets[arc]]
        summed[node] = total


@njit(cache=True, nogil=True)
def _refine(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32], degree: NDArray[np.int64], part: NDArray[np.int8], sweeps: int
) -> None:
    """Nodes go over to the other part, one by one, while modularity rises by it: ties there, less what degrees lead one to expect."""
    ends = np.zeros(2, np.int64)
    for node in range(len(degree)):
        ends[part[node]] += degree[node]
    total = ends[0] + ends[1]
    for _ in range(sweeps):
        moved = 0
        for node in range(len(degree)):
            here, k = part[node], degree[node]
            there = 1 - here
            gain = 0
            for arc in range(offsets[node], offsets[node + 1]):
                gain += 1 if part[targets[arc]] == there else -1
            if gain - k * (ends[there] - ends[here] + k) / total > 1e-9:
                part[node] = there
                ends[here] -= k
                ends[there] += k
                moved += 1
        if moved == 0:
            break
