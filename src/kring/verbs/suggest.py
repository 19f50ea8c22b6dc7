"""Suggest: which accounts may be one person's, how sure, and why; nobody is merged by it."""

from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from kring.errors import UsageError
from kring.reading.same import Alike, Known, alike
from kring.store import fetch
from kring.store.claims import persons
from kring.store.fetch import PersonLine
from kring.store.gate import gate
from kring.store.open import reading
from kring.store.partition import Partition, join
from kring.verbs.consent import accounts_of
from kring.verbs.merge import carry_out, merging, parting

if TYPE_CHECKING:
    from kring.kring import Circle

LEAST = 0.8
"""How sure a suggestion is at least, unless asked otherwise."""


class Suggestion(msgspec.Struct, frozen=True):
    """Two people who may be one."""

    one: PersonLine
    other: PersonLine
    accounts: tuple[str, str]
    """The accounts that are alike, one of each."""
    p: float
    rule: str
    because: tuple[str, ...]


def suggest(circle: "Circle", *, least: float = LEAST, limit: int | None = 50) -> list[Suggestion]:
    """People who may be one, the surest first; none that were said to be apart, and each group of accounts by as few pairs as join it.

    Fails   UsageError if `least` is no probability.
    """
    if not 0 <= least <= 1:
        raise UsageError(f"{least:g} is not a probability.", next="Give one between 0 and 1, as --least 0.9.")
    with reading(circle.engine) as connection:
        now = persons(connection)
        pairs = alike([_known(line) for line in fetch.account_lines(connection)], least=least)
        found = list(islice((pair for pair in pairs if _is_new(now, pair)), limit))
        ids = list(dict.fromkeys(id for pair in found for id in (pair.one, pair.other)))
        lines = dict(zip(ids, fetch.people_by_id(connection, gate("ours"), ids), strict=True))
    return [Suggestion(lines[p.one], lines[p.other], (p.one, p.other), p.p, p.rule, p.because) for p in found]


def likely(circle: "Circle", who: str, *, least: float = LEAST) -> list[Suggestion]:
    """Others who may be the same person as somebody, the surest first: what is said of one of them may have to be said of those too.

    Fails   UsageError if there is no such person.
    """
    mine = set(accounts_of(circle, who))
    with reading(circle.engine) as connection:
        now = persons(connection)
        pairs = alike([_known(line) for line in fetch.account_lines(connection)], least=least)
        found = [pair for pair in pairs if len({pair.one, pair.other} & mine) == 1 and now.of(pair.one) != now.of(pair.other)]
        others: dict[str, Alike] = {}
        for pair in found:
            if not join(now, pair.one, pair.other):
                others.setdefault(now.of(pair.other if pair.one in mine else pair.one), pair)
        ids = [who for pair in others.values() for who in ((pair.one, pair.other) if pair.one in mine else (pair.other, pair.one))]
        lines = fetch.people_by_id(connection, gate("ours"), ids)
    return [
        Suggestion(one, other, (pair.one, pair.other), pair.p, pair.rule, pair.because)
        for one, other, pair in zip(lines[::2], lines[1::2], others.values(), strict=True)
    ]


def answer(circle: "Circle", suggestion: Suggestion, *, same: bool) -> list[int]:
    """Says of two who may be one that they are, with what spoke for it as the reason; or that they aren't.

    Fails   UsageError if somebody said meanwhile what forbids it.
    """
    if same:
        return carry_out(circle, merging(circle, suggestion.accounts, reason="; ".join(suggestion.because), rule=suggestion.rule))
    return carry_out(circle, parting(circle, *suggestion.accounts, reason=f"not so: {'; '.join(suggestion.because)}", rule=suggestion.rule))


def _is_new(now: Partition, pair: Alike) -> bool:
    """Neither one already nor apart; those that were said to be alike are taken for one from then on."""
    return now.of(pair.one) != now.of(pair.other) and not join(now, pair.one, pair.other)


def _known(line: fetch.AccountLine) -> Known:
    """An account whose id ends in its own name, and that has no handle, is a name as a chat writes it."""
    return Known(line.id, line.handle, line.name, line.url, written=bool(line.name) and not line.handle and line.id.endswith(line.name))
