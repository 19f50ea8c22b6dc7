"""Reads the replay of a live chat that yt-dlp keeps (`… [VIDEO].live_chat.json`): what everybody said while a video was live.

Each line is an action as YouTube's own page gets it (`replayChatItemAction`), which YouTube documents nowhere; yt-dlp writes it as it came
(yt_dlp/downloader/youtube_live_chat.py). Words, paid words, and words with a membership are messages; what moderators and authors took back later in the
same file is kept without its words. The lines don't say which video it is: the file's name does.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from kring.schema import Item, Note, Place, Unread
from kring.sources.discord_words import When
from kring.sources.jsonpieces import dict_of, dicts_of, text_of
from kring.sources.moment import counted
from kring.sources.pieces import Pieces, clean
from kring.sources.youtube_words import People, Said, by_name, chat_line, id_of, live_place
from kring.wire import Page, Piece, lines

FILE = re.compile(r"(?:\[|^)([\w-]{11})\]?\.live_chat\.json$", re.ASCII | re.IGNORECASE)
_TALK = ("liveChatTextMessageRenderer", "liveChatPaidMessageRenderer", "liveChatMembershipItemRenderer")


class _Replay(msgspec.Struct):
    actions: Any = None


class _Line(msgspec.Struct):
    replayChatItemAction: _Replay | None = None


_LINES = msgspec.json.Decoder(_Line)


class LiveChat:
    """One replay."""

    def __init__(self, page: Page, said: Said, people: People, pieces: Pieces) -> None:
        self.page, self.people, self.pieces = page, people, pieces
        found = FILE.search(page.file)
        self.video = id_of(found[1]) if found else said.video
        self.place = live_place(self.video or page.file.partition(".")[0])
        self.gone: set[str] = set()
        """What was taken back: ids of messages, and of channels all of whose messages were."""

    def read(self) -> Iterator[Item | Unread | Note]:
        if not self.video:
            text = "Nothing here says which video this chat is of. To say it: --as youtube:VIDEO (the address of the video, or its id)."
            yield Note(where=self.page.name, text=text)
        self._taken_back()
        yield Item(self.page.name, self.place.encode("utf-8", "replace"), (Place(id=self.place, kind="chat"),))
        for piece in lines(self.page):
            if piece.raw.strip(b"\xef\xbb\xbf \t"):
                yield from self._line(f"{self.page.name}, line {piece.number}", piece)

    def _taken_back(self) -> None:
        """The first reading: what later lines delete."""
        for piece in lines(self.page):
            if b"AsDeletedAction" in piece.raw:
                for action in self._actions(piece.raw):
                    self.gone.add(text_of(dict_of(action.get("markChatItemAsDeletedAction")).get("targetItemId")))
                    self.gone.add(text_of(dict_of(action.get("markChatItemsByAuthorAsDeletedAction")).get("externalChannelId")))
        self.gone.discard("")

    def _actions(self, raw: bytes) -> list[dict[str, Any]]:
        line = self.pieces.meant(_LINES, raw.removeprefix(b"\xef\xbb\xbf"), self.page)
        return dicts_of(line.replayChatItemAction.actions) if line and line.replayChatItemAction else []

    def _line(self, where: str, piece: Piece) -> Iterator[Item | Unread]:
        line = self.pieces.meant(_LINES, piece.raw.removeprefix(b"\xef\xbb\xbf"), self.page) if piece.whole else None
        if line is None:
            yield from self.pieces.lost(where, piece)
            return
        for action in dicts_of(line.replayChatItemAction.actions) if line.replayChatItemAction else []:
            if "addChatItemAction" not in action and any(each.endswith("AsDeletedAction") for each in action):
                continue
            item = dict_of(dict_of(action.get("addChatItemAction")).get("item"))
            said = next((dict_of(item[each]) for each in _TALK if each in item), None)
            if said is not None and (_words(said) or said.get("id") in self.gone):
                yield from self._said(where, piece.raw, said)
            else:
                self.pieces.left_out(self.page, "memberships, stickers, polls, counters and other things beside the words")

    def _said(self, where: str, raw: bytes, said: dict[str, Any]) -> Iterator[Item | Unread]:
        number, channel = text_of(said.get("id")), text_of(said.get("authorExternalChannelId"))
        name = text_of(dict_of(said.get("authorName")).get("simpleText"))
        id, author = id_of(number), id_of(channel) or by_name(name)
        if not id:
            yield from self.pieces.unknown(where, "a message without its id", raw)
            return
        at = counted(said.get("timestampUsec"), 1_000_000)
        if at is None:
            yield from self.pieces.implausible(where, said.get("timestampUsec"), raw)
        gone = number in self.gone or channel in self.gone
        text = "" if gone else _words(said)
        when = When() if at is None else When(at, 0, "UTC")
        post = chat_line(id, author, when, text, self.video, self.place, deleted=gone)
        yield Item(where, b"{}" if gone else raw, (*self.people.account(author, name), post))


def _words(said: dict[str, Any]) -> str:
    """Text and emoji in their order; an emoji of a channel's own is a `:name:`."""
    message = dict_of(said.get("message"))
    parts = [text_of(run.get("text")) or _emoji(dict_of(run.get("emoji"))) for run in dicts_of(message.get("runs"))]
    return clean("".join(parts) or text_of(message.get("simpleText"))).strip()


def _emoji(emoji: dict[str, Any]) -> str:
    shortcuts = emoji.get("shortcuts")
    name = next((each for each in shortcuts if isinstance(each, str)), "") if isinstance(shortcuts, list) else ""
    return name if emoji.get("isCustomEmoji") else text_of(emoji.get("emojiId"))
