"""A graph as it leaves the house, the same for every form: ids that may stand in a file, each tie once, attributes with their type."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import sources_of
from kring.graph.files.elements import kind_of
from kring.graph.files.legal import legal, legal_ids, written_time
from kring.graph.ids import Numbers


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of nodes or ties: its name, its type and its value for each; None where it has none."""

    name: str
    kind: str
    values: list[object]


@dataclass(frozen=True, slots=True, eq=False)
class Leaving:
    """A graph, ready to be written."""

    directed: bool
    ids: list[str]
    numbers: NDArray[np.int64] | None
    """The ids as numbers, where they are."""
    labels: list[str]
    nodes: list[Attribute]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    ties: list[Attribute]
    """Weight, Sign, First and Last, those there are."""

    def rows(self) -> Iterator[tuple[str, str, list[object]]]:
        """Source, target and attributes of each tie."""
        columns = [attribute.values for attribute in self.ties]
        for k, (a, b) in enumerate(zip(self.source.tolist(), self.target.tolist())):
            yield self.ids[a], self.ids[b], [column[k] for column in columns]


def leaving(graph: Graph) -> Leaving:
    """A graph, ready to be written."""
    source, target = sources_of(graph).astype(np.int64), graph.targets.astype(np.int64)
    once = np.ones(len(source), np.bool_) if graph.directed else source < target
    ids = legal_ids(graph.id_of(node) for node in range(graph.n))
    named = graph.labels.get("label")
    labels = ids if named is None else [legal(str(name)) if name is not None else id for name, id in zip(named, ids)]
    return Leaving(
        directed=graph.directed,
        ids=ids,
        numbers=graph.ids.numbers if isinstance(graph.ids, Numbers) else np.arange(graph.n) if graph.ids is None else None,
        labels=labels,
        nodes=[_attribute(name, list(values)) for name, values in graph.labels.items() if name != "label"],
        source=source[once],
        target=target[once],
        ties=_of_ties(graph, once),
    )


def _of_ties(graph: Graph, once: NDArray[np.bool_]) -> list[Attribute]:
    attributes = []
    if graph.weights is not None:
        weights = graph.weights[once]
        whole = bool((weights == np.round(weights)).all()) and bool((np.abs(weights) < 2**53).all())
        attributes.append(Attribute("Weight", "double", (weights.astype(np.int64) if whole else weights).tolist()))
    if graph.signs is not None:
        attributes.append(Attribute("Sign", "long", graph.signs[once].tolist()))
    for name, at in (("First", graph.first_at), ("Last", graph.last_at)):
        if at is not None:
            attributes.append(Attribute(name, "string", [written_time(each) or None for each in at[once].tolist()]))
    return attributes


def _attribute(name: str, values: list[object]) -> Attribute:
    kind = kind_of([value for value in values if value is not None])
    plain = [legal(str(value)) if kind == "string" and value is not None else value for value in values]
    return Attribute(legal(name), kind, plain)
