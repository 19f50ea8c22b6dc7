"""Who lies between others: exact against counting all paths, igraph and NetworKit; sampled within its errors."""

import numpy as np
import pytest
from hypothesis import given

from graph import naive
from graph.naive import graphs, random_graph
from graph.networks import known, to_igraph, to_networkit
from kring.errors import GraphError
from kring.graph.betweenness import betweenness
from kring.graph.order import renumbered


@given(graphs())
def test_exact(graph):
    got = betweenness(graph)
    np.testing.assert_allclose(got.values, naive.betweenness(graph), atol=1e-9)
    assert (got.within, got.n_pivots) == (0, graph.n)


@pytest.mark.parametrize("name", ["karate_club.gml", "CollegeMsg.txt", "power.graph"])
def test_as_igraph_and_networkit_have_it(name):
    graph = known(name)
    got = betweenness(graph).values
    np.testing.assert_allclose(got, to_igraph(graph).betweenness(), rtol=1e-9, atol=1e-6)
    networkit, peer = to_networkit(graph)
    ways = 1 if graph.directed else 2
    np.testing.assert_allclose(ways * got, networkit.centrality.Betweenness(peer).run().scores(), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("directed", [False, True])
def test_sampled_is_as_near_as_it_says(directed):
    graph = random_graph(800, 5000, 2, directed)
    exact = betweenness(graph).values
    inside = []
    for seed in range(40):
        got = betweenness(graph, pivots=200, seed=seed)
        off = abs(got.values - exact)
        assert off.max() <= got.within
        clear = exact > np.quantile(exact, 0.9)
        inside.append(np.mean(off[clear] <= 1.96 * got.standard_errors[clear]))
    assert 0.8 < np.mean(inside) < 0.95


def test_the_same_bits_whatever_the_threads_and_the_same_in_another_order():
    graph = random_graph(2000, 20_000, 3, True)
    one = betweenness(graph, pivots=100, seed=7, threads=1)
    more = betweenness(graph, pivots=100, seed=7, threads=3)
    assert np.array_equal(one.values, more.values)
    assert np.array_equal(one.standard_errors, more.standard_errors)
    small = random_graph(300, 2000, 3, True)
    nodes = np.random.default_rng(1).permutation(300)
    np.testing.assert_allclose(betweenness(renumbered(small, nodes)).values, betweenness(small).values[nodes])


def test_a_negative_number_of_pivots_is_refused():
    with pytest.raises(GraphError):
        betweenness(random_graph(3, 3, 1, True), pivots=-1)
