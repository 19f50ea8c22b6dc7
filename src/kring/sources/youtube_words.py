"""What all forms of YouTube share: ids, addresses, who said something, and the posts that a video, a comment and a line of a live chat are."""

import re
from typing import NamedTuple

from kring.schema import Account, Media, Post, Record, Visibility
from kring.sources.discord_words import When
from kring.sources.pieces import clean

CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_ID = re.compile(r"[\w.%=-]{1,300}", re.ASCII)
_VIDEO_IN = re.compile(r"(?:[?&]v=|youtu\.be/|/(?:shorts|live|embed)/)([\w-]{1,50})", re.ASCII)
_CHANNEL_IN = re.compile(r"/channel/(UC[\w-]{1,50})", re.ASCII)
_TAG = re.compile(r"(?:^|(?<=[\s(]))#(\w+)")


def id_of(value: object) -> str:
    """ "youtube:" and an id of a video, channel or comment; "" if it can't be one."""
    return f"youtube:{value}" if value and isinstance(value, str) and _ID.fullmatch(value) else ""


def bare(id: str) -> str:
    return id.removeprefix("youtube:")


def video_in(address: str) -> str:
    """The id of the video that an address shows; "" if it shows none."""
    found = _VIDEO_IN.search(address)
    return id_of(found[1]) if found else ""


def channel_in(address: str) -> str:
    found = _CHANNEL_IN.search(address)
    return id_of(found[1]) if found else ""


def live_place(video: str) -> str:
    """The chat beside a video while it is live."""
    return f"youtube:live/{bare(video)}"


class Said(NamedTuple):
    """What the user said with `--as youtube:…`: whose export it is, or which video this is about."""

    channel: str
    video: str


def said_of(written: str) -> Said:
    written = written.strip()
    channel = channel_in(written) or (id_of(written) if CHANNEL.fullmatch(written) else "")
    return Said(channel, "" if channel else video_in(written) or (id_of(written) if VIDEO.fullmatch(written) else ""))


class People:
    """Gives each account once, when it first does something."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def account(self, id: str, name: str, *, owner: bool = False) -> list[Record]:
        """A name that begins with "@" is a handle; older ones are what the channel calls itself."""
        if not id or id in self.given:
            return []
        self.given.add(id)
        name = clean(name).strip()
        channel = bare(id)
        url = f"https://www.youtube.com/channel/{channel}" if channel.startswith("UC") else ""
        return [Account(id=id, handle=name if name[:1] == "@" else "", name="" if name[:1] == "@" else name, url=url, owner=owner)]


def by_name(name: str) -> str:
    """The id of somebody whose channel isn't named: a handle is YouTube's own, a name is only as written."""
    name = " ".join(clean(name).split())
    return f"youtube:{name}" if name[:1] == "@" else f"youtube:name/{name}" if name else ""


def comment(
    id: str,
    author: str,
    when: When,
    text: str,
    *,
    on: str,
    parent: str = "",
    mentions: tuple[str, ...] = (),
    visibility: Visibility = "public",
    score: int | None = None,
    edited: When | None = None,
) -> Post:
    """A comment on a video or a channel's post (`on`, "" where that isn't said), or a reply to another one: a reply's id begins with the first's."""
    first = f"youtube:{bare(id).partition('.')[0]}" if "." in id else ""
    video = bare(on) if VIDEO.fullmatch(bare(on)) else ""
    return Post(
        id=id,
        kind="note",
        author=author,
        at=when.at,
        offset_s=when.offset_s,
        zone=when.zone,
        text=text,
        reply_to=parent or first or on,
        thread=on or first or parent,
        visibility=visibility,
        mentions=tuple(each for each in dict.fromkeys(mentions) if each and each != author),
        tags=tags_in(text),
        url=f"https://www.youtube.com/watch?v={video}&lc={bare(id)}" if video else "",
        score=score,
        edited_at=edited.at if edited else None,
        edited=edited is not None,
    )


def video_post(id: str, author: str, at: When, title: str, text: str, visibility: Visibility) -> Post:
    return Post(
        id=id,
        kind="article",
        author=author,
        at=at.at,
        offset_s=at.offset_s,
        zone=at.zone,
        text=clean(text),
        title=clean(title),
        visibility=visibility,
        tags=tags_in(text),
        media=(Media(kind="video"),),
        url=f"https://www.youtube.com/watch?v={bare(id)}",
    )


def chat_line(
    id: str,
    author: str,
    when: When,
    text: str,
    video: str,
    place: str,
    *,
    mentions: tuple[str, ...] = (),
    visibility: Visibility = "public",
    deleted: bool = False,
) -> Post:
    """A line of the chat beside a video while it is live."""
    return Post(
        id=id,
        kind="message",
        author=author,
        at=when.at,
        offset_s=when.offset_s,
        zone=when.zone,
        text=text,
        thread=video,
        place=place,
        visibility=visibility,
        mentions=mentions,
        tags=tags_in(text),
        deleted=deleted,
    )


def tags_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TAG.findall(text))) if "#" in text else ()
