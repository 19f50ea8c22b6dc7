"""Us: which accounts are our own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kring.errors import UsageError
from kring.store import ledger
from kring.store.claims import tell_the_gate
from kring.store.ledger import Claimed
from kring.store.open import writing
from kring.verbs.consent import accounts_of
from kring.verbs.person import the_account

if TYPE_CHECKING:
    from kring.kring import Circle


def us(circle: "Circle") -> list[Claimed]:
    """The accounts that are our own."""
    return ledger.us(circle.engine)


def ours_of(circle: "Circle", who: str) -> list[str]:
    """Which of somebody's accounts are our own.

    Fails   UsageError if there is no such person.
    """
    ours = {claimed.subject for claimed in us(circle)}
    return [account for account in accounts_of(circle, who) if account in ours]


def add(circle: "Circle", accounts: Sequence[str], *, named: str = "", reason: str = "") -> list[str]:
    """Says that these accounts are our own, and all that go by the name `named`; gives the ids that were not yet.

    Fails   UsageError if an account is not in the circle, or what was given fits more than one.
    """
    ids = [the_account(circle, account) for account in accounts]
    if named:
        same = ledger.accounts_named(circle.engine, named)
        if not same:
            raise UsageError(f'No account goes by the name "{named}".', next=f"Look for it with `kring people --find {named!r}`.")
        ids += same
    if not ids:
        raise UsageError("No account was given.", next="Give an id, handle or name as `kring people` shows it, or --named NAME.")
    added = ledger.add_us(circle.engine, ids, reason)
    _tell_the_gate(circle)
    return added


def remove(circle: "Circle", accounts: Sequence[str]) -> list[str]:
    """Takes back that these accounts are our own."""
    ids = [the_account(circle, account) for account in accounts]
    gone = ledger.remove_us(circle.engine, ids)
    if not gone:
        raise UsageError(f"{', '.join(ids)} was not one of us.", next="`kring us list` shows who is.")
    _tell_the_gate(circle)
    return gone


def _tell_the_gate(circle: "Circle") -> None:
    """All of us are one, so who is one person with whom may be another now."""
    with writing(circle.engine) as connection:
        tell_the_gate(connection)
