"""Common neighbours, constraint, who is cut off, which ties are the only way: against plain loops, and NetworkX."""

import networkx
import numpy as np
import pytest
from hypothesis import given

from graph.naive import arcs, graphs, random_graph, woven
from graph.networks import known
from kring.errors import GraphError
from kring.graph.build import undirected
from kring.graph.closeness import closeness
from kring.graph.cuts import cuts
from measures import naive_communities as naive


@given(graphs(directed=False, weighted=True))
def test_twins(graph):
    found, expected, near = closeness(graph), naive.constraint(graph), naive.near(graph)
    for node in range(graph.n):
        assert found.constraint[node] == pytest.approx(expected.get(node, float("nan")), nan_ok=True)
    assert found.common.tolist() == [len(set(near[a]) & set(near[b])) for a, b in arcs(graph)]
    cut = cuts(graph)
    assert dict(enumerate(cut.lost.tolist())) == naive.lost(graph)
    assert {tuple(sorted(tie)) for tie, bridge in zip(arcs(graph), cut.bridge) if bridge} == naive.bridges(graph)


@pytest.mark.parametrize("name", ["karate.graph", "lesmis.gml", "power.graph"])
def test_as_networkx_has_it(name):
    graph = undirected(known(name))
    network = networkx.Graph()
    network.add_nodes_from(range(graph.n))
    weights = graph.weights if graph.weights is not None else np.ones(graph.n_arcs)
    network.add_weighted_edges_from((a, b, weight) for (a, b), weight in zip(arcs(graph), weights))
    theirs = networkx.constraint(network, weight="weight")
    np.testing.assert_allclose(closeness(graph).constraint, [theirs[node] for node in range(graph.n)], rtol=1e-9)
    assert set(np.flatnonzero(cuts(graph).lost)) == set(networkx.articulation_points(network))


def test_hubs_are_looked_up_and_give_the_same():
    graph = random_graph(400, 6000, 2, False)
    network = networkx.Graph(arcs(graph))
    theirs = networkx.constraint(network)
    assert max(np.diff(graph.offsets)) > 100
    np.testing.assert_allclose(
        closeness(graph, weighted=False).constraint, [theirs.get(node, np.nan) for node in range(graph.n)], rtol=1e-9
    )


def test_the_same_bits_whatever_the_threads():
    graph = random_graph(3000, 60_000, 3, False)
    assert np.array_equal(closeness(graph, threads=1).constraint, closeness(graph, threads=3).constraint, equal_nan=True)


def test_a_long_chain_needs_no_recursion():
    graph = woven([(k, k + 1) for k in range(100_000)], 100_001, False)
    assert cuts(graph).bridge.all()
    assert cuts(graph).lost[50_000] == 50_000


@pytest.mark.parametrize("what", [closeness, cuts])
def test_ties_with_a_direction_are_refused(what):
    with pytest.raises(GraphError, match="direction"):
        what(random_graph(3, 3, 1, True))
