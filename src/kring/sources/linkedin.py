"""Reads the tables (CSV) that LinkedIn gives its people with "Get a copy of your data": connections, messages, posts, comments, reactions.

    Profile.csv                 whose export it is
    Connections.csv             with whom they are connected, since which day; a note stands before the header
    Invitations.csv             who invited whom, with which words
    messages.csv                conversations
    Shares.csv, Comments.csv, Reactions.csv, InstantReposts.csv     what they wrote and shared, and what they reacted to, by its address
    Contacts.csv, ImportedContacts.csv      the address book: left out, and so is all else (positions, skills, advertisements, searches …)

LinkedIn names the files at https://www.linkedin.com/help/linkedin/answer/a1339364 and documents no columns; these follow exports as their
readers see them. Headers are in the owner's language, mostly; times are written in three ways, of which one changes with the language
(`linkedin_dates`). Comments write a quote inside a cell as \\", the others as "", and Shares puts quotes around each line break.

A person is known by the address of the profile ("linkedin:in/anna-bakker"), else by name. Whose export it is says the profile by name; the
address to it is found where one person sent the outgoing and got the incoming invitations, or takes part in all conversations.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from kring.schema import Account, Asked, Event, Item, Media, Membership, Note, Place, Post, Record, Scope, Unread, Verb, Visibility
from kring.sources.linkedin_dates import is_numbers, month_first, time_of
from kring.sources.linkedin_tables import Table, is_archive, table_of
from kring.sources.linkedin_words import account_id, is_profile, plain_of, receivers, tagged, taking_part, thing_id, things_in, unwrapped
from kring.sources.losses import Losses
from kring.sources.made_ids import Ids
from kring.sources.moment import Moment
from kring.sources.zones import Zone
from kring.wire import Page, rows, text_encoding

TITLE = "LinkedIn"
READS = "connections, invitations, messages, posts, comments, reactions (CSV tables, headers in any language)"
LACKS = "whose post a comment or reaction is on; times of day of connections; what others answered; zones of some times"
PROVEN = "connections (English, German), invitations and messages of an export of made-up people; comments and reactions not yet"

_AGAIN = "Ask LinkedIn for a copy of your data again (Settings, Data privacy) and import that: nothing is counted twice."
_WHOSE = (
    "Import it together with the Profile.csv of the same export, or say whose it is: --as linkedin:NAME (or the address of the profile)."
)
_REACTIONS = {
    "LIKE": "👍",
    "PRAISE": "👏",
    "EMPATHY": "❤️",
    "APPRECIATION": "🫶",
    "INTEREST": "💡",
    "ENTERTAINMENT": "😄",
    "MAYBE": "🤔",
}
"""LinkedIn's names of what its buttons show: like, celebrate, love, support, insightful, funny, curious."""
_LEFT_OUT = {
    "contacts": "the address book",
    "importedcontacts": "the address book",
    "rich_media": "pictures and films",
}
_OWNERS = ("connections", "comments", "reactions", "shares", "instantreposts")
"""Tables that don't say whose they are."""
_PEOPLE = ("from url", "from", "to urls", "to")
_SIDES = (*_PEOPLE, "to url", "direction")
"""The columns that say who takes part, in a message and in an invitation too."""


def sniff(page: Page) -> float:
    """By the header, else by the file's name and an address of LinkedIn in it; what else lies in the archive is known to be LinkedIn's."""
    if not page.file.lower().endswith((".csv", ".html")):
        return 0.0
    table = table_of(page) if page.file.lower().endswith(".csv") else None
    if table and table.columns:
        ours = b"linkedin.com" in page.head or is_archive(page) or table.kind in ("messages", "invitations", "shares", "profile")
        return 0.95 if ours else 0.6 if table.kind == "connections" else 0.0
    return 0.5 if is_archive(page) else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Export by export: the files of one folder are one person's."""
    losses = Losses()
    folders: dict[str, list[Page]] = {}
    for page in pages:
        if page.head.strip():
            folders.setdefault(re.sub(r"(?:^|/)(?:Jobs|Verifications|Articles|Articles/Articles)$", "", page.folder), []).append(page)
        else:
            yield Unread(where=page.name, why="The file is empty.", next=_AGAIN)
    for mine in folders.values():
        yield from _Export(mine, asked, losses).read()
    yield from losses.rest()


class _Export:
    """The tables of one person."""

    def __init__(self, pages: list[Page], asked: Asked, losses: Losses) -> None:
        self.pages, self.losses, self.zone = pages, losses, Zone(asked.zone)
        self.tables = [(page, table_of(page) if page.file.lower().endswith(".csv") else None) for page in pages]
        self.owner, self.said = "", asked.place.strip()
        self.ids = Ids("linkedin:")
        self.given: set[str] = set()
        self.members: set[tuple[str, str]] = set()
        self.month_first, self.where = False, ""
        self.days: dict[str, Moment | None] = {}
        self.chats: dict[str, tuple[int | None, int | None]] = {}

    def read(self) -> Iterator[Item | Unread | Note]:
        yield from self._whose()
        for page, table in self.tables:
            if table is None or table.kind in _LEFT_OUT or not table.columns:
                self._skip(page, table)
            elif table.kind != "profile":
                yield from self._table(table)

    def _skip(self, page: Page, table: Table | None) -> None:
        what = _LEFT_OUT[table.kind] if table and table.kind in _LEFT_OUT else page.file.rpartition(".")[0].replace("_", " ").lower()
        n = (
            max(1, sum(1 for _, row in rows(page, encoding=text_encoding(page.head)) if row) - 1)
            if page.file.lower().endswith(".csv")
            else 1
        )
        self.losses.count(Unread(where=page.name, why=f"Known and left out on purpose: {what}.", kind="skipped", n=n))

    def _whose(self) -> Iterator[Item | Note]:
        """The name by the profile; the account by it too, else by invitations, else by conversations, else by name alone."""
        where, name, url = self._profile()
        id = account_id(url, "")
        for kind in ("invitations", "messages"):
            if not id:
                id, shown = self._found(kind, name)
                name = name or shown
        told = bool(id or name)
        self.owner = id or account_id(self.said if is_profile(self.said) else "", name or self.said)
        if told:
            self.given.add(self.owner)
            address = f"https://www.linkedin.com/{id.removeprefix('linkedin:')}" if id and ":name/" not in id else ""
            account = Account(id=self.owner, name=name, kind="person", url=address, owner=True)
            yield Item(where, _raw([name, address]), (account,))
        elif not self.owner and any(table and table.kind in _OWNERS for _, table in self.tables):
            yield Note(where=where, text=f"Nothing here says whose export this is. {_WHOSE}")

    def _profile(self) -> tuple[str, str, str]:
        """Where it stands, the name, and the address of the profile, if the table gives it."""
        for _, table in self.tables:
            if table and table.kind == "profile":
                for line, _, cells in table.rows():
                    name = " ".join(f"{cells.get('first', '')} {cells.get('last', '')}".split())
                    return f"{table.page.name}, line {line}", name, cells.get("url", "")
        return self.pages[0].name, "", ""

    def _found(self, kind: str, name: str) -> tuple[str, str]:
        """The one of that name, if there is one; else who is in all invitations, or in all of several conversations."""
        names: dict[str, str] = {}
        common: set[str] | None = None
        others: set[str] = set()
        seen: set[str] = set()
        for _, table in self.tables:
            if table is None or table.kind != kind:
                continue
            for _, _, cells in table.rows():
                others.add(cells.get("conversation", ""))
                sides = "\0".join([cells.get(each, "") for each in _SIDES])
                if sides in seen:
                    continue
                seen.add(sides)
                if not (people := self._people_of(kind, cells)):
                    continue
                names.update(people)
                common = set(people) if common is None else common & set(people)
        named = [id for id, shown in names.items() if name and shown == name]
        if len(named) == 1:
            return named[0], name
        sure = common is not None and len(common) == 1 and (kind == "invitations" or len(others) > 1)
        id = next(iter(common)) if common and sure else ""
        return id, names.get(id, "")

    def _people_of(self, kind: str, cells: dict[str, str]) -> dict[str, str]:
        """Ids and names of who takes part; of an invitation only the one on the owner's side."""
        if kind == "invitations":
            side = {"OUTGOING": "from", "INCOMING": "to"}.get(self._direction(cells))
            sides = [(cells.get(f"{side} url", ""), cells.get(side, ""))] if side else []
        else:
            sides = [(cells.get("from url", ""), cells.get("from", "")), *receivers(cells.get("to urls", ""), cells.get("to", ""))]
        return {id: name for url, name in sides if (id := account_id(url, name))}

    @staticmethod
    def _direction(cells: dict[str, str]) -> str:
        return cells.get("direction", "").upper()

    def _table(self, table: Table) -> Iterator[Item | Unread | Note]:
        if table.kind == "connections" and not self.owner:
            yield Unread(where=table.page.name, why="This list doesn't say whose connections these are.", next=_WHOSE)
        yield from self._order(table)
        whole, self.where = True, table.page.name
        made_of, n_columns = self._made_of(table.kind), len(table.columns)
        if table.encoding == "cp1252":
            why = "This file is not in UTF-8 as it should be; it was read as Windows-1252."
            next = "Look whether letters with accents came out right; if not, use the file as LinkedIn gave it."
            yield Unread(where=table.page.name, why=why, next=next, kind="encoding")
        for line, row, cells in table.rows():
            where = f"{self.where}, line {line}"
            if not row:
                whole = False
                yield from self.losses.each(Unread(where=where, why="This line can't be read as a row of a table.", next=_AGAIN))
                continue
            when = self._time(cells.get("when", ""))
            records = made_of(cells, when) if len(cells) == n_columns else None
            if records is None:
                whole = False
                yield from self.losses.each(_odd(where, row))
                continue
            raw = _raw(cells.values())
            if b"\xef\xbf\xbd" in raw:
                why = "Some characters were not written as the format asks (UTF-8), or were NUL; the rest of the text was kept."
                self.losses.count(Unread(where=table.page.name, why=why, next=_AGAIN, kind="encoding"))
            if records and when is None:
                yield from self.losses.each(_implausible(where, cells.get("when", "")), alike="time")
            if records:
                yield Item(where, raw, tuple(records))
        if table.kind == "messages" and whole:
            for place, (first, last) in self.chats.items():
                yield Item(table.page.name, place.encode("utf-8", "replace"), (Scope(place=place, since=first, until=last),))

    def _order(self, table: Table) -> Iterator[Note]:
        """Whether day or month comes first, from the whole file if its first dates leave that open; said aloud where it isn't sure."""
        first = [cells.get("when", "") for _, _, cells in islice(table.rows(), 5)]
        self.month_first, sure = False, True
        self.days.clear()
        if any(is_numbers(each) for each in first):
            self.month_first, sure = month_first(cells.get("when", "") for _, _, cells in table.rows())
        if not sure:
            order = "month" if self.month_first else "day"
            yield Note(
                where=table.page.name, text=f"Dates like 7/8/26 don't say which is the month here; they are read with the {order} first."
            )

    def _time(self, written: str) -> Moment | None:
        """Days are remembered: in a list of connections few are new."""
        if len(written) > 12:
            return time_of(written, self.zone, month_is_first=self.month_first)
        if written not in self.days:
            if len(self.days) > 20_000:
                self.days.clear()
            self.days[written] = time_of(written, self.zone, month_is_first=self.month_first)
        return self.days[written]

    def _made_of(self, kind: str) -> Callable[[dict[str, str], Moment | None], list[Record] | None]:
        """How a row of such a table becomes records; that gives None for one that lacks what it must have."""
        return {
            "connections": self._connected,
            "invitations": self._invited,
            "messages": self._said,
            "shares": self._shared,
            "comments": self._commented,
            "reactions": self._reacted,
            "instantreposts": self._reposted,
        }[kind]

    def _reacted(self, cells: dict[str, str], when: Moment | None, verb: Verb = "like") -> list[Record] | None:
        if not (link := cells.get("link", "")):
            return None
        reaction = cells.get("type", "").upper()
        text = _REACTIONS.get(reaction) or cells.get("type", "")
        at, offset_s, zone = when or (None, None, "")
        return [
            Event(
                verb=verb,
                actor=self.owner,
                object=thing_id(link),
                object_kind="post",
                at=at,
                offset_s=offset_s,
                zone=zone,
                visibility="followers",
                text=text,
            )
        ]

    def _reposted(self, cells: dict[str, str], when: Moment | None) -> list[Record] | None:
        return self._reacted(cells, when, "share")

    def _person(self, id: str, name: str, url: str) -> list[Record]:
        """An account, once."""
        if not id or id in self.given:
            return []
        self.given.add(id)
        address = f"https://www.linkedin.com/{id.removeprefix('linkedin:')}" if url and ":name/" not in id else ""
        return [Account(id=id, name=" ".join(name.split()), url=address)]

    def _connected(self, cells: dict[str, str], when: Moment | None) -> list[Record] | None:
        """A connection goes both ways. Companies, positions and e-mail addresses are not kept."""
        name, url = f"{cells.get('first', '')} {cells.get('last', '')}".strip(), cells.get("url", "")
        other = account_id(url, name)
        if not other:
            why = "Connections who hide their name, or left LinkedIn."
            self.losses.count(Unread(where=self.where, why=why, kind="skipped"))
            return []
        if not self.owner:
            return []
        at, offset_s, zone = when or (None, None, "")
        return [
            *self._person(other, name, url),
            Event(verb="follow", actor=self.owner, object=other, object_kind="account", at=at, offset_s=offset_s, zone=zone),
            Event(verb="follow", actor=other, object=self.owner, object_kind="account", at=at, offset_s=offset_s, zone=zone),
        ]

    def _invited(self, cells: dict[str, str], when: Moment | None) -> list[Record] | None:
        inviter = account_id(cells.get("from url", ""), cells.get("from", ""))
        invitee = account_id(cells.get("to url", ""), cells.get("to", ""))
        if not inviter or not invitee:
            return None
        people = [
            *self._person(inviter, cells.get("from", ""), cells.get("from url", "")),
            *self._person(invitee, cells.get("to", ""), cells.get("to url", "")),
        ]
        act = Event(verb="add", actor=inviter, object=invitee, object_kind="account", **_times(when), visibility="direct")
        text = plain_of(cells.get("text", ""))
        if not text:
            return [*people, act]
        id = self.ids.next(_local(when), "invitation", inviter, invitee, text)
        post = Post(id=id, kind="message", author=inviter, **_times(when), text=text, visibility="direct", mentions=(invitee,))
        return [*people, act, post]

    def _said(self, cells: dict[str, str], when: Moment | None) -> list[Record] | None:
        conversation = cells.get("conversation", "")
        if not conversation:
            return None
        if (draft := cells.get("draft")) and draft.lower() in ("yes", "true", "ja", "oui", "sí", "sì", "sim"):
            self._left_out("drafts of messages")
            return []
        if cells.get("folder", "").upper() == "SPAM":
            self._left_out("messages in the spam folder")
            return []
        place = f"linkedin:chat/{conversation}"
        author, people, others, group = taking_part(*(cells.get(each, "") for each in _PEOPLE))
        found: list[Record] = []
        if place not in self.chats:
            found.append(
                Place(
                    id=place,
                    kind="group" if group else "chat",
                    name=cells.get("name", "") or ", ".join(sorted(name for _, name, _ in people)),
                )
            )
        for id, name, url in people:
            if id not in self.given:
                found.extend(self._person(id, name, url))
            if (id, place) not in self.members:
                self.members.add((id, place))
                found.append(Membership(account=id, place=place))
        at, offset_s, zone = when or (None, None, "")
        first, last = self.chats.get(place, (None, None))
        self.chats[place] = (first, last) if at is None else (min(first or at, at), max(last or at, at))
        text, title = plain_of(cells.get("text", "")), cells.get("subject", "")
        visibility: Visibility = "place" if group else "direct"
        post = Post(
            id=self.ids.next(_local(when), place, cells.get("from", ""), title, text),
            kind="message",
            author=author,
            at=at,
            offset_s=offset_s,
            zone=zone,
            text=text,
            title=title,
            place=place,
            visibility=visibility,
            mentions=() if group else others,
        )
        return [*found, post]

    def _left_out(self, what: str) -> None:
        self.losses.count(Unread(where=self.where, why=f"Known and left out on purpose: {what}.", kind="skipped"))

    def _shared(self, cells: dict[str, str], when: Moment | None) -> list[Record] | None:
        link, shared = cells.get("link", ""), cells.get("shared", "")
        text, tags = tagged(unwrapped(cells.get("text", "")))
        if not link:
            return None
        visibility: Visibility = "public" if cells.get("visibility", "").upper() in ("PUBLIC", "ANYONE") else "followers"
        if not text and things_in(shared):
            event = Event(
                verb="share",
                actor=self.owner,
                object=thing_id(shared),
                object_kind="post",
                **_times(when),
                visibility=visibility,
                id=thing_id(link),
            )
            return [event]
        media = cells.get("media", "")
        post = Post(
            id=thing_id(link),
            kind="note",
            author=self.owner,
            **_times(when),
            text="\n".join(each for each in (text, "" if shared in text else shared) if each),
            visibility=visibility,
            tags=tags,
            media=(Media(kind="image", name=media.partition("?")[0].rpartition("/")[2]),) if media else (),
            url=link,
        )
        return [post]

    def _commented(self, cells: dict[str, str], when: Moment | None) -> list[Record] | None:
        """The address is that of the post; some name the comment too."""
        if not (link := cells.get("link", "")):
            return None
        found = things_in(link)
        own = next((each for each in found if each.startswith("linkedin:comment:")), "")
        on = next((each for each in found if each != own), "") or thing_id(link)
        text, tags = tagged(unwrapped(cells.get("text", "")))
        post = Post(
            id=own or self.ids.next(_local(when), "comment", self.owner, on, text),
            kind="note",
            author=self.owner,
            **_times(when),
            text=text,
            reply_to=on,
            thread=on,
            visibility="followers",
            tags=tags,
            url=link,
        )
        return [post]


def _local(when: Moment | None) -> int | None:
    """The time as written, so that an id doesn't change with what is known of its zone."""
    return when.at + when.offset_s * 1_000_000 if when else None


def _times(when: Moment | None) -> dict[str, Any]:
    if when is None:
        return {}
    return {"at": when.at, "offset_s": when.offset_s, "zone": when.zone}


def _raw(cells: Collection[str]) -> bytes:
    """The cells that were read, as they came; what else a row says of somebody is not kept."""
    joined = '","'.join(cells)
    if joined.count('"') > 2 * (len(cells) - 1):
        joined = '","'.join(each.replace('"', '""') for each in cells)
    return f'"{joined}"'.encode("utf-8", "replace")


def _odd(where: str, row: list[str]) -> Unread:
    why = "This row lacks what such a row must have, and was left out."
    return Unread(where=where, why=why, next="Look at that line of the file.", kind="unknown", raw=_raw(row)[:4096])


def _implausible(where: str, written: str) -> Unread:
    why = f"Its time can't be right: {written[:40] or 'none is given'}. It was kept without one."
    return Unread(where=where, why=why, next="Nothing, unless many are like this.", kind="implausible-time")
