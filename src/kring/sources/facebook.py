"""Reads what Facebook gives its people with "Download your information" in JSON: posts, comments, reactions, friends, groups, conversations.

    profile_information.json                            whose export it is
    posts/your_posts_1.json, your_posts__check_ins__photos_and_videos_1.json        what they posted
    comments/comments.json, comments_and_reactions/comments.json                    what they commented, on whose post
    likes_and_reactions/posts_and_comments.json, likes_and_reactions_1.json …       what they reacted to, and whose it was
    friends.json, your_friends.json; followers, following (three generations of names)
    groups/: posts, comments, membership
    messages/inbox/…/message_1.json, archived_threads, filtered_threads, e2ee_cutover; Messenger's own export
    all other files                                     advertisements, logins, searches, events, pages …: counted, and left out on purpose

Folders were renamed in 2021 (your_activity_across_facebook/…) and 2023 (your_facebook_activity/…), lists got "_v2" and "_v3" behind their name
and, from 2023 on, some became lists of labelled values in the owner's language; a file is known by its name and its first key, wherever it
lies. How Meta writes, and where that is documented, stands in `meta_files`.

Facebook gives no ids, so a person is known by name: two friends of the same name are one, until they are told apart. What was posted gets an id
from its time, author and words.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Account, Asked, Event, Item, Media, Membership, Note, Place, Post, Record, Unread, Visibility
from kring.sources import meta_files as meta
from kring.sources import meta_words as words
from kring.sources.jsonpieces import dict_of, dicts_of, text_of
from kring.sources.made_ids import Ids
from kring.sources.meta_messages import Thread, is_conversation
from kring.sources.pieces import Pieces
from kring.wire import Page

TITLE = "Facebook"
READS = "posts, comments, reactions, friends, followers, groups, Messenger conversations (JSON, all generations since 2018)"
LACKS = "ids; to which post a comment or reaction belongs; who could read a post; what others answered"
PROVEN = ""

_KEYS = {
    **dict.fromkeys(("profile", "profile_v2"), "profile"),
    **dict.fromkeys(("comments", "comments_v2"), "comments"),
    **dict.fromkeys(("reactions", "reactions_v2"), "reactions"),
    **dict.fromkeys(("friends", "friends_v2"), "friends"),
    **dict.fromkeys(("followers", "followers_v2", "followers_v3"), "followers"),
    **dict.fromkeys(("following", "following_v2", "following_v3"), "following"),
    **dict.fromkeys(("group_posts", "group_posts_v2"), "group posts"),
    **dict.fromkeys(("group_comments", "group_comments_v2"), "comments"),
    **dict.fromkeys(("groups_joined", "groups_joined_v2"), "join"),
    **dict.fromkeys(("groups_left", "groups_left_v2"), "leave"),
}
_FILES = (
    (re.compile(r"your_posts(?:_\d+|__check_ins__photos_and_videos_\d+)?\.json|posts_on_other_pages_and_profiles\.json"), "posts"),
    (re.compile(r"likes_and_reactions(?:_\d+)?\.json"), "reactions"),
    (re.compile(r"comments\.json|your_comments_in_groups\.json"), "comments"),
    (re.compile(r"group_posts_and_comments\.json|your_posts_(?:and_comments_)?in_groups\.json"), "group posts"),
    (re.compile(r"profile_information\.json"), "profile"),
    (re.compile(r"(?:your_)?friends\.json"), "friends"),
)
_SURE = re.compile(rb'"(?:timestamp|full_name|username|name|profile_uri)"\s*:')
_ENTRY = re.compile(
    rb'"timestamp"\s*:.*"(?:data|label_values|attachments)"\s*:|"(?:data|label_values|attachments)"\s*:.*"timestamp"\s*:', re.DOTALL
)
_REACTIONS = {"LIKE": "👍", "LOVE": "❤️", "HAHA": "😂", "WOW": "😮", "SAD": "😢", "SORRY": "😢", "ANGER": "😡", "ANGRY": "😡", "CARE": "🤗"}
_KINDS: dict[str, Any] = dict.fromkeys((".mp4", ".mov", ".webm"), "video") | dict.fromkeys((".mp3", ".m4a", ".wav"), "audio")


class _Thing(msgspec.Struct):
    """An entry of any list."""

    timestamp: Any = None
    title: Any = None
    name: Any = None
    data: Any = None
    attachments: Any = None
    tags: Any = None
    label_values: Any = None


class _Profile(msgspec.Struct):
    profile: Any = None
    profile_v2: Any = None


_THINGS = msgspec.json.Decoder(_Thing)
_PROFILES = msgspec.json.Decoder(_Profile)


def sniff(page: Page) -> float:
    """By the first key and the file's name; conversations look like Instagram's, and where the path doesn't say they are taken for Facebook's."""
    network = meta.network_of(page)
    if network == "instagram":
        return 0.0
    if meta.is_web_page(page, "facebook"):
        return 0.8
    if not page.file.lower().endswith(".json"):
        return 0.0
    if is_conversation(page):
        return 1.0 if network else 0.6
    kind = _kind(page)
    if kind and not page.head.strip():
        return 0.4
    if kind and (_SURE.search(page.head) or network):
        return 1.0 if network else 0.9
    return 0.5 if meta.is_known_folder(page, "facebook") else 0.0


def _kind(page: Page) -> str:
    """What a file lists: by its first key, else by its name; "" where it isn't read."""
    first = meta.first_key(page)
    named = next((kind for pattern, kind in _FILES if pattern.fullmatch(page.file.lower())), "")
    if first in _KEYS:
        known = (
            bool(named)
            or first.endswith(("_v2", "_v3"))
            or re.fullmatch(r"[\w']*(?:group|follow|friend|reaction|posts_and_comm)[\w']*\.json", page.file.lower())
        )
        return _KEYS[first] if known else ""
    single = first in ("timestamp", "data", "attachments", "title", "label_values", "media", "tags")
    return named if not first or ((first == "[" or single) and (_ENTRY.search(page.head) or meta.network_of(page))) else ""


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
    owners: dict[str, Account] = {}
    for page in seen:
        if not is_conversation(page) and _kind(page) == "profile":
            yield from _read_profile(page, owners, told)
    by_root = meta.owners_by_root(seen, lambda page: owners[page.name].id if page.name in owners else "")
    said = f"facebook:{asked.place.strip()}" if asked.place.strip() else ""
    given = {owner.id for owner in owners.values()}
    exports: dict[str, _Export] = {}
    threads: dict[str, list[Page]] = {}
    for page in seen:
        if is_conversation(page):
            threads.setdefault(page.folder if re.fullmatch(r"message_\d+\.json", page.file) else page.name, []).append(page)
        else:
            root = meta.root_of(page)
            export = exports.setdefault(root, _Export(by_root[root] or said, told, given))
            yield from export.read(page)
    for parts in threads.values():
        yield from Thread("facebook", parts, account_id, asked.place.strip() if len(threads) == 1 else "", given).read(told)
    yield from told.rest()


def account_id(name: str) -> str:
    """The account of a name; "" for what stands in place of one."""
    return "" if not name or words.is_nobody(name) else f"facebook:{name}"


def _read_profile(page: Page, owners: dict[str, Account], told: Pieces) -> Iterator[Item | Unread]:
    raw = meta.content(page)
    try:
        said = meta.Repairing(_PROFILES, page).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield Unread(where=page.name, why="This file should say whose export it is, and can't be read.", next=meta.AGAIN, raw=raw[:4096])
        return
    profile = dict_of(said.profile_v2 or said.profile)
    name = (text_of(dict_of(profile.get("name")).get("full_name")) or text_of(profile.get("name"))).strip()
    if not name:
        yield from told.odd(page.name, raw)
        return
    handle = text_of(profile.get("username"))
    url = text_of(profile.get("profile_uri")) or (f"https://www.facebook.com/{handle}" if handle else "")
    owners[page.name] = Account(id=account_id(name), handle=handle, name=name, kind="person", url=url, owner=True)
    yield Item(page.name, raw, (owners[page.name],))


class _Export:
    """How the lists of one person are read. `given` remembers which accounts and places were given already."""

    def __init__(self, owner: str, told: Pieces, given: set[str]) -> None:
        self.owner, self.told, self.given = owner, told, given
        self.ids = Ids("facebook:")
        self.reacted: dict[tuple[int, str], str] = {}

    def read(self, page: Page) -> Iterator[Item | Unread | Note]:
        kind = _kind(page)
        if kind == "profile":
            return
        if not kind:
            what = page.folder.rpartition("/")[2].replace("_", " ") or "other files"
            why = f"Known and left out on purpose: {what}."
            self.told.losses.count(Unread(where=page.folder or page.name, why=why, kind="skipped", n=meta.count(page)))
            return
        if kind in ("friends", "followers", "following", "join", "leave") and not self.owner:
            next = "Import it together with the profile information of the same export, or say whose it is: --as facebook:NAME."
            yield Unread(where=page.name, why="This list doesn't say whose it is.", next=next)
            return
        for each in meta.listed(page, first if (first := meta.first_key(page)) in _KEYS else "", _THINGS, self.told):
            if isinstance(each, Unread):
                yield each
                continue
            at = meta.at_seconds(each.meant.timestamp)
            if kind == "reactions" and self._told_before(page, each.meant, at):
                why = "Reactions that stand in two files of the export were read once."
                self.told.losses.count(Unread(where=page.name, why=why, kind="skipped"))
                continue
            records = self._records(kind, each.meant, at)
            if records is None:
                yield from self.told.odd(each.where, each.raw)
            elif not records:
                why = "Known and left out on purpose: posts of which the export gives neither words nor pictures."
                self.told.losses.count(Unread(where=page.name, why=why, kind="skipped"))
            else:
                if at is None and kind not in ("followers",):
                    yield from self.told.implausible(each.where, each.meant.timestamp, each.raw)
                yield Item(each.where, each.raw, tuple(records))
        if not self.owner and kind in ("posts", "group posts"):
            text = (
                "This file doesn't say who wrote these posts, so nobody is their author. Import it together with the profile information."
            )
            yield Note(where=page.name, text=text)

    def _records(self, kind: str, thing: _Thing, at: int | None) -> list[Record] | None:
        if kind in ("posts", "group posts"):
            return self._posted(thing, at, in_group=kind == "group posts")
        if kind == "comments":
            return self._commented(thing, at)
        if kind == "reactions":
            return self._reacted(thing, at)
        if kind in ("join", "leave"):
            return self._belongs(thing, at, leaves=kind == "leave")
        other = account_id(text_of(thing.name).strip())
        if not other:
            return None
        there = Event(verb="follow", actor=self.owner, object=other, object_kind="account", **meta.times(at))
        back = Event(verb="follow", actor=other, object=self.owner, object_kind="account", **meta.times(at))
        ties = {"friends": [there, back], "following": [there], "followers": [back]}[kind]
        return [*self._person(other), *ties]

    def _person(self, id: str) -> list[Record]:
        """An account, once."""
        if not id or id in self.given or id == self.owner:
            return []
        self.given.add(id)
        return [Account(id=id, name=id.removeprefix("facebook:"))]

    def _group(self, name: str) -> tuple[str, list[Record]]:
        """The place of a group; Facebook gives its name alone."""
        place = f"facebook:group/{name}" if name else ""
        if not place or place in self.given:
            return place, []
        self.given.add(place)
        return place, [Place(id=place, kind="group", name=name)]

    def _posted(self, thing: _Thing, at: int | None, *, in_group: bool) -> list[Record] | None:
        if thing.data is not None and not isinstance(thing.data, list):
            return None
        labels = meta.labelled(thing.label_values)
        said = [text for each in dicts_of(thing.data) if (text := text_of(each.get("post")))]
        comments = [dict_of(each.get("comment")) for each in dicts_of(thing.data) if isinstance(each.get("comment"), dict)]
        if comments and not said:
            return self._commented(thing, at)
        media, links = _attached(thing.attachments)
        text = "\n".join((*said, *(link for link in links if not any(link in each for each in said)))).strip()
        text = text or labels.get("Message", labels.get("Bericht", ""))
        if not text and not media:
            return []
        place, found = self._group(words.group(text_of(thing.title)) if in_group else "")
        mentions = _once(account_id(text_of(each.get("name")).strip()) for each in dicts_of(thing.tags))
        people = [record for each in mentions for record in self._person(each)]
        visibility: Visibility = "place" if in_group else "followers"
        post = Post(
            id=self.ids.next(at, "post", self.owner, text, "" if text else str(len(media))),
            kind="note",
            author=self.owner,
            **meta.times(at),
            text=text,
            place=place,
            visibility=visibility,
            mentions=mentions,
            media=media,
        )
        return [*found, *people, post]

    def _commented(self, thing: _Thing, at: int | None) -> list[Record] | None:
        comment = next((dict_of(each.get("comment")) for each in dicts_of(thing.data) if isinstance(each.get("comment"), dict)), None)
        media, links = _attached(thing.attachments)
        if comment is None and not media and not links:
            return None if not thing.title else []
        comment = comment or {}
        said = text_of(comment.get("comment"))
        text = "\n".join(each for each in (said, *(link for link in links if link not in said)) if each).strip()
        author = account_id(text_of(comment.get("author")).strip()) or self.owner
        place, found = self._group(text_of(comment.get("group")).strip())
        to = account_id(words.whom(text_of(thing.title)))
        post = Post(
            id=self.ids.next(at, "comment", author, text),
            kind="note",
            author=author,
            **meta.times(at),
            text=text,
            place=place,
            visibility="place" if place else "followers",
            mentions=(to,) if to and to != author else (),
            media=media,
        )
        return [*found, *self._person(author), *self._person(to), post]

    def _told_before(self, page: Page, thing: _Thing, at: int | None) -> bool:
        """Whether another file told of the same reaction at the same second: the newest exports list them twice."""
        key = (at or 0, _reaction_of(thing).upper())
        return self.reacted.setdefault(key, page.name) != page.name

    def _reacted(self, thing: _Thing, at: int | None) -> list[Record] | None:
        labels = meta.labelled(thing.label_values)
        reaction = next((dict_of(each.get("reaction")) for each in dicts_of(thing.data) if isinstance(each.get("reaction"), dict)), {})
        name = _reaction_of(thing)
        if not name:
            return None
        actor = account_id(text_of(reaction.get("actor")).strip()) or self.owner
        address = next((labels[key] for key in words.ADDRESS if key in labels), "")
        whose = words.whom(text_of(thing.title)) or next((labels[key] for key in words.NAME if key in labels), "")
        to = account_id(whose.strip())
        event = Event(
            verb="like",
            actor=actor,
            object=f"facebook:{address}" if address else self.ids.next(at, "reacted", actor, text_of(thing.title)),
            object_kind="post",
            receiver=to,
            **meta.times(at),
            visibility="followers",
            text=_REACTIONS.get(name.upper(), name),
        )
        return [*self._person(actor), *self._person(to), event]

    def _belongs(self, thing: _Thing, at: int | None, *, leaves: bool) -> list[Record] | None:
        names = [text_of(each.get("name")).strip() for each in dicts_of(thing.data)]
        name = next((each for each in names if each), "")
        place, found = self._group(name)
        if not place:
            return None
        event = Event(
            verb="leave" if leaves else "join",
            actor=self.owner,
            object=place,
            object_kind="place",
            **meta.times(at),
            place=place,
            visibility="place",
        )
        member = Membership(account=self.owner, place=place, since=None if leaves else at, until=at if leaves else None)
        return [*found, member, event]


def _reaction_of(thing: _Thing) -> str:
    labels = meta.labelled(thing.label_values)
    said = (text_of(dict_of(each.get("reaction")).get("reaction")) for each in dicts_of(thing.data))
    return next((each for each in said if each), "") or next((labels[key] for key in words.REACTION if key in labels), "")


def _attached(attachments: object) -> tuple[tuple[Media, ...], list[str]]:
    """Pictures with what was said of them, and addresses."""
    media, links = [], []
    for attachment in dicts_of(attachments):
        for each in dicts_of(attachment.get("data")):
            picture, outside = dict_of(each.get("media")), dict_of(each.get("external_context"))
            if name := text_of(picture.get("uri")).partition("?")[0].rpartition("/")[2]:
                kind = _KINDS.get(name[name.rfind(".") :].lower(), "image")
                media.append(Media(kind=kind, name=name, text=text_of(picture.get("description"))))
            if link := text_of(outside.get("url")):
                links.append(link)
    return tuple(dict.fromkeys(media)), list(dict.fromkeys(links))


def _once(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
