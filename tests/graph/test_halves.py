"""Two halves of a network: as dense linear algebra finds them, planted ones found, whatever the seed and the threads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import UsageError
from kring.graph.build import from_pairs, undirected
from kring.graph.components import largest_component
from kring.graph.halves import _cut, _two_vectors, in_two
from kring.graph.slices import subgraph
from measures.made import graphs, random_graph, woven


def planted(n, degree, strength, seed, share=0.5):
    draw = np.random.default_rng(seed)
    camp = np.arange(n) >= share * n
    source, target = draw.integers(0, n, (2, n * degree // 2))
    keep = (camp[source] == camp[target]) | (draw.random(len(source)) > strength)
    graph = from_pairs(source[keep], target[keep], directed=False, n=n)
    among = largest_component(graph)
    return subgraph(graph, among), camp[among]


def agreement(part, camp):
    same = float((part == camp).mean())
    return max(same, 1 - same)


def test_the_vectors_are_those_of_the_whole_matrix():
    graph, _ = planted(80, 10, 0.8, 1)
    ties = np.zeros((graph.n, graph.n))
    for v in range(graph.n):
        ties[v, graph.targets[graph.offsets[v] : graph.offsets[v + 1]]] = 1
    degree = ties.sum(1)
    raised = degree + degree.mean()
    matrix = (ties + degree.mean() / graph.n) / np.sqrt(np.outer(raised, raised))
    value, vector = np.linalg.eigh(matrix)
    second, first = _two_vectors(graph, 0, 1)
    assert value[-1] == pytest.approx(1)
    assert abs(first @ vector[:, -1]) == pytest.approx(1)
    assert abs(second @ vector[:, -2]) == pytest.approx(1, abs=1e-4)


@given(st.lists(st.floats(-1.5, 1.5), min_size=2, max_size=9))
def test_no_other_cut_lies_nearer(angles):
    angles = np.array(angles)

    def far(part):
        points = np.stack((np.cos(angles), np.sin(angles)), axis=1)
        return sum(((points[part == k] - points[part == k].mean(0)) ** 2).sum() for k in (0, 1) if (part == k).any())

    others = [[k >> j & 1 for j in range(len(angles))] for k in range(1 << len(angles))]
    assert far(_cut(angles)) <= min(far(np.array(part)) for part in others) + 1e-9


@given(graphs(), st.sampled_from(["spectral", "modularity"]))
def test_small_networks_of_all_kinds(graph, way):
    graph = undirected(graph)
    part = in_two(graph, way)
    assert part.shape == (graph.n,)
    assert set(part.tolist()) <= {0, 1}
    assert part.sum() * 2 <= graph.n


@pytest.mark.parametrize(("strength", "share", "least"), [(0.9, 0.5, 0.98), (0.9, 0.8, 0.93), (0.6, 0.5, 0.9)])
@pytest.mark.parametrize("seed", [1, 2])
def test_planted_halves_are_found(strength, share, least, seed):
    graph, camp = planted(600, 20, strength, seed, share)
    assert agreement(in_two(graph, seed=seed), camp) > least


def test_modularity_is_never_lower_than_that_of_the_spectrum():
    def modularity(graph, part):
        degree = np.diff(graph.offsets)
        ends = np.array([degree[part == k].sum() for k in (0, 1)]) / degree.sum()
        return (np.repeat(part, degree) == part[graph.targets]).mean() - (ends**2).sum()

    for seed in range(5):
        graph, _ = planted(300, 6, 0.4, seed)
        assert modularity(graph, in_two(graph, "modularity")) > modularity(graph, in_two(graph)) - 1e-12


def test_seed_and_threads():
    graph, _ = planted(300, 12, 0.8, 3)
    assert agreement(in_two(graph, seed=1), in_two(graph, seed=9)) > 0.99
    large = random_graph(30_000, 120_000, 1, directed=False)
    assert np.array_equal(in_two(large, threads=1), in_two(large, threads=3))


def test_an_unknown_way():
    with pytest.raises(UsageError, match="spectral"):
        in_two(woven([(0, 1)], 2, False), "metis")
