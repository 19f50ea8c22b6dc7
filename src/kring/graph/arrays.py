"""The three frozen inputs of every measure: `Graph` (distinct ties), `Log` (events sorted by time), `Columns` (per person, tie or post).

A verb weaves them from the store; a network file gives a `Graph` without a store. A measure never sees the store, a text or a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kring.errors import GraphError

Nodes = NDArray[np.int64]
"""Node numbers: people whom somebody named. A measure's keyword of this kind is given as ids, handles or names (`verbs.named`)."""
NO_TIME = np.iinfo(np.int64).min
"""In an `at` array: the time is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Distinct ties between people, as compressed sparse rows.

    The arcs out of node `v` are `targets[offsets[v]:offsets[v + 1]]`, sorted, without loops or duplicates. An undirected graph holds each tie
    as two arcs. The arrays beside `targets` run parallel to it. Nothing in it is changed in place.
    """

    offsets: NDArray[np.int64]
    """int64[n + 1]."""
    targets: NDArray[np.uint32]
    """uint32[m]."""
    directed: bool
    ids: Sequence[str] | None = None
    """The network's string for each node; None: the node's number."""
    weights: NDArray[np.float64] | None = None
    """How often, or the file's own weight."""
    signs: NDArray[np.int8] | None = None
    first_at: NDArray[np.int64] | None = None
    last_at: NDArray[np.int64] | None = None
    kinds: NDArray[np.uint16] | None = None
    """Layers: bit k is set where the tie is of the kind `kind_names[k]`; a tie may be of several."""
    kind_names: tuple[str, ...] = ()
    observed: NDArray[np.bool_] | None = None
    """bool[n]: is all that this person did in these ties seen? None: the whole network is. See DESIGN.md, "The star trap"."""
    boundary: str = ""
    """Whose exports, which ties are seen from both ends; goes into every finding."""
    cut: str = ""
    n_loops: int = 0
    """Self-ties found and left out when it was built."""
    n_duplicates: int = 0
    """Repeats of a tie that were merged into it."""
    labels: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    """Attributes of nodes by name (object[n], None where missing), as a network file gives them."""

    def __post_init__(self) -> None:
        if len(self.offsets) == 0 or int(self.offsets[-1]) != len(self.targets):
            raise GraphError("The graph's arrays don't fit together: offsets must end at the number of arcs.")
        for array in (self.offsets, self.targets, self.weights, self.signs, self.first_at, self.last_at, self.kinds, self.observed):
            if array is not None:
                array.flags.writeable = False

    @property
    def n(self) -> int:
        """How many nodes."""
        return len(self.offsets) - 1

    @property
    def n_arcs(self) -> int:
        """How many arcs: twice the ties where the graph is undirected."""
        return len(self.targets)

    @property
    def n_ties(self) -> int:
        """How many distinct ties."""
        return self.n_arcs if self.directed else self.n_arcs // 2

    def id_of(self, node: int) -> str:
        """The network's string for a node."""
        return self.ids[node] if self.ids is not None else str(node)


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Who did what towards whom, when: one entry for each act and receiver, sorted by time."""

    n_people: int
    source: NDArray[np.int32]
    """int32[k]: the person who acted, -1 where not known."""
    target: NDArray[np.int32]
    """int32[k]: the person it was addressed to, -1 for nobody in particular."""
    at: NDArray[np.int64]
    """int64[k]: UTC microseconds, ascending."""
    kind: NDArray[np.uint8]
    """uint8[k]: index into `kinds`."""
    kinds: tuple[str, ...]
    post: NDArray[np.int32]
    """int32[k]: row of the post in the `Columns` of posts that go with this log; -1 for an act without words."""
    ids: Sequence[str] | None = None
    """The string for each person."""
    boundary: str = ""
    cut: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Named columns of one length, a row for each person, tie or post."""

    of: Literal["person", "tie", "post"]
    n: int
    arrays: Mapping[str, NDArray[np.generic]]
    ids: Sequence[str] | None = None
    boundary: str = ""
    cut: str = ""

    def __post_init__(self) -> None:
        for name, array in self.arrays.items():
            if len(array) != self.n:
                raise GraphError(f"The column {name!r} has {len(array)} rows where {self.n} were expected.")
            array.flags.writeable = False

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        try:
            return self.arrays[name]
        except KeyError:
            raise GraphError(f"There is no column {name!r} here.", next=f"There are: {', '.join(self.arrays)}.") from None
