"""The consent gate: decides, before any graph is woven, what counts in a figure, and says what was left out and by which rule.

    rule       leaves out                                                          of figures for
    objected   posts and acts of people who said no, and acts towards them         everybody
    deleted    posts that their author took back                                   everybody
    private    followers-only, place and direct posts, and acts on them            the circle
    elsewhere  what was not said in the place                                      a place's own members (not "left out": another subject)

Unknown consent, the usual case, counts in aggregates; the text of such a post is shown only where it was public or addressed to us.
"""

from typing import Literal

import msgspec
from sqlalchemy import Connection

from kring.schema import PRIVATE, VISIBILITIES
from kring.store.codes import DELETED

For = Literal["circle", "ours", "place"]
"""Whose figures: the circle's (network, activity), our own response, or one place's for its own members."""

_PRIVATE = ",".join(str(VISIBILITIES.index(name)) for name in PRIVATE)
OBJECTED = """SELECT a.node FROM account a JOIN consent c ON c.who = a.id WHERE c.answer = 'no' AND c.scope IN ('', 'all')
 AND NOT EXISTS (SELECT 1 FROM consent later WHERE later.who = c.who AND later.scope = c.scope AND later.node > c.node)"""
"""Rows of the accounts whose people said no."""

_POST_RULES = {
    "objected": f"coalesce(p.author, 0) IN ({OBJECTED})",
    "deleted": f"p.flags & {DELETED} != 0",
    "private": f"p.visibility IN ({_PRIVATE})",
}
_EVENT_RULES = {
    "objected": f"(coalesce(e.actor, 0) IN ({OBJECTED}) OR coalesce(e.receiver, 0) IN ({OBJECTED})"
    f" OR e.object_kind = 'account' AND EXISTS (SELECT 1 FROM account o WHERE o.key = e.object_key AND o.node IN ({OBJECTED}))"
    f" OR e.object_kind = 'post' AND EXISTS (SELECT 1 FROM post o WHERE o.key = e.object_key AND o.author IN ({OBJECTED})))",
    "private": f"(e.visibility IN ({_PRIVATE})"
    f" OR e.object_kind = 'post' AND EXISTS (SELECT 1 FROM post o WHERE o.key = e.object_key AND o.visibility IN ({_PRIVATE})))",
}
_TO_WHOM = f"m.account NOT IN ({OBJECTED})"
WHY = {
    "objected": "their authors said no",
    "deleted": "their authors took them back",
    "private": "followers-only, or written in a closed chat, list or direct message: they count only for that place's own members and in our own response rate",
}


class LeftOut(msgspec.Struct, frozen=True):
    """How much one rule left out."""

    rule: str
    why: str
    posts: int
    events: int


class Gate(msgspec.Struct, frozen=True):
    """What may count for a purpose: SQL conditions on post `p`, event `e` and mention or membership `m`."""

    purpose: For
    place: int | None
    posts: str
    events: str
    to_whom: str


def gate(purpose: For, place: int | None = None) -> Gate:
    """The gate for a purpose; `place` is the place's row for purpose "place"."""
    rules = ("objected", "deleted", "private") if purpose == "circle" else ("objected", "deleted")
    here_p, here_e = (f"p.place = {place}", f"e.place = {place}") if purpose == "place" else ("1", "1")
    posts = " AND ".join([here_p, *(f"NOT coalesce({_POST_RULES[rule]}, 0)" for rule in rules)])
    events = " AND ".join([here_e, *(f"NOT {_EVENT_RULES[rule]}" for rule in rules if rule in _EVENT_RULES)])
    return Gate(purpose, place, posts, events, _TO_WHOM)


def left_out(connection: Connection, purpose: For, place: int | None = None) -> tuple[LeftOut, ...]:
    """What the gate leaves out, by the first rule that says so."""
    rules = ("objected", "deleted", "private") if purpose == "circle" else ("objected", "deleted")
    here_p, here_e = (f"p.place = {place}", f"e.place = {place}") if purpose == "place" else ("1", "1")
    out = []
    for i, rule in enumerate(rules):
        earlier = list(rules[:i])
        posts = _count(connection, "post p", here_p, _POST_RULES, earlier, rule)
        events = _count(connection, "event e", here_e, _EVENT_RULES, earlier, rule)
        if posts or events:
            out.append(LeftOut(rule, WHY[rule], posts, events))
    return tuple(out)


def _count(connection: Connection, table: str, here: str, rules: dict[str, str], earlier: list[str], rule: str) -> int:
    if rule not in rules:
        return 0
    condition = " AND ".join([here, rules[rule], *(f"NOT coalesce({rules[r]}, 0)" for r in earlier if r in rules)])
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {condition}").scalar_one())
