"""Reads comments as programs fetch them: answers of YouTube's Data API, yt-dlp's `.info.json`, lines of youtube-comment-downloader.

    commentThread, comment     https://developers.google.com/youtube/v3/docs/commentThreads, …/comments: alone, as the `items` of an answer, in lists
                               of answers, or one a line; `video`, `channel` and `subscription` beside them
    id, parent, author_id …    yt-dlp's description of a comment (yt_dlp/extractor/common.py); the video's own fields stand before the list
    cid, time_parsed, votes …  github.com/egbertbouman/youtube-comment-downloader; which video it is stands nowhere

An answer's list is walked, not decoded whole: one that breaks off keeps all before. What is said in a reply to whom: the Data API and yt-dlp put every
reply under the first comment; the "@name" it begins with tells more, where that name wrote in the same thread.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from kring.schema import Event, Item, Note, Post, Record, Unread, Visibility
from kring.sources.discord_words import When, when
from kring.sources.jsonpieces import dict_of, dicts_of, text_of
from kring.sources.jsonpieces import pieces as each_of
from kring.sources.jsonwalk import Fields, arrays, fields
from kring.sources.markup import plain
from kring.sources.moment import counted
from kring.sources.pieces import Pieces, clean
from kring.sources.youtube_words import People, Said, bare, by_name, channel_in, comment, id_of, video_post
from kring.wire import Page, Piece

_ANSWER = re.compile(rb'"youtube#\w{1,60}ListResponse"')
_ITEMS = re.compile(rb'[\s\xef\xbb\xbf]*\[?\s*\{[^\[{]{0,2000}?"items"\s*:\s*\[')
_HTML = re.compile(r"<br ?/?>|</a>|</?[bi]>|&(?:#\d{1,6}|[a-z]{2,6});")
_LINKED = re.compile(r'href="([^"]{0,300})"')
_ADDRESSED = re.compile(r"\s*(@[^\s,:]{1,60})")
_VOTES = re.compile(r"(\d{1,12}(?:\.\d)?)([KM]?)", re.ASCII)
_HELD = ("heldForReview", "likelySpam", "rejected")
"""Only the channel itself sees these."""
_AVAILABLE: dict[str, Visibility] = {
    "unlisted": "unlisted",
    "private": "direct",
    "needs_auth": "direct",
    "subscriber_only": "followers",
    "premium_only": "public",
    "public": "public",
}
_PRIVACY: dict[str, Visibility] = {"private": "direct", "unlisted": "unlisted"}


class _Thing(msgspec.Struct):
    """All that is read of a piece, whichever program wrote it."""

    kind: Any = None
    id: Any = None
    snippet: Any = None
    replies: Any = None
    status: Any = None
    statistics: Any = None
    parent: Any = None
    text: Any = None
    timestamp: Any = None
    author: Any = None
    author_id: Any = None
    author_url: Any = None
    like_count: Any = None
    cid: Any = None
    channel: Any = None
    votes: Any = None
    time_parsed: Any = None


_THINGS = msgspec.json.Decoder(_Thing)
_ANYTHING = msgspec.json.Encoder()


class _Around(NamedTuple):
    """What a comment's thread says of it."""

    on: str
    channel: str
    first: str
    """Who wrote the first comment."""
    names: dict[str, str]
    hidden: bool


class Comments:
    """One page of comments."""

    def __init__(self, page: Page, said: Said, people: People, pieces: Pieces, *, takeout: bool) -> None:
        self.page, self.said, self.people, self.pieces, self.takeout = page, said, people, pieces, takeout
        self.on, self.channel = said.video, ""
        self.visibility: Visibility = "public"
        self.first = ("", "")
        self.guessed = self.begun = False

    def read(self) -> Iterator[Item | Unread | Note]:
        for where, piece in self._pieces():
            if isinstance(piece, Item):
                yield piece
                continue
            thing = self.pieces.meant(_THINGS, piece.raw, self.page) if piece.whole else None
            if thing is None:
                yield from self.pieces.lost(where, piece)
            else:
                yield from self._thing(where, piece.raw, thing)
        if self.guessed:
            text = "The times of these comments are worked out from words like “2 years ago”, and no more exact than those: their zone is not known."
            yield Note(where=self.page.name, text=text)

    def _pieces(self) -> Iterator[tuple[str, Piece | Item]]:
        """Each resource by itself, wherever it stands; before yt-dlp's comments the video that they are on."""
        info = self.page.file.lower().endswith(".info.json")
        if not (info or _ANSWER.search(self.page.head) or _ITEMS.match(self.page.head)):
            yield from ((f"{self.page.name}, {where}", piece) for where, piece in each_of(self.page, ()))
            return
        number, listed = 0, info
        for found in arrays(self.page, ("items", "comments")):
            if info and not self.begun:
                yield from self._video(found.fields)
            if found.piece.number or not found.piece.whole:
                number += 1
                yield f"{self.page.name}, item {number}" if found.piece.number else self.page.name, found.piece
            listed = True
        if info and not self.begun:
            yield from self._video(fields(self.page))
        if not listed:
            yield self.page.name, Piece(0, self.page.head[:4096])

    def _thing(self, where: str, raw: bytes, thing: _Thing) -> Iterator[Item | Unread | Note]:
        snippet = dict_of(thing.snippet)
        kind = text_of(thing.kind).removeprefix("youtube#")
        if kind == "commentThread" or "topLevelComment" in snippet:
            yield from self._thread(where, raw, thing, snippet)
        elif kind == "comment" or "textDisplay" in snippet or "textOriginal" in snippet:
            around = _Around(self.on or id_of(snippet.get("videoId")), id_of(snippet.get("channelId")), "", {}, False)
            yield from self._comment(where, raw, thing.id, snippet, around)
        elif kind == "subscription":
            yield from self._subscription(where, raw, thing, snippet)
        elif kind == "video":
            yield from self._api_video(where, raw, thing, snippet)
        elif kind == "channel":
            records = self.people.account(id_of(thing.id), text_of(snippet.get("title")))
            if records:
                yield Item(where, raw, tuple(records))
        elif kind:
            self.pieces.left_out(self.page, f"what YouTube calls {clean(kind)[:40]}")
        elif id_of(thing.cid):
            yield from self._downloaded(where, raw, thing)
        elif id_of(thing.id) and isinstance(thing.text, str) and thing.parent is not None:
            yield from self._fetched(where, raw, thing)
        else:
            yield from self.pieces.unknown(where, "neither a comment nor anything else of YouTube's", raw)

    def _thread(self, where: str, raw: bytes, thing: _Thing, snippet: dict[str, Any]) -> Iterator[Item | Unread]:
        """The first comment and its replies, each by itself: they are of different people."""
        first = dict_of(snippet.get("topLevelComment"))
        replies = dicts_of(dict_of(thing.replies).get("comments"))
        opening = dict_of(first.get("snippet"))
        on = id_of(snippet.get("videoId")) or id_of(opening.get("videoId")) or self.on
        channel = id_of(snippet.get("channelId")) or id_of(opening.get("channelId"))
        author, name = _author(opening)
        names = {name: author} if replies else {}
        for reply in replies:
            author_of_reply, its_name = _author(dict_of(reply.get("snippet")))
            names.setdefault(its_name, author_of_reply)
        around = _Around(on, channel, author, names, snippet.get("isPublic") is False)
        own = raw if not replies else _ANYTHING.encode({"videoId": snippet.get("videoId"), **first})
        yield from self._comment(where, own, first.get("id") or thing.id, opening, around)
        for number, reply in enumerate(replies, 1):
            yield from self._comment(
                f"{where}, reply {number}", _ANYTHING.encode(reply), reply.get("id"), dict_of(reply.get("snippet")), around
            )

    def _comment(self, where: str, raw: bytes, id: object, said: dict[str, Any], around: _Around) -> Iterator[Item | Unread]:
        own, (author, name) = id_of(id), _author(said)
        if not own:
            yield from self.pieces.unknown(where, "a comment without its id", raw)
            return
        at, changed = when(said.get("publishedAt")), when(said.get("updatedAt"))
        if at.at is None:
            yield from self.pieces.implausible(where, said.get("publishedAt"), raw)
        text, linked = _text(said)
        parent = id_of(said.get("parentId"))
        is_reply = bool(parent) or "." in own
        addressed = _ADDRESSED.match(text) if is_reply else None
        person = around.names.get(addressed[1], "") if addressed else ""
        receiver = person or (around.first if is_reply else around.channel)
        hidden = around.hidden or said.get("moderationStatus") in _HELD
        post = comment(
            own,
            author,
            at,
            text,
            on=around.on,
            parent=parent,
            mentions=(receiver, *linked),
            visibility="direct" if hidden else self.visibility,
            score=_score(said.get("likeCount")),
            edited=changed if changed.at and at.at and changed.at > at.at else None,
        )
        yield Item(where, raw, (*self.people.account(author, name), post, *self._rating(said, post)))

    def _rating(self, said: dict[str, Any], post: Post) -> list[Record]:
        """What the one who asked thinks of it; the answer doesn't name them, the user may (`--as youtube:CHANNEL`)."""
        rating = said.get("viewerRating")
        if not self.said.channel or rating not in ("like", "dislike"):
            return []
        verb: Any = rating
        return [
            Event(
                verb=verb,
                actor=self.said.channel,
                object=post.id,
                object_kind="post",
                receiver=post.author,
                visibility="direct" if verb == "dislike" else post.visibility,
            )
        ]

    def _subscription(self, where: str, raw: bytes, thing: _Thing, snippet: dict[str, Any]) -> Iterator[Item | Unread]:
        actor = id_of(snippet.get("channelId")) or self.said.channel
        other = id_of(dict_of(snippet.get("resourceId")).get("channelId"))
        if not actor or not other:
            yield from self.pieces.unknown(where, "a subscription that doesn't say whose or to whom", raw)
            return
        at = when(snippet.get("publishedAt"))
        if at.at is None:
            yield from self.pieces.implausible(where, snippet.get("publishedAt"), raw)
        people = self.people.account(actor, "", owner=self.takeout) + self.people.account(other, text_of(snippet.get("title")))
        follow = Event(
            verb="follow",
            actor=actor,
            object=other,
            object_kind="account",
            at=at.at,
            offset_s=at.offset_s,
            zone=at.zone,
            id=id_of(thing.id),
        )
        yield Item(where, raw, (*people, follow))

    def _api_video(self, where: str, raw: bytes, thing: _Thing, snippet: dict[str, Any]) -> Iterator[Item | Unread]:
        id, author = id_of(thing.id), id_of(snippet.get("channelId"))
        if not id:
            yield from self.pieces.unknown(where, "a video without its id", raw)
            return
        at = when(snippet.get("publishedAt"))
        if at.at is None:
            yield from self.pieces.implausible(where, snippet.get("publishedAt"), raw)
        visibility = _PRIVACY.get(text_of(dict_of(thing.status).get("privacyStatus")), "public")
        post = video_post(id, author, at, text_of(snippet.get("title")), text_of(snippet.get("description")), visibility)
        post = msgspec.structs.replace(post, score=_score(dict_of(thing.statistics).get("likeCount")))
        yield Item(where, raw, (*self.people.account(author, text_of(snippet.get("channelTitle"))), post))

    def _video(self, said: Fields) -> Iterator[tuple[str, Item]]:
        """What yt-dlp says of the video, in the fields before its comments."""
        self.begun = True
        id, self.channel = id_of(said.get("id")), id_of(said.get("channel_id"))
        self.on = self.on or id
        self.visibility = _AVAILABLE.get(text_of(said.get("availability")), "public")
        if not id:
            return
        at = counted(said.get("timestamp"))
        time = When(at, 0, "UTC") if at is not None else _day(text_of(said.get("upload_date")))
        post = video_post(id, self.channel, time, text_of(said.get("title")), text_of(said.get("description")), self.visibility)
        kept = {
            key: said.get(key)
            for key in ("id", "title", "description", "channel_id", "channel", "timestamp", "upload_date", "availability")
        }
        name = text_of(said.get("channel")) or text_of(said.get("uploader"))
        yield self.page.name, Item(self.page.name, _ANYTHING.encode(kept), (*self.people.account(self.channel, name), post))

    def _fetched(self, where: str, raw: bytes, thing: _Thing) -> Iterator[Item | Unread]:
        parent = "" if thing.parent == "root" else id_of(thing.parent)
        author = id_of(thing.author_id) or channel_in(text_of(thing.author_url)) or by_name(text_of(thing.author))
        yield from self._guessed(where, raw, id_of(thing.id), author, thing, parent, thing.timestamp, _score(thing.like_count))

    def _downloaded(self, where: str, raw: bytes, thing: _Thing) -> Iterator[Item | Unread]:
        id = id_of(thing.cid)
        parent = f"youtube:{bare(id).partition('.')[0]}" if "." in id else ""
        author = id_of(thing.channel) or by_name(text_of(thing.author))
        yield from self._guessed(where, raw, id, author, thing, parent, thing.time_parsed, _votes(thing.votes))

    def _guessed(
        self, where: str, raw: bytes, id: str, author: str, thing: _Thing, parent: str, time: object, score: int | None
    ) -> Iterator[Item | Unread]:
        """A comment whose time a program worked out from "2 years ago": it has no zone, and so nobody's delay is told by it."""
        at = counted(time)
        if at is None:
            yield from self.pieces.implausible(where, time, raw)
        self.guessed = self.guessed or at is not None
        if not parent:
            self.first = (id, author)
        receiver = self.channel if not parent else self.first[1] if parent == self.first[0] else ""
        post = comment(
            id,
            author,
            When(at),
            clean(text_of(thing.text)),
            on=self.on,
            parent=parent,
            mentions=(receiver,),
            visibility=self.visibility,
            score=score,
        )
        yield Item(where, raw, (*self.people.account(author, text_of(thing.author)), post))


def _author(said: dict[str, Any]) -> tuple[str, str]:
    """Id and name. The id is an object with a `value`, in some programs' files a string; deleted channels have none."""
    given = said.get("authorChannelId")
    name = text_of(said.get("authorDisplayName"))
    id = id_of(dict_of(given).get("value")) or id_of(given) or channel_in(text_of(said.get("authorChannelUrl")))
    return id or by_name(name), name


def _text(said: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The words, and the channels that links in them lead to. `textOriginal` is given to the author alone; `textDisplay` is HTML, unless asked for as text."""
    shown = text_of(said.get("textDisplay"))
    linked = tuple(filter(None, map(channel_in, _LINKED.findall(shown)))) if "/channel/" in shown else ()
    if written := text_of(said.get("textOriginal")):
        return clean(written), linked
    return plain(shown) if "\n" not in shown and _HTML.search(shown) else clean(shown), linked


def _score(value: object) -> int | None:
    written = text_of(value)
    return int(written) if written.isdecimal() and written.isascii() and len(written) < 15 else None


def _votes(value: object) -> int | None:
    """ "12", "1.2K": as YouTube shows it."""
    found = _VOTES.fullmatch(text_of(value).strip())
    return round(float(found[1]) * {"": 1, "K": 1_000, "M": 1_000_000}[found[2]]) if found else None


def _day(written: str) -> When:
    """ "20240131": a day, and no time of day."""
    found = when(f"{written[:4]}-{written[4:6]}-{written[6:]}") if len(written) == 8 else When()
    return When(found.at)
