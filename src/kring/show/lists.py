"""How posts, people, places, imports, sources and measures are listed for people who read, not for programs."""

import textwrap
from collections.abc import Sequence
from typing import Any

from kring.schema import Finding
from kring.show.tables import text
from kring.show.values import count, figure, many, moment, percent, plain, title

_WIDTH = 100
_MOST_LINES = 4


def posts_text(posts: Sequence[Any], empty: str = "No posts.") -> str:
    """Posts under each other, each with a line of who, when and where above its text."""
    return "\n\n".join(_post(post) for post in posts) or empty


def people_text(people: Sequence[Any], empty: str = "Nobody.") -> str:
    """People under each other, each with what is known of them and the ids to use in commands."""
    return "\n".join(_person(person) for person in people) or empty


def person_text(shown: Any, zone: str = "") -> str:
    """Somebody, each of their accounts with what is known of it, and what was said of them: by number, so that it can be taken back."""
    parts = [_head(shown.person), *(f"    {account.id}   {_account(account)}" for account in shown.accounts)]
    parts += ["", *(_claim(claim, shown.held.get(claim.number), zone) for claim in shown.claims)] if shown.claims else []
    parts += ["", *(f"Said {said.answer} to {_consent(said)}" for said in shown.consents)] if shown.consents else []
    return "\n".join(parts)


def suggestions_text(suggestions: Sequence[Any], empty: str = "None.") -> str:
    """Pairs of people who may be one, each with how sure that is and why."""
    return "\n\n".join(map(_suggestion, suggestions)) or empty


def preview_text(preview: Any) -> str:
    """What a plan about persons would change: who they are, and which figures."""
    if not preview.n_before:
        return "Nobody changes by it now: who is one person with whom stays as it is."
    sides = (("Now", preview.before, preview.n_before), ("Then", preview.after, preview.n_after))
    parts = [f"{when}:\n{_indented(people_text(people))}{_more(n - len(people))}" for when, people, n in sides]
    heard = [f"  {_heard(each)}" for each in preview.heard]
    parts += ["What they said of being read, quoted and written to:", *heard] if heard else []
    figures = [f"  {title(change.figure)}: {_value(change, change.before)} → {_value(change, change.after)}" for change in preview.figures]
    return "\n".join([*parts, "Figures that change:" if figures else "No figure changes.", *figures])


def _heard(heard: Any) -> str:
    whose = plain(heard.account)
    if not heard.said.number:
        return f"what was heard of {whose} in {plain(heard.said.scope)} is heard no more"
    return f"their {heard.said.answer} to {_consent(heard.said)} will hold for {whose} too"


def _consent(said: Any) -> str:
    evidence = f": {plain(said.evidence)}" if said.evidence else ""
    return f"{plain(said.scope)} (entry {said.number}, as {plain(said.who)}{evidence})"


def _suggestion(suggestion: Any) -> str:
    why = "; ".join(plain(each) for each in suggestion.because)
    return "\n".join(
        [f"{percent(suggestion.p)} sure · {why}", *(_indented(_person(person)) for person in (suggestion.one, suggestion.other))]
    )


def _indented(words: str) -> str:
    return textwrap.indent(words, "  ")


def _more(n: int) -> str:
    return f"\n  … and {count(n)} more" if n > 0 else ""


def _value(change: Any, value: float | int | None) -> str:
    return figure(Finding(name=change.figure, value=value, unit=change.unit))


def places_text(places: Sequence[Any], empty: str = "None.") -> str:
    """Places under each other."""
    return "\n".join(_place(place) for place in places) or empty


def runs_text(runs: Sequence[Any], empty: str = "None.") -> str:
    """Imports under each other, each by the number that `kring runs undo` takes."""
    return "\n".join(_run(run) for run in runs) or empty


def measures_text(measures: Sequence[Any]) -> str:
    """Measures under each other, each with the line that says what it tells."""
    widest = max((len(each.name) for each in measures), default=0)
    indent = " " * (widest + 2)
    return "\n".join(textwrap.fill(f"{each.name:{widest}}  {each.says}", _WIDTH, subsequent_indent=indent) for each in measures)


def measure_text(measure: Any, options: Sequence[tuple[str, str]]) -> str:
    """A measure explained: what it tells, its options as they are typed, and under a heading of its own what is for those who know the matter."""
    parts = [f"{measure.name}: {measure.says}", _paragraph("Its figures", measure.gives)]
    if options:
        widest = max(len(how) for how, _ in options)
        rows = [textwrap.fill(f"  {how:{widest}}  {means}", _WIDTH, subsequent_indent=" " * (widest + 4)) for how, means in options]
        parts.append("\n".join(["Options of its own", *rows]))
    parts.append("Those of every measure (a network file, a period, a place, the format): kring measure --help")
    details = (textwrap.fill(f"  {what:7} {text}", _WIDTH, subsequent_indent=" " * 10) for what, text in measure.details)
    return "\n\n".join([*parts, "\n".join(["For those who know the matter", *details])])


def _paragraph(heading: str, words: str) -> str:
    return f"{heading}\n" + textwrap.fill(words, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def sources_text(sources: Sequence[Any]) -> str:
    """What can be read, under each other: what of it, what it lacks, and what that is proven on."""
    return "\n\n".join(map(_source, sources))


def graph_text(graph: Any) -> str:
    """What is in a graph folder."""
    way = "one-way" if graph.directed else "undirected"
    ids = f"ids: {graph.ids}"
    beside = f"with {', '.join(graph.beside)}" if graph.beside else "nothing beside the ties"
    left = (f"{count(graph.n_loops)} to oneself left out", f"{count(graph.n_duplicates)} repeats merged")
    bad = f"{many(graph.n_bad, 'line')} not read" if graph.n_bad else ""
    lines = [
        _line(many(graph.n, "person", "people"), f"{many(graph.n_ties, f'{way} tie')} ({count(graph.n_arcs)} arcs)"),
        _line("made from " + ("the circle " if graph.from_circle else "") + plain(", ".join(graph.made_from)), ids, beside),
        _line(*left, bad),
    ]
    if graph.mean_degree is not None:
        degree = (
            f"ties out of a person: mean {graph.mean_degree:,.1f}, median {graph.median_degree:,.0f}, most {count(graph.highest_degree)}"
        )
        lines.append(_line(degree, f"{count(graph.alone)} have none"))
    lines.append(_line(f"{graph.bytes / 1024**2:,.1f} MiB in {graph.path}", plain(graph.boundary), graph.cut))
    return "\n".join(lines)


def rows_text(rows: Sequence[Any], empty: str = "Nothing found.") -> str:
    """What is behind a figure: posts and accounts to be read, anything else as a table."""
    if rows and hasattr(rows[0], "author_name"):
        return posts_text(rows)
    if rows and hasattr(rows[0], "handle"):
        return people_text(rows)
    return text(rows, "table").rstrip("\n") if rows else empty


def why_text(verdicts: Sequence[Any]) -> str:
    """For each purpose whether something counts, by which rule and on which evidence."""
    return "\n".join(map(_verdict, verdicts))


def _verdict(verdict: Any) -> str:
    why = (f"rule “{verdict.rule}”: " if verdict.rule else "") + verdict.because
    rest = (
        why,
        f"evidence: {plain(verdict.evidence)}" if verdict.evidence else "",
        f"measures: {', '.join(verdict.measures)}" if verdict.measures else "",
    )
    lines = (textwrap.fill(part, _WIDTH, initial_indent="    ", subsequent_indent="    ") for part in rest if part)
    return "\n".join([_line(plain(verdict.purpose), verdict.counts), *lines])


def _post(post: Any) -> str:
    seen = "" if post.visibility == "public" else post.visibility
    head = _line(plain(post.author_name) or "unknown", _moment(post), post.kind, plain(post.place), seen)
    words = "\n".join(part for part in (post.title, post.text) if part)
    lines = [line for paragraph in plain(words).splitlines() for line in textwrap.wrap(paragraph, _WIDTH - 4) or [""]]
    shown = [f"    {line}" for line in lines[:_MOST_LINES]] + (["    …"] if len(lines) > _MOST_LINES else [])
    return "\n".join([head, *shown, f"    {post.id}"])


def _person(person: Any) -> str:
    return "\n".join([_head(person), *(f"    {id}" for id in person.accounts)])


def _head(person: Any) -> str:
    kind = "" if person.kind == "unknown" else person.kind
    ours = "one of us" if person.us else "owner of an export" if person.owner else ""
    return _line(plain(person.name or person.handle) or "no name", _said(person), kind, ours)


def _account(account: Any) -> str:
    return _line(plain(account.name), plain(account.handle), _said(account))


def _said(person: Any) -> str:
    period = f"{moment(person.first_at)[:10]} to {moment(person.last_at)[:10]}" if person.first_at is not None else ""
    return _line(many(person.posts, "post"), period)


def _claim(claim: Any, held_by: int | None, zone: str) -> str:
    """A claim in a sentence, by the number with which it can be taken back."""
    said = {"same": "is the same as", "apart": "is not the same as", "affiliation": "is"}[claim.kind]
    during = f"from {moment(claim.since, zone)[:10] if claim.since is not None else 'the beginning'} "
    during += f"up to and with {moment(claim.until - 1, zone)[:10]}" if claim.until is not None else "on"
    when = _line(
        during if claim.kind == "affiliation" else "",
        f"by {plain(claim.author)}",
        moment(claim.at),
        claim.rule and f"rule {claim.rule}",
        plain(claim.reason),
    )
    state = "taken back" if claim.undone_at is not None else f"held back by {held_by}" if held_by else ""
    return f"{claim.number:>4}  {plain(claim.subject)} {said} {plain(claim.object)}\n      " + _line(when, state)


def _place(place: Any) -> str:
    members = many(place.members, "member") if place.members else ""
    return _line(plain(place.name), place.kind, many(place.posts, "post"), members) + f"\n    {place.id}"


def _run(run: Any) -> str:
    asked = (f"zone {run.zone}" if run.zone else "", f"as {plain(run.place)}" if run.place else "")
    state = "" if run.state == "done" else run.state
    kept = (plain(run.basis), plain(run.purpose), f"kept until {moment(run.keep_until)[:10]}" if run.keep_until is not None else "")
    return f"{run.node:>4}  " + _line(plain(run.name), run.sources, f"{moment(run.started_at)} UTC", *asked, state, *kept)


def _source(source: Any) -> str:
    parts = (("reads", source.reads), ("lacks", source.lacks), ("proven on", source.proven_on))
    lines = (textwrap.fill(f"    {what:<10} {said}", _WIDTH, subsequent_indent=" " * 15) for what, said in parts if said)
    return "\n".join([_line(source.title, f"--as {source.name}"), *lines])


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _moment(post: Any) -> str:
    return "time unknown" if post.at is None else moment(post.at + (post.offset_s or 0) * 1_000_000)
