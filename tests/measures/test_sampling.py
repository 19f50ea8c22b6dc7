"""Samples: an order that is drawn and whole, and an estimate that is helped by what is known."""

import numpy as np
import pytest

from kring.measures.sampling import estimated, in_random_order


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 64, 1000, 70000])
def test_everybody_comes_once_and_in_an_order_of_the_seed(n):
    order = np.concatenate([np.empty(0, np.int64), *in_random_order(n, 5)])
    assert sorted(order.tolist()) == list(range(n))
    if n > 60:
        assert order.tolist() != sorted(order.tolist())
        assert order.tolist() == np.concatenate(list(in_random_order(n, 5))).tolist()
        assert order.tolist() != np.concatenate(list(in_random_order(n, 6))).tolist()


def test_every_number_is_as_likely_to_come_first():
    n, draws = 10, 4000
    first = np.bincount([int(next(in_random_order(n, seed))[0]) for seed in range(draws)], minlength=n)
    assert ((first - draws / n) ** 2 / (draws / n)).sum() < 27.9  # chi-square, 9 degrees of freedom, 0.1%


def mean(row):
    return row[:1]


def with_ones(known):
    return np.column_stack((np.ones(len(known)), known))


@pytest.mark.parametrize("useful", [True, False])
def test_what_is_known_helps_where_it_tells_something_and_the_interval_keeps_its_word(useful):
    draw = np.random.default_rng(1)
    known = draw.normal(size=(20000, 2))
    numbers = 3 + (5 * known[:, :1] if useful else 0) + draw.normal(size=(20000, 1))
    hits, widths = 0, []
    for seed in range(400):
        chosen = np.random.default_rng(seed).choice(20000, 100, replace=False)
        found = estimated(numbers[chosen], with_ones(known)[chosen], with_ones(known).mean(axis=0), mean, fraction=100 / 20000)
        hits += found.low[0] <= numbers.mean() <= found.high[0]
        widths.append(found.high[0] - found.low[0])
    assert 366 <= hits <= 392
    assert np.mean(widths) == pytest.approx(2 * 1.984 / 10, rel=0.1)


def test_the_interval_is_that_of_leaving_out_one_at_a_time():
    draw = np.random.default_rng(2)
    numbers, known = draw.normal(size=(60, 3)), draw.normal(size=(60, 2))

    def ratio(row):
        return np.array([row[0] / (5 + row[1])])

    def fitted(rows):
        design = with_ones(known[rows])
        return ratio(np.linalg.lstsq(design, numbers[rows], rcond=None)[0][0])

    found = estimated(numbers, with_ones(known), np.array([1.0, 0, 0]), ratio)
    everybody = np.arange(60)
    left_out = np.array([fitted(np.delete(everybody, k))[0] for k in range(60)])
    assert found.value[0] == pytest.approx(60 * fitted(everybody)[0] - 59 * left_out.mean())
    half = 2.0025 * np.sqrt(59 / 60 * ((left_out - fitted(everybody)[0]) ** 2).sum())
    assert (found.high[0] - found.low[0]) / 2 == pytest.approx(half, rel=1e-3)


def test_a_sample_of_one_tells_nothing_of_its_error_and_constant_help_is_none():
    one = estimated(np.ones((1, 1)), np.ones((1, 1)), np.ones(1), mean)
    assert one.value[0] == 1
    assert one.low[0] == -np.inf
    same = estimated(np.arange(100.0)[:, None], np.ones((100, 2)), np.ones(2), mean)
    assert same.value[0] == pytest.approx(49.5)


def test_groups_that_are_drawn_from_by_themselves_weigh_as_they_are_large():
    draw = np.random.default_rng(3)
    numbers = np.concatenate((10 + draw.normal(size=9000), draw.normal(size=1000)))[:, None]
    group = np.arange(10000) < 9000
    known = np.column_stack((group, ~group)).astype(float)
    hits = 0
    for seed in range(400):
        random = np.random.default_rng(seed)
        chosen = np.concatenate((random.choice(9000, 50, replace=False), 9000 + random.choice(1000, 50, replace=False)))
        fraction = np.where(group[chosen], 50 / 9000, 50 / 1000)
        found = estimated(numbers[chosen], known[chosen], known.mean(axis=0), mean, fraction=fraction)
        hits += found.low[0] <= numbers.mean() <= found.high[0]
    assert 366 <= hits <= 392
