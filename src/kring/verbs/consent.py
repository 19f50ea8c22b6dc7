"""Consent: what people said of being read, quoted and written to; who may have objected; and why something counts or doesn't."""

from typing import TYPE_CHECKING

import msgspec

from kring import measures
from kring.errors import UsageError
from kring.store import consent, fetch, ledger, why
from kring.store.claims import persons
from kring.store.consent import ANSWERS, Said
from kring.store.open import reading, writing
from kring.store.why import Verdict
from kring.verbs.inputs import OURS
from kring.verbs.person import the_account

if TYPE_CHECKING:
    from kring.kring import Circle


def accounts_of(circle: "Circle", who: str) -> list[str]:
    """All accounts of the person meant; see `person.the_account`."""
    id = the_account(circle, who)
    with reading(circle.engine) as connection:
        return list(persons(connection).accounts(id))


def say(circle: "Circle", who: str, answer: str, *, scope: str = "all", evidence: str = "", all_accounts: bool = False) -> Said:
    """Writes down what somebody answered; figures follow at once.

    Takes   `scope`: all, a network, a place (id or name), contact, quote; `evidence`: where and how they said so; `all_accounts`: written down for
            each of the person's accounts, so that it also takes back what another of them said.
    Gives   what was written down; it doesn't stand where another account of theirs said no.
    Fails   UsageError if there is no such person, answer or scope.
    """
    if answer not in ANSWERS:
        raise UsageError(f'"{answer}" is no answer.', next=f"Answers: {', '.join(ANSWERS)}.")
    id = the_account(circle, who)
    with writing(circle.engine) as connection:
        known = consent.scope_of(connection, scope)
        others = [other for other in persons(connection).accounts(id) if other != id] if all_accounts else []
        numbers = [consent.answer(connection, each, known, answer, evidence) for each in (*others, id)]
        return next(each for each in consent.log(connection, [id]) if each.number == numbers[-1])


def consents(circle: "Circle", who: str) -> list[Said]:
    """All that somebody answered, oldest first."""
    accounts = accounts_of(circle, who)
    with reading(circle.engine) as connection:
        return consent.log(connection, accounts)


def objections(circle: "Circle") -> list[fetch.PostLine]:
    """Posts to us in which somebody may object, for a person to read; nothing is decided by them."""
    with reading(circle.engine) as connection:
        return consent.may_object(connection)


def _account(circle: "Circle", item: str) -> str:
    if item.strip() and not ledger.accounts_like(circle.engine, item):
        raise UsageError(
            f'"{item}" is no post, act or account in this circle.', next="`kring posts` lists posts with their ids, `kring people` people."
        )
    return the_account(circle, item)


def explain(circle: "Circle", item: str) -> list[Verdict]:
    """Whether a post, act or account counts: for each purpose, by which rule, on which evidence, in which figures.

    Fails   UsageError if there is nothing of that id, handle or name.
    """
    with reading(circle.engine) as connection:
        found = why.find(connection, item)
    id = "" if found else _account(circle, item)
    with reading(circle.engine) as connection:
        others = [other for other in persons(connection).accounts(id) if other != id] if id else []
        said = why.verdicts(connection, found or why.account(connection, id, others))
    ours = tuple(name for name in measures.MEASURES if name in OURS)
    rest = tuple(name for name in measures.MEASURES if name not in OURS)
    figures = {"our": ours, "fig": rest}
    return [msgspec.structs.replace(each, measures=figures.get(each.purpose[:3], ())) for each in said]
