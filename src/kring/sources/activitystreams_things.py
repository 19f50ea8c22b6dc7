"""One object of ActivityStreams 2.0, from any software, made records: an activity, a post, an account, a collection of these.

    Create, Update      the post in it; an account that changed
    Announce            share; what is shared too, if it is here; a group's relayed activity (Lemmy) counts as that activity
    Like, Dislike, EmojiReact    like, dislike; the emoji as text
    Follow, and an Accept of one    follow          Join, and an Accept of an event    join          Leave    leave
    Undo                undo, of the act by its id, or of what it was done to        Delete, Tombstone    the post, taken back
    collections         what is in them; followers, following and liked ones are ties of their owner
    all others          left out: blocks and reports, invitations, pinned posts, refusals; unknown ones are said

A name without content that answers a poll is a vote: that somebody voted is kept, the choice is not. Where an object and its activity have no
"to" and "cc" at all, their software doesn't address, and what it shows is public; an empty "to" is nobody's but the author's.
"""

from collections.abc import Callable, Iterator
from typing import Any, cast

import msgspec

from kring.schema import Event, Post, Verb
from kring.sources.activitypub import ACTORS, POSTS, all_of, author_of, text_of
from kring.sources.activitystreams_names import ACTIVITIES, COLLECTIONS, Names, address, bare, id_of, kind_of, own_address
from kring.sources.activitystreams_posts import Untimely, authored_by, event_of, in_zone, posted, visibility
from kring.sources.pieces import Known, Left, Wrong

Found = Known | Left | Wrong | Untimely
_TOWARDS_POSTS: dict[str, Verb] = {"Like": "like", "Dislike": "dislike", "EmojiReact": "like", "Join": "join", "Leave": "leave"}
_LEFT_OUT = {
    "Block": "blocks and reports",
    "Flag": "blocks and reports",
    "Invite": "invitations",
    "Offer": "invitations",
    "Reject": "refusals and maybes",
    "TentativeAccept": "refusals and maybes",
    "TentativeReject": "refusals and maybes",
    "Ignore": "refusals and maybes",
    "Add": "pinned posts and other lists",
    "Remove": "pinned posts and other lists",
    "Move": "accounts that moved",
    "View": "what was only looked at",
    "Listen": "what was only looked at",
    "Read": "what was only looked at",
    "Arrive": "places and travels",
    "Travel": "places and travels",
    "Place": "places and travels",
    "Relationship": "other objects",
    "Profile": "other objects",
    "Document": "pictures and other media",
}
_DEEPEST = 6
"""An activity in an announcement in a page in a collection is four."""


# ---- what an object gives -----------------------------------------------------------------------------------------------------------------


def found(value: Any, names: Names, listed: tuple[str, str] = ("", ""), depth: int = 0) -> Iterator[Found]:
    """What one object gives. `listed`: the owner of the list that it stands in, and what that lists (followers, following, liked)."""
    if listed[1] and (tie := _tie(value, names, *listed)):
        yield tie
    elif isinstance(value, str):
        yield Left("addresses of what isn't in the file")
    elif not isinstance(value, dict):
        yield Wrong("is no object")
    elif depth > _DEEPEST:
        yield Wrong("is too deep in other objects")
    else:
        kind = kind_of(value)
        if kind in COLLECTIONS:
            yield from _collection(value, names, depth)
        else:
            yield from _one(kind, value, names, depth)


def _one(kind: str, value: dict[str, Any], names: Names, depth: int) -> Iterator[Found]:
    if kind in ACTORS:
        known = names.actor(value)
        yield Known((known,)) if known else Wrong("is an account, but doesn't say where")
    elif kind in POSTS:
        yield from posted(kind, value, {}, names)
    elif kind == "Tombstone":
        yield _gone(value, "")
    elif kind in ("Create", "Update", "Announce"):
        yield from _with_object(kind, value, names, depth)
    elif kind in _ACTS:
        yield from _ACTS[kind](value, names)
    elif kind in _TOWARDS_POSTS:
        yield _towards_a_post(kind, value, names)
    elif kind in _LEFT_OUT:
        yield Left(_LEFT_OUT[kind])
    else:
        yield Wrong(kind[:40] or "an object without a type", unknown=True)


def owner_of(uri: str) -> tuple[str, str]:
    """Whose list an address is, and of what: ".../users/anna/followers"."""
    owner, _, what = uri.partition("?")[0].rstrip("/").rpartition("/")
    return (owner, what) if what in ("followers", "following", "liked") else ("", "")


def _collection(value: dict[str, Any], names: Names, depth: int) -> Iterator[Found]:
    listed = owner_of(address(value.get("partOf")) or address(value))
    held = [each for key in ("orderedItems", "items") for each in all_of(value.get(key))]
    for each in held:
        yield from found(each, names, listed, depth + 1)
    first = value.get("first")
    if isinstance(first, dict):
        yield from found({"partOf": address(value), **first}, names, depth=depth + 1)
    elif first and not held:
        yield Wrong("says only where its list begins (save the pages it names, and import those)")


def _tie(value: Any, names: Names, owner: str, what: str) -> Found | None:
    """A line of a list of people, or of what was liked."""
    if not address(value):
        return None
    mine, other = names.account(owner), names.account(value)
    if what == "liked":
        return (
            None
            if isinstance(value, dict)
            else Known((event_of("like", mine, address(value), "post", receiver=author_of(address(value))),))
        )
    if isinstance(value, dict) and kind_of(value) not in ACTORS:
        return None
    actor, object = (mine, other) if what == "following" else (other, mine)
    return Known((*names.tell(value), Event(verb="follow", actor=actor, object=object, object_kind="account")))


# ---- activities ---------------------------------------------------------------------------------------------------------------------------------


def _with_object(kind: str, act: dict[str, Any], names: Names, depth: int) -> Iterator[Found]:
    """Create, Update and Announce: of a post, of an account; or of an activity, which is then what counts."""
    object = act.get("object")
    what = kind_of(object) if isinstance(object, dict) else ""
    if kind == "Announce":
        yield from _share(act, object, what, names, depth)
    elif not isinstance(object, dict):
        yield Left("addresses of what isn't in the file") if address(object) else Wrong("doesn't say what it is about")
    elif what in ACTORS or what in COLLECTIONS:
        yield from found(object, names, depth=depth + 1)
    elif what in POSTS:
        yield Known(tuple(names.tell(act.get("actor"))))
        yield from posted(what, object, act, names, edited=kind == "Update")
    else:
        yield Wrong(f"{kind} of {what[:40] or 'an object without a type'}", unknown=True)


def _share(act: dict[str, Any], object: Any, what: str, names: Names, depth: int) -> Iterator[Found]:
    if what in ACTIVITIES or what in COLLECTIONS or what in ACTORS:
        yield from found(object, names, depth=depth + 1)
        return
    uri = own_address(object) if isinstance(object, dict) else address(object)
    if not uri:
        yield Wrong("doesn't say what it is about")
        return
    author = author_of(uri)
    if isinstance(object, dict) and what in POSTS and object.get("attributedTo") and (object.get("content") or object.get("name")):
        yield from posted(what, object, {}, names)
        author = names.account(authored_by(object, {})) or author
    event = event_of("share", names.account(act.get("actor")), uri, "post", act, receiver=author, visibility=visibility(act, {}))
    yield Known((*names.tell(act.get("actor")), in_zone(event, names)))


def _towards_a_post(kind: str, act: dict[str, Any], names: Names) -> Found:
    object = act.get("object")
    uri = address(object) or (own_address(object) if isinstance(object, dict) and kind_of(object) in POSTS else "")
    if not uri:
        return Wrong("doesn't say what it is about")
    author = names.account(object.get("attributedTo")) if isinstance(object, dict) else ""
    emoji = text_of(act.get("content")) if kind == "EmojiReact" else text_of(act.get("_misskey_reaction"))
    event = event_of(
        _TOWARDS_POSTS[kind], names.account(act.get("actor")), uri, "post", act, receiver=author or author_of(uri), text=emoji[:100]
    )
    if kind in ("Join", "Leave") and not (isinstance(object, dict) and kind_of(object) == "Event"):
        event = msgspec.structs.replace(event, object=names.account(object), object_kind="account", receiver="")
    return Known((*names.tell(act.get("actor")), in_zone(event, names)))


def _follow(act: dict[str, Any], names: Names) -> Iterator[Found]:
    followed, follower = names.account(act.get("object")), names.account(act.get("actor"))
    if not followed:
        yield Wrong("doesn't say what it is about")
        return
    event = msgspec.structs.replace(event_of("follow", follower, "", "account", act), object=followed)
    yield Known((*names.tell(act.get("actor"), act.get("object")), in_zone(event, names)))


def _accept(act: dict[str, Any], names: Names) -> Iterator[Found]:
    """Taken is a request to follow, or an invitation; what counts is what comes of it."""
    for object in all_of(act.get("object")):
        kind = kind_of(object) if isinstance(object, dict) else ""
        if kind == "Follow":
            yield from _follow(object, names)
        elif kind == "Event":
            author = names.account(object.get("attributedTo"))
            event = event_of("join", names.account(act.get("actor")), own_address(object), "post", act, receiver=author)
            yield Known((*names.tell(act.get("actor")), in_zone(event, names)))
        elif kind or address(object):
            yield Left("answers to requests that aren't in the file")
        else:
            yield Wrong("doesn't say what it is about")


def _undo(act: dict[str, Any], names: Names) -> Iterator[Found]:
    """By the id of the act undone; where it has none, by what that was done to, and its kind as text."""
    object = act.get("object")
    kind = kind_of(object) if isinstance(object, dict) else ""
    undone = text_of(object.get("id", object.get("@id"))) if isinstance(object, dict) else address(object)
    actor = names.account(act.get("actor"))
    if kind in ("Block", "Flag"):
        yield Left("blocks and reports")
    elif undone:
        yield Known((in_zone(event_of("undo", actor, undone, "post", act), names),))
    elif isinstance(object, dict) and address(object.get("object")):
        event = event_of("undo", actor, address(object.get("object")), "post", act, text=kind.lower())
        if kind in ("Follow", "Join", "Leave"):
            event = msgspec.structs.replace(event, object=names.account(object.get("object")), object_kind="account")
        yield Known((in_zone(event, names),))
    else:
        yield Wrong("doesn't say what it is about")


def _delete(act: dict[str, Any], names: Names) -> Iterator[Found]:
    object, actor = act.get("object"), address(act.get("actor"))
    uri = address(object)
    if not uri:
        yield Wrong("doesn't say what it is about")
    elif uri == actor:
        yield Known((_of_itself(act, names.account(actor), names),))
    elif isinstance(object, dict) and kind_of(object) in ACTORS:
        yield Left("accounts that somebody else says were deleted")
    else:
        yield _gone(object if isinstance(object, dict) else {"id": uri}, names.account(actor))


def _of_itself(act: dict[str, Any], account: str, names: Names) -> Event:
    """An account was deleted by its owner."""
    event = msgspec.structs.replace(event_of("remove", account, "", "account", act), object=account)
    return cast(Event, in_zone(event, names))


def _gone(thing: dict[str, Any], author: str) -> Found:
    uri, kind = address(thing), bare(text_of(thing.get("formerType")) or "Note")
    if not uri:
        return Wrong("doesn't say what it is about")
    if kind in ACTORS:
        return Left("accounts that somebody else says were deleted")
    return Known(
        (Post(id=id_of(uri), kind="article" if kind in ("Article", "Page") else "note", author=author or author_of(uri), deleted=True),)
    )


_ACTS: dict[str, Callable[[dict[str, Any], Names], Iterator[Found]]] = {
    "Follow": _follow,
    "Accept": _accept,
    "Undo": _undo,
    "Delete": _delete,
}
