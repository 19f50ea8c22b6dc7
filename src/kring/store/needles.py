"""Looks for many strings at once in much text: whether anything of somebody who was erased is still to be found, in whatever file.

All are looked for by their first eight bytes, hashed into a table of a million flags that fits the cache: each place in the text costs a
multiplication and one look, however many strings there are; the few places with a flag are compared in full. Letters A to Z count as a to z.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_BITS = 20
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
SHORTEST = 8
"""Shorter strings would be found everywhere."""
_CHUNK = 32 * 1024 * 1024
_PLAIN = re.compile(rb"[A-Za-z0-9 ,.!?;:()-]{12,}")
"""Letters that stand as they are in every format, HTML and JSON too."""
_LONGEST = 40


class Needles:
    """Strings to look for; those of `whole` only where no letter or digit stands before or after them: "anna" is not in "annabel"."""

    def __init__(self, strings: Iterable[bytes], whole: Iterable[bytes] = ()) -> None:
        lone = {string.lower() for string in whole if len(string) >= SHORTEST}
        self.strings = sorted({string.lower() for string in strings if len(string) >= SHORTEST} | lone)
        self.parts: set[int] = set()
        """Those of `whole` that were met as a part of a longer word: in a file, where cells run into each other, they can't be told apart."""
        self._lone = {i for i, string in enumerate(self.strings) if string in lone}
        heads = np.array([int.from_bytes(string[:8], "little") for string in self.strings], np.uint64)
        self._by_head: dict[int, list[int]] = {}
        for i, head in enumerate(heads.tolist()):
            self._by_head.setdefault(head, []).append(i)
        self._heads = np.unique(heads)
        self._flags = np.zeros(1 << _BITS, np.bool_)
        self._flags[_hashed(heads)] = True
        self.longest = max(map(len, self.strings), default=0)

    def __bool__(self) -> bool:
        return bool(self.strings)

    def places(self, text: bytes) -> list[tuple[int, int]]:
        """Where which string stands: (place, number of the string), by place."""
        if not self.strings:
            return []
        low = text.lower()
        found: list[tuple[int, int]] = []
        for place in self._candidates(low):
            head = int.from_bytes(low[place : place + 8], "little")
            found += [(place, i) for i in self._by_head[head] if low.startswith(self.strings[i], place) and self._stands(low, place, i)]
        return found

    def _stands(self, low: bytes, place: int, i: int) -> bool:
        end = place + len(self.strings[i])
        if i not in self._lone or not (low[max(0, place - 1) : place].isalnum() or low[end : end + 1].isalnum()):
            return True
        self.parts.add(i)
        return False

    def _candidates(self, low: bytes) -> list[int]:
        parts: list[NDArray[np.int64]] = []
        for offset in range(8):
            n = (len(low) - offset) // 8
            if n <= 0:
                break
            words = np.frombuffer(low, np.uint64, n, offset)
            some = np.flatnonzero(self._flags[_hashed(words)])
            some = some[np.isin(words[some], self._heads)]
            parts.append(some * 8 + offset)
        return np.sort(np.concatenate(parts)).tolist() if parts else []

    def rows(self, texts: Sequence[bytes]) -> dict[int, set[int]]:
        """Which of many texts hold which strings."""
        ends = np.cumsum([len(text) + 8 for text in texts])
        found: dict[int, set[int]] = {}
        for place, i in self.places((b"\0" * 8).join(texts)):
            found.setdefault(int(np.searchsorted(ends, place, "right")), set()).add(i)
        return found

    def blanked(self, text: bytes) -> bytes:
        """The text with an x for each letter of what is found, as long as before."""
        out = bytearray(text)
        for place, i in self.places(text):
            out[place : place + len(self.strings[i])] = b"x" * len(self.strings[i])
        return bytes(out)

    def in_file(self, file: Path) -> Iterator[tuple[int, int]]:
        """Where which string stands in a file, free pages and all."""
        with file.open("rb") as stream:
            start, kept, chunk = 0, b"", stream.read(_CHUNK)
            while chunk:
                text, following = kept + chunk, stream.read(_CHUNK)
                for place, i in self.places(text):
                    end = place + len(self.strings[i])
                    if len(kept) <= end and (end < len(text) or not following):  # each once, and with what follows it
                        yield start - len(kept) + place, i
                start += len(chunk)
                kept, chunk = text[-self.longest - 1 :], following


def _hashed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (words * _MULTIPLIER) >> np.uint64(64 - _BITS)


def forms(text: str) -> set[bytes]:
    """A string as it is written in the formats that we meet: as it is, in HTML, in JSON with escapes and with slashes escaped."""
    ascii_json = json.dumps(text)[1:-1]
    return {each.encode("utf-8", "replace") for each in (text, html.escape(text), ascii_json, ascii_json.replace("/", "\\/"))}


def windows(text: str) -> set[bytes]:
    """Pieces by which a text is known again, one or, of a long text, three; none of a text too short to be told from others'."""
    raw = text.encode("utf-8", "replace")
    plain = sorted((found.group().strip() for found in _PLAIN.finditer(raw)), key=len)
    plain = [run for run in plain if len(run) >= 12]
    if plain:
        run = plain[-1]
        starts = {0, (len(run) - _LONGEST) // 2, len(run) - _LONGEST} if len(run) > 3 * _LONGEST else {max(0, (len(run) - _LONGEST) // 2)}
        return {run[start : start + _LONGEST].strip() for start in starts}
    if len(raw) >= 16:
        return forms(raw[:_LONGEST].decode("utf-8", "ignore"))
    return set()
