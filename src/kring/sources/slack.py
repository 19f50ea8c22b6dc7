"""Reads the export of a Slack workspace: a folder for each channel, a file for each day.

    users.json                                   who is who
    channels.json, groups.json                   public and private channels, and who belongs to them
    dms.json, mpims.json                         direct chats, of two and of more
    general/2024-03-31.json                      a day of a channel: messages, replies, reactions, who joined and left
    integration_logs.json, canvases.json, …      known, and left out on purpose

Slack describes it at https://slack.com/help/articles/220556107, its messages at https://api.slack.com/events/message. A workspace's standard
export holds the public channels; the others come with the larger plans. A message is known by its channel and its `ts`, which is its time, too.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Asked, Item, Note, Unread
from kring.sources.jsonwalk import arrays
from kring.sources.moment import counted
from kring.sources.pieces import Pieces
from kring.sources.slack_people import People, User, string
from kring.sources.slack_rooms import Room
from kring.wire import Page, Piece

TITLE = "Slack"
READS = "messages, threads, reactions, edits, files by name, who belongs to, joined and left a channel"
LACKS = "when somebody reacted, local times, private channels and direct chats in the standard export, deleted messages"
PROVEN = ""

_AGAIN = "Ask an owner of the workspace to export it again (Settings & administration, Workspace settings, Import/export data)."
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json$", re.ASCII)
_LISTS = {"channels.json": "channel", "groups.json": "private", "dms.json": "dm", "mpims.json": "dm"}
_LEFT_OUT = (
    "integration_logs.json",
    "canvases.json",
    "lists.json",
    "huddle_transcripts.json",
    "file_conversations.json",
    "org_users.json",
)
_TEAM = re.compile(rb'"(?:team_id|team)"\s*:\s*"([TE][A-Z0-9]{2,20})"')


class _Channel(msgspec.Struct):
    id: Any = None
    name: Any = None
    created: Any = None
    creator: Any = None
    members: Any = None


_USERS, _CHANNELS = msgspec.json.Decoder(User), msgspec.json.Decoder(_Channel)


def sniff(page: Page) -> float:
    """Lists by name and keys, days by name and keys."""
    name, head = page.file.lower(), page.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not name.endswith(".json") or not head.startswith(b"["):
        return 0.0
    if _DAY.match(name):
        return (
            0.95 if b'"ts"' in head and b'"type"' in head else 0.6 if b'"type"' in head else 0.3 if not head[1:].strip(b" \r\n]") else 0.0
        )
    if name == "users.json":
        return 0.95 if b'"team_id"' in head and b'"profile"' in head else 0.0
    if name in _LISTS:
        return 0.95 if b'"members"' in head and b'"created"' in head else 0.3 if not head[1:].strip(b" \r\n]") else 0.0
    return 0.4 if name in _LEFT_OUT else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    pieces = Pieces(_AGAIN)
    for workspace in _workspaces(pages):
        yield from _Workspace(workspace, asked, pieces).read()
    yield from pieces.rest()


def _workspaces(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages of each export: days lie one folder deeper than lists."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        root = page.folder.rpartition("/")[0] if _DAY.match(page.file) else page.folder
        found.setdefault(root, []).append(page)
    return list(found.values())


class _Workspace:
    """One export."""

    def __init__(self, pages: Sequence[Page], asked: Asked, pieces: Pieces) -> None:
        self.pages, self.pieces = pages, pieces
        team = next((found[1].decode() for page in pages if (found := _TEAM.search(page.head))), "")
        self.people = People(asked.place or team)
        self.channels: dict[str, Room] = {}
        """By the name of their folder."""

    def read(self) -> Iterator[Item | Unread | Note]:
        for page in self.pages:
            if not page.head.strip():
                yield self.pieces.empty(page)
            elif page.file.lower() == "users.json":
                yield from self._users(page)
            elif page.file.lower() in _LEFT_OUT:
                n = sum(1 for found in arrays(page, ("",)) if found.piece.number)
                self.pieces.left_out(page, "logs, canvases, lists and other things beside the messages", n)
        for page in self.pages:
            if page.head.strip() and (kind := _LISTS.get(page.file.lower())):
                yield from self._list(page, kind)
        if not self.people.team:
            text = 'The export doesn\'t say which workspace it is of. To give it a name: --as "slack:NAME".'
            yield Note(where=self.pages[0].name, text=text)
        for page in self.pages:
            if page.head.strip() and _DAY.match(page.file):
                yield from self._day(page)
        for room in {id(room): room for room in self.channels.values()}.values():
            yield from room.end()

    def _pieces(self, page: Page) -> Iterator[Piece]:
        for found in arrays(page, ("",)):
            if found.piece.number or not found.piece.whole:
                yield found.piece

    def _where(self, page: Page, piece: Piece) -> str:
        return f"{page.name}, item {piece.number}" if piece.number else page.name

    def _users(self, page: Page) -> Iterator[Unread]:
        """Who is who; an account is given when somebody does something or belongs to a channel."""
        for piece in self._pieces(page):
            user = self.pieces.meant(_USERS, piece.raw, page) if piece.whole else None
            if user is None or not self.people.learn(user):
                yield from self.pieces.lost(self._where(page, piece), piece)

    def _list(self, page: Page, kind: str) -> Iterator[Item | Unread]:
        for piece in self._pieces(page):
            where = self._where(page, piece)
            channel = self.pieces.meant(_CHANNELS, piece.raw, page) if piece.whole else None
            if channel is None or not isinstance(channel.id, str) or not channel.id:
                yield from self.pieces.lost(where, piece)
                continue
            members = [each for each in channel.members if isinstance(each, str)] if isinstance(channel.members, list) else []
            name = string(channel.name)
            room = Room(self.people, where, self.people.in_team(channel.id), kind == "dm", members)
            self.channels[name or channel.id] = self.channels[channel.id] = room
            self.people.names[channel.id] = name
            called = name if kind != "dm" else " & ".join(sorted((self.people.names.get(each, each) for each in members), key=str.casefold))
            yield Item(where, piece.raw, tuple(room.begin(called, channel.creator, counted(channel.created))))

    def _day(self, page: Page) -> Iterator[Item | Unread | Note]:
        folder = page.folder.rpartition("/")[2]
        room = self.channels.get(folder)
        if room is None:
            yield Note(where=page.folder, text=f"No list of channels tells the number of “{folder}”: it is known by its name.")
            room = self.channels[folder] = Room(self.people, page.folder, self.people.in_team(folder), False, [])
            yield Item(page.folder or page.name, folder.encode("utf-8", "replace") or b"?", tuple(room.begin(folder, None, None)))
        for piece in self._pieces(page):
            yield from room.read(self._where(page, piece), page, piece, self.pieces)
