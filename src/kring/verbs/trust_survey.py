"""Trust survey: reads a table of answers and says how far people trust, how sure that is, and what changed."""

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from kring import unpack
from kring.errors import ReadError
from kring.graph import Columns
from kring.graph.files.streams import encoding_of
from kring.measures.trust_survey import trust_survey as measured
from kring.schema import Finding

_CALLED = {
    "person": ("person", "id", "who", "account", "persoon", "respondent", "wie"),
    "wave": ("wave", "round", "period", "year", "date", "golf", "ronde", "periode", "jaar", "datum"),
    "score": ("score", "trust", "answer", "mark", "cijfer", "vertrouwen", "antwoord"),
    "weight": ("weight", "gewicht"),
}
"""What the columns are called, in small letters."""
_MOST_BYTES = 256 << 20


def trust_survey(path: str | os.PathLike[str]) -> tuple[Finding, ...]:
    """What a table of answers says of trust.

    Takes   a CSV file with a header: person, wave (a number, year or date; leave it out if there is but one), score, weight (leave it out if
            all count alike), separated by commas, semicolons or tabs. An empty score is no answer.
    Gives   findings as `kring.measures.trust_survey` gives them; waves by their own names, in order.
    Fails   ReadError where a column is missing or a line can't be read; GraphError as the measure.
    """
    with tempfile.TemporaryDirectory() as spool, unpack.opened(path, spool=Path(spool)) as export:
        if len(export.pages) != 1:
            raise ReadError(f"{export.name} holds {len(export.pages)} files, where one table was expected.", next="Give the table itself.")
        page = export.pages[0]
        with page.open() as stream:
            raw = stream.read(_MOST_BYTES)
    answers, waves = _columns(page.name, raw.decode(encoding_of(raw[:65536]), "replace"))
    return tuple(
        msgspec.structs.replace(finding, by=(("wave", waves[int(finding.by[0][1])]),)) if finding.by else finding
        for finding in measured(answers)
    )


def _columns(name: str, text: str) -> tuple[Columns, Sequence[str]]:
    """The answers as numbers, and what the waves are called."""
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    header = [cell.strip().lower() for cell in next(rows, [])]
    place = {role: next((header.index(word) for word in words if word in header), -1) for role, words in _CALLED.items()}
    if place["person"] < 0 or place["score"] < 0:
        raise ReadError(
            f"{name} has no columns person and score; it has {', '.join(header) or 'none'}.", next="Name them so in its first line."
        )
    cells: dict[str, list[str]] = {role: [] for role in _CALLED}
    for row in rows:
        if not any(map(str.strip, row)):
            continue
        if len(row) != len(header):
            raise ReadError(
                f"{name}, line {rows.line_num}: {len(row)} columns, and {len(header)} in the first line.", next="Mend the line."
            )
        for role, where in place.items():
            cells[role].append(row[where].strip() if where >= 0 else {"wave": "1", "weight": "1"}[role])
    person = np.unique(np.array(cells["person"], np.str_), return_inverse=True)[1]
    waves = sorted(set(cells["wave"]), key=_in_order)
    arrays: dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]] = {
        "person": person.astype(np.int64),
        "wave": np.array([waves.index(wave) for wave in cells["wave"]], np.int64),
        "score": np.array([_number(name, k, cell, "score") if cell else np.nan for k, cell in enumerate(cells["score"])], np.float64),
        "weight": np.array([_number(name, k, cell, "weight") for k, cell in enumerate(cells["weight"])], np.float64),
    }
    return Columns("person", len(person), arrays), waves


def _in_order(wave: str) -> tuple[float, str]:
    """Numbers by size, then words and dates by their letters."""
    try:
        return float(wave), wave
    except ValueError:
        return float("inf"), wave


def _number(name: str, k: int, cell: str, role: str) -> float:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        raise ReadError(
            f"{name}, answer {k + 1}: the {role} {cell!r} is not a number.", next="Mend it, or leave the score empty."
        ) from None
