"""Leiden: groups hang together and nobody would gain by moving; as good as igraph and as the best that is known; the same for a seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.naive import graphs, random_graph, woven
from graph.networks import known, to_igraph
from kring.errors import GraphError
from kring.graph.build import like, undirected
from kring.graph.leiden import by_size, leiden, modularity
from measures import naive_communities

BEST_KNOWN = {"karate.graph": 0.4198, "dolphins.gml": 0.5285, "football.gml": 0.6046, "jazz.graph": 0.4451}
"""Karate, dolphins, football: Brandes et al. 2008 (proven); jazz: Duch & Arenas 2005 and later."""


@given(graphs(directed=False, weighted=True), st.lists(st.integers(0, 3), min_size=11, max_size=11), st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_modularity(graph, group, resolution):
    group = np.array(group[: graph.n])
    value = modularity(graph, group, resolution=resolution)
    if graph.n_arcs:
        assert value == pytest.approx(naive_communities.modularity(graph, group, resolution), abs=1e-9)
    else:
        assert np.isnan(value)


@given(graphs(directed=False, weighted=True), st.sampled_from([0.3, 1.0, 2.0]), st.integers(0, 3))
def test_groups_hang_together_and_nobody_gains_by_moving(graph, resolution, seed):
    group = leiden(graph, resolution=resolution, rounds=0, seed=seed)
    assert np.array_equal(group, by_size(group))
    network = to_igraph(graph)
    for number in range(group.max(initial=-1) + 1):
        assert network.induced_subgraph(np.flatnonzero(group == number).tolist()).is_connected()
    if not graph.n_arcs:
        return
    now = modularity(graph, group, resolution=resolution)
    for node in range(graph.n):
        for other in {*group.tolist(), graph.n}:
            moved = group.copy()
            moved[node] = other
            assert modularity(graph, moved, resolution=resolution) <= now + 1e-9


@pytest.mark.parametrize("name", BEST_KNOWN)
def test_the_best_that_is_known(name):
    graph = known(name)
    best = max(modularity(graph, leiden(graph, weighted=False, rounds=0, seed=seed), weighted=False) for seed in range(20))
    assert best == pytest.approx(BEST_KNOWN[name], abs=5e-4)


@pytest.mark.parametrize("name", ["CollegeMsg.txt", "hep-th.graph", "PGPgiantcompo.graph"])
def test_as_good_as_igraph(name):
    graph = undirected(known(name))
    network = to_igraph(graph)
    ours = [modularity(graph, leiden(graph, weighted=False, seed=seed), weighted=False) for seed in range(5)]
    theirs = [network.community_leiden("modularity", n_iterations=2).modularity for _ in range(5)]
    assert np.mean(ours) > np.mean(theirs) - 0.005
    group = leiden(graph, weighted=False)
    assert modularity(graph, group, weighted=False) == pytest.approx(network.modularity(group.tolist()), abs=1e-9)


def test_two_groups_that_are_there():
    pairs = [(a + k, b + k) for k in (0, 6) for a in range(6) for b in range(a)] + [(0, 6)]
    assert leiden(woven(pairs, 12, False)).tolist() == [0] * 6 + [1] * 6


def test_ties_that_weigh_nothing_are_as_none():
    graph = random_graph(300, 3000, 5, False)
    source = np.repeat(np.arange(graph.n), np.diff(graph.offsets))
    here = (source % 2) == (graph.targets % 2)
    weighed = like(graph, weights=here.astype(np.float64))
    group = leiden(weighed)
    for number in range(group.max() + 1):
        assert len(set((np.flatnonzero(group == number) % 2).tolist())) == 1


def test_the_same_for_the_same_seed_and_another_for_another():
    graph = random_graph(2000, 8000, 3, False)
    assert np.array_equal(leiden(graph, seed=4), leiden(graph, seed=4))
    assert not np.array_equal(leiden(graph, seed=4), leiden(graph, seed=5))


def test_higher_is_finer():
    graph = random_graph(1000, 4000, 1, False)
    numbers = [leiden(graph, resolution=resolution).max() for resolution in (0.2, 1.0, 5.0)]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 3


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_what_is_no_resolution_is_refused(bad):
    with pytest.raises(GraphError, match="resolution"):
        leiden(random_graph(3, 3, 1, False), resolution=bad)


def test_ties_with_a_direction_are_refused():
    with pytest.raises(GraphError, match="direction"):
        leiden(random_graph(3, 3, 1, True))
