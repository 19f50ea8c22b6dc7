"""One mail as records: the post, those who are named in it, the list it went through."""

import re
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from kring.schema import Account, Asked, Place, Post, Record, Unread, Visibility
from kring.sources import mail_headers as headers
from kring.sources.mail_bodies import Body, body
from kring.sources.mail_boxes import envelope, unescaped
from kring.sources.mail_dates import Moment, moment
from kring.sources.mail_folders import DRAFT_LABELS, Folder, Seen
from kring.sources.mail_headers import Address
from kring.sources.mail_quotes import own
from kring.sources.mail_threads import Threads

MOST_PEOPLE = 1000
_OF_A_MAIL = ("from", "date", "subject", "message-id", "received", "to", "cc", "bcc", "sender", "return-path")
_BOT = re.compile(
    r"(?:(?:[\w.+-]*[._+-])?(?:no|do-?not|dont)[._-]?reply|mailer-daemon|mail-daemon|daemon|noreply[\w.+-]*|(?:auto-?(?:reply|mailer|responder|confirm))|bounces?(?:[+-].*)?|"
    r"notifications?|niet-?(?:be)?antwoorden|keine-?antwort|nicht-?antworten|ne-?pas-?repondre|no-?responder|non-?rispondere|nao-?responda|cron|nobody)(?:[+-].*)?@"
)
_LIST_ID = re.compile(r"<\s*([^<>\s]{1,300})\s*>\s*$")
_MAILTO = re.compile(r"<\s*mailto:\s*([^<>?\s]{3,320})", re.IGNORECASE)
_WEB = re.compile(r"<?\s*(https?://[^<>\s]{1,2000})", re.IGNORECASE)
_VIA = re.compile(r"(.*?)['\"]?\s+(?:via|por|über|tramite|par)\s", re.IGNORECASE)


class _List(msgspec.Struct, frozen=True):
    """The mailing list that a mail went through."""

    place: Place
    addresses: frozenset[str]
    public: bool


class Letters:
    """What is remembered from mail to mail: threads, who and which lists were named already."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.threads = Threads()
        self.named: dict[str, int] = {}
        """How well each account was introduced: 1 by its address, 2 by a name others gave it, 3 by its own."""
        self.places: dict[str, bool] = {}
        """Each list and whether it was taken for public."""

    def records(
        self, raw: bytes, where: str, folder: Folder, *, is_mbox: bool, default: Place | None, flags: str = ""
    ) -> Iterator[Record | Unread]:
        """The records of one mail; nothing for a draft or what was thrown away, which the folder counts."""
        sender, sent_on, start = envelope(raw) if is_mbox else ("", "", 0)
        mail = unescaped(raw) if is_mbox else raw
        head, begins = headers.split(mail, start)
        fields, guessed = headers.fields(head)
        if not any(name in fields for name in _OF_A_MAIL):
            folder.losses.add("headless", raw)
            return
        labels = _labels(fields)
        if "D" in flags or "x-mozilla-draft-info" in fields or (labels and labels & DRAFT_LABELS):
            return folder.losses.add("draft")
        if _thrown_away(fields):
            return folder.losses.add("deleted")
        found = body(mail, begins, fields)
        self._count_losses(found, guessed, folder, raw)
        via = _list(fields, default)
        authors = _authors(fields, sender, via)
        people = _receivers(fields, via)
        if len(people) > MOST_PEOPLE:
            folder.losses.add("people")
            del people[MOST_PEOPLE:]
        when = self._when(fields, sent_on)
        if isinstance(when, Unread):
            yield msgspec.structs.replace(when, where=where, raw=raw[:4096])
            when = self._received(fields, sent_on)
        elif when is None:
            folder.losses.add("undated")
        author = _account_id(authors[0], via) if authors else ""
        post = self._post(fields, found, author, people, when, via, mail[begins:])
        yield from self._introduced(authors, people, author, via)
        yield post
        folder.add(_seen(fields, authors, people, post, via, labels, sender))

    def _count_losses(self, found: Body, guessed: bool, folder: Folder, raw: bytes) -> None:
        losses = folder.losses
        if found.guessed or guessed:
            losses.add("encoding", raw)
        if found.nul or b"\0" in raw[:4096]:
            losses.add("nul")
        if found.encrypted:
            losses.add("encrypted")
        if found.broken_off:
            losses.add("broken-off")
        if found.n_parts_left:
            losses.add("parts", raw)
        if found.cut:
            losses.add("cut")

    def _when(self, fields: dict[str, str], sent_on: str) -> Moment | Unread | None:
        """The time of writing; an `Unread` if what stands there can't be believed."""
        written = fields.get("date", "")
        when = moment(written, self.asked.zone) if written else None
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
            when = moment(written, self.asked.zone) if written else None
            if when is not None and when.believable:
                return when
        return None

    def _post(
        self, fields: dict[str, str], found: Body, author: str, people: list[Address], when: Moment | None, via: _List | None, raw: bytes
    ) -> Post:
        own_ids = headers.ids(fields.get("message-id", "")[:2000])
        id = f"mail:{own_ids[0] if own_ids else _digest(fields, raw)}"
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
            visibility=_visibility(via),
            mentions=mentions,
            tags=("auto-reply",) if _answers_by_itself(fields) else (),
            media=tuple(found.media),
            url=url[1] if url else "",
        )

    def _introduced(self, authors: list[Address], people: list[Address], author: str, via: _List | None) -> Iterator[Record]:
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


_NEXT_TIME = "Look at the original; a mail without a time is left out of all that needs one."


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


def _list(fields: dict[str, str], default: Place | None) -> _List | None:
    """The list by its own headers (RFC 2919, 2369; Mailman's and Sympa's older ones), else the one that holds for the whole page."""
    named = fields.get("list-id", "")
    mailto = _MAILTO.search(fields.get("list-post", ""))
    posted = mailto[1] if mailto else ""
    if not posted:
        others = headers.addresses(fields.get("x-mailing-list") or fields.get("x-beenthere") or "")
        posted = others[0].address if others else ""
    posted = posted.lower()
    found = _LIST_ID.search(named)
    list_id = (found[1] if found else "".join(named.split())[:300] or posted.replace("@", ".")).lower()
    if not list_id:
        return _List(default, frozenset(), False) if default else None
    archive = _WEB.search(fields.get("list-archive", ""))
    name = headers.words(named[: found.start()]).strip("\"' ") if found else ""
    place = Place(id=f"mail:list:{list_id}", kind="list", name=name or list_id, url=archive[1] if archive else "")
    return _List(place, frozenset((posted, list_id)), bool(archive) and "/private/" not in archive[1] if archive else False)


def _visibility(via: _List | None) -> Visibility:
    if via is None:
        return "direct"
    return "public" if via.public else "place"


def _authors(fields: dict[str, str], sender: str, via: _List | None) -> list[Address]:
    """From, else Sender, else the "From " line. A list that writes its own address there ("Anna via Town", because of DMARC) keeps the true one elsewhere."""
    found = list(headers.addresses(fields.get("from", "")[:20_000])[:5])
    if found and via and found[0].address in via.addresses:
        for name in ("x-original-from", "original-from", "x-original-sender", "reply-to"):
            true = [one for one in headers.addresses(fields.get(name, "")[:20_000]) if one.address and one.address not in via.addresses]
            if true:
                shown = _VIA.match(found[0].name)
                return [Address(true[0].address, true[0].name or (shown[1].strip("'\" ") if shown else ""))]
        return [Address("", _without_via(found[0].name) or found[0].address)]
    if not found:
        found = list(headers.addresses(fields.get("sender", "")[:20_000])[:1])
    return found or [*headers.addresses(sender if "@" in sender else "")][:1]


def _without_via(name: str) -> str:
    shown = _VIA.match(name)
    return shown[1].strip("'\" ") if shown else name


def _account_id(one: Address, via: _List | None) -> str:
    """An address is the network's own string; who has only a name is known by it in one list, or among people by the name alone."""
    if one.address:
        return f"mail:{one.address}"
    return f"{via.place.id}:{one.name}" if via else f"mail:{one.name}"


def _receivers(fields: dict[str, str], via: _List | None) -> list[Address]:
    """To and Cc with an address, without the list itself."""
    listed = via.addresses if via else ()
    return [
        one
        for name in ("to", "cc")
        if name in fields
        for one in headers.addresses(fields[name])
        if one.address and one.address not in listed and one.address.replace("@", ".") not in listed
    ]


def _answers_by_itself(fields: dict[str, str]) -> bool:
    """A machine's answer to a mail (RFC 3834, and what programs wrote before it): absence notes and the like."""
    return (
        fields.get("auto-submitted", "").lower().startswith("auto-replied")
        or "x-autorespond" in fields
        or fields.get("x-autoreply", "").lower() in ("yes", "true", "1")
        or fields.get("precedence", "").lower() == "auto_reply"
        or fields.get("x-auto-response-suppress", "").lower() == "all"
        and fields.get("auto-submitted", "").lower().startswith("auto-")
    )


def _digest(fields: dict[str, str], raw: bytes) -> str:
    """A stable name for a mail that has none, the same in any export of it."""
    said = "\0".join(" ".join(fields.get(name, "").split()) for name in ("from", "date", "subject")).encode()
    return sha256(said + b"\0" + b"\n".join(raw.split()).replace(b">From", b"From")).hexdigest()[:32]


def _seen(
    fields: dict[str, str],
    authors: list[Address],
    people: list[Address],
    post: Post,
    via: _List | None,
    labels: frozenset[str] | None,
    sender: str,
) -> Seen:
    delivered = {
        one.address for name in ("delivered-to", "x-original-to") for one in headers.addresses(fields.get(name, "")[:2000]) if one.address
    }
    delivered -= via.addresses if via else set()
    author = authors[0].address if authors else ""
    return Seen(
        author=author,
        people={author, *(one.address for one in people)} - {""},
        delivered=delivered,
        list_id=via.place.id if via else "",
        labels=labels,
        at=post.at,
        personal=bool(delivered) or labels is not None or "x-mozilla-status" in fields or "x-gm-thrid" in fields,
        archive=sender == "mboxrd@z",
    )
