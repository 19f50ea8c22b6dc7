"""Person: who has several accounts, and what was said of somebody."""

from typing import TYPE_CHECKING

import msgspec

from kring.errors import UsageError
from kring.reading.same import folded
from kring.store import consent, fetch, ledger
from kring.store.claims import Claim, claims, persons
from kring.store.fetch import PersonLine
from kring.store.gate import gate
from kring.store.open import reading
from kring.store.partition import EACH_ITS_OWN

if TYPE_CHECKING:
    from kring.kring import Circle


class Shown(msgspec.Struct, frozen=True):
    """Somebody, and all that was said of them."""

    person: PersonLine
    accounts: tuple[PersonLine, ...]
    claims: tuple[Claim, ...]
    """Of these accounts, oldest first, also those taken back."""
    held: dict[int, int]
    """For a claim of theirs that is held back: the claim that keeps the two apart."""
    consents: tuple[consent.Said, ...] = ()
    """What they said of being read, quoted and written to, as far as it stands."""


def several(circle: "Circle", *, limit: int | None = 50) -> list[PersonLine]:
    """People who have several accounts, those who said most first."""
    with reading(circle.engine) as connection:
        return fetch.list_people(connection, gate("ours"), limit=limit, several=True)


def show(circle: "Circle", who: str) -> Shown:
    """Somebody's accounts and the claims about them."""
    account = the_account(circle, who)
    with reading(circle.engine) as connection:
        (person,) = fetch.people_by_id(connection, gate("ours"), [account])
        said = [each for each in claims(connection, standing=False) if {each.subject, each.object} & set(person.accounts)]
        now = persons(connection)
        return Shown(
            person,
            tuple(fetch.people_by_id(connection, gate("ours"), list(person.accounts), EACH_ITS_OWN)),
            tuple(said),
            {each.number: now.held[each.number] for each in said if each.number in now.held},
            tuple(each for each in consent.log(connection, person.accounts) if each.stands),
        )


def find(circle: "Circle", words: str, *, limit: int | None = 50) -> list[PersonLine]:
    """People of whom each of the words is a part of some account's name, handle or id, whatever its accents and capitals.

    Fails   UsageError if there is nothing to look for.
    """
    wanted = [word for each in words.split() if (word := folded(each))]
    if not wanted:
        raise UsageError("There is nothing to look for.", next="Give a part of a name, handle or id.")
    with reading(circle.engine) as connection:
        now = persons(connection)
        told: dict[str, str] = {}
        for line in fetch.account_lines(connection, everybody=True):
            told[now.of(line.id)] = f"{told.get(now.of(line.id), '')} {folded(f'{line.id} {line.handle} {line.name}')}"
        ids = [speaker for speaker, text in told.items() if all(word in text for word in wanted)]
        found = fetch.people_by_id(connection, gate("ours"), ids)
    return sorted(found, key=lambda person: -person.posts)[:limit]


def the_account(circle: "Circle", wanted: str) -> str:
    """The account that is meant by an id, handle or name; where several fit that are all one person's, the first of them.

    Fails   UsageError if none fits, or accounts of more than one person do; the message lists them.
    """
    if not wanted.strip():  # many accounts have no handle or name: an empty word would fit them
        raise UsageError("No account was given.", next="Give an id, handle or name as `kring people` shows it.")
    found = ledger.accounts_like(circle.engine, wanted)
    if not found:
        raise UsageError(f'"{wanted}" is not an account in this circle.', next=f"Look for it with `kring people --find {wanted!r}`.")
    if len(found) > 1:
        with reading(circle.engine) as connection:
            now = persons(connection)
        if len({now.of(id) for id in found}) > 1:
            raise UsageError(f'"{wanted}" fits {len(found)} accounts: {", ".join(found[:8])}.', next="Give the id as it stands here.")
    return found[0]
