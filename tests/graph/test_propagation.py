"""Groups by hearsay: planted ones found, none found where there are none, and nobody left who would change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import naive
from graph.naive import graphs, random_graph, woven
from kring.errors import GraphError
from kring.graph.propagation import label_propagation


def planted(groups, size, inside, between, seed):
    """So many groups; each person has on average so many ties inside the group and to others."""
    draw = np.random.default_rng(seed)
    n = groups * size
    near = draw.integers(0, n, (n * inside // 2, 1)), draw.integers(0, size, (n * inside // 2, 1))
    within = np.hstack((near[0], near[0] // size * size + near[1]))
    return woven(np.vstack((within, draw.integers(0, n, (n * between // 2, 2)))).tolist(), n, False)


@given(graphs(directed=False, weighted=True), st.integers(0, 5))
def test_at_the_end_nobody_has_a_reason_to_change(graph, seed):
    groups = label_propagation(graph, seed=seed).tolist()
    assert groups == naive.by_first(groups)
    weight = naive.weights(graph)
    for node in range(graph.n):
        heard = {}
        for (a, b), w in weight.items():
            if a == node:
                heard[groups[b]] = heard.get(groups[b], 0) + w
        assert not heard or heard.get(groups[node], 0) == max(heard.values())


@pytest.mark.parametrize("seed", range(5))
def test_planted_groups_are_found(seed):
    groups = label_propagation(planted(20, 50, 12, 2, seed), seed=seed)
    truth = np.arange(1000) // 50
    alike = [np.bincount(groups[truth == group]).max() for group in range(20)]
    assert np.mean(alike) > 45
    assert len(np.unique(groups)) > 12


@pytest.mark.parametrize("seed", range(5))
def test_no_groups_are_found_where_there_are_none(seed):
    groups = label_propagation(planted(1, 1000, 14, 0, seed), seed=seed)
    assert np.bincount(groups).max() > 950


def test_the_same_bits_whatever_the_threads_and_others_for_another_seed():
    draw = np.random.default_rng(1)
    graph = random_graph(20_000, 200_000, 1, False, weights=draw.random(200_000))
    one = label_propagation(graph, seed=3, threads=1)
    assert np.array_equal(one, label_propagation(graph, seed=3, threads=3))
    assert not np.array_equal(one, label_propagation(graph, seed=4, threads=1))


def test_a_graph_with_direction_is_refused():
    with pytest.raises(GraphError):
        label_propagation(woven([(0, 1)], 2, True))
