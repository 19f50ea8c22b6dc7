"""What is known of people besides their ties, as a measure takes it: groups by a column of labels, or a trait that somebody has or hasn't."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph.arrays import Graph

YES, NO = frozenset({"1", "yes", "y", "true", "t", "ja", "j", "waar"}), frozenset({"0", "no", "n", "false", "f", "nee", "onwaar"})
_PROTECTED = """ethnicity ethnic race etniciteit ras afkomst nationality nationaliteit religion religious faith church geloof religie godsdienst
    kerk sexuality orientation seksualiteit geaardheid gender sex geslacht disability handicap beperking health gezondheid diagnosis diagnose
    disease ziekte pregnant pregnancy zwanger union vakbond age leeftijd"""
PROTECTED = frozenset(_PROTECTED.split())
"""Traits that nobody is divided by: those that European law on equal treatment and on data names (Charter of Fundamental Rights, art. 21;
GDPR, art. 9). Opinion and party are left to the two measures that are about nothing else, and give figures of groups only."""

_SENSITIVE = "opinion opinions opinie mening view views party partij politics politiek political vote stem stance standpunt ideology"
SENSITIVE = frozenset(_SENSITIVE.split())
"""Labels of which only figures of groups are told: no row names a person, and nothing is kept of one."""


def sensitive(label: str) -> bool:
    """Whether a label tells what somebody thinks."""
    return bool(SENSITIVE & _words(label))


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which group each person belongs to."""

    code: NDArray[np.int32]
    """int32[n]: index into `names`, -1 where it isn't known."""
    names: tuple[str, ...]


def groups(graph: Graph, label: str) -> Groups:
    """The groups of a column of labels, in order of their names.

    Fails   UsageError where there is no such column, or it is a trait that nobody is divided by.
    """
    _allowed(label)
    if label not in graph.labels:
        there = ", ".join(name for name in graph.labels if name != "label")
        raise UsageError(
            f'There is no column "{label}" here.',
            next=f"There are: {there}." if there else "Give a table with an id and a label for each person: --labels FILE --label COLUMN.",
        )
    words = [_written(value) for value in graph.labels[label]]
    names = tuple(sorted({word for word in words if word}))
    number = {name: k for k, name in enumerate(names)} | {"": -1}
    return Groups(np.array([number[word] for word in words], np.int32), names)


def trait(graph: Graph, label: str, value: str = "") -> tuple[NDArray[np.int8], str]:
    """Who has a trait: 1 yes, 0 no, -1 not known; and the value that means yes.

    Takes   `value`: which of the column's values means yes. Else it is the one that says so (1, yes, true, ja); of two others, the rarer.
    Fails   UsageError as `groups`; where the value doesn't occur, or it can't be told which is meant.
    """
    found = groups(graph, label)
    if not value:
        value = _meaning_yes(found, label)
    elif value not in found.names and found.names:
        raise UsageError(f'Nobody\'s {label} is "{value}".', next=f"It is one of: {', '.join(found.names[:20])}.")
    has = np.array([name == value for name in found.names] + [False], np.bool_)[found.code]
    return np.where(found.code < 0, -1, has).astype(np.int8), value


def _meaning_yes(found: Groups, label: str) -> str:
    yes = [name for name in found.names if name.lower() in YES]
    if yes and all(name.lower() in YES | NO for name in found.names):
        return yes[0]
    if len(found.names) > 2:
        raise UsageError(
            f"{label} has {len(found.names)} values, and a trait is something one has or hasn't.",
            next=f"Say which counts: --value {found.names[0]}.",
        )
    counts = np.bincount(found.code[found.code >= 0], minlength=len(found.names))
    return found.names[int(np.argmin(counts))] if len(found.names) else "yes"


def numbers(graph: Graph) -> dict[str, NDArray[np.float64]]:
    """The columns that hold a number for people (NaN where it isn't known), more than two different ones, and no protected trait."""
    found = {}
    for name, column in graph.labels.items():
        if PROTECTED & _words(name):
            continue
        with suppress(ValueError, TypeError):
            each = np.array([np.nan if value is None or value == "" else float(value) for value in column], np.float64)
            if len(np.unique(each[np.isfinite(each)])) > 2:
                found[name] = np.where(np.isfinite(each), each, np.nan)
    return found


def _allowed(label: str) -> None:
    if PROTECTED & _words(label):
        raise UsageError(
            f'People are not divided by "{label}": it is a protected trait, and Kring has no figures by those.',
            next="Divide them by what they did or said: a topic, a group they formed, a place.",
        )


def _words(label: str) -> set[str]:
    """The words of a column's name; a hashtag that somebody used is what he said, not what he is."""
    if label.startswith("tag:"):
        return set()
    return set("".join(letter if letter.isalpha() else " " for letter in label.lower()).split())


def _written(value: object) -> str:
    """A label as a word: 1 and 1.0 are the same, True is yes; "" where there is none."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
