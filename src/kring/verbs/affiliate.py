"""Affiliate: how somebody is involved with us, from when until when; said, taken back and remembered as any claim."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from kring import unpack
from kring.errors import UsageError
from kring.reading.sensitive import sensitive
from kring.sources.tables_rows import Row, Table, tables_of
from kring.store.claims import AFFILIATION, Claim, Said
from kring.verbs.merge import Plan
from kring.verbs.person import the_account
from kring.verbs.times import instant

if TYPE_CHECKING:
    from kring.kring import Circle

GROUPS = ("staff", "volunteer", "member", "customer", "supplier", "neighbour", "press", "other")
"""How people can be involved with an organisation. What they are or believe is none of them, and isn't kept."""
ROLES: Mapping[str, tuple[str, ...]] = {
    "who": ("who", "person", "account", "wie", "persoon", "name", "naam"),
    "group": ("group", "affiliation", "groep", "rol", "role"),
    "since": ("since", "from", "sinds", "van"),
    "until": ("until", "to", "tot"),
    "reason": ("reason", "reden", "why"),
}
"""What the columns of a table may be called."""


class Lost(msgspec.Struct, frozen=True):
    """A row that couldn't be taken, and why."""

    where: str
    why: str
    next: str


class FromTable(msgspec.Struct, frozen=True):
    """What a table says."""

    plan: Plan
    lost: tuple[Lost, ...]


def affiliating(circle: "Circle", who: str, group: str, *, since: str = "", until: str = "", reason: str = "") -> Plan:
    """The plan to say how somebody is involved with us; `until` includes the day, month or year it names.

    Fails   UsageError if nobody or more than one is meant, the group is none of ours, the reason tells what they are or believe, or the end
            comes before the beginning.
    """
    account = the_account(circle, who)
    word = group.strip().casefold()
    if word not in GROUPS:
        raise UsageError(
            f'"{group}" is no way of being involved with an organisation.',
            next=f"Choose one of: {', '.join(GROUPS)}. What people are or believe (health, origin, religion, party, union …) is never kept.",
        )
    if told := sensitive(reason):
        raise UsageError(
            f'The reason says "{told.word}": that may tell of somebody\'s {told.of}.',
            next="What people are or believe is never kept. Say it without that word, for example where you know it from, or leave the reason out.",
        )
    start = instant(since, zone=circle.settings.zone) if since.strip() else None
    end = instant(until, end=True, zone=circle.settings.zone) if until.strip() else None
    if start is not None and end is not None and end <= start:
        raise UsageError(f"It ends ({until}) before it begins ({since}).", next="Turn --since and --until round.")
    return Plan((Said(AFFILIATION, account, word, reason, "", start, end),))


def affiliating_all(circle: "Circle", path: str | os.PathLike[str]) -> FromTable:
    """The plan that a table gives, a row each: who, group, and where known since, until, reason. A row that can't be taken is said.

    Takes   CSV, Excel, Parquet or a JSON object a line.
    Fails   UsageError if no table there has the columns; ReadError if the file can't be opened.
    """
    said: list[Said] = []
    lost: list[Lost] = []
    with unpack.opened(path, spool=circle.spool) as export:
        tables = [(table, column) for table in tables_of(export.pages) if {"who", "group"} <= set(column := _columns(table))]
        if not tables:
            raise UsageError(f"{export.name} has no columns that tell who and which group.", next="Call them `who` and `group`.")
        for table, column in tables:
            for row in table.rows():
                where = f"{table.where}, {table.line} {row.number}"
                try:
                    said += _row(circle, row, column)
                except UsageError as error:
                    lost.append(Lost(where, error.what, error.next))
    return FromTable(Plan(tuple(dict.fromkeys(said))), tuple(lost))


def _columns(table: Table) -> dict[str, int]:
    """Which column holds what."""
    found: dict[str, int] = {}
    for number, name in enumerate(table.header):
        for role, names in ROLES.items():
            if name.strip().casefold() in names:
                found.setdefault(role, number)
    return found


def _row(circle: "Circle", row: Row, column: Mapping[str, int]) -> Iterator[Said]:
    if row.lost:
        raise UsageError(row.lost, next="Mend the row, or leave it out.")
    told = {role: row.cells[number].strip() for role, number in column.items() if number < len(row.cells)}
    if not any(told.values()):
        return
    plan = affiliating(circle, told.pop("who", ""), told.pop("group", ""), **told)
    yield from plan.new


def group_of(claims: list[Claim], since: int | None, until: int | None) -> dict[str, str]:
    """The group of each account in a period: of what was said to hold in it, what began last, and of those what was said last."""
    found: dict[str, str] = {}
    holding = [each for each in claims if _holds(each, since, until)]
    for each in sorted(holding, key=lambda claim: (claim.since is not None, claim.since or 0, claim.number)):
        found[each.subject] = each.object
    return found


def _holds(claim: Claim, since: int | None, until: int | None) -> bool:
    return (until is None or claim.since is None or claim.since < until) and (since is None or claim.until is None or claim.until > since)
