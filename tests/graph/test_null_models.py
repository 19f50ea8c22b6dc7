"""Random networks: degrees stay, all networks with these degrees come equally often, and nothing else is left of what was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.naive import arcs, graphs, random_graph, same, spread_as, with_degrees, woven
from graph.networks import known, to_igraph
from kring.errors import GraphError
from kring.graph.build import degrees, transpose, undirected
from kring.graph.null_models import how_many, over_null_models, rewired, shuffled
from kring.graph.triangles import transitivity


@given(graphs(weighted=True), st.integers(0, 99), st.sampled_from([0, 0.3, 10]))
def test_degrees_stay_and_nothing_comes_twice(graph, seed, per_tie):
    random = rewired(graph, per_tie=per_tie, seed=seed)
    other = random.graph
    assert np.array_equal(degrees(other), degrees(graph))
    assert np.array_equal(degrees(transpose(other)), degrees(transpose(graph)))
    assert arcs(other) == sorted(set(arcs(other)))
    assert all(a != b for a, b in arcs(other))
    assert other.directed or set(arcs(other)) == {(b, a) for a, b in arcs(other)}
    assert random.n_tries == np.ceil(per_tie * graph.n_ties)
    assert 0 <= random.n_swaps <= random.n_tries
    assert per_tie or arcs(other) == arcs(graph)


@pytest.mark.parametrize(
    ("pairs", "n", "directed"),
    [
        ([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)], 6, False),
        ([(0, 1), (0, 2), (0, 3), (1, 2), (3, 4)], 5, False),
        ([(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)], 6, False),
        ([(0, 1), (1, 2), (2, 0)], 3, True),
        ([(0, 1), (1, 2), (2, 0), (2, 3), (3, 0)], 4, True),
        ([(0, 1), (1, 0), (1, 2), (2, 3), (3, 1), (0, 3)], 4, True),
    ],
)
def test_every_network_with_these_degrees_comes_equally_often(pairs, n, directed):
    graph = woven(pairs, n, directed)
    all_of_them = with_degrees(graph)
    assert len(all_of_them) > 1
    place = {ties: k for k, ties in enumerate(all_of_them)}
    draws = 150 * len(all_of_them)
    seen = np.zeros(len(all_of_them), int)
    for k in range(draws):
        other = rewired(graph, per_tie=40, seed=5, number=k).graph
        seen[place[frozenset((a, b) for a, b in arcs(other) if directed or a < b)]] += 1
    assert spread_as(seen, np.full(len(seen), 1 / len(seen)))


def test_of_a_large_network_little_is_left():
    graph = undirected(known("MIT8.edgelist"))
    random = rewired(graph, seed=1)
    assert random.accepted > 0.5
    before, after = set(arcs(graph)), set(arcs(random.graph))
    assert len(before & after) < 0.2 * len(before)
    assert transitivity(random.graph) < 0.5 * transitivity(graph)


def test_it_comes_out_as_igraph_does_it():
    """Trust there is mutual, in a random network it is not: it then has more ties when their direction is dropped."""
    graph = known("soc-sign-bitcoinalpha.csv")
    peer = to_igraph(graph)
    peer.rewire(10 * graph.n_ties)
    flat = peer.as_undirected().simplify()
    random = undirected(rewired(graph, seed=1).graph)
    assert random.n_ties == pytest.approx(flat.ecount(), rel=0.01)
    assert transitivity(random) == pytest.approx(flat.transitivity_undirected(), rel=0.05)
    assert random.n_ties > 1.5 * undirected(graph).n_ties


def test_where_nothing_can_be_swapped_nothing_is():
    star = woven([(0, k) for k in range(1, 50)], 50, False)
    clique = woven([(a, b) for a in range(9) for b in range(a)], 9, False)
    for graph in (star, clique):
        random = rewired(graph)
        assert random.accepted == 0
        assert same(random.graph, graph)


def test_many_at_once_are_the_same_whatever_the_threads():
    graph = random_graph(300, 3000, 1, True)
    one = over_null_models(graph, arcs, 6, seed=4, threads=1)
    assert one == over_null_models(graph, arcs, 6, seed=4, threads=3)
    assert one[2] == arcs(rewired(graph, seed=4, number=2).graph)
    assert len({tuple(each) for each in one}) == 6


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(0, 9))
def test_shuffled_labels_are_the_same_labels_and_stay_in_their_group(groups, seed):
    within, values = np.array(groups, int), np.arange(len(groups))
    dealt = shuffled(values, seed=seed)
    assert sorted(dealt) == sorted(values)
    inside = shuffled(values, seed=seed, within=within)
    assert all(sorted(inside[within == group]) == values[within == group].tolist() for group in set(groups))


def test_labels_are_dealt_out_evenly():
    seen = np.zeros((4, 4), int)
    for number in range(4000):
        seen[np.arange(4), shuffled(np.arange(4), seed=3, number=number)] += 1
    assert spread_as(seen.ravel(), np.full(16, 1 / 16))
    seen[:] = 0
    for number in range(4000):
        seen[np.arange(4), shuffled(np.arange(4), seed=3, number=number, within=np.array([0, 1, 0, 1]))] += 1
    assert spread_as(seen[[0, 0, 1, 1, 2, 2, 3, 3], [0, 2, 1, 3, 0, 2, 1, 3]], np.full(8, 1 / 8))


def test_what_makes_no_sense_is_refused():
    graph = woven([(0, 1)], 2, True)
    for per_tie in (-1, np.inf, np.nan):
        with pytest.raises(GraphError):
            rewired(graph, per_tie=per_tie)
    with pytest.raises(GraphError):
        shuffled(np.arange(3), within=np.arange(2))


@pytest.mark.parametrize(
    ("asked", "ties", "made"),
    [(None, 1, 20), (None, 0, 20), (None, 500_000, 16), (None, 10**9, 5), (0, 10**9, 0), (100, 10**9, 100), (1, 1, 1)],
)
def test_of_a_large_network_fewer_are_made_unless_somebody_asks(asked, ties, made):
    assert how_many(asked, 20, ties, most_ties=8_000_000) == made


def test_never_more_than_usual():
    assert how_many(None, 3, 10**9, most_ties=8_000_000) == 3
