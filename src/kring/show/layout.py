"""Where everybody stands on the map: who is drawn, which groups they form, and positions that are the same each time.

Steps   parallel ties become one; the best connected people and their strongest ties are kept; Leiden finds groups, unless they are known; each
        connected part is laid out by Fruchterman & Reingold 1991 (igraph), turned so that it lies flat; far ends are pulled in, circles moved
        apart, and the parts set side by side.
Stable  people and ties are sorted by id first, and igraph draws its random numbers from a seed of ours.
Costs   a second or so: whatever comes in, at most 400 people and 1,500 ties are laid out.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import igraph
import numpy as np
from numpy.typing import NDArray

from kring.show.content import MapData
from kring.show.theme import GROUPS

MOST_PEOPLE, MOST_TIES = 400, 1_500
SMALLEST_GROUP = 3
NO_GROUP = -1
WITHIN = 3.0
"""Ties inside a group pull this much harder, so that groups can be seen; said under the map."""
ROOM = 30.0
"""Radius of the room for one person, before the picture is fitted into its frame."""
SEED = 7
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The part of a network that is drawn, with a position for everybody; `rows` leads back to the rows of the `MapData`."""

    rows: Ints
    degree: Ints
    """In the whole network, not only in what is drawn."""
    group: Ints
    """0 is the largest; `NO_GROUP` for small ones."""
    ties: Ints
    """int64[m, 2], row numbers here, weakest first."""
    weight: Floats
    at: Floats
    """float64[n, 2], inside `size`."""
    radius: Floats
    size: tuple[float, float]
    n_people: int
    """People with at least one tie, in the whole network."""
    n_ties: int
    modularity: float | None
    """Of the groups, where they were found for the map alone."""

    @property
    def n(self) -> int:
        return len(self.rows)


def place(data: MapData, *, seed: int = SEED) -> Drawn:
    """Chooses whom to draw and where; the same network gives the same picture, however its rows are ordered."""
    order = np.array(sorted(range(len(data.ids)), key=lambda row: data.ids[row]), np.int64)
    ties, weight = _distinct(data, order)
    degree = np.bincount(ties.ravel(), minlength=len(order)).astype(np.int64)
    strength = np.bincount(ties.ravel(), np.repeat(weight, 2), minlength=len(order)).astype(np.float64)
    people = _best(degree, strength)
    shown, shown_weight = _strongest(ties, weight, people)
    people = np.unique(shown)
    shown = np.searchsorted(people, shown)
    network = igraph.Graph(n=len(people), edges=shown.tolist())
    group, modularity = _groups(network, shown_weight, seed) if data.groups is None else (_given(data.groups, order[people]), None)
    radius = _radii(degree[people])
    at, size = _positions(network, shown_weight, group, radius, seed)
    connected = int(np.count_nonzero(degree))
    return Drawn(order[people], degree[people], group, shown, shown_weight, at, radius, size, connected, len(ties), modularity)


def _distinct(data: MapData, order: Ints) -> tuple[Ints, Floats]:
    """Each pair once, in the order of ids, with the sum of its weights; loops are left out."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    pairs = np.sort(rank[np.column_stack([np.asarray(data.sources, np.int64), np.asarray(data.targets, np.int64)])], axis=1)
    weights = np.asarray(data.weights, np.float64) if len(data.weights) else np.ones(len(pairs))
    apart = pairs[:, 0] != pairs[:, 1]
    distinct, which = np.unique(pairs[apart], axis=0, return_inverse=True)
    summed = np.bincount(which.ravel(), weights[apart], minlength=len(distinct)).astype(np.float64)
    return distinct.reshape(-1, 2).astype(np.int64), summed


def _best(degree: Ints, strength: Floats) -> Ints:
    """The best connected people, sorted by row; among equals the one who talks most, then the first by id."""
    best = np.lexsort((np.arange(len(degree)), -strength, -degree))[:MOST_PEOPLE]
    return np.sort(best[degree[best] > 0])


def _strongest(ties: Ints, weight: Floats, people: Ints) -> tuple[Ints, Floats]:
    """Ties among these people: first everybody's strongest one, then the strongest of all; weakest first."""
    keep = np.isin(ties, people).all(axis=1)
    ties, weight = ties[keep], weight[keep]
    order = np.argsort(-weight, kind="stable")
    _, first = np.unique(ties[order].ravel(), return_index=True)
    backbone = order[np.unique(first // 2)]
    rest = order[~np.isin(order, backbone)]
    chosen = np.concatenate([backbone, rest])[:MOST_TIES]
    chosen = chosen[np.lexsort((chosen, weight[chosen]))]
    return ties[chosen], weight[chosen]


def _groups(network: igraph.Graph, weight: Floats, seed: int) -> tuple[Ints, float]:
    """Groups by Leiden (Traag, Waltman & van Eck 2019), largest first; the tenth and later, and very small ones, are `NO_GROUP`."""
    if not network.ecount():
        return np.full(network.vcount(), NO_GROUP), 0.0
    with _Seeded(seed):
        found = network.community_leiden(objective_function="modularity", weights=np.log1p(weight).tolist(), n_iterations=-1)
    members = np.array(found.membership)
    sizes = np.bincount(members)
    ranked = sorted(range(len(sizes)), key=lambda each: (-sizes[each], int(np.argmax(members == each))))
    number = np.full(len(sizes), NO_GROUP)
    for position, each in enumerate(ranked[: len(GROUPS)]):
        number[each] = position if sizes[each] >= SMALLEST_GROUP else NO_GROUP
    return number[members], float(found.modularity)


def _given(groups: Sequence[int], rows: Ints) -> Ints:
    """Groups that were found before, of those who are drawn; the tenth and later have no colour of their own."""
    mine = np.asarray(groups, np.int64)[rows]
    return np.where(mine < len(GROUPS), mine, NO_GROUP)


def _radii(degree: Ints) -> Floats:
    """Areas in proportion to the number of contacts, within bounds that suit how many people there are."""
    if not len(degree):
        return np.zeros(0)
    most = float(np.clip(90 / np.sqrt(len(degree)), 11, 26))
    radii: Floats = np.maximum(3.2, most * np.sqrt(degree / degree.max()))
    return radii


def _positions(network: igraph.Graph, weight: Floats, group: Ints, radius: Floats, seed: int) -> tuple[Floats, tuple[float, float]]:
    """Each connected part by itself, the parts side by side, circles apart, all within a frame."""
    at = np.zeros((network.vcount(), 2))
    if not network.vcount():
        return at, (1000.0, 200.0)
    ends = np.array(network.get_edgelist())
    same = (group[ends[:, 0]] == group[ends[:, 1]]) & (group[ends[:, 0]] != NO_GROUP)
    network.es["pull"] = (np.log1p(weight) * np.where(same, WITHIN, 1.0)).tolist()
    parts = sorted(network.connected_components(), key=lambda part: (-len(part), part[0]))
    boxes = []
    for part in parts:
        points = _apart(_roomy(_gathered(_flat(_laid_out(network.induced_subgraph(part), seed)))), radius[part])
        points -= (points - radius[part, None]).min(axis=0)
        boxes.append((points + radius[part, None]).max(axis=0))
        at[part] = points
    corners = _shelves(boxes)
    for part, corner in zip(parts, corners):
        at[part] += corner
    return _framed(at, radius)


def _laid_out(part: igraph.Graph, seed: int) -> Floats:
    with _Seeded(seed):
        start = np.array(part.layout_kamada_kawai().coords) if part.vcount() <= 60 else None
        layout = part.layout_fruchterman_reingold(
            weights=part.es["pull"], niter=1500, grid=False, seed=start.tolist() if start is not None else None
        )
    points = np.array(layout.coords)
    mean_tie = np.linalg.norm(np.diff(points[np.array(part.get_edgelist())], axis=1), axis=2).mean()
    centred: Floats = (points - points.mean(axis=0)) / (mean_tie or 1.0)
    return centred


def _roomy(points: Floats) -> Floats:
    """Blown up or shrunk so that each part takes room in proportion to its people, however tightly they are tied."""
    away = np.linalg.norm(points - points.mean(axis=0), axis=1)
    scaled: Floats = points * (ROOM * np.sqrt(len(points)) / max(float(np.quantile(away, 0.8)), 1e-9))
    return scaled


def _flat(points: Floats) -> Floats:
    """Turned so that the longest direction lies flat, and mirrored so that the first person stands left of and above the middle."""
    if len(points) < 3:
        return np.array([[-0.5, 0.0], [0.5, 0.0]])[: len(points)]
    _, _, axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    turned: Floats = (points - points.mean(axis=0)) @ axes.T
    flat: Floats = turned * np.where(turned[0] > 0, -1.0, 1.0)
    return flat


def _gathered(points: Floats) -> Floats:
    """Far ends pulled in, so that a single person at the rim doesn't make all others small."""
    away = np.linalg.norm(points, axis=1)
    rim = float(np.quantile(away, 0.8))
    nearer = np.where(away > rim, rim + (away - rim) * 0.45, away)
    gathered: Floats = points * (nearer / np.maximum(away, 1e-9))[:, None]
    return gathered


def _apart(points: Floats, radius: Floats, *, gap: float = 3.0, rounds: int = 60) -> Floats:
    """Moves overlapping circles apart, both by half."""
    points = points.copy()
    least = radius[:, None] + radius[None, :] + gap
    for _ in range(rounds):
        between = points[:, None, :] - points[None, :, :]
        distance = np.linalg.norm(between, axis=2) + np.eye(len(points)) * 1e9
        overlap = np.maximum(least - distance, 0)
        if overlap.max(initial=0) < 0.01:
            break
        points += (between / np.maximum(distance, 1e-6)[:, :, None] * overlap[:, :, None]).sum(axis=1) * 0.4
    return points


def _shelves(boxes: list[Floats], *, gap: float = 40.0) -> list[Floats]:
    """Where the corner of each part comes: the largest first, the others in rows below it."""
    if not boxes:
        return []
    broad = max(boxes[0][0], 1.3 * np.sqrt(sum(float(box[0] * box[1]) for box in boxes)))
    corners, x, y, high = [], 0.0, 0.0, 0.0
    for box in boxes:
        if x and x + box[0] > broad:
            x, y, high = 0.0, y + high + gap, 0.0
        corners.append(np.array([x, y]))
        x, high = x + box[0] + gap, max(high, float(box[1]))
    return corners


def _framed(at: Floats, radius: Floats, *, width: float = 1000.0, margin: float = 46.0) -> tuple[Floats, tuple[float, float]]:
    """Shrunk (never blown up) to the frame's width; the frame is as high as it needs to be, and no higher than wide."""
    low, high = (at - radius[:, None]).min(axis=0), (at + radius[:, None]).max(axis=0)
    extent = np.maximum(high - low, 1.0)
    scale = min((width - 2 * margin) / extent[0], (0.9 * width - 2 * margin) / extent[1], 1.6)
    height = max(extent[1] * scale + 2 * margin, 260.0)
    centred = (at - (low + high) / 2) * scale + np.array([width / 2, height / 2])
    return np.round(centred, 1), (width, round(float(height), 1))


class _Seeded:
    """Lends igraph a random generator of ours, and gives Python's own back afterwards."""

    def __init__(self, seed: int) -> None:
        self.generator = random.Random(seed)

    def __enter__(self) -> None:
        igraph.set_random_number_generator(self.generator)

    def __exit__(self, *_: object) -> None:
        igraph.set_random_number_generator(random)
