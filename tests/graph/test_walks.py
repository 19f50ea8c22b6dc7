"""Walks: each step is an arc, drawn as often as it weighs; the same whatever the threads."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import naive
from graph.naive import graphs, random_graph, woven
from kring.errors import GraphError
from kring.graph.chance import below, key, unit
from kring.graph.walks import NOBODY, random_walks


@given(graphs(weighted=True), st.integers(0, 9), st.integers(0, 100), st.booleans())
def test_each_step_is_an_arc_and_only_who_can_go_on_goes_on(graph, length, seed, weighted):
    out = naive.rows(graph)
    for k, walk in enumerate(random_walks(graph, np.arange(graph.n), length, seed=seed, weighted=weighted).tolist()):
        assert walk[0] == k
        for a, b in pairwise(walk):
            assert b in out[a] if a != NOBODY and out[a] else b == NOBODY


@pytest.mark.parametrize("weighted", [False, True])
def test_arcs_are_drawn_as_often_as_they_weigh(weighted):
    weights = np.array([1.0, 0.0, 2.0, 5.0, 4.0])
    graph = woven([(0, k) for k in range(1, 6)], 6, True, weights=weights)
    ends = random_walks(graph, np.zeros(60_000, np.int64), 1, seed=2, weighted=weighted)[:, 1]
    seen = np.bincount(ends, minlength=6)[1:]
    expected = weights / weights.sum() if weighted else np.full(5, 0.2)
    assert (seen[expected == 0] == 0).all()
    some = expected > 0
    assert naive.spread_as(seen[some], expected[some])


def test_restart_brings_back_to_the_start():
    ring = woven([(k, (k + 1) % 1000) for k in range(1000)], 1000, True)
    walks = random_walks(ring, np.full(20_000, 500), 10, seed=1, restart=0.2)
    back = np.mean(walks[:, 1:] == 500)
    assert back == pytest.approx(0.2, abs=0.005)
    assert (random_walks(ring, np.full(3, 7), 4, restart=1.0) == 7).all()


def test_the_same_bits_whatever_the_threads():
    draw = np.random.default_rng(1)
    graph = random_graph(5000, 50_000, 1, True, weights=draw.random(50_000))
    starts = draw.integers(0, 5000, 20_000)
    one = random_walks(graph, starts, 12, seed=5, restart=0.1, threads=1)
    assert np.array_equal(one, random_walks(graph, starts, 12, seed=5, restart=0.1, threads=3))
    assert not np.array_equal(one, random_walks(graph, starts, 12, seed=6, restart=0.1, threads=3))


def test_what_makes_no_sense_is_refused():
    graph = woven([(0, 1)], 2, True)
    for starts, more in (([2], {}), ([-1], {}), ([0], {"restart": 1.5})):
        with pytest.raises(GraphError):
            random_walks(graph, np.array(starts), 3, **more)
    with pytest.raises(GraphError):
        random_walks(graph, np.array([0]), -1)


def test_chance_is_even():
    drawn = np.array([key(np.uint64(key(1, stream)), k) for stream in range(40) for k in range(500)], np.uint64)
    assert len(np.unique(drawn)) == len(drawn)
    ones = ((drawn[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).sum(0)
    assert abs(ones.astype(int) - 10_000).max() < 4.5 * np.sqrt(5000)
    parts = np.bincount([below(np.uint64(bits), 7) for bits in drawn], minlength=7)
    assert naive.spread_as(parts, np.full(7, 1 / 7))
    assert 0 <= unit(np.uint64(0)) < unit(np.uint64(2**64 - 1)) < 1
