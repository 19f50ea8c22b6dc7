"""The report as one HTML file that needs nothing else: no network, no script, no font; wide and narrow, light and dark, on paper.

The template escapes all that people wrote; what it takes as finished HTML is made here and in `svg` and `map`, which escape it themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from kring.schema import Finding
from kring.show import charts, map, numbers, svg, theme, values
from kring.show.content import Cell, Column, Link, Picture, Report, Section, Table

LONGEST_EXCERPT = 320
MORE_WORDS = {
    "estimator": "of the estimate",
    "sampling of people": "if other people like these had been asked (sampling of people)",
    "model": "of the model",
    "none": "",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as it stands in the page: for wide and narrow screens, with its numbers."""

    id: str
    title: str
    wide: Markup
    narrow: Markup
    table: Table


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its pictures drawn."""

    section: Section
    figures: tuple[Finding, ...]
    drawings: tuple[Drawing, ...]
    map: map.Map | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How one or more figures were made, for the last section."""

    names: tuple[str, ...] = ()
    how: str
    rests_on: str
    interval_of: str
    seed: int | None
    paper: str
    boundary: str
    warning: str
    cut: str


def render(report: Report) -> str:
    """The whole report as HTML; the same report gives the same text."""
    parts = [_part(section) for section in report.sections]
    style = Markup(theme.css() + _template("report.css"))
    template = _environment().get_template("report.html.j2")
    page = template.render(report=report, parts=parts, style=style, methods=list(_methods(report)), boundary=_shared("boundary", report))
    return page.translate(values.UNSEEN)


def _part(section: Section) -> Part:
    if section.empty:
        return Part(section, (), (), None)
    pictures = [picture for picture in section.pictures if not charts.is_empty(picture)]
    drawings = tuple(_drawing(picture, f"{section.id}-{number}") for number, picture in enumerate(pictures, 1))
    figures = tuple(each for each in section.findings if not each.by and not each.series)
    return Part(section, figures, drawings, map.draw(section.map) if section.map else None)


def _drawing(picture: Picture, id: str) -> Drawing:
    pages = {
        name: svg.inline(
            charts.to_svg(charts.draw(picture, width=width)),
            id=f"{id}-{name}",
            title=picture.title,
            description="The same numbers stand in the table below it.",
        )
        for name, width in (("wide", charts.WIDE), ("narrow", charts.NARROW))
    }
    return Drawing(id, picture.title, Markup(pages["wide"]), Markup(pages["narrow"]), numbers.data(picture))


def _methods(report: Report) -> Iterator[tuple[Section, list[Method]]]:
    """For each section how its figures were made: those made alike stand together."""
    for section in report.sections:
        alike: dict[Method, list[str]] = {}
        for each in () if section.empty else section.findings:
            names = alike.setdefault(_method(each, report), [])
            if (name := values.title(each.name)) not in names:
                names.append(name)
        if alike:
            yield section, [replace(method, names=tuple(names)) for method, names in alike.items()]


def _method(finding: Finding, report: Report) -> Method:
    """What is to be said of a figure; what is true of all of them is said once, above."""
    through_time = bool(finding.by)
    counted = finding.interval_of == "none" and (finding.value is not None or bool(finding.series))
    return Method(
        how=finding.method or ("counted" if counted else "no method was given"),
        rests_on="" if through_time or finding.value is None else values.rests_on(finding),
        interval_of=MORE_WORDS[finding.interval_of],
        seed=finding.seed,
        paper=finding.paper,
        boundary="" if finding.boundary == _shared("boundary", report) else finding.boundary,
        warning="" if through_time else finding.warning,
        cut="" if finding.cut in (report.cut, _shared("cut", report)) else finding.cut,
    )


def _shared(field: str, report: Report) -> str:
    """The boundary or cut that all figures have in common; "" if they differ."""
    every = {getattr(each, field) for section in report.sections if not section.empty for each in section.findings}
    return str(every.pop()) if len(every) == 1 else ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({"report.html.j2": _template("report.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "cell": _cell,
        "count": values.count,
        "duration": values.duration,
        "excerpt": _excerpt,
        "interval": values.interval,
        "kind_of_column": _kind_of_column,
        "marked": _marked,
        "moment": values.moment,
        "reserve": values.reserve,
        "safe_url": safe_url,
        "svg": Markup,
        "title_of": values.title,
        "unsaid": values.unsaid,
        "words": values.plain,
        "written": values.written,
    }
    return environment


def _template(name: str) -> str:
    return files("kring.show").joinpath("templates", name).read_text(encoding="utf-8")


def safe_url(url: str) -> str:
    """The address if it is http or https and names a host, else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def _marked(text: str) -> Markup:
    """A sentence of ours, with what stands between backticks as a command."""
    pieces = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(piece) if at % 2 else piece for at, piece in enumerate(pieces))


def _excerpt(text: str) -> str:
    """The beginning of a post, cut between words."""
    whole = values.plain(text)
    if len(whole) <= LONGEST_EXCERPT:
        return whole
    return f"{whole[:LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"


def _cell(value: Cell, column: Column, zone: str) -> Markup | str:
    """A cell as it stands in the table: a link where it leads somewhere, a number with its exact value behind it."""
    if value is None:
        return "–"
    if isinstance(value, Link):
        url, text = safe_url(value.url), values.plain(value.text) or value.url
        return (
            Markup('<a href="{}" rel="noreferrer noopener nofollow"><bdi>{}</bdi></a>').format(url, text)
            if url
            else Markup("<bdi>{}</bdi>").format(text)
        )
    if isinstance(value, str):
        return Markup("<bdi>{}</bdi>").format(values.plain(value))
    shown = values.written(value, column.unit, zone=zone)
    return shown if column.unit == "time" else Markup('<data value="{}">{}</data>').format(value, shown)


def _kind_of_column(column: Column) -> str:
    return "time" if column.unit == "time" else "number" if column.unit else "words"
