"""The rows of a plain table as records: posts, people or ties between people."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from kring.schema import Account, AccountKind, Event, Item, Note, Place, Post, PostKind, Unread
from kring.sources.linkedin_dates import month_first, time_of
from kring.sources.losses import Losses
from kring.sources.made_ids import Ids
from kring.sources.moment import Moment, counted, moment
from kring.sources.pieces import clean
from kring.sources.tables_rows import Table
from kring.sources.tables_words import POST_KINDS, VERBS, Columns, plain, visibility
from kring.sources.zones import Zone

_ACCOUNT_WORDS: dict[AccountKind, str] = {
    "person": "person|persoon|people|user|mens",
    "organisation": "organisation|organization|organisatie|firma|company|bedrijf|verein|vereniging",
    "group": "group|groep|gruppe|team",
    "bot": "bot|service|robot",
}
_ACCOUNT_KINDS = {word: kind for kind, words in _ACCOUNT_WORDS.items() for word in words.split("|")}
_NUMBERS = re.compile(r"\s*(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?:,? \d{1,2}[:.]\d\d.*)?)")
_COUNTED = {9: 1, 10: 1, 13: 1_000, 16: 1_000_000}
"""Digits of a time counted from 1970 and how many of its units make a second; years before 2001 in seconds have nine."""
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+")
_LARGEST = 2**62
_REPLACED = "\ufffd".encode()
_LOOKED_AT = 1_000
"""If so many rows show no date written in numbers alone, none is looked for."""
_encode = msgspec.json.Encoder().encode
Cells = Mapping[str, str]
Given = Iterator[Item | Unread]


class Records:
    """Reads the rows of one table."""

    def __init__(self, table: Table, columns: Columns, within: str, named: bool, zone: str, losses: Losses) -> None:
        self.table, self.columns, self.losses = table, columns, losses
        self.prefix = f"tables:{clean(within)}:"
        self.place = clean(within) if named else ""
        self.ids, self.zone = Ids(self.prefix), Zone(zone)
        self.given: set[str] = set()
        self.month_first = False

    def read(self) -> Iterator[Item | Unread | Note]:
        """First what its columns hold and how its dates run, then row by row."""
        yield from self._notes()
        make = {"posts": self._post, "people": self._person, "ties": self._tie}[self.columns.kind]
        header = self.table.header
        roles = sorted(self.columns.at.items())
        for row in self.table.rows():
            where = f"{self.table.where}, {self.table.line} {row.number}"
            if row.lost:
                next = "Save the table again from the program that made it, if it matters."
                yield from self.losses.each(Unread(where=where, why=row.lost, next=next, raw=row.raw[:4096]))
                continue
            cells = row.cells
            raw = row.raw or _encode({name: cell for name, cell in zip(header, cells) if cell})
            if len(cells) > len(header) and any(cells[len(header) :]):
                why = "There are more cells in this row than names in the header: a text with a comma in it and no quotes around it?"
                yield from self._lost(where, why, raw)
            found = {role: cell for role, k in roles if k < len(cells) and (cell := _cell(cells[k]))}
            if _REPLACED in raw:
                why = "Some characters could not be read: \ufffd stands where they were."
                self.losses.count(Unread(where=self.table.where, why=why, next="Save the table as UTF-8.", kind="encoding"))
            yield from make(where, raw, found)

    def _notes(self) -> Iterator[Note]:
        header, at = self.table.header, self.columns.at
        held = ", ".join(f"{clean(header[k])} = {role}" for role, k in sorted(at.items(), key=lambda each: each[1]))
        left = ", ".join(clean(header[k]) for k in self.columns.unused)
        yield Note(
            where=self.table.where, text=f"Read as a table of {self.columns.kind}: {held}." + (f" Not used: {left}." if left else "")
        )
        if self.columns.kind == "posts" and not {"visibility", "to"} & {*at, *self.columns.all}:
            yield Note(
                where=self.table.where, text="It doesn't say who may see the posts: taken for public (else --columns visibility=place)."
            )
        if "at" in at:
            yield from self._decide_dates(at["at"])

    def _decide_dates(self, column: int) -> Iterator[Note]:
        """Which number is the day, from all dates of the table."""
        n = 0

        def dates() -> Iterator[str]:
            nonlocal n
            for seen, row in enumerate(self.table.rows()):
                if column < len(row.cells) and (found := _NUMBERS.match(row.cells[column])):
                    n += 1
                    yield found[1]
                elif seen > _LOOKED_AT and not n:
                    return

        self.month_first, sure = month_first(dates())
        if n and not sure:
            order = "month-day" if self.month_first else "day-month"
            yield Note(where=self.table.where, text=f"Which number of a date is the day is not certain; they were read {order}.")

    # -- rows

    def _post(self, where: str, raw: bytes, cells: Cells) -> Given:
        get = cells.get
        author, place = self._id(get("author", "")), self._id(get("place", self.place))
        at, offset_s, zone, lost = self._when(where, f"{get('at', '')} {cells['time']}" if "time" in cells else get("at", ""), raw)
        yield from lost
        text, title = get("text", ""), get("title", "")
        post = Post(
            id=self._id(cells["id"]) if "id" in cells else self.ids.next(at, place, author, title, text),
            kind=_post_kind(get("kind", self.columns.all.get("kind", "")), "to" in cells),
            author=author,
            at=at,
            offset_s=offset_s,
            zone=zone,
            text=text,
            title=title,
            language=get("language", ""),
            reply_to=self._id(get("reply_to", "")),
            thread=self._id(get("thread", "")),
            place=place,
            visibility=visibility(get("visibility", self.columns.all.get("visibility", ""))) or ("direct" if "to" in cells else "public"),
            mentions=self._mentions(cells) if "to" in cells or "mentions" in cells else (),
            tags=tuple(word.removeprefix("#") for word in _list(cells["tags"])) if "tags" in cells else (),
            url=get("url", ""),
            score=_whole(cells["score"]) if "score" in cells else None,
        )
        yield Item(where, raw, (*self._account(author, get("author", "")), *self._place(place, get("place", self.place)), post))

    def _mentions(self, cells: Cells) -> tuple[str, ...]:
        to = [word.strip() for word in re.split(r"[;,]", cells.get("to", "")) if word.strip()]
        return tuple(dict.fromkeys(map(self._id, [*to, *_list(cells.get("mentions", ""))])))

    def _person(self, where: str, raw: bytes, cells: Cells) -> Given:
        known_by = next((cells[role] for role in ("id", "handle", "name") if role in cells), "")
        if not known_by:
            yield from self._lost(where, "This row names nobody.", raw)
            return
        handle, name, url = (cells.get(role, "") for role in ("handle", "name", "url"))
        kind = _ACCOUNT_KINDS.get(plain(cells.get("kind", "")), "unknown")
        yield Item(where, raw, (Account(id=self._id(known_by), handle=handle, name=name, kind=kind, url=url),))

    def _tie(self, where: str, raw: bytes, cells: Cells) -> Given:
        if "source" not in cells or "target" not in cells:
            yield from self._lost(where, "One end of this tie is missing.", raw)
            return
        meant = cells.get("kind", self.columns.all.get("kind", ""))
        verb = VERBS.get(plain(meant))
        if verb is None:
            why = f"Kring keeps no ties of this kind by themselves: {meant[:40] or 'none is given'}."
            next = "A reply or a mention comes with its post; for other ties, say what they mean: --columns kind=follow."
            yield from self.losses.each(Unread(where=where, why=why, next=next, kind="unknown", raw=raw[:4096]), alike="kind")
            return
        at, offset_s, zone, lost = self._when(where, cells.get("at", ""), raw)
        yield from lost
        source, target = self._id(cells["source"]), self._id(cells["target"])
        new = [*self._account(source, cells["source"]), *self._account(target, cells["target"])]
        id = self._id(cells.get("id", ""))
        event = Event(verb=verb, actor=source, object=target, object_kind="account", at=at, offset_s=offset_s, zone=zone, id=id)
        yield Item(where, raw, (*new, event))

    # -- cells

    def _id(self, word: str) -> str:
        """The network's own id if it is one, else one that holds within the table."""
        return word if not word or _is_id(word) else self.prefix + word

    def _account(self, id: str, word: str) -> tuple[Account, ...]:
        return (Account(id=id, name=word),) if id and id not in self.given and self._is_new(id, id) else ()

    def _place(self, id: str, word: str) -> tuple[Place, ...]:
        return (Place(id=id, kind="forum", name=word),) if id and self._is_new(f"place {id}", id) else ()

    def _is_new(self, key: str, id: str) -> bool:
        if key in self.given or not id.startswith(self.prefix):
            return False
        self.given.add(key)
        return True

    def _when(self, where: str, written: str, raw: bytes) -> tuple[int | None, int | None, str, tuple[Unread, ...]]:
        """UTC microseconds, offset of the local time, zone; and the loss where a time is no believable one."""
        if not written:
            return None, None, "", ()
        found = self._moment(written)
        if found is None:
            why = f"Its time can't be right: {written[:40]}. It was kept without one."
            loss = Unread(where=where, why=why, next="Nothing, unless many are like this.", kind="implausible-time", raw=raw[:4096])
            return None, None, "", self.losses.each(loss, alike="time")
        day_only = ":" not in written and not found.zone
        return found.at, None if day_only or found.zone == "UTC" != self.zone.name else found.offset_s, found.zone, ()

    def _moment(self, written: str) -> Moment | None:
        per_second = None if written[4:5] == "-" else _COUNTED.get(len(written.partition(".")[0].lstrip("-")))
        if per_second and written.replace(".", "", 1).isdecimal():
            at = counted(written, per_second)
            return None if at is None else Moment(at, 0, "UTC")
        found = moment(written)
        if found is None:
            return time_of(written, self.zone, month_is_first=self.month_first)
        if found.zone or ":" not in written:
            return found
        offset = self.zone.offset_s(found.at)
        return Moment(found.at - offset * 1_000_000, offset, self.zone.name)

    def _lost(self, where: str, why: str, raw: bytes) -> tuple[Unread, ...]:
        return self.losses.each(Unread(where=where, why=why, next="Look at that row.", raw=raw[:4096]))


@cache
def _networks() -> frozenset[str]:
    from kring.sources import EXPORTS

    return frozenset(EXPORTS)


def _is_id(word: str) -> bool:
    """An id as Kring writes it, the network in front: of a table that came from Kring."""
    return ":" in word and word.partition(":")[0] in _networks()


def _post_kind(word: str, to_somebody: bool) -> PostKind:
    return POST_KINDS.get(plain(word), "message" if to_somebody else "note") if word else "message" if to_somebody else "note"


def _cell(cell: str) -> str:
    """A cell's words, without the apostrophe that keeps a spreadsheet from running them."""
    if not cell.isprintable():
        cell = clean(cell)
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell


def _list(cell: str) -> list[str]:
    """Several words in one cell: a JSON list, or with commas, semicolons or spaces between them."""
    if cell.startswith("["):
        try:
            return [word for word in msgspec.json.decode(cell, type=list[str]) if word]
        except (msgspec.DecodeError, UnicodeEncodeError):
            pass
    return [word for word in re.split(r"[\s,;]+", cell) if word]


def _whole(cell: str) -> int | None:
    if _THOUSANDS.fullmatch(cell):
        cell = re.sub("[.,]", "", cell)
    try:
        number = int(float(cell))
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < _LARGEST else None
