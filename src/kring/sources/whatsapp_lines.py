"""From the bytes of a WhatsApp chat to its messages: lines in any encoding, gathered from one date to the next."""

import io
from collections.abc import Callable, Iterator

from kring.sources.whatsapp_dates import MINUTE, Form, Head, head
from kring.wire import LONGEST_RECORD, Page, lines, text_encoding

_LONGEST_QUOTATION = 50


class Lines:
    """The lines of a page as (number, raw, text, whole), in whatever encoding; counts what had to be replaced."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.encoding = _encoding(page.head)
        self.n_broken = self.n_nul = 0

    def __iter__(self) -> Iterator[tuple[int, bytes, str, bool]]:
        self.n_broken = self.n_nul = 0
        for number, raw, text, whole in self._wide() if self.encoding.startswith("utf-16") else self._narrow():
            if "\0" in text:
                self.n_nul += text.count("\0")
                text = text.replace("\0", "")
            yield number, raw, text, whole

    def _narrow(self) -> Iterator[tuple[int, bytes, str, bool]]:
        encoding = "cp1252" if self.encoding == "cp1252" else "utf-8"
        for piece in lines(self.page):
            try:
                text = piece.raw.decode(encoding)
            except UnicodeDecodeError:
                self.n_broken += 1
                text = piece.raw.decode(encoding, "replace")
            yield piece.number, piece.raw, text, piece.whole

    def _wide(self) -> Iterator[tuple[int, bytes, str, bool]]:
        """UTF-16, whose line ends can't be found in its bytes; each line is kept as UTF-8."""
        with self.page.open() as stream:
            text = io.TextIOWrapper(stream, encoding=self.encoding, errors="replace", newline="\n")
            number, begun = 0, False
            while line := text.readline(LONGEST_RECORD // 4):
                whole = line.endswith("\n") or len(line) < LONGEST_RECORD // 4
                if not begun:
                    number += 1
                    self.n_broken += "\ufffd" in line
                    plain = line.rstrip("\r\n")
                    yield number, plain.encode("utf-8", "replace"), plain, whole
                begun = not whole


def _encoding(head: bytes) -> str:
    """The page's encoding; WhatsApp writes UTF-8, and a few broken letters among many good ones don't make it anything else."""
    encoding = text_encoding(head)
    if encoding != "cp1252":
        return encoding
    text = head.decode("utf-8", "replace")
    n_broken = text.count("\ufffd")
    n_good = sum(letter > "\x7f" for letter in text) - n_broken
    return "utf-8" if n_good >= n_broken else encoding


class Message:
    """A message being gathered from its lines."""

    __slots__ = ("begun", "found", "line", "lines", "quotes", "raw", "size", "whole")

    def __init__(self, line: int, found: Head | None, raw: bytes, text: str, whole: bool) -> None:
        self.line, self.found, self.quotes = line, found, False
        self.begun = text[: found.end] if found else ""
        self.raw, self.lines, self.size, self.whole = [raw], [text[found.end :] if found else text], len(raw), whole

    @property
    def form(self) -> Form | None:
        return self.found.form if self.found else None

    def add(self, raw: bytes, text: str, whole: bool) -> None:
        self.size += len(raw) + 1
        self.whole = self.whole and whole and self.size <= LONGEST_RECORD
        if self.whole:
            self.raw.append(raw)
            self.lines.append(text)

    def take_in(self, other: "Message") -> None:
        """Its lines, dates and all, as they stand in the file."""
        self.quotes = True
        for raw, text in zip(other.raw, (other.begun + other.lines[0], *other.lines[1:])):
            self.add(raw, text, other.whole)


def messages(lines: Lines) -> Iterator[Message]:
    """The messages, each with its lines; what stands before the first date comes as a message without one."""
    message: Message | None = None
    for number, raw, text, whole in lines:
        if found := head(text):
            if message:
                yield message
            message = Message(number, found, raw, text, whole)
        elif message:
            message.add(raw, text, whole)
        elif text.strip():
            message = Message(number, None, raw, text, whole)
    if message:
        yield message


def settled(messages: Iterator[Message], local: Callable[[Head], int | None]) -> Iterator[Message]:
    """Puts a conversation that was pasted into a message back into it.

    Such lines have another form than the chat's and lie back in time, after which the chat goes on in its own form. A quotation in the
    chat's own form reads as messages; if they are of this chat, their ids are those they had, and nothing is counted twice.
    """
    last: Message | None = None
    held: list[Message] = []
    for message in messages:
        if held and last and message.form == last.form:
            for each in held:
                last.take_in(each)
            yield last
            last, held = message, []
        elif last and len(held) < _LONGEST_QUOTATION and (held or _lies_back(last, message, local)):
            held.append(message)
        else:
            if last:
                yield from (last, *held)
            last, held = message, []
    if last:
        yield from (last, *held)


def _lies_back(last: Message, message: Message, local: Callable[[Head], int | None]) -> bool:
    if last.found is None or message.found is None or message.form == last.form:
        return False
    before, now = local(last.found), local(message.found)
    return before is not None and now is not None and now < before - MINUTE
