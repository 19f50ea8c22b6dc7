"""Chats exported from WhatsApp: `_chat.txt` of an iPhone, "WhatsApp Chat with ….txt" of Android, in the forms and languages of phones.

WhatsApp documents no format; what is read follows exports of both apps and what their readers agree on (docs/formats/whatsapp.md).
The file is read twice. The first time decides what holds for all of it (`Survey`): the order of day and month, who speaks, the name.

The file gives no ids, so a message's id is made of its chat, its local time to the minute, its author, its words and how many equal ones
came before it in that minute. Marks, spaces, and whether pictures were exported along don't count; so two members' exports meet, and one
that begins in the middle of a minute finds its messages there: of equal ones it holds k, and these are taken for the first k. What can't
be told apart: equal messages in one minute, of which one export lost the first and another the last. What can't meet: a message that was
edited or taken back between two exports, people saved under another name in another phone, exports made in different time zones.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from kring.schema import Account, Asked, Event, Item, Membership, Note, Place, Post, Record, Scope, Unread, Visibility
from kring.sources import whatsapp_acts as acts
from kring.sources import whatsapp_words as words
from kring.sources.losses import Losses
from kring.sources.whatsapp_dates import DAY, MINUTE, Head, day, head
from kring.sources.whatsapp_lines import Lines, Message, messages, settled
from kring.sources.whatsapp_survey import Survey, name_in_file, take_apart
from kring.sources.zones import Zone
from kring.wire import Page, text_encoding

TITLE = "WhatsApp chat"
READS = "messages, who wrote them, pictures and sounds by name, edits, deletions, who joined and left"
LACKS = "ids, time zones, links from a reply to its message, reactions, what an edit changed"
PROVEN = "chats and forms of whatstk, chat-miner and whats-reader, in ten languages"

_MEDIA_FILE = re.compile(
    r"(?:(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d+|\d{8}-(?:PHOTO|VIDEO|AUDIO|STICKER|GIF|DOCUMENT)-[\d-]+)[^/]*\.\w{1,5}$"
)
_TELLING = re.compile(
    r"\u200e|<Media omitted>|\(file attached\)|<attached: |end-to-end|weggelaten|weggelassen|ausgeschlossen|bijgevoegd|angehängt|"
    "omitido|omis>|oculta>",
    re.IGNORECASE,
)
_HEAD_LINES = 60


def sniff(page: Page) -> float:
    if _MEDIA_FILE.search(page.file):
        return 0.6
    named = page.file.lower() == "_chat.txt" or name_in_file(page) != ""
    if page.file.lower().endswith((".json", ".xml", ".csv", ".html", ".zip", ".mbox", ".eml")):
        return 0.0
    text = page.head.decode(text_encoding(page.head), "replace")
    lines = [line for line in text[:60_000].splitlines()[:_HEAD_LINES] if words.unmarked(line).strip()]
    heads = [found for line in lines if (found := head(line[:400]))]
    if not heads or not any(head(line[:400]) for line in lines[:3]):
        return 0.4 if named and page.file.lower().endswith(".txt") and "\0" not in text else 0.0
    if named or _TELLING.search(text):
        return 0.95
    spoken = sum(": " in line[:200] for line in lines if head(line[:400]))
    return _sureness(heads[0], spoken)


def _sureness(first: Head, spoken: int) -> float:
    """Of a text without any of WhatsApp's own words: " - " after the time is its alone; other messengers write brackets too."""
    if not spoken:
        return 0.3
    return 0.85 if not first.form.bracket and not first.form.time_first else 0.55


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    zone = Zone(asked.zone)
    files = []
    for page in pages:
        if _MEDIA_FILE.search(page.file):
            files.append(page)
        else:
            yield from _read_chat(page, asked, zone)
    if files:
        yield Unread(
            where=files[0].name,
            why="Pictures, sounds, films and other files that came with the chat were left out.",
            next="Nothing to do: Kring keeps what is said about them, not the files.",
            kind="skipped",
            n=len(files),
        )


def _read_chat(page: Page, asked: Asked, zone: Zone) -> Iterator[Item | Unread | Note]:
    survey = Survey(page)
    if not survey.n_heads:
        yield _no_chat(page, survey)
        return
    name, source = survey.chat(asked.place)
    yield Note(where=page.name, text=f'This chat is called “{name}” here, {source}. To give it another name: --as "whatsapp:NAME".')
    for text in survey.order_notes():
        yield Note(where=page.name, text=text)
    if not asked.zone:
        yield Note(
            where=page.name,
            text="WhatsApp writes local times and no zone: they are taken for UTC. To say which zone: --zone Europe/Amsterdam.",
        )
    yield from _Chat(page, survey, name, zone).read()


def _no_chat(page: Page, survey: Survey) -> Unread:
    if not survey.n_lines:
        return Unread(where=page.name, why="The file is empty.", next="Export the chat from WhatsApp again.")
    return Unread(
        where=page.name,
        why="No line of this file begins with a date and time, as the messages of a WhatsApp chat do.",
        next="Give the .txt or .zip file as WhatsApp exported it (in the chat: Export chat).",
        kind="unknown",
        n=survey.n_lines,
        raw=page.head[:4096],
    )


class _Chat:
    """The second reading of one chat: gives its items."""

    def __init__(self, page: Page, survey: Survey, name: str, zone: Zone) -> None:
        self.page, self.survey, self.zone = page, survey, zone
        self.chat, self.place = name, f"whatsapp:{name}"
        self.group = survey.is_group()
        self.visibility: Visibility = "place" if self.group else "direct"
        self.known = frozenset(survey.names.values())
        self.phones = {digits: each for each in self.known if each.startswith("+") and len(digits := re.sub(r"\D", "", each)) > 6}
        self.days: dict[tuple[object, ...], int | None] = {}
        self.given: set[str] = set()
        self.minute: int | str = -1
        self.equals: dict[tuple[str, str], int] = {}
        self.since: int | None = None
        self.until: int | None = None
        self.whole = True
        self.n_quoted = self.quoted_at = 0
        self.losses = Losses()

    def read(self) -> Iterator[Item | Unread | Note]:
        place = Place(id=self.place, kind="group" if self.group else "chat", name=self.chat)
        yield Item(self.page.name, self.page.file.encode(), (place,))
        lines = Lines(self.page)
        for message in settled(messages(lines), self._local):
            if message.quotes:
                self.n_quoted, self.quoted_at = self.n_quoted + 1, self.quoted_at or message.line
            if not message.whole:
                yield self._too_large(message)
            elif message.found is None:
                yield self._preamble(message)
            else:
                yield from self._item(message, message.found)
        yield from self._afterwards(lines)

    def _local(self, found: Head) -> int | None:
        key = (found.form, found.numbers)
        if key not in self.days:
            if len(self.days) > 20_000:
                self.days.clear()
            self.days[key] = day(found.numbers, self.survey.orders[found.form].order)
        days = self.days[key]
        return None if days is None or found.time is None else days * DAY + found.time

    def _item(self, message: Message, found: Head) -> Iterator[Item | Unread]:
        where = f"{self.page.name}, line {message.line}"
        raw = b"\n".join(message.raw)
        local = self._local(found)
        offset = 0
        if local is None:
            written = message.raw[0][:60].decode("utf-8", "replace").replace("\0", "")
            loss = Unread(
                where=where,
                why=f"The time in “{written}” can't be true.",
                next="The message is kept without a time. Correct the date in the file if you know it, and import it again.",
                kind="implausible-time",
                raw=raw[:4096],
            )
            yield from self.losses.each(loss, alike="time")
        else:
            offset = self.zone.offset_s(local)
            at = local - offset * 1_000_000
            self.since = at if self.since is None or at < self.since else self.since
            self.until = at if self.until is None or at > self.until else self.until
        yield Item(where, raw, tuple(self._records(message, found, local, offset)))

    def _records(self, message: Message, found: Head, local: int | None, offset: int) -> Iterator[Record]:
        spoken = take_apart(message.lines[0], self.survey.names)
        at = None if local is None else local - offset * 1_000_000
        offset_s = None if local is None else offset
        if len(message.lines) > 1:
            spoken = spoken._replace(text="\n".join((spoken.text, *message.lines[1:])))
        author = self._author(spoken.author)
        if spoken.system or words.is_call(spoken.text):
            yield from self._events(words.unmarked(spoken.text).strip(), author, at, offset_s)
            return
        text = spoken.text
        if inner := self.survey.longer.get(spoken.author):
            text = text.removeprefix(f"{inner}: ")
        said = words.understand(text)
        account = self._account_id(author)
        yield from self._member(author, None)
        yield Post(
            id=self._post_id(local, found, author, said),
            kind="message",
            author=account,
            at=at,
            offset_s=offset_s,
            zone=self.zone.name,
            text=said.text,
            place=self.place,
            visibility=self.visibility,
            mentions=self._mentions(text) if "@" in text else (),
            media=said.media,
            edited=said.edited,
            deleted=said.deleted,
        )

    def _author(self, written: str) -> str:
        return self.survey.names.get(written) or words.name(written)

    def _account_id(self, author: str) -> str:
        return f"{self.place}/{author}" if author else ""

    def _member(self, name: str, since: int | None) -> Iterator[Record]:
        if name and name not in self.given:
            self.given.add(name)
            account = self._account_id(name)
            yield Account(id=account, name=name)
            yield Membership(account=account, place=self.place, since=since)

    def _events(self, line: str, author: str, at: int | None, offset_s: int | None) -> Iterator[Record]:
        """A system line as events: one for each person that was added or removed, else one about the place."""
        act = acts.act(line) or acts.Act("update", "" if acts.is_notice(line) else author)
        people = acts.people(act.objects, self.known) if act.objects else []
        joins = act.verb == "join"
        yield from self._member(act.actor, at if joins else None)
        for each in people:
            if act.verb == "add":
                yield from self._member(each, at)
        for target in people or [""]:
            yield Event(
                verb=act.verb,
                actor=self._account_id(act.actor),
                object=self._account_id(target) or self.place,
                object_kind="account" if target else "place",
                at=at,
                offset_s=offset_s,
                zone=self.zone.name,
                place=self.place,
                visibility=self.visibility,
                text=line,
            )

    def _mentions(self, text: str) -> tuple[str, ...]:
        """The people addressed: "@\u2068Anna\u2069", and "@31612345678" where that number writes in the chat."""
        named = [words.name(each) for each in _NAMED_MENTION.findall(text)]
        numbers = [self.phones[each] for each in _NUMBER_MENTION.findall(text) if each in self.phones]
        return tuple(dict.fromkeys(self._account_id(each) for each in (*named, *numbers) if each))

    def _post_id(self, local: int | None, found: Head, author: str, said: words.Said) -> str:
        minute: int | str = local // MINUTE if local is not None else f"{found.numbers} {found.time}"
        if minute != self.minute:
            self.minute = minute
            self.equals.clear()
        if said.deleted:
            plain = "\0deleted"
        else:
            plain = " ".join(said.text.split() if said.text.isascii() else unicodedata.normalize("NFC", words.unmarked(said.text)).split())
            plain += "\0media" if said.media else ""
        n = self.equals[author, plain] = self.equals.get((author, plain), 0) + 1
        key = f"{self.place}\0{minute}\0{author}\0{plain}\0{n}"
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=12).digest()
        return f"whatsapp:{base64.b64encode(digest, b'-_').decode()}"

    def _preamble(self, message: Message) -> Unread:
        n = sum(1 for line in message.lines if line.strip())
        return Unread(
            where=f"{self.page.name}, line {message.line}",
            why=f"{n} {'line' if n == 1 else 'lines'} before the first message {'belongs' if n == 1 else 'belong'} to none.",
            next="The export may have been cut off at its beginning: export the chat again if you miss something.",
            kind="unknown",
            n=n,
            raw=b"\n".join(message.raw[:100])[:4096],
        )

    def _too_large(self, message: Message) -> Unread:
        self.whole = False
        return Unread(
            where=f"{self.page.name}, line {message.line}",
            why="A message is longer than 64 MiB and was left out.",
            next="No message of WhatsApp is that long: the file is damaged. Export the chat again.",
            kind="too-large",
            raw=message.raw[0][:4096],
        )

    def _afterwards(self, lines: Lines) -> Iterator[Item | Unread | Note]:
        """What is said once, at the end: quotations, encoding, and what the export holds whole."""
        yield from self.losses.rest()
        if self.n_quoted:
            more = f" (and {self.n_quoted - 1} more)" if self.n_quoted > 1 else ""
            yield Note(
                where=f"{self.page.name}, line {self.quoted_at}",
                text=f"A conversation pasted into a message is read as part of that message{more}.",
            )
        if lines.encoding not in ("utf-8", "utf-8-sig"):
            yield self._encoding(f"The file is not written as UTF-8, as WhatsApp does, but read as {lines.encoding}.", 1)
        elif lines.n_broken:
            yield self._encoding(
                f"Broken characters in {lines.n_broken} {'line' if lines.n_broken == 1 else 'lines'} are shown as “\ufffd”.", lines.n_broken
            )
        if lines.n_nul:
            yield self._encoding(f"NUL bytes were left out: {lines.n_nul}.", lines.n_nul)
        if self.whole and self.since is not None:
            scope = Scope(place=self.place, since=self.since, until=self.until)
            yield Item(f"{self.page.name}, lines 1 to {self.survey.n_lines}", self.page.file.encode(), (scope,))

    def _encoding(self, why: str, n: int) -> Unread:
        again = "If letters look wrong, export the chat again and don't open it in another program before."
        return Unread(where=self.page.name, why=why, next=again, kind="encoding", n=n)


_NAMED_MENTION = re.compile("@\u2068([^\u2069\n]{1,100})\u2069")
_NUMBER_MENTION = re.compile(r"@\u2068?\+?(\d{7,15})\b")
