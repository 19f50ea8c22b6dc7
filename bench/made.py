"""Exports made up for the benchmarks, written as a stream so that they may be of any size: the same seed, the same bytes.

Words are drawn as in real talk: a few are everywhere, most are rare (Zipf's law, from 50,000 made-up words). Who speaks is drawn so, too.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

VOCABULARY = 50_000
_BATCH = 10_000
_BEGIN = datetime(2024, 1, 1)
_YEAR_S = 366 * 86_400
_ONSETS = ["b", "br", "d", "dr", "f", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w", "z"]
_VOWELS = ["a", "aa", "e", "ee", "i", "ie", "o", "oe", "oo", "u", "ui", "ij"]
_ENDS = ["", "", "", "k", "l", "m", "n", "n", "p", "r", "rs", "s", "st", "t"]


def words(n: int = VOCABULARY, seed: int = 1) -> list[str]:
    """Made-up words, the most frequent and shortest first."""
    random = np.random.default_rng(seed)
    syllables = np.array([f"{a}{b}{c}" for a in _ONSETS for b in _VOWELS for c in _ENDS[2:]])
    found: dict[str, None] = {}
    while len(found) < n:
        parts = 1 + min(3, int(len(found) > 300) + int(random.integers(0, 3)) * (len(found) > 3000))
        found["".join(syllables[random.integers(0, len(syllables), parts)])] = None
    return list(found)


def sentences(n: int, seed: int) -> Iterator[tuple[int, int, str]]:
    """For each message its moment in the year (s), who says it (0 …) and what: 3 to 40 words."""
    random = np.random.default_rng(seed)
    vocabulary = np.array(words(), dtype=object)
    weights = 1 / np.arange(1, VOCABULARY + 1) ** 1.05
    reach = np.cumsum(weights / weights.sum())
    for start in range(0, n, _BATCH):
        some = min(_BATCH, n - start)
        lengths = np.minimum(3 + random.geometric(0.08, some), 40)
        drawn = vocabulary[np.searchsorted(reach, random.random(int(lengths.sum())))]
        ends = np.cumsum(lengths)
        who = np.minimum(random.zipf(1.3, some), 400) - 1
        at = (np.arange(start, start + some) + random.random(some)) / n * _YEAR_S
        marks = random.choice([".", "?", "!", " 😀"], some, p=[0.7, 0.15, 0.1, 0.05])
        for i in range(some):
            yield int(at[i]), int(who[i]), " ".join(drawn[ends[i] - lengths[i] : ends[i]]) + marks[i]


def chat_lines(n: int, seed: int = 7) -> Iterator[str]:
    """A WhatsApp chat of n messages, as Android writes it."""
    yield "01-01-2024 00:00 - Berichten en oproepen worden end-to-end versleuteld.\n"
    for at, who, text in sentences(n, seed):
        yield f"{_BEGIN + timedelta(seconds=at):%d-%m-%Y %H:%M} - Persoon {who}: {text}\n"


def outbox_parts(n: int, seed: int = 7) -> Iterator[str]:
    """A Mastodon outbox of n posts."""
    actor = "https://bench.example/users/anna"
    head = {"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection", "totalItems": n}
    yield json.dumps(head)[:-1] + ', "orderedItems": ['
    for i, (at, who, text) in enumerate(sentences(n, seed)):
        id, when = f"{actor}/statuses/{i}", f"{_BEGIN + timedelta(seconds=at):%Y-%m-%dT%H:%M:%SZ}"
        note = {
            "id": id, "type": "Note", "summary": None, "inReplyTo": None, "published": when, "url": f"https://bench.example/@anna/{i}",
            "attributedTo": actor, "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "cc": [f"{actor}/followers", f"https://bench.example/users/p{who}"], "sensitive": False, "conversation": f"tag:bench.example,2024:{i}",
            "content": f"<p>{text}</p>", "contentMap": {"nl": f"<p>{text}</p>"}, "attachment": [],
            "tag": [{"type": "Mention", "href": f"https://bench.example/users/p{who}", "name": f"@p{who}"}],
        }  # fmt: skip
        yield (", " if i else "") + json.dumps(
            {
                "id": f"{id}/activity",
                "type": "Create",
                "actor": actor,
                "published": when,
                "to": note["to"],
                "cc": note["cc"],
                "object": note,
            }
        )
    yield "]}\n"


def mailbox_parts(n: int, seed: int = 7) -> Iterator[str]:
    """A mailing list's mbox of n letters."""
    for i, (at, who, text) in enumerate(sentences(n, seed)):
        when = f"{_BEGIN + timedelta(seconds=at):%a, %d %b %Y %H:%M:%S} +0000"
        parent = f"In-Reply-To: <{i - 1}@bench.example>\n" if i % 3 else ""
        yield (
            f"From p{who}@bench.example {_BEGIN + timedelta(seconds=at):%a %b %d %H:%M:%S %Y}\nFrom: Person {who} <p{who}@bench.example>\n"
            f"To: list@bench.example\nSubject: {text[:40]}\nDate: {when}\nMessage-ID: <{i}@bench.example>\n{parent}"
            f"List-Id: <list.bench.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
        )


def written(file: Path, parts: Iterable[str]) -> Path:
    """Writes a file, and says where it is."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.writelines(parts)
    return file


def zipped(file: Path, inside: dict[str, Iterable[str]]) -> Path:
    """Writes a zip, each file in it as a stream."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, parts in inside.items():
            with archive.open(name, "w", force_zip64=True) as out:
                block: list[str] = []
                for part in parts:
                    block.append(part)
                    if len(block) == 1_000:
                        out.write("".join(block).encode())
                        block.clear()
                out.write("".join(block).encode())
    return file
