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
for an answer in words. How an account gets its id stands in `activitypub`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from kring.schema import Account, Asked, Event, Item, Note, Scope, Unread
from kring.sources import mastodon_lists
from kring.sources.activitypub import (
    ACTORS,
    Activity,
    Home,
    Owner,
    Thing,
    account_id,
    account_named,
    author_of,
    flags_of,
    record_of,
    server_of,
    text_of,
    uri_of,
)
from kring.sources.losses import Losses
from kring.sources.mending import Decoder, decoded
from kring.wire import Page, Piece, items, rows

TITLE = "Mastodon"
READS = "the account, its posts, replies and polls, what it shared and liked, whom it follows (CSV lists)"
LACKS = "what others wrote, shared and liked; times of likes and follows; who was blocked is left out on purpose"
PROVEN = ""

T = TypeVar("T")
_AGAIN = "Ask your server for the archive again (Preferences, Import and export) and import that: nothing is counted twice."
_MEDIA = "pictures and other media"
_COLLECTION = re.compile(rb'"id"\s*:\s*"(?:[^"]*/)?(outbox|likes|bookmarks)(?:\.json)?"')
_TOTAL = re.compile(rb'"totalItems"\s*:\s*(\d{1,12})\s*,')
"""What the server counted; it loses count by a little (deleted posts), not by half."""
_ARCHIVED = re.compile(rb'"id"\s*:\s*"outbox\.json"')
"""The archive's own outbox; one that a server shows the public is called by its address, and leaves out what isn't public."""
_PICTURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", re.DOTALL)


class _Actor(msgspec.Struct):
    id: str
    type: Any = None
    preferredUsername: str = ""
    name: Any = None
    url: Any = None
    webfinger: Any = None
    summary: Any = None
    indexable: Any = None
    discoverable: Any = None
    manuallyApprovesFollowers: Any = None


Owners = dict[str, dict[str, Owner]]
"""Whose archives lie in a folder or under it: for each folder the owners by id."""
_ACTORS = msgspec.json.Decoder(_Actor)
_ACTIVITIES = msgspec.json.Decoder(Activity)
_ADDRESSES = msgspec.json.Decoder(str | dict[str, Any])


def sniff(page: Page) -> float:
    """By the words inside where the head has them, else (and less sure) by name and first characters."""
    name, head = page.file.lower(), page.head
    if name.endswith(".csv"):
        return mastodon_lists.sniff(page)
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


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """First whose archives these are, then every page in turn."""
    losses = Losses()
    owners: Owners = {}
    kinds = {page.name: _kind(page) for page in pages}
    outboxes: dict[str, list[Page]] = {}
    for page in pages:
        if kinds[page.name] == "outbox":
            outboxes.setdefault(page.folder, []).append(page)
    for page in pages:
        if not page.head.strip():
            yield _empty(page, kinds[page.name])
        elif kinds[page.name] == "actor":
            yield from _read_actor(page, outboxes.get(page.folder, []), owners)
    for page in pages:
        if page.head.strip():
            yield from _read_page(page, kinds[page.name], _owner_of(page, owners, asked), losses)
    yield from losses.rest()


def _kind(page: Page) -> str:
    if kind := mastodon_lists.list_kind(page):
        return kind
    name = page.file.lower()
    if not name.endswith(".json") or "media_attachments/files/" in page.name:
        return _MEDIA
    if b'"preferredUsername"' in page.head and b'"OrderedCollection"' not in page.head:
        return "actor"
    if found := _COLLECTION.search(page.head):
        return found[1].decode()
    return next((kind for kind in ("outbox", "likes", "bookmarks", "actor") if name.startswith(kind)), "outbox")


def _above(folder: str) -> list[str]:
    """The folder and all those it lies in, up to ""."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]


def _owner_of(page: Page, owners: Owners, asked: Asked) -> Owner | None:
    """The archive in the page's own folder, else the only one under the nearest folder above; else what the user said (`--as`)."""
    under = next((owners[folder] for folder in _above(page.folder) if folder in owners), {})
    if len(under) == 1:
        return next(iter(under.values()))
    if "@" in asked.place.strip().lstrip("@") and (id := account_named(asked.place, "")):
        server = id.rpartition("@")[2]
        return Owner(id, "", Home(server, server))
    return None


def _read_actor(page: Page, outboxes: list[Page], owners: Owners) -> Iterator[Item | Unread | Note]:
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
    for folder in _above(page.folder):
        owners.setdefault(folder, {})[id] = Owner(id, actor.id, Home(server, names))
    if names != server:
        yield Note(where=page.name, text=f"People on this server are called @…@{names}, though its addresses begin with {server}.")
    handle = f"@{actor.preferredUsername}@{names}" if actor.preferredUsername else ""
    kind = ACTORS.get(actor.type, "unknown") if isinstance(actor.type, str) else "unknown"
    asks = flags_of(msgspec.structs.asdict(actor))
    account = Account(id=id, handle=handle, name=text_of(actor.name), kind=kind, url=uri_of(actor.url), owner=True, flags=asks)
    yield Item(page.name, raw, (account,))


def _threads_server(outbox: Page, actor: str) -> str:
    """Mastodon names a thread "tag:SERVER,DATE:…" after the server where it began, by the name in its people's handles."""
    for piece in items(outbox, "orderedItems"):
        if piece.number > 200:
            break
        activity, _ = decoded(_ACTIVITIES, piece.raw)
        thing = activity.object if isinstance(activity, Activity) else None
        if isinstance(thing, Thing) and thing.inReplyTo is None and uri_of(thing.attributedTo) == actor:
            found = re.match(r"tag:([^,/\s]+),\d{4}", text_of(thing.conversation))
            if found:
                return found[1]
    return ""


def _read_page(page: Page, kind: str, owner: Owner | None, losses: Losses) -> Iterator[Item | Unread | Note]:
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
            yield from mastodon_lists.read_follows(page, kind, owner, losses)
    elif kind != "actor":
        media = kind == _MEDIA
        before, folder, _ = page.name.partition("media_attachments")
        n, where = (1, before + folder if folder else page.name) if media else (_length(page), page.name)
        losses.count(Unread(where=where, why=f"Known and left out on purpose: {kind}.", kind="skipped", n=n))


def _length(page: Page) -> int:
    if page.file.lower().endswith(".csv"):
        return sum(1 for _, row in rows(page) if row)
    return sum(1 for _ in items(page, "orderedItems"))


def _read_outbox(page: Page, owner: Owner | None, losses: Losses) -> Iterator[Item | Unread | Note]:
    """Every activity; at the end, if nothing is missing, that the export holds all that this account did."""
    whole, first, last, n = True, None, None, 0
    for piece in items(page, "orderedItems"):
        n += 1
        activity = _read_piece(_ACTIVITIES, piece, page, losses)
        if not isinstance(activity, Activity):
            whole = False
            yield from losses.each(_unread(page, piece))
            continue
        if owner is None and (uri := uri_of(activity.actor)):
            owner = Owner(account_id(uri), uri, Home(server_of(uri), server_of(uri)))
            yield Item(page.name, uri.encode("utf-8", "replace"), (Account(id=owner.id, url=uri, owner=True),))
        where = f"{page.name}, item {piece.number}"
        record = record_of(activity, piece.raw, owner)
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
    elif (told := _TOTAL.search(page.head)) and n * 2 < int(told[1]):
        why = f"The file says that there are {int(told[1]):,} posts and shares, and holds {n:,}: it is not taken for everything."
        yield Unread(where=page.name, why=why, next=_AGAIN, n=int(told[1]) - n)
    elif whole and owner and n and _ARCHIVED.search(page.head):
        head = page.head.partition(b'"orderedItems"')[0][:4096]
        yield Item(page.name, head, (Scope(account=owner.id, since=first, until=last),))


def _read_likes(page: Page, owner: Owner, losses: Losses) -> Iterator[Item | Unread]:
    n = 0
    for piece in items(page, "orderedItems"):
        n += 1
        address = uri_of(_read_piece(_ADDRESSES, piece, page, losses))
        if not address:
            yield from losses.each(_unread(page, piece))
            continue
        like = Event(verb="like", actor=owner.id, object=f"mastodon:{address}", object_kind="post", receiver=author_of(address))
        yield Item(f"{page.name}, item {piece.number}", piece.raw, (like,))
    if not n and b'"orderedItems"' not in page.head:
        yield Unread(where=page.name, why="There is no list of liked posts in this file.", next=_AGAIN, raw=page.head[:4096])


def _read_piece(decoder: Decoder[T], piece: Piece, page: Page, losses: Losses) -> T | None:
    """What a piece means; that something in it was wrongly written is said once for the page. None if it is broken."""
    if not piece.whole:
        return None
    meant, mended = decoded(decoder, piece.raw)
    if mended:
        why = "Some characters were not written as the format asks (UTF-8): \ufffd stands where they were."
        losses.count(Unread(where=page.name, why=why, next=_AGAIN, kind="encoding", raw=piece.raw[:4096]))
    if b"\\u0000" in piece.raw:
        losses.count(Unread(where=page.name, why="There were NUL characters in the text; they were left out.", kind="encoding"))
    return meant


def _empty(page: Page, kind: str) -> Unread:
    """A list without a header is empty where nobody is on it, and that is no loss."""
    if page.file.lower().endswith(".csv"):
        return Unread(where=page.name, why=f"This list is empty: {kind}.", next="Nothing: there is nobody on it.", kind="skipped")
    return Unread(where=page.name, why="The file is empty.", next=_AGAIN)


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
