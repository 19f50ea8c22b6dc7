"""The consent gate: decides, before any graph is woven, what counts in a figure, and says what was left out and by which rule.

    rule       leaves out                                                          of what is for
    objected   posts and acts of people who said no, and acts towards them         everybody
    deleted    posts that their author took back                                   everybody
    asked      the same of people whose profile asks bots to stay away (#nobot)    the circle, others
    private    followers-only, place and direct posts, and acts on them            the circle, others
    reserved   the same of people who don't want to be found, suggested or         others
               shown, as their network tells, or who said no to being quoted
    elsewhere  what was not said in the place                                      a place's own members (not "left out": another subject)

The rules are asked in this order, and the first that says no decides. A no is heard for all accounts of a person, in the widest scope in
which it was said: for everything, one network or one place. A yes to everything overrules `asked` and `reserved`, which only guess from a
profile; it never opens what is private or was taken back. Our own accounts need not ask ourselves. Unknown consent, the usual case, counts
in aggregates; the text of such a post is shown only where it was public or addressed to us. A no to being contacted leaves out no figure.
"""

from typing import Literal

import msgspec
from sqlalchemy import Connection

from kring.schema import PRIVATE, VISIBILITIES, Flag
from kring.store.codes import DELETED

For = Literal["circle", "others", "ours", "place"]
"""For what: the circle's figures (network, activity), what others are shown (exports, search by who is not its owner), our own response,
or one place's figures for its own members."""

_PRIVATE = ",".join(str(VISIBILITIES.index(name)) for name in PRIVATE)
OBJECTED = """SELECT a.node FROM account a JOIN stance s ON s.who = a.id WHERE s.answer = 'no'
 AND (s.scope = 'all' OR s.scope = 'network:' || substr(a.id, 1, instr(a.id, ':') - 1))"""
"""Rows of the accounts whose people said no, to everything or to their network."""
_OBJECTED_HERE = """SELECT a.node, l.node FROM account a JOIN stance s ON s.who = a.id JOIN place l ON s.scope = 'place:' || l.id
 WHERE s.answer = 'no'"""
_OURS = "SELECT subject FROM claim WHERE kind = 'us' AND undone_at IS NULL"
_ASKED: tuple[Flag, ...] = ("no-bot",)
_RESERVED: tuple[Flag, ...] = ("no-index", "no-discovery", "signed-in-only", "locked")


def _flagged(flags: tuple[Flag, ...]) -> str:
    some = " OR ".join(f"instr(' ' || a.flags || ' ', ' {flag} ')" for flag in flags)
    return (
        f"SELECT a.node FROM account a WHERE a.flags != '' AND ({some}) AND a.id NOT IN ({_OURS})"
        " AND a.id NOT IN (SELECT who FROM stance WHERE answer = 'yes' AND scope = 'all')"
    )


_WHOSE = {
    "objected": OBJECTED,
    "asked": _flagged(_ASKED),
    "reserved": f"{_flagged(_RESERVED)} UNION SELECT a.node FROM account a JOIN stance s ON s.who = a.id WHERE s.answer = 'no' AND s.scope = 'quote'",
}
"""Rows of the accounts that a rule leaves out."""


def _event_of(whose: str) -> str:
    return (
        f"(coalesce(e.actor, 0) IN ({whose}) OR coalesce(e.receiver, 0) IN ({whose})"
        f" OR e.object_kind = 'account' AND EXISTS (SELECT 1 FROM account o WHERE o.key = e.object_key AND o.node IN ({whose}))"
        f" OR e.object_kind = 'post' AND EXISTS (SELECT 1 FROM post o WHERE o.key = e.object_key AND o.author IN ({whose})))"
    )


_POST_RULES = {
    "deleted": f"p.flags & {DELETED} != 0",
    "private": f"p.visibility IN ({_PRIVATE})",
    **{rule: f"coalesce(p.author, 0) IN ({whose})" for rule, whose in _WHOSE.items()},
    "objected": f"(coalesce(p.author, 0) IN ({OBJECTED}) OR (coalesce(p.author, 0), coalesce(p.place, 0)) IN ({_OBJECTED_HERE}))",
}
RESERVED_POST = _POST_RULES["reserved"]
"""Of a post `p`: its author is not to be quoted."""
_EVENT_RULES = {
    "private": f"(e.visibility IN ({_PRIVATE})"
    f" OR e.object_kind = 'post' AND EXISTS (SELECT 1 FROM post o WHERE o.key = e.object_key AND o.visibility IN ({_PRIVATE})))",
    **{rule: _event_of(whose) for rule, whose in _WHOSE.items()},
    "objected": f"({_event_of(OBJECTED)} OR (coalesce(e.actor, 0), coalesce(e.place, 0)) IN ({_OBJECTED_HERE}))",
}
_RULES: dict[For, tuple[str, ...]] = {
    "circle": ("objected", "deleted", "asked", "private"),
    "others": ("objected", "deleted", "asked", "private", "reserved"),
    "ours": ("objected", "deleted"),
    "place": ("objected", "deleted"),
}
"""In the order in which they are asked."""
WHY = {
    "objected": "their authors said no",
    "deleted": "their authors took them back",
    "asked": "their authors' profiles ask bots to stay away",
    "private": "followers-only, or written in a closed chat, list or direct message: they count only for that place's own members and in our own response rate",
    "reserved": "their authors don't want to be found, suggested, shown or quoted: they count, but others are not shown them",
}


class LeftOut(msgspec.Struct, frozen=True):
    """How much one rule left out."""

    rule: str
    why: str
    posts: int
    events: int


class Gate(msgspec.Struct, frozen=True):
    """What may count for a purpose: SQL conditions on post `p`, event `e`, mention or membership `m` and account `a`."""

    purpose: For
    place: int | None
    posts: str
    events: str
    to_whom: str
    people: str


def gate(purpose: For, place: int | None = None) -> Gate:
    """The gate for a purpose; `place` is the place's row for purpose "place"."""
    rules = _RULES[purpose]
    here_p, here_e = _here(purpose, place)
    posts = " AND ".join([here_p, *(f"NOT coalesce({_POST_RULES[rule]}, 0)" for rule in rules)])
    events = " AND ".join([here_e, *(f"NOT {_EVENT_RULES[rule]}" for rule in rules if rule in _EVENT_RULES)])
    to_whom, people = (
        " AND ".join(f"{row} NOT IN ({_WHOSE[rule]})" for rule in rules if rule in _WHOSE) for row in ("m.account", "a.node")
    )
    return Gate(purpose, place, posts, events, to_whom, people)


def _here(purpose: For, place: int | None) -> tuple[str, str]:
    return (f"p.place = {place}", f"e.place = {place}") if purpose == "place" else ("1", "1")


def left_out(connection: Connection, purpose: For, place: int | None = None) -> tuple[LeftOut, ...]:
    """What the gate leaves out, by the first rule that says so."""
    here_p, here_e = _here(purpose, place)
    posts, events = decided(connection, "post", purpose, here_p), decided(connection, "event", purpose, here_e)
    return tuple(
        LeftOut(rule, WHY[rule], posts.get(rule, 0), events.get(rule, 0)) for rule in _RULES[purpose] if rule in posts or rule in events
    )


def decided(connection: Connection, kind: Literal["post", "event"], purpose: For, where: str) -> dict[str, int]:
    """How many posts `p` or acts `e` each rule leaves out, the first that says so; "": how many count.

    Takes   `where`: an SQL condition, made of row numbers only.
    Costs   one pass over what `where` leaves.
    """
    rules, table = (_POST_RULES, "post p") if kind == "post" else (_EVENT_RULES, "event e")
    cases = " ".join(f"WHEN {rules[rule]} THEN '{rule}'" for rule in _RULES[purpose] if rule in rules)
    rows = connection.exec_driver_sql(f"SELECT CASE {cases} ELSE '' END, count(*) FROM {table} WHERE {where} GROUP BY 1")
    return dict(map(tuple, rows))
