"""The tables (CSV) in Google's Takeout of YouTube: which one a file is and which column holds what, in the language of the account.

Columns were added over the years (`Post ID`, `Top-Level Comment ID`, `Currency code`) and change places, so they are known by name: in the languages in
which exports were seen. In others, comments, lines of live chats and subscriptions are known by what stands in their cells.
"""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import msgspec

from kring.wire import Page, rows, text_encoding

_COLUMNS = {
    "comments": {
        "id": "comment id|reactie-id|kommentar-id|id de comentario|id del comentario|id du commentaire|id-ul comentariului|komentaro id",
        "channel": "channel id|kanaal-id|kanal-id|id de canal|id del canal|id de la chaîne|id-ul canalului|kanalo id",
        "when": "comment create timestamp|comment creation timestamp|aanmaaktijdstempel reactie|reactiecreatietijdstempel"
        "|zeitstempel der erstellung des kommentars|marca de tiempo de creación del comentario|marcajul temporal de creare a comentariului"
        "|komentaro sukūrimo laiko žymė",
        "parent": "parent comment id|bovenliggende reactie-id|übergeordnete kommentar-id|id del comentario principal|id du commentaire parent",
        "post": "post id|beitrags-id|bericht-id|id de la publicación|id de la publication",
        "video": "video id|video-id|id de vídeo|id del vídeo|id de la vidéo|id vidéo|id-ul videoclipului|vaizdo įrašo id",
        "text": "comment text|reactietekst|kommentartext|texto del comentario|texte du commentaire|textul comentariului|komentuoti tekstą",
    },
    "live chats": {
        "id": "live chat id|live-chat-id|livechat-id",
        "channel": "channel id|kanaal-id|kanal-id|id de canal|id del canal|id de la chaîne|id-ul canalului|kanalo id",
        "when": "live chat create timestamp|live chat creation timestamp",
        "video": "video id|video-id|id de vídeo|id del vídeo|id de la vidéo|id vidéo|id-ul videoclipului|vaizdo įrašo id",
        "text": "live chat text|text für den live-chat",
    },
    "subscriptions": {
        "channel": "channel id|kanaal-id|kanal-id|id del canal|id de canal|id des chaînes|id canale|id-ul canalului|kanalo id",
        "url": "channel url|kanaal-url|kanal-url|url del canal|url des chaînes|url canale|adresa url a canalului|kanalo url",
        "title": "channel title|kanaaltitel|kanaltitel|título del canal|titres des chaînes|titolo canale|titlul canalului|kanalo pavadinimas",
    },
    "channel": {
        "channel": "channel id|kanaal-id|kanal-id|id de canal|id del canal|id de la chaîne|id-ul canalului|kanalo id",
        "title": "channel title (original)|(originele) kanaaltitel|kanaltitel (original)|título del canal (original)|titlul canalului (original)"
        "|kanalo pavadinimas (pradinis)",
    },
    "videos": {
        "id": "video id|video-id|id de vídeo|id-ul videoclipului|vaizdo įrašo id",
        "title": "video title (original)|videotitel (origineel)|videotitel (original)|título del vídeo (original)|titlul videoclipului (original)"
        "|vaizdo įrašo pavadinimas (originalas)",
        "text": "video description (original)|videobeschrijving (origineel)|videobeschreibung (original)|descripción del vídeo (original)"
        "|descrierea videoclipului (original)|vaizdo įrašo aprašas (originalas)",
        "channel": "channel id|kanaal-id|kanal-id|id de canal|id-ul canalului|kanalo id",
        "privacy": "privacy|datenschutz|privacidad|confidențialitate|privatumas",
        "created": "video create timestamp|tijdstempel aanmaaktijd video|zeitstempel bei videoerstellung|marca de tiempo de creación del vídeo"
        "|marcajul temporal de creare a videoclipului|vaizdo įrašo sukūrimo laiko žymė",
        "when": "video publish timestamp|tijdstempel publicatietijd video|zeitstempel bei videoveröffentlichung"
        "|marca de tiempo de publicación del vídeo|marcajul temporal de publicare a videoclipului|vaizdo įrašo paskelbimo laiko žymė",
    },
}
_NEEDED = {
    "comments": ("id", "when", "text"),
    "live chats": ("id", "when", "text"),
    "subscriptions": ("channel", "title"),
    "channel": ("channel", "title"),
    "videos": ("id", "title", "channel"),
}
_BY_NAME = {kind: {name: field for field, names in fields.items() for name in names.split("|")} for kind, fields in _COLUMNS.items()}
_COMMENT = re.compile(r"(?:Ug[\w-]{24}|z[\w-]{20,40})(?:\.[\w-]+)?", re.ASCII)
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")
_WORDS = re.compile(r'\s*\{\s*"(?:text|takeoutSegments)"')
_URL = re.compile(r"https?://(?:www\.)?youtube\.com/channel/UC[\w-]{22}/?", re.ASCII)
_ID = re.compile(r"[\w.%=-]{12,}", re.ASCII)


class Table(msgspec.Struct, frozen=True):
    """A file, what it lists, and the columns of it that have a meaning."""

    page: Page
    kind: str
    columns: dict[str, int]
    encoding: str

    def rows(self) -> Iterator[tuple[int, dict[str, str] | None]]:
        """Each row below the header: its line, and its cells by their meaning; None for a row that breaks off or can't be read."""
        last, header = max(self.columns.values()), True
        for line, row in rows(self.page, encoding=self.encoding):
            if header:
                header = False
            elif len(row) > last:
                cells = {field: row[at].strip() for field, at in self.columns.items()}
                if any(cells.values()):
                    yield line, cells
            elif not row or any(cell.strip() for cell in row):
                yield line, None


def table_of(page: Page) -> Table | None:
    """The table that a page is; None if it is none of those that are read."""
    encoding = text_encoding(page.head)
    head = _head(page, encoding)
    if not head:
        return None
    header, below = [_name(cell) for cell in head[0]], head[1:]
    for kind, names in _BY_NAME.items():
        columns: dict[str, int] = {}
        for at, cell in enumerate(header):
            if (field := names.get(cell)) is not None:
                columns.setdefault(field, at)
        if all(field in columns for field in _NEEDED[kind]) and (kind != "subscriptions" or len(columns) == len(header)):
            return Table(page, kind, columns, encoding)
    kind, columns = _guessed(len(header), below)
    return Table(page, kind, columns, encoding) if kind else None


def _head(page: Page, encoding: str) -> list[list[str]]:
    """The first rows; what the head cuts off isn't one of them."""
    lines = page.head.decode(encoding, "replace").replace("\0", "").splitlines(keepends=True)[:60]
    found: list[list[str]] = []
    with suppress(csv.Error):
        found.extend(row for row in csv.reader(lines) if row)
    return found if len(found) < 2 or page.size == len(page.head) else found[:-1]


def _name(cell: str) -> str:
    """A column's name in small letters, with plain spaces and hyphens."""
    return " ".join(cell.replace("\ufeff", "").replace("\u2011", "-").lower().split())


def _guessed(width: int, below: list[list[str]]) -> tuple[str, dict[str, int]]:
    """Which table it is and where its columns stand, by the cells of the first rows alone."""
    below = [row for row in below if len(row) == width]

    def all_are(form: re.Pattern[str]) -> Callable[[int], bool]:
        return lambda at: any(row[at] for row in below) and all(form.fullmatch(row[at].strip()) for row in below if row[at])

    def first(form: re.Pattern[str], taken: dict[str, int]) -> int | None:
        return next((at for at in range(width) if at not in taken.values() and all_are(form)(at)), None)

    found: dict[str, int] = {}
    words = next((at for at in range(width) if below and all(_WORDS.match(row[at]) for row in below)), None)
    forms = (
        {"channel": _CHANNEL, "when": _TIME, "id": _COMMENT, "video": _VIDEO} if words is not None else {"channel": _CHANNEL, "url": _URL}
    )
    for field, form in forms.items():
        at = first(form, found)
        if at is None and field == "id":
            at = first(_ID, found)
        if at is not None:
            found[field] = at
    if words is not None and "id" in found and "when" in found:
        found["text"] = words
        is_comment = all(_COMMENT.fullmatch(row[found["id"]].strip()) for row in below)
        parent = first(_COMMENT, found) if is_comment else None
        return ("comments", found | ({} if parent is None else {"parent": parent})) if is_comment else ("live chats", found)
    if words is None and width == 3 and len(found) == 2:
        return "subscriptions", found | {"title": 3 - found["channel"] - found["url"]}
    return "", {}
