"""What stands in a cell of LinkedIn's tables: whose address, which post, and words without what the export wraps them in."""

import re
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

from kring.sources.markup import plain

_PROFILE = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(in|company|school|pub)/([^/?#\s]+)", re.IGNORECASE)
_URN = re.compile(r"urn:li:(comment:\([^)]*\)|[A-Za-z]+:\d+)")
_UPDATE = re.compile(r"https://www\.linkedin\.com/feed/update/urn(?:%3A|:)li(?:%3A|:)([A-Za-z]+)(?:%3A|:)(\d+)/?")
"""How nearly all addresses of posts look."""
_HTML = re.compile(r"</?(?:p|br|div|span|a|ul|li|b|i|strong|em)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"(?:^|(?<=[\s(]))#(\w+)")
_HASHTAG = re.compile(r"hashtag\\?#(\w+)|\{hashtag\|\\?#\|(\w+)\}")
_NOBODY = ("linkedin member", "linkedin-mitglied", "linkedin-lid", "membre de linkedin", "miembro de linkedin", "utente di linkedin")


def thing_id(link: str) -> str:
    """What an address shows: a post, share or comment by LinkedIn's own name for it ("activity:7401794121226568123")."""
    if usual := _UPDATE.fullmatch(link):
        return f"linkedin:{usual[1]}:{usual[2]}"
    return (things_in(link) or [f"linkedin:{link}" if link else ""])[-1]


@lru_cache(maxsize=50_000)
def account_id(url: str, name: str) -> str:
    """By the address of the profile, else by name; "" for somebody whose name is hidden."""
    if found := _PROFILE.search(url):
        name = found[2] if "%" not in found[2] else unquote(found[2])
        return f"linkedin:{found[1].lower()}/{name.lower()}"
    name = " ".join(name.split())
    return f"linkedin:name/{name}" if name and name.lower() not in _NOBODY else ""


@lru_cache(maxsize=5_000)
def taking_part(from_url: str, from_: str, to_urls: str, to: str) -> tuple[str, tuple[tuple[str, str, str], ...], tuple[str, ...], bool]:
    """Who wrote a message; id, name and address of each who takes part; the ids of the others; whether these are more than two in all."""
    sides = [(from_url, from_), *receivers(to_urls, to)]
    people = {id: (id, name, url) for url, name in sides if (id := account_id(url, name))}
    author = account_id(from_url, from_)
    return author, tuple(people.values()), tuple(id for id in people if id != author), len(sides) > 2


def receivers(to_urls: str, to: str) -> list[tuple[str, str]]:
    """Addresses and names of who got a message. Names are parted by commas, as are addresses; only if there are as many do they belong together."""
    urls = [each.strip() for each in to_urls.split(",") if each.strip()]
    if len(urls) == 1:
        return [(urls[0], to)]
    names = [each.strip() for each in to.split(",") if each.strip()]
    if not urls:
        return [("", each) for each in names]
    return list(zip(urls, names)) if len(urls) == len(names) else [(url, "") for url in urls]


def plain_of(text: str) -> str:
    return plain(text) if "<" in text and _HTML.search(text) else text.replace("\0", "").strip()


def unwrapped(text: str) -> str:
    """Words with each line break in quotes, as Shares.csv writes them, without these quotes."""
    lines = text.replace("\r\n", "\n").split("\n")
    wrapped = len(lines) > 1 and all(a.endswith('"') and b.startswith('"') for a, b in pairwise(lines))
    if wrapped:
        lines = [_stripped(line, first=n == 0, last=n == len(lines) - 1) for n, line in enumerate(lines)]
    return "\n".join(lines).strip()


def _stripped(line: str, *, first: bool, last: bool) -> str:
    line = line if first else line[1:]
    return line if last else line.removesuffix('"').rstrip()


def tagged(text: str) -> tuple[str, tuple[str, ...]]:
    """The words with hashtags as people write them ("hashtag#bread" is how the export does), and the hashtags."""
    text = _HASHTAG.sub(r"#\1\2", text)
    return text, tuple(dict.fromkeys(_TAG.findall(text)))


def is_profile(text: str) -> bool:
    return _PROFILE.search(text) is not None


def things_in(link: str) -> list[str]:
    """All that an address names, in its order."""
    link = link.replace("%3A", ":")
    return [f"linkedin:{each}" for each in _URN.findall(unquote(unquote(link)) if "%" in link else link)]
