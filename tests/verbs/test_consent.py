"""The consent log and the gate: who said what, what follows at once from it, and why."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kring
from circles import circle_of, town, typed
from kring.errors import UsageError
from kring.schema import Account, Asked, Event, Item, Membership, Place, Post
from kring.store import gate, keep, runs
from kring.store.claims import Said, claim
from kring.store.open import reading, writing
from kring.verbs import weave

NAMES = ("anna", "bram", "cees", "dora", "eva")


def note(number, author, **more):
    return Post(**{"id": f"m:{number}", "kind": "note", "author": f"m:{author}", "at": number, "text": f"word{number} of {author}"} | more)


MADE = [
    *(Account(id=f"m:{name}", name=name.title(), handle=f"@{name}") for name in NAMES),
    Account(id="w:chat/a", name="Anna"),
    Place(id="m:forum", kind="forum", name="Forum"),
    Place(id="w:chat", kind="chat", name="Chat"),
    Membership(account="w:chat/a", place="w:chat"),
    *(note(number, name) for number, name in enumerate(NAMES)),
    note(10, "anna", place="m:forum"),
    note(11, "bram", reply_to="m:0", mentions=("m:anna",)),
    note(12, "cees", deleted=True, text=""),
    note(13, "dora", visibility="direct"),
    Post(id="w:1", kind="message", author="w:chat/a", place="w:chat", visibility="place", text="among us", at=20),
    Event(verb="like", actor="m:bram", object="m:0", object_kind="post", id="m:like"),
    Event(verb="follow", actor="m:eva", object="m:anna", object_kind="account"),
]


@pytest.fixture
def circle(tmp_path):
    with kring.new(tmp_path / "circle") as made:
        bring(made, MADE)
        yield made


def bring(circle, records, name="x"):
    run = runs.begin(circle.engine, name=name, digest=name, sources="m", asked=Asked(), version="1")
    keep.keep(circle.engine, run.node, "m", [Item("somewhere", b"x", (record,)) for record in records])
    runs.finish(circle.engine, run.node, "done")


def of(circle, purpose="circle", **which):
    """The ids of the posts that count for a purpose."""
    through = gate.gate(purpose, **which)
    with reading(circle.engine) as c:
        return set(c.exec_driver_sql(f"SELECT p.id FROM post p WHERE {through.posts}").scalars())


ANNAS = {"m:0", "m:10"}


@pytest.mark.parametrize(
    ("scope", "gone"), [("all", ANNAS), ("m", ANNAS), ("network:m", ANNAS), ("Forum", {"m:10"}), ("contact", set()), ("quote", set())]
)
def test_a_no_is_heard_in_its_scope_and_taken_back(circle, scope, gone):
    before = of(circle)
    circle.consent("@anna", "no", scope=scope, evidence="said so")
    assert of(circle) == before - gone
    assert of(circle, "others") == before - gone - (ANNAS if scope == "quote" else set())
    circle.consent("@anna", "unknown", scope=scope, evidence="a mistake")
    assert of(circle) == of(circle, "others") == before
    assert [(each.answer, each.stands) for each in circle.consents("@anna")] == [("no", False), ("unknown", True)]


def test_what_was_said_for_one_account_holds_for_all_of_the_person_also_when_merged_later(circle):
    circle.consent("m:anna", "no")
    assert "w:1" in of(circle, "ours")
    with writing(circle.engine) as connection:
        claim(connection, [Said("same", "m:anna", "w:chat/a")])
    assert "w:1" not in of(circle, "ours")
    circle.consent("w:chat/a", "yes")
    assert "w:1" not in of(circle, "ours"), "the no of another account stands"
    circle.consent("m:anna", "yes")
    assert of(circle, "ours") >= {"w:1", *ANNAS}


@pytest.mark.parametrize(
    ("flag", "circles", "others"), [("no-bot", False, False), ("no-index", True, False), ("locked", True, False), ("open", True, True)]
)
def test_what_a_profile_asks(circle, flag, circles, others):
    bring(circle, [Account(id="m:anna", flags=(flag,))], "profile")
    assert (of(circle) >= ANNAS, of(circle, "others") >= ANNAS) == (circles, others)
    assert of(circle, "ours") >= ANNAS
    circle.consent("m:anna", "yes", evidence="asked her")
    assert of(circle) >= ANNAS
    assert of(circle, "others") >= ANNAS


def test_our_own_profile_asks_nothing_of_us(circle):
    bring(circle, [Account(id="m:anna", flags=("no-bot", "no-index"))], "profile")
    circle.us_add("m:anna")
    assert of(circle, "others") >= ANNAS


def test_a_profile_that_asks_no_more_is_heard_too(circle):
    bring(circle, [Account(id="m:anna", flags=("no-bot",))], "one")
    bring(circle, [Account(id="m:anna", flags=("open",))], "two")
    assert of(circle) >= ANNAS


def test_why_says_the_rule_and_the_evidence(circle):
    def said(item):
        return {verdict.purpose.split(",")[0]: verdict for verdict in circle.why(item)}

    assert {each.counts for each in said("m:0").values()} == {"yes"}
    circle.consent("@anna", "no", evidence="her letter of 3 May")
    for item in ("m:0", "m:like"):
        verdict = said(item)["figures of the circle"]
        assert (verdict.counts, verdict.rule) == ("no", "objected"), item
    assert "her letter of 3 May" in said("m:0")["figures of the circle"].evidence
    assert "distances" in said("m:0")["figures of the circle"].measures
    assert said("m:0")["our own response"].measures == ("response",)
    assert said("m:0")["being written to"].counts == "no"
    assert said("m:12")["our own response"].rule == "deleted"
    assert said("m:13")["figures of the circle"].rule == "private"
    assert said("w:1")["figures of Chat for its members"].counts == "yes"
    assert said("@anna")["figures of the circle"].counts == "2 of their posts: no"
    with pytest.raises(UsageError, match="nobody"):
        circle.why("nobody")


def test_words_of_objection_are_proposed_and_never_decided(circle):
    circle.us_add("m:eva")
    talk = [
        note(30, "bram", text="Please don't use my posts for this", mentions=("m:eva",)),
        note(31, "cees", text="Ik maak bezwaar tegen het lezen", reply_to="m:4"),
        note(32, "dora", text="Please don't shout"),
        note(33, "dora", text="A fine day", mentions=("m:eva",)),
    ]
    bring(circle, talk, "talk")
    before = of(circle)
    assert {post.id for post in circle.objections()} == {"m:30", "m:31"}
    assert of(circle) == before
    circle.consent("m:bram", "unknown", evidence="m:30")
    circle.consent("m:cees", "no", evidence="m:31")
    assert circle.objections() == []
    assert "m:2" not in of(circle)


@pytest.mark.parametrize(
    ("who", "answer", "scope"), [("nobody", "no", "all"), ("@anna", "perhaps", "all"), ("@anna", "no", "the moon"), ("", "no", "all")]
)
def test_what_is_not_understood_is_told(circle, who, answer, scope):
    with pytest.raises(UsageError):
        circle.consent(who, answer, scope=scope)
    assert circle.consents("@anna") == []


# -- no way around the gate


@pytest.fixture(scope="module")
def waterdrecht(tmp_path_factory):
    with kring.open(circle_of(town(60), tmp_path_factory.mktemp("gate") / "circle")) as circle:
        yield circle


REFUSALS = st.sampled_from([("no", "all"), ("no", "NETWORK"), ("flag", "no-bot"), ("flag", "no-index")])


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.dictionaries(st.integers(0, 40), REFUSALS, min_size=1, max_size=6))
def test_no_way_leads_from_a_left_out_item_to_others(waterdrecht, tmp_path_factory, refusals):
    """Whoever refuses is in no graph, figure, export or search by who is not the owner; those who only don't want to be shown still count."""
    circle, folder = waterdrecht, tmp_path_factory.mktemp("out")
    people = [person for person in circle.people(limit=None) if not person.us and person.kind != "bot"]
    with writing(circle.engine) as connection:
        connection.exec_driver_sql("DELETE FROM consent")
        connection.exec_driver_sql("UPDATE account SET flags = ''")
    silent, unshown = set(), set()
    for i, (how, what) in refusals.items():
        who = people[i].id
        if how == "flag":
            with writing(circle.engine) as connection:
                connection.exec_driver_sql("UPDATE account SET flags = ? WHERE id = ?", (what, who))
        else:
            circle.consent(who, "no", scope=who.partition(":")[0] if what == "NETWORK" else what)
        (unshown if what == "no-index" else silent).add(who)
    with reading(circle.engine) as c:
        ids, texts = {}, {}
        for who in silent | unshown:
            rows = c.exec_driver_sql("SELECT p.id, p.text FROM post p JOIN account a ON a.node = p.author WHERE a.id = ?", (who,)).all()
            ids[who], texts[who] = {row[0] for row in rows}, {row[1] or "" for row in rows}
    woven = weave.weave(circle, weave.Asking(weave.TIE_KINDS), "circle")
    graph, _ = weave.graph(woven)
    assert not silent & set(graph.ids)
    objected = {people[i].id for i, (how, _) in refusals.items() if how == "no"}
    for name in ("activity", "threads", "questions", "response"):
        out = objected if name == "response" else silent  # who asks bots to stay away, and asks us something, is answered
        gone = out.union(*(ids[who] for who in out))
        for finding in circle.measure(name):
            assert not gone & set(finding.row_ids), name
    circle.export(folder / "out.ndjson")
    exported = (folder / "out.ndjson").read_text()
    network = "".join(Path(path).read_text() for path in circle.network(folder / "n.csv", kinds=weave.TIE_KINDS).paths)
    for who in silent | unshown:
        assert f'"id":"{who}"' not in exported
        assert not any(f'"id":"{id}"' in exported for id in ids[who])
        assert f"{who}," not in network
        for text in filter(None, sorted(texts[who], key=len)[-2:]):
            word = max(text.split(), key=len)
            assert who not in {hit.author for hit in circle.search(word, limit=1_000, others=True).posts}


# -- the command line


def test_the_commands(tmp_path):
    folder = circle_of(town(60), tmp_path / "circle")
    who = typed("people", "--circle", folder, "--format", "json").rows[2]["id"]
    said = typed("person", "object", who, "--evidence", "said at the fair", "--circle", folder).out
    assert said.startswith(f"Written down: {who} said no to all.\n")
    (row,) = typed("person", "consents", who, "--circle", folder, "--format", "json").rows
    assert (row["answer"], row["evidence"], row["stands"]) == ("no", "said at the fair", True)
    said = typed("why", who, "--circle", folder)
    assert (said.code, "said at the fair" in said.out, "objected" in said.out) == (0, True, True)
    assert typed("person", "consent", who, "unknown", "--circle", folder).code == 0
    assert "said at the fair" not in typed("why", who, "--circle", folder).out
    assert typed("person", "objections", "--circle", folder).code == 0
    assert typed("why", "nothing of the kind", "--circle", folder).code == 2
