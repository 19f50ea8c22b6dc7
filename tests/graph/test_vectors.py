"""Steps on lines: the vector way and the plain way do the same, for every width and at the edges of memory."""

import numpy as np
import pytest
from numba import njit

from kring.graph.vectors import fetch, harmonic, lanes, pull, push, reached, zeros

WIDTHS = (16, 64)


@njit(nogil=True)
def steps(kind, lines, targets, into, records, counts):
    fetch(kind, lines, 3)
    changed = pull(kind, lines, 0, targets, 0, len(targets), into)
    nothing = pull(kind, lines, 1, targets, 2, 2, into)
    pushed = push(kind, lines, 2, into, 0)
    again = push(kind, lines, 2, into, 0)
    reached(kind, lines, into, 0, records, counts)
    return changed, nothing, pushed, again, harmonic(kind, lines, 4), zeros(kind, lines, 5)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("seed", range(5))
def test_both_ways_do_the_same(width, seed):
    draw = np.random.default_rng(seed)
    lines = draw.choice([0, 0, 1, 2, 3, 7, 46], (20, width)).astype(np.uint8)
    targets = draw.integers(0, 20, draw.integers(1, 60)).astype(np.uint32)
    records = draw.integers(1, 8, width).astype(np.uint8)
    given = []
    for portable in (False, True):
        into, counts = np.zeros_like(lines), np.zeros(width, np.int32)
        found = steps(lanes(width, portable=portable), lines, targets, into, records, counts)
        given.append((found, into.tolist(), counts.tolist()))
    assert given[0] == given[1]
    (changed, nothing, _, again, total, n_zeros), into, counts = given[0]
    largest = np.maximum(lines[0], lines[targets].max(axis=0))
    after = np.maximum(largest, lines[2])
    assert into[0] == after.tolist()
    assert into[1] == lines[1].tolist()
    assert (changed, nothing, again) == (bool((largest != lines[0]).any()), False, False)
    assert counts == ((after == records) & (lines[0] != records)).astype(int).tolist()
    assert total == (2.0 ** -lines[4].astype(float)).sum()
    assert n_zeros == (lines[5] == 0).sum()
