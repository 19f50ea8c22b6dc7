"""Report: the first picture of a circle, as one HTML file: what is in it, who talks with whom, how near, do we answer, when are people there."""

import inspect
import os
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kring import measures, sources
from kring.errors import CircleError
from kring.graph import Graph
from kring.schema import Finding
from kring.show import (
    sections,
    sections_authority,
    sections_communities,
    sections_overview,
    sections_reciprocity,
    sections_ties,
    sections_topics,
)
from kring.show.content import Column, Export, Holding, LeftOut, Link, MapData, Report, Section, Table, Waiting
from kring.show.values import plain
from kring.store import check, fetch, ledger, runs
from kring.store.gate import For, left_out
from kring.store.open import reading, writing
from kring.verbs import compiling, inputs, named, reports, weave
from kring.verbs.measure import described
from kring.verbs.progress import SILENT, Progress
from kring.verbs.replacing import may_write
from kring.verbs.topics import topics
from kring.verbs.weave import Asking, Woven

if TYPE_CHECKING:
    from kring.kring import Circle

_WAITING_SHOWN = 25
_THREADS_SHOWN = 12
_EXCERPT = 280
Measure = Callable[..., tuple[Finding, ...]]


def report(
    circle: "Circle",
    path: str | os.PathLike[str] | None = None,
    *,
    since: str = "",
    until: str = "",
    place: str = "",
    force: bool = False,
    progress: Progress = SILENT,
) -> Path:
    """Writes the report and gives its path.

    Takes   where to write it (else reports/ in the circle's folder); a period; a place, for a report to that place's own members;
            `force`: also where another file lies already. An earlier report of Kring's is always replaced: it is made anew.
    Fails   CircleError if it can't be written there, or something else lies there.
    """
    from kring.show.report import render

    target = Path(path) if path is not None else _default_path(circle, place)
    may_write(target, force=force or reports.is_report(target))
    content = compose(circle, Asking((), since, until, place), progress)
    progress.say("drawing")
    page = render(content)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            target.write_text(page, encoding="utf-8")
        else:
            beside = target.with_name(target.name + ".part")
            beside.write_text(page, encoding="utf-8")
            beside.replace(target)
    except OSError as error:
        raise CircleError(f"The report can't be written to {target}: {error.strerror}.", next="Choose another place with -o.") from error
    with writing(circle.engine) as connection:
        ledger.note_audit(connection, "report", f"{target} {f'{since}..{until} {place}'.strip(' .')}".strip())
    return target


def _default_path(circle: "Circle", place: str) -> Path:
    name = "".join(letter if letter.isalnum() else "-" for letter in place).strip("-")[:60] or "circle"
    return circle.folder / "reports" / f"{name}.html"


def compose(circle: "Circle", asking: Asking, progress: Progress) -> Report:
    """What the report says, before anybody decides how it looks."""
    progress.say("weaving who said what to whom")
    woven = weave.weave(circle, asking, "circle")
    ours = weave.weave(circle, asking, "ours", beyond=True)
    ask = _Asker(circle, woven, ours, progress)
    where = ledger.find_place(circle.engine, asking.place) if asking.place else None
    with compiling.said(progress):
        groups = () if where else ask.find("communities")
        parts = [
            _who(ask, groups, whole=where is None),
            sections_overview.overview(ask.find("overview")),
            *([] if where else [sections_communities.communities(groups)]),
            *_contacts(ask),
            sections_ties.ties(ask.find("ties")),
            _distances(ask),
            *([] if where else [_response(circle, ask), _help(ask), _topics(circle, asking, progress)]),
            _activity(circle, ask),
        ]
    return Report(
        title=f"{where.name}: a report for its members" if where else circle.settings.name,
        circle=circle.settings.name,
        made_at=time.time_ns() // 1000,
        cut=woven.cut,
        period=_period(asking),
        zone=circle.settings.zone,
        us=() if where else tuple(_names(woven, woven.people.us)),
        holdings=_holdings(circle, where),
        exports=() if where else _exports(circle),
        people="" if where else _people(circle, ask),
        left_out=_left_out(circle, "place" if where else "circle", where.node if where else None, woven),
        sections=tuple(parts),
        for_members=where is not None,
        fictional=circle.settings.fictional,
        version=version("kring"),
    )


class _Asker:
    """Asks measures about what was woven once, and keeps what they find."""

    def __init__(self, circle: "Circle", woven: Woven, ours: Woven, progress: Progress) -> None:
        self.circle, self.woven, self.ours, self.progress = circle, woven, ours, progress
        self.inputs = {False: inputs.Inputs(circle, woven), True: inputs.Inputs(circle, ours, ours=True)}
        self.given = self.inputs[False].given(["graph"])
        self.rows = self.given.nodes

    @property
    def graph(self) -> Graph:
        """Who talks with whom."""
        graph = self.given.arguments[0]
        assert isinstance(graph, Graph)
        return graph

    def find(self, name: str) -> tuple[Finding, ...]:
        self.progress.say(f"measuring {name.replace('_', ' ')}")
        function: Measure = measures.measure(name)
        given = self.inputs[name in inputs.OURS].given(described(name).takes.split(", "))
        asks_whom = "of" in inspect.signature(function).parameters
        findings = function(*given.arguments, **({"of": named.us_in(given)} if asks_whom else {}))
        found = tuple(msgspec.structs.replace(finding, version=f"kring {version('kring')}") for finding in findings)
        ledger.keep_findings(self.circle.engine, name, "report", found)
        return found


def _who(ask: _Asker, groups: Sequence[Finding], *, whole: bool) -> Section:
    """The map; only the whole circle's network can be written as a file, a chat's never leaves."""
    sources = np.repeat(np.arange(ask.graph.n), np.diff(ask.graph.offsets))
    weights = ask.graph.weights if ask.graph.weights is not None else np.ones(ask.graph.n_arcs)
    data = MapData(
        ids=[ask.woven.people.ids[row] for row in ask.rows],
        labels=[plain(ask.woven.people.names[row]) for row in ask.rows],
        sources=sources.tolist(),
        targets=ask.graph.targets.tolist(),
        weights=weights.tolist(),
        boundary=ask.woven.boundary,
        groups=_group_of_each(groups, ask.graph.n) if whole else None,
        command="kring network circle.gexf" if whole else "",
    )
    return sections.who(data)


def _group_of_each(found: Sequence[Finding], n: int) -> list[int]:
    """The group of each person, as the findings on communities number them; -1 for who is in none of which anything may be said."""
    group = np.full(n, -1, np.int64)
    for finding in found:
        if finding.name == "community_size" and finding.rows:
            group[np.array(finding.row_ids, np.int64)] = int(dict(finding.by)["community"]) - 1
    return group.tolist()


def _contacts(ask: _Asker) -> tuple[Section, Section]:
    """How many people each talks with; and what they give and get."""
    favours = ask.find("reciprocity")
    returned = [each for each in favours if each.name == "reciprocity"]
    contacts = sections.contacts([*ask.find("degree"), *returned, *ask.find("degree_assortativity")])
    return contacts, sections_reciprocity.favours(favours)


def _distances(ask: _Asker) -> Section:
    return sections.distances(ask.find("distances"))


def _response(circle: "Circle", ask: _Asker) -> Section:
    if not ask.ours.people.us.any():
        return sections.response(
            (),
            empty=_WHO,
        )
    findings = ask.find("response")
    rows = next(finding.rows for finding in findings if finding.name == "waiting")
    posts = ask.ours.posts
    nodes = posts.node[np.array(rows[:_WAITING_SHOWN], np.int64)].tolist()
    last = int(posts.at.max(initial=fetch.NO_TIME))
    with reading(circle.engine) as connection:
        lines = fetch.quotable(connection, nodes)
    waiting = [_waits(line, last) for line in lines]
    return sections.response(findings, waiting=waiting, n_more=len(rows) - len(waiting), command="kring measure response --rows waiting")


def _waits(line: fetch.PostLine, last: int) -> Waiting:
    """A question that waits; how long is told only where its zone is known."""
    text = plain(f"{line.title} {line.text}".strip())
    return Waiting(
        text=text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …",
        who=plain(line.author_name),
        where=plain(line.place) or line.id.partition(":")[0],
        at=line.at,
        waited_s=(last - line.at) / 1e6 if line.at is not None and line.zone else None,
        url=line.url,
    )


def _help(ask: _Asker) -> Section:
    """Who helps, as figures of all; what one person's help counts is told to that person."""
    return sections_authority.authority([msgspec.structs.replace(each, rows=(), rows_of="") for each in ask.find("authority")])


def _topics(circle: "Circle", asking: Asking, progress: Progress) -> Section:
    progress.say("looking at the hashtags that most people use")
    tags = [sections_topics.Tag(each.tag, each.people, each.camps, each.illusion) for each in topics(circle, asking.since, asking.until)]
    return sections_topics.topics(tags)


def _activity(circle: "Circle", ask: _Asker) -> Section:
    findings = [*ask.find("activity"), *ask.find("threads")]
    top = next((finding for finding in findings if finding.name == "top_threads"), None)
    threads = _threads(circle, ask.woven, top) if top is not None and top.rows else None
    return sections.activity([finding for finding in findings if finding.name != "top_threads"], threads=threads, zone=circle.settings.zone)


def _threads(circle: "Circle", woven: Woven, top: Finding) -> Table:
    rows = np.array(top.rows[:_THREADS_SHOWN], np.int64)
    with reading(circle.engine) as connection:
        lines = fetch.quotable(connection, woven.posts.node[rows].tolist())
    cells = []
    for line, (_, posts) in zip(lines, top.series, strict=False):
        begins = plain(line.title or line.text)
        words = begins if len(begins) <= 120 else begins[:120].rsplit(" ", 1)[0] + " …"
        cells.append((Link(words, line.url) if line.url else words, plain(line.author_name), plain(line.place), line.at, posts))
    return Table(
        caption="The longest conversations",
        columns=(Column("how it began"), Column("who"), Column("where"), Column("when", "time"), Column("posts", "posts")),
        rows=tuple(cells),
        n_more=max(0, len(top.rows) - len(cells)),
        command="kring measure threads --rows top_threads",
    )


def _period(asking: Asking) -> str:
    return f"{asking.since or 'the beginning'} to {asking.until or 'the last post'}" if asking.since or asking.until else ""


def _names(woven: Woven, which: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> list[str]:
    return list(dict.fromkeys(plain(woven.people.names[row]) for row in np.flatnonzero(which)))


def _holdings(circle: "Circle", place: ledger.PlaceLine | None) -> tuple[Holding, ...]:
    if place is not None:
        return (Holding(what="posts", n=place.posts), Holding(what="members", n=place.members))
    with reading(circle.engine) as connection:
        counts = check.counts(connection)
    return tuple(Holding(what=what, n=n) for what, n in counts if n)


def _people(circle: "Circle", ask: _Asker) -> str:
    """How many people there are, in each sense in which the report counts them."""
    with reading(circle.engine) as connection:
        accounts = dict(check.counts(connection))["accounts"]
    posts = ask.woven.posts
    wrote = np.unique(posts.author[ask.woven.inside & (posts.author >= 0)])
    tied = np.union1d(np.flatnonzero(np.diff(ask.graph.offsets)), ask.graph.targets)
    return (
        ""
        if not accounts
        else sections.people_counted(accounts, people=ask.graph.n, wrote=len(np.intersect1d(wrote, ask.rows)), tied=len(tied))
    )


def _exports(circle: "Circle") -> tuple[Export, ...]:
    standing = [run for run in runs.runs(circle.engine) if run.state != "undone"]
    new = runs.first_brought(circle.engine)
    return tuple(
        Export(
            name=plain(run.name),
            kind=", ".join(sources.export(name).TITLE for name in run.sources.split()),
            n_posts=new.get(run.node, 0),
            came_in_at=run.started_at,
            state="" if run.state == "done" else run.state,
        )
        for run in standing
    )


def _left_out(circle: "Circle", purpose: For, place: int | None, woven: Woven) -> tuple[LeftOut, ...]:
    with reading(circle.engine) as connection:
        gated = left_out(connection, purpose, place)
    lines = [
        LeftOut(what=f"{rule.rule} posts and acts", n=rule.posts + rule.events, why=rule.why, next=_NEXT.get(rule.rule, ""))
        for rule in gated
    ]
    bots = int(woven.bots.sum())
    if bots:
        lines.append(LeftOut(what="bots", n=bots, why="no people: their posts count neither as voices nor as answers"))
    timeless = int((woven.posts.at == fetch.NO_TIME).sum())
    if timeless:
        lines.append(
            LeftOut(
                what="posts without a time", n=timeless, why="no time, or none to be believed: they count, but not in anything about when"
            )
        )
    lost = [loss for loss in runs.losses(circle.engine) if loss.kind != "skipped"]
    if lost:
        first = f"for example {lost[0].where}: {lost[0].why}"
        lines.append(
            LeftOut(
                what="things that could not be read",
                n=sum(loss.n for loss in lost),
                why=plain(first),
                next="`kring runs unread` lists them.",
            )
        )
    return tuple(lines)


_WHO = (
    "Who are you? Kring doesn’t know yet which accounts are your own, so it can’t tell whether you answer."
    " `kring people` lists the accounts; then `kring us add ACCOUNT`."
)
_NEXT = {"private": "A chat’s own members see its figures with: `kring report --place NAME`"}
