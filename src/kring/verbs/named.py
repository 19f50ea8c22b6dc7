"""Named: the people whom a user names to a measure, by id, handle or name, as nodes of its graph.

Whoever isn't found is told and left out; if nobody is, that is an error: a reach of nobody would look like an answer.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kring.errors import ReadError, UsageError
from kring.graph.arrays import Graph, Nodes
from kring.graph.ids import nodes_of
from kring.store import ledger
from kring.verbs.progress import Progress

if TYPE_CHECKING:
    from kring.kring import Circle
    from kring.verbs.inputs import Given
    from kring.verbs.weave import Asking

LABELS = ("label", "name", "handle")
"""Attributes of a network file that may hold what people are called."""
_SHOWN = 5
Found = Callable[[list[str]], list[list[int]]]
"""Takes words; gives for each the nodes that it may mean."""


def listed(people: object) -> list[str]:
    """Whom a user named: a list of words, or a file with one a line (`-`: standard input); what follows a # is a comment.

    Fails   ReadError if the file can't be read or is not UTF-8; UsageError if it names nobody, or what was given is neither list nor file.
    """
    if isinstance(people, Path):
        words = _lines(people)
    elif isinstance(people, Sequence) and not isinstance(people, str):
        words = [str(word).strip() for word in people]
    else:
        raise UsageError(f"People are named in a list or a file, not as {people!r}.", next='For example: people=["anna", "bo"].')
    words = list(dict.fromkeys(word for word in words if word))
    if not words:
        raise UsageError("Nobody is named there.", next="Give ids, handles or names, one a line.")
    return words


def _lines(path: Path) -> list[str]:
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise ReadError(
            f"{path} can't be read: {error.strerror}.", next="Give a text file with ids, handles or names, one a line."
        ) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ReadError(
            f"{path} is not UTF-8: line {line} can't be read.", next="Save it as UTF-8 text, one id, handle or name a line."
        ) from error
    return [_uncommented(line) for line in text.splitlines()]


def _uncommented(line: str) -> str:
    """A # begins a comment at the start of a line, or after a space: ids may hold one (https://… #main)."""
    line = line.strip()
    return "" if line.startswith("#") else line.partition(" #")[0].partition("\t#")[0].strip()


def in_network(graph: Graph) -> Found:
    """Finds people in a network file: by id, else by a label that only one of them has."""

    def found(words: list[str]) -> list[list[int]]:
        nodes = [[node] if node >= 0 else [] for node in nodes_of(graph.ids, words, graph.n).tolist()]
        for label in LABELS:
            left = [k for k, those in enumerate(nodes) if not those]
            if left and label in graph.labels:
                called = _by_word([words[k] for k in left], graph.labels[label].tolist())
                for k in left:
                    nodes[k] = called[words[k]]
        return nodes

    return found


def _by_word(words: Sequence[str], labels: Sequence[Any]) -> dict[str, list[int]]:
    called: dict[str, list[int]] = {word: [] for word in words}
    for node, label in enumerate(labels):
        if label in called:
            called[label].append(node)
    return called


def in_circle(circle: "Circle", given: "Given") -> Found:
    """Finds people in a circle, among those who said or did something that counts here, by any of their accounts."""
    people = given.woven.people
    row = {id: k for k, id in enumerate(people.ids)}
    node = {int(k): number for number, k in enumerate(given.nodes)}

    def found(words: list[str]) -> list[list[int]]:
        called = ledger.accounts_called(circle.engine, words)
        rows = [[row[id] for id in called[word] if id in row] for word in words]
        return [list(dict.fromkeys(node.get(int(given.woven.person[k]), -1) for k in those)) for those in rows]

    return found


def us_in(given: "Given") -> Nodes:
    """We, who are one; nobody where nobody said who we are, or we said nothing that counts here."""
    ours = given.woven.person[:-1][given.woven.people.us]
    return np.flatnonzero(np.isin(given.nodes, ours))


def why_nobody(circle: "Circle", asking: "Asking") -> str:
    """Why there is nobody of us in a network, though somebody said who we are; "" where nobody did."""
    ours = ledger.us(circle.engine)
    if not ours:
        return ""
    whose = f"our account {ours[0].subject}" if len(ours) == 1 else f"our {len(ours)} accounts"
    asked = " of what was asked for" if asking.kinds or asking.since or asking.until else ""
    where = "in that place" if asking.place else "in public, and private posts count only in a place (--place)"
    return f"can't say: {whose} said and did nothing{asked} {where}"


def nodes(people: object, found: Found, progress: Progress) -> Nodes:
    """The nodes of those who were named.

    Fails   UsageError if not one of them is found; ReadError as `listed`.
    """
    words = listed(people)
    those = found(words)
    unknown = [word for word, each in zip(words, those, strict=True) if not each]
    silent = [word for word, each in zip(words, those, strict=True) if each == [-1]]
    several = [word for word, each in zip(words, those, strict=True) if len(each) > 1]
    told = [
        _told(unknown, len(words), "not known here"),
        _told(silent, len(words), "known, but said or did nothing that counts here"),
        _told(several, len(words), "the name of more than one: give the id"),
    ]
    kept = [each[0] for each in those if len(each) == 1 and each[0] >= 0]
    if not kept:
        raise UsageError(" ".join(text for text in told if text), next="Give ids as the network file or `kring people` shows them.")
    for text in told:
        progress.say(text)
    return np.array(list(dict.fromkeys(kept)), np.int64)


def _told(words: Sequence[str], of: int, what: str) -> str:
    if not words:
        return ""
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    shown = ", ".join(f'"{word[:80]}"' for word in words[:_SHOWN])
    return f"{len(words)} of the {of} named {'is' if len(words) == 1 else 'are'} {what}: {shown}{more}."
