"""What Discord's own signs in a text mean (`<@123>`, `<:wave:123>`), what a file is by its name, and when something was written."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from kring.schema import Media
from kring.sources.moment import moment
from kring.sources.pieces import clean

_SIGN = re.compile(r"<(?:@!?(\d{15,21})|#(\d{15,21})|@&(\d{15,21})|a?:(\w{1,64}):\d{15,21})>")
_KINDS = {
    "image": ("png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "bmp", "svg"),
    "video": ("mp4", "mov", "webm", "mkv", "avi", "m4v"),
    "audio": ("mp3", "ogg", "wav", "flac", "m4a", "opus", "aac"),
}
_KIND = {ending: kind for kind, endings in _KINDS.items() for ending in endings}
SNOWFLAKE = re.compile(r"\d{15,21}", re.ASCII)
"""Discord's ids: numbers of 64 bits that begin with the time (discord.com/developers/docs/reference#snowflakes)."""


class Words(NamedTuple):
    """Plain text, and the ids of the people it names."""

    text: str
    named: tuple[str, ...] = ()


def words(content: str, names: Mapping[str, str]) -> Words:
    """A text with names where Discord writes numbers, as far as they are known."""
    if "<" not in content:
        return Words(clean(content))
    named: list[str] = []

    def plain(found: re.Match[str]) -> str:
        person, channel, role, emoji = found.groups()
        if person:
            named.append(person)
        return f":{emoji}:" if emoji else f"#{names.get(channel, channel)}" if channel else f"@{names.get(person or role, person or role)}"

    text = _SIGN.sub(plain, content)
    return Words(clean(text), tuple(dict.fromkeys(named)))


def server_of(value: object) -> str:
    """The place that a server is: its number may also be that of its first channel (servers of before 2017)."""
    id = id_of(value)
    return id.replace("discord:", "discord:server/", 1)


def id_of(value: object) -> str:
    """ "discord:123…" of a number or its digits; "" if it is no id of Discord's."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return f"discord:{value}" if isinstance(value, str) and SNOWFLAKE.fullmatch(value) else ""


def string(value: object) -> str:
    return value if isinstance(value, str) else ""


def file(name: str) -> Media:
    """A file by its name, or by the last part of its address."""
    name = clean(name.partition("?")[0].rpartition("/")[2])
    kind: Any = _KIND.get(name.rpartition(".")[2].lower(), "document")
    return Media(kind=kind, name=name)


class When(NamedTuple):
    at: int | None = None
    offset_s: int | None = None
    zone: str = ""


def when(written: object) -> When:
    """A time in ISO form; without a zone it is UTC, as in newer packages."""
    found = moment(written)
    if found is None:
        return When()
    return When(found.at, found.offset_s, found.zone) if found.zone else When(found.at, None, "UTC")
