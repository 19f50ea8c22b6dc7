"""Slack beyond the pairs: its signs, ids of several workspaces, what stays out of the circle, and many days."""

import json
import tracemalloc

import pytest

from kring import sources
from kring.schema import Account, Asked, Membership, Post, Scope
from kring.sources.moment import counted
from kring.sources.slack_words import words
from sources.reading import page, read

USERS = [
    {"id": "U0ANNA", "team_id": "T0A", "name": "anna", "profile": {"email": "anna@secret.example", "phone": "+31699"}},
    {"id": "U0BRAM", "team_id": "T0A", "name": "bram", "profile": {}},
    {"id": "U0NOBODY", "team_id": "T0A", "name": "nobody", "profile": {}},
]
CHANNEL = {"id": "C0X", "name": "x", "created": 1700000000, "members": ["U0ANNA"]}


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def said(ts, user="U0ANNA", text="x", **more):
    return {"type": "message", "user": user, "text": text, "ts": ts} | more


def export(*messages, top="", days=("2024-01-01",), users=USERS, channel=CHANNEL):
    pages = [page(f"{top}users.json", json.dumps(users).encode()), page(f"{top}channels.json", json.dumps([channel]).encode())]
    return pages + [page(f"{top}{channel['name']}/{day}.json", json.dumps(messages).encode()) for day in days]


@pytest.mark.parametrize(
    ("written", "plain", "named"),
    [
        ("<@U0ANNA> <@U9|gast> <@W8>", "@Anna @gast @W8", ("U0ANNA", "U9", "W8")),
        ("<!here> <!channel> <!subteam^S1|@bestuur> <!subteam^S2>", "@here @channel @bestuur @subteam", ()),
        ("<!date^1392734382^{date_num}|18 februari>", "18 februari", ()),
        ("<#C1|tuin> <#C2>", "#tuin #C2", ()),
        (
            "<https://x.example|hier> <https://x.example> <http://x.example|x.example>",
            "hier <https://x.example> https://x.example x.example",
            (),
        ),
        ("<mailto:a@b.example|a@b.example> <tel:+316|bel>", "a@b.example bel <tel:+316>", ()),
        ("&gt; citaat\n3 &lt; 4 &amp;&amp; &amp;lt;", "> citaat\n3 < 4 && &lt;", ()),
        ("&lt;@U0ANNA&gt; a < b", "<@U0ANNA> a < b", ()),
        ("<> <|> <@> <", "<> <|> <@> <", ()),
    ],
)
def test_signs_in_a_text(written, plain, named):
    assert words(written, {"U0ANNA": "Anna"}.get) == (plain, named)


@pytest.mark.parametrize(
    ("number", "per_second", "at"),
    [
        ("1711879260.123456", 1, 1711879260_123456),
        ("1711879260.12", 1, 1711879260_120000),
        ("1711879260", 1, 1711879260_000000),
        (1711879260, 1, 1711879260_000000),
        (1711879260123, 1000, 1711879260_123000),
        ("1711879260123", 1000, 1711879260_123000),
        (1711879260.5, 1, 1711879260_500000),
        ("x", 1, None),
        (True, 1, None),
        (None, 1, None),
        (float("nan"), 1, None),
        (float("inf"), 1, None),
        ("9" * 5000, 1, None),
        (0, 1, None),
        (5000000000, 1, None),
    ],
)
def test_times_counted_from_1970(number, per_second, at):
    assert counted(number, per_second) == at


def test_two_workspaces_in_one_folder_keep_their_people():
    others = [{"id": "U0ANNA", "team_id": "T0B", "name": "anders", "profile": {}}]
    pages = export(said("1704103200.000000"), top="both/a.zip/") + export(said("1704103200.000000"), top="both/b.zip/", users=others)
    posts = records(read("slack", pages)[0], Post)
    assert {(p.id, p.author) for p in posts} == {
        ("slack:T0A/C0X/1704103200.000000", "slack:T0A/U0ANNA"),
        ("slack:T0B/C0X/1704103200.000000", "slack:T0B/U0ANNA"),
    }


def test_addresses_and_those_who_take_no_part_stay_out():
    items, *_ = read("slack", export(said("1704103200.000000"), said("1704103201.000000", "U0BRAM")))
    assert [a.name for a in records(items, Account)] == ["anna", "bram"]
    assert {m.account for m in records(items, Membership)} == {"slack:T0A/U0ANNA", "slack:T0A/U0BRAM"}
    kept = b"".join(item.raw for item in items)
    assert b"secret.example" not in kept
    assert b"+31699" not in kept


def test_the_workspace_can_be_named():
    users = [user | {"team_id": ""} for user in USERS]
    pages = export(said("1704103200.000000"), users=users)
    items, _, notes = read("slack", pages)
    assert [p.id for p in records(items, Post)] == ["slack:C0X/1704103200.000000"]
    assert any("--as" in note.text for note in notes)
    items, _, notes = read("slack", pages, place="wijk")
    assert [p.id for p in records(items, Post)] == ["slack:wijk/C0X/1704103200.000000"]
    assert not notes


def test_a_broken_day_makes_its_channel_not_whole_and_no_other():
    tuin = {"id": "C0TUIN", "name": "tuin", "created": 1700000000, "members": []}
    pages = [
        page("users.json", json.dumps(USERS).encode()),
        page("channels.json", json.dumps([CHANNEL, tuin]).encode()),
        page("x/2024-01-01.json", json.dumps([said("1704103200.000000")]).encode()),
        page("x/2024-01-02.json", b'[{"type": "message", "us'),
        page("tuin/2024-01-01.json", json.dumps([said("1704103200.000000")]).encode()),
    ]
    assert [s.place for s in records(read("slack", pages)[0], Scope)] == ["slack:T0A/C0TUIN"]


def test_memory_does_not_grow_with_the_days():
    def used(n):
        pages = export(
            *[said(f"{1704103200 + i}.000000", text="woord " * 20) for i in range(200)], days=[f"2024-01-{d % 28 + 1:02}" for d in range(n)]
        )
        tracemalloc.start()
        for _ in sources.export("slack").read(pages, Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert used(30) < used(10) * 1.3 + 500_000


@pytest.mark.parametrize("sign", ["<@", "<a|", "<!date^", "&lt;", "<https://x|"])
def test_a_text_made_to_be_slow_is_read(sign):
    assert words(sign * 200_000, {}.get).text


def test_a_single_file_as_slack_wrote_it_until_2018():
    """What its author said stands in the file; the line around it is Slack's own."""
    message = {
        "type": "message",
        "subtype": "file_share",
        "user": "U1",
        "ts": "1500000000.000001",
        "text": "<@U1> uploaded a file: <https://x.example|plan.md> and commented: Zo wordt het",
        "file": {"name": "plan.md", "mimetype": "text/plain", "initial_comment": {"comment": "Zo wordt het"}},
    }
    items, *_ = read("slack", [page("w/tuin/2017-07-14.json", json.dumps([message]).encode())])
    (post,) = [record for item in items for record in item.records if isinstance(record, Post)]
    assert post.text == "Zo wordt het"
    assert [each.name for each in post.media] == ["plan.md"]
