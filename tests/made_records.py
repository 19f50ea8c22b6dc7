"""Records of all kinds with anything in any field, for what must hold of every record."""

from typing import get_args

from hypothesis import strategies as st

from kring.schema import (
    VISIBILITIES,
    Account,
    AccountKind,
    Event,
    Flag,
    Media,
    Membership,
    Place,
    PlaceKind,
    Post,
    PostKind,
    Scope,
    Verb,
)
from kring.sources.moment import EARLIEST, LATEST

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
ids = st.sampled_from(["m:a", "m:b c", "m:https://x.example/@a?b=1#c%20d", "x", "urn:x-kring:y", 'w:chat/"<Ñ>', "1:2"]) | texts.filter(bool)
some_id = st.just("") | ids
times = st.none() | st.integers(EARLIEST, LATEST - 1)
offsets = st.none() | st.integers(-50_000, 50_000)
words = st.just("") | texts
zones = st.sampled_from(["", "UTC", "+01:00", "Europe/Amsterdam"])
media = st.builds(Media, kind=st.sampled_from(get_args(Media.__annotations__["kind"])), name=texts, text=texts)
accounts = st.builds(
    Account,
    id=ids,
    handle=words,
    name=words,
    kind=st.sampled_from(get_args(AccountKind)),
    url=words,
    owner=st.booleans(),
    flags=st.lists(st.sampled_from(get_args(Flag)), max_size=3, unique=True).map(tuple),
)
places = st.builds(Place, id=ids, kind=st.sampled_from(get_args(PlaceKind)), name=words, url=words)
memberships = st.builds(Membership, account=ids, place=ids, since=times, until=times)
posts = st.builds(
    Post,
    id=ids,
    kind=st.sampled_from(get_args(PostKind)),
    author=some_id,
    at=times,
    offset_s=offsets,
    zone=zones,
    text=words,
    title=words,
    language=words,
    reply_to=some_id,
    thread=some_id,
    place=some_id,
    visibility=st.sampled_from(VISIBILITIES),
    mentions=st.lists(ids, max_size=3, unique=True).map(tuple),
    tags=st.lists(texts, max_size=3).map(tuple),
    media=st.lists(media, max_size=2).map(tuple),
    url=words,
    score=st.none() | st.integers(-5, 5) | st.integers(-(2**62), 2**62),
    edited_at=times,
    edited=st.booleans(),
    deleted=st.booleans(),
)
events = st.builds(
    Event,
    verb=st.sampled_from(get_args(Verb)),
    actor=some_id,
    object=ids,
    object_kind=st.sampled_from(["account", "post", "place"]),
    receiver=some_id,
    at=times,
    offset_s=offsets,
    zone=zones,
    place=some_id,
    visibility=st.sampled_from(VISIBILITIES),
    text=words,
    id=some_id,
)
scopes = st.builds(Scope, account=ids, since=times, until=times) | st.builds(Scope, place=ids, since=times, until=times)
records = accounts | places | memberships | posts | events | scopes
