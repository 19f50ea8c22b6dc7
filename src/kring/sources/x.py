"""Reads the archive that X (Twitter) gives its people, in its forms since 2012: what they wrote, shared, liked and said in messages.

    data/tweets.js, tweets-part1.js …           posts, and "RT @name: …" for what was shared; tweet.js until 2022
    data/deleted-tweets.js, community-tweet.js, twitter-circle-tweet.js, note-tweet.js      the same; the last has the words of long posts
    data/account.js, manifest.js                whose archive it is; protected-history.js: whether everybody could read it
    data/follower.js, following.js, like.js     by number, without a time
    data/direct-messages.js, direct-messages-group.js       conversations
    data/js/tweets/2012_10.js, tweets.csv       the archive of 2012-2018: posts alone
    a list of posts as the API (version 1.1) gives it, in JSON
    all other files                             advertisements, devices, sessions, contacts …: counted, and left out on purpose

Since 2018 each file is JavaScript, `window.YTD.tweets.part0 = [ … ]`, before 2018 `Grailbird.data.tweets_2012_10 = [ … ]`: nothing in front
of the list can be taken for it. X describes the fields in the README.txt inside the archive and, as they have the API's names, at
https://developer.x.com/en/docs/x-api/v1/data-dictionary/object-model/tweet; the rest follows archives as their readers see them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Account, Asked, Event, Item, Note, Place, Post, Record, Scope, Unread, Visibility
from kring.sources.jsonpieces import Element, dict_of, elements, text_of
from kring.sources.pieces import Pieces
from kring.sources.x_messages import CONVERSATIONS, Conversation, read_conversation
from kring.sources.x_posts import Notes, Setting, Tweet, account_id, is_superseded, records_of
from kring.wire import Page, items, rows

TITLE = "X (Twitter)"
READS = (
    "posts, replies, reposts, likes, direct messages and groups, followers and followed; archives since 2012, lists of posts from the API"
)
LACKS = "what others answered; names of followers and of those in messages; times of likes and follows; which post a repost repeats"
PROVEN = "the archive and list of posts of twitter-to-sqlite, tweets.js of knowledgemaxxing"

_AGAIN = "Ask X for the archive again (Settings, Your account, Download an archive of your data) and import that: nothing is counted twice."
_WHOSE = "Import it together with the account.js of the same archive, or say whose it is: --as x:@name."
_PART = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*window\.YTD\.(\w+)\.part(\d+)\s*=")
_MANIFEST = re.compile(rb"\s*window\.__THAR_CONFIG\s*=")
_MONTH = re.compile(rb"\s*Grailbird\.data\.tweets?_\w+\s*=")
_DETAILS = re.compile(rb"\s*var user_details\s*=")
_INDEX = re.compile(rb"\s*(?:var (?:tweet_index|payload_details)|Grailbird\.data\.\w+)\s*=")
_API = re.compile(rb'"created_at"\s*:\s*"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [+-]\d{4} \d{4}"')
_CSV = re.compile(rb'(?:\xef\xbb\xbf)?"?tweet_id"?,"?in_reply_to_status_id"?,')
_ROOT = re.compile(r"(?:^|/)data(?:/js(?:/tweets)?)?$")
_NAMED = re.compile(r"(?:tweets?|account|like|follower|following|direct-messages?(?:-group)?)(?:-part\d+)?\.js")
_KINDS = {
    **dict.fromkeys(("tweet", "tweets"), "tweets"),
    **dict.fromkeys(("deleted_tweet", "deleted_tweets"), "deleted"),
    **dict.fromkeys(("community_tweet", "community_tweets"), "community"),
    **dict.fromkeys(("twitter_circle_tweet", "twitter_circle_tweets"), "circle"),
    **dict.fromkeys(("note_tweet", "note_tweets"), "notes"),
    **dict.fromkeys(("like", "likes"), "likes"),
    **dict.fromkeys(("follower", "followers"), "follower"),
    "following": "following",
    "account": "account",
    "protected_history": "protected",
    **dict.fromkeys(("direct_message", "direct_messages", "direct_message_group", "direct_messages_group"), "messages"),
}
"""What the archives of several years call their lists; all others are left out."""
_POSTS = ("tweets", "deleted", "community", "circle", "months", "api")
_ORDER = ("account", "manifest", "details", "protected", "notes")
"""These decide how the others are read."""


class _Wrapped(Tweet):
    """A post, bare (2018, the API) or under its name (since 2019)."""

    tweet: Tweet | None = None


class _Listed(msgspec.Struct):
    """An element of any other list: one thing under its name."""

    account: Any = None
    noteTweet: Any = None
    like: Any = None
    follower: Any = None
    following: Any = None
    protectedHistory: Any = None


_WRAPPED = msgspec.json.Decoder(_Wrapped)
_LISTED = msgspec.json.Decoder(_Listed)


def sniff(page: Page) -> float:
    """By the first words of the file."""
    kind = _kind(page)
    if kind == "api":
        return 0.9
    if kind:
        return 1.0
    return 0.4 if not page.head.strip() and _NAMED.fullmatch(page.file.lower()) else 0.0


def _kind(page: Page) -> str:
    """What a file lists; "" for one that isn't X's."""
    head, name = page.head, page.file.lower()
    if part := _PART.match(head):
        listed = part[1].decode()
        return _KINDS.get(listed) or f"skipped {listed.replace('_', ' ')}"
    for pattern, kind in ((_MANIFEST, "manifest"), (_MONTH, "months"), (_DETAILS, "details"), (_INDEX, "skipped index")):
        if pattern.match(head):
            return kind
    if name.endswith(".csv"):
        return "csv" if _CSV.match(head) else ""
    if name.endswith(".json") and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"["):
        return "api" if b'"id_str"' in head and _API.search(head) else ""
    return ""


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Archive by archive; in each first whose it is, then every page in turn."""
    told = Pieces(_AGAIN)
    roots: dict[str, list[Page]] = {}
    for page in pages:
        if page.head.strip():
            roots.setdefault(_ROOT.sub("", page.folder), []).append(page)
        else:
            yield told.empty(page)
    for mine in roots.values():
        yield from _Archive(mine, asked, told).read()
    yield from told.rest()


class _Archive:
    """The files of one archive."""

    def __init__(self, pages: list[Page], asked: Asked, told: Pieces) -> None:
        kinds = [(page, _kind(page)) for page in pages]
        self.pages = sorted(kinds, key=lambda each: _ORDER.index(each[1]) if each[1] in _ORDER else len(_ORDER))
        self.months = any(kind == "months" for _, kind in kinds)
        self.told, self.notes = told, Notes()
        name = asked.place.strip().lstrip("@")
        self.owner, self.handle = account_id("", name if re.fullmatch(r"\w{1,20}", name) else ""), name
        self.said_by_archive = False
        self.visibility: Visibility = "public"
        self.given: set[str] = set()
        self.parts: list[int] = []
        self.n_parts: int | None = None
        self.whole, self.n = True, 0
        self.first: int | None = None
        self.last: int | None = None

    def read(self) -> Iterator[Item | Unread | Note]:
        for page, kind in self.pages:
            if kind in _POSTS:
                yield from self._posts(page, kind)
            elif kind == "csv":
                yield from self._table(page)
            elif kind == "messages":
                yield from self._messages(page)
            elif kind in ("manifest", "details"):
                yield from self._described(page, kind)
            elif kind.startswith("skipped"):
                self._skip(page, kind.removeprefix("skipped "))
            else:
                yield from self._list(page, kind)
        yield from self._afterwards()

    def _skip(self, page: Page, what: str) -> None:
        self.told.left_out(page, what, sum(1 for _ in items(page)))

    def _described(self, page: Page, kind: str) -> Iterator[Item | Unread]:
        """Whose archive it is, from the two files that are one object and no list."""
        with page.open() as stream:
            raw = stream.read(4 << 20)
        try:
            said = msgspec.json.decode(raw[raw.index(b"{") :].rstrip(b"; \r\n\t"), type=dict[str, Any])
        except (ValueError, RecursionError):
            yield Unread(where=page.name, why="This file should say whose archive it is, and can't be read.", next=_AGAIN, raw=raw[:4096])
            return
        if kind == "details":
            yield from self._owned(page.name, raw, said.get("id"), said.get("screen_name"), said.get("full_name"))
            return
        user, listed = dict_of(said.get("userInfo")), dict_of(dict_of(said.get("dataTypes")).get("tweets")).get("files")
        self.n_parts = len(listed) if isinstance(listed, list) else None
        if not self.said_by_archive:
            yield from self._owned(page.name, raw, user.get("accountId"), user.get("userName"), user.get("displayName"))

    def _owned(self, where: str, raw: bytes, number: object, name: object, shown: object) -> Iterator[Item]:
        if id := account_id(number, name):
            self.owner, self.handle, self.said_by_archive = id, text_of(name), True
            self.given.add(id)
            url = f"https://x.com/{self.handle}" if self.handle else ""
            account = Account(id=id, handle=f"@{self.handle}" if self.handle else "", name=text_of(shown), url=url, owner=True)
            yield Item(where, raw, (account,))

    def _list(self, page: Page, kind: str) -> Iterator[Item | Unread]:
        if kind in ("likes", "follower", "following") and not self.owner:
            yield Unread(where=page.name, why="This list doesn't say whose it is.", next=_WHOSE)
            return
        for each in elements(page, "", _LISTED, self.told):
            if isinstance(each, Unread):
                yield each
            elif kind == "account":
                said = dict_of(each.meant.account)
                yield from self._owned(each.where, each.raw, said.get("accountId"), said.get("username"), said.get("accountDisplayName"))
            elif kind == "protected":
                self.visibility = "followers" if dict_of(each.meant.protectedHistory).get("action") == "Protect" else "public"
            elif kind == "notes":
                if not self.notes.add(dict_of(each.meant.noteTweet)):
                    yield from self.told.odd(each.where, each.raw)
            elif event := self._event(kind, each.meant):
                yield Item(each.where, each.raw, (event,))
            else:
                yield from self.told.odd(each.where, each.raw)

    def _event(self, kind: str, listed: _Listed) -> Event | None:
        if kind == "likes":
            number = text_of(dict_of(listed.like).get("tweetId"))
            return Event(verb="like", actor=self.owner, object=f"x:{number}", object_kind="post") if number else None
        other = account_id(dict_of(listed.follower if kind == "follower" else listed.following).get("accountId"), "")
        actor, object = (other, self.owner) if kind == "follower" else (self.owner, other)
        return Event(verb="follow", actor=actor, object=object, object_kind="account") if other else None

    def _messages(self, page: Page) -> Iterator[Item | Unread]:
        for each in elements(page, "", CONVERSATIONS, self.told):
            if isinstance(each, Unread):
                yield each
            elif isinstance(each.meant, Conversation):
                yield from read_conversation(each.where, each.meant, self.owner, self.told)

    def _setting(self, kind: str) -> Setting:
        visibility: Visibility = "followers" if kind == "circle" else self.visibility
        return Setting("" if kind == "api" else self.owner, "" if kind == "api" else self.handle, visibility, kind == "deleted")

    def _posts(self, page: Page, kind: str) -> Iterator[Item | Unread | Note]:
        setting, n, whole = self._setting(kind), 0, True
        for each in elements(page, "", _WRAPPED, self.told):
            if isinstance(each, Unread):
                whole = False
                yield each
                continue
            tweet = each.meant.tweet or each.meant
            if is_superseded(tweet):
                why = "Earlier wordings of posts that were edited afterwards: the last wording was read."
                self.told.losses.count(Unread(where=page.name, why=why, kind="skipped"))
                continue
            n += 1
            yield from self._given(each, tweet, setting)
        if n and not setting.owner and kind != "api":
            yield Note(where=page.name, text=f"This file doesn't say who wrote these posts, so nobody is their author. {_WHOSE}")
        if kind == "tweets":
            part = _PART.match(page.head)
            self.parts.append(int(part[2][:9]) if part else 0)
            self.whole, self.n = self.whole and whole, self.n + n

    def _given(self, each: Element[Any], tweet: Tweet, setting: Setting) -> Iterator[Item | Unread]:
        records = [self.notes.whole(found) if isinstance(found, Post) else found for found in records_of(tweet, setting)]
        new = tuple(record for record in records if self._is_new(record))
        if not records:
            self.whole = False
            yield from self.told.odd(each.where, each.raw)
            return
        last = records[-1]
        at = last.at if isinstance(last, Post | Event) else None
        if at is None:
            yield from self.told.implausible(each.where, text_of(tweet.created_at), each.raw)
        else:
            self.first, self.last = min(self.first or at, at), max(self.last or at, at)
        if isinstance(last, Post) and last.place and last.place not in self.given:
            self.given.add(last.place)
            new = (Place(id=last.place, kind="group", url=f"https://x.com/i/communities/{last.place.rpartition('/')[2]}"), *new)
        yield Item(each.where, each.raw, new)

    def _is_new(self, record: Record) -> bool:
        """Accounts are given once."""
        if not isinstance(record, Account):
            return True
        known = record.id in self.given
        self.given.add(record.id)
        return not known

    def _table(self, page: Page) -> Iterator[Item | Unread | Note]:
        """tweets.csv, which holds the same posts as the months beside it, with less said of each."""
        if self.months:
            why = "Known and left out on purpose: the posts in this table were read from the files in data/js/tweets."
            self.told.losses.count(Unread(where=page.name, why=why, kind="skipped"))
            return
        names: list[str] = []
        for number, row in rows(page):
            if not names:
                names = [name.strip().lower() for name in row]
                continue
            if not row:
                continue
            where, raw = f"{page.name}, line {number}", ",".join(row).encode("utf-8", "replace")
            yield from self._given(Element(where, raw, None), _from_table(dict(zip(names, row))), self._setting("csv"))
        if not self.owner:
            yield Note(where=page.name, text=f"This table doesn't say who wrote these posts, so nobody is their author. {_WHOSE}")

    def _afterwards(self) -> Iterator[Item | Unread]:
        if self.notes.unfound:
            why = "Long words that belong to no post in this archive; the post may have been deleted or edited."
            yield Unread(where=self.pages[0][0].folder, why=why, next="Nothing.", kind="unknown", n=self.notes.unfound)
        all_there = sorted(self.parts) == list(range(len(self.parts))) and self.n_parts in (None, len(self.parts))
        if self.said_by_archive and self.n and self.whole and all_there:
            page = next(page for page, kind in self.pages if kind == "tweets")
            scope = Scope(account=self.owner, since=self.first, until=self.last)
            yield Item(page.name, page.head.partition(b"[")[0][:4096], (scope,))


def _from_table(row: dict[str, str]) -> Tweet:
    """A row of tweets.csv as a post; addresses stand in their own column, in the order of the words."""
    text, long = row.get("text", ""), [each for each in row.get("expanded_urls", "").split(",") if each]
    short = re.findall(r"https?://t\.co/\w+", text)
    urls = [{"url": a, "expanded_url": b} for a, b in zip(short, long)] if len(short) == len(long) else []
    shared = row.get("retweeted_status_id", "")
    original = {"id_str": shared, "user": {"id_str": row.get("retweeted_status_user_id", "")}} if shared else None
    return Tweet(
        id_str=row.get("tweet_id"),
        created_at=row.get("timestamp"),
        text=text,
        in_reply_to_status_id_str=row.get("in_reply_to_status_id"),
        in_reply_to_user_id_str=row.get("in_reply_to_user_id"),
        entities={"urls": urls},
        retweeted_status=msgspec.Raw(msgspec.json.encode(original)) if original else msgspec.Raw(),
    )
