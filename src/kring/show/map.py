"""The map of who talks with whom, as SVG: thin bent ties, circles in the colour of their group, the names of the best connected.

Every circle tells its name and contacts when pointed at and leads to its row in the table beside the map. There are two sets of names, one
for wide pages and one, larger and fewer, for narrow ones; a style sheet shows either. Names never cover each other.
"""

import unicodedata
from dataclasses import dataclass
from html import escape

import numpy as np

from kring.show.content import Column, MapData, Table
from kring.show.layout import MOST_TIES, NO_GROUP, WITHIN, Drawn, Floats, Ints, place
from kring.show.values import count, plain

NAME_SIZES = {"wide": 17.5, "narrow": 32.0}
MOST_NAMES = {"wide": 26, "narrow": 8}
LONGEST_NAME = 24
MOST_COVERED = {"wide": 6.0, "narrow": 14.0}
"""A name that would cover more circles than this, counted in small ones, is left out."""
ALWAYS_NAMED = 3
"""The best connected get a name whatever it covers: a map on which the largest circle has none is a riddle."""
_GROUPS_KNOWN = (
    "Groups: those of “Which groups are there?” below, with their numbers; found by who talks with whom and by nothing else. In grey: who is in none "
    "of them firmly, and groups of fewer than ten people."
)
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the legend."""

    number: int
    """From 1; 0 for everybody who is in no large group."""
    n: int
    names: tuple[str, ...]
    """Its best connected people."""


@dataclass(frozen=True, slots=True)
class Map:
    """A drawn map and what stands around it."""

    svg: str
    shown: str
    """"400 of 2 000 people shown …"."""
    rules: tuple[str, ...]
    legend: tuple[Group, ...]
    table: Table
    people: tuple[int, ...]
    """For each row of the table, the number behind #person-."""
    groups: tuple[int, ...]


def draw(data: MapData) -> Map | None:
    """The map of a network; None where nobody is tied to anybody."""
    drawn = place(data)
    if not drawn.n:
        return None
    names = [plain(data.labels[row]) or "(no name)" for row in drawn.rows]
    best = np.lexsort((np.arange(drawn.n), -drawn.degree))
    rows = tuple((names[node], int(drawn.degree[node]), _group_name(int(drawn.group[node]))) for node in best)
    columns = (Column("Name"), Column("Talks with", "people"), Column("Group"))
    table = Table(caption="The people on the map, best connected first", columns=columns, rows=rows)
    numbers = tuple(int(node) + 1 for node in best)
    groups = tuple(int(drawn.group[node]) + 1 for node in best)
    return Map(_svg(drawn, names), _shown(drawn, len(data.ids)), _rules(drawn), _legend(drawn, names, best), table, numbers, groups)


def _shown(drawn: Drawn, n_everybody: int) -> str:
    """How much of the network is on the map."""
    alone = n_everybody - drawn.n_people
    without = f" {count(alone)} more {'has' if alone == 1 else 'have'} no tie to anybody." if alone else ""
    if drawn.n == drawn.n_people and len(drawn.ties) == drawn.n_ties:
        return f"All {count(drawn.n)} people who talk with somebody are shown, and all {count(drawn.n_ties)} ties between them.{without}"
    ties = f"their strongest ties, {count(len(drawn.ties))} of {count(drawn.n_ties)}"
    return f"{count(drawn.n)} of {count(drawn.n_people)} people are shown: the best connected, and {ties}.{without}"


def _rules(drawn: Drawn) -> tuple[str, ...]:
    return (
        "A circle is a person; the larger it is, the more people they talk with, counted in the whole network. A line is a tie: "
        "at least one of the two addressed the other. Lines inside a group have its colour.",
        _GROUPS_KNOWN
        if drawn.modularity is None
        else f"Groups: found by who talks with whom and by nothing else (Leiden, Traag, Waltman & van Eck 2019, on what is drawn; "
        f"modularity {drawn.modularity:.2f}). Where groups border on each other, the line between them could as well run elsewhere.",
        f"Places: Fruchterman & Reingold 1991. Ties inside a group pull {WITHIN:.0f} times as hard and far ends are pulled in, so "
        f"groups look more apart than they are. Left, right, above and below mean nothing. At most {count(MOST_TIES)} ties are drawn: "
        "first everybody's strongest.",
    )


def _legend(drawn: Drawn, names: list[str], best: Ints) -> tuple[Group, ...]:
    numbers = [*range(int(drawn.group.max()) + 1), *([NO_GROUP] if (drawn.group == NO_GROUP).any() else [])]
    members = {number: [names[node] for node in best if drawn.group[node] == number] for number in numbers}
    return tuple(Group(number + 1, len(all_of_it), tuple(all_of_it[:3])) for number, all_of_it in members.items() if all_of_it)


def _group_name(group: int) -> str:
    return f"Group {group + 1}" if group != NO_GROUP else "–"


def _colour(group: int) -> str:
    return f"var(--group-{group + 1})" if group != NO_GROUP else "var(--group-rest)"


def _svg(drawn: Drawn, names: list[str]) -> str:
    width, height = drawn.size
    title = '<title id="map-title">Map of who talks with whom</title>'
    box = f'viewBox="0 0 {width:g} {height:g}" role="group" aria-labelledby="map-title"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="map" {box}>{title}'
    ties = f'<g class="ties" fill="none">{"".join(_ties(drawn))}</g>'
    people = f'<g class="people">{"".join(_people(drawn, names))}</g>'
    labels = "".join(f'<g class="names {kind}" aria-hidden="true">{"".join(_names(drawn, names, kind))}</g>' for kind in NAME_SIZES)
    return f"{head}{ties}{people}{labels}</svg>"


def _ties(drawn: Drawn) -> list[str]:
    """Ties of one look share one path: those between groups first and in grey, then inside groups, weakest first."""
    strength = np.log1p(drawn.weight)
    step = np.minimum((3 * (strength - strength.min()) / (np.ptp(strength) or 1)).astype(int), 2)
    paths: dict[tuple[int, int], list[str]] = {}
    for (a, b), width in zip(drawn.ties.tolist(), step.tolist()):
        group = int(drawn.group[a]) if drawn.group[a] == drawn.group[b] else NO_GROUP
        paths.setdefault((group, width), []).append(_bend(*drawn.at[a].tolist(), *drawn.at[b].tolist()))
    return [_path(group, width, curves, drawn.n) for (group, width), curves in sorted(paths.items())]


def _path(group: int, width: int, curves: list[str], n: int) -> str:
    """Few people allow firmer lines than many."""
    firm = 1.0 if n > 100 else 1.6
    opacity = (0.38 if group == NO_GROUP else 0.42) * min(firm, 1.4)
    look = f'stroke="{_colour(group)}" stroke-width="{(0.8, 1.2, 2.1)[width] * firm:.1f}" stroke-opacity="{opacity:.2f}"'
    return f'<path {look} d="{"".join(curves)}"/>'


def _bend(x1: float, y1: float, x2: float, y2: float) -> str:
    """A tie as a slight curve, always bent to the same side."""
    x, y = (x1 + x2) / 2 - (y2 - y1) * 0.12, (y1 + y2) / 2 + (x2 - x1) * 0.12
    return f"M{x1:g} {y1:g}Q{x:.1f} {y:.1f} {x2:g} {y2:g}"


def _people(drawn: Drawn, names: list[str]) -> list[str]:
    """Circles, the smallest on top; not in the tab order, because the table beside holds the same links once."""
    return [_circle(drawn, node, names[node]) for node in np.lexsort((np.arange(drawn.n), -drawn.radius)).tolist()]


def _circle(drawn: Drawn, node: int, name: str) -> str:
    group = int(drawn.group[node])
    said = f"{name}: talks with {count(drawn.degree[node])}" + (f", {_group_name(group)}" if group != NO_GROUP else "")
    (x, y), radius = drawn.at[node].tolist(), float(drawn.radius[node])
    circle = f'<circle cx="{x:g}" cy="{y:g}" r="{radius:.1f}" fill="{_colour(group)}"><title>{escape(said)}</title></circle>'
    return f'<a href="#person-{node + 1}" tabindex="-1">{circle}</a>'


def _names(drawn: Drawn, names: list[str], kind: str) -> list[str]:
    """Names of the best connected, largest first, each where it covers least; who finds no free spot goes without."""
    taken, written = list[Box](), list[str]()
    circles = np.column_stack([drawn.at - drawn.radius[:, None], drawn.at + drawn.radius[:, None]])
    order = np.lexsort((np.arange(drawn.n), -drawn.degree)).tolist()
    for rank, node in enumerate(order[: MOST_NAMES[kind] * 3]):
        if len(written) == MOST_NAMES[kind]:
            break
        size = NAME_SIZES[kind] * (1.0 if len(written) < MOST_NAMES[kind] / 3 else 0.86)
        name = _short(names[node])
        most = np.inf if rank < ALWAYS_NAMED else MOST_COVERED[kind]
        spot = _free_spot(drawn, node, (_width(name) * size, size), taken, circles, most)
        if spot is None:
            continue
        x, y, anchor, box = spot
        taken.append(box)
        strong = ' font-weight="600"' if len(written) < MOST_NAMES[kind] / 3 else ""
        written.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}" text-anchor="{anchor}"{strong}>{escape(name)}</text>')
    return written


def _free_spot(
    drawn: Drawn, node: int, extent: tuple[float, float], taken: list[Box], circles: Floats, most: float
) -> tuple[float, float, str, Box] | None:
    """Of the spots inside the frame and clear of other names, the one that covers the fewest circles; None if each covers many."""
    best, least = None, most
    for x, y, anchor in _spots(drawn.at[node].tolist(), float(drawn.radius[node]), extent[1]):
        start = x - extent[0] * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        box = (start - 2, y - 0.85 * extent[1], start + extent[0] + 2, y + 0.3 * extent[1])
        if min(box[0], box[1], drawn.size[0] - box[2], drawn.size[1] - box[3]) < 0 or any(_overlap(box, other) for other in taken):
            continue
        over = (circles[:, 0] < box[2]) & (box[0] < circles[:, 2]) & (circles[:, 1] < box[3]) & (box[1] < circles[:, 3])
        covered = float(drawn.radius[over].sum() - over[node] * drawn.radius[node]) / float(drawn.radius.min())
        if covered < least:
            best, least = (x, y, anchor, box), covered
    return best


def _spots(at: list[float], radius: float, high: float) -> tuple[tuple[float, float, str], ...]:
    """Right, left, above, below, then the corners."""
    x, y = at
    out, lift = radius + 0.34 * high, 0.78 * radius + 1
    return (
        (x + out, y + 0.35 * high, "start"),
        (x - out, y + 0.35 * high, "end"),
        (x, y - radius - 0.4 * high, "middle"),
        (x, y + radius + 1.05 * high, "middle"),
        (x + lift + 2, y - lift - 2, "start"),
        (x - lift - 2, y - lift - 2, "end"),
        (x + lift + 2, y + lift + 0.8 * high, "start"),
        (x - lift - 2, y + lift + 0.8 * high, "end"),
    )


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _width(name: str) -> float:
    """About how wide a name is, in heights of its letters."""
    return sum(1.0 if unicodedata.east_asian_width(each) in "WF" else 0.0 if unicodedata.combining(each) else 0.56 for each in name)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
