"""Ids for what a network gives none: made so that the same thing gets the same one in every export that holds it."""

import hashlib


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
