"""Distances: against the naive twin, igraph, published figures, and where nothing may be said."""

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import KringError
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


@pytest.mark.parametrize(("method", "more"), [("sample", {"sources": 96}), ("hyperball", {"seeds": 2})])
def test_a_sample_says_so_and_its_interval_holds_the_truth_as_often_as_it_says(method, more):
    graph = random_graph(600, 1800, seed=1, directed=False)
    truth = figures(distances(graph))
    hits = {"mean_distance": 0, "within_3": 0, "effective_diameter": 0, "spread": 0}
    for seed in range(200):
        for found in distances(graph, method=method, seed=100 * seed, **more):
            if found.name in hits:
                assert found.interval_of == "estimator"
                assert found.seed == 100 * seed
                hits[found.name] += found.low <= truth[found.name] <= found.high
    assert all(180 <= n <= 199 for n in hits.values()), hits


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("all_pairs", [True, False])
def test_all_methods_agree(directed, all_pairs):
    graph = random_graph(1500, 4000, seed=4)
    exact = {f.name: f for f in distances(graph, directed=directed, all_pairs=all_pairs, method="exact")}
    for method in ("sample", "hyperball"):
        for found in distances(graph, directed=directed, all_pairs=all_pairs, method=method, sources=700, seeds=16):
            truth = exact[found.name].value
            if found.interval_of == "none" or found.name in ("median_distance", "diameter"):
                continue
            half = (found.high - found.low) / 2
            assert abs(found.value - truth) <= 2 * half + 1e-9, (found.name, found.value, truth, half)
            assert half < 0.1 * max(truth, 0.01), (found.name, found.value, half)


def test_what_is_known_of_everybody_makes_the_sample_worth_more():
    graph = network("MIT8.edgelist")
    found = next(f for f in distances(graph, sources=256, seed=1) if f.name == "mean_distance")
    assert found.low <= 2.7202753728586515 <= found.high
    assert (found.high - found.low) / 2 < 0.01  # 0.05 without


def test_as_published_by_hyperball_too():
    for name, figure, value in (("MIT8.edgelist", "within_3", 0.8970), ("CollegeMsg.txt", "mean_distance", 3.0552)):
        found = next(f for f in distances(network(name), method="hyperball") if f.name == figure)
        assert found.low <= value <= found.high
        assert "8 seeds (0 to 7)" in found.method


def test_a_deadline_gives_what_is_done_and_asking_for_that_gives_the_same_bits(monkeypatch):
    graph = random_graph(3000, 9000, seed=4)
    clock = iter(range(10**6))
    monkeypatch.setattr("kring.graph.watch.time.monotonic", lambda: next(clock))
    early = {f.name: f for f in distances(graph, method="sample", sources=2500, deadline="30s")}["mean_distance"]
    assert "the deadline of 30s came first" in early.warning
    done = int(early.method.split("sample of ")[1].split(" of ")[0])
    assert 0 < done < 2500
    again = {f.name: f for f in distances(graph, method="sample", sources=done)}["mean_distance"]
    assert (again.value, again.low, again.high) == (early.value, early.low, early.high)
    early = {f.name: f for f in distances(graph, method="hyperball", seeds=50, threads=1, deadline="900s")}["mean_distance"]
    done = int(early.method.split("registers, ")[1].split(" seed")[0])
    assert 0 < done < 50
    again = {f.name: f for f in distances(graph, method="hyperball", seeds=done)}["mean_distance"]
    assert (again.value, again.low, again.high) == (early.value, early.low, early.high)
    late = {f.name: f for f in distances(graph, method="hyperball", deadline="1s")}["mean_distance"]
    assert late.value is None
    assert late.warning.startswith("too soon to say: the deadline of 1s came")
    assert "longer" in late.warning


@pytest.mark.parametrize("asked", [{}, {"method": "sample", "sources": 100}, {"method": "hyperball", "seeds": 2}])
@pytest.mark.parametrize("seed", range(8))
def test_in_one_part_everybody_has_a_way_to_everybody_to_the_last_bit(asked, seed):
    for graph in (random_graph(700, 2500, seed=seed), woven([(k, k + 1) for k in range(300)], 301, False)):
        found = {f.name: f for f in distances(graph, seed=seed, **asked)}
        one = found["reachable"]
        assert (one.value, one.low or 1, one.high or 1) == (1, 1, 1)
        shares = [f for f in found.values() if f.unit.startswith("share")]
        assert len(shares) == 4
        for f in shares:
            assert 0 <= f.value <= 1
            assert f.low is None or 0 <= f.low <= f.value <= f.high <= 1


@pytest.mark.parametrize(
    "asked", [{"method": "guess"}, {"deadline": "soon"}, {"deadline": "0"}, {"deadline": "0.0m"}, {"method": "hyperball", "registers": 63}]
)
def test_what_cannot_be_asked(asked):
    with pytest.raises(KringError):
        distances(random_graph(30, 90, seed=3), **asked)


def test_a_seed_gives_the_same_bits():
    graph = random_graph(400, 1200, seed=2)
    assert distances(graph, sources=70, seed=5) == distances(graph, sources=70, seed=5)
    assert distances(graph, sources=70, seed=5) == distances(graph, sources=70, seed=5, threads=1)
    assert distances(graph, sources=70, seed=5) != distances(graph, sources=70, seed=6)
    assert distances(graph, method="hyperball", threads=1) == distances(graph, method="hyperball", threads=3)


def test_what_costs_too_much_is_sampled_unasked(monkeypatch):
    graph = random_graph(900, 2700, seed=3)
    assert "everyone" in next(f for f in distances(graph) if f.name == "mean_distance").method
    monkeypatch.setattr(module, "CHEAP", 1.0)
    monkeypatch.setattr(module, "SAMPLE", 600)
    found = next(f for f in distances(graph) if f.name == "mean_distance")
    assert "sample of 600 of" in found.method
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
