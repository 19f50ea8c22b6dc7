"""Posts and acts of ActivityStreams 2.0: whose, when, for whom; votes and quotations among them."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import msgspec

from kring.schema import Event, Media, Post, Verb, Visibility
from kring.sources.activitypub import ACTORS, Home, Thing, all_of, author_of, post_of, text_of, visibility_of
from kring.sources.activitystreams_names import Names, address, id_of, kind_of, own_address
from kring.sources.moment import moment
from kring.sources.pieces import Known

_QUOTES = ("quoteUrl", "quoteUri", "quote", "_misskey_quote")
"""Pleroma, Fedibird, Mastodon 4.5 (FEP-044f), Misskey."""


class Untimely(NamedTuple):
    """A post was found whose time is not believable; as it was written, "" if there was none."""

    written: str


def event_of(verb: Verb, actor: str, uri: str, kind: Any, act: dict[str, Any] | None = None, **more: Any) -> Event:
    """An act with its time and id. Whom it is sent to doesn't say who may see it: a like goes to one person only, and everybody sees it."""
    act = act or {}
    when = moment(act.get("published"))
    timed: dict[str, Any] = {"at": when.at, "offset_s": when.offset_s, "zone": when.zone} if when else {}
    own = text_of(act.get("id", act.get("@id")))
    return Event(verb=verb, actor=actor, object=id_of(uri), object_kind=kind, **timed, **more, id=id_of(own))


def in_zone(record: Any, names: Names) -> Any:
    """A post or event whose time has no zone gets the one that the user named."""
    if record.at is None or record.zone or not names.zone.name:
        return record
    offset = names.zone.offset_s(record.at)
    return msgspec.structs.replace(record, at=record.at - offset * 1_000_000, offset_s=offset, zone=names.zone.name)


def visibility(thing: dict[str, Any], act: dict[str, Any]) -> Visibility:
    """Whom it was addressed to; public where nothing in it is addressed to anybody at all."""
    to, cc = (thing.get(key, act.get(key)) for key in ("to", "cc"))
    if to is None and cc is None and not any(each.get(key) for each in (thing, act) for key in ("bto", "bcc", "audience")):
        return "public"
    return visibility_of(to, cc)


def posted(kind: str, value: dict[str, Any], act: dict[str, Any], names: Names, *, edited: bool = False) -> Iterator[Known | Untimely]:
    """A post, its author's name, and what it quotes; or the vote that only looks like one."""
    by, answered = authored_by(value, act), address(value.get("inReplyTo"))
    told = tuple(names.tell(*all_of(by)))
    if answered and value.get("name") and not value.get("content") and not value.get("contentMap"):
        when = {**value, "published": value.get("published", act.get("published"))}
        vote = event_of("vote", names.account(by), answered, "post", when, visibility="direct")
        yield Known((*told, in_zone(vote, names)))
        return
    post = _post(kind, value, act, names)
    post = msgspec.structs.replace(post, edited=True) if edited else post
    yield Known((*told, post, *_quoting(value, post, names)))
    if post.at is None:
        yield Untimely(text_of(value.get("published") or act.get("published")))


def _post(kind: str, value: dict[str, Any], act: dict[str, Any], names: Names) -> Post:
    thing = msgspec.convert(value, Thing)
    thing.id, thing.type, thing.inReplyTo = own_address(value), kind, address(value.get("inReplyTo"))
    thing.published = thing.published or act.get("published")
    post = post_of(thing, names.account(authored_by(value, act)) or author_of(own_address(value)), Home())
    post = msgspec.structs.replace(
        post,
        url=address(value.get("url")),
        visibility=visibility(value, act),
        tags=tuple(dict.fromkeys((*post.tags, *_tags(value)))),
        mentions=tuple(dict.fromkeys((*post.mentions, *_people(value, names)))),
        media=tuple(_once((*post.media, *_pictures(value)))),
    )
    return cast(Post, in_zone(post, names))


def _quoting(value: dict[str, Any], post: Post, names: Names) -> Iterator[Event]:
    """To quote a post is to share it, with words of one's own."""
    if quoted := next((found for key in _QUOTES if (found := address(value.get(key)))), ""):
        told = next((tag.get("attributedTo") for tag in all_of(value.get("tag")) if isinstance(tag, dict) and address(tag) == quoted), None)
        receiver = names.account(told) or author_of(quoted)
        event = Event(
            verb="share", actor=post.author, object=id_of(quoted), object_kind="post", receiver=receiver, visibility=post.visibility
        )
        yield msgspec.structs.replace(event, at=post.at, offset_s=post.offset_s, zone=post.zone, id=post.id)


def authored_by(value: dict[str, Any], act: dict[str, Any]) -> Any:
    """Whose it is; of several (PeerTube names account and channel) the person."""
    named = all_of(value.get("attributedTo")) or all_of(value.get("actor")) or all_of(act.get("actor"))
    return next((each for each in named if isinstance(each, dict) and kind_of(each) == "Person"), named[0] if named else None)


def _tags(value: dict[str, Any]) -> Iterator[str]:
    for each in all_of(value.get("tag")):
        if isinstance(each, dict) and each.get("type") == "Tag" and (name := text_of(each.get("name")).lstrip("#")):
            yield name


def _people(value: dict[str, Any], names: Names) -> Iterator[str]:
    """People tagged as such, not as mentions."""
    for each in all_of(value.get("tag")):
        if isinstance(each, dict) and kind_of(each) in ACTORS and (account := names.account(each)):
            yield account


def _pictures(value: dict[str, Any]) -> Iterator[Media]:
    """The picture of an article or event, which is no attachment."""
    for each in all_of(value.get("image")):
        if uri := address(each.get("url") or each if isinstance(each, dict) else each):
            yield Media(
                kind="image",
                name=uri.partition("?")[0].rpartition("/")[2],
                text=text_of(each.get("name")) if isinstance(each, dict) else "",
            )


def _once(media: tuple[Media, ...]) -> Iterator[Media]:
    """The same picture is often both the article's own and attached; the one with a description stays."""
    named = {each.name: each for each in sorted(media, key=lambda each: bool(each.text)) if each.name}
    seen: set[str] = set()
    for each in media:
        if not each.name or each.name not in seen:
            seen.add(each.name)
            yield named.get(each.name, each)
