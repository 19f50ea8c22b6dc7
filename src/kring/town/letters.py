"""Mail as it lies in an mbox file: headers, quotations, signatures, in several mailers' ways (RFC 2047, 4155, 5322)."""

import base64
import quopri
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from html import escape

from kring.town import clock, names
from kring.town.sheet import BOT, HALL, Act, Rows
from kring.town.talk import Dice, Row, Talk, quoting, row_of
from kring.town.world import World

WAYS = ("8bit", "8bit", "quoted-printable", "quoted-printable", "base64", "latin-1", "alternative")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail before it is written out."""

    sender: tuple[str, str]
    to: Sequence[tuple[str, str]]
    cc: Sequence[tuple[str, str]]
    subject: str
    at: int
    id: str
    above: Sequence[str]
    """Message-IDs of what it replies to, oldest first."""
    body: str
    more: Sequence[tuple[str, str]] = ()


class Mailbox:
    """Letters of one mailing list or mail box."""

    def __init__(self, world: World, sheet: Rows, number: int, mark: str) -> None:
        self.world, self.sheet, self.mark = world, sheet, mark
        self.talk = Talk(world, number, long=True)

    def address(self, person: int) -> tuple[str, str]:
        if person == HALL:
            return names.HALL_NAME, names.HALL_MAIL
        if person == BOT:
            return names.BOT_NAME, names.BOT_MAIL
        name, handle = self.world.called("mail", person)
        return name, f"{handle}@{names.MAIL}"

    def id(self, i: int) -> str:
        """Message-ID with its angle brackets."""
        host = names.HOST if self.sheet["author"][i] < 0 else names.MAIL
        return f"<{self.mark}.{i:07d}.{int(self.sheet['at'][i]):x}@{host}>"

    def above(self, row: Row) -> list[str]:
        found: list[str] = []
        above = row.parent
        while above >= 0:
            found.insert(0, self.id(above))
            above = int(self.sheet["parent"][above])
        return found

    def subject(self, row: Row, i: int) -> str:
        root = i if row.parent < 0 else row.root
        title = self.talk.title(root, row_of(self.sheet, root))
        return title if row.parent < 0 else f"Re: {title}"

    def body(self, i: int, row: Row, greeting: bool) -> str:
        """Greeting, words, parting, signature, and what is replied to."""
        dice, phrases = self.talk.dice(i, 5), self.talk.phrases(row)
        name = self.address(row.author)[0]
        parts = [self.talk.text(i, row)]
        if row.author == HALL:
            parts += [f"{dice.pick(phrases.hall_teams)}\n{names.HALL_NAME}"]
        elif row.author != BOT:
            opening = dice.pick(phrases.hall_greetings if row.to == HALL else phrases.greetings)
            parts = [opening, *parts] if greeting or dice.chance(0.3) else parts
            quarter = self.world.quarter_name(int(self.world.quarter[row.author]))
            parts += [f"{dice.pick(phrases.partings).format(quarter=quarter)}\n{name.split()[0]}"] if dice.chance(0.8) else []
            parts += [f"-- \n{name}\n{quarter}, {names.TOWN}"] if dice.chance(0.35) else []
        return self._with_quotation(dice, row, parts)

    def _with_quotation(self, dice: Dice, row: Row, parts: list[str]) -> str:
        if row.parent < 0 or row.act == Act.BOT_ANSWER or dice.chance(0.15):
            return "\n\n".join(parts)
        above = row_of(self.sheet, row.parent)
        line = quoting(self.talk.phrases(row), above.at, self.address(above.author)[0])
        quoted = "\n".join(f"> {part}".rstrip() for part in self.talk.text(row.parent, above).split("\n"))
        quotation = f"{line}\n{quoted}"
        return "\n\n".join([quotation, *parts] if dice.chance(0.4) else [*parts, quotation])


def write(letter: Letter, dice: Dice) -> bytes:
    """The letter as it stands in an mbox file, with the line that divides it from the one before."""
    way = dice.pick(WAYS)
    divider = f"From {letter.sender[1]} {time.asctime(time.gmtime(letter.at))}\n"
    kind, content = _content(letter.body, way, letter.id)
    headers = "".join(f"{name}: {value}\n" for name, value in [*_headers(letter), *kind])
    content = b"".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in content.splitlines(keepends=True))
    return divider.encode() + headers.encode() + b"\n" + content.rstrip(b"\n") + b"\n\n"


def _headers(letter: Letter) -> Iterator[tuple[str, str]]:
    yield "From", _person(letter.sender)
    yield "To", ", ".join(_person(each) for each in letter.to)
    if letter.cc:
        yield "Cc", ", ".join(_person(each) for each in letter.cc)
    yield "Subject", _encoded(letter.subject)
    yield "Date", _date(letter.at)
    yield "Message-ID", letter.id
    if letter.above:
        yield "In-Reply-To", letter.above[-1]
        yield "References", "\n ".join(letter.above)
    yield from letter.more
    yield "MIME-Version", "1.0"


def _content(body: str, way: str, id: str) -> tuple[list[tuple[str, str]], bytes]:
    if way == "alternative":
        return _alternative(body, id)
    charset, raw = "utf-8", body.encode()
    if way == "latin-1":
        charset, raw = ("iso-8859-1", body.encode("latin-1")) if _is_latin(body) else ("utf-8", raw)
    coding = "quoted-printable" if way == "latin-1" else way
    if coding == "quoted-printable":
        raw = quopri.encodestring(raw)
    elif coding == "base64":
        raw = base64.encodebytes(raw)
    return [("Content-Type", f"text/plain; charset={charset}"), ("Content-Transfer-Encoding", coding)], raw


def _alternative(body: str, id: str) -> tuple[list[tuple[str, str]], bytes]:
    boundary = f"=_{id[1:].split('@')[0]}"
    page = "".join(f"<p>{escape(part, quote=False)}</p>".replace("\n", "<br>\n") + "\n" for part in body.split("\n\n"))
    parts = [
        f"--{boundary}\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
        for kind, text in (("plain", body), ("html", f"<html><body>{page}</body></html>"))
    ]
    return [("Content-Type", f'multipart/alternative; boundary="{boundary}"')], ("".join(parts) + f"--{boundary}--\n").encode()


def _is_latin(text: str) -> bool:
    return all(ord(c) < 256 for c in text)


def _person(who: tuple[str, str]) -> str:
    return f"{_encoded(who[0])} <{who[1]}>"


@lru_cache(maxsize=20_000)
def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode()


def _date(at: int) -> str:
    zone = timezone(timedelta(seconds=int(clock.offset_s(at))))
    return format_datetime(datetime.fromtimestamp(at, zone))
