"""What was said of people moves house with them: asked about first, and of nobody who was erased or said no."""

import pytest

import kring
from circles import typed
from kring.schema import Account, Place, Post
from verbs.test_merge import brought

ACCOUNTS = [f"m:p{k}" for k in range(8)]


@pytest.fixture
def circle(tmp_path):
    records = [Place(id="m:forum", kind="forum"), *(Account(id=id, name=id) for id in ACCOUNTS)]
    records += [
        Post(id=f"{id}/1", kind="note", author=id, text="a word", place="m:forum", at=n, zone="UTC") for n, id in enumerate(ACCOUNTS)
    ]
    with brought(tmp_path / "old", records) as made:
        made.carry_out(made.merging("m:p0", "m:p1", reason="She told us"))
        made.carry_out(made.merging("m:p2", "m:p3", "m:p4"))
        made.carry_out(made.undoing(claims=[2]))
        made.carry_out(made.parting("m:p5", "m:p6", reason="Father and son"))
        made.carry_out(made.affiliating("m:p1", "volunteer", since="2023", until="2024", reason="Reads to children"))
        yield made


def told(circle, ids=tuple(ACCOUNTS)):
    """What stands, without numbers and who wrote it down."""
    claims = {claim.number: claim for id in ids for claim in circle.person(id).claims if claim.undone_at is None}
    return sorted((c.kind, c.subject, c.object, c.reason, c.since or 0, c.until or 0) for c in claims.values())


@pytest.mark.parametrize("ending", ["ndjson", "json"])
def test_what_was_said_comes_along_once_somebody_agrees(circle, tmp_path, ending):
    file = tmp_path / f"house.{ending}"
    assert any("4 claims" in sentence for sentence in circle.export(file, everything=True).said)
    with kring.new(tmp_path / "new", zone="UTC") as new:
        asked = []
        (done,) = new.import_(file, agree=lambda question: not asked.append(question))
        assert done.unread == []
        assert "4 claims" in asked[0]
        assert told(new) == told(circle)
        one, other = ({frozenset(person.accounts) for person in each.persons()} for each in (new, circle))
        assert one == other
        new.carry_out(new.undoing(rule=f"import {done.run}"))
        assert told(new) == []


def test_nothing_is_taken_over_unasked_and_none_twice(circle, tmp_path):
    circle.export(tmp_path / "house.ndjson", everything=True)
    with kring.new(tmp_path / "new", zone="UTC") as new:
        (done,) = new.import_(tmp_path / "house.ndjson")
        assert (told(new), "Not taken over" in done.said[0]) == ([], True)
    said = typed("import", tmp_path / "house.ndjson", "--yes", "--circle", circle.folder).out
    assert "is said here too" in said


def test_it_leaves_only_when_everything_does_and_of_nobody_who_said_no(circle, tmp_path):
    circle.export(tmp_path / "some.ndjson")
    assert '"type":"claim"' not in (tmp_path / "some.ndjson").read_text(encoding="utf-8")
    circle.consent("m:p5", "no")
    circle.export(tmp_path / "house.ndjson", everything=True)
    text = (tmp_path / "house.ndjson").read_text(encoding="utf-8")
    assert (text.count('"type":"claim"'), "Father and son" in text) == (3, False)


def test_of_somebody_who_was_erased_nothing_comes_back(circle, tmp_path):
    circle.export(tmp_path / "house.ndjson", everything=True)
    circle.erase("m:p6")
    circle.carry_out(circle.undoing(since="2000"))
    circle.import_(tmp_path / "house.ndjson", agree=lambda _: True)
    assert "m:p6" not in {id for person in circle.people(limit=None) for id in person.accounts}
    assert [claim[:3] for claim in told(circle, ACCOUNTS[:6])] == [
        ("affiliation", "m:p1", "volunteer"),
        ("same", "m:p0", "m:p1"),
        ("same", "m:p2", "m:p4"),
    ]
