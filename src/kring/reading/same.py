"""Are two accounts one person's? A reading of what they call themselves: how sure, and because of what. Nobody is merged by it.

Pairs are looked at that share something: a link, an address, a telephone number, a name, a handle. What says most of what
a pair shares gives the odds that it is one person; each further thing multiplies them (naive Bayes, which takes them for independent: where
they are not, as a handle made of a name, the factor is small).

    link, address, telephone    STRONG: of pairs that share it, so many are one person for each that is not
    name, handle                somebody who is on both networks and kept it, against strangers who go by it there

Strangers who go by a name are Poisson, around: people on that network, times the share of its given name, times the share of its family name,
plus NAMESAKES for fathers and sons and whatever the shares don't know. Where several there bear it, each is as likely to be meant. How many
people are on both networks is told by the data: by how many more names return than strangers' would.

A name alone never speaks for two names in chats: there it is what somebody's telephone calls them.

After   Fellegi & Sunter 1969 (odds); Newcombe 1959 and Winkler 1989 (a common name says less).
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import msgspec

VERSION = "same 1"
RULES = ("same-link", "same-address", "same-telephone", "same-name", "same-handle")
STRONG: Mapping[str, float] = {"same-link": 99.0, "same-address": 49.0, "same-telephone": 3.0}
"""To one: a telephone is the household's more often than an address is, and a link is of one's own making."""
FURTHER: Mapping[str, float] = {"same-link": 30.0, "same-address": 30.0, "same-telephone": 10.0, "same-name": 6.0, "same-handle": 4.0}
"""What each thing multiplies the odds by that is shared beside what says most."""
OTHER_NAME = 1 / 20
"""… and that both bear a full name, and not the same."""
SAME_NETWORK = 0.02
"""Share of people who have two accounts on one network."""
KEEPS: Mapping[str, float] = {"same-name": 0.8, "same-handle": 0.6}
"""Of people on both networks: share who go by the same there."""
NAMESAKES, HANDLE_STRANGERS = 0.02, 0.03
PRIOR_SHARE, PRIOR_PEOPLE = 0.3, 5
"""Before the data say how many are on both networks: so many, as sure as if so many people had been asked."""
MOST_ALIKE = 12
"""What more accounts share than this (info@…, "Admin") is no sign of a person."""
FEDIVERSE = ("mastodon",)
"""There "anna@social.example" is a handle, not an address."""
_PHONE = re.compile(r"(?:\+|00)[\d\s().\-\u00a0\u202f\u2011]{7,24}\d")
_MAIL = re.compile(r"[^\s@<>:/,;]+@[^\s@<>:/,;]+\.[^\s@<>:/,;]+")


@dataclass(frozen=True, slots=True)
class Known:
    """What an account calls itself."""

    id: str
    handle: str = ""
    name: str = ""
    url: str = ""
    written: bool = False
    """It has no id of its network's own: a name as a chat writes it."""

    @property
    def network(self) -> str:
        return self.id.partition(":")[0]


class Alike(msgspec.Struct, frozen=True):
    """Two accounts that may be one person's."""

    one: str
    other: str
    p: float
    rule: str
    """What speaks for it most: what a person agrees to, and may take back as a whole."""
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Signs:
    """What an account shares with others, by rule, in one spelling."""

    account: Known
    signs: Mapping[str, frozenset[str]]

    def one(self, rule: str) -> str:
        return next(iter(self.signs[rule]), "")


def alike(accounts: Sequence[Known], *, least: float = 0.0) -> list[Alike]:
    """Pairs of accounts that are one person's with probability `least` or more, the surest first.

    Costs   O(n log n) time for n accounts: only pairs that share something are looked at, and nothing that more than MOST_ALIKE share.
    """
    signs = [_signs(account) for account in accounts]
    crowd = _Crowd(signs)
    found = (crowd.judge(a, b) for a, b in _pairs(signs))
    return sorted((each for each in found if each is not None and each.p >= least), key=lambda each: (-each.p, each.one, each.other))


def _signs(account: Known) -> _Signs:
    name, handle = spelled(account.name), _handle(account)
    told = " ".join((account.handle, account.name, account.id.partition(":")[2]))
    return _Signs(
        account,
        {
            "same-link": frozenset(link for each in (account.url, account.id.partition(":")[2]) if (link := _link(each))),
            "same-address": frozenset(() if account.network in FEDIVERSE else map(str.casefold, _MAIL.findall(told))),
            "same-telephone": frozenset(_digits(each) for each in _PHONE.findall(told)),
            "same-name": frozenset([name] if name and not _PHONE.search(account.name) and "@" not in account.name else []),
            "same-handle": frozenset([handle] if len(handle) >= 4 else []),
        },
    )


def folded(text: str) -> str:
    """Text in small letters and without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))


def spelled(name: str) -> str:
    """A name in one spelling: folded, and without marks."""
    return " ".join(re.sub(r"[^\w]+", " ", folded(name)).split())


def _handle(account: Known) -> str:
    """The handle without its network: what stands before the @ of an address too."""
    return re.sub(r"[\W_]+", "", spelled(account.handle.removeprefix("@").partition("@")[0]))


def _link(text: str) -> str:
    found = re.fullmatch(r"https?://(?:www\.)?(.+?)/*", text.strip(), re.IGNORECASE)
    return found[1].casefold() if found else ""


def _digits(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("00")


def _pairs(signs: Sequence[_Signs]) -> Iterator[tuple[_Signs, _Signs]]:
    """Pairs that share something, each once."""
    seen: set[tuple[int, int]] = set()
    for rule in RULES:
        groups = defaultdict(list)
        for number, each in enumerate(signs):
            for sign in each.signs[rule]:
                groups[sign].append(number)
        for group in groups.values():
            if 2 <= len(group) <= MOST_ALIKE:
                seen.update(combinations(group, 2))
    for a, b in sorted(seen):
        yield signs[a], signs[b]


class _Crowd:
    """How common names and handles are, and how many people are on two networks at once."""

    def __init__(self, signs: Sequence[_Signs]) -> None:
        self.people = Counter(each.account.network for each in signs)
        self.bear = {rule: _bearers(signs, rule) for rule in KEEPS}
        names = [name for bearers in self.bear["same-name"].values() for name in bearers.elements()]
        self.named = max(1, len(names))
        self.given = Counter(name.partition(" ")[0] for name in names)
        self.family = Counter(name.partition(" ")[2] for name in names)
        self.shares: dict[tuple[str, str, str], float] = {}

    def judge(self, a: _Signs, b: _Signs) -> Alike | None:
        """How sure it is that the two are one person, and why; None where nothing may speak for it."""
        shared = [rule for rule in RULES if a.signs[rule] & b.signs[rule]]
        if not shared or (a.account.written and b.account.written and shared[0] not in STRONG):
            return None
        alone = {rule: STRONG.get(rule) or self._odds(rule, a, b) for rule in shared}
        first = max(shared, key=alone.__getitem__)
        odds = alone[first]
        for rule in shared:
            odds *= FURTHER[rule] if rule != first else 1
        because = [self._because(rule, a, b) for rule in shared]
        if _contradict(a.one("same-name"), b.one("same-name")):
            odds *= OTHER_NAME
            because.append("but they bear different full names")
        return Alike(a.account.id, b.account.id, odds / (1 + odds), first, tuple(because))

    def _odds(self, rule: str, a: _Signs, b: _Signs) -> float:
        """That b is a, and no stranger: the larger network's strangers and bearers count."""
        sign, one, other = a.one(rule), a.account.network, b.account.network
        bearers = max(self.bear[rule][network][sign] for network in (one, other)) - (one == other)
        strangers = max(self._strangers(rule, sign, network) for network in (one, other))
        kept = KEEPS[rule] * (SAME_NETWORK if one == other else self._share(rule, *sorted((one, other))))
        there = kept / (1 - kept) * bearers / strangers
        p = there / (1 + there) / bearers
        return p / (1 - p)

    def _strangers(self, rule: str, sign: str, network: str) -> float:
        """How many people there are expected to go by it by chance."""
        if rule == "same-handle":
            return self.people[network] * self.given[sign] / self.named + HANDLE_STRANGERS
        given, _, family = sign.partition(" ")
        share = self._share_of(self.given[given]) * (self._share_of(self.family[family]) if family else 1.0)
        return self.people[network] * share + NAMESAKES

    def _share_of(self, bearers: int) -> float:
        """The share of a part of a name, without one of the two that are compared."""
        return max(bearers - 1, 0.5) / self.named

    def _share(self, rule: str, one: str, other: str) -> float:
        """The share of the people of the network of fewer who are on the other too: names that return, less those that would by chance."""
        if (rule, one, other) not in self.shares:
            fewer, more = sorted((one, other), key=lambda network: len(self.bear[rule][network]))
            returned = [sign for sign in self.bear[rule][fewer] if sign in self.bear[rule][more]]
            by_chance = sum(min(1.0, self._strangers(rule, sign, more)) for sign in self.bear[rule][fewer])
            known = max(0.0, len(returned) - by_chance) / KEEPS[rule]
            n = len(self.bear[rule][fewer])
            self.shares[rule, one, other] = min(0.95, (known + PRIOR_SHARE * PRIOR_PEOPLE) / (n + PRIOR_PEOPLE))
        return self.shares[rule, one, other]

    def _because(self, rule: str, a: _Signs, b: _Signs) -> str:
        sign = min(a.signs[rule] & b.signs[rule])
        if rule in STRONG:
            return f"the same {rule.removeprefix('same-')}: {sign}" + (" (families share one)" if rule == "same-telephone" else "")
        bearers = max(self.bear[rule][each.account.network][sign] for each in (a, b))
        common = f", which {bearers} accounts of one network bear" if bearers > 1 else ""
        return f"the same {rule.removeprefix('same-')} on {_and(a.account.network, b.account.network)}: {sign}{common}"


def _bearers(signs: Sequence[_Signs], rule: str) -> Mapping[str, Counter[str]]:
    """By network, how many accounts go by each name or handle."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in signs:
        found[each.account.network].update(each.signs[rule])
    return found


def _and(one: str, other: str) -> str:
    return f"{one} twice" if one == other else f"{one} and {other}"


def _contradict(one: str, other: str) -> bool:
    """Two full names that differ, also in more than one being a part of the other ("Anna", "Anna de Vries")."""
    return " " in one and " " in other and not (set(one.split()) <= set(other.split()) or set(other.split()) <= set(one.split()))
