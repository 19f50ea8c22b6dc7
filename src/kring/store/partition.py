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
    """Accounts in groups; an account that stands in none is a person of its own."""

    groups: tuple[tuple[str, ...], ...]
    """The accounts of each person who has several, in the order in which they were spoken of."""
    held: dict[int, int]
    """For each claim that two are the same and that is held back: the claim that keeps them apart."""

    def group_of(self) -> dict[str, int]:
        """The group of each account that stands in one."""
        return {account: number for number, group in enumerate(self.groups) for account in group}


def partition(us: Iterable[str], same: Iterable[Pair], apart: Iterable[Pair]) -> Partition:
    """The persons that these claims give.

    Takes   our accounts, and the claims that stand, oldest first.
    Costs   O(k log k) for k claims.
    After   union-find with the smaller joined to the larger, Tarjan & van Leeuwen 1984; each group also knows from which others it is kept.
    """
    forest = _Forest()
    ours = list(us)
    for account in ours[1:]:
        forest.join(ours[0], account)
    for pair in apart:
        forest.keep_apart(pair)
    held = {pair.claim: by for pair in same if (by := forest.join(pair.one, pair.other))}
    return Partition(tuple(tuple(group) for group in forest.members.values() if len(group) > 1), held)


class _Forest:
    """Groups of accounts by the one that speaks for each, and from which groups each is kept by which claim."""

    def __init__(self) -> None:
        self.speaker: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}
        self.kept: dict[str, dict[str, int]] = {}

    def find(self, account: str) -> str:
        if account not in self.speaker:
            self.speaker[account], self.members[account], self.kept[account] = account, [account], {}
        return self.speaker[account]

    def keep_apart(self, pair: Pair) -> None:
        one, other = self.find(pair.one), self.find(pair.other)
        if one != other:  # two of us stay one, whatever was said of them
            self.kept[one].setdefault(other, pair.claim)
            self.kept[other].setdefault(one, pair.claim)

    def join(self, a: str, b: str) -> int:
        """Makes one group of the two; gives the claim that forbids it, 0 where none does."""
        one, other = self.find(a), self.find(b)
        if one == other:
            return 0
        if other in self.kept[one]:
            return self.kept[one][other]
        if len(self.members[one]) < len(self.members[other]):
            one, other = other, one
        for account in self.members[other]:
            self.speaker[account] = one
        self.members[one] += self.members.pop(other)
        for third, claim in self.kept.pop(other).items():
            earliest = min(claim, self.kept[one].get(third, claim))
            self.kept[one][third] = self.kept[third][one] = earliest
            del self.kept[third][other]
        return 0
