"""Bluesky's records made posts and events: what an account wrote, liked, shared, whom it follows, what it calls itself.

    app.bsky.feed.post       Post; a quoted post also gives a share of it; pictures with their descriptions, links with their addresses
    app.bsky.feed.like, repost    Event like, share; whose post it was stands in its address
    app.bsky.graph.follow    Event follow
    app.bsky.actor.profile   Account
    all others               left out on purpose: blocks and lists say how somebody sorts people, not who speaks with whom

Documented as lexicons: https://docs.bsky.app/docs/api and bluesky-social/atproto, folder lexicons/app/bsky. A post's facets count bytes of
UTF-8, not letters (https://docs.bsky.app/docs/advanced-guides/post-richtext).
"""

from collections.abc import Iterator
from typing import Any

from kring.schema import Account, Event, Flag, Media, Post, Record, Visibility
from kring.sources.bluesky_data import is_did, parts, reference
from kring.sources.markup import address_worth_saying
from kring.sources.moment import Moment, moment

POST, LIKE, REPOST = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost"
FOLLOW, PROFILE = "app.bsky.graph.follow", "app.bsky.actor.profile"
READ = frozenset({POST, LIKE, REPOST, FOLLOW, PROFILE})
SIGNED_IN_ONLY = "!no-unauthenticated"
"""An account's own label: apps should show its posts to people who are signed in only (com.atproto.label.defs)."""
_LEFT_OUT = {
    "app.bsky.graph.block": "blocks",
    "app.bsky.graph.listblock": "blocks",
    "app.bsky.graph.list": "lists of people",
    "app.bsky.graph.listitem": "lists of people",
    "app.bsky.graph.starterpack": "lists of people",
    "app.bsky.feed.threadgate": "who may answer or quote",
    "app.bsky.feed.postgate": "who may answer or quote",
    "app.bsky.feed.generator": "feeds",
}
_EMBED = "app.bsky.embed."
_INSIDE_A_LETTER = frozenset(bytes([byte]) for byte in range(0x80, 0xC0))


def left_out(collection: str) -> str:
    """What the records of a collection that isn't read are, in words; few, so that they can be counted."""
    return _LEFT_OUT.get(collection) or ("settings" if collection.startswith(("app.bsky.", "chat.bsky.")) else "records of other apps")


def account_of(did: str) -> str:
    return f"bluesky:{did}" if did else ""


def text_of(value: Any) -> str:
    """A string that is one, without NUL; else ""."""
    return value.replace("\0", "") if isinstance(value, str) else ""


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in what should be a list of them."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def inside(value: Any, *keys: str) -> Any:
    """What lies under these keys, one in the other; None where there is nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def records_of(collection: str, record: dict[str, Any], address: str, did: str, *, visibility: Visibility = "public") -> Iterator[Record]:
    """What a record gives. `address` is its own (at://…), or what stands for it; `did` whose it is, "" where nobody says."""
    when = moment(record.get("createdAt"))
    if collection == POST:
        post = post_of(record, address, did, when, visibility)
        yield post
        quoted = _quoted(record.get("embed"))
        if quoted and did:
            yield act("share", did, quoted, when, address, visibility)
    elif collection == PROFILE and did:
        url = f"https://bsky.app/profile/{did}"
        yield Account(id=account_of(did), name=text_of(record.get("displayName")), url=url, flags=flags_of(record) or ("open",))
    elif collection in (LIKE, REPOST):
        if object := reference(inside(record, "subject", "uri")):
            yield act("like" if collection == LIKE else "share", did, object, when, address)
    elif collection == FOLLOW and (followed := reference(record.get("subject"))):
        yield Event(
            verb="follow", actor=account_of(did), object=account_of(followed), object_kind="account", **timed(when), id=_id(address)
        )


def flags_of(profile: Any) -> tuple[Flag, ...]:
    """What an account asks of others: its own labels, in its profile record an object and in a view a list; "#nobot" in its description."""
    labels = inside(profile, "labels", "values") if isinstance(inside(profile, "labels"), dict) else inside(profile, "labels")
    asked: dict[Flag, bool] = {
        "signed-in-only": any(each.get("val") == SIGNED_IN_ONLY for each in objects(labels)),
        "no-bot": "#nobot" in text_of(inside(profile, "description")).lower(),
    }
    return tuple(flag for flag, asks in asked.items() if asks)


def act(verb: Any, did: str, object: str, when: Moment | None, address: str = "", visibility: Visibility = "public") -> Event:
    """Something done to a post; whose post it is stands in its address."""
    there = parts(object)
    return Event(
        verb=verb,
        actor=account_of(did),
        object=f"bluesky:{object}",
        object_kind="post",
        receiver=account_of(there[0]) if there and is_did(there[0]) else "",
        **timed(when),
        visibility=visibility,
        id=_id(address),
    )


def taken_back(collection: str, address: str, did: str, when: Moment | None) -> Post | Event | None:
    """A record was deleted: the post is gone, the act undone; None for a record that Kring doesn't read."""
    if collection == POST:
        return Post(id=_id(address), kind="note", author=account_of(did), deleted=True)
    if collection in (LIKE, REPOST, FOLLOW):
        return Event(verb="undo", actor=account_of(did), object=_id(address), object_kind="post", **timed(when))
    return None


def timed(when: Moment | None) -> dict[str, Any]:
    return {"at": when.at, "offset_s": when.offset_s, "zone": when.zone} if when else {}


def about_a_post(collection: str, record: dict[str, Any]) -> bool:
    """Feeds and moderation services can be liked too; that is no tie."""
    there = parts(inside(record, "subject", "uri")) if collection in (LIKE, REPOST) else None
    return there is None or there[1] == POST


def _id(address: str) -> str:
    return f"bluesky:{address}" if address else ""


def post_of(record: dict[str, Any], address: str, did: str, when: Moment | None, visibility: Visibility) -> Post:
    """The post that a record is; `at` is None where its time is not believable."""
    facets = [(each, feature) for each in objects(record.get("facets")) for feature in objects(each.get("features"))]
    languages, there, reply = record.get("langs"), parts(address), record.get("reply")
    parent, root = reference(inside(reply, "parent", "uri")), reference(inside(reply, "root", "uri"))
    tags = [feature.get("tag") for _, feature in facets if _is(feature, "tag")]
    more = record.get("tags")
    return Post(
        id=_id(address),
        kind="note",
        author=account_of(did),
        **timed(when),
        text=_text(record, facets),
        language=text_of(languages[0]) if isinstance(languages, list) and languages else "",
        reply_to=_id(parent),
        thread=_id(root or parent),
        visibility=visibility,
        mentions=_once(account_of(reference(feature.get("did"))) for _, feature in facets if _is(feature, "mention")),
        tags=_once(text_of(tag).lstrip("#") for tag in (*tags, *(more if isinstance(more, list) else []))),
        media=tuple(_media(record.get("embed"))),
        url=f"https://bsky.app/profile/{there[0]}/post/{there[2]}" if there else "",
    )


def _is(feature: dict[str, Any], kind: str) -> bool:
    return feature.get("$type") == f"app.bsky.richtext.facet#{kind}"


def _once(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _text(record: dict[str, Any], facets: list[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    """The words, with the address behind a link where its words don't say it (Bluesky shortens them)."""
    text = record.get("text")
    links = [(facet.get("index"), feature.get("uri")) for facet, feature in facets if _is(feature, "link")]
    if not links or not isinstance(text, str):
        return text_of(text)
    raw, done, written = text.encode("utf-8", "replace"), 0, []
    for start, end, address in sorted(_places(links, raw)):
        words = raw[start:end].decode().rstrip()
        if start >= done and address_worth_saying(address, words.strip()):
            end = start + len(words.encode())
            written += [raw[done:end].decode(), f" <{address}>"]
            done = end
    return text_of("".join(written) + raw[done:].decode())


def _places(links: list[tuple[Any, Any]], raw: bytes) -> Iterator[tuple[int, int, str]]:
    """Where the links begin and end, if that is in the text and not in the middle of a letter."""
    for index, address in links:
        start, end = inside(index, "byteStart"), inside(index, "byteEnd")
        within = isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(raw)
        if within and reference(address) and not any(raw[at : at + 1] in _INSIDE_A_LETTER for at in (start, end)):
            yield start, end, address


def _media(embed: Any) -> Iterator[Media]:
    if not isinstance(embed, dict):
        return
    kind = text_of(embed.get("$type")).removeprefix(_EMBED).partition("#")[0]
    if kind == "recordWithMedia":
        yield from _media(embed.get("media"))
    elif kind == "images":
        for image in objects(embed.get("images")):
            yield Media(kind="image", text=text_of(image.get("alt")))
    elif kind == "video":
        yield Media(kind="video", text=text_of(embed.get("alt")))
    elif kind == "external":
        yield Media(kind="document", name=text_of(inside(embed, "external", "uri")), text=text_of(inside(embed, "external", "title")))


def _quoted(embed: Any) -> str:
    """The address of the post that an embed quotes; "" if it shows something else (a feed, a list) or nothing."""
    kind = text_of(inside(embed, "$type")).partition("#")[0]
    record = inside(embed, "record", "record") if kind == f"{_EMBED}recordWithMedia" else inside(embed, "record")
    there = parts(inside(record, "uri")) if kind.startswith(f"{_EMBED}record") else None
    return f"at://{'/'.join(there)}" if there and there[1] == POST else ""
