"""Ids for what a network gives none: made so that the same thing gets the same one in every export that holds it."""

import hashlib
import re

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*://)?((?:[\w-]+\.)+[\w-]{2,}\.?)(?::\d+)?(?:/.*)?", re.IGNORECASE | re.DOTALL)


def site(said: str) -> str:
    """A site as an id holds it, however it was written: its host in small letters, without "https://", path and last dot; a name that is no host as it is."""
    found = _ADDRESS.fullmatch(said.strip())
    return host(found[2]) if found else said.strip()


def host(name: str) -> str:
    """A server's name in one spelling: the dot of the root and capitals say nothing (RFC 4343)."""
    return name.lower().rstrip(".")


class Ids:
    """Ids for what has none: made of what it is, its time, author, words, and how many equal ones came before it at that time."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.time, self.equals = prefix, object(), dict[bytes, int]()

    def next(self, time: object, *parts: str) -> str:
        if time != self.time:
            self.time = time
            self.equals.clear()
        key = "\0".join((str(time), *parts)).encode("utf-8", "replace")
        digest = hashlib.blake2b(key, digest_size=12).digest()
        n = self.equals[digest] = self.equals.get(digest, 0) + 1
        return self.prefix + (digest if n == 1 else hashlib.blake2b(key + b"\0%d" % n, digest_size=12).digest()).hex()
