"""What hangs together, against who reaches whom, igraph, and NetworkX."""

import numpy as np
import pytest
from hypothesis import given

from graph import naive
from graph.naive import graphs
from graph.networks import NETWORKS, known, to_igraph
from kring.graph.build import undirected
from kring.graph.components import components, largest_component, strong_components


@given(graphs())
def test_weak_and_strong(graph):
    assert strong_components(graph).tolist() == naive.strong_components(graph)
    assert components(graph).tolist() == naive.strong_components(undirected(graph))
    assert components(undirected(graph)).tolist() == components(graph).tolist()


@pytest.mark.parametrize("name", NETWORKS)
def test_as_igraph_finds_them(name):
    graph = known(name)
    peer = to_igraph(graph)
    assert components(graph).tolist() == naive.by_first(peer.connected_components("weak").membership)
    assert strong_components(graph).tolist() == naive.by_first(peer.connected_components("strong").membership)


def test_a_chain_as_long_as_no_recursion_could_go():
    n = 200_000
    ring = naive.woven([(k, (k + 1) % n) for k in range(n)], n, True)
    assert strong_components(ring).max() == 0
    broken = naive.woven([(k, k + 1) for k in range(n - 1)], n, True)
    assert np.array_equal(strong_components(broken), np.arange(n))
    assert largest_component(broken).all()
