"""What is left together when somebody is gone, against taking them out one by one."""

import numpy as np
from hypothesis import given

from graph.naive import graphs, woven
from kring.graph.build import sources_of
from kring.graph.parts import parts_without


def naive_parts(graph):
    near = {v: set() for v in range(graph.n)}
    for v, w in zip(sources_of(graph).tolist(), graph.targets.tolist()):
        near[v].add(w)
    found = []
    for v, w in zip(sources_of(graph).tolist(), graph.targets.tolist()):
        seen, waiting = {v, w}, [w]
        while waiting:
            for other in near[waiting.pop()] - seen:
                seen.add(other)
                waiting.append(other)
        found.append(len(seen) - 1)
    return found


@given(graphs(directed=False))
def test_as_taken_out_one_by_one(graph):
    assert parts_without(graph).tolist() == naive_parts(graph)


def test_a_chain_as_long_as_no_recursion_could_go():
    n = 200_000
    chain = woven([(k, k + 1) for k in range(n - 1)], n, False)
    sizes = parts_without(chain)
    assert sizes[0] == n - 1
    assert sizes[chain.offsets[1] : chain.offsets[2]].tolist() == [1, n - 2]
    ring = woven([(k, (k + 1) % n) for k in range(n)], n, False)
    assert np.all(parts_without(ring) == n - 1)
