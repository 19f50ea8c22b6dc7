"""Cascades against all ways the coins can fall; the choice of whom to begin with against all choices."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import naive
from graph.naive import graphs, random_graph, woven
from kring.errors import GraphError
from kring.graph.build import undirected
from kring.graph.cascades import cascade_sizes, spread
from kring.graph.seeding import whom_to_begin_with


@given(graphs(), st.data())
def test_where_all_is_passed_on_a_cascade_is_who_can_be_reached(graph, data):
    if graph.n:
        starts = data.draw(st.lists(st.integers(0, graph.n - 1), min_size=1, max_size=3))
        reached = {other for start in starts for other in naive.reached(graph, start)}
        assert cascade_sizes(graph, np.array(starts), 1.0, 3).tolist() == [len(reached)] * 3
        assert cascade_sizes(graph, np.array(starts), 0.0, 3).tolist() == [len(set(starts))] * 3


SMALL = [
    woven([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (0, 4), (5, 0)], 6, True),
    woven([(0, 1), (1, 2), (2, 0), (2, 3)], 5, False),
]


@pytest.mark.parametrize("graph", SMALL)
@pytest.mark.parametrize("one", [True, False])
def test_the_mean_is_that_over_all_ways_the_coins_can_fall(graph, one):
    chance = np.full(graph.n_arcs, 0.3) if one else np.linspace(0.1, 0.9, graph.n_arcs)
    got = spread(cascade_sizes(graph, np.array([0, 3]), 0.3 if one else chance, 40_000, seed=2))
    exact = naive.spread(graph, chance, [0, 3])
    assert abs(got.mean - exact) < 2 * (got.high - got.low) / 2
    assert got.high - got.low < 0.05


def test_its_interval_covers_as_often_as_it_says():
    graph, exact = SMALL[0], naive.spread(SMALL[0], [0.4] * 7, [0])
    spreads = [spread(cascade_sizes(graph, np.array([0]), 0.4, 200, seed=seed)) for seed in range(1000)]
    assert 0.93 <= np.mean([each.low <= exact <= each.high for each in spreads]) <= 0.97


@pytest.mark.parametrize("graph", SMALL)
@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("among", [None, [1, 3, 4]])
def test_the_choice_is_as_good_as_guaranteed(graph, k, among):
    chance = np.linspace(0.2, 0.8, graph.n_arcs)
    best = max(naive.spread(graph, chance, each) for each in combinations(among or range(graph.n), k))
    chosen = whom_to_begin_with(graph, k, chance, among=None if among is None else np.array(among), wanted=0.7, seed=1)
    exact = naive.spread(graph, chance, chosen.nodes)
    assert 0.7 <= chosen.guarantee <= exact / best
    assert chosen.spread == pytest.approx(exact, rel=0.15)
    assert among is None or set(chosen.nodes.tolist()) <= set(among)


@settings(max_examples=30)
@given(graphs(), st.integers(1, 4), st.floats(0, 1))
def test_a_choice_is_of_different_people(graph, k, chance):
    if graph.n:
        chosen = whom_to_begin_with(graph, k, chance, most_sets=2000)
        assert len(set(chosen.nodes.tolist())) == len(chosen.nodes) == min(k, graph.n)
        assert 0 < chosen.guarantee <= 1
        assert chosen.n_sets <= 4000


def test_too_few_sets_say_so():
    graph = random_graph(3000, 9000, 1, True)
    few = whom_to_begin_with(graph, 20, 0.05, wanted=0.6, most_sets=200)
    many = whom_to_begin_with(graph, 20, 0.05, wanted=0.6)
    assert few.guarantee < 0.4
    assert many.guarantee >= 0.6
    exact = spread(cascade_sizes(graph, many.nodes, 0.05, 5000, seed=9))
    assert many.spread == pytest.approx(exact.mean, rel=0.05)


def test_the_same_bits_whatever_the_threads():
    graph = undirected(random_graph(3000, 20_000, 1, True))
    starts = np.arange(5)
    one = cascade_sizes(graph, starts, 0.1, 300, seed=3, threads=1)
    assert np.array_equal(one, cascade_sizes(graph, starts, 0.1, 300, seed=3, threads=3))
    assert not np.array_equal(one, cascade_sizes(graph, starts, 0.1, 300, seed=4))
    a, b = (whom_to_begin_with(graph, 5, 0.1, seed=3, threads=threads) for threads in (1, 3))
    assert (a.nodes.tolist(), a.guarantee, a.spread) == (b.nodes.tolist(), b.guarantee, b.spread)


def test_what_makes_no_sense_is_refused():
    graph = woven([(0, 1)], 2, True)
    for ask in (
        lambda: cascade_sizes(graph, np.array([2]), 0.5, 3),
        lambda: cascade_sizes(graph, np.array([], int), 0.5, 3),
        lambda: cascade_sizes(graph, np.array([0]), 1.5, 3),
        lambda: cascade_sizes(graph, np.array([0]), np.nan, 3),
        lambda: cascade_sizes(graph, np.array([0]), np.ones(2), 3),
        lambda: spread(np.array([3])),
        lambda: whom_to_begin_with(graph, 0, 0.5),
        lambda: whom_to_begin_with(woven([], 0, True), 1, 0.5),
    ):
        with pytest.raises(GraphError):
            ask()
