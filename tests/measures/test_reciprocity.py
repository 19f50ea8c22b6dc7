"""Reciprocity: twin, published figure, planted truth, negative control, and the star trap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.graph import Columns
from kring.graph.build import from_pairs, like
from kring.graph.files import read
from kring.graph.logs import from_acts
from kring.measures.reciprocity import reciprocity
from kring.measures.survival import band, curve, median, median_between
from measures import naive, naive_reciprocity
from measures.favouring import DAY_US, START, favours, ties_returned
from measures.made import NODES, figures, graphs, random_graph, renumbered, twice, woven
from measures.talk import columns
from shared_data import shared

EVERYONE = list(range(12))


def found(*given, **options):
    return {each.name: each for each in reciprocity(*given, **options)}


def known(given):
    """The figures that the twin has too."""
    by_name = figures(given)
    sheet = next(each for each in given if each.name == "balances")
    return by_name | {"balances": [n for _, n in sheet.series]}


@given(graphs(), st.lists(st.integers(0, NODES - 1), max_size=2, unique=True), st.integers(1, 3))
def test_twin(graph, of, times):
    graph = like(graph, weights=np.arange(graph.n_arcs) % times + 1.0)
    of = [person for person in of if person < graph.n]
    expected = naive.reciprocity(graph, of=of)
    value = known(reciprocity(graph, of=np.array(of, np.int64)))
    for name, figure in expected.items():
        assert value[name] == (figure if figure is None else pytest.approx(figure, abs=1e-9)), name


@given(graphs(directed=True), st.permutations(range(NODES)))
def test_renumbering_and_doubling_change_nothing(graph, order):
    same = ("reciprocity", "rho")
    value = figures(reciprocity(graph))
    other = figures(reciprocity(renumbered(graph, [k for k in order if k < graph.n])))
    for name in same:
        assert other[name] == (None if value[name] is None else pytest.approx(value[name], abs=1e-9))
    assert figures(reciprocity(twice(graph)))["reciprocity"] == value["reciprocity"]


def college():
    path = shared("networks", "CollegeMsg.txt")
    return read(path.name, lambda: path.open("rb"))


def test_published():
    network = college()
    value = found(network.graph, network.log)
    assert value["reciprocity"].value == pytest.approx(0.636, abs=5e-4)
    mutual = 0.636 / (2 - 0.636)
    assert value["delay_of_return"].value is None
    assert value["returned_within"].value == value["returned_within"].series[-1][1] == pytest.approx(mutual, abs=0.05)


@pytest.mark.parametrize("rho", [-0.04, 0.0, 0.25, 0.5, 1.0])
def test_planted_returns_are_found(rho):
    value = found(ties_returned(200, 0.05, rho, seed=8))["rho"]
    assert value.low <= rho <= value.high
    assert (value.low > 0) == (rho > 0)
    assert (value.high < 0) == (rho < 0)


def test_rho_by_chance_is_seldom_more_than_chance():
    alarms = sum(not value.low <= 0 <= value.high for value in (found(ties_returned(60, 0.1, 0, seed))["rho"] for seed in range(200)))
    assert alarms <= 20


def test_where_all_is_returned_or_everybody_tied_to_everybody():
    everybody = woven([(a, b) for a in range(12) for b in range(12) if a != b], 12, True)
    assert found(everybody)["rho"].value is None
    ring = woven([(k, (k + step) % 12) for k in range(12) for step in (1, 11)], 12, True)
    value = found(ring)["rho"]
    assert value.value == value.high == 1
    assert value.low < 1


def test_hubs_are_returned_by_chance_and_random_networks_alike_show_it():
    value = found(ties_returned(150, 0.08, 0, seed=5, hubs=True), null_models=20)
    null = value["reciprocity_null"]
    assert null.low - 0.01 <= value["reciprocity"].value <= null.high + 0.01
    assert "--null-models" in found(random_graph(40, 200, seed=1))["reciprocity_null"].warning


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_weighted_returns_are_found_against_acts_dealt_out_anew(strength):
    draw = np.random.default_rng(9)
    a, b = draw.integers(0, 100, (2, 8000))
    back = draw.random(8000) < strength
    value = found(from_pairs(np.concatenate((a, b[back])), np.concatenate((b, a[back])), directed=True, n=100))["rho_weighted"]
    assert value.value == pytest.approx(0, abs=0.02) if strength == 0 else value.value > 0.3 * strength
    assert bool(value.warning) == (strength == 0)


def test_weights_that_are_no_acts():
    graph = like(random_graph(20, 80, seed=2), weights=None)
    half = found(like(graph, weights=np.full(graph.n_arcs, 0.5)))
    assert half["reciprocity_weighted"].value == pytest.approx(half["reciprocity"].value)
    assert "whole numbers" in half["rho_weighted"].warning
    assert "below 0" in found(like(graph, weights=np.full(graph.n_arcs, -1.0)))["reciprocity_weighted"].warning


def test_self_ties_are_never_returned():
    assert figures(reciprocity(woven([(k, k) for k in range(12)] + [(0, 1)], 12, True)))["reciprocity"] == 0


def test_without_direction_it_says_so():
    value = found(woven([(0, 1)], 12, False), of=np.array([0]))
    for name in ("reciprocity", "rho", "reciprocity_weighted", "rho_weighted", "balances", "given", "never_returned"):
        assert (value[name].value, value[name].warning) == (None, "ties have no direction")


def test_only_pairs_seen_from_both_ends_count():
    observed = np.arange(40) < 12
    pairs = [(0, 1), (1, 0), (2, 3)] + [(k, 20 + k) for k in range(12)]
    value = found(woven(pairs, 40, True, observed=observed))
    assert value["reciprocity"].value == pytest.approx(2 / 3)
    assert (value["reciprocity"].n, "12 of 40" in value["reciprocity"].boundary) == (3, True)
    for few in reciprocity(woven(pairs, 40, True, observed=np.arange(40) < 9))[:6]:
        assert few.value is None
        assert few.warning.startswith("too few to say")


# ---- of somebody --------------------------------------------------------------------------------------------------------------------------


def people(us, n=12):
    return Columns("person", n, {"us": np.isin(np.arange(n), us), "bot": np.zeros(n, np.bool_)})


STAR = [(0, 1), (0, 1), (1, 0), (2, 0), (2, 0), (3, 0), (0, 4)]


def test_our_own_balance_names_people_with_reasons():
    value = found(woven(STAR, 12, True), None, None, people([0]), of=np.array([0]))
    assert (value["given"].value, value["received"].value, value["balance"].value) == (3, 4, -1)
    assert [row.row for row in value["never_returned"].rows] == [2, 3]
    assert value["never_returned"].rows[0].because == "was given 0, gave 2"
    assert {row.row: row.value for row in value["with_whom"].rows} == {1: 1, 2: -2, 3: -1, 4: 1}


def test_whom_others_deal_with_is_not_shown_in_a_circle():
    value = found(woven(STAR, 12, True), None, None, people([7]), of=np.array([0]))
    assert (value["given"].value, value["with_whom"].value) == (3, 4)
    assert value["with_whom"].rows == value["never_returned"].rows == ()
    assert "only of our own" in value["with_whom"].warning


def test_an_own_export_does_not_say_that_nobody_gave_us_anything():
    graph = woven([(0, k) for k in range(1, 12)], 12, True, observed=np.arange(12) == 0)
    value = found(graph, of=np.array([0]))
    assert value["given"].value == 11
    for name in ("received", "balance", "with_whom", "never_returned"):
        assert value[name].value is None
        assert "can't say" in value[name].warning


def test_a_cell_of_few_people_is_not_told_in_a_circle():
    pairs = [(k, (k + 1) % 30) for k in range(30)] + [(40 + k, 0) for k in range(3)]
    sheet = found(woven(pairs, 43, True, observed=np.ones(43, np.bool_)))["balances"]
    assert dict(sheet.series)["only give"] is None
    assert dict(found(woven(pairs, 43, True))["balances"].series)["only give"] == 3


# ---- in time ------------------------------------------------------------------------------------------------------------------------------


@st.composite
def logs(draw):
    node = st.integers(0, NODES - 1)
    acts = draw(st.lists(st.tuples(node, node, st.integers(0, 40)), max_size=60))
    source, target, at = (np.array([act[k] for act in acts], np.int64) for k in range(3))
    return from_acts(source, target, START + at * DAY_US, NODES)


@given(logs())
def test_delays_are_those_of_the_twin(log):
    expected = naive_reciprocity.delays(log)
    value = found(woven([], NODES, True), log)["delay_of_return"]
    if len({giver for giver, _, _ in expected.values()}) < 10:
        assert value.value is None
        return
    _, lasted, over = zip(*expected.values())
    assert value.n == len(lasted)
    assert value.value == naive_reciprocity.half(naive_reciprocity.survival(lasted, over))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40))
def test_the_curve_is_that_of_the_twin_and_its_band_is_greenwoods_where_nobody_is_in_two(spans):
    lasted, over = np.array([span for span, _ in spans], float), np.array([ended for _, ended in spans])
    steps = naive_reciprocity.survival(lasted.tolist(), over.tolist())
    value = curve(lasted, over)
    assert value.times.tolist() == [time for time, _ in steps]
    assert value.share == pytest.approx([share for _, share in steps])
    assert median(value) == naive_reciprocity.half(steps)
    ends = band(value, over, 2 * np.arange(len(spans)), 2 * np.arange(len(spans)) + 1, 2 * len(spans))
    assert ((ends.low <= ends.share) & (ends.share <= ends.high)).all()
    low, high = median_between(ends)
    assert low is None or median(value) is None or low <= median(value)
    assert high is None or high >= median(value)


def test_people_who_have_a_hand_in_many_widen_the_band():
    draw = np.random.default_rng(2)
    person = np.repeat(np.arange(20), 30)
    lasted = np.repeat(draw.exponential(1, 20), 30) * draw.uniform(0.9, 1.1, 600)
    over = np.ones(600, np.bool_)
    value = curve(lasted, over)
    alone = band(value, over, np.arange(600), 600 + np.arange(600), 1200)
    shared_by = band(value, over, person, 20 + np.arange(600), 620)
    middle = np.argmin(np.abs(alone.share - 0.5))
    assert (shared_by.high - shared_by.low)[middle] > 3 * (alone.high - alone.low)[middle]


@pytest.mark.parametrize("passed_on", [0.0, 0.15, 0.4])
def test_what_is_passed_on_is_found_and_nothing_where_nothing_is(passed_on):
    low = [found(woven([], 150, True), favours(150, 60, passed_on, seed))["generalised_reciprocity"].low for seed in range(4)]
    assert sum(end > 0 for end in low) == (4 if passed_on else 0)


def test_activity_in_bursts_is_not_taken_for_passing_on():
    found_of = [found(woven([], 150, True), favours(150, 60, 0, seed, bursts=True))["generalised_reciprocity"] for seed in range(6)]
    assert sum(not each.low <= 0 <= each.high for each in found_of) <= 1


# ---- thanks -------------------------------------------------------------------------------------------------------------------------------


def asked(helpers, **more):
    """Person 0 asks; each of the helpers answers once."""
    n = len(helpers)
    return columns(author=[0, *helpers], parent=[-1, *[0] * n], question=[1, *[0] * n], answer=[0, *[1] * n], **more)


def test_helpers_whom_nobody_thanked_are_named_with_reasons():
    posts = asked([1, 2, 2, 0, -1], accepted=[0, 1, 0, 0, 0, 0])
    value = found(woven([], 3, True), None, posts)["unthanked_helpers"]
    assert (value.value, value.n, [row.row for row in value.rows]) == (1, 2, [2])
    assert value.rows[0].because == "answered 2 questions of 1 person; no thanks were seen"


def test_thanks_count_where_they_were_looked_for_and_else_it_cant_be_said():
    posts = asked([1, 2])
    assert "no thanks" in found(woven([], 3, True), None, posts)["unthanked_helpers"].warning
    thanked = Columns("post", posts.n, {**posts.arrays, "thanked": np.array([0, 0, 1], np.bool_)})
    assert [row.row for row in found(woven([], 3, True), None, thanked)["unthanked_helpers"].rows] == [1]


def test_where_posts_tell_what_helps_only_answers_to_questions_are_favours():
    log = from_acts(np.array([1, 0]), np.array([0, 1]), START + np.array([0, 1]) * DAY_US, 3)
    assert "an answer to a question" not in found(woven([], 3, True), log, asked([1]))["generalised_reciprocity"].method
    spoken = type(log)(**{name: getattr(log, name) for name in log.__slots__} | {"post": np.array([1, -1], np.int32)})
    assert "an answer to a question" in found(woven([], 3, True), spoken, asked([1]))["generalised_reciprocity"].method


def test_ties_that_all_weigh_nothing_are_not_called_negative():
    graph = woven([(a, (a + 1) % 12) for a in range(12)], 12, True)
    told = found(like(graph, weights=np.zeros(graph.n_arcs)))["reciprocity_weighted"]
    assert (told.value, told.warning) == (None, "can't say: all ties have weight 0")
