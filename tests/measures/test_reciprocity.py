"""Reciprocity: twin, published figure, planted truth, negative control, and the star trap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.graph.build import from_pairs
from kring.graph.files import read
from kring.measures.reciprocity import reciprocity
from measures import naive
from measures.made import NODES, figures, graphs, random_graph, renumbered, twice, woven
from shared_data import shared


@given(graphs())
def test_twin(graph):
    assert figures(reciprocity(graph)) == naive.reciprocity(graph)


@given(graphs(directed=True), st.permutations(range(NODES)))
def test_renumbering_and_doubling_change_nothing(graph, order):
    value = figures(reciprocity(graph))
    assert figures(reciprocity(renumbered(graph, [k for k in order if k < graph.n]))) == value
    assert figures(reciprocity(twice(graph))) == value


def test_published():
    path = shared("networks", "CollegeMsg.txt")
    assert figures(reciprocity(read(path.name, lambda: path.open("rb")).graph))["reciprocity"] == pytest.approx(0.636, abs=5e-4)


@pytest.mark.parametrize("strength", [0.0, 0.25, 0.5, 1.0])
def test_planted_returns_are_found(strength):
    draw = np.random.default_rng(7)
    given_to = draw.choice(400 * 399 // 2, 4000, replace=False)
    low, high = np.tril_indices(400, -1)
    a, b = low[given_to], high[given_to]
    back = draw.random(4000) < strength
    graph = from_pairs(np.concatenate((a, b[back])), np.concatenate((b, a[back])), directed=True)
    assert figures(reciprocity(graph))["reciprocity"] == pytest.approx(2 * back.sum() / (4000 + back.sum()))


def test_ties_that_fall_by_chance_are_returned_as_often_as_the_network_is_dense():
    graph = random_graph(300, 9000, seed=4)
    assert figures(reciprocity(graph))["reciprocity"] == pytest.approx(graph.n_arcs / (300 * 299), abs=0.01)


def test_self_ties_are_never_returned():
    assert figures(reciprocity(woven([(k, k) for k in range(12)] + [(0, 1)], 12, True)))["reciprocity"] == 0


def test_without_direction_it_says_so():
    found = reciprocity(woven([(0, 1)], 12, False))[0]
    assert (found.value, found.warning) == (None, "ties have no direction")


def test_only_pairs_seen_from_both_ends_count():
    observed = np.arange(40) < 12
    pairs = [(0, 1), (1, 0), (2, 3)] + [(k, 20 + k) for k in range(12)]
    found = reciprocity(woven(pairs, 40, True, observed=observed))[0]
    assert found.value == pytest.approx(2 / 3)
    assert (found.n, "12 of 40" in found.boundary) == (3, True)
    few = reciprocity(woven(pairs, 40, True, observed=np.arange(40) < 9))[0]
    assert few.value is None
    assert few.warning.startswith("too few to say")
