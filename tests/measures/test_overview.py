"""The whole circle: twin, figures of other measures, planted changes and bursts and their controls, few people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.networks import known
from kring.graph import NO_TIME
from kring.graph.build import like
from kring.graph.logs import from_acts
from kring.measures.activity import activity
from kring.measures.overview import overview
from kring.measures.questions import questions
from kring.measures.spikes import _as_many, unusual
from kring.schema import Row
from measures import naive
from measures.made import NODES, figures, graphs, random_graph, renumbered, woven
from measures.talk import START, columns
from planted_overview import BEGIN, DAY, counts, day_by_day, two_periods

ACTS = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.sampled_from([NO_TIME, *range(40)])), max_size=40)


def logged(acts, n):
    who, whom, day = (np.array([act[k] for act in acts if max(act[:2]) < n], np.int64) for k in range(3))
    return from_acts(who, whom, np.where(day == NO_TIME, NO_TIME, BEGIN + day * DAY), n)


@given(graphs(), ACTS, st.sampled_from([1, 3, 28]), st.permutations(range(NODES)))
def test_twin_and_renumbered(graph, acts, days, order):
    log = logged(acts, graph.n)
    expected = naive.overview(graph, log, days=days)
    order = [k for k in order if k < graph.n]
    moved = logged([(order[a], order[b], day) for a, b, day in acts if max(a, b) < graph.n], graph.n)
    for other, theirs in ((graph, log), (renumbered(graph, order), moved)):
        got = figures(overview(other, theirs, days=days))
        for name, value in expected.items():
            assert got[name] == (None if value is None else pytest.approx(value, abs=1e-9)), name


def test_published():
    """KONECT: 5.68% of triples are closed, 63.6% of ties returned."""
    got = figures(overview(known("CollegeMsg.txt")))
    assert got["transitivity"] == pytest.approx(0.0568, abs=5e-5)
    assert got["reciprocity"] == pytest.approx(0.636, abs=5e-4)


def test_figures_are_those_of_the_other_measures():
    posts = columns(
        author=[k % 20 for k in range(200)], question=[k % 5 == 0 for k in range(200)], parent=[-1] * 199 + [0], answer=[1] * 200
    )
    got = figures(overview(random_graph(20, 60, seed=1), None, posts))
    others = figures(activity(posts)) | figures(questions(posts))
    for name in ("posts", "active_people", "gini", "posts_by_period", "share_answered_by_others"):
        assert got[name] == others[name]


@pytest.mark.parametrize("times", [0.5, 1.0, 2.0])
def test_a_planted_change_is_found_and_none_is_not(times):
    found = []
    for seed in range(40):
        change = next(f for f in overview(*two_periods(seed, times=times)) if f.name == "acts_change")
        assert change.interval_of == "sampling of people"
        found.append((change.low + 1 <= times <= change.high + 1, change.low > 0 or change.high < 0))
    assert sum(holds for holds, _ in found) >= 34
    alarms = sum(alarm for _, alarm in found)
    assert alarms >= 38 if times != 1 else alarms <= 6


def test_one_person_who_does_most_is_no_change_of_all():
    who = np.concatenate((np.arange(50), np.arange(50), np.zeros(60))).astype(int)
    log = from_acts(who, (who + 1) % 50, BEGIN + DAY * np.repeat([0, 1, 1], [50, 50, 60]), 50)
    change = next(f for f in overview(random_graph(50, 90, seed=1), log, None) if f.name == "acts_change")
    assert change.value == pytest.approx(60 / 50)
    assert change.low < 0 < change.value


@pytest.mark.parametrize("burst", [0.0, 4.0])
@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_a_planted_burst_is_found_and_quiet_days_are_not(burst, spread):
    alarms = hits = 0
    for seed in range(60):
        given_, at = counts(seed, mean=20, spread=spread, burst=burst)
        found = unusual(given_, 7).found
        hits += at in found
        alarms += any(day != at for day in found)
    assert alarms <= 8
    assert hits >= 57 if burst else hits <= 3


def test_a_burst_of_two_days_does_not_hide_itself_or_others():
    given_, at = counts(3, mean=20)
    given_ = given_.copy()
    given_[[at, at + 1, at + 7]] += 150
    assert set(unusual(given_, 7).found) == {at, at + 1, at + 7}


def test_the_chance_of_as_many_as_sums_of_draws_have_it():
    draw = np.random.default_rng(1)
    many = draw.poisson(draw.gamma(5, 2, 400_000))
    assert _as_many(20, 10, 30) == pytest.approx((many >= 20).mean(), abs=0.002)
    assert _as_many(13, 10, 10) == pytest.approx((draw.poisson(10, 400_000) >= 13).mean(), abs=0.003)


def test_a_burst_in_a_network_file_says_when_and_that_newcomers_brought_it():
    graph, log, at = day_by_day(2, people=100, burst=0.0)
    new = np.arange(100, 160)
    day = BEGIN + DAY * at
    source = np.concatenate((log.source, np.repeat(new, 3)))
    times = np.concatenate((log.at, np.full(180, day + 5)))
    bigger = from_acts(source, (source + 1) % 160, times, 160)
    found = overview(random_graph(160, 400, seed=1), bigger)
    assert [dict(f.by)["day"] for f in found if f.name == "spike"] == [str(np.datetime64(20_000 + at, "D"))]
    assert [(dict(f.by)["people"], f.n) for f in found if f.name == "spike_from"] == [("newcomers", 60)]
    assert figures(found)["spikes"] == 1
    assert figures(overview(graph, log))["spikes"] == 0


def burst_of_posts(people_of_burst, **more):
    """A hundred quiet days, ten posts each by twenty people, and a hundred posts under one hashtag on the fiftieth."""
    author = [k % 20 for k in range(1000)] + [people_of_burst[k % len(people_of_burst)] for k in range(100)]
    at = [START + (k // 10) * DAY + k % 10 for k in range(1000)] + [START + 50 * DAY + k for k in range(100)]
    posts = columns(author=author, at=at, thread=[-1] * 1000 + [7] * 100)
    tag, place = np.array([None] * 1000 + ["brug"] * 100, object), np.array(["hall"] * 1000 + ["square"] * 100, object)
    return type(posts)("post", 1100, {**posts.arrays, "tag": tag, "place": place, **more})


def test_a_burst_of_posts_is_explained_by_thread_hashtag_and_place():
    graph = random_graph(40, 100, seed=1)
    found = overview(graph, None, burst_of_posts(range(15)))
    came = {f.by[1]: f for f in found if f.name == "spike_from"}
    assert {("thread", "one"), ("tag", "#brug"), ("place", "square")} <= set(came)
    assert came[("tag", "#brug")].value == pytest.approx(1, abs=0.02)
    assert came[("thread", "one")].rows == (Row(1000, value=100, n=15, because="100 posts by 15 people"),)


def test_a_place_where_everything_is_said_explains_nothing():
    posts = burst_of_posts(range(15), place=np.array(["hall"] * 1100, object))
    found = overview(random_graph(40, 100, seed=1), None, posts)
    assert not [f for f in found if f.name == "spike_from" and "place" in dict(f.by)]


def test_in_a_circle_nobody_is_told_of_who_is_one_of_few():
    circle = like(random_graph(40, 100, seed=1), observed=np.ones(40, np.bool_))
    few = overview(circle, None, burst_of_posts([3]))
    assert {dict(f.by).get("people") for f in few if f.name == "spike_from"} <= {None}
    assert not [f for f in few if f.name == "spike_from" and {"tag", "thread"} & set(dict(f.by))]
    assert {
        dict(f.by).get("people") for f in overview(like(circle, observed=None), None, burst_of_posts([3])) if f.name == "spike_from"
    } >= {"one person"}
    many = overview(circle, None, burst_of_posts(range(15)))
    assert [f for f in many if f.name == "spike_from" and ("tag", "#brug") in f.by]
    days = next(f for f in overview(circle, None, columns(author=[k % 9 for k in range(400)])) if f.name == "acts_by_day")
    assert all(not y for _, y in days.series)


def test_a_star_of_exports_says_nothing_of_the_network():
    got = figures(overview(woven([(0, k) for k in range(1, 30)], 30, True, observed=np.arange(30) < 1)))
    assert got["transitivity"] is got["k_core"] is got["largest_component_share"] is None
    assert got["people"] == 30
