"""How many people each person has ties with."""

from functools import partial

import numpy as np

from kring.graph.arrays import Graph
from kring.graph.build import degrees, undirected
from kring.graph.observe import observed_part
from kring.measures.saying import joined, unsaid
from kring.schema import Finding

_ONE_SIDED = "at least: an own export doesn't hold what others said to its owner, so people whose exports aren't here may be missing"
_FIGURES = ("mean_degree", "median_degree", "max_degree", "without_ties", "degree_distribution")


def degree(graph: Graph) -> tuple[Finding, ...]:
    """How many people each person has ties with, in either direction.

    Takes   a graph. Where only some people's ties were seen, those people count, with all their ties that
            were seen: a warning says that these are the least.
    Gives   mean_degree, median_degree, max_degree (its rows are the people who have it), without_ties (share), and degree_distribution: the
            share of people with each number of ties.
    Costs   O(m log m) time.
    """
    part = observed_part(graph, at_least_half=False)
    if part.graph is None or not graph.n:
        why = part.warning if part.graph is None else "there are no people"
        return unsaid(_FIGURES, why, boundary=part.boundary, cut=graph.cut)
    each = degrees(undirected(graph))[part.nodes]
    values, counts = np.unique(each, return_counts=True)
    most = part.nodes[each == values[-1]]
    told = partial(
        Finding,
        n=len(each),
        method="counted: distinct people with a tie in either direction; self-ties left out",
        warning=joined(part.warning, _ONE_SIDED if len(part.nodes) < graph.n else ""),
        boundary=part.boundary,
        cut=graph.cut,
    )
    return (
        told(name="mean_degree", value=float(each.mean()), unit="ties per person"),
        told(name="median_degree", value=float(np.median(each)), unit="ties per person"),
        told(name="max_degree", value=int(values[-1]), unit="ties", rows=tuple(most.tolist()), rows_of="person"),
        told(name="without_ties", value=float((each == 0).mean()), unit="share of people"),
        told(
            name="degree_distribution",
            value=len(values),
            unit="different numbers of ties; the series is the share of people with each",
            series=tuple((int(value), float(count / len(each))) for value, count in zip(values, counts)),
        ),
    )
