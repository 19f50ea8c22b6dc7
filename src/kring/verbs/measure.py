"""Measure: fetches what a measure takes, from the circle or from a network file, and gives what it finds."""

import inspect
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kring import measures, unpack
from kring.errors import GraphError, UsageError
from kring.graph import Graph, Log, files, folder
from kring.graph.arrays import Nodes
from kring.graph.watch import listening
from kring.measures.saying import NOBODY, NOBODY_OF
from kring.schema import Finding, Row
from kring.show.values import title
from kring.store import fetch, ledger
from kring.store.fetch import PersonLine, PostLine
from kring.store.gate import gate
from kring.store.open import reading
from kring.verbs import compiling, inputs, named, split
from kring.verbs import labels as label_people
from kring.verbs.graph import refuse_circle
from kring.verbs.progress import SILENT, Progress
from kring.verbs.weave import EVERYTHING, Asking

if TYPE_CHECKING:
    from kring.kring import Circle


PEOPLE = "people"
"""The kind of an option that is given people: a list of ids, handles or names, or a file that holds one (`verbs.named`)."""
FROM = "people"
"""The option that the command line calls --from."""
US = (FROM, "of")
"""The options that mean us, in a circle, if nobody else is named."""
_TIMES = (
    "Give a table with a third column that says when (a date, or seconds since 1970), or import an export into a circle and measure there."
)


@dataclass(frozen=True, slots=True)
class Option:
    """A keyword of a measure, for those who ask for it by name."""

    name: str
    kind: str
    """`PEOPLE`, or the name of a type: bool, int, float, str."""
    default: Any
    means: str
    """What the docstring says of it."""

    @property
    def flag(self) -> str:
        """How the command line writes it; `people` is --from, whom the figures start from."""
        return "--from" if self.name == FROM else "--" + self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Described:
    """A measure as a list shows it."""

    name: str
    says: str
    takes: str
    needs: tuple[str, ...]
    """What of that it can't do without."""
    options: tuple[Option, ...]
    gives: str
    """The figures, in words."""
    details: tuple[tuple[str, str], ...]
    """What else its docstring says, for those who know the matter: Costs, Fails, After."""


def described(name: str) -> Described:
    """What a measure says of itself: first line, inputs and options, from its name, annotations and docstring.

    Fails   UsageError if there is no such measure.
    """
    function = _function(name)
    parameters = inspect.signature(function).parameters.values()
    takes = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    says, parts = _parts(inspect.getdoc(function) or "")
    means = dict(_OPTION.findall(parts["Takes"]))
    options = tuple(
        Option(p.name, _kind(p.annotation), p.default, " ".join(means[p.name].split())) for p in parameters if p.kind is p.KEYWORD_ONLY
    )
    told = {name: " ".join(text.split()) for name, text in parts.items()}
    return Described(
        name,
        says,
        ", ".join(p.name for p in takes),
        tuple(p.name for p in takes if p.default is p.empty),
        options,
        told["Gives"],
        tuple((k, told[k]) for k in ("Costs", "Fails", "After") if k in told),
    )


_PART = re.compile(r"^(Takes|Gives|Costs|Fails|After) +", re.MULTILINE)
_OPTION = re.compile(r"^ *`(\w+)`: (.*(?:\n(?! *`\w+`: ).*)*)", re.MULTILINE)
"""An option begins a line of what a measure takes; its explanation goes on to the next."""


def _parts(doc: str) -> tuple[str, dict[str, str]]:
    """A docstring's first line, and its parts by name."""
    first, *parts = _PART.split(doc)
    return first.partition("\n")[0], dict(zip(parts[::2], parts[1::2], strict=True))


def _kind(annotation: Any) -> str:
    """What is given for an option; where None may be, the measure sees for itself what is best."""
    for kind, name in ((Nodes, PEOPLE), (bool, "bool"), (int, "int")):
        if annotation == (kind | None):
            return name
    return str(annotation.__name__)


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
    asking: Asking = EVERYTHING,
    *,
    by: str = "",
    labels: str | os.PathLike[str] = "",
    progress: Progress = SILENT,
    **options: object,
) -> tuple[Finding, ...]:
    """What a measure finds in a circle.

    Takes   `asking`: kinds of ties ("reply", "mention"…; see `weave.TIE_KINDS`), a period, a place for its own members, a hashtag; the
            measure's own options. People are named by ids, handles or names, in a list or in a file (a Path); if nobody is, they are us.
            `by` "affiliation": for each group of those involved (see `split.by_affiliation`). `labels`: a table of people, for a measure
            with an option `label` (see `verbs.labels`).
    Gives   findings; the rows behind them are ids of posts or people.
    """
    function = _function(name)
    _check(name, options, labels)
    if by not in ("", "affiliation"):
        raise UsageError(f'Figures can\'t be split by "{by}".', next="They can be by affiliation.")
    if by and set(US) & set(options):
        raise UsageError("Whom it is about can't be named and split by affiliation at once.", next="Leave out one of the two.")
    given = inputs.fetch(circle, asking, name, described(name).takes.split(", "))
    if "label" in (option.name for option in described(name).options):
        given, label = label_people.of_circle(circle, given, asking, labels, str(options.get("label", "")), progress)
        options |= {"label": label} if label else {}
    whom = _people(name, options, named.in_circle(circle, given), progress)
    us = next((option.name for option in described(name).options if option.name in US and option.kind == PEOPLE), "")
    if us and us not in options and not (by and us != FROM):
        whom[us] = named.us_in(given)
    with compiling.said(progress), listening(progress.at):
        if by:
            findings = split.by_affiliation(
                circle, name, given, asking, partial(function, **options | whom), whom=FROM if us == FROM else ""
            )
            findings = tuple(_finished(finding, finding.rows) for finding in findings)
        else:
            findings = tuple(_opened(finding, given) for finding in function(*given.arguments, **options | whom))
            if us and not len(whom[us]):
                findings = _with_reason(findings, named.why_nobody(circle, asking))
    asked = [*_said(asking), _asked(options | ({"labels": Path(labels)} if labels else {})), *([by] if by else [])]
    ledger.keep_findings(circle.engine, name, msgspec.json.encode(asked).decode(), findings)
    return findings


def _said(asking: Asking) -> list[object]:
    """What was asked about, as it is kept beside what was found."""
    return [asking.kinds, asking.since, asking.until, asking.place, *([f"#{asking.tag}"] if asking.tag else [])]


def _with_reason(findings: tuple[Finding, ...], why: str) -> tuple[Finding, ...]:
    """What could not be told as nobody was named, with why that is, where more is known."""
    return tuple(msgspec.structs.replace(each, warning=why) if why and each.warning in (NOBODY, NOBODY_OF) else each for each in findings)


def measure_network(
    name: str,
    path: str | os.PathLike[str],
    *,
    labels: str | os.PathLike[str] = "",
    directed: bool | None = None,
    rows: str = "",
    progress: Progress = SILENT,
    **options: object,
) -> tuple[Finding, ...]:
    """What a measure finds in a network file or a graph folder, without a circle.

    Takes   `labels`: a table of its people, for a measure with an option `label` (see `verbs.labels`). `rows`: the figure whose rows are
            asked for. A network that was not built from a circle gives bare rows only where it is asked for them; a folder notes that it
            was, of a file it is said.
    Fails   UsageError if the measure needs more than ties; GraphError or ReadError if the file is no network.
    """
    function, about = _function(name), described(name)
    if not set(about.needs) <= {"graph", "log"}:
        raise UsageError(
            f"{name} needs conversations, not only ties ({about.takes}).", next="Import an export into a circle and measure there."
        )
    if directed is not None and any(option.name == "directed" for option in about.options):
        options["directed"] = directed
    _check(name, options, labels)
    with compiling.said(progress), listening(progress.at):
        network = _network(path, directed if "directed" not in options else None, progress)
        graph = network.graph
        if labels:
            graph, options["label"] = label_people.of_network(graph, labels, str(options.get("label", "")), progress)
        if "log" in about.needs and network.log is None:
            raise UsageError(f"{name} needs to know when, and the ties in {os.fspath(path)} have no times.", next=_TIMES)
        known: dict[str, Graph | Log | None] = {"graph": graph, "log": network.log}
        arguments = [known.get(each) for each in about.takes.split(", ")]
        whom = _people(name, options, named.in_network(graph), progress)
        found = tuple(_of_network(finding, graph) for finding in function(*arguments, **options | whom))
    if folder.is_graph(path) and folder.manifest_at(Path(path)).from_circle:
        return found
    if rows:
        _note_look(Path(path), name, rows, progress)
    wanted = _name(found, rows)
    return tuple(finding if finding.name == wanted else _without_bare_rows(finding) for finding in found)


def _name(findings: Sequence[Finding], wanted: str) -> str:
    """The name of the figure that is called so, or that a table titles so."""
    names = dict.fromkeys(finding.name for finding in findings)
    titled = (name for name in names if title(name).casefold() == wanted.strip().casefold())
    return wanted if wanted in names else next(titled, wanted)


def _note_look(path: Path, measure: str, figure: str, progress: Progress) -> None:
    """That somebody looks at the rows behind a figure stands in the folder from then on; beside a file there is nowhere to write it down."""
    if not folder.is_graph(path):
        progress.say(
            "These rows name people; that they were looked at is written down nowhere. (A folder of kring graph build keeps that.)"
        )
        return
    line = msgspec.json.encode({"at": datetime.now(UTC).isoformat(timespec="seconds"), "measure": measure, "figure": figure})
    try:
        with (path / folder.LOOKED).open("ab") as stream:
            stream.write(line + b"\n")
    except OSError as error:
        progress.say(f"These rows name people; that they were looked at can't be noted in {path} ({error.strerror}).")


def read_network(path: str | os.PathLike[str], progress: Progress = SILENT) -> Graph:
    """A network file or graph folder as a graph; what could not be read is said.

    Fails   UsageError where it is a circle; GraphError or ReadError if it is no network.
    """
    return _network(path, None, progress).graph


def _network(path: str | os.PathLike[str], directed: bool | None, progress: Progress) -> files.Network:
    """What stands in a network file, or a graph folder.

    Takes   `directed`: whether ties have a direction, where the user says so.
    """
    refuse_circle(path, f"Measure there: kring measure … --circle {os.fspath(path)}")
    folder.restore(Path(path))
    if folder.is_graph(path):
        with listening(progress.at):
            return files.Network(folder.open(path))
    with tempfile.TemporaryDirectory() as spool, unpack.opened(path, spool=Path(spool)) as export:
        if len(export.pages) != 1:
            raise GraphError(
                f"{export.name} holds {len(export.pages)} files, where one network was expected.", next="Give the file itself."
            )
        page = export.pages[0]
        network = files.read(page.name, page.open, directed=directed)
        for unread in [*network.unread, *export.unread][:20]:
            progress.say(f"{unread.where}: {unread.why} {unread.next}".strip())
    return network


def _check(name: str, options: dict[str, object], labels: str | os.PathLike[str]) -> None:
    known = {option.name for option in described(name).options}
    if labels and "label" not in known:
        raise UsageError(f"{name} has no use for labels.", next="Leave out --labels.")
    for option in options:
        if option not in known:
            raise UsageError(f'{name} has no option "{option}".', next=f"It has: {', '.join(sorted(known)) or 'none'}.")


def _people(name: str, options: dict[str, object], found: named.Found, progress: Progress) -> dict[str, Nodes]:
    """The options that name people, as nodes."""
    which = [option.name for option in described(name).options if option.kind == PEOPLE and options.get(option.name) is not None]
    return {option: named.nodes(options[option], found, progress) for option in which}


def _asked(options: dict[str, object]) -> list[tuple[str, object]]:
    """Options as they are kept beside what was found: not whom a file named, but which file."""
    return sorted((name, str(value) if isinstance(value, Path) else value) for name, value in options.items())


def _of_network(finding: Finding, graph: Graph) -> Finding:
    """A finding whose rows are ids of the network."""
    if finding.rows_of != "person":
        return _finished(finding, finding.rows)
    return _finished(finding, inputs.opened(finding, lambda of: [graph.id_of(int(row)) for row in of.row_ids]))


def _opened(finding: Finding, given: "inputs.Given") -> Finding:
    """A finding whose rows are ids of the store."""
    return _finished(finding, inputs.opened(finding, lambda of: given.ids(of.rows_of, np.array(of.row_ids, np.int64))))


def _finished(finding: Finding, rows: tuple[int | str | Row, ...]) -> Finding:
    return msgspec.structs.replace(finding, rows=rows, version=f"kring {version('kring')}")


def _without_bare_rows(finding: Finding) -> Finding:
    """A finding without rows of which nothing is told: they only say who was counted."""
    return msgspec.structs.replace(finding, rows=tuple(row for row in finding.rows if isinstance(row, Row)))


def rows_behind(circle: "Circle", findings: Sequence[Finding], name: str) -> list[PostLine] | list[PersonLine] | list[Row]:
    """The posts or people behind a figure.

    Fails   UsageError if no figure has that name.
    """
    rows, name = rows_in(findings, name), _name(findings, name)
    kinds = {finding.rows_of for finding in findings if finding.name == name}
    if any(msgspec.structs.replace(row, row="") != Row("") for row in rows):
        return rows
    ids = [str(row.row) for row in rows]
    with reading(circle.engine) as connection:
        if kinds == {"post"}:
            return fetch.posts_by_id(connection, gate("ours"), ids)
        if kinds == {"person"}:
            return fetch.people_by_id(connection, gate("ours"), ids)
    return rows


def rows_in(findings: Sequence[Finding], name: str) -> list[Row]:
    """The ids behind a figure, with what is told of each.

    Fails   UsageError if no figure has that name.
    """
    wanted = [finding for finding in findings if finding.name == _name(findings, name)]
    if not wanted:
        names = ", ".join(dict.fromkeys(finding.name for finding in findings))
        raise UsageError(f'There is no figure "{name}" here.', next=f"Figures: {names}.")
    return [row if isinstance(row, Row) else Row(row) for finding in wanted for row in finding.rows]
