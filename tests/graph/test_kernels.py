"""Small kernels against their naive twins, igraph and NetworKit: cores, neighbours, triangles, flow; whatever the threads and the order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import naive
from graph.naive import arcs, graphs, random_graph, same, woven
from graph.networks import NETWORKS, known, to_igraph, to_networkit
from kring.errors import GraphError
from kring.graph.build import undirected
from kring.graph.cores import core_numbers
from kring.graph.flow import flow
from kring.graph.neighbours import of_neighbours
from kring.graph.order import by_community, by_degree, by_search, numbers_of, renumbered
from kring.graph.triangles import local_clustering, transitivity, triangles

HOW = st.sampled_from(["sum", "mean", "count", "max"])
ORDERS = [by_degree, by_search, by_community]


@given(graphs(directed=False))
def test_core_numbers(graph):
    assert core_numbers(graph).tolist() == naive.core_numbers(graph)


@given(graphs(directed=False))
def test_triangles_and_clustering(graph):
    expected = naive.triangles(graph)
    assert triangles(graph).tolist() == expected
    pairs = [len(row) * (len(row) - 1) / 2 for row in naive.rows(graph)]
    np.testing.assert_allclose(local_clustering(graph), [t / p if p else np.nan for t, p in zip(expected, pairs)])
    np.testing.assert_allclose(transitivity(graph), sum(expected) / sum(pairs) if sum(pairs) else np.nan)


@given(graphs(weighted=True), HOW, st.booleans(), st.booleans(), st.data())
def test_what_neighbours_have(graph, how, incoming, weighted, data):
    values = np.array([data.draw(st.sampled_from([0.0, 1.0, -2.5, 7.0, np.nan])) for _ in range(graph.n)])
    got = of_neighbours(graph, values, how, incoming=incoming, weighted=weighted)
    np.testing.assert_allclose(got, naive.of_neighbours(graph, values, how, incoming, weighted))


@given(graphs(weighted=True), st.sampled_from([0.0, 0.5, 0.85, 0.99]), st.booleans(), st.booleans())
def test_flow_within_its_tolerance_of_the_solved_equations(graph, damping, weighted, everywhere):
    personal = np.ones(graph.n) if everywhere else np.arange(graph.n) % 3 + (np.arange(graph.n) == 0)
    got = flow(graph, personal=None if everywhere else personal.astype(float), damping=damping, weighted=weighted, tolerance=1e-6)
    if graph.n:
        assert abs(got - naive.flow(graph, personal / personal.sum(), damping, weighted)).sum() <= 1.001e-6
        assert abs(got.sum() - 1) < 1e-9


@pytest.mark.parametrize("name", NETWORKS)
def test_as_igraph_and_networkit_have_it(name):
    graph = known(name)
    flat = undirected(graph)
    peer, flat_peer = to_igraph(graph), to_igraph(flat)
    np.testing.assert_allclose(flow(graph, weighted=False), peer.pagerank(), atol=1e-9)
    assert core_numbers(flat).tolist() == flat_peer.coreness()
    np.testing.assert_allclose(local_clustering(flat), flat_peer.transitivity_local_undirected())
    np.testing.assert_allclose(transitivity(flat), flat_peer.transitivity_undirected())
    networkit, other = to_networkit(flat)
    assert core_numbers(flat).tolist() == networkit.centrality.CoreDecomposition(other).run().scores()
    assert transitivity(flat) == pytest.approx(networkit.globals.ClusteringCoefficient.exactGlobal(other))


def test_published():
    """KONECT gives 5.68% for the clustering of CollegeMsg."""
    assert transitivity(undirected(known("CollegeMsg.txt"))) == pytest.approx(0.0568, abs=0.00005)


@pytest.mark.parametrize("order", ORDERS)
@given(graph=graphs(weighted=True))
def test_in_another_order_it_is_the_same_graph(order, graph):
    nodes = order(graph)
    assert sorted(nodes.tolist()) == list(range(graph.n))
    other, number = renumbered(graph, nodes), numbers_of(nodes)
    assert naive.weights(other) == {(number[a], number[b]): w for (a, b), w in naive.weights(graph).items()}
    assert arcs(other) == sorted(arcs(other))
    assert list(other.ids) == [str(node) for node in nodes]
    assert same(renumbered(other, np.argsort(nodes)), graph)


def test_order_changes_nothing_that_is_measured():
    draw = np.random.default_rng(2)
    graph = random_graph(2000, 60_000, 2, False, weights=draw.random(60_000))
    nodes = draw.permutation(graph.n)
    other = renumbered(graph, nodes)
    values = draw.random(graph.n)
    assert np.array_equal(core_numbers(other), core_numbers(graph)[nodes])
    assert np.array_equal(triangles(other), triangles(graph)[nodes])
    np.testing.assert_allclose(
        of_neighbours(other, values[nodes], "mean", weighted=True), of_neighbours(graph, values, "mean", weighted=True)[nodes]
    )
    np.testing.assert_allclose(flow(other), flow(graph)[nodes], atol=1e-9)


@pytest.mark.parametrize("threads", [2, 3])
def test_the_same_bits_whatever_the_threads(threads):
    draw = np.random.default_rng(4)
    graph = random_graph(5000, 300_000, 4, True, weights=draw.random(300_000))
    flat = undirected(graph)
    assert np.array_equal(flow(graph, threads=threads), flow(graph, threads=1))
    assert np.array_equal(triangles(flat, threads=threads), triangles(flat, threads=1))
    for incoming in (False, True):
        values = draw.random(5000)
        one, more = (of_neighbours(graph, values, "sum", incoming=incoming, weighted=True, threads=t) for t in (1, threads))
        assert np.array_equal(one, more)
    nodes = draw.permutation(5000)
    assert same(renumbered(graph, nodes, threads=threads), renumbered(graph, nodes, threads=1))
    assert np.array_equal(by_community(graph, threads=threads), by_community(graph, threads=1))


def test_a_star_and_a_clique():
    star = woven([(0, k) for k in range(1, 5001)], 5001, False)
    assert triangles(star).sum() == 0
    assert transitivity(star) == 0
    clique = woven([(a, b) for a in range(30) for b in range(a)], 30, False)
    assert set(triangles(clique).tolist()) == {29 * 28 // 2}
    assert set(core_numbers(clique).tolist()) == {29}


def test_what_makes_no_sense_is_refused():
    directed = woven([(0, 1)], 3, True, weights=np.array([-1.0]))
    for ask in (
        lambda: core_numbers(directed),
        lambda: triangles(directed),
        lambda: of_neighbours(directed, np.ones(2), "sum"),
        lambda: of_neighbours(directed, np.ones(3), "sum", weighted=True),
        lambda: flow(directed),
        lambda: flow(directed, weighted=False, damping=1.0),
        lambda: flow(directed, weighted=False, tolerance=0),
        lambda: flow(directed, weighted=False, personal=np.zeros(3)),
        lambda: flow(directed, weighted=False, personal=np.array([1.0, np.nan, 0.0])),
        lambda: renumbered(directed, np.array([0, 1, 1])),
    ):
        with pytest.raises(GraphError):
            ask()
