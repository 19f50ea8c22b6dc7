"""Degree: twin, renumbering, rows behind the largest, and the people whose ties were seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.measures.degree import degree
from measures import naive
from measures.made import NODES, figures, graphs, renumbered, twice, woven


@given(graphs(), st.permutations(range(NODES)))
def test_twin_renumbered_and_doubled(graph, order):
    expected = naive.degree(graph)
    for other in (graph, renumbered(graph, [k for k in order if k < graph.n]), twice(graph)):
        got = figures(degree(other))
        assert {name: got[name] for name in expected} == pytest.approx(expected)


def test_the_rows_behind_the_largest():
    found = {f.name: f for f in degree(woven([(3, k) for k in range(12) if k != 3], 12, True))}
    assert (found["max_degree"].value, found["max_degree"].rows, found["max_degree"].rows_of) == (11, (3,), "person")
    assert found["degree_distribution"].series == ((1, 11 / 12), (11, 1 / 12))


def test_only_people_whose_ties_were_seen_count_with_all_their_ties():
    pairs = [(20 + k, k) for k in range(12)] + [(25, 15)]
    found = {f.name: f for f in degree(woven(pairs, 40, True, observed=(np.arange(40) >= 20) & (np.arange(40) < 32)))}
    assert (found["mean_degree"].value, found["mean_degree"].n) == (13 / 12, 12)
    assert found["max_degree"].rows == (25,)
    assert all(each.warning.startswith("at least") for each in found.values())
    assert not any(each.warning for each in degree(woven(pairs, 40, True, observed=np.ones(40, np.bool_))))
    assert degree(woven(pairs, 40, True, observed=np.arange(40) < 2))[0].value is None
