"""Pseudonyms: records without who it was. Each export has a new key that nobody keeps, so that two exports can't be laid beside each other.

Names, handles, addresses, the words (or in them names, handles, phone numbers, IBANs and mail addresses), scores and the order of everything go; of
times only the week, month, quarter or year is left (`coarse.py`). Who is tied to whom stays, and often that is enough to know somebody again: the
page beside the export says so, and `docs/privacy.md` how often. `tests/verbs/test_pseudonyms.py` is the attack.
"""

import hmac
import re
import secrets
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kring.graph import Graph
from kring.graph.build import like
from kring.graph.order import renumbered
from kring.schema import FEWEST_PEOPLE, Account, Event, Media, Membership, Place, Post, Record, Scope
from kring.verbs.coarse import NOTHING, Told, coarse

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_ALONE = re.compile(r"^([^\w\n]*)(\w+(?:['’-]\w+)*)(?=[^\w\n]*$)", re.MULTILINE)
"""A line of one word, as under a letter."""
_MASKS = (
    ("[address]", re.compile(r"https?://\S+|www\.\S+")),
    ("[handle]", re.compile(r"(?<![\w.+-])@\w[\w.-]*(?:@[\w.-]+)?")),
    ("[mail]", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("[IBAN]", re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]{4}){2,7}(?:[ ]?[A-Za-z0-9]{1,4})?\b")),
    ("[number]", re.compile(r"(?<!\w)\+?\(?\d[\d\s().\u2010\u2011/-]{6,}\d")),
)
WARNING = (
    "WARNING: this is not anonymous. Who is tied to whom is still in it, and whoever knows how many contacts somebody has, and how many those have, can"
    " often tell which pseudonym is theirs. Treat it as personal data; give it only to those who promise not to try, and don't publish it."
)
TRIED = (
    "It was tried on a fictional town of 300 residents. Who knows how many contacts each person has finds 69 of 565 people (12%; 95% interval 10% to 15%);"
    " who also knows how many contacts each of these has finds 538 of 565 people (95%; 95% interval 93% to 97%).",
    "In an export of that town, who knows of one period in which somebody did something, what it was and where, finds 0 of 605 people (0%; 95% interval 0%"
    " to 1%); of the two periods that tell most, 249 of 605 people (41%; 95% interval 37% to 45%); of all periods that are told, 343 of 605 people (57%;"
    " 95% interval 53% to 61%).",
)
"""How often it was tried and how many were found, as `docs/privacy.md` says it too."""


def said_of_records(period: str) -> tuple[str, ...]:
    """What a page beside an export says of it."""
    return (
        "Names are replaced by pseudonyms made with a key that nobody kept; another export has others.",
        f"A time is the first day of its {period} (UTC). It is told where at least ten people wrote, or did the same, in the same place in that {period};"
        " elsewhere there is none. Places with fewer than ten people are not told apart, and nothing stands in the order in which it came.",
        WARNING,
        *TRIED,
    )


def said_of_network(period: str) -> tuple[str, ...]:
    """What a page beside a network says of it."""
    return (
        "Names are replaced by pseudonyms made with a key that nobody kept; another network file has others.",
        f"First and Last are the first day of a {period} (UTC), told where ties of at least ten people began, or ended, in that {period}; elsewhere there is"
        " none. Which network somebody is from is told only where ten people or more are; people stand in no order that tells anything.",
        WARNING,
        *TRIED,
    )


class Pseudonyms:
    """A function from records to records without who it was."""

    def __init__(self, names: Iterable[str], small_places: Iterable[str], *, masked_text: bool, told: Told = NOTHING) -> None:
        self._key = secrets.token_bytes(32)
        self.told = told
        self._masked_text = masked_text
        self._small = set(small_places)
        full = {" ".join(_WORD.findall(name)).casefold() for name in names} - {""}
        self._first = {name.split()[0] for name in full}
        self._names = full | {name.split()[0] for name in full if len(name.split()[0]) > 2}
        self._longest = min(5, max((name.count(" ") + 1 for name in self._names), default=0))

    def id(self, id: str) -> str:
        """The pseudonym of an account, post or place; the network in front stays."""
        if not id:
            return ""
        digest = hmac.digest(self._key, id.encode("utf-8", "replace"), "sha256")[:10]
        return f"{id.partition(':')[0]}:{b32encode(digest).decode().lower()}"

    def record(self, record: Record) -> Record | None:
        """A record without who it was; None for one that would tell."""
        if isinstance(record, Account):
            return Account(id=self.id(record.id), kind=record.kind)
        if isinstance(record, Place):
            return None if record.id in self._small else Place(id=self.id(record.id), kind=record.kind)
        if isinstance(record, Membership):
            return None if record.place in self._small else Membership(account=self.id(record.account), place=self.id(record.place))
        if isinstance(record, Post):
            return self._post(record)
        return None if isinstance(record, Scope) else self._event(record)

    def _post(self, post: Post) -> Post:
        kept: dict[str, Any] = {"text": self.text(post.text), "title": self.text(post.title), "tags": tuple(map(self.text, post.tags))}
        return Post(
            id=self.id(post.id),
            kind=post.kind,
            author=self.id(post.author),
            at=(at := self.told.at(self.kind(post), post.at)),
            zone="UTC" if at is not None else "",
            language=post.language,
            reply_to=self.id(post.reply_to),
            thread=self.id(post.thread),
            place=self._place(post.place),
            visibility=post.visibility,
            mentions=tuple(map(self.id, post.mentions)),
            media=tuple(Media(kind=each.kind) for each in post.media),
            edited=post.edited,
            **kept if self._masked_text else {},
        )

    def _event(self, event: Event) -> Event | None:
        if event.object_kind == "place" and event.object in self._small:
            return None
        at = self.told.at(self.kind(event), event.at)
        plain = msgspec.structs.replace(event, id="", text="", offset_s=None, zone="UTC" if at is not None else "", at=at)
        ids = {name: self.id(getattr(event, name)) for name in ("actor", "object", "receiver")}
        return msgspec.structs.replace(plain, **ids, place=self._place(event.place))

    def _place(self, place: str) -> str:
        return "" if place in self._small else self.id(place)

    def kind(self, record: Post | Event) -> tuple[str, str, str]:
        """What a record shows beside its time: what was done, in which network and in which place."""
        place = record.place or (record.object if isinstance(record, Event) and record.object_kind == "place" else "")
        what, id = ("post", record.id) if isinstance(record, Post) else (record.verb, record.actor or record.object)
        return what, _origin(id), "" if place in self._small else place

    def text(self, text: str) -> str:
        """A text with what points at somebody masked: people known here by name, and what looks like an address or a number."""
        for mask, pattern in _MASKS:
            text = pattern.sub(mask, text)
        words = list(_WORD.finditer(text))
        spans: list[tuple[int, int]] = []
        i = 0
        while i < len(words):
            n = next((n for n in range(self._longest, 0, -1) if self._is_name(words[i : i + n], n)), 0)
            if n:
                spans.append((words[i].start(), words[i + n - 1].end()))
            i += n or 1
        for start, end in reversed(spans):
            text = f"{text[:start]}[name]{text[end:]}"
        return _ALONE.sub(lambda line: f"{line[1]}[name]" if line[2].casefold() in self._first else line[0], text)

    def _is_name(self, words: list[re.Match[str]], n: int) -> bool:
        """A full name as it is; a first name only with a capital: many are also words."""
        if len(words) < n or (n == 1 and not words[0][0][:1].isupper()):
            return False
        return " ".join(word[0].casefold() for word in words) in self._names


def without_names(records: Callable[[str], Iterable[Record]], pseudonyms: Pseudonyms) -> Callable[[str], Iterator[Record]]:
    """The same records of each kind, pseudonymous, accounts and memberships in the order of these."""

    def mapped(kind: str) -> Iterator[Record]:
        made = (made for each in records(kind) if (made := pseudonyms.record(each)) is not None)
        if kind in ("account", "membership"):
            yield from sorted(made, key=msgspec.json.encode)
        else:
            yield from made

    return mapped


def network_without_names(graph: Graph) -> tuple[Graph, str]:
    """The same people and ties under pseudonyms of a new key, in the order of these, with periods for times and without anything told of people.

    Where somebody comes from (the word before the colon) is told only where ten people or more do.

    Gives   the graph, and which period its times tell.
    """
    made = Pseudonyms((), (), masked_text=False)
    ids = [graph.id_of(node) for node in range(graph.n)]
    untold = _untold(Counter(_origin(id) for id in ids))
    called = [f"person:{made.id(id).partition(':')[2]}" if _origin(id) in untold else made.id(id) for id in ids]
    order = np.array(sorted(range(graph.n), key=called.__getitem__), np.int64)
    ordered = renumbered(graph, order)
    times, period = _coarse_times(ordered, [_origin(called[node]) for node in order])
    return like(ordered, ids=[called[node] for node in order], labels={}, **times), period


def _coarse_times(graph: Graph, origins: list[str]) -> tuple[dict[str, NDArray[np.int64]], str]:
    """The first and the last time of each tie as coarse as ten people who reach out from there need; both in the same periods."""
    at = {name: times for name in ("first_at", "last_at") if (times := getattr(graph, name)) is not None}
    if not at:
        return {}, "year"
    source = np.repeat(np.arange(graph.n), np.diff(graph.offsets))
    _, origin = np.unique(np.array(origins), return_inverse=True)
    kind = np.concatenate([k * graph.n + origin[source] for k in range(len(at))])
    made = coarse(np.concatenate(list(at.values())), np.tile(source, len(at)), kind)
    return dict(zip(at, np.split(made.at, len(at)), strict=True)), made.period


def _origin(id: str) -> str:
    return id.partition(":")[0]


def _untold(people_from: Mapping[str, int]) -> set[str]:
    """The smallest, until those that are left have ten people each, and so do these together."""
    untold: set[str] = set()
    together = 0
    for n, origin in sorted((n, origin) for origin, n in people_from.items()):
        if n >= FEWEST_PEOPLE and not 0 < together < FEWEST_PEOPLE:
            break
        untold.add(origin)
        together += n
    return untold


def small_places(people_in: Mapping[str, int]) -> set[str]:
    """Places in which fewer than ten people wrote; and if that leaves one untold, the smallest of the others, so that it doesn't follow from the rest."""
    small = {place for place, n in people_in.items() if n < FEWEST_PEOPLE}
    rest = sorted((n, place) for place, n in people_in.items() if place not in small)
    return small | {rest[0][1]} if len(small) == 1 and rest else small
