"""Reads Discord: the package it sends people on request, and channels that DiscordChatExporter wrote as JSON.

    messages/c123/messages.csv, .json    all that the owner wrote in one channel; `channel.json` beside it says which one
    account/user.json                    whose package it is; friends and payments in it are left out
    messages/index.json, servers/…       what channels and servers are called
    activity/…                           what Discord noted of its use: left out on purpose
    guild, channel, messages             DiscordChatExporter: one channel, or a part of it, with everybody's words

Discord tells of its package at https://support.discord.com/hc/articles/360004957991; its form is known from packages, and the tools that read them
agree (e.g. github.com/Androz2091/discord-data-package-explorer). DiscordChatExporter's is that of its source (JsonMessageWriter.cs).
"""

from collections.abc import Iterator, Sequence

from kring.schema import Asked, Item, Note, Unread
from kring.sources.discord_chats import Channel
from kring.sources.discord_package import Package, kind, packages
from kring.sources.pieces import Pieces
from kring.wire import Page

TITLE = "Discord"
READS = "the package people get (their own messages), and whole channels of DiscordChatExporter (JSON)"
LACKS = "in the package others' messages, replies and reactions; in a channel when somebody reacted"
PROVEN = ""

_AGAIN = "Ask Discord for the package again (User Settings, Data & Privacy), or export the channel again as JSON."
_SURE = {"messages": 0.98, "channel": 0.95, "user": 0.9, "index": 0.8, "guild": 0.8, "activity": 0.7}


def sniff(page: Page) -> float:
    """Files of a package by name and form; an exported channel by its first keys."""
    if found := kind(page):
        return _SURE[found]
    return 1.0 if _is_channel(page) else 0.0


def _is_channel(page: Page) -> bool:
    head = page.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    top = head[:20_000]
    return (
        page.file.lower().endswith(".json") and head.startswith(b"{") and b'"guild"' in top and b'"channel"' in top and b'"messages"' in top
    )


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    pieces = Pieces(_AGAIN)
    for package in packages([page for page in pages if kind(page)]):
        yield from Package(package, asked, pieces).read()
    for page in pages:
        if not kind(page):
            if page.head.strip():
                yield from Channel(page, pieces).read()
            else:
                yield pieces.empty(page)
    yield from pieces.rest()
