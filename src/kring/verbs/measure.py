"""Measure: fetches what a measure takes, from the circle or from a network file, and gives what it finds."""

import inspect
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kring import measures, unpack
from kring.errors import GraphError, UsageError
from kring.graph import Graph, files
from kring.schema import Finding
from kring.store import fetch, ledger
from kring.store.fetch import PersonLine, PostLine
from kring.store.gate import gate
from kring.store.open import reading
from kring.verbs import compiling, inputs, split
from kring.verbs.progress import SILENT, Progress
from kring.verbs.weave import Asking

if TYPE_CHECKING:
    from kring.kring import Circle


@dataclass(frozen=True, slots=True)
class Option:
    """A keyword of a measure, for those who ask for it by name."""

    name: str
    kind: str
    default: Any


@dataclass(frozen=True, slots=True)
class Described:
    """A measure as a list shows it."""

    name: str
    says: str
    takes: str
    options: tuple[Option, ...]
    doc: str


def described(name: str) -> Described:
    """What a measure says of itself: first line, inputs and options, from its name, annotations and docstring.

    Fails   UsageError if there is no such measure.
    """
    function = _function(name)
    parameters = inspect.signature(function).parameters.values()
    takes = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    options = tuple(Option(p.name, str(p.annotation), p.default) for p in parameters if p.kind is p.KEYWORD_ONLY)
    doc = inspect.getdoc(function) or ""
    return Described(name, doc.partition("\n")[0], ", ".join(takes), options, doc)


def all_described() -> list[Described]:
    """Every measure there is."""
    return [described(name) for name in measures.MEASURES]


def _function(name: str) -> Callable[..., tuple[Finding, ...]]:
    if name not in measures.MEASURES:
        import difflib

        near = difflib.get_close_matches(name, measures.MEASURES, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f'There is no measure "{name}".', next=f"{meant}Measures: {', '.join(measures.MEASURES)}.")
    function: Callable[..., tuple[Finding, ...]] = measures.measure(name)
    return function


def measure(
    circle: "Circle",
    name: str,
    *,
    kinds: Sequence[str] = (),
    since: str = "",
    until: str = "",
    place: str = "",
    by: str = "",
    progress: Progress = SILENT,
    **options: object,
) -> tuple[Finding, ...]:
    """What a measure finds in a circle.

    Takes   `kinds` of ties ("reply", "mention"…; see `weave.TIE_KINDS`), a period, a place for its own members; the measure's own options.
            `by` "affiliation": for each group of those involved (see `split.by_affiliation`).
    Gives   findings; the rows behind them are ids of posts or people.
    """
    function, asking = _function(name), Asking(tuple(kinds), since, until, place)
    _check(name, options)
    if by not in ("", "affiliation"):
        raise UsageError(f'Figures can\'t be split by "{by}".', next="They can be by affiliation.")
    given = inputs.fetch(circle, asking, name, described(name).takes.split(", "))
    with compiling.said(progress):
        if by:
            findings = split.by_affiliation(circle, name, given, asking, partial(function, **options))
            findings = tuple(_finished(finding, finding.rows) for finding in findings)
        else:
            findings = tuple(_opened(finding, given) for finding in function(*given.arguments, **options))
    asked = [asking.kinds, since, until, place, sorted(options.items()), *([by] if by else [])]
    ledger.keep_findings(circle.engine, name, msgspec.json.encode(asked).decode(), findings)
    return findings


def measure_network(
    name: str, path: str | os.PathLike[str], *, directed: bool | None = None, progress: Progress = SILENT, **options: object
) -> tuple[Finding, ...]:
    """What a measure finds in a network file, without a circle.

    Fails   UsageError if the measure needs more than ties; GraphError or ReadError if the file is no network.
    """
    function, about = _function(name), described(name)
    if about.takes != "graph":
        raise UsageError(
            f"{name} needs conversations, not only ties ({about.takes}).", next="Import an export into a circle and measure there."
        )
    if directed is not None and any(option.name == "directed" for option in about.options):
        options["directed"] = directed
    _check(name, options)
    with compiling.said(progress):
        graph = read_network(path, progress)
        return tuple(_finished(finding, _network_ids(finding, graph)) for finding in function(graph, **options))


def read_network(path: str | os.PathLike[str], progress: Progress = SILENT) -> Graph:
    """A network file as a graph; what could not be read is said."""
    with tempfile.TemporaryDirectory() as spool, unpack.opened(path, spool=Path(spool)) as export:
        if len(export.pages) != 1:
            raise GraphError(
                f"{export.name} holds {len(export.pages)} files, where one network was expected.", next="Give the file itself."
            )
        page = export.pages[0]
        network = files.read(page.name, page.open)
        for unread in [*network.unread, *export.unread][:20]:
            progress.say(f"{unread.where}: {unread.why} {unread.next}".strip())
    return network.graph


def _check(name: str, options: dict[str, object]) -> None:
    known = {option.name for option in described(name).options}
    for option in options:
        if option not in known:
            raise UsageError(f'{name} has no option "{option}".', next=f"It has: {', '.join(sorted(known)) or 'none'}.")


def _network_ids(finding: Finding, graph: Graph) -> tuple[int | str, ...]:
    return tuple(graph.id_of(int(row)) for row in finding.rows) if finding.rows_of == "person" else finding.rows


def _opened(finding: Finding, given: "inputs.Given") -> Finding:
    """A finding whose rows are ids of the store."""
    return _finished(finding, given.ids(finding.rows_of, np.array(finding.rows, np.int64)) if finding.rows else ())


def _finished(finding: Finding, rows: tuple[int | str, ...]) -> Finding:
    return msgspec.structs.replace(finding, rows=rows, version=f"kring {version('kring')}")


class Row(msgspec.Struct, frozen=True):
    """A row behind a figure that is neither a post nor a person."""

    row: str


def rows_behind(circle: "Circle", findings: Sequence[Finding], name: str) -> list[PostLine] | list[PersonLine] | list[Row]:
    """The posts or people behind a figure.

    Fails   UsageError if no figure has that name.
    """
    wanted = [finding for finding in findings if finding.name == name]
    if not wanted:
        names = ", ".join(dict.fromkeys(finding.name for finding in findings))
        raise UsageError(f'There is no figure "{name}" here.', next=f"Figures: {names}.")
    ids = [str(row) for finding in wanted for row in finding.rows]
    kinds = {finding.rows_of for finding in wanted}
    with reading(circle.engine) as connection:
        if kinds == {"post"}:
            return fetch.posts_by_id(connection, gate("ours"), ids)
        if kinds == {"person"}:
            return fetch.people_by_id(connection, gate("ours"), ids)
    return [Row(id) for id in ids]
