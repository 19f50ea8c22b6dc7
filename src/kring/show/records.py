"""Records as tables for people and other programs: one table for each kind of record, a column for each field, and a page that says what they mean."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

import msgspec

from kring.schema import Account, Event, Membership, Place, Post, Record, Scope

Kind = Literal["text", "number", "time", "flag", "list"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Column(msgspec.Struct, frozen=True):
    """A column and what its cells hold; `list`: a list, written as JSON where a cell holds but one word."""

    name: str
    kind: Kind
    means: str


class Sheet(msgspec.Struct, frozen=True):
    """The table of one kind of record."""

    name: str
    of: type[Record]
    means: str
    columns: tuple[Column, ...]


def _text(**means: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text", meaning) for name, meaning in means.items())


_SPAN = (Column("since", "time", "from when on, where known"), Column("until", "time", "up to when, where known"))
_WHEN = (
    Column("at", "time", "when; with the offset of the local time where that is known, else in UTC"),
    Column("offset_s", "number", "seconds from UTC to the local time as written"),
    Column("zone", "text", "the time zone; empty: nobody said, and the local time is taken for UTC"),
)
_SEEN = _text(visibility="public, unlisted, followers, place or direct")
SHEETS: dict[str, Sheet] = {
    "account": Sheet(
        "accounts",
        Account,
        "One handle on one network.",
        (
            *_text(
                id="the network's own name for it, the network in front",
                handle="as people write it",
                name="display name",
                kind="person, organisation, group, bot or unknown",
                url="web address",
            ),
            Column("owner", "flag", "an export said that it belongs to this account"),
            Column("flags", "list", "what it asks of others: no-bot, no-index, no-discovery, signed-in-only, locked; open: none of these"),
        ),
    ),
    "place": Sheet(
        "places",
        Place,
        "Where people talk.",
        _text(id="the place", kind="chat, list, forum, group or server", name="its name", url="web address"),
    ),
    "membership": Sheet(
        "memberships", Membership, "Who belongs to which place.", (*_text(account="an account's id", place="a place's id"), *_SPAN)
    ),
    "post": Sheet(
        "posts",
        Post,
        "What somebody said.",
        (
            *_text(id="the post", kind="note, article, question, answer, review, message or page", author="an account's id"),
            *_WHEN,
            *_text(
                text="plain text; quoted lines begin with >",
                title="title",
                language="as the network gave it (BCP 47)",
                reply_to="id of the post it answers",
                thread="id of the first post of its thread, or the network's own name for the thread",
                place="a place's id",
            ),
            *_SEEN,
            Column("mentions", "list", "ids of the accounts addressed"),
            Column("tags", "list", "hashtags, labels"),
            Column("media", "list", "pictures, sound and files beside it: kind, name, description"),
            Column("url", "text", "web address"),
            Column("score", "number", "votes for less votes against, where the network counts them"),
            Column("edited_at", "time", "when it was last changed"),
            Column("edited", "flag", "it was changed"),
            Column("deleted", "flag", "its author took it back"),
        ),
    ),
    "event": Sheet(
        "events",
        Event,
        "Somebody did something to an account, a post or a place.",
        (
            *_text(
                verb="follow, like, share, join …",
                actor="id of the account that did it",
                object="id of what it was done to",
                object_kind="account, post or place",
                receiver="id of the account it was done to, where that is known",
            ),
            *_WHEN,
            *_text(place="a place's id"),
            *_SEEN,
            *_text(text="the line of a chat that says so", id="the network's own name for the act"),
        ),
    ),
    "scope": Sheet(
        "scopes",
        Scope,
        "What is here whole: all that one account did, or all that was said in one place. Without it, ties are seen from one end only.",
        (*_text(account="an account's id", place="a place's id"), *_SPAN),
    ),
}
"""By kind of record, in the order in which they are written."""


def local(at: int, offset_s: int | None) -> datetime:
    """The moment with the offset of its local time; UTC where that is not known."""
    zone = UTC if not offset_s or abs(offset_s) >= 86_400 else timezone(timedelta(seconds=offset_s))
    return utc(at).astimezone(zone)


def utc(at: int) -> datetime:
    """The moment in UTC."""
    return _EPOCH + timedelta(microseconds=at)


def iso(at: int, offset_s: int | None = None) -> str:
    """The moment as ISO 8601 text; "Z" where the local time is not known."""
    return re.sub(r"\+00:00$", "Z", local(at, offset_s).isoformat())  # an offset may have seconds


def values(record: Record) -> list[Any]:
    """What stands in the cells, in the order of the columns."""
    return [getattr(record, column.name) for column in SHEETS[_kind(record)].columns]


def _kind(record: Record) -> str:
    return str(type(record).__struct_config__.tag)


def about(title: str, said: Sequence[str], counts: Mapping[str, int], file_of: Mapping[str, str]) -> str:
    """The page beside the tables: what was taken from where, how, what was left out, and what the columns mean."""
    parts = [title, "=" * len(title), *said, ""]
    for kind, n in counts.items():
        sheet = SHEETS[kind]
        parts += ["", f"{file_of[kind]}: {n:,} {'row' if n == 1 else 'rows'}. {sheet.means}"]
        parts += [f"  {column.name:<12} {column.means}" for column in sheet.columns]
    return "\n".join(parts) + "\n"
