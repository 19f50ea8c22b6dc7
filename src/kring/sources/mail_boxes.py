"""Where one mail ends and the next begins: mbox in its dialects, and files that hold one mail each (maildir, MH, .eml, .emlx).

An mbox is mails one after the other, each behind a line "From sender date". Nobody owns the format (RFC 4155 describes it); what differs
is how a line of a mail that itself begins with "From " is told apart:

    mboxo, mboxrd    it gets a ">" before it (mboxrd: one more before those that have some), taken off here
    mboxcl, mboxcl2  Content-Length says how long the mail is: believed only where another separator, or nothing, comes right behind it
    none at all      a separator comes after an empty line, has a day, month and time, and the line behind it is a header
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kring.wire import LONGEST_RECORD, Page, Piece

_CHUNK = 1 << 20
_FURTHEST_HINT = 1 << 20
"""A Content-Length is followed no further than this: it stands in mails of strangers."""
_LONGEST_SEPARATOR = 1200
_SEPARATOR = re.compile(
    rb"From (?:-|[^\r\n]{1,320}?) *\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +"
    rb"(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}),? +(?:\d{4} +)?\d{1,2}:\d\d"
    rb"[^\r\n]{0,60}\r?\n(?:>From |[!-9;-~]{1,80}[ \t]*:)"
)
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*")
_FIRST_SEPARATOR = re.compile(
    rb"From [^\r\n]{0,600}\r?\n(?:>?From [^\r\n]{0,600}\r?\n)?[!-9;-~]{1,80}[ \t]*:[^\n]*+\n(?:[ \t][^\n]*+\n)*+[!-9;-~]{1,80}[ \t]*:"
)
"""At the beginning of a file a separator needs no date, if two fields follow."""
_CONTENT_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HEAD_END = re.compile(rb"\n\r?\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_ENVELOPE = re.compile(rb"(?:\xef\xbb\xbf)?\s*>?From ([^\r\n]{0,600})\r?\n(?:>?From [^\r\n]*\r?\n)?")
_ENVELOPE_SENDER = re.compile(r"(\S+@\S+|\S+ at \S+\.\S+)\s")
_ENVELOPE_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*")
_EMLX = re.compile(rb"\s*(\d{1,10})[ \t]*\r?\n")


def is_mbox(head: bytes) -> bool:
    """Whether a file that begins like this is an mbox."""
    before = _BEFORE.match(head)
    start = before.end() if before else 0
    return (_SEPARATOR.match(head, start) or _FIRST_SEPARATOR.match(head, start)) is not None


def mbox(page: Page, *, longest: int = LONGEST_RECORD) -> Iterator[Piece]:
    """The mails of an mbox with their "From " lines; one that is too long comes cut, with `whole=False`.

    Costs   one pass; memory for the longest mail and two chunks.
    """
    with page.open() as stream:
        yield from _Box(stream, longest).pieces()


class _Box:
    """A window on the file that begins where the current mail does."""

    def __init__(self, stream: BinaryIO, longest: int) -> None:
        self.stream, self.longest = stream, longest
        self.window, self.start, self.at = bytearray(), 0, 0
        self.ended = False
        self.head = b""

    def pieces(self) -> Iterator[Piece]:
        number = 0
        while (end := self._end()) > self.start or self.head:
            raw = bytes(self.window[self.start : end])
            self.start = self.at = end
            whole, raw = (False, self.head) if self.head else (len(raw) <= self.longest, raw)
            self.head = b""
            if raw.strip():
                number += 1
                yield Piece(number, raw if whole else raw[:4096], whole)

    def _end(self) -> int:
        """Where the mail that begins at `start` ends: before the next separator, or with the file."""
        self.at = max(self.at, self.start + 1)
        while True:
            found = self.window.find(b"\nFrom ", self.at - 1)
            if found < 0 or found + _LONGEST_SEPARATOR > len(self.window):
                if not self.ended:
                    self.at = max(self.at, len(self.window) - 8) if found < 0 else found + 1
                    self._more()
                    continue
                if found < 0:
                    return len(self.window)
            self.at = found + 2
            if self._separates(found + 1) and not self._inside_length(found + 1):
                return found + 1

    def _more(self) -> None:
        """Reads on; what is done is dropped, and of a mail that has grown too long only the beginning is kept."""
        if self.start:
            del self.window[: self.start]
            self.at -= self.start
            self.start = 0
        if self.at > self.longest:
            self.head = self.head or bytes(self.window[:4096])
            keep = max(0, self.at - 4)
            del self.window[:keep]
            self.at -= keep
        chunk = self.stream.read(_CHUNK)
        self.window += chunk
        self.ended = not chunk

    def _separates(self, position: int) -> bool:
        before = self.window[max(self.start, position - 3) : position]
        return before.endswith((b"\n\n", b"\n\r\n")) and _SEPARATOR.match(self.window, position) is not None

    def _inside_length(self, position: int) -> bool:
        """Whether Content-Length says that this separator is a part of the mail, and is right about where the mail ends."""
        head = None if self.head else _HEAD_END.search(self.window, self.start, position)
        length = _CONTENT_LENGTH.search(self.window, self.start, head.end()) if head else None
        if head is None or length is None:
            return False
        end = head.end() + int(length[1])
        if not position < end <= position + _FURTHEST_HINT:
            return False
        while end + _LONGEST_SEPARATOR > len(self.window) and not self.ended:
            chunk = self.stream.read(_CHUNK)
            self.window += chunk
            self.ended = not chunk
        rest = self.window[end : end + 4]
        end += len(rest) - len(rest.lstrip(b"\r\n"))
        if end != len(self.window) and _SEPARATOR.match(self.window, end) is None:
            return False
        self.at = end
        return True


def unescaped(mail: bytes) -> bytes:
    """A mail out of an mbox, with the ">" taken off that kept "From " lines from ending it."""
    return _ESCAPED.sub(rb"\1", mail) if b"\n>From " in mail or b"\n>>" in mail else mail


def envelope(mail: bytes) -> tuple[str, str, int]:
    """Sender and date of the "From " line, as written, and where the head begins; ("", "", 0) without one."""
    found = _ENVELOPE.match(mail)
    if found is None:
        return "", "", 0
    line = found[1].decode("utf-8", "replace")
    sender, date = _ENVELOPE_SENDER.match(line), _ENVELOPE_DATE.search(line)
    return sender[1].replace(" at ", "@") if sender else "", date[0] if date else "", found.end()


def single(page: Page, *, longest: int = LONGEST_RECORD) -> Piece:
    """The mail in a file that holds one; Apple Mail's .emlx has its length before it and settings behind it."""
    with page.open() as stream:
        raw = stream.read(longest + 1)
    if len(raw) > longest:
        return Piece(1, raw[:4096], whole=False)
    if page.file.endswith(".emlx") and (length := _EMLX.match(raw)):
        raw = raw[length.end() : length.end() + int(length[1])]
    return Piece(1, raw.removeprefix(b"\xef\xbb\xbf"))
