"""Reads what Instagram gives its people with "Download your information" in JSON: posts, comments, likes, followers, conversations.

    personal_information.json                       whose export it is, and whether the account is private
    content/ or media/: posts_1.json, reels.json, stories.json, igtv_videos.json, archived_posts.json
    comments/post_comments_1.json, reels_comments.json
    likes/liked_posts.json, liked_comments.json; story_interactions/story_likes.json
    followers_and_following/ or connections/…: followers_1.json, following.json
    messages/inbox/…/message_1.json, message_requests
    all other files                                 advertisements, searches, blocked and close friends …: counted, and left out on purpose

Since 2023 these lie under your_instagram_activity/. A list is an object with one key or a bare list; a thing is given by `string_list_data`,
by `string_map_data` with labels in the owner's language, or (since 2024) by `label_values`: `meta_words` knows the labels. How Meta writes,
and where that is documented, stands in `meta_files`.

A person is known by the name of the account ("instagram:anna_bakt"), but in conversations only by the name that is shown, and there is no way
to tell that both are one ("instagram:name/Anna"); only for the owner the export says it. Posts get an id from time, author and words, what
is liked from its address.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Account, Asked, Event, Item, Media, Note, Post, Record, Unread, Visibility
from kring.sources import meta_files as meta
from kring.sources import meta_words as words
from kring.sources.jsonpieces import dict_of, dicts_of, text_of
from kring.sources.made_ids import Ids
from kring.sources.meta_messages import Thread, is_conversation
from kring.sources.pieces import Pieces
from kring.wire import Page

TITLE = "Instagram"
READS = "posts, reels, stories, comments, likes, followers and followed, conversations (JSON, all generations since 2020)"
LACKS = "ids of posts and people; which post a comment is on; account names in conversations; what others commented or liked"
PROVEN = "a conversation of chat-miner; the rest not yet"

_KEYS = {
    "profile_user": "profile",
    "ig_reels_media": "posts",
    "ig_igtv_media": "posts",
    "ig_archived_post_media": "posts",
    "ig_posts": "posts",
    "ig_stories": "stories",
    "comments_media_comments": "comments",
    "comments_reels_comments": "comments",
    "likes_media_likes": "likes",
    "likes_comment_likes": "comment likes",
    "story_activities_story_likes": "story likes",
    "relationships_followers": "followers",
    "relationships_following": "following",
}
_FILES = (
    (re.compile(r"posts(?:_\d+)?\.json|(?:reels|igtv_videos|archived_posts)(?:_\d+)?\.json"), "posts", rb'"creation_timestamp"\s*:'),
    (re.compile(r"stories(?:_\d+)?\.json"), "stories", rb'"creation_timestamp"\s*:'),
    (re.compile(r"(?:post|reels)_comments(?:_\d+)?\.json"), "comments", rb'"string_map_data"\s*:'),
    (re.compile(r"liked_posts(?:_\d+)?\.json"), "likes", rb'"(?:string_list_data|label_values)"\s*:'),
    (re.compile(r"liked_comments(?:_\d+)?\.json"), "comment likes", rb'"(?:string_list_data|label_values)"\s*:'),
    (re.compile(r"story_likes(?:_\d+)?\.json"), "story likes", rb'"(?:string_list_data|label_values)"\s*:'),
    (re.compile(r"followers(?:_\d+)?\.json"), "followers", rb'"string_list_data"\s*:'),
    (re.compile(r"following(?:_\d+)?\.json"), "following", rb'"string_list_data"\s*:'),
    (re.compile(r"personal_information\.json"), "profile", rb'"string_map_data"\s*:'),
)
_ADDRESS = re.compile(r"https?://(?:www\.)?instagram\.com/(?:_u/)?([\w.]{1,40})/?(?:\?.*)?")
_POST = re.compile(r"https?://(?:www\.)?instagram\.com/(?:[\w.]{1,40}/)?(?:p|reel|tv)/([\w-]+)")
_HANDLE = re.compile(r"@([A-Za-z0-9_](?:[\w.]{0,28}\w)?)", re.ASCII)
_TAG = re.compile(r"#(\w+)")
_MOVING = (".mp4", ".mov", ".webm")


class _Thing(msgspec.Struct):
    """An entry of any list, or a picture of a post."""

    title: Any = None
    timestamp: Any = None
    creation_timestamp: Any = None
    media: Any = None
    uri: Any = None
    string_list_data: Any = None
    string_map_data: Any = None
    label_values: Any = None


_THINGS = msgspec.json.Decoder(_Thing)


def sniff(page: Page) -> float:
    """By the first key, else by the file's name and the words in it; conversations look like Facebook's, so the path decides."""
    network = meta.network_of(page)
    if network == "facebook":
        return 0.0
    if meta.is_web_page(page, "instagram"):
        return 0.8
    if not page.file.lower().endswith(".json"):
        return 0.0
    if is_conversation(page):
        return 1.0 if network else 0.5
    if meta.first_key(page) in _KEYS:
        return 1.0
    kind = _kind(page)
    if kind:
        return 0.9 if page.head.strip() else 0.4
    return 0.5 if meta.is_known_folder(page, "instagram") or meta.first_key(page).startswith("relationships_") else 0.0


def _kind(page: Page) -> str:
    """What a file lists; "" where it isn't read."""
    first = meta.first_key(page)
    if first in _KEYS:
        return _KEYS[first]
    if first.startswith(("relationships_", "ig_", "saved_", "story_activities_", "impressions_")):
        return ""
    for pattern, kind, telling in _FILES:
        if pattern.fullmatch(page.file.lower()) and (not page.head.strip() or re.search(telling, page.head)):
            return kind
    return ""


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """First whose exports these are, then every page in turn, then the conversations."""
    told = Pieces(meta.AGAIN)
    filled = [page for page in pages if page.head.strip()]
    for page in pages:
        if not page.head.strip():
            yield told.empty(page)
    seen = [page for page in filled if not page.file.lower().endswith((".html", ".htm"))]
    if len(seen) < len(filled):
        yield meta.web_page(next(page for page in filled if page not in seen), len(filled) - len(seen))
    owners: dict[str, _Owner] = {}
    for page in seen:
        if not is_conversation(page) and _kind(page) == "profile":
            yield from _read_profile(page, owners, told)
    by_root = meta.owners_by_root(seen, lambda page: owners[page.name].id if page.name in owners else "")
    by_id = {owner.id: owner for owner in owners.values()}
    said = re.fullmatch(r"@?([\w.]{1,40})", asked.place.strip())
    default = _Owner(f"instagram:{said[1].lower()}" if said else "", "", "followers")
    given = set(by_id)
    threads: dict[str, list[Page]] = {}
    for page in seen:
        if is_conversation(page):
            threads.setdefault(page.folder if re.fullmatch(r"message_\d+\.json", page.file) else page.name, []).append(page)
        else:
            yield from _Export(by_id.get(by_root[meta.root_of(page)], default), told).read(page)
    for parts in threads.values():
        owner = by_id.get(by_root[meta.root_of(parts[0])], default)
        yield from Thread("instagram", parts, owner.shown, asked.place.strip() if len(threads) == 1 else "", given).read(told)
    yield from told.rest()


class _Owner(msgspec.Struct, frozen=True):
    """Whose export it is: the account, the name it shows in conversations, and who may see its posts."""

    id: str
    name: str
    visibility: Visibility

    def shown(self, name: str) -> str:
        """The account of a name as conversations show it; "" for what stands in place of one."""
        if name and self.name and name == self.name:
            return self.id
        return "" if not name or words.is_nobody(name) else f"instagram:name/{name}"


def account_id(name: str) -> str:
    """The account of an account's name, which Instagram writes in small letters."""
    name = name.strip().lstrip("@").lower()
    return f"instagram:{name}" if name and not words.is_nobody(name) else ""


def _read_profile(page: Page, owners: dict[str, _Owner], told: Pieces) -> Iterator[Item | Unread]:
    for each in meta.listed(page, "profile_user", _THINGS, told):
        if isinstance(each, Unread):
            yield each
            continue
        labels = _map(each.meant)
        handle, name, private = _of(labels, words.USERNAME), _of(labels, words.NAME), _of(labels, words.PRIVATE)
        if id := account_id(handle):
            owners[page.name] = _Owner(id, name, "followers" if not private or private in words.YES else "public")
            account = Account(id=id, handle=handle, name=name, url=f"https://www.instagram.com/{handle}/", owner=True)
            yield Item(each.where, each.raw, (account,))
        else:
            yield from told.odd(each.where, each.raw)


class _Export:
    """How the lists of one person are read."""

    def __init__(self, owner: _Owner, told: Pieces) -> None:
        self.owner, self.told = owner, told
        self.ids = Ids("instagram:")

    def read(self, page: Page) -> Iterator[Item | Unread | Note]:
        kind = _kind(page)
        if kind == "profile":
            return
        if not kind:
            what = page.file.removesuffix(".json").replace("_", " ")
            why = f"Known and left out on purpose: {what}."
            self.told.losses.count(Unread(where=page.name, why=why, kind="skipped", n=meta.count(page)))
            return
        if kind not in ("posts", "stories", "comments") and not self.owner.id:
            next = "Import it together with the personal information of the same export, or say whose it is: --as instagram:@name."
            yield Unread(where=page.name, why="This list doesn't say whose it is.", next=next)
            return
        for each in meta.listed(page, first if (first := meta.first_key(page)) in _KEYS else "", _THINGS, self.told):
            if isinstance(each, Unread):
                yield each
                continue
            at, said = _time(each.meant)
            records = self._records(kind, each.meant, at)
            if records is None:
                yield from self.told.odd(each.where, each.raw)
                continue
            if at is None:
                yield from self.told.implausible(each.where, said, each.raw)
            yield Item(each.where, each.raw, tuple(records))
        if not self.owner.id:
            text = "This file doesn't say who wrote this, so nobody is the author. Import it together with the personal information."
            yield Note(where=page.name, text=text)

    def _records(self, kind: str, thing: _Thing, at: int | None) -> list[Record] | None:
        if kind in ("posts", "stories"):
            return self._posted(thing, at, story=kind == "stories")
        if kind == "comments":
            return self._commented(thing, at)
        if kind in ("followers", "following"):
            return self._follows(thing, at, back=kind == "followers")
        return self._liked(thing, at, kind)

    def _posted(self, thing: _Thing, at: int | None, *, story: bool) -> list[Record] | None:
        pictures = dicts_of(thing.media) or ([{"uri": thing.uri, "title": ""}] if text_of(thing.uri) else [])
        titles = [text_of(each.get("title")) for each in pictures]
        text = (text_of(thing.title) or _of(meta.labelled(thing.label_values), words.CAPTION) or (titles[0] if titles else "")).strip()
        if not pictures and not text:
            return None
        visibility: Visibility = "followers" if story else self.owner.visibility
        post = Post(
            id=self.ids.next(at, "story" if story else "post", self.owner.id, text, "" if text else str(len(pictures))),
            kind="note",
            author=self.owner.id,
            **meta.times(at),
            text=text,
            visibility=visibility,
            mentions=_mentions(text, self.owner.id),
            tags=tuple(dict.fromkeys(_TAG.findall(text))),
            media=tuple(_media(each, text) for each in pictures),
        )
        return [post]

    def _commented(self, thing: _Thing, at: int | None) -> list[Record] | None:
        labels = _map(thing) or meta.labelled(thing.label_values)
        text, whose = _of(labels, words.COMMENT), _of(labels, words.MEDIA_OWNER) or text_of(thing.title)
        if not text and not whose:
            return None
        to = account_id(whose)
        post = Post(
            id=self.ids.next(at, "comment", self.owner.id, text),
            kind="note",
            author=self.owner.id,
            **meta.times(at),
            text=text,
            visibility="followers",
            mentions=tuple(dict.fromkeys(each for each in (to, *_mentions(text, self.owner.id)) if each and each != self.owner.id)),
        )
        return [post]

    def _liked(self, thing: _Thing, at: int | None, kind: str) -> list[Record] | None:
        listed, labels = dicts_of(thing.string_list_data), meta.labelled(thing.label_values)
        address = text_of(listed[0].get("href")) if listed else _of(labels, words.ADDRESS)
        to = account_id(text_of(thing.title) or _of(labels, words.USERNAME))
        found = _POST.match(address)
        if not found and not to:
            return None
        exact = f"instagram:{found[1]}" if found and kind == "likes" else ""
        value = text_of(listed[0].get("value")) if listed else ""
        event = Event(
            verb="like",
            actor=self.owner.id,
            object=exact or self.ids.next(at, kind, self.owner.id, to, address),
            object_kind="post",
            receiver=to,
            **meta.times(at),
            visibility="followers",
            text=value if value and not value.startswith("http") else "",
        )
        return [event]

    def _follows(self, thing: _Thing, at: int | None, *, back: bool) -> list[Record] | None:
        listed = dicts_of(thing.string_list_data)
        first = listed[0] if listed else {}
        found = _ADDRESS.fullmatch(text_of(first.get("href")))
        other = account_id(text_of(first.get("value")) or text_of(thing.title) or (found[1] if found else ""))
        if not other:
            return None
        actor, object = (other, self.owner.id) if back else (self.owner.id, other)
        return [Event(verb="follow", actor=actor, object=object, object_kind="account", **meta.times(at))]


def _map(thing: _Thing) -> dict[str, str]:
    return {label: text_of(dict_of(value).get("value")) for label, value in dict_of(thing.string_map_data).items()}


def _of(labels: dict[str, str], names: frozenset[str]) -> str:
    """The value under one of the names that a label has in the languages known."""
    return next((value.strip() for label, value in labels.items() if label in names and value.strip()), "")


def _time(thing: _Thing) -> tuple[int | None, object]:
    """When it was, and what stood there: at the thing, at its first picture, in its list, or under the only label that has a time."""
    listed = dicts_of(thing.string_list_data)
    mapped = [each.get("timestamp") for each in dict_of(thing.string_map_data).values() if isinstance(each, dict)]
    pictures = dicts_of(thing.media)
    candidates = (
        thing.creation_timestamp,
        thing.timestamp,
        listed[0].get("timestamp") if listed else None,
        next((each for each in mapped if isinstance(each, int) and each), None),
        pictures[0].get("creation_timestamp") if pictures else None,
    )
    said = next((each for each in candidates if each is not None), None)
    return meta.at_seconds(said), said


def _mentions(text: str, owner: str) -> tuple[str, ...]:
    found = (f"instagram:{each.lower()}" for each in _HANDLE.findall(text)) if "@" in text else ()
    return tuple(dict.fromkeys(each for each in found if each != owner))


def _media(picture: dict[str, object], text: str) -> Media:
    name = text_of(picture.get("uri")).partition("?")[0].rpartition("/")[2]
    said = text_of(picture.get("title")).strip()
    return Media(kind="video" if name.lower().endswith(_MOVING) else "image", name=name, text=said if said != text else "")
