"""Questions, response, activity and threads: twins, the coffee site, planted truth, small cells, and the traps of response rates."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings

from kring.graph import NO_TIME
from kring.measures import measure
from kring.measures.cells import open_cells
from measures import naive
from measures.made import figures
from measures.talk import HOUR_US, START, columns, talks
from shared_data import shared


@pytest.mark.parametrize("name", ["activity", "questions", "response", "threads"])
def test_twin(name):
    @settings(max_examples=300)
    @given(talks())
    def compare(posts):
        got = figures(f for f in measure(name)(posts) if not f.by)
        for figure, value in getattr(naive, name)(posts).items():
            assert got[figure] == (None if value is None else pytest.approx(value)), figure

    compare()


def coffee():
    posts = [each.attrib for each in ET.parse(shared("stackexchange_coffee", "Posts.xml")).getroot()]
    row = {post["Id"]: k for k, post in enumerate(posts)}
    accepted = {post.get("AcceptedAnswerId") for post in posts}
    who = {}
    return columns(
        author=[who.setdefault(post["OwnerUserId"], len(who)) for post in posts],
        at=[int(np.datetime64(post["CreationDate"], "us").astype(np.int64)) for post in posts],
        parent=[row.get(post.get("ParentId"), -1) for post in posts],
        thread=[row.get(post.get("ParentId"), k) for k, post in enumerate(posts)],
        question=[post["PostTypeId"] == "1" for post in posts],
        answer=[post["PostTypeId"] == "2" for post in posts],
        accepted=[post["Id"] in accepted for post in posts],
        by_bot=[post["OwnerUserId"] == "-1" for post in posts],
    )


def test_published_on_coffee():
    got = figures(measure("questions")(coffee()))
    names = ("questions", "answers", "answered", "answered_by_others", "accepted")
    assert [got[name] for name in names] == [225, 327, 212, 208, 105]
    assert figures(measure("activity")(coffee()))["active_people"] == 115


def asked_of_us(n, answered, delay_h, *, later_h=0, clocks=(0, 0)):
    """`n` people each ask us one thing; we (person 99) answer the first `answered` after a delay, and at the end say something else."""
    asked = [START + k * 1000 for k in range(n)]
    said = [at + round(delay_h * HOUR_US) for at in asked[:answered]]
    return columns(
        author=[*range(n), *[99] * (answered + 1)],
        at=[*asked, *said, START + later_h * HOUR_US],
        clock=[clocks[0]] * n + [clocks[1]] * (answered + 1),
        parent=[-1] * n + [*range(answered), -1],
        question=[True] * n + [False] * (answered + 1),
        to_us=[True] * n + [False] * (answered + 1),
        by_us=[False] * n + [True] * (answered + 1),
    )


@pytest.mark.parametrize(("answered", "delay_h"), [(0, 1), (5, 0.5), (13, 30), (20, 200)])
def test_planted_response_is_found(answered, delay_h):
    found = {f.name: f for f in measure("response")(asked_of_us(20, answered, delay_h)) if not f.by}
    assert found["response_rate"].value == answered / 20
    assert found["response_rate"].low <= answered / 20 <= found["response_rate"].high
    assert found["median_response_time"].value == (pytest.approx(delay_h * 3600) if answered else None)
    assert dict(found["waiting_buckets"].series)["no answer yet"] == 20 - answered
    assert found["waiting"].rows == tuple(range(answered, 20))


def test_those_who_still_wait_make_the_waiting_longer():
    posts = asked_of_us(20, 12, 2)
    found = figures(f for f in measure("response")(posts) if not f.by)
    assert found["median_waiting_time"] == pytest.approx(7200)
    few = {f.name: f for f in measure("response")(asked_of_us(20, 4, 2, later_h=48)) if not f.by}
    assert few["median_response_time"].value == pytest.approx(7200)
    assert few["median_waiting_time"].value is None
    assert "fewer than half" in few["median_waiting_time"].warning


def test_without_us_it_asks_who_we_are():
    for found in measure("response")(columns(author=range(20), question=[True] * 20)):
        assert found.value is None
        assert "kring us add" in found.warning


def test_what_others_asked_is_not_nought_where_only_our_own_words_are_here():
    """An archive of our own account: our posts, also one in a thread of our own, and nothing that anybody wrote to us."""
    ours = columns(
        author=[0] * 12,
        at=[START + k for k in range(12)],
        parent=[-1, 0] + [-1] * 10,
        by_us=[True] * 12,
        to_us=[False, True] + [False] * 10,
    )
    for finding in measure("response")(ours):
        assert finding.value is None
        assert "what others asked" in finding.warning


def chain(authors, by_us, **flags):
    """A question to us, then each post a reply to the one before; nine others ask us something too, so that figures may be given."""
    n = len(authors)
    more = {name: [*values, *[False] * 12] for name, values in flags.items()}
    return columns(
        author=[*authors, *range(50, 62)],
        parent=[k - 1 for k in range(n)] + [-1] * 12,
        question=[True] + [False] * (n - 1) + [True] * 12,
        to_us=[True] + [False] * (n - 1) + [True] * 12,
        by_us=[*by_us, *[False] * 12],
        **more,
    )


@pytest.mark.parametrize(
    ("posts", "ours", "others"),
    [
        (chain([1, 9], [0, 1]), 1, 0),
        (chain([1, 1, 9], [0, 0, 1]), 1, 0),
        (chain([1, 1], [0, 0]), 0, 0),
        (chain([1, 2], [0, 0]), 0, 1),
        (chain([1, 9], [0, 1], automatic=[0, 1]), 0, 0),
        (chain([1, 9], [0, 1], by_bot=[0, 1]), 0, 0),
        (chain([1, -1], [0, 0]), 0, 0),
    ],
    ids=["we answer", "we answer after the asker added something", "self-reply", "another answers", "automatic", "bot", "nobody known"],
)
def test_what_is_an_answer(posts, ours, others):
    found = {f.name: f for f in measure("response")(posts) if not f.by}
    assert found["response_rate"].value == ours / 13
    assert found["answered_by_others"].value == others


def test_a_delay_across_unknown_zones_can_not_be_told():
    posts = asked_of_us(12, 12, 3, clocks=(1, 2))
    found = {f.name: f for f in measure("response")(posts) if not f.by}
    assert found["response_rate"].value == 1
    assert found["median_response_time"].value is None
    assert dict(found["waiting_buckets"].series)["can't tell"] == 12


def test_few_askers_get_counts_and_no_rates():
    found = {f.name: f for f in measure("response")(asked_of_us(9, 9, 1)) if not f.by}
    assert found["questions_to_us"].value == 9
    assert found["response_rate"].value is None
    assert found["response_rate"].warning.startswith("too few to say")


def test_by_month_with_small_months_left_out():
    month = 31 * 24 * HOUR_US
    posts = columns(
        author=[*range(12), *range(20, 35), *range(40, 43)],
        at=[START] * 12 + [START + month] * 15 + [START + 2 * month] * 3,
        question=[True] * 30,
        to_us=[True] * 30,
    )
    rates = {dict(f.by)["period"]: f.value for f in measure("response")(posts) if f.name == "response_rate" and f.by}
    assert rates == {"2023-11": None, "2023-12": 0.0, "2024-01": None}


def test_a_long_chain_of_replies_is_walked_in_moments():
    n = 200_000
    who, all_of_them = np.arange(n) % 500, np.ones(n)
    posts = columns(author=who, parent=np.arange(n) - 1, question=all_of_them, to_us=all_of_them, by_us=who == 0)
    found = {f.name: f for f in measure("response")(posts) if not f.by}
    assert found["waiting"].value == 499


def test_cells_that_follow_by_subtraction_are_closed_too():
    person = np.arange(45)
    cell = np.array([0] * 20 + [1] * 12 + [2] * 9 + [3] * 4)
    assert open_cells(cell, person, 4).tolist() == [True, True, False, False]
    assert open_cells(cell[:41], person[:41], 4).tolist() == [True, False, False, False]
    assert open_cells(cell[:32], person[:32], 3).tolist() == [True, True, False]
    assert open_cells(cell[:20], person[:20] % 9, 1).tolist() == [False]


def test_activity_by_period_hides_small_cells():
    week = 7 * 24 * HOUR_US
    author = list(range(30)) * 3 + [0]
    at = [START] * 30 + [START + week] * 30 + [START + 2 * week] * 30 + [START + 3 * week]
    found = {f.name: f for f in measure("activity")(columns(author=author, at=at, local_minute_of_week=[60] * 91))}
    shown = [count for _, count in found["people_by_period"].series]
    assert shown.count(30) == 2
    assert shown.count(None) == 2
    assert dict(found["weekly_rhythm"].series)["Mon 01"] == 91
    assert found["gini"].value < 0.02


def test_one_who_speaks_for_all_is_seen():
    found = figures(measure("activity")(columns(author=[*range(20), *[0] * 980])))
    assert found["top_tenth_share"] > 0.97
    assert found["gini"] > 0.9


def test_posts_without_times_are_counted():
    found = {f.name: f for f in measure("activity")(columns(author=range(20), at=[NO_TIME] * 20))}
    assert found["posts"].value == 20
    assert found["posts_by_period"].warning == "no times are known"


def test_top_threads_begin_with_their_first_post():
    author = [*range(12), 3, 4, 5]
    found = {f.name: f for f in measure("threads")(columns(author=author, thread=[0] * 5 + [1] * 7 + [2] * 3))}
    assert found["top_threads"].series == ((5, 7), (0, 5), (12, 3))
    assert found["threads"].value == 3
