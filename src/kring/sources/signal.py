"""Reads chats of Signal: its own export (`main.jsonl`), and what the tool signal-export writes (`chat.md`, `data.json`, older texts).

    main.jsonl     Signal's own, since 2025: a line for each person, group, chat and message
    data.json      signal-export: a line of JSON for each message of one chat, in the folder that has the chat's name
    chat.md, .txt  signal-export: "[2024-01-05 10:22:33] Name: text", before 2023 "[2024-01-05, 10:22] Name: text"

Signal's own form is that of libsignal's backup (github.com/signalapp/libsignal, rust/message-backup: src/json/exporter.rs and
src/proto/backup.proto); the other is written by github.com/carderne/signal-export (sigexport/models.py). iPhones write WhatsApp chats in
nearly the same form as the latter, but always with comma *and* seconds, or with marks of their own.
"""

import re
from collections.abc import Iterator, Sequence

from kring.schema import Asked, Item, Note, Unread
from kring.sources.pieces import Pieces
from kring.sources.signal_own import OwnExport
from kring.sources.signal_text import HEAD, TextExport
from kring.sources.zones import Zone
from kring.wire import Page, text_encoding

TITLE = "Signal"
READS = "messages, replies, reactions, edits, polls, who joined and left (Signal's own export); texts of signal-export"
LACKS = "disappearing messages; in texts of signal-export also ids, time zones, reply links, times of reactions"
PROVEN = "a chat of chat-miner; Signal's own new export not yet"

_AGAIN = "Export the chats again, from Signal (Settings, Chats) or with signal-export."
_FRAME = re.compile(rb'\s*\{"(?:version|backupTimeMs|mediaRootBackupKey|account|recipient|chat|chatItem|currentAppVersion)"\s*:')
_FRAMES = re.compile(rb'\{"(?:account|recipient)"\s*:\s*\{|"backupTimeMs"')
_LINE = re.compile(rb'\s*\{"date"\s*:\s*"[^"]*",\s*"sender"\s*:')
_NOT_OURS = re.compile("\u200e|<Media omitted>|<attached: |end-to-end")


def sniff(page: Page) -> float:
    """Its own export by its first line; a text by its first line too, unless it has marks or words of WhatsApp."""
    name, head = page.file.lower(), page.head.removeprefix(b"\xef\xbb\xbf")
    if name.endswith((".jsonl", ".json", ".ndjson")):
        if _FRAME.match(head) and _FRAMES.search(head[:20_000]):
            return 0.98
        return 0.95 if _LINE.match(head) and b'"body"' in head else 0.0
    if name == "_chat.txt" or not name.endswith((".txt", ".md")):
        return 0.0
    text = page.head.decode(text_encoding(page.head), "replace")
    if not any(HEAD.match(line) for line in text.lstrip("\ufeff\r\n ").split("\n", 3)[:3]) or _NOT_OURS.search(text):
        return 0.0
    return 0.95 if name == "chat.md" else 0.75


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    pieces = Pieces(_AGAIN)
    zone = Zone(asked.zone)
    better = {page.folder for page in pages if page.file == "data.json" and page.head.strip()}
    texts = [page for page in pages if page.head.strip() and not _is_own(page)]
    if texts and not asked.zone:
        text = "signal-export writes local times and no zone: they are taken for UTC. To say which zone: --zone Europe/Amsterdam."
        yield Note(where=texts[0].name, text=text)
    for page in pages:
        if not page.head.strip():
            yield pieces.empty(page)
        elif page.file.lower() == "chat.md" and page.folder in better:
            pieces.left_out(page, "the same chat as in data.json beside it")
        elif _is_own(page):
            yield from OwnExport(page, asked, pieces).read()
        else:
            yield from TextExport(page, asked, pieces, zone).read()
    yield from pieces.rest()


def _is_own(page: Page) -> bool:
    return _FRAME.match(page.head.removeprefix(b"\xef\xbb\xbf")) is not None
