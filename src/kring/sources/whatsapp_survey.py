"""The first reading of a WhatsApp chat, for what holds for the whole file: who speaks, the order of dates, the chat's name."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kring.sources import whatsapp_acts as acts
from kring.sources import whatsapp_words as words
from kring.sources.whatsapp_dates import Dates, Form, Head, Order, head, in_words
from kring.sources.whatsapp_lines import Lines
from kring.wire import Page

_LONGEST_NAME = 100
"""WhatsApp allows 100 characters for a group's name and fewer for a person's; what is longer before a colon is a sentence."""


class Spoken(NamedTuple):
    """What stands after date and time: who says it, as written ("" for WhatsApp itself), what, and whether it is a system line."""

    author: str
    text: str
    system: bool


class Voices:
    """Who speaks in lines of one form, by the name as written."""

    def __init__(self) -> None:
        self.n = 0
        self.speakers: dict[str, int] = {}
        self.second: dict[str, str] = {}
        """Of a speaker: what stands before a second colon, if that is the same in every message; "" if not."""
        self.group = False
        self.chat = ""
        self.notice_by = ""
        self.other_language = False

    def see(self, rest: str) -> None:
        self.n += 1
        spoken = take_apart(rest, self.speakers)
        if spoken.system:
            return self._see_system(spoken, rest)
        author, text = spoken.author, spoken.text
        self.speakers[author] = self.speakers.get(author, 0) + 1
        if self.second.get(author, " ") != "":
            inner, colon, _ = text.partition(": ")
            alike = colon and len(inner) <= 25 and self.second.get(author, inner) == inner
            self.second[author] = inner if alike and not words.understand(text).media else ""
        if not self.other_language and not text.isascii() and text[:1] in "\u200e<":
            self.other_language = acts.day_comes_first(text)

    def take_in(self, other: "Voices") -> None:
        self.n += other.n
        for author, n in other.speakers.items():
            same = author not in self.speakers or self.second.get(author) == other.second.get(author)
            self.speakers[author] = self.speakers.get(author, 0) + n
            self.second[author] = other.second.get(author, "") if same else ""
        self.group |= other.group
        self.other_language |= other.other_language
        self.chat = other.chat or self.chat
        self.notice_by = other.notice_by or self.notice_by

    def _see_system(self, spoken: Spoken, rest: str) -> None:
        self.other_language |= acts.day_comes_first(spoken.text)
        author = rest.partition(": ")[0] if spoken.text != rest else ""
        if author and acts.is_notice(spoken.text) and author.casefold() not in acts.SYSTEM_AUTHORS:
            self.notice_by = words.name(author)
        if act := acts.act(spoken.text):
            self.chat = act.chat or self.chat
            self.group |= act.verb != "update" or bool(act.chat)


def take_apart(rest: str, known: dict[str, int] | dict[str, str]) -> Spoken:
    """Author and text of a line after its date; `known` are the names that are known to speak."""
    author, colon, text = rest.partition(": ")
    if not colon:
        bare = words.unmarked(rest).rstrip()
        if bare.endswith(":") and len(bare) <= _LONGEST_NAME:
            return Spoken(bare[:-1], "", False)
        author, colon, text = rest.partition(":")
        return Spoken(author, text, False) if colon and author in known else Spoken("", rest, True)
    if text[:1] in "\u200e\u200f" and text and _is_whatsapps_own(text):
        return Spoken(author if author in known else "", text, True)
    if author not in known:
        return _of_a_stranger(author, text, rest)
    return Spoken(author, text, (text.startswith(author) and acts.act(text) is not None) or acts.is_notice(text))


def _is_whatsapps_own(text: str) -> bool:
    """Whether a text with WhatsApp's mark is a system line, and not a picture or a message taken back."""
    if not text.startswith("\u200e"):
        return False
    said = words.understand(text)
    return not (said.media or said.deleted or said.edited)


def _of_a_stranger(author: str, text: str, rest: str) -> Spoken:
    """The first line of somebody: a person, a system line with a colon in it, or WhatsApp under a borrowed name."""
    if acts.is_notice(text) or (text.startswith(author) and acts.act(text)):
        return Spoken("", text, True)
    if author.strip().casefold() in acts.SYSTEM_AUTHORS and acts.act(text):
        return Spoken("", text, True)
    if len(author) > _LONGEST_NAME or not author.strip() or acts.is_notice(rest):
        return Spoken("", rest, True)
    act = acts.act(rest) if " " in author else None
    if act and (author.startswith(f"{act.actor} ") if act.actor else author.split()[0].casefold() in acts.YOU):
        return Spoken("", rest, True)
    return Spoken(author, text, False)


_FILE_NAME = re.compile(
    r"(?:WhatsApp[ -]Chat (?:with|-|mit|met|med)|Chat de WhatsApp con|Chat WhatsApp con|Chat di WhatsApp con|Discussion WhatsApp avec|"
    r"Conversa d?n?o WhatsApp com|Чат WhatsApp с|WhatsApp-gesprek met|Czat WhatsApp z|WhatsApp Sohbeti -) (?P<name>.+)",
    re.IGNORECASE,
)
"""What the apps call an exported file, in the languages seen so far."""
_PLAIN_STEMS = {"_chat", "chat", "export", "whatsapp", "messages", ""}


def name_in_file(page: Page) -> str:
    """The chat's name in a file or folder name that WhatsApp gave, "" if it gave none."""
    for part in reversed(page.name.split("/")):
        if found := _FILE_NAME.fullmatch(_stem(part)):
            return found["name"].strip()
    return ""


def _stem(part: str) -> str:
    return re.sub(r"\s*\(\d+\)$", "", words.unmarked(re.sub(r"\.(?:txt|zip)$", "", part, flags=re.IGNORECASE))).strip()


class Survey:
    """What the first reading decides."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.n_lines = self.n_heads = 0
        self.dates: dict[Form, Dates] = {}
        self.voices: dict[Form, Voices] = {}
        for number, _, text, _ in Lines(page):
            self.n_lines = number
            if found := head(text):
                self._see(number, found, text)
        self.main = self._main()
        self.orders = self._orders()
        self.longer = {author: inner for author, inner in self.main.second.items() if inner and self.main.speakers[author] >= 3}
        self.names = {author: self._full(author) for voices in self.voices.values() for author in voices.speakers}

    def _see(self, number: int, found: Head, text: str) -> None:
        self.n_heads += 1
        if (dates := self.dates.get(found.form)) is None:
            dates = self.dates[found.form] = Dates(found.form)
            self.voices[found.form] = Voices()
        dates.see(number, found)
        self.voices[found.form].see(text[found.end :])

    def _main(self) -> Voices:
        """Who speaks in the form that most lines have; forms that are nearly as frequent count too, a pasted conversation doesn't."""
        most = max((voices.n for voices in self.voices.values()), default=0)
        main = Voices()
        for voices in self.voices.values():
            if voices.n * 2 >= most:
                main.take_in(voices)
        return main

    def _full(self, author: str) -> str:
        return words.name(f"{author}: {self.longer[author]}" if author in self.longer else author)

    def _orders(self) -> dict[Form, Order]:
        """The order of each form; one that can't tell follows the form with most lines that can and is written alike."""
        for form, dates in self.dates.items():
            dates.other_language = self.voices[form].other_language
        orders = {form: dates.decide() for form, dates in self.dates.items()}
        certain = sorted((form for form in orders if orders[form].certain), key=lambda form: -self.dates[form].n)
        for form, order in orders.items():
            alike = [each for each in certain if each.year == form.year]
            if not order.certain and alike:
                orders[form] = Order(orders[alike[0]].order, orders[alike[0]].why)
        return orders

    def order_notes(self) -> Iterator[str]:
        """What was decided about dates, in sentences: one for each order that the file has."""
        said = set()
        for form in sorted(self.orders, key=lambda form: -self.dates[form].n):
            order = self.orders[form]
            if order.order in said:
                continue
            said.add(order.order)
            if order.certain:
                yield f"Dates are read as {in_words(order.order)}: {order.why}."
            else:
                written = form.sign.join(self.dates[form].last)
                yield (
                    f"Could not tell whether dates like {written} are day-month or month-day: read as {in_words(order.order)}. "
                    "If that is wrong, undo this import and export the chat again once it holds a date after the 12th of a month."
                )

    def speakers(self) -> set[str]:
        """The people who write in the form that most lines have."""
        return {self.names[author] for author in self.main.speakers}

    def is_group(self) -> bool:
        named, speakers = name_in_file(self.page), self.speakers()
        return self.main.group or len(speakers) > 2 or (len(speakers) == 2 and bool(named) and words.name(named) not in speakers)

    def chat(self, asked: str) -> tuple[str, str]:
        """The chat's name and where it was found; the same for every member's export wherever WhatsApp allows it."""
        if asked:
            return asked, "as you said"
        speakers = sorted(self.speakers())
        if len(speakers) == 2 and not self.is_group():
            return " & ".join(speakers), "after the two who write in it"
        if named := name_in_file(self.page):
            return named, "after the file's name"
        if self.is_group() and (named := self.main.notice_by or self.main.chat):
            return named, "after the name that stands in it"
        folder = self.page.folder.rpartition("/")[2]
        stem = _stem(self.page.file)
        return (stem if stem.casefold() not in _PLAIN_STEMS else _stem(folder)) or "chat", "after the file's name"
