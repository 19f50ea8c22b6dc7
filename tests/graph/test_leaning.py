"""Where walks end: as dense linear algebra finds it, on any number of threads, where nothing is to be reached, and on long ways."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import GraphError
from kring.graph.build import from_pairs, undirected
from kring.graph.leaning import first_step, leaning
from measures.made import graphs, random_graph, woven


def densely(graph, poles):
    """Of nodes that a pole can be reached from, by elimination."""
    n = graph.n
    ties = np.zeros((n, n))
    for v in range(n):
        ties[v, graph.targets[graph.offsets[v] : graph.offsets[v + 1]]] = 1
    reached = poles != 0
    for _ in range(n):
        reached = reached | (ties @ reached > 0)
    free = np.flatnonzero(reached & (poles == 0))
    value = poles.astype(float)
    laplace = np.diag(ties.sum(1)) - ties
    if len(free):
        value[free] = np.linalg.solve(laplace[np.ix_(free, free)], ties[free] @ value)
    return value, reached & (ties.sum(1) > 0)


@given(graphs(), st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=12, max_size=12))
def test_as_elimination_finds_it(graph, poles):
    graph, poles = undirected(graph), np.array(poles[: graph.n], np.int8)
    found = leaning(graph, poles)
    value, reached = densely(graph, poles)
    assert np.array_equal(found.reached, reached)
    assert found.value == pytest.approx(value, abs=1e-6)


def test_a_long_way():
    """On a chain the value falls evenly: no walk gets there quickly."""
    n = 400
    poles = np.zeros(n, np.int8)
    poles[0], poles[-1] = 1, -1
    found = leaning(woven([(k, k + 1) for k in range(n - 1)], n, False), poles)
    assert found.value == pytest.approx(np.linspace(1, -1, n), abs=1e-6)


def test_threads_change_not_a_bit():
    graph = random_graph(40_000, 200_000, 1, directed=False)
    poles = np.zeros(graph.n, np.int8)
    poles[:100], poles[100:300] = 1, -1
    one, three = leaning(graph, poles, threads=1), leaning(graph, poles, threads=3)
    assert np.array_equal(one.value, three.value)
    means = first_step(graph, one.value)
    free = (poles == 0) & one.reached
    assert means[free] == pytest.approx(one.value[free], abs=1e-8)


def test_ties_with_a_direction_are_refused():
    with pytest.raises(GraphError, match="without direction"):
        leaning(from_pairs([0], [1], directed=True), np.zeros(2, np.int8))
