"""The tables (CSV) of LinkedIn's export: which one a file is, where its header stands, and which column holds what, in any language and order."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from operator import itemgetter

import msgspec

from kring.wire import Page, rows, text_encoding

_ARCHIVE = re.compile(r"LinkedIn ?Data ?Export", re.IGNORECASE)
_FILES = re.compile(
    r"(connections|messages|invitations|comments|reactions|shares|instantreposts|profile|rich_media|contacts|importedcontacts|imported contacts)"
    r"(?:[ _-][\w-]*|\s*\(\d+\))*\.csv",
    re.IGNORECASE,
)
_COLUMNS = {
    "connections": {
        "first": "first name|vorname|voornaam|prénom|nombre|nome|imię|förnamn|fornavn|ad",
        "last": "last name|nachname|achternaam|nom|nom de famille|apellidos|apellido|cognome|sobrenome|nazwisko|efternamn|etternavn|soyadı",
        "url": "url|profile url|profil-url",
        "when": "connected on|verbunden am|verbonden op|connectie sinds|gekoppeld op|en relation depuis|connecté le|conectado el"
        "|fecha de conexión|collegato in data|collegato il|conectado em|data de conexão",
    },
    "messages": {
        "conversation": "conversation id",
        "name": "conversation title",
        "from": "from|von|van|de|da",
        "from url": "sender profile url",
        "to": "to|an|aan|à|para|a",
        "to urls": "recipient profile urls|recipient profile url",
        "when": "date|datum|fecha|data",
        "subject": "subject|betreff|onderwerp|objet|asunto|oggetto|assunto",
        "text": "content|inhalt|inhoud|contenu|contenido|contenuto|conteúdo",
        "folder": "folder|ordner|map|dossier|carpeta|cartella|pasta",
        "draft": "is message draft",
    },
    "invitations": {
        "from": "from|von|van|de|da",
        "to": "to|an|aan|à|para|a",
        "when": "sent at|gesendet am|verzonden op|envoyé le|enviado el|inviato il|enviado em",
        "text": "message|nachricht|bericht|mensaje|messaggio|mensagem",
        "direction": "direction|richtung|richting",
        "from url": "inviterprofileurl",
        "to url": "inviteeprofileurl",
    },
    "comments": {"when": "date|datum|fecha|data", "link": "link|url", "text": "message|nachricht|bericht|mensaje|messaggio|mensagem"},
    "reactions": {"when": "date|datum|fecha|data", "type": "type|typ|tipo", "link": "link|url"},
    "instantreposts": {"when": "date|datum|fecha|data", "link": "link|url"},
    "shares": {
        "when": "date|datum|fecha|data",
        "link": "sharelink",
        "text": "sharecommentary",
        "shared": "sharedurl",
        "media": "mediaurl",
        "visibility": "visibility",
    },
    "profile": {
        "first": "first name|vorname|voornaam|prénom|nombre|nome|imię|förnamn|fornavn|ad",
        "last": "last name|nachname|achternaam|nom|nom de famille|apellidos|apellido|cognome|sobrenome|nazwisko|efternamn|etternavn|soyadı",
        "url": "public profile url|profile url",
        "headline": "headline|slogan|kopregel|titre|titular|sommario|título",
        "summary": "summary|zusammenfassung|samenvatting|résumé|extracto|riepilogo|resumo",
    },
}
_NEEDED = {
    "connections": ("first", "last", "when"),
    "messages": ("conversation", "from", "text"),
    "invitations": ("from", "to", "direction"),
    "comments": ("when", "link", "text"),
    "reactions": ("when", "type", "link"),
    "instantreposts": ("when", "link"),
    "shares": ("link", "text"),
    "profile": ("first", "last", "headline"),
}
"""Columns that tell which table it is, where the file's name doesn't."""
_BY_NAME = {kind: {name: field for field, names in fields.items() for name in names.split("|")} for kind, fields in _COLUMNS.items()}
_DAY = re.compile(r"\d{1,2}[ ./-][^\s./-]{1,12}[ ./-]\d{2,4}|\d{4}-\d\d-\d\d.*")
_BACKSLASHED = re.compile(rb'\\"[^,\r\n]')


class Table(msgspec.Struct, frozen=True):
    """A file, what it lists, and the line and columns of its header."""

    page: Page
    kind: str
    line: int
    columns: dict[str, int]
    encoding: str

    def rows(self) -> Iterator[tuple[int, list[str], dict[str, str]]]:
        """Each row below the header: its line, its cells, and those that have a meaning; fewer of these if the row breaks off."""
        fields, last = tuple(self.columns), max(self.columns.values())
        cells_of = itemgetter(*self.columns.values())
        for line, row in rows(self.page, encoding=self.encoding, backslashes=_BACKSLASHED.search(self.page.head) is not None):
            if line <= self.line:
                continue
            if len(row) > last:
                cells = dict(zip(fields, map(str.strip, cells_of(row))))
                if row[0] or any(cells.values()):
                    yield line, row, cells
            elif not row or any(cell.strip() for cell in row):
                yield line, row, {field: row[at].strip() for field, at in self.columns.items() if at < len(row)}


def is_archive(page: Page) -> bool:
    """Something in the archive as LinkedIn names it."""
    return _ARCHIVE.search(page.name) is not None


def table_of(page: Page) -> Table | None:
    """The table that a page is; None if it is none of those known."""
    found = _FILES.fullmatch(page.file)
    named = found[1].lower().replace(" ", "") if found else ""
    encoding = text_encoding(page.head)
    head = _rows_of(page, encoding)
    at, header = next(((line, row) for line, row in head if sum(bool(cell.strip()) for cell in row) >= 2 and not _is_prose(row)), (0, []))
    if named in ("contacts", "importedcontacts", "rich_media"):
        return Table(page, named, at, {}, encoding)
    after = next((row for line, row in head if line > at and len(row) > 1), [])
    for kind in [named] if named in _COLUMNS else list(_COLUMNS):
        columns = _columns(kind, header)
        if named:
            columns = _guessed(kind, columns, after)
        if all(field in columns for field in _NEEDED[kind]) and (named or kind != "instantreposts"):
            return Table(page, kind, at, columns, encoding)
    return None


def _rows_of(page: Page, encoding: str) -> list[tuple[int, list[str]]]:
    """The rows that the head of a page holds."""
    lines = page.head[:32_768].decode(encoding, "replace").replace("\0", "").splitlines(keepends=True)[:60]
    reader = csv.reader(lines)
    found: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):
        found.extend((reader.line_num, row) for row in reader)
    return found


def _is_prose(row: list[str]) -> bool:
    """A note that a comma cuts in two, and no header."""
    return any(len(cell) > 60 for cell in row) or sum(bool(cell.strip()) for cell in row) < 2


def _columns(kind: str, header: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, name in enumerate(header):
        field = _BY_NAME[kind].get(" ".join(name.replace("\ufeff", "").lower().split()))
        if field:
            found.setdefault(field, at)
    return found


def _guessed(kind: str, columns: dict[str, int], row: list[str]) -> dict[str, int]:
    """Where a header's words aren't known: connections are names first, an address of a profile, a day last."""
    if kind != "connections" or not row:
        return columns
    found = dict(columns)
    url = next((at for at, cell in enumerate(row) if "linkedin.com/in/" in cell), None)
    day = next((at for at in range(len(row) - 1, 1, -1) if _DAY.fullmatch(row[at].strip())), None)
    for field, at in (("first", 0), ("last", 1), ("url", url), ("when", day)):
        if at is not None and field not in found and at not in found.values():
            found[field] = at
    return found
