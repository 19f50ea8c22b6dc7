"""Records in the words of ActivityStreams 2.0 and back; what AS2 has no word for stands under `kring:`, so that nothing is lost on the way.

    account      Person, Organization, Group, Service; Object where nobody said what it is
    place        Group
    membership   Relationship: subject, object, startTime, endTime
    post         Note, Article or Page; its thread as `context` (FEP-7888), its place as `audience` (FEP-1b12)
    event        Follow, Like, Announce …; a vote, for which AS2 has no word, as Activity
    scope        Object: AS2 has no word for it
    claim        Relationship: what was said of people (`Proposed`)

Documented in  W3C, Activity Streams 2.0 and Activity Vocabulary (2017); preferredUsername: W3C, ActivityPub, section 4.1; Hashtag: as Mastodon writes it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import msgspec

from kring.schema import Account, Event, Media, Membership, Place, Post, Proposed, Record

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
WORDS = "urn:x-kring:"
"""What `kring:` stands for: an informal URN, as nobody needs to fetch it."""
CONTEXT = ["https://www.w3.org/ns/activitystreams", {"kring": WORDS, "Hashtag": "as:Hashtag"}]
_MEMBER_OF = "kring:memberOf"
_ACCOUNTS = {"unknown": "Object", "person": "Person", "organisation": "Organization", "group": "Group", "bot": "Service"}
_POSTS = {"article": "Article", "page": "Page"}
_VERBS = {
    "follow": "Follow",
    "like": "Like",
    "dislike": "Dislike",
    "share": "Announce",
    "join": "Join",
    "leave": "Leave",
    "accept": "Accept",
    "block": "Block",
    "add": "Add",
    "remove": "Remove",
    "create": "Create",
    "update": "Update",
    "undo": "Undo",
}
_MEDIA = {"image": "Image", "video": "Video", "audio": "Audio"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOT_IN_IRI = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`%]")
"""RFC 3987, section 2.2: what an address never holds; the per cent sign because it begins what stands for these."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def iri(id: str) -> str:
    """An id as an address that every reader of JSON-LD takes; each id has one of its own."""
    if not id:
        return ""
    written = _NOT_IN_IRI.sub(lambda found: f"%{ord(found[0]):02X}", id)
    return written if _SCHEME.match(id) and not id.startswith(WORDS) else WORDS + written


def id_of(written: Any) -> Any:
    """The id that an address stands for; anything but text is given back as it is, to be refused by whoever wants an id."""
    if not isinstance(written, str):
        return "" if written is None else written
    return unquote(written.removeprefix(WORDS), errors="replace")


def written(record: Record | Proposed) -> dict[str, Any]:
    """A record as AS2."""
    if isinstance(record, Post):
        return _post(record)
    if isinstance(record, Event):
        return _event(record)
    if isinstance(record, Account):
        parts = {"preferredUsername": record.handle, "name": record.name, "url": record.url, "kring:owner": record.owner}
        parts["kring:flags"] = list(record.flags)
        return _thing("account", _ACCOUNTS[record.kind], id=iri(record.id), **parts)
    if isinstance(record, Place):
        return _thing("place", "Group", id=iri(record.id), name=record.name, url=record.url, **{"kring:kind": record.kind})
    span = {"startTime": _time(record.since), "endTime": _time(record.until)}
    if isinstance(record, Membership):
        return _thing("membership", "Relationship", subject=iri(record.account), object=iri(record.place), relationship=_MEMBER_OF, **span)
    if isinstance(record, Proposed):
        other = record.object if record.kind == "affiliation" else iri(record.object)
        said = {"relationship": f"kring:{record.kind}", "summary": record.reason}
        return _thing("claim", "Relationship", subject=iri(record.subject), object=other, **said, **span)
    return _thing("scope", "Object", **{"kring:account": iri(record.account), "kring:place": iri(record.place)}, **span)


def _thing(kind: str, type: str, **parts: Any) -> dict[str, Any]:
    """What there is something to say of; `kring:record` tells which record it was."""
    return {"type": type, "kring:record": kind} | {
        name: part for name, part in parts.items() if part is not None and part is not False and part not in ("", [])
    }


def _post(post: Post) -> dict[str, Any]:
    tags = [{"type": "Mention", "href": iri(each)} for each in post.mentions] + [
        {"type": "Hashtag", "name": f"#{tag}"} for tag in post.tags
    ]
    return _thing(
        "post",
        _POSTS.get(post.kind, "Note"),
        id=iri(post.id),
        **{"kring:kind": "" if post.kind in ("note", *_POSTS) else post.kind},
        attributedTo=iri(post.author),
        **_when(post),
        name=post.title,
        content=post.text,
        mediaType="text/plain" if post.text else "",
        contentMap={post.language: post.text} if post.language else None,
        inReplyTo=iri(post.reply_to),
        context=iri(post.thread),
        audience=iri(post.place),
        **_seen_by(post),
        tag=tags,
        attachment=[_attachment(each) for each in post.media],
        url=post.url,
        updated=_time(post.edited_at),
        **{"kring:score": post.score, "kring:edited": post.edited, "kring:deleted": post.deleted},
    )


def _event(event: Event) -> dict[str, Any]:
    return _thing(
        "event",
        _VERBS.get(event.verb, "Activity"),
        id=iri(event.id),
        **{"kring:verb": "" if event.verb in _VERBS else event.verb},
        actor=iri(event.actor),
        object=iri(event.object),
        **{"kring:objectKind": event.object_kind, "kring:receiver": iri(event.receiver)},
        **_when(event),
        content=event.text,
        mediaType="text/plain" if event.text else "",
        audience=iri(event.place),
        **_seen_by(event),
    )


def _attachment(media: Media) -> dict[str, Any]:
    parts = {"kring:kind": "" if media.kind in _MEDIA or media.kind == "document" else media.kind, "kring:file": media.name}
    return {"type": _MEDIA.get(media.kind, "Document")} | {k: v for k, v in ({"name": media.text} | parts).items() if v}


def _when(record: Post | Event) -> dict[str, Any]:
    """The moment in UTC; the local time as written is `kring:offset` seconds later. Without a zone the moment itself is not certain."""
    return {"published": _time(record.at), "kring:offset": record.offset_s, "kring:zone": record.zone}


def _seen_by(record: Post | Event) -> dict[str, Any]:
    if record.visibility == "public":
        return {"to": [PUBLIC]}
    return {"cc": [PUBLIC]} if record.visibility == "unlisted" else {"kring:visibility": record.visibility}


def _time(at: int | None) -> str:
    if at is None:
        return ""
    return (_EPOCH + timedelta(microseconds=at)).replace(tzinfo=None).isoformat() + "Z"


class Read(msgspec.Struct, frozen=True):
    """What an item of a collection meant."""

    record: Record | Proposed
    left: tuple[str, ...]
    """The names of what stood there and didn't come into the record."""


def read(item: Mapping[str, Any]) -> Read | None:
    """The record that an item was made of; None if it is none of ours.

    Whatever would not be written again in the same way was not understood: so reading is checked by writing.
    """
    try:
        kind = item["kring:record"]
        record: Record | Proposed = msgspec.convert({"type": kind} | _MAKERS[kind](item), Record | Proposed)
        again = written(record)
    except (msgspec.ValidationError, KeyError, ValueError, TypeError, OverflowError, AttributeError):
        return None
    return Read(record, tuple(sorted(name for name, value in item.items() if again.get(name) != value)))


def _made_account(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": id_of(item["id"]),
        "handle": item.get("preferredUsername", ""),
        "name": item.get("name", ""),
        "kind": _ACCOUNT_KINDS.get(item.get("type"), "unknown"),
        "url": item.get("url", ""),
        "owner": item.get("kring:owner", False),
        "flags": item.get("kring:flags", []),
    }


def _made_place(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": id_of(item["id"]), "kind": item["kring:kind"], "name": item.get("name", ""), "url": item.get("url", "")}


def _made_membership(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"account": id_of(item["subject"]), "place": id_of(item["object"]), **_made_span(item)}


def _made_scope(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"account": id_of(item.get("kring:account")), "place": id_of(item.get("kring:place")), **_made_span(item)}


def _made_claim(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = item["relationship"].removeprefix("kring:")
    other = item["object"] if kind == "affiliation" else id_of(item["object"])
    return {"kind": kind, "subject": id_of(item["subject"]), "object": other, "reason": item.get("summary", ""), **_made_span(item)}


def _made_span(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"since": _at(item.get("startTime")), "until": _at(item.get("endTime"))}


def _made_post(item: Mapping[str, Any]) -> dict[str, Any]:
    tags = item.get("tag", [])
    return {
        "id": id_of(item["id"]),
        "kind": item.get("kring:kind") or _POST_KINDS.get(item.get("type"), "note"),
        "author": id_of(item.get("attributedTo")),
        **_made_when(item),
        "text": item.get("content", ""),
        "title": item.get("name", ""),
        "language": next(iter(item.get("contentMap", {})), ""),
        "reply_to": id_of(item.get("inReplyTo")),
        "thread": id_of(item.get("context")),
        "mentions": [id_of(tag.get("href")) for tag in tags if tag.get("type") == "Mention"],
        "tags": [tag["name"].removeprefix("#") for tag in tags if tag.get("type") == "Hashtag"],
        "media": [_made_media(each) for each in item.get("attachment", [])],
        "url": item.get("url", ""),
        "score": item.get("kring:score"),
        "edited_at": _at(item.get("updated")),
        "edited": item.get("kring:edited", False),
        "deleted": item.get("kring:deleted", False),
    }


def _made_event(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "verb": item.get("kring:verb") or _VERB_OF.get(item.get("type")),
        "actor": id_of(item.get("actor")),
        "object": id_of(item["object"]),
        "object_kind": item["kring:objectKind"],
        "receiver": id_of(item.get("kring:receiver")),
        **_made_when(item),
        "text": item.get("content", ""),
        "id": id_of(item.get("id")),
    }


def _made_media(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = item.get("kring:kind") or _MEDIA_KINDS.get(item.get("type"), "document")
    return {"kind": kind, "name": item.get("kring:file", ""), "text": item.get("name", "")}


def _made_when(item: Mapping[str, Any]) -> dict[str, Any]:
    """When it was, where, and who may see it: what posts and acts share."""
    seen_by = "public" if PUBLIC in item.get("to", []) else "unlisted" if PUBLIC in item.get("cc", []) else "place"
    return {
        "at": _at(item.get("published")),
        "offset_s": item.get("kring:offset"),
        "zone": item.get("kring:zone", ""),
        "place": id_of(item.get("audience")),
        "visibility": item.get("kring:visibility") or seen_by,
    }


def _at(written: Any) -> int | None:
    if written is None:
        return None
    time = datetime.fromisoformat(written)
    return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


_ACCOUNT_KINDS: dict[Any, str] = {type: kind for kind, type in _ACCOUNTS.items()}
_POST_KINDS: dict[Any, str] = {type: kind for kind, type in _POSTS.items()}
_VERB_OF: dict[Any, str] = {type: verb for verb, type in _VERBS.items()}
_MEDIA_KINDS: dict[Any, str] = {type: kind for kind, type in _MEDIA.items()}
_MAKERS = {
    "account": _made_account,
    "place": _made_place,
    "membership": _made_membership,
    "post": _made_post,
    "event": _made_event,
    "scope": _made_scope,
    "claim": _made_claim,
}
