"""What can be read: one file for each network or export. To add one: the file, its line here, a folder under tests/sources/.

An export's file opens by saying what it reads and where the format is documented, and has

    TITLE                    the name a user knows it by
    READS, LACKS, PROVEN     a phrase each for `kring sources` and its table in docs: what is read; what the export leaves out; the files that
                             nobody here wrote on which a test proves it, "" where there are none yet
    sniff(page) -> float     is this page mine? 0 no … 1 certainly; looks at the name and the head only, and never fails
    read(pages, asked)       yields Item (a raw piece and its records), Unread (what could not be read) and Note (what was decided, said aloud);
                             streams; never raises for what stands in a page

All pages of one source inside one thing the user gave come together, sorted by name.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from kring.schema import Asked, Item, Note, Proposed, Unread
from kring.wire import Page

EXPORTS = (
    "activitystreams",
    "bluesky",
    "discord",
    "facebook",
    "feeds",
    "google_chat",
    "instagram",
    "kring",
    "linkedin",
    "mail",
    "mastodon",
    "matrix",
    "reddit",
    "signal",
    "slack",
    "stackexchange",
    "tables",
    "telegram",
    "whatsapp",
    "x",
    "youtube",
)


class Export(Protocol):
    """The shape of a file here that reads an export."""

    TITLE: str
    READS: str
    LACKS: str
    PROVEN: str

    def sniff(self, page: Page) -> float: ...
    def read(self, pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note | Proposed]: ...


@cache
def export(name: str) -> Export:
    """The reader of that name."""
    return cast(Export, import_module(f"kring.sources.{name}"))


def recognise(page: Page) -> tuple[str, float]:
    """Whose page this is and how sure that is; ("", 0.0) if nobody's. Ties go to the first by name."""
    best = ("", 0.0)
    for name in EXPORTS:
        sure = export(name).sniff(page)
        if sure >= 1:
            return name, sure
        if sure > best[1]:
            best = (name, sure)
    return best
