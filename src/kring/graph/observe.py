"""The star trap, as one rule: which part of a graph may be spoken of, when only some people's ties were seen (DESIGN.md)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.slices import subgraph
from kring.schema import FEWEST_PEOPLE


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What may be spoken of: a graph, or None and a warning that says why not."""

    graph: Graph | None
    nodes: NDArray[np.int64]
    """The row in the whole graph of each node of the part."""
    warning: str
    boundary: str


def observed_part(graph: Graph, *, at_least_half: bool = True) -> Part:
    """The people all of whose ties were seen, and the ties among them.

    Takes   a graph. Where `observed` is None it is a network that somebody gave whole: it is spoken of however small it is, with a warning.
    Gives   the part, if it has at least ten people and (unless the question is about pairs: `at_least_half=False`) at least half of all;
            otherwise no graph, and a warning that begins with "too few to say".
    """
    everyone = np.arange(graph.n)
    if graph.observed is None:
        warning = f"there are only {graph.n} people in this network" if graph.n < FEWEST_PEOPLE else ""
        return Part(graph, everyone, warning, graph.boundary)
    seen = int(graph.observed.sum())
    said = f"all ties were seen of {seen} of {graph.n} people"
    boundary = "; ".join(text for text in (graph.boundary, said) if text)
    if graph.n < FEWEST_PEOPLE:
        return Part(None, everyone[:0], f"too few to say: there are only {graph.n} people", boundary)
    if seen < FEWEST_PEOPLE or (at_least_half and 2 * seen < graph.n):
        return Part(None, everyone[:0], f"too few to say: only the ties of {seen} of {graph.n} people were seen", boundary)
    if seen == graph.n:
        return Part(graph, everyone, "", boundary)
    return Part(subgraph(graph, graph.observed), np.flatnonzero(graph.observed), "", f"{boundary}; the others are left out")
