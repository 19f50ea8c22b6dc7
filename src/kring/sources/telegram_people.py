"""Who is who in an export of Telegram: the numbers that belong to names, for service messages give names alone."""

import re
from collections.abc import Iterator

import msgspec

from kring.sources.mending import decoded
from kring.sources.telegram_messages import mended, peer
from kring.wire import Page

_PAIRS = [
    re.compile(rb'"' + key + rb'"\s*:\s*(null|"(?:[^"\\]|\\.){1,300}")\s*,\s*"' + key + rb'_id"\s*:\s*"?(\w{1,24})"?', re.DOTALL)
    for key in (b"from", b"actor")
]
_CHUNK, _OVERLAP = 1 << 20, 2048
_MOST = 200_000
"""More people than the largest group of Telegram has: beyond it a name is not looked up."""
_ANY = msgspec.json.Decoder(str)


class People:
    """The first reading of a page: all names that stand beside a number."""

    def __init__(self, page: Page) -> None:
        pairs: dict[bytes, set[bytes]] = {}
        for name, id in _pairs(page):
            if name in pairs:
                pairs[name].add(id)
            elif len(pairs) < _MOST:
                pairs[name] = {id}
        self._named: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}
        """The first name of each."""
        for raw, ids in pairs.items():
            name_, _ = decoded(_ANY, mended(raw))
            peers = {found for each in ids if (found := _peer(each))}
            if name_ or raw == b"null":
                self._named.setdefault(name_ or "", set()).update(peers)
            for each in peers if name_ else ():
                self.names.setdefault(each, name_ or "")

    def named(self, name: str) -> str:
        """The one who has that name; "" if nobody or more than one."""
        found = self._named.get(name, ()) if name else ()
        return next(iter(found)) if len(found) == 1 else ""

    def users(self) -> set[str]:
        """Everybody who says or does something in the page."""
        return {id for ids in self._named.values() for id in ids if id.startswith("user")}


def _peer(id: bytes) -> str:
    return peer(int(id) if id.isdigit() else id.decode("ascii", "replace"))


def _pairs(page: Page) -> Iterator[tuple[bytes, bytes]]:
    rest = b""
    with page.open() as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            for pattern in _PAIRS:
                for found in pattern.finditer(rest):
                    yield found[1], found[2]
            rest = rest[-_OVERLAP:]
