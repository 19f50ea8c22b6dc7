"""Kring's own export: every record comes back as it was, as a line and as ActivityStreams 2.0; what was added is said."""

import json
from typing import get_args

import msgspec
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from kring import sources
from kring.schema import Account, Asked, Event, Item, Media, Membership, Place, Post, Record, Scope, Unread
from kring.sources import kring_as2, kring_lines
from kring.sources.kring_lines import FORM, Head
from made_records import accounts, events, ids, media, memberships, places, posts, records, scopes
from sources.reading import page

HEAD = Head(form=FORM, made_at="2026-03-01T10:00:00Z", circle="Harbour", text="It holds two records.", n=2)


def as_lines(records) -> bytes:
    return kring_lines.head_line(HEAD) + b"".join(map(kring_lines.line, records))


def as_as2(records) -> bytes:
    return kring_lines.as2_begin(HEAD) + b"".join(kring_lines.as2_item(r, not i) for i, r in enumerate(records)) + kring_lines.AS2_END


def given_for(name: str, raw: bytes) -> list:
    return list(sources.export("kring").read([page(name, raw)], Asked()))


def came_back(name: str, raw: bytes) -> list:
    given = given_for(name, raw)
    assert not [each for each in given if isinstance(each, Unread)]
    return [record for each in given if isinstance(each, Item) for record in each.records]


@settings(deadline=None)
@given(made=st.lists(records, max_size=6))
def test_what_left_as_lines_comes_back_unchanged(made):
    assert came_back("x.ndjson", as_lines(made)) == made


@settings(deadline=None)
@given(made=st.lists(records, max_size=6))
def test_what_left_as_activitystreams_comes_back_unchanged(made):
    raw = as_as2(made)
    assert len(json.loads(raw)["orderedItems"]) == len(made), "it is one JSON document"
    assert came_back("x.json", raw) == made


KINDS = {Account: accounts, Place: places, Membership: memberships, Post: posts, Event: events, Scope: scopes, Media: media}
FIELDS = [(kind, field) for kind in KINDS for field in msgspec.structs.fields(kind)]


def test_no_kind_of_record_is_forgotten():
    assert set(KINDS) - {Media} == set(get_args(Record))


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda each: getattr(each, "__name__", None) or each.name)
def test_records_with_something_in_each_field_are_tried(kind, field):
    """Else what leaves would come back unchanged only because there was nothing in it."""
    usual = field.default if field.default is not msgspec.NODEFAULT else None
    assert find(
        KINDS[kind],
        lambda made: getattr(made, field.name) != usual and isinstance(made, kind),
        settings=settings(database=None, deadline=None, phases=[Phase.generate]),
    )


@given(one=ids, other=ids)
def test_each_id_has_an_address_of_its_own(one, other):
    assert kring_as2.id_of(kring_as2.iri(one)) == one
    assert (kring_as2.iri(one) == kring_as2.iri(other)) == (one == other)
    assert not set(kring_as2.iri(one)) & set(' <>"{}|\\^`')


def test_a_post_in_the_words_that_other_programs_know():
    post = Post(
        id="mastodon:https://town.example/1",
        kind="question",
        author="mastodon:anna@town.example",
        at=1_700_000_000_000_000,
        text="Who? <b>",
        language="en",
        reply_to="mastodon:https://town.example/0",
        mentions=("mastodon:bram@town.example",),
        tags=("harbour",),
        media=(Media(kind="image", text="A boat"),),
    )
    assert kring_as2.written(post) == {
        "type": "Note",
        "kring:record": "post",
        "id": "mastodon:https://town.example/1",
        "kring:kind": "question",
        "attributedTo": "mastodon:anna@town.example",
        "published": "2023-11-14T22:13:20Z",
        "content": "Who? <b>",
        "mediaType": "text/plain",
        "contentMap": {"en": "Who? <b>"},
        "inReplyTo": "mastodon:https://town.example/0",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "tag": [{"type": "Mention", "href": "mastodon:bram@town.example"}, {"type": "Hashtag", "name": "#harbour"}],
        "attachment": [{"type": "Image", "name": "A boat"}],
    }
    assert kring_as2.written(Event(verb="share", actor="m:a", object="m:p", object_kind="post"))["type"] == "Announce"
    assert kring_as2.written(Account(id="m:a", kind="organisation"))["type"] == "Organization"


@settings(deadline=None)
@given(made=records, name=st.sampled_from(["new", "kring:new", "summary"]), value=st.integers() | st.text(max_size=5))
def test_what_was_added_is_said_and_the_record_kept(made, name, value):
    line = msgspec.json.encode({**json.loads(kring_lines.line(made)), name: value})
    thing = msgspec.json.encode({**kring_as2.written(made), name: value})
    for file, raw in (("x.ndjson", as_lines([]) + line), ("x.json", kring_lines.as2_begin(HEAD) + thing + kring_lines.AS2_END)):
        given = given_for(file, raw)
        assert [each.records for each in given if isinstance(each, Item)] == [(made,)]
        (loss,) = [each for each in given if isinstance(each, Unread)]
        assert loss.kind == "unknown"
        assert name in loss.why


def test_numbers_that_no_database_holds_are_left_out():
    post = b'{"type":"post","id":"m:p","kind":"note","at":99999999999999999999999,"score":99999999999999999999999,"offset_s":123456789}'
    given = given_for("x.ndjson", post)
    assert [each.records for each in given if isinstance(each, Item)] == [(Post(id="m:p", kind="note"),)]
    assert [each.kind for each in given if isinstance(each, Unread)] == ["implausible-time"]


def test_a_newer_form_is_said():
    given = given_for("x.ndjson", kring_lines.head_line(msgspec.structs.replace(HEAD, form=FORM + 1)))
    assert "newer Kring" in next(each.why for each in given if isinstance(each, Unread))
