"""Distances: against the naive twin, igraph, published figures, and where nothing may be said."""

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.graph.files import read
from kring.measures import distances as module
from kring.measures.distances import distances
from measures import naive
from measures.made import NODES, arcs, figures, graphs, random_graph, renumbered, twice, woven
from shared_data import shared

NETWORKS = (
    "CollegeMsg.txt",
    "MIT8.edgelist",
    "PGPgiantcompo.graph",
    "astro-ph.graph",
    "dolphins.gml",
    "football.gml",
    "hep-th.graph",
    "jazz.graph",
    "karate.graph",
    "karate_club.gml",
    "lesmis.gml",
    "lesmis.graph",
    "power.graph",
    "soc-sign-bitcoinalpha.csv",
)


def network(name):
    path = shared("networks", name)
    return read(name, lambda: path.open("rb")).graph


@given(graphs(), st.booleans(), st.booleans())
def test_twin(graph, directed, all_pairs):
    got = figures(distances(graph, directed=directed, all_pairs=all_pairs))
    for name, value in naive.distances(graph, directed=directed, all_pairs=all_pairs).items():
        assert got[name] == pytest.approx(value), name


@given(graphs(), st.permutations(range(NODES)))
def test_renumbering_changes_nothing(graph, order):
    order = [k for k in order if k < graph.n]
    assert figures(distances(renumbered(graph, order), all_pairs=True)) == pytest.approx(figures(distances(graph, all_pairs=True)))


@given(graphs())
def test_two_copies_side_by_side_have_the_distances_of_one(graph):
    one, two = figures(distances(graph, all_pairs=True)), figures(distances(twice(graph), all_pairs=True))
    for name in ("mean_distance", "median_distance", "effective_diameter", "diameter"):
        assert one[name] == pytest.approx(two[name])
    assert two["people"] == 2 * one["people"]


def test_more_sources_than_one_pass_holds_and_a_chain_longer_than_the_first_table():
    n = 700
    chain = figures(distances(woven([(k, k + 1) for k in range(n - 1)], n, True)))
    assert chain["diameter"] == n - 1
    assert chain["mean_distance"] == pytest.approx((n + 1) / 3)


SLOW = ("MIT8.edgelist", "astro-ph.graph")


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in NETWORKS])
def test_as_igraph_finds_it(name):
    graph = network(name)
    other = igraph.Graph(n=graph.n, edges=arcs(graph), directed=graph.directed).as_undirected().simplify()
    largest = other.connected_components().giant()
    got = figures(distances(graph))
    assert (got["people"], got["n_ties"], got["largest_component"]) == (other.vcount(), other.ecount(), largest.vcount())
    counts = [count for _, _, count in largest.path_length_hist().bins()]
    series = next(f.series for f in distances(graph) if f.name == "distance_distribution")
    assert [share for _, share in series] == pytest.approx([c / sum(counts) for c in counts], rel=1e-12)
    assert got["mean_distance"] == pytest.approx(sum((d + 1) * c for d, c in enumerate(counts)) / sum(counts), rel=1e-12)


def test_directed_rounds_that_are_thin_and_dense_as_igraph_finds_them():
    graph = random_graph(600, 1100, seed=9)
    other = igraph.Graph(n=graph.n, edges=arcs(graph), directed=True)
    counts = [count for _, _, count in other.path_length_hist(directed=True).bins()]
    series = next(f.series for f in distances(graph, directed=True, all_pairs=True) if f.name == "distance_distribution")
    assert [share for _, share in series] == pytest.approx([c / (600 * 599) for c in counts])


def test_published():
    assert figures(distances(network("CollegeMsg.txt")))["mean_distance"] == pytest.approx(3.0552, abs=5e-5)
    assert figures(distances(network("MIT8.edgelist")))["within_3"] == pytest.approx(0.897, abs=5e-4)
    assert figures(distances(network("MIT8.edgelist"), all_pairs=True))["within_3"] == pytest.approx(0.8865, abs=5e-5)


def test_directed_distances_on_a_ring():
    ring = woven([(k, (k + 1) % 12) for k in range(12)], 12, True)
    assert figures(distances(ring))["diameter"] == 6
    assert figures(distances(ring, directed=True))["diameter"] == 11


def test_a_sample_says_so_and_its_interval_holds_the_truth_as_often_as_it_says():
    graph = random_graph(600, 1800, seed=1, directed=False)
    truth = figures(distances(graph))
    hits = {"mean_distance": 0, "within_3": 0, "effective_diameter": 0}
    for seed in range(200):
        for found in distances(graph, sources=96, seed=seed):
            if found.name in hits:
                assert found.interval_of == "estimator"
                assert found.seed == seed
                hits[found.name] += found.low <= truth[found.name] <= found.high
    assert all(180 <= n <= 199 for n in hits.values()), hits


def test_a_seed_gives_the_same_bits():
    graph = random_graph(400, 1200, seed=2)
    assert distances(graph, sources=70, seed=5) == distances(graph, sources=70, seed=5)
    assert distances(graph, sources=70, seed=5) != distances(graph, sources=70, seed=6)


def test_what_costs_too_much_is_sampled_unasked(monkeypatch):
    graph = random_graph(300, 900, seed=3)
    monkeypatch.setattr(module, "SMALL", 1.0)
    assert "everyone" in next(f for f in distances(graph) if f.name == "mean_distance").method
    monkeypatch.setattr(module, "CHEAP", 1.0)
    monkeypatch.setattr(module, "SAMPLE", 64)
    found = next(f for f in distances(graph) if f.name == "mean_distance")
    assert "sample of 64 of" in found.method
    assert found.low < found.value < found.high
    longest = next(f for f in distances(graph) if f.name == "diameter")
    assert "at least" in longest.warning


def star(n, seen):
    observed = np.zeros(n, np.bool_)
    observed[:seen] = True
    return woven([(0, k) for k in range(1, n)], n, True, observed=observed)


@pytest.mark.parametrize("seen", [1, 9, 14])
def test_one_persons_star_yields_nothing_about_the_town(seen):
    for found in distances(star(30, seen)):
        if found.name not in ("people", "n_ties"):
            assert found.value is None
            assert found.warning.startswith("too few to say")
        assert f"{seen} of 30" in found.boundary


def test_where_half_were_seen_distances_are_among_those():
    found = {f.name: f for f in distances(star(30, 20))}
    assert found["largest_component"].value == 20
    assert found["mean_distance"].n == 20
    assert "20 of 30" in found["mean_distance"].boundary


def test_a_small_network_file_is_told_with_a_warning():
    found = {f.name: f for f in distances(woven([(0, 1), (1, 2)], 3, False))}
    assert found["mean_distance"].value == pytest.approx(4 / 3)
    assert "only 3 people" in found["mean_distance"].warning
