"""The friendship paradox: for how many people those around them have more of something than they have, on average or in the middle."""

from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Columns, Graph
from kring.graph.build import degrees, transpose
from kring.graph.neighbours import of_neighbours
from kring.graph.threads import over_nodes
from kring.measures.answering import flag, whole
from kring.measures.labels import numbers
from kring.measures.saying import too_few
from kring.schema import Finding

PARADOX = ("friendship_paradox", "friendship_paradox_median")
_PAPER = (
    "Feld 1991, Why your friends have more friends than you do; mean and median as in Ugander et al. 2011; other measures: Eom & Jo 2014"
)
Floats = NDArray[np.float64]


def contacts(graph: Graph) -> NDArray[np.int64]:
    """How many people each person is a neighbour of: who follows them, where ties have a direction."""
    return degrees(transpose(graph))


def paradoxes(graph: Graph, posts: Columns | None, told: "partial[Finding]", *, hide_few: bool) -> tuple[Finding, ...]:
    """The friendship paradox of contacts, and of all else of which a number is known for people: posts, and columns of labels."""
    others = {"posts": _posts(posts, graph.n)} if posts is not None else {}
    findings = _paradox(graph, contacts(graph).astype(np.float64), told, hide_few)
    for name, values in (others | numbers(graph)).items():
        findings += _paradox(graph, values, partial(told, by=(("measure", name),)), hide_few)
    return findings


def _posts(posts: Columns, n: int) -> Floats:
    """How many posts each person wrote."""
    author = whole(posts, "author")
    counts = np.bincount(author[(author >= 0) & ~flag(posts, "by_bot") & ~flag(posts, "automatic")], minlength=n)
    return counts[:n].astype(np.float64)


def _paradox(graph: Graph, values: Floats, told: "partial[Finding]", hide_few: bool) -> tuple[Finding, ...]:
    mean = of_neighbours(graph, values, "mean")
    compared = ~np.isnan(mean) & ~np.isnan(values)
    n = int(compared.sum())
    told = partial(told, n=n, unit="share of people", paper=_PAPER)
    few = too_few(n, "people with a neighbour") if hide_few else ""
    if few or not n:
        return tuple(told(name=name, value=None, warning=few or "nobody has a neighbour") for name in PARADOX)
    middle = np.empty(graph.n)
    over_nodes(graph.offsets, lambda a, b: _medians(graph.offsets, graph.targets, values, a, b, middle))
    return tuple(
        told(name=name, value=float((around[compared] > values[compared]).mean())) for name, around in zip(PARADOX, (mean, middle))
    )


@njit(cache=True, nogil=True)
def _medians(offsets: NDArray[np.int64], targets: NDArray[np.uint32], values: Floats, begin: int, end: int, out: Floats) -> None:
    """The middle value of each node's neighbours; NaN where none is known."""
    for node in range(begin, end):
        around = values[targets[offsets[node] : offsets[node + 1]]]
        around = np.sort(around[~np.isnan(around)])
        half = len(around) // 2
        out[node] = np.nan if len(around) == 0 else around[half] if len(around) % 2 else (around[half - 1] + around[half]) / 2
