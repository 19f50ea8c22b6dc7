"""Mail: an mbox (Thunderbird, Apple Mail, Gmail's Takeout, archives of lists), a maildir, or files of one mail each (.eml, .emlx, MH).

Format      RFC 5322 (mail), 2045-2049 and 2231 (its parts), 3676 (flowed text), 2919 and 2369 (lists), 4155 (mbox); maildir:
            https://cr.yp.to/proto/maildir.html. What mails are really like is told where it is handled: `mail_boxes`, `mail_headers`,
            `mail_dates`, `mail_bodies`, `mail_quotes`, `mail_threads`.

Post        kind "message"; id "mail:" and the Message-ID without its brackets; where there is none, a digest of sender, date, subject and
            body. `text` is what the author wrote: no signature, no old mail at the end; inline quotes are "> " lines. `title` is the
            subject as written, "Re:" included. tags=("auto-reply",) marks a machine's answer (RFC 3834): it is not an answer of a person
            and must not be counted as one. There is no language: what mailers write in Content-Language is their own, not the text's.
Account     id "mail:" and the address in lower case, before the "@" too (the standard lets hosts tell capitals apart, none does). kind
            "bot" only for addresses that say so (noreply, mailer-daemon …). A name is best from the person's own From; what others call
            them stands until then.
Mentions    those in To and Cc, not Bcc, and not the list.
Place       the mailing list, id "mail:list:" and its List-Id. Where no list is named: `asked.place`; in an archive made by Pipermail the
            "[Tag]" that half of its subjects have.
Visibility  "public" only if the mail names a web archive of its list (List-Archive with http(s), not Mailman's /private/); else "place"
            in a list, and "direct" between people.
Time        the Date field; one that can't be read or believed (before 1971, after 2099) is an `Unread`, and the time of receipt stands
            instead, if there is one.
Owner and Scope: see `mail_folders`. Threads: see `mail_threads`. Attached mails and digests are named as files, not opened.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from kring.schema import Asked, Item, Note, Place, Unread
from kring.sources.mail_boxes import is_mbox, mbox, single
from kring.sources.mail_folders import Folder
from kring.sources.mail_posts import Letters
from kring.wire import LONGEST_RECORD, Page

TITLE = "Mail (mbox, maildir, .eml)"
READS = "messages, threads, lists, who wrote to whom, names of attachments; quotes and signatures apart"
LACKS = "who read it; what was sent but not kept; whether a list is public, unless its mails name a web archive"
PROVEN = "the mail samples of CPython's own tests; mailboxes written by Python's mailbox module; somebody's own mailbox not yet"

_HEAD_LINE = re.compile(rb"[!-9;-~]{1,80}[ \t]*:[^\n]*\n|[ \t][^\n]*\n")
_FIELD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")
_SURE_FIELDS = re.compile(
    rb"^(?:Received|Message-ID|Return-Path|Delivered-To|MIME-Version|From|Date|Subject|To)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_OF_A_MAIL = (b"received", b"message-id", b"return-path", b"from", b"delivered-to")
_NOT_MAIL = (b"snapshot-content-location:", b"from: <saved by", b"http/1.", b"begin:vc")
_MAIL_FILE = re.compile(r"\.(?:eml|emlx|mbox|mbx)$", re.IGNORECASE)
_MAILDIR = re.compile(r"(?:^|/)(cur|new|tmp)$")
_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_UNUSED = re.compile(
    r"(?:\.msf|^dovecot[\w.-]*|^maildirsize|^maildirfolder|^subscriptions|^\.mh_sequences|^table_of_contents|^courierimap[\w.-]*|^\.uidvalidity|^popstate\.dat|"
    r"^msgFilterRules\.dat|^filterlog\.html)$"
)
_PIPERMAIL = re.compile(rb"\s*From \S+ at \S+ .*\r?\nFrom: \S+ at [^\r\n@]+\r?\n")
_SUBJECT = re.compile(rb"^Subject:[ \t]*(?:[A-Za-z]{1,5}:[ \t]*)*(?:\[([^\[\]\r\n]{1,60})\])?", re.MULTILINE)


def sniff(page: Page) -> float:
    """Is this page mine? Looks at the first lines; files that mail programs keep beside their mails are taken too, to be named."""
    if _UNUSED.search(page.file):
        return 0.6
    head = page.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return 0.6 if _MAIL_FILE.search(page.file) and not page.head.strip(b"\0 \t\r\n") else 0.0
    if is_mbox(head):
        return 0.95
    if page.file.lower().endswith(".emlx"):
        head = head.partition(b"\n")[2]
    sure = _sure(head)
    if _MAIL_FILE.search(page.file) or _MAILDIR.search(page.folder):
        return max(0.95 if sure else 0.0, 0.6 if _FIELD.match(head) and _SURE_FIELDS.search(head[:4096]) else 0.0)
    return sure


def _sure(head: bytes) -> float:
    """How much these first lines are a mail's head: nothing but fields, some of which only mail has."""
    at, n = 0, 0
    while n < 200 and (line := _HEAD_LINE.match(head, at)):
        at, n = line.end(), n + 1
    if not n or (at < len(head) and head[at : at + 1] not in (b"\n", b"\r") and n < 200):
        return 0.0
    top = head[:at].lower()
    if any(mark in top for mark in _NOT_MAIL):
        return 0.0
    names = {name.rstrip(b": \t").lower() for name in _SURE_FIELDS.findall(top)}
    if not names.intersection(_OF_A_MAIL) or len(names) < 2:
        return 0.0
    return 0.75 if len(names) > 2 else 0.6


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """All mails of these pages, folder by folder."""
    letters, default = Letters(asked), _place(asked.place)
    unused: list[str] = []
    folder = Folder("", one_file=False)
    for page in pages:
        if _UNUSED.search(page.file):
            unused.append(page.name)
            continue
        boxed = is_mbox(page.head)
        name = page.name if boxed else _MAILDIR.sub("", page.folder) or page.name
        if name != folder.name or boxed:
            yield from folder.close()
            folder = Folder(name, one_file=boxed)
        yield from _page(page, folder, letters, default) if boxed else _single(page, folder, letters, default)
    yield from folder.close()
    yield from _said(letters, unused)


def _said(letters: Letters, unused: list[str]) -> Iterator[Unread | Note]:
    for place, public in letters.places.items():
        if public:
            name = place.removeprefix("mail:list:")
            text = (
                f"The list {name} is taken for public: its mails name a web archive. Keep its figures inside if only members can read that."
            )
            yield Note(where=name, text=text)
    if unused:
        why = "A mail program's own lists and settings, no mails."
        yield Unread(where=unused[0], why=why, next="Nothing.", kind="skipped", n=len(unused))


def _page(page: Page, folder: Folder, letters: Letters, default: Place | None) -> Iterator[Item | Unread | Note]:
    """The mails of an mbox."""
    folder.archive = _PIPERMAIL.match(page.head) is not None
    if default is None and folder.archive:
        default = _place(_tag(page.head) or page.file.partition(".")[0])
        if default:
            text = f"The archive of a mailing list that doesn't name it: called {default.name!r} here (`--as mail:NAME` says it better)."
            yield Note(where=page.name, text=text)
    ends_whole = True
    for piece in mbox(page):
        where = f"{page.name}, mail {piece.number}"
        if not piece.whole:
            yield _too_large(where, piece.raw)
            continue
        ends_whole = piece.raw.endswith(b"\n")
        yield from _item(piece.raw, where, folder, letters, is_mbox=True, default=default)
    if not ends_whole:
        yield Unread(
            where=page.name,
            why="The file ends in the middle of a line: it may have been cut off.",
            next="Export it again if mails are missing.",
        )


def _single(page: Page, folder: Folder, letters: Letters, default: Place | None) -> Iterator[Item | Unread | Note]:
    """The mail in a file of its own."""
    if _MAILDIR.search(page.folder) and page.folder.endswith("tmp"):  # maildir: what is in tmp is still being written
        return folder.lose("unfinished")
    piece = single(page)
    if not piece.whole:
        yield _too_large(page.name, piece.raw)
    elif not piece.raw.strip():
        yield Unread(where=page.name, why="The file is empty.", next="Export it again if a mail should be in it.")
    else:
        flags = _FLAGS.search(page.file)
        yield from _item(piece.raw, page.name, folder, letters, is_mbox=False, default=default, flags=flags[1] if flags else "")


def _item(
    raw: bytes, where: str, folder: Folder, letters: Letters, *, is_mbox: bool, default: Place | None, flags: str = ""
) -> Iterator[Item | Unread]:
    records = []
    for each in letters.records(raw, where, folder, is_mbox=is_mbox, default=default, flags=flags):
        if isinstance(each, Unread):
            yield each
        else:
            records.append(each)
    if records:
        yield Item(where, raw, tuple(records))


def _too_large(where: str, head: bytes) -> Unread:
    return Unread(
        where=where,
        why=f"This mail is longer than {LONGEST_RECORD >> 20} MiB and was not read.",
        next="Remove its attachments in the mail program and export again, if it matters.",
        kind="too-large",
        raw=head[:4096],
    )


def _place(name: str) -> Place | None:
    """A list that only the user or its archive names."""
    name = " ".join(name.split())
    return Place(id=f"mail:list:{name.lower()}", kind="list", name=name) if name else None


def _tag(head: bytes) -> str:
    """The "[Tag]" that a list puts before its subjects, if at least half of the first ones have it."""
    tags = [found[1] for found in _SUBJECT.finditer(head)]
    tag, n = Counter(tags).most_common(1)[0] if tags else (None, 0)
    return tag.decode("utf-8", "replace") if tag and n * 2 >= len(tags) else ""
