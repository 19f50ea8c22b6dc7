"""Which accounts are one person: derived from the claims that stand, and from nothing else.

All of us are one. Then each claim that two accounts are the same, oldest first, makes one person of two, unless a claim that two of their
accounts are apart forbids it: it is then held back, and counts again as soon as that is taken back. Nothing else is kept, so whatever was
merged, parted and taken back in whatever order, the persons are those that the claims still standing give when said afresh.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Pair(NamedTuple):
    """A claim about two accounts, by its number."""

    claim: int
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Partition:
    """Accounts in groups; an account of which nothing was said is a person of its own."""

    speaker: dict[str, str]
    """The account that speaks for each one's group."""
    members: dict[str, list[str]]
    """The accounts of each group, by the one that speaks for it."""
    kept: dict[str, dict[str, int]]
    """By speaker, from which other groups each is kept apart, and by which claim."""
    held: dict[int, int]
    """For each claim that two are the same and that is held back: the claim that keeps them apart."""

    def of(self, account: str) -> str:
        """What all accounts of one person have in common."""
        return self.speaker.get(account, account)

    def accounts(self, account: str) -> list[str]:
        """All accounts of the person whose account this is."""
        return self.members.get(self.of(account), [account])

    def apart(self, one: str, other: str) -> int:
        """The claim that keeps these two from being one person, 0 for none."""
        return self.kept.get(self.of(one), {}).get(self.of(other), 0)

    def several(self) -> dict[str, str]:
        """The speaker of each account whose person has several."""
        return {account: speaker for speaker, group in self.members.items() if len(group) > 1 for account in group}


EACH_ITS_OWN = Partition({}, {}, {}, {})
"""Every account a person of its own."""


def partition(us: Iterable[str], same: Iterable[Pair], apart: Iterable[Pair]) -> Partition:
    """The persons that these claims give.

    Takes   our accounts, and the claims that stand, oldest first.
    Costs   O(k log k) for k claims.
    After   union by size, Tarjan & van Leeuwen 1984, with each group's walls beside it.
    """
    made = Partition({}, {}, {}, {})
    ours = list(us)
    for account in ours:
        join(made, ours[0], account)
    for pair in apart:
        _keep_apart(made, pair)
    for pair in same:
        if by := join(made, pair.one, pair.other):
            made.held[pair.claim] = by
    return made


def _find(made: Partition, account: str) -> str:
    if account not in made.speaker:
        made.speaker[account], made.members[account], made.kept[account] = account, [account], {}
    return made.speaker[account]


def _keep_apart(made: Partition, pair: Pair) -> None:
    one, other = _find(made, pair.one), _find(made, pair.other)
    if one != other:  # two of us stay one, whatever was said of them
        made.kept[one].setdefault(other, pair.claim)
        made.kept[other].setdefault(one, pair.claim)


def join(made: Partition, a: str, b: str) -> int:
    """Makes one group of the two, in `made`; gives the claim that forbids it, 0 where none does."""
    one, other = _find(made, a), _find(made, b)
    if one == other or other in made.kept[one]:
        return made.kept[one].get(other, 0)
    if len(made.members[one]) < len(made.members[other]):
        one, other = other, one
    for account in made.members[other]:
        made.speaker[account] = one
    made.members[one] += made.members.pop(other)
    for third, claim in made.kept.pop(other).items():
        earliest = min(claim, made.kept[one].get(third, claim))
        made.kept[one][third] = made.kept[third][one] = earliest
        del made.kept[third][other]
    return 0
