"""Reads the archive and the lists that Mastodon gives its people: what they wrote, shared and liked, and whom they follow.

    actor.json                 the account whose archive it is
    outbox.json                its posts, replies and polls ("Create") and what it shared ("Announce")
    likes.json                 addresses of posts it liked, without a time
    following_accounts.csv     whom it follows: name@server, under a header; older versions give one bare column
    followers.csv              who follows it: not given by Mastodon, but by other tools in the same form
    bookmarks, blocks, mutes, lists, pictures    known, and left out on purpose: private, or not about who speaks with whom

The archive is what Mastodon's `BackupService` writes (app/services/backup_service.rb), the lists what its `Export` writes
(app/models/export.rb); users read of both at https://docs.joinmastodon.org/user/moving/#export. Since 4.2 the outbox has its list twice,
first empty (mastodon/mastodon issue 31091). A poll is a note with a poll beside it and no "question": it asks for votes, and nobody waits
for an answer in words. How an account gets its id stands in `activitystreams`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from kring.schema import Account, AccountKind, Asked, Event, Item, Note, Post, Scope, Unread
from kring.sources.activitystreams import (
    POSTS,
    Activity,
    Home,
    Thing,
    account_id,
    account_named,
    post_of,
    server_of,
    text_of,
    uri_of,
    visibility_of,
)
from kring.sources.losses import Losses
from kring.sources.moment import moment
from kring.wire import Page, Piece, items, rows, text_encoding

TITLE = "Mastodon"

_AGAIN = "Ask your server for the archive again (Preferences, Import and export) and import that: nothing is counted twice."
_MEDIA = "pictures and other media"
_COLLECTION = re.compile(rb'"id"\s*:\s*"(?:[^"]*/)?(outbox|likes|bookmarks)(?:\.json)?"')
_PICTURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", re.DOTALL)
_ACCOUNT_LINE = re.compile(rb"(?:\xef\xbb\xbf)?@?[\w.-]+@[\w.-]+\.\w+\s*(?:,|\r?\n|$)")
_KINDS: dict[str, AccountKind] = {
    "Person": "person",
    "Service": "bot",
    "Application": "bot",
    "Group": "group",
    "Organization": "organisation",
}
_LISTS = {
    "followers": "followers",
    "following": "following",
    "follows": "following",
    "blocked_accounts": "blocked accounts",
    "blocks": "blocked accounts",
    "muted_accounts": "muted accounts",
    "mutes": "muted accounts",
    "blocked_domains": "blocked servers",
    "domain_blocks": "blocked servers",
    "lists": "lists",
    "bookmarks": "bookmarks",
}
_LONE_SURROGATE = re.compile(r"(?i)\\u(?:d[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab]..\\u)d[c-f][0-9a-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f]")


class _Actor(msgspec.Struct):
    id: str
    type: Any = None
    preferredUsername: str = ""
    name: Any = None
    url: Any = None
    webfinger: Any = None


class _Owner(NamedTuple):
    """Whose archive a folder is."""

    id: str
    uri: str
    home: Home


_ACTORS = msgspec.json.Decoder(_Actor)
_ACTIVITIES = msgspec.json.Decoder(Activity)
_THINGS = msgspec.json.Decoder(Thing)
_ADDRESSES = msgspec.json.Decoder(str | dict[str, Any])


def sniff(page: Page) -> float:
    """By the words inside where the head has them, else (and less sure) by name and first characters."""
    name, head = page.file.lower(), page.head
    if name.endswith(".csv"):
        return _sniff_list(_list_kind(page), head)
    if "media_attachments/files/" in page.name:
        return 0.9
    if name.startswith(("avatar.", "header.")):
        return 0.2 if _PICTURE.match(head) else 0.0
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    ours = name in ("actor.json", "outbox.json", "likes.json", "bookmarks.json")
    if start not in (b"{", b"") or not name.endswith(".json"):
        return 0.0
    if b'"OrderedCollection"' in head or (b'"preferredUsername"' in head and b'"outbox"' in head):
        return 1.0 if ours else 0.9 if _COLLECTION.search(head) or b'"preferredUsername"' in head else 0.0
    return 0.4 if ours else 0.0


def _sniff_list(kind: str, head: bytes) -> float:
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"Account address"):
        return 1.0
    if not kind or not head.strip():
        return 0.4 if kind else 0.0
    if kind in ("lists", "bookmarks", "blocked servers"):
        return 0.3
    return 0.9 if _ACCOUNT_LINE.match(head) else 0.0


def _list_kind(page: Page) -> str:
    """What a CSV lists: from its name, else from the header that only lists of the followed or of the muted have."""
    name = page.file.lower()
    if not name.endswith(".csv"):
        return ""
    by_name = next((kind for start, kind in _LISTS.items() if re.match(rf"{start}(?![a-z])|{start}_accounts", name)), "")
    return by_name or ("following" if b"Show boosts" in page.head else "muted accounts" if b"Hide notifications" in page.head else "")


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """First whose archives these are, then every page in turn."""
    losses = Losses()
    owners: dict[str, _Owner] = {}
    kinds = {page.name: _kind(page) for page in pages}
    for page in pages:
        if not page.head.strip():
            yield Unread(where=page.name, why="The file is empty.", next=_AGAIN, n=1)
        elif kinds[page.name] == "actor":
            yield from _read_actor(page, [p for p in pages if kinds[p.name] == "outbox" and p.folder == page.folder], owners)
    for page in pages:
        if page.head.strip():
            yield from _read_page(page, kinds[page.name], _owner_of(page, owners, asked), losses)
    yield from losses.rest()


def _kind(page: Page) -> str:
    if kind := _list_kind(page):
        return kind
    name = page.file.lower()
    if not name.endswith(".json") or "media_attachments/files/" in page.name:
        return _MEDIA
    if b'"preferredUsername"' in page.head and b'"OrderedCollection"' not in page.head:
        return "actor"
    if found := _COLLECTION.search(page.head):
        return found[1].decode()
    return next((kind for kind in ("outbox", "likes", "bookmarks", "actor") if name.startswith(kind)), "outbox")


def _owner_of(page: Page, owners: dict[str, _Owner], asked: Asked) -> _Owner | None:
    """The archive in the page's own folder, else the only one under the nearest folder above; else what the user said (`--as`)."""
    folder = page.folder
    while owners:
        under = [owner for place, owner in owners.items() if place == folder or place.startswith(f"{folder}/" if folder else "")]
        if len({owner.id for owner in under}) == 1:
            return under[0]
        if under or not folder:
            break
        folder = folder.rpartition("/")[0]
    if "@" in asked.place.strip().lstrip("@") and (id := account_named(asked.place, "")):
        server = id.rpartition("@")[2]
        return _Owner(id, "", Home(server, server))
    return None


def _read_actor(page: Page, outboxes: list[Page], owners: dict[str, _Owner]) -> Iterator[Item | Unread | Note]:
    """The account whose archive this is. The name of its server is what the account says itself, else what its threads are called by."""
    with page.open() as stream:
        raw = stream.read(1 << 20)
    try:
        actor = _ACTORS.decode(raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        yield Unread(where=page.name, why="This file should say whose archive it is, and can't be read.", next=_AGAIN, raw=raw[:4096])
        return
    server = server_of(actor.id)
    said = text_of(actor.webfinger).removeprefix("acct:").rpartition("@")[2]
    names = (said or next((found for outbox in outboxes if (found := _threads_server(outbox, actor.id))), server)).lower()
    id = account_named(actor.preferredUsername, names) or account_id(actor.id)
    owners[page.folder] = _Owner(id, actor.id, Home(server, names))
    if names != server:
        yield Note(where=page.name, text=f"People on this server are called @…@{names}, though its addresses begin with {server}.")
    handle = f"@{actor.preferredUsername}@{names}" if actor.preferredUsername else ""
    kind = _KINDS.get(actor.type, "unknown") if isinstance(actor.type, str) else "unknown"
    account = Account(id=id, handle=handle, name=text_of(actor.name), kind=kind, url=uri_of(actor.url), owner=True)
    yield Item(page.name, raw, (account,))


def _threads_server(outbox: Page, actor: str) -> str:
    """Mastodon names a thread "tag:SERVER,DATE:…" after the server where it began, by the name in its people's handles."""
    for piece in items(outbox, "orderedItems"):
        if piece.number > 200:
            break
        activity = _decoded(_ACTIVITIES, piece, Losses())
        thing = activity.object if isinstance(activity, Activity) else None
        if isinstance(thing, Thing) and thing.inReplyTo is None and uri_of(thing.attributedTo) == actor:
            found = re.match(r"tag:([^,/\s]+),\d{4}", text_of(thing.conversation))
            if found:
                return found[1]
    return ""


def _read_page(page: Page, kind: str, owner: _Owner | None, losses: Losses) -> Iterator[Item | Unread | Note]:
    if kind == "outbox":
        yield from _read_outbox(page, owner, losses)
    elif kind in ("likes", "following", "followers"):
        if owner is None:
            why = "This list doesn't say whose it is."
            yield Unread(
                where=page.name,
                why=why,
                next="Import it together with the archive of its owner, or say whose it is: --as mastodon:@name@server.",
            )
        elif kind == "likes":
            yield from _read_likes(page, owner, losses)
        else:
            yield from _read_follows(page, kind, owner, losses)
    elif kind != "actor":
        media = kind == _MEDIA
        before, folder, _ = page.name.partition("media_attachments")
        n, where = (1, before + folder if folder else page.name) if media else (_length(page), page.name)
        losses.count(Unread(where=where, why=f"Known and left out on purpose: {kind}.", kind="skipped", n=n))


def _length(page: Page) -> int:
    if page.file.lower().endswith(".csv"):
        return sum(1 for _, row in rows(page) if row)
    return sum(1 for _ in items(page, "orderedItems"))


def _read_outbox(page: Page, owner: _Owner | None, losses: Losses) -> Iterator[Item | Unread | Note]:
    """Every activity; at the end, if nothing is missing, that the export holds all that this account did."""
    whole, first, last, n = True, None, None, 0
    for piece in items(page, "orderedItems"):
        n += 1
        activity = _decoded(_ACTIVITIES, piece, losses, page)
        if not isinstance(activity, Activity):
            whole = False
            yield from losses.each(_unread(page, piece))
            continue
        if owner is None and (uri := uri_of(activity.actor)):
            owner = _Owner(account_id(uri), uri, Home(server_of(uri), server_of(uri)))
            yield Item(page.name, uri.encode("utf-8", "replace"), (Account(id=owner.id, url=uri, owner=True),))
        where = f"{page.name}, item {piece.number}"
        record = _record(activity, piece, owner)
        if record is None:
            yield from losses.each(_unknown(where, activity, piece), alike="unknown")
            continue
        if record.at is None:
            yield from losses.each(_implausible(where, activity), alike="time")
        else:
            first, last = min(first or record.at, record.at), max(last or record.at, record.at)
        yield Item(where, piece.raw, (record,))
    if not n and b'"orderedItems"' not in page.head:
        yield Unread(where=page.name, why="There is no list of activities in this file.", next=_AGAIN, raw=page.head[:4096])
    elif whole and owner and n:
        head = page.head.partition(b'"orderedItems"')[0][:4096]
        yield Item(page.name, head, (Scope(account=owner.id, since=first, until=last),))


def _record(activity: Activity, piece: Piece, owner: _Owner | None) -> Post | Event | None:
    """A post for what was written, an event for what was shared; None for what is neither."""
    thing, home = activity.object, owner.home if owner else Home()
    if activity.type in POSTS:
        thing, activity.actor = _THINGS.decode(piece.raw), None
    if isinstance(thing, Thing) and thing.type in POSTS and text_of(thing.id) and activity.type != "Announce":
        if activity.type not in ("Create", "Update") and activity.type not in POSTS:
            return None
        thing.published = thing.published or activity.published
        return post_of(thing, _account(uri_of(thing.attributedTo) or uri_of(activity.actor), owner), home)
    target = text_of(thing.id) if isinstance(thing, Thing) else text_of(thing)
    actor = _account(uri_of(activity.actor), owner)
    if activity.type != "Announce" or not target or not actor:
        return None
    when = moment(activity.published)
    return Event(
        verb="share",
        actor=actor,
        object=f"mastodon:{target}",
        object_kind="post",
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        visibility=visibility_of(activity.to, activity.cc),
        id=f"mastodon:{text_of(activity.id)}" if text_of(activity.id) else "",
    )


def _account(uri: str, owner: _Owner | None) -> str:
    return owner.id if owner and uri == owner.uri else account_id(uri)


def _read_likes(page: Page, owner: _Owner, losses: Losses) -> Iterator[Item | Unread]:
    n = 0
    for piece in items(page, "orderedItems"):
        n += 1
        address = uri_of(_decoded(_ADDRESSES, piece, losses, page))
        if not address:
            yield from losses.each(_unread(page, piece))
            continue
        like = Event(verb="like", actor=owner.id, object=f"mastodon:{address}", object_kind="post")
        yield Item(f"{page.name}, item {piece.number}", piece.raw, (like,))
    if not n and b'"orderedItems"' not in page.head:
        yield Unread(where=page.name, why="There is no list of liked posts in this file.", next=_AGAIN, raw=page.head[:4096])


def _read_follows(page: Page, kind: str, owner: _Owner, losses: Losses) -> Iterator[Item | Unread]:
    for number, row in rows(page, encoding=text_encoding(page.head)):
        if not row or row[0].strip().lower() == "account address":
            continue
        where, raw = f"{page.name}, line {number}", ",".join(row).encode("utf-8", "replace")
        if other := account_named(row[0], owner.home.names):
            actor, object = (owner.id, other) if kind == "following" else (other, owner.id)
            yield Item(where, raw, (Event(verb="follow", actor=actor, object=object, object_kind="account"),))
        else:
            next = "Look at that line: an account is written as name@server."
            yield from losses.each(Unread(where=where, why="This line names no account.", next=next, raw=raw[:4096]))


def _decoded(decoder: Any, piece: Piece, losses: Losses, page: Page | None = None) -> Any:
    """What a piece means; what is only wrongly written (broken characters, NUL) is mended and said once for the page; None if broken."""
    if not piece.whole:
        return None
    try:
        decoded = decoder.decode(piece.raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            decoded = decoder.decode(_LONE_SURROGATE.sub(r"\\ufffd", _CONTROL.sub(" ", piece.raw.decode("utf-8", "replace"))))
        except (msgspec.DecodeError, RecursionError):
            return None
        if page:
            why = "Some characters were not written as the format asks (UTF-8): \ufffd stands where they were."
            losses.count(Unread(where=page.name, why=why, next=_AGAIN, kind="encoding", raw=piece.raw[:4096]))
    if page and b"\\u0000" in piece.raw:
        losses.count(Unread(where=page.name, why="There were NUL characters in the text; they were left out.", kind="encoding"))
    return decoded


def _unread(page: Page, piece: Piece) -> Unread:
    where = f"{page.name}, item {piece.number}"
    if piece.too_long:
        return Unread(
            where=where, why="This item is longer than 64 MiB.", next="The rest was read.", kind="too-large", raw=piece.raw[:4096]
        )
    if not piece.whole:
        return Unread(where=where, why="The file breaks off here; what stood before was kept.", next=_AGAIN, raw=piece.raw[:4096])
    return Unread(where=where, why="This item is broken and was left out; the rest was read.", next=_AGAIN, raw=piece.raw[:4096])


def _unknown(where: str, activity: Activity, piece: Piece) -> Unread:
    kind = text_of(activity.type)[:40] or "an activity without a type"
    why = f"Kring doesn't know what to make of this: {kind}."
    return Unread(where=where, why=why, next="If it matters, tell us what it is.", kind="unknown", raw=piece.raw[:4096])


def _implausible(where: str, activity: Activity) -> Unread:
    thing = activity.object
    written = thing.published if isinstance(thing, Thing) else activity.published
    why = f"Its time can't be right: {str(written)[:40] if written else 'none is given'}."
    return Unread(where=where, why=f"{why} It was kept without one.", next="Nothing, unless many are like this.", kind="implausible-time")
