"""Degree assortativity: twin, igraph, published figure, planted truth and control."""

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.measures.degree_assortativity import degree_assortativity
from measures import naive
from measures.made import NODES, arcs, figures, graphs, random_graph, renumbered, twice, woven
from measures.test_distances import NETWORKS, network


@given(graphs(), st.booleans(), st.permutations(range(NODES)))
def test_twin_renumbered_and_doubled(graph, directed, order):
    value = figures(degree_assortativity(graph, directed=directed))["degree_assortativity"]
    expected = naive.degree_assortativity(graph, directed=directed and graph.directed)["degree_assortativity"]
    for other in (graph, renumbered(graph, [k for k in order if k < graph.n]), twice(graph)):
        got = figures(degree_assortativity(other, directed=directed))["degree_assortativity"]
        assert got == (None if value is None else pytest.approx(value, abs=1e-9))
    assert value == (None if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize("name", NETWORKS)
def test_as_igraph_finds_it(name):
    graph = network(name)
    other = igraph.Graph(n=graph.n, edges=arcs(graph), directed=graph.directed)
    found = figures(degree_assortativity(graph))["degree_assortativity"]
    assert found == pytest.approx(other.as_undirected().simplify().assortativity_degree(directed=False), abs=1e-9)
    if graph.directed:
        assert figures(degree_assortativity(graph, directed=True))["degree_assortativity"] == pytest.approx(
            other.assortativity_degree(), abs=1e-9
        )


def test_published():
    assert figures(degree_assortativity(network("CollegeMsg.txt")))["degree_assortativity"] == pytest.approx(-0.188, abs=5e-4)


def test_hubs_among_themselves_are_found_and_chance_is_not():
    hubs = [(a, b) for a in range(10) for b in range(a)]
    pairs = [(10 + 2 * k, 11 + 2 * k) for k in range(50)]
    assert figures(degree_assortativity(woven(hubs + pairs, 110, False)))["degree_assortativity"] == pytest.approx(1)
    assert figures(degree_assortativity(woven([(0, k) for k in range(1, 30)], 30, False)))["degree_assortativity"] == pytest.approx(-1)
    assert abs(figures(degree_assortativity(random_graph(2000, 10000, seed=1, directed=False)))["degree_assortativity"]) < 0.03


def test_where_all_are_alike_there_is_no_correlation():
    found = degree_assortativity(woven([(k, (k + 1) % 12) for k in range(12)], 12, False))[0]
    assert found.value is None
    assert "equally many" in found.warning


def test_a_star_of_exports_says_nothing():
    found = degree_assortativity(woven([(0, k) for k in range(1, 30)], 30, True, observed=np.arange(30) < 1))[0]
    assert found.value is None
    assert "1 of 30" in found.warning
