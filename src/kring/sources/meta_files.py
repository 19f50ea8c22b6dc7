"""What the exports of Facebook and Instagram have in common: folders, broken letters, times, ids made up where Meta gives none.

Both come from "Download your information" (https://www.facebook.com/help/212802592074644, https://help.instagram.com/181231772500920), which
documents no format; what is read follows exports as their readers see them. Meta writes text as UTF-8 and then each of its bytes as if it
were a character (`\\u00c3\\u00a9` for é). That is undone here, on the bytes of an element, and only in files that show no character above
U+00FF: in a file that does, letters are written as they should be.
"""

import re
from binascii import unhexlify
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, Generic, TypeVar

from kring.schema import Unread
from kring.sources.jsonpieces import Element, dicts_of, elements, text_of
from kring.sources.mending import Decoder
from kring.sources.moment import EARLIEST, LATEST
from kring.sources.pieces import Pieces
from kring.wire import LONGEST_RECORD, Page, items

T = TypeVar("T")

AGAIN = "Ask Meta for the export again (Accounts Centre, Your information and permissions, Export your information; format JSON)."
AS_JSON = "Ask for the export again and choose the format JSON, not HTML (Accounts Centre, Your information and permissions, Export your information)."
_FIRST_KEY = re.compile(rb'\s*(?:\xef\xbb\xbf)?\s*\{\s*"([^"\\]{1,80})"\s*:')
_ESCAPES = re.compile(rb"\\(?:\\|u00[89a-fA-F][0-9a-fA-F](?:\\u00[89a-fA-F][0-9a-fA-F])*+)")
_SEQUENCES = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_PROPER = re.compile(rb"[\x80-\xff]|(?<!\\)\\u(?!00)[0-9a-fA-F]{4}")
_ROOT = re.compile(
    r"(?:^|/)(?:your_(?:facebook|instagram)_activity|your_activity_across_facebook|personal_information|profile_information|connections|posts"
    r"|messages|comments|comments_and_reactions|likes|likes_and_reactions|content|media|friends|friends_and_followers|followers_and_following"
    r"|following_and_followers|groups|about_you|contacts|account_information|ads_information|preferences|logged_information|security_and_login_information)(?:/|$)"
)
_OWN_FOLDERS = {
    "facebook": ("your_facebook_activity", "your_activity_across_facebook", "apps_and_websites_off_of_facebook"),
    "instagram": ("your_instagram_activity", "apps_and_websites_off_of_instagram"),
}
_EITHERS_FOLDERS = re.compile(
    r"(?:^|/)(?:ads_information|personal_information|profile_information|preferences|logged_information|connections"
    r"|security_and_login_information|apps_and_websites|account_information|ads_and_businesses|search_history|location)/"
)
_WEB_PAGE = re.compile(rb"class=\"[^\"]*\b(?:_a6-g|_3-95|_a6_q|uiBoxWhite)\b")


def network_of(page: Page) -> str:
    """facebook or instagram, where the path says which; else ""."""
    path = page.name.lower()
    for network, folders in _OWN_FOLDERS.items():
        if any(f"{folder}/" in path for folder in folders):
            return network
    said = [network for network in _OWN_FOLDERS if network in path]
    return said[0] if len(said) == 1 else ""


def is_web_page(page: Page, network: str) -> bool:
    """The form of the export that is made to be looked at."""
    if not page.file.lower().endswith((".html", ".htm")) or network_of(page) not in (network, ""):
        return False
    named = network_of(page) == network and (
        _ROOT.search(page.folder) is not None or page.file.lower() in ("start_here.html", "index.html")
    )
    return named or (bool(_WEB_PAGE.search(page.head)) and (network.encode() in page.head.lower() or network_of(page) == network))


def is_known_folder(page: Page, network: str) -> bool:
    """Some file of the export, whatever it holds."""
    return page.file.lower().endswith(".json") and network_of(page) == network and bool(_ROOT.search(page.folder))


def root_of(page: Page) -> str:
    """Where the export begins that a file is of."""
    found = _ROOT.search(page.folder)
    return page.folder[: found.start()] if found else page.folder


def first_key(page: Page) -> str:
    """The first key of a page that is an object, "[" of one that is a list, else ""."""
    found = _FIRST_KEY.match(page.head)
    if found:
        return found[1].decode("utf-8", "replace")
    return "[" if page.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[") else ""


def repaired(raw: bytes) -> bytes:
    """JSON in which bytes written as characters are the characters they were."""
    return _ESCAPES.sub(_mended, raw) if b"\\u00" in raw else raw


def _mended(found: re.Match[bytes]) -> bytes:
    run = found[0]
    if run == b"\\\\":
        return run
    once = unhexlify(run.replace(b"\\u00", b""))
    try:
        once.decode()
        return once
    except UnicodeDecodeError:
        return _SEQUENCES.sub(lambda part: part[0].encode("latin-1").decode("utf-8", "replace"), once.decode("latin-1")).encode("utf-8")


class Repairing(Generic[T]):
    """A decoder that mends letters first, if this page's letters need it."""

    def __init__(self, decoder: Decoder[T], page: Page) -> None:
        self.decoder, self.mangled = decoder, not _PROPER.search(page.head)

    def decode(self, buf: bytes | str, /) -> T:
        raw = buf.encode("utf-8", "replace") if isinstance(buf, str) else buf
        return self.decoder.decode(repaired(raw) if self.mangled else raw)


def listed(page: Page, key: str, decoder: Decoder[T], told: Pieces) -> Iterator[Element[T] | Unread]:
    """The elements of a page: under a key, deeper under "activity_log_data" (until 2021), of a bare list, or the page itself if it is one."""
    mending = Repairing(decoder, page)
    first = first_key(page)
    if first == "[":
        yield from elements(page, "", mending, told)
    elif key and first == key:
        deeper = re.match(rb'[^\[\]]{0,200}"activity_log_data"\s*:\s*(?=\[)', page.head)
        yield from elements(_from(page, deeper.end()) if deeper else page, "" if deeper else key, mending, told)
    elif whole := content(page):
        yield from elements(_wrapped(page, whole), "", mending, told)


def content(page: Page) -> bytes:
    """All of a page, or nothing if it is longer than a record may be."""
    with page.open() as stream:
        raw = stream.read(LONGEST_RECORD + 1)
    return raw.removeprefix(b"\xef\xbb\xbf") if len(raw) <= LONGEST_RECORD else b""


def _from(page: Page, start: int) -> Page:
    def opened() -> BinaryIO:
        stream = page.open()
        stream.read(start)
        return stream

    return Page(page.name, page.head[start:], opened)


def _wrapped(page: Page, whole: bytes) -> Page:
    """One thing as a list of one, as Meta writes what there is one of."""
    raw = b"[" + whole + b"]"
    return Page(page.name, raw[:65536], lambda: BytesIO(raw))


def count(page: Page) -> int:
    """About how many things a file that is left out holds."""
    key = first_key(page)
    return sum(1 for _ in items(page, "" if key == "[" else key)) or 1


def at_seconds(value: object) -> int | None:
    """UTC microseconds of a time in seconds (or thousandths, which are far larger); None where it can't be true."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < 1e14:
        return None
    at = int(value * 1_000) if value > 100_000_000_000 else int(value * 1_000_000)
    return at if EARLIEST <= at < LATEST else None


def times(at: int | None) -> dict[str, Any]:
    """Meta's times are UTC; what the clock on the wall said it doesn't tell."""
    return {} if at is None else {"at": at, "zone": "UTC"}


def web_page(page: Page, n: int) -> Unread:
    why = "This is the form of the export that is made to be looked at (HTML); Kring reads the one made to be read by programs (JSON)."
    return Unread(where=page.name, why=why, next=AS_JSON, kind="unknown", n=n)


def owners_by_root(pages: list[Page], owner: Callable[[Page], str]) -> dict[str, str]:
    """Whose export each folder is; an export of several parts says it in one of them, so one owner holds for all."""
    found = {root_of(page): id for page in pages if (id := owner(page))}
    only = set(found.values())
    return {root_of(page): found.get(root_of(page), next(iter(only)) if len(only) == 1 else "") for page in pages}


def labelled(values: object) -> dict[str, str]:
    """Labels and values, of whatever depth; the first of a label counts."""
    found: dict[str, str] = {}
    waiting = dicts_of(values)[::-1]
    while waiting:
        each = waiting.pop()
        label, value = text_of(each.get("label")), text_of(each.get("href")) or text_of(each.get("value"))
        if label and value:
            found.setdefault(label, value)
        waiting.extend(dicts_of(each.get("dict"))[::-1])
    return found
