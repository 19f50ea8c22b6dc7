"""Ties: twin, planted lives, the same in any window, no difference where there is none, and what is told of ours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.graph import Columns
from kring.graph.files import read
from kring.graph.logs import from_acts
from kring.measures.cells import weeks
from kring.measures.ties import ties
from measures import naive, naive_ties
from measures.lasting import DAY_US, START, tied
from measures.made import woven
from shared_data import shared

PEOPLE = 14


@st.composite
def logs(draw):
    person = st.integers(0, PEOPLE - 1)
    acts = draw(st.lists(st.tuples(person, person, st.integers(0, 120 * 24)), min_size=20, max_size=80))
    source, target, at = (np.array([act[k] for act in acts], np.int64) for k in range(3))
    return from_acts(source, target, START + at * DAY_US // 24, PEOPLE)


def found(log, people=None, graph=None, **options):
    return {each.name: each for each in ties(log, graph, people, **options) if not each.by}


@given(logs(), st.sampled_from([3.0, 10.0, 25.0]))
def test_twin(log, silence):
    if not len(log.at):
        return
    expected = naive.ties(log, silence_days=silence)
    value = found(log, silence_days=silence)
    assert value["ties"].value == expected.pop("ties")
    for name, figure in expected.items():
        if value[name].value is not None:
            assert value[name].value == pytest.approx(figure), name
        else:
            assert value[name].warning


@given(logs(), st.permutations(range(PEOPLE)))
def test_renumbering_changes_nothing(log, order):
    order = np.array(order)
    other = from_acts(order[log.source], order[log.target], log.at, PEOPLE)
    assert [(each.name, each.by, each.series) for each in ties(log)] == [(each.name, each.by, each.series) for each in ties(other)]
    for one, same in zip(ties(log, silence_days=5), ties(other, silence_days=5)):
        assert one.value == (None if same.value is None else pytest.approx(same.value))


def test_kept_lost_new_and_revived_are_those_of_the_twin():
    log = tied(3, days=120, ties=300, half_life=30)
    cell, names = weeks(log.at)
    period = dict(zip(log.at.tolist(), cell.tolist()))
    expected = naive_ties.turnover(log, period.__getitem__)
    value = found(log, silence_days=5)
    by_period = {(each.name, dict(each.by).get("period")): each.value for each in ties(log, silence_days=5)}
    for name in ("kept", "lost", "new", "revived"):
        assert [by_period[name, names[k]] for k in range(1, len(names))] == [expected[k][name] for k in range(1, len(names))]
        assert value[name].value == expected[len(names) - 2][name]


def test_in_a_circle_a_period_is_not_told_where_one_of_its_parts_is_about_few():
    log = tied(3, days=120, ties=300, half_life=30)
    value = {(each.name, each.by): each for each in ties(log, None, people([], 120), silence_days=5)}
    for (name, by), each in value.items():
        if name in ("kept", "lost", "new", "revived") and by:
            parts = [value[other, by].value for other in ("kept", "lost", "new", "revived")]
            assert all(part is None for part in parts) or all(part == 0 or part >= 5 for part in parts)
            assert (each.value is None) == each.warning.startswith("too few to say")
    few = ties(tied(3, people=20, days=120, ties=40, half_life=30), None, people([], 20), silence_days=5)
    assert any(each.value is None and each.by for each in few if each.name == "revived")


@pytest.mark.parametrize("half_life", [20, 60, 120])
@pytest.mark.parametrize("shape", [0.7, 1.0, 2.0])
def test_planted_half_lives_are_found(half_life, shape):
    value = found(tied(5, half_life=half_life, shape=shape, days=10 * half_life, every=half_life / 12))["half_life"]
    assert value.value / 86_400 == pytest.approx(half_life, rel=0.2)
    assert value.low / 86_400 * 0.95 <= half_life <= value.high / 86_400 * 1.05


@pytest.mark.parametrize("days", [250, 400, 800])
def test_the_window_changes_nothing(days):
    value = found(tied(9, days=days, ties=2500), silence_days=40)["half_life"]
    assert value.low / 86_400 <= 60 <= value.high / 86_400


def test_recent_ties_are_not_taken_for_short_ones():
    """Without censoring, what began last would seem to have ended soon."""
    log = tied(2, half_life=200, days=300, ties=3000)
    assert found(log, silence_days=40)["half_life"].value is None
    survival = found(log, silence_days=40)["survival"]
    at_100 = next(share for seconds, share in survival.series if seconds > 100 * 86_400)
    assert at_100 == pytest.approx(2 ** (-100 / 200), abs=0.05)


def people(us, n):
    return Columns("person", n, {"us": np.isin(np.arange(n), us), "bot": np.zeros(n, np.bool_)})


@pytest.mark.parametrize(("of_us", "differs"), [(0, False), (250, True)])
def test_ties_with_us_differ_only_where_they_do(of_us, differs):
    said = []
    for seed in range(5):
        log = tied(seed, with_us=110, of_us=of_us, days=600, ties=1200)
        value = found(log, people([0], 120), of=np.array([0]))["difference_with_us"]
        said.append(value.low > 0)
        assert bool(value.warning) != (value.low > 0 or value.high < 0)
    assert sum(said) >= 4 if differs else sum(said) <= 1


def test_those_about_to_end_are_named_with_reasons_to_us_only():
    log = tied(4, people=400, with_us=390, days=300, ties=1500)
    value = found(log, people([0], 400), of=np.array([0]))["about_to_end"]
    assert 0 < value.value == len(value.rows) <= value.n
    for row in value.rows:
        last = log.at[((log.source == 0) & (log.target == row.row)) | ((log.target == 0) & (log.source == row.row))].max()
        assert row.because.startswith(f"no contact for {(log.at[-1] - last) / DAY_US:.0f} days; before, on ")
        assert 0.5 <= row.value <= 1
    other = found(log, people([5], 400), of=np.array([0]))["about_to_end"]
    assert (other.value, other.rows) == (value.value, ())
    assert "only of our own" in other.warning


def test_of_a_star_only_our_own_ties_are_told():
    log = tied(4, people=400, with_us=390, days=300, ties=1500)
    star = woven([(0, k) for k in range(1, 400)], 400, True, observed=np.arange(400) == 0)
    value = found(log, people([0], 400), star, of=np.array([0]))
    for name in ("ties", "half_life", "survival", "kept", "one_night_stands"):
        assert value[name].value is None
        assert value[name].warning.startswith("too few to say: only the ties of 1 of 400")
    assert value["about_to_end"].rows
    everybody = woven([(0, k) for k in range(1, 400)], 400, True, observed=np.ones(400, np.bool_))
    assert found(log, None, everybody)["half_life"].value == found(log)["half_life"].value


def test_strong_ties_last_longer_where_they_do():
    """Weak ones end within weeks and see each other seldom, strong ones within a year."""
    weak, strong = tied(1, half_life=15, every=6, days=500, ties=2500), tied(2, half_life=200, every=1.5, days=500, ties=700)
    both = from_acts(
        np.concatenate((weak.source, strong.source + 120)),
        np.concatenate((weak.target, strong.target + 120)),
        np.concatenate((weak.at, strong.at)),
        240,
    )
    half = {dict(each.by).get("days with contact in the first week"): each for each in ties(both) if each.name == "half_life" and each.by}
    assert half["3 or more"].low > half["1"].high


def test_a_silence_is_chosen_so_that_few_come_back():
    value = found(tied(1, every=5))["silence"]
    assert 20 <= value.value / 86_400 <= 100
    assert not value.warning
    slow = found(tied(1, every=60, half_life=400, days=500, ties=3000))["silence"]
    assert "come back later" in slow.warning


def test_bursts_are_told_from_chance():
    by_chance, in_bursts = (found(tied(1, bursts=bursts, half_life=200, days=800))["burstiness"].value for bursts in (1.0, 5.0))
    assert abs(by_chance) < 0.1
    assert in_bursts > 0.3


def test_on_a_real_network():
    path = shared("networks", "CollegeMsg.txt")
    value = found(read(path.name, lambda: path.open("rb")).log)
    assert value["ties"].value == 13_838, "as SNAP's undirected count of this network"
    assert value["one_night_stands"].value > 0.5
    assert value["half_life"].value < 86_400
    assert "by month" in value["kept"].method


def test_few_people_and_no_time_say_nothing():
    few = found(from_acts(np.array([0, 1]), np.array([1, 2]), np.array([START, START + 90 * DAY_US]), 3))
    assert {name for name, each in few.items() if each.value is None} == set(few) - {"ties"}
    assert few["half_life"].warning.startswith("too few to say")
    at_once = found(from_acts(np.arange(20), np.arange(20) + 1, np.full(20, START), 21))
    assert at_once["half_life"].value is None
    assert "too few to say" in at_once["kept"].warning
