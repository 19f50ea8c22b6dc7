"""Reads YouTube: comments on videos, what was said in live chats, and a person's own part from Google's Takeout.

    commentThreads, comments …      answers of YouTube's Data API v3, alone, in lists, or one a line            `youtube_comments`
    … [VIDEO].info.json             a video and its comments, as yt-dlp keeps them (--write-comments)           `youtube_comments`
    cid, time_parsed, votes …       lines of youtube-comment-downloader                                         `youtube_comments`
    … [VIDEO].live_chat.json        the replay of a live chat, as yt-dlp keeps it (--sub-langs live_chat)       `youtube_live`
    YouTube and YouTube Music/…     Takeout: comments, live chats, subscriptions, videos, in any language       `youtube_takeout`

The Data API is documented at https://developers.google.com/youtube/v3/docs; where each other form is known from stands in these files. Comments, videos and
channels have YouTube's own ids everywhere, so all of these meet; only lines of live chats have one id in Takeout and another in a replay.
"""

import re
from collections.abc import Iterator, Sequence

from kring.schema import Asked, Item, Note, Unread
from kring.sources.pieces import Pieces
from kring.sources.youtube_comments import Comments
from kring.sources.youtube_live import FILE, LiveChat
from kring.sources.youtube_tables import table_of
from kring.sources.youtube_takeout import Takeout, is_list
from kring.sources.youtube_words import People, said_of
from kring.wire import Page

TITLE = "YouTube"
READS = "comments, replies, likes of them as a number, live chats, videos; Takeout: own comments, live chats, subscriptions, videos"
LACKS = "who liked what; to whom of several a reply is; exact times in files of yt-dlp and the downloader; others' words in Takeout"
PROVEN = ""

_AGAIN = "Fetch it again; if it is Google's Takeout, ask for it again (takeout.google.com, YouTube and YouTube Music)."
_KIND = re.compile(rb'"kind"\s*:\s*"youtube#')
_FOLDER = re.compile(r"^(.*?(?:^|/)YouTube(?:[^/]*YouTube[^/]*)?)/", re.DOTALL)
_PART = re.compile(r"-\d{3}(?=(?:\.zip|\.tgz|\.tar\.gz)?/)")
_WATCHED = re.compile(
    rb'"titleUrl"\s*:\s*"https://(?:www|music)\.youtube\.com/|class="outer-cell mdl-cell.{0,3000}?youtube\.com/', re.DOTALL
)
_DOWNLOADED = (b'"cid"', b'"votes"', b'"author"', b'"text"')
_FETCHED = (b'"parent"', b'"author_id"', b'"like_count"', b'"author_is_uploader"')
_OF_YOUTUBE = (b"youtube.com/watch?v=", b"i.ytimg.com/", b".googlevideo.com/")


def sniff(page: Page) -> float:
    """By what the Data API and the programs call things; tables by their columns; what else lies in Takeout's folder of YouTube is known to be its own."""
    name, head = page.file.lower(), page.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    inside = _FOLDER.match(page.name) is not None and name.endswith((".csv", ".json", ".html"))
    if name.endswith(".csv"):
        table = table_of(page)
        sure = 0.0 if table is None else 0.6 if table.kind == "channel" and not inside else 0.95
    elif name.endswith((".html", ".htm")):
        sure = 0.9 if is_list(page) else 0.55 if _WATCHED.search(head) else 0.0
    else:
        sure = _json(name, head)
    return max(sure, 0.5 if inside else 0.0)


def _json(name: str, head: bytes) -> float:
    if head[:1] not in (b"{", b"["):
        return 0.0
    if b'"replayChatItemAction"' in head or _KIND.search(head):
        return 0.98
    if name.endswith(".info.json") and any(each in head for each in _OF_YOUTUBE):
        return 0.95
    if b'"textDisplay"' in head and b'"publishedAt"' in head:
        return 0.95
    if all(each in head for each in _DOWNLOADED) or all(each in head for each in _FETCHED):
        return 0.9
    return 0.55 if _WATCHED.search(head) else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Each Takeout with all its pages together, then every other page by itself."""
    said, people, pieces = said_of(asked.place), People(), Pieces(_AGAIN)
    takeouts: dict[str, list[Page]] = {}
    others: list[Page] = []
    for page in pages:
        if _is_takeout(page):
            found = _FOLDER.match(page.name)
            takeouts.setdefault(_PART.sub("", found[1] if found else page.folder), []).append(page)
        else:
            others.append(page)
    for mine in takeouts.values():
        yield from Takeout(mine, said, people, pieces).read()
    for page in others:
        if not page.head.strip():
            yield pieces.empty(page)
        elif b'"replayChatItemAction"' in page.head or FILE.search(page.file):
            yield from LiveChat(page, said, people, pieces).read()
        else:
            takeout = _FOLDER.match(page.name) is not None and b"ListResponse" not in page.head
            yield from Comments(page, said, people, pieces, takeout=takeout).read()
    yield from pieces.rest()


def _is_takeout(page: Page) -> bool:
    """A table or a web page, or JSON of what was watched and searched."""
    name = page.file.lower()
    return name.endswith((".csv", ".html", ".htm")) or (
        name.endswith(".json") and not _KIND.search(page.head) and (_WATCHED.search(page.head) is not None or _in_history(page))
    )


def _in_history(page: Page) -> bool:
    return _FOLDER.match(page.name) is not None and _json(page.file.lower(), page.head.lstrip()) < 0.6
