"""The networks that lie beside the repository, and how other libraries are given one."""

import igraph
import numpy as np
import pytest

from kring.graph.build import sources_of
from kring.graph.files import read
from shared_data import shared

NETWORKS = [
    "CollegeMsg.txt",
    "soc-sign-bitcoinalpha.csv",
    "MIT8.edgelist",
    "PGPgiantcompo.graph",
    "hep-th.graph",
    "power.graph",
    "karate_club.gml",
]


def known(name):
    file = shared("networks", name)
    return read(file.name, lambda: file.open("rb")).graph


def ends(graph):
    """Sources and targets, each tie once."""
    sources, targets = sources_of(graph), graph.targets
    once = np.ones(graph.n_arcs, np.bool_) if graph.directed else sources < targets
    return sources[once], targets[once]


def to_igraph(graph):
    return igraph.Graph(n=graph.n, edges=np.column_stack(ends(graph)).tolist(), directed=graph.directed)


def to_networkit(graph):
    networkit = pytest.importorskip("networkit", reason="networkit is not installed")
    sources, targets = ends(graph)
    peer = networkit.GraphFromCoo((sources.astype(np.uint64), targets.astype(np.uint64)), n=graph.n, directed=graph.directed)
    return networkit, peer
