"""The fediverse's objects (ActivityStreams 2.0), made posts: who, when, to whom, in which words. For `mastodon` and `activitystreams`.

Documented at https://www.w3.org/TR/activitystreams-vocabulary/ and https://docs.joinmastodon.org/spec/activitypub/. Almost every property
may be a string, an object, a list of either, or null; so the structs below take anything and the functions look at what came.

One network, one word in front of its ids: "mastodon:", whichever software wrote an object and whichever reader reads it; so a post in
somebody's archive and the same post in a collection fetched from a server are one. One account gets one id, whichever file names it:
"mastodon:name@server", in small letters (names that differ only in capitals are one to Mastodon). Lists of people have nothing else;
mentions carry it; from an actor's address it is derived where that has a known form, and an address of another form stands for itself.
What an address can't tell: people of a server may be called @name@town.example while its addresses begin with social.town.example.
Mentions, lists and the archive's owner get the first form, an author known by address alone the second.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from kring.schema import AccountKind, Event, Flag, Media, Post, Visibility
from kring.sources.made_ids import host
from kring.sources.markup import plain
from kring.sources.mending import decoded
from kring.sources.moment import moment

POSTS = frozenset({"Note", "Article", "Question", "Page", "Event", "Image", "Video", "Audio"})
PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
"""Three ways to write one address (ActivityPub, section 5.6)."""
ACTORS: dict[str, AccountKind] = {
    "Person": "person",
    "Service": "bot",
    "Application": "bot",
    "Group": "group",
    "Organization": "organisation",
}

_NOT_HTML = ("text/plain", "text/markdown")
_ACTOR = re.compile(r"https?://([^/?#\s]+)/(?:users/|@|u/|c/|m/|profile/|author/|accounts/)([\w.-]+)/?", re.IGNORECASE)
_HANDLE = re.compile(r"@?([^\s@/:]+)(?:@([^\s@/]+))?")
_STATUS = re.compile(r"(https?://[^/]+/(?:ap/)?users/[^/?#]+)/statuses/")
_NO_BOT = re.compile(r"#(?:<[^>]*>)*no(?:ai)?bots?\b", re.IGNORECASE)
"""As people write it in their description, where Mastodon makes a link of it."""
_HOST = re.compile(r"https?://([^/?#\s]+)", re.IGNORECASE)
_MEDIA: dict[str, Literal["image", "video", "audio"]] = {"image": "image", "video": "video", "audio": "audio"}


class Thing(msgspec.Struct):
    """A note, article, poll …: what a post is made from."""

    id: Any = None
    type: Any = None
    attributedTo: Any = None
    name: Any = None
    summary: Any = None
    content: Any = None
    contentMap: Any = None
    mediaType: Any = None
    inReplyTo: Any = None
    conversation: Any = None
    context: Any = None
    published: Any = None
    updated: Any = None
    url: Any = None
    to: Any = None
    cc: Any = None
    tag: Any = None
    attachment: Any = None
    oneOf: Any = None
    anyOf: Any = None


class Activity(msgspec.Struct):
    """Somebody did something to a thing."""

    id: Any = None
    type: Any = None
    actor: Any = None
    published: Any = None
    to: Any = None
    cc: Any = None
    object: Thing | str | None = None


_THINGS = msgspec.json.Decoder(Thing)


def text_of(value: Any) -> str:
    """A string that is one, without NUL; else ""."""
    return value.replace("\0", "") if isinstance(value, str) else ""


def uri_of(value: Any) -> str:
    """The address of what may be a string, an object with an id or href, or a list that begins with one of these."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("id") or value.get("href") or ""
    return text_of(value)


def all_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def account_id(uri: str) -> str:
    """The account that an actor's address stands for."""
    if not uri:
        return ""
    found = _ACTOR.fullmatch(uri)
    return f"mastodon:{found[2]}@{host(found[1])}".lower() if found else f"mastodon:{uri}"


def flags_of(actor: Mapping[str, Any]) -> tuple[Flag, ...]:
    """What an actor asks of others. Nothing where its server tells none of it: not every software knows these words."""
    asked: dict[Flag, bool] = {
        "no-bot": bool(_NO_BOT.search(text_of(actor.get("summary")))),
        "no-index": actor.get("indexable") is False,
        "no-discovery": actor.get("discoverable") is False,
        "locked": actor.get("manuallyApprovesFollowers") is True,
    }
    flags = tuple(flag for flag, asks in asked.items() if asks)
    told = any(isinstance(actor.get(word), bool) for word in ("indexable", "discoverable", "manuallyApprovesFollowers"))
    return flags or (("open",) if told else ())


def author_of(post: str) -> str:
    """The account that wrote the post at this address, where the address tells (".../users/name/statuses/1"); else ""."""
    found = _STATUS.match(post)
    return account_id(found[1]) if found else ""


def account_named(handle: str, server: str) -> str:
    """The account of "@name@server", or of a bare "@name" on this server; "" if it is no such name."""
    found = _HANDLE.fullmatch(handle.strip())
    if not found or not (found[2] or server):
        return ""
    return f"mastodon:{found[1]}@{host(found[2] or server)}".lower()


def server_of(uri: str) -> str:
    found = _HOST.match(uri)
    return host(found[1]) if found else ""


def visibility_of(to: Any, cc: Any) -> Visibility:
    """Whom it was addressed to, as Mastodon reads it: public, public but not listed, followers, or only those named."""
    to, cc = all_of(to), all_of(cc)
    if any(each in PUBLIC for each in to if isinstance(each, str)):
        return "public"
    if any(each in PUBLIC for each in cc if isinstance(each, str)):
        return "unlisted"
    if any(isinstance(each, str) and each.endswith("/followers") for each in (*to, *cc)):
        return "followers"
    return "direct"


class Home(msgspec.Struct, frozen=True):
    """Where an archive comes from: the server in its addresses, and in its people's names (nearly always the same)."""

    server: str = ""
    names: str = ""


class Owner(NamedTuple):
    """Whose archive a folder is."""

    id: str
    uri: str
    home: Home


def record_of(activity: Activity, raw: bytes, owner: Owner | None) -> Post | Event | None:
    """A post for what was written, an event for what was shared; None for what is neither."""
    thing, home, kind = activity.object, owner.home if owner else Home(), _kind(activity.type)
    if kind in POSTS:
        thing, activity.actor = decoded(_THINGS, raw)[0], None
    if isinstance(thing, Thing) and _kind(thing.type) in POSTS and text_of(thing.id) and kind != "Announce":
        if kind not in ("Create", "Update") and kind not in POSTS:
            return None
        thing.published = thing.published or activity.published
        return post_of(thing, _actor(uri_of(thing.attributedTo) or uri_of(activity.actor), owner), home)
    target = text_of(thing.id) if isinstance(thing, Thing) else text_of(thing)
    actor = _actor(uri_of(activity.actor), owner)
    if kind != "Announce" or not target or not actor:
        return None
    when = moment(activity.published)
    return Event(
        verb="share",
        actor=actor,
        object=f"mastodon:{target}",
        object_kind="post",
        receiver=author_of(target),
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        visibility=visibility_of(activity.to, activity.cc),
        id=f"mastodon:{text_of(activity.id)}" if text_of(activity.id) else "",
    )


def _kind(type: object) -> str:
    """The type of a thing; of several (JSON-LD allows that) the first."""
    return next((each for each in all_of(type) if isinstance(each, str)), "")


def _actor(uri: str, owner: Owner | None) -> str:
    return owner.id if owner and uri == owner.uri else account_id(uri)


def post_of(thing: Thing, author: str, home: Home) -> Post:
    """The post that a thing is; `at` is None where its time is not believable."""
    tags = all_of(thing.tag)
    when, edited = moment(thing.published), moment(thing.updated)
    reply_to, thread, content = uri_of(thing.inReplyTo), text_of(thing.conversation) or uri_of(thing.context), _content(thing)
    return Post(
        id=f"mastodon:{text_of(thing.id)}",
        kind="article" if _kind(thing.type) in ("Article", "Page") else "note",
        author=author,
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        text=content.strip() if thing.mediaType in _NOT_HTML else plain(content),
        title=plain(text_of(thing.name) or text_of(thing.summary)),
        language=_language(thing, content),
        reply_to=f"mastodon:{reply_to}" if reply_to else "",
        thread=f"mastodon:{thread}" if thread else "",
        visibility=visibility_of(thing.to, thing.cc),
        mentions=_once(_mentioned(each, home) for each in tags if _is(each, "Mention")),
        tags=_once(text_of(each.get("name")).lstrip("#") for each in tags if _is(each, "Hashtag")),
        media=(*(_media(each) for each in all_of(thing.attachment) if isinstance(each, dict)), *_poll(thing)),
        url=uri_of(thing.url),
        edited_at=edited.at if edited else None,
        edited=thing.updated is not None,
    )


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, dict) and value.get("type") == kind


def _once(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _content(thing: Thing) -> str:
    if isinstance(thing.content, str) or not isinstance(thing.contentMap, dict):
        return text_of(thing.content)
    return next((text_of(each) for each in thing.contentMap.values()), "")


def _language(thing: Thing, content: str) -> str:
    """The language whose text is the one shown, else the only or first one named."""
    named = thing.contentMap if isinstance(thing.contentMap, dict) else {}
    return next((tag for tag, text in named.items() if text == content), next(iter(named), ""))


def _mentioned(tag: dict[str, Any], home: Home) -> str:
    """By name where it has one: people on the archive's own server are written without it ("@anna")."""
    href, name = uri_of(tag.get("href")), text_of(tag.get("name"))
    server = server_of(href)
    if href and not name.startswith("@"):
        return account_id(href)
    return account_named(name, home.names if server == home.server else server) or account_id(href)


def _media(attachment: dict[str, Any]) -> Media:
    url, kind = uri_of(attachment.get("url") or attachment.get("href")), text_of(attachment.get("mediaType")).partition("/")[0]
    kind = kind or text_of(attachment.get("type")).lower()
    return Media(
        kind=_MEDIA.get(kind, "document" if kind in ("application", "text") else "unknown"),
        name=url.partition("?")[0].rpartition("/")[2],
        text=text_of(attachment.get("name")) or text_of(attachment.get("summary")),
    )


def _poll(thing: Thing) -> tuple[Media, ...]:
    options = [plain(text_of(each.get("name"))) for each in (*all_of(thing.oneOf), *all_of(thing.anyOf)) if isinstance(each, dict)]
    return (Media(kind="poll", text=" | ".join(options)),) if options else ()
