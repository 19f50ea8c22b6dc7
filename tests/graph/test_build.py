"""Building a graph against plain sets and dictionaries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import GraphError
from kring.graph import NO_TIME
from kring.graph.build import from_pairs, sources_of, transpose, undirected
from kring.graph.components import components, largest_component
from kring.graph.slices import subgraph

PAIRS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=40)


def arcs(graph):
    return list(zip(sources_of(graph).tolist(), graph.targets.tolist()))


def woven(pairs, directed=True, **more):
    return from_pairs([a for a, _ in pairs], [b for _, b in pairs], n=9, directed=directed, **more)


@given(PAIRS)
def test_arcs_are_the_distinct_pairs_without_loops_in_order(pairs):
    graph = woven(pairs)
    expected = {(a, b) for a, b in pairs if a != b}
    assert arcs(graph) == sorted(expected)
    assert graph.n_loops == sum(a == b for a, b in pairs)
    assert graph.n_duplicates == len(pairs) - graph.n_loops - len(expected)


@given(PAIRS)
def test_an_undirected_tie_is_two_arcs(pairs):
    graph = woven(pairs, directed=False)
    ties = {frozenset(pair) for pair in pairs if pair[0] != pair[1]}
    assert set(arcs(graph)) == {(a, b) for tie in ties for a in tie for b in tie if a != b}
    assert graph.n_ties == len(ties)
    assert graph.n_duplicates == len(pairs) - graph.n_loops - len(ties)
    assert arcs(undirected(woven(pairs))) == arcs(graph)


@given(PAIRS, st.booleans(), st.randoms())
def test_weights_signs_and_times_of_merged_ties(pairs, directed, random):
    weights = np.array([random.randint(1, 5) for _ in pairs], np.float64)
    signs = np.array([random.choice((-1, 0, 1)) for _ in pairs], np.int8)
    at = np.array([random.choice((NO_TIME, 3, 7, 11)) for _ in pairs], np.int64)
    graph = woven(pairs, directed, weights=weights.copy(), signs=signs.copy(), at=at.copy())
    for k, (a, b) in enumerate(arcs(graph)):
        same = [i for i, pair in enumerate(pairs) if pair == (a, b) or (not directed and pair == (b, a))]
        assert graph.weights[k] == weights[same].sum()
        assert graph.signs[k] == np.sign(signs[same].sum(dtype=int))
        known = at[same][at[same] != NO_TIME]
        assert graph.first_at[k] == (known.min() if len(known) else NO_TIME)
        assert graph.last_at[k] == (known.max() if len(known) else NO_TIME)


@given(PAIRS)
def test_without_weights_a_repeated_tie_weighs_how_often_it_was_given(pairs):
    graph = woven(pairs)
    counts = [pairs.count(arc) for arc in arcs(graph)]
    assert (graph.weights.tolist() if graph.weights is not None else [1] * graph.n_arcs) == counts


@given(PAIRS)
def test_turned_round_twice_is_the_same(pairs):
    graph = woven(pairs)
    assert arcs(transpose(graph)) == sorted((b, a) for a, b in arcs(graph))
    assert arcs(transpose(transpose(graph))) == arcs(graph)


@given(PAIRS)
def test_components_are_what_can_be_reached_from_each_other(pairs):
    graph = woven(pairs)
    ties = arcs(undirected(graph))
    reached = {node: {node} for node in range(9)}
    for _ in range(9):
        for a, b in ties:
            reached[a] |= reached[b]
    component = components(graph)
    assert all((component[a] == component[b]) == (b in reached[a]) for a in range(9) for b in range(9))
    assert largest_component(graph).sum() == max(len(each) for each in reached.values())


@given(PAIRS, st.lists(st.booleans(), min_size=9, max_size=9), st.booleans())
def test_a_part_holds_the_ties_among_its_nodes(pairs, chosen, directed):
    graph = woven(pairs, directed, weights=np.arange(len(pairs), dtype=np.float64))
    part = subgraph(graph, np.array(chosen))
    assert list(part.ids) == [str(node) for node in range(9) if chosen[node]]
    weight = dict(zip(arcs(graph), graph.weights))
    got = {(int(part.ids[a]), int(part.ids[b])): w for (a, b), w in zip(arcs(part), part.weights)}
    assert got == {arc: w for arc, w in weight.items() if chosen[arc[0]] and chosen[arc[1]]}


def test_empty_and_single():
    empty = from_pairs([], [], directed=True)
    assert (empty.n, empty.n_arcs) == (0, 0)
    assert largest_component(empty).tolist() == []
    alone = from_pairs([0], [0], directed=False)
    assert (alone.n, alone.n_arcs, alone.n_loops) == (1, 0, 1)


@pytest.mark.parametrize(
    ("sources", "targets", "more"),
    [([0], [0, 1], {}), ([-1], [0], {}), ([0], [5], {"n": 3}), ([0.5], [1], {}), ([0], [1], {"ids": ["a"]})],
)
def test_what_does_not_fit_is_refused(sources, targets, more):
    with pytest.raises(GraphError):
        from_pairs(sources, targets, directed=True, **more)


def test_both_ways_of_a_tie_weigh_the_same_to_the_last_bit():
    draw = np.random.default_rng(3)
    graph = from_pairs(draw.integers(0, 5, 500), draw.integers(0, 5, 500), directed=False, weights=draw.random(500) - 0.5)
    weight = dict(zip(arcs(graph), graph.weights.tolist()))
    assert all(value == weight[b, a] for (a, b), value in weight.items())
