"""The town through the ordinary readers: what Kring finds is what is true of it, and nothing is found where nothing was planted."""

import statistics
from collections import Counter

import pytest

import kring
from circles import HALL, circle_of, town, truth
from kring.verbs import weave
from kring.verbs.weave import Asking

PEOPLE = 300
NETWORKS = {"mastodon": ("mastodon",), "forum": ("stackexchange",), "whatsapp": ("whatsapp",), "list and mail": ("mail",)}


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    with kring.open(circle_of(town(PEOPLE), tmp_path_factory.mktemp("truth") / "circle")) as opened:
        yield opened


@pytest.fixture(scope="module")
def true():
    return truth(town(PEOPLE))


@pytest.fixture(scope="module")
def posts(circle):
    return circle.posts(limit=None)


def whole(findings):
    """Findings that are about everything, by name."""
    return {finding.name: finding for finding in findings if not finding.by}


def asked(true, **which):
    """The questions to the town hall that can be known by their words and stand in an export."""
    found = [each for each in true["questions"] if each["in_exports"] and each["question_mark"]]
    return [each for each in found if all(each[key] == value for key, value in which.items())]


def in_store(each):
    """A post's id as the store has it, from the network's own in the truth."""
    channel, id = each["channel"], each["id"]
    return f"mail:{id.strip('<>')}" if channel in ("mail", "list") else f"mastodon:{id}"


def ids(posts):
    return sorted(map(in_store, posts))


def test_every_post_of_every_network_is_there_once(true, posts):
    found = Counter(post.id.partition(":")[0] for post in posts)
    networks = {name: each["posts_in_exports"] for name, each in true["networks"].items()}
    assert len({post.id for post in posts}) == len(posts)
    assert found["mastodon"] == networks["mastodon"]
    assert found["mail"] == sum(n for name, n in networks.items() if name not in ("mastodon", "forum", "whatsapp"))
    assert sum(post.kind != "page" for post in posts if post.id.startswith("stackexchange")) == networks["forum"]
    deleted = sum(chat["kinds"].get("deleted", 0) for chat in true["chats"])
    assert found["whatsapp"] == networks["whatsapp"] - deleted


def test_the_questions_to_us_are_exactly_those_that_were_asked(circle, true):
    found = whole(circle.measure("response"))
    assert sorted(found["questions_to_us"].rows) == ids(asked(true))
    assert found["questions_to_us"].value == len(asked(true)) > 100
    traps = {in_store(each) for each in true["traps"]}
    assert traps
    assert not traps & set(found["questions_to_us"].rows)


def test_those_who_wait_are_exactly_those_the_town_hall_did_not_answer(circle, true):
    found = whole(circle.measure("response"))
    waiting = [each for each in asked(true) if each["outcome"] != "town hall"]
    assert sorted(found["waiting"].rows) == ids(waiting)
    at = {in_store(each): each["at"] for each in waiting}
    assert [at[id] for id in found["waiting"].rows] == sorted(at.values()), "oldest first"
    rate = found["response_rate"]
    share = 1 - len(waiting) / len(asked(true))
    assert rate.value == pytest.approx(share)
    assert rate.low < share < rate.high
    assert (rate.n, rate.n_of) == (len(asked(true)), "questions")


def test_neither_the_asker_nor_a_bot_answers_but_a_neighbour_does(circle, true):
    found = whole(circle.measure("response"))
    by_others = set(found["answered_by_others"].rows)
    for each in asked(true):
        seen = {answer["how"] for answer in each["answers"] if answer["in_exports"]}
        if "neighbour" in seen:
            assert in_store(each) in by_others
        elif seen <= {"self", "bot"}:
            assert in_store(each) not in by_others


def test_the_delays_are_those_that_were_planned(circle, true):
    delays = [
        min(answer["delay_s"] for answer in each["answers"] if answer["how"] == "town hall") for each in asked(true, outcome="town hall")
    ]
    found = whole(circle.measure("response"))
    assert found["median_response_time"].value == pytest.approx(statistics.median(delays), abs=1)
    assert found["mean_response_time"].value == pytest.approx(statistics.mean(delays), abs=1)
    buckets = dict(found["waiting_buckets"].series)
    assert buckets["<1 h"] == sum(delay < 3600 for delay in delays)
    assert buckets["1-4 h"] == sum(3600 <= delay < 4 * 3600 for delay in delays)
    assert buckets["no answer yet"] == len(asked(true)) - len(delays)


def test_the_bots_are_the_bots(circle, true):
    found = {person.id for person in circle.people(limit=None) if person.kind == "bot"}
    assert {each.rpartition("/")[2] for each in found if each.startswith("stackexchange")} == {"-1"}
    assert len(found) == sum(len(bot["accounts"]) for bot in true["bots"])


def test_follows_are_as_reciprocal_as_they_are_between_those_who_gave_an_archive(circle, true):
    (found,) = circle.measure("reciprocity", kinds=("follow",))
    between = true["ties"]["follows"]["between_archives"]
    assert found.value == pytest.approx(between["reciprocity"])
    assert found.n == between["arcs"]


def test_whoever_vouches_for_another_is_tied_to_him(circle, true):
    graph, _ = weave.graph(weave.weave(circle, Asking(kinds=("vouch",)), "circle"))
    ids = graph.ids
    fakes = {id for id in ids if id in set(true["vouches"]["fakes"])}
    assert graph.n_arcs == true["vouches"]["vouches"] > 200
    assert len(fakes) == len(true["vouches"]["fakes"])


def test_the_forums_sums_are_the_forums_sums(circle, true):
    found, sums = whole(circle.measure("questions")), true["forum"]
    for name in ("questions", "answers", "answered", "answered_by_others", "accepted"):
        assert found[name].value == sums[name]
    answered = {each["id"] for each in true["forum_questions"] if {answer["by"] for answer in each["answers"]} - {each["by"]}}
    assert {row.rpartition("/")[2] for row in found["answered_by_others"].rows} == answered


def test_a_chat_holds_its_members_and_their_messages(circle, true, posts):
    for chat in true["chats"]:
        (place,) = [place for place in circle.places() if place.name == chat["name"]]
        mine = [post for post in posts if post.place == chat["name"]]
        assert len(mine) == place.posts == chat["messages"] - chat["kinds"].get("deleted", 0)
        counted = Counter(post.author_name for post in mine)
        assert set(counted) <= set(chat["messages_by"])
        assert all(counted[name] <= n for name, n in chat["messages_by"].items())


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    """A town in which the town hall answers nothing and nothing lies in wait."""
    zero = ("answering", "neighbours", "self_answers", "bot_answers", "unmarked", "traps", "reciprocity")
    folder = town(120, 5, tuple((name, 0.0) for name in zero))
    with kring.open(circle_of(folder, tmp_path_factory.mktemp("still") / "circle")) as opened:
        yield opened, truth(folder)


def test_where_nobody_answers_the_rate_is_nought_with_an_interval(still):
    circle, true = still
    found = whole(circle.measure("response"))
    questions = asked(true)
    assert sorted(found["questions_to_us"].rows) == ids(questions)
    rate = found["response_rate"]
    assert rate.value == 0
    assert rate.low == 0 < rate.high < 0.3
    assert rate.interval_of == "model"
    assert found["answered_by_others"].value == 0
    assert found["waiting"].value == len(questions)
    for name in ("median_response_time", "mean_response_time", "median_waiting_time"):
        assert found[name].value is None
        assert found[name].warning


def test_where_nothing_is_returned_reciprocity_is_nought(still):
    circle, true = still
    (found,) = circle.measure("reciprocity", kinds=("follow",))
    assert true["ties"]["follows"]["between_archives"]["reciprocity"] == 0
    assert found.value == 0


def test_without_us_the_rate_asks_who_we_are(tmp_path):
    with kring.open(circle_of(town(), tmp_path / "circle")) as circle:
        circle.us_remove(*(claimed.subject for claimed in circle.us()))
        found = whole(circle.measure("response"))
        assert found["response_rate"].value is None
        assert "who are we" in found["response_rate"].warning
        circle.us_add(named=HALL)
        assert whole(circle.measure("response"))["response_rate"].value is not None
