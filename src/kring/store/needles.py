"""Looks for many strings at once in much text: whether anything of somebody who was erased is still to be found, in whatever file.

One pass looks for all of them (`matching.py`). Letters A to Z count as a to z.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kring.store.matching import WORD, matches, sought

SHORTEST = WORD
"""Shorter strings would be found everywhere."""
_CHUNK = 32 * 1024 * 1024
_PLAIN = re.compile(rb"[A-Za-z0-9 ,.!?;:()-]{12,}")
"""Letters that stand as they are in every format, HTML and JSON too."""
_LONGEST = 40


class Needles:
    """Strings to look for; those of `whole` only where no letter or digit stands before or after them: "anna" is not in "annabel".

    Of `handles`, "@anna", however short, neither "@anna@town.example" nor "/@anna" is one: there the server tells whose it is.
    """

    def __init__(self, strings: Iterable[bytes], whole: Iterable[bytes] = (), handles: Iterable[bytes] = ()) -> None:
        lone = {string.lower() for string in whole if len(string) >= SHORTEST}
        alone = {string.lower() for string in handles}
        self.strings = sorted({string.lower() for string in strings if len(string) >= SHORTEST} | lone | alone)
        self.parts: set[int] = set()
        """Those of `whole` that were met as a part of a longer word: in a file, where cells run into each other, they can't be told apart."""
        self._lone = {i for i, string in enumerate(self.strings) if string in lone}
        self._handles = {i for i, string in enumerate(self.strings) if string in alone}
        self._short = [i for i, string in enumerate(self.strings) if len(string) < SHORTEST]
        self._groups = [
            (np.flatnonzero(held), sought([self.strings[i] for i in np.flatnonzero(held)], width))
            for width, held in zip((WORD, 2 * WORD), _by_width(self.strings), strict=True)
            if held.any()
        ]
        self.longest = max(map(len, self.strings), default=0)

    def __bool__(self) -> bool:
        return bool(self.strings)

    def places(self, text: bytes) -> list[tuple[int, int]]:
        """Where which string stands: (place, number of the string), by place."""
        if not self.strings:
            return []
        low = text.lower()
        found: list[tuple[int, int]] = []
        for numbers, strings in self._groups:
            places, which = matches(low, strings)
            found += zip(places.tolist(), numbers[which].tolist(), strict=True)
        for i in self._short:
            place = low.find(self.strings[i])
            while place >= 0:
                found.append((place, i))
                place = low.find(self.strings[i], place + 1)
        return sorted((place, i) for place, i in found if self._stands(low, place, i))

    def _stands(self, low: bytes, place: int, i: int) -> bool:
        end = place + len(self.strings[i])
        before, after = low[max(0, place - 1) : place], low[end : end + 1]
        if i in self._handles:
            return not (before.isalnum() or before == b"/" or after.isalnum() or after in (b"@", b"_", b"-"))
        if i not in self._lone or not (before.isalnum() or after.isalnum()):
            return True
        self.parts.add(i)
        return False

    def rows(self, texts: Sequence[bytes]) -> dict[int, set[int]]:
        """Which of many texts hold which strings."""
        if not self.strings:
            return {}
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


def _by_width(strings: Sequence[bytes]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which strings are looked for by eight bytes, and which by sixteen, having them."""
    lengths = np.array([len(string) for string in strings], np.int64)
    return (lengths >= WORD) & (lengths < 2 * WORD), lengths >= 2 * WORD


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
