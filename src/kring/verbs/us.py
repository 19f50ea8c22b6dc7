"""Us: which accounts are our own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kring.errors import UsageError
from kring.store import ledger
from kring.store.ledger import Claimed

if TYPE_CHECKING:
    from kring.kring import Circle


def us(circle: "Circle") -> list[Claimed]:
    """The accounts that are our own."""
    return ledger.us(circle.engine)


def add(circle: "Circle", accounts: Sequence[str], reason: str = "") -> list[str]:
    """Says that these accounts are our own; gives the ids that were not yet.

    Fails   UsageError if an account is not in the circle, or a name fits more than one.
    """
    return ledger.add_us(circle.engine, [_the_one(circle, account) for account in accounts], reason)


def remove(circle: "Circle", accounts: Sequence[str]) -> list[str]:
    """Takes back that these accounts are our own."""
    ids = [_the_one(circle, account) for account in accounts]
    gone = ledger.remove_us(circle.engine, ids)
    if not gone:
        raise UsageError(f"{', '.join(ids)} was not one of us.", next="`kring us list` shows who is.")
    return gone


def _the_one(circle: "Circle", wanted: str) -> str:
    found = ledger.accounts_like(circle.engine, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f'"{wanted}" fits {len(found)} accounts: {", ".join(found[:8])}.', next="Give the id as it stands here.")
    raise UsageError(f'"{wanted}" is not an account in this circle.', next=f"Look for it with `kring people --find {wanted!r}`.")
