"""One mail as records: the post, those who are named in it, the list it went through."""

import re
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from kring.schema import Account, Asked, Place, Post, Record, Unread
from kring.sources import mail_headers as headers
from kring.sources.mail_bodies import Body, body
from kring.sources.mail_boxes import envelope, unescaped
from kring.sources.mail_dates import Moment, moment
from kring.sources.mail_folders import DRAFT_LABELS, Folder, Loss, Seen
from kring.sources.mail_headers import Address
from kring.sources.mail_people import MailingList, account_id, authors_of, list_of, receivers_of, visibility
from kring.sources.mail_quotes import own
from kring.sources.mail_threads import Threads
from kring.sources.zones import Zone

MOST_PEOPLE = 1000
_OF_A_MAIL = ("from", "date", "subject", "message-id", "received", "to", "cc", "bcc", "sender", "return-path")
_BOT = re.compile(
    r"(?:(?:[\w.+-]*[._+-])?(?:no|do-?not|dont)[._-]?reply|mailer-daemon|mail-daemon|daemon|cron|noreply[\w.+-]*|"
    r"auto-?(?:reply|mailer|responder|confirm)|bounces?|notifications?|niet-?(?:be)?antwoorden|keine-?antwort|nicht-?antworten|ne-?pas-?repondre|no-?responder|non-?rispondere|nao-?responda)(?:[+-].*)?@"
)
_WEB = re.compile(r"<?\s*(https?://[^<>\s]{1,2000})", re.IGNORECASE)


class Letters:
    """What is remembered from mail to mail: threads, who and which lists were named already."""

    def __init__(self, asked: Asked) -> None:
        self.zone = Zone(asked.zone)
        self.threads = Threads()
        self.named: dict[str, int] = {}
        """How well each account was introduced: 1 by its address, 2 by a name others gave it, 3 by its own."""
        self.places: dict[str, bool] = {}
        """Each list and whether it was taken for public."""

    def records(
        self, raw: bytes, where: str, folder: Folder, *, is_mbox: bool, default: Place | None, flags: str = ""
    ) -> Iterator[Record | Unread]:
        """The records of one mail; nothing for a draft or what was thrown away, which the folder counts."""
        mail = unescaped(raw) if is_mbox else raw
        sender, sent_on, start = envelope(mail) if is_mbox else ("", "", 0)
        head, begins = headers.split(mail, start)
        fields, guessed = headers.fields(head)
        if not any(name in fields for name in _OF_A_MAIL):
            folder.lose("headless", raw)
            return
        labels = _labels(fields)
        if "D" in flags or "x-mozilla-draft-info" in fields or (labels and labels & DRAFT_LABELS):
            return folder.lose("draft")
        if _thrown_away(fields):
            return folder.lose("deleted")
        found = body(mail, begins, fields)
        found.guessed, found.nul = found.guessed or guessed, found.nul or b"\0" in head
        _count_losses(found, folder, raw)
        via = list_of(fields, default)
        authors = authors_of(fields, sender, via)
        people = receivers_of(fields, via)
        if len(people) > MOST_PEOPLE:
            folder.lose("people")
            del people[MOST_PEOPLE:]
        when = self._when(fields, sent_on)
        if isinstance(when, Unread):
            yield from folder.losses.each(msgspec.structs.replace(when, where=where, raw=raw[:4096]), alike="time")
            when = self._received(fields, sent_on)
        elif when is None:
            folder.lose("undated")
        author = account_id(authors[0], via) if authors else ""
        own_ids = headers.ids(fields.get("message-id", "")[:2000])
        id = f"mail:{own_ids[0] if own_ids else _digest(fields, mail[begins:])}"
        post = self._post(id, fields, found, author, people, when, via)
        yield from self._introduced(authors, people, author, via)
        yield post
        folder.add(_seen(fields, authors, people, post, via, labels, sender))

    def _when(self, fields: dict[str, str], sent_on: str) -> Moment | Unread | None:
        """The time of writing; an `Unread` if what stands there can't be believed."""
        written = fields.get("date", "")
        when = moment(written, self.zone) if written else None
        if when is not None and when.believable:
            return when
        received = self._received(fields, sent_on)
        if not written:
            return received
        said = "is not a date" if when is None else "is not believed"
        instead = "The time of its receipt is used instead." if received else "It is kept without a time."
        return Unread(
            where="",
            why=f"The time of this mail, {headers.words(written)[:80]!r}, {said}. {instead}",
            next=_NEXT_TIME,
            kind="implausible-time",
        )

    def _received(self, fields: dict[str, str], sent_on: str) -> Moment | None:
        for written in (fields.get("received", "").rpartition(";")[2], fields.get("delivery-date", ""), sent_on):
            when = moment(written, self.zone) if written else None
            if when is not None and when.believable:
                return when
        return None

    def _post(
        self,
        id: str,
        fields: dict[str, str],
        found: Body,
        author: str,
        people: list[Address],
        when: Moment | None,
        via: MailingList | None,
    ) -> Post:
        subject = headers.words(fields.get("subject", ""))
        mentions = tuple(dict.fromkeys(f"mail:{one.address}" for one in people))
        place = via.place.id if via else ""
        named = {one.removeprefix("mail:") for one in (author, *mentions)}
        answers = [f"mail:{one}" for one in headers.ids(fields.get("in-reply-to", "")[:20_000]) if one.lower() not in named]
        references = [f"mail:{one}" for one in headers.ids(fields.get("references", ""))]
        reply_to, thread = self.threads.place(
            id,
            answers,
            references,
            subject=subject,
            gmail=fields.get("x-gm-thrid", ""),
            at=when.at if when else None,
            author=author,
            people=mentions,
            place=place,
        )
        url = _WEB.match(fields.get("archived-at", ""))
        return Post(
            id=id,
            kind="message",
            author=author,
            at=when.at if when else None,
            offset_s=when.offset_s if when else None,
            zone=when.zone if when else "",
            text=own(found.text),
            title=subject,
            reply_to=reply_to,
            thread=thread,
            place=place,
            visibility=visibility(via),
            mentions=mentions,
            tags=("auto-reply",) if _answers_by_itself(fields) else (),
            media=tuple(found.media),
            url=url[1] if url else "",
        )

    def _introduced(self, authors: list[Address], people: list[Address], author: str, via: MailingList | None) -> Iterator[Record]:
        """Those who weren't named before, or now by a better name: their own is better than what others call them."""
        if authors:
            yield from self._account(author, authors[0], 3)
        for one in people:
            yield from self._account(f"mail:{one.address}", one, 2)
        if via and via.place.id not in self.places:
            self.places[via.place.id] = via.public
            yield via.place

    def _account(self, id: str, one: Address, better: int) -> Iterator[Account]:
        rank = better if one.name else 1
        if rank > self.named.get(id, 0):
            self.named[id] = rank
            yield Account(id=id, handle=one.address, name=one.name, kind="bot" if _BOT.match(one.address) else "unknown")


_SPACES = b" \t\r\n"
_PUBLIC_INBOX = "mboxrd@z"
"""The sender that public-inbox writes in its archives' "From " lines."""
_NEXT_TIME = "Look at the original; a mail without a time is left out of all that needs one."


def _count_losses(found: Body, folder: Folder, raw: bytes) -> None:
    """Tells the folder what of this mail was lost."""
    losses: dict[Loss, bool | int] = {
        "encoding": found.guessed,
        "nul": found.nul,
        "encrypted": found.encrypted,
        "broken-off": found.broken_off,
        "parts": found.n_parts_left,
        "cut": found.cut,
    }
    for loss, happened in losses.items():
        if happened:
            folder.lose(loss, raw)


def _labels(fields: dict[str, str]) -> frozenset[str] | None:
    """Gmail's labels, lower case; None where this isn't Gmail's own export."""
    written = fields.get("x-gmail-labels")
    return None if written is None else frozenset(label.strip().lower() for label in headers.words(written).split(","))


def _thrown_away(fields: dict[str, str]) -> bool:
    """Thunderbird marks a deleted mail and leaves it in the file until that is compacted (nsMsgMessageFlags.idl: Expunged = 0x8)."""
    try:
        return bool(int(fields.get("x-mozilla-status", "0"), 16) & 0x8)
    except ValueError:
        return False


def _answers_by_itself(fields: dict[str, str]) -> bool:
    """A machine's answer to a mail (RFC 3834, and what programs wrote before it): absence notes and the like."""
    return (
        fields.get("auto-submitted", "").lower().startswith("auto-replied")
        or "x-autorespond" in fields
        or fields.get("x-autoreply", "").lower() in ("yes", "true", "1")
        or fields.get("precedence", "").lower() == "auto_reply"
        or (fields.get("x-auto-response-suppress", "").lower() == "all" and fields.get("auto-submitted", "").lower().startswith("auto-"))
    )


def _digest(fields: dict[str, str], raw: bytes) -> str:
    """A stable name for a mail that has none, the same in any export of it."""
    said = "\0".join(" ".join(fields.get(name, "").split()) for name in ("from", "date", "subject")).encode()
    return sha256(said + b"\0" + raw.translate(None, _SPACES)).hexdigest()[:32]


def _seen(
    fields: dict[str, str],
    authors: list[Address],
    people: list[Address],
    post: Post,
    via: MailingList | None,
    labels: frozenset[str] | None,
    sender: str,
) -> Seen:
    to = [one.address for name in ("delivered-to", "x-original-to") for one in headers.addresses(fields.get(name, "")[:2000])]
    delivered = {address for address in to if address and not (via and via.is_at(address))}
    marked = labels is not None or "x-mozilla-status" in fields or "x-gm-thrid" in fields
    author = authors[0].address if authors else ""
    return Seen(
        author=author,
        people={author, *(one.address for one in people)} - {""},
        delivered=delivered,
        list_id=via.place.id if via else "",
        labels=labels,
        at=post.at,
        thread=post.thread,
        personal=marked or (bool(delivered) and sender != _PUBLIC_INBOX),
    )
