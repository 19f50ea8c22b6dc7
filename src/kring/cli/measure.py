"""kring measure: figures with their interval, n and method."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kring.cli.options import (
    CircleOption,
    FormatOption,
    KindsOption,
    PlaceOption,
    SilentOption,
    SinceOption,
    UntilOption,
    format_of,
    kinds_of,
    opened,
)
from kring.cli.screen import Screen, show
from kring.errors import UsageError

if TYPE_CHECKING:
    from kring.kring import Described, Option


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(
        rich_help_panel="Know",
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
        epilog="Examples: kring measure distances --help · kring measure response --since 2024"
        " · kring measure distances --network ties.csv --format json · kring measure reach --from team.txt",
    )
    def measure(
        context: typer.Context,
        name: Annotated[
            str | None, typer.Argument(metavar="[NAME]", help="Which measure; without it, all are listed.", show_default=False)
        ] = None,
        network: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="Measure a network file (edge list, CSV, GML, GraphML, GEXF, METIS, Parquet), or a folder of kring graph build.",
                show_default=False,
            ),
        ] = None,
        kinds: KindsOption = "",
        since: SinceOption = "",
        until: UntilOption = "",
        place: PlaceOption = "",
        tag: Annotated[
            str, typer.Option("--tag", metavar="HASHTAG", help="Only what was said under it, and in answer to that.", show_default=False)
        ] = "",
        labels: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="What is known of people besides: a table with an id and a label for each. --label COLUMN says which, if there are several.",
                show_default=False,
            ),
        ] = None,
        by: Annotated[
            str,
            typer.Option("--by", metavar="affiliation", help="For each group of those involved: staff, volunteers …", show_default=False),
        ] = "",
        rows: Annotated[str, typer.Option(metavar="FIGURE", help="List the rows behind one of its figures.", show_default=False)] = "",
        directed: Annotated[
            bool | None,
            typer.Option("--directed/--undirected", help="Whether ties have a direction; where a measure asks.", show_default=False),
        ] = None,
        help: Annotated[bool, typer.Option("--help", "-h", help="What a measure means and which options it has.")] = False,
        circle: CircleOption = None,
        format: FormatOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Measure something: each figure with its interval, what it rests on, and how it was found."""
        from kring.kring import described, measure_network, rows_in

        if name is None:
            typer.echo(context.get_help()) if help else _list(format_of(format))
            return
        if help:
            typer.echo(_explained(described(name)))
            return
        options = _options(described(name), context.args)
        with Screen(silent) as screen:
            if network is not None:
                if kinds or since or until or place or tag or by:
                    raise UsageError(
                        "A network file has no periods, places, hashtags, groups or kinds of ties to choose from.",
                        next="Leave out --kinds, --since, --until, --place, --tag and --by.",
                    )
                found = measure_network(name, network, labels=labels or "", directed=directed, rows=rows, progress=screen, **options)
                show(rows_in(found, rows) if rows else found, format_of(format))
                return
            if directed is not None:
                options["directed"] = directed
            with opened(circle) as c:
                asked: dict[str, Any] = {"kinds": kinds_of(kinds), "since": since, "until": until, "place": place, "tag": tag}
                findings = c.measure(name, **asked, by=by, labels=labels or "", progress=screen, **options)
                wanted = format_of(format, c)
                if not rows:
                    show(findings, wanted)
                    return
                behind = c.rows_behind(findings, rows)
                if wanted != "table":
                    show(behind, wanted)
                    return
                from kring.show.lists import rows_text

                typer.echo(rows_text(behind, empty="There are no rows behind this figure."))


def _list(wanted: str) -> None:
    """All measures: for people by their first lines, for programs with all that is known of them."""
    from kring.kring import all_described

    if wanted != "table":
        show(all_described(), wanted)
        return
    from kring.show.lists import measures_text

    typer.echo(measures_text(all_described()))
    typer.echo("\nMore about one: kring measure NAME --help")


def _explained(about: "Described") -> str:
    """What a measure tells and which options it has; what is for those who know the matter comes last."""
    from kring.show.lists import measure_text

    return measure_text(about, [(_how(option), _meaning(option, about)) for option in about.options])


def _flag(option: "Option") -> str:
    """As it is typed; `directed` can be said both ways."""
    return "--directed/--undirected" if option.name == "directed" else option.flag


_VALUES = {"people": " WHO", "int": " N", "float": " X", "str": " TEXT", "bool": ""}


def _how(option: "Option") -> str:
    return _flag(option) + _VALUES[option.kind]


def _meaning(option: "Option", about: "Described") -> str:
    """What an option means, others called as they are typed, and what holds if it isn't given."""
    means = option.means
    for each in about.options:
        means = means.replace(f"`{each.name}`", _flag(each))
    if option.kind == "people":
        return f"{means} Ids, handles or names with commas between, or a text file with one a line; - for standard input."
    if option.name == "directed" and option.default is not None:
        return f"{means} Unless said: {_flag(option).split('/')[not option.default]}."
    return f"{means} Unless said: {option.default}." if option.default and option.kind != "bool" else means


def _options(about: "Described", words: list[str]) -> dict[str, Any]:
    """The measure's own options from what the command line left over."""
    known = {option.flag: option for option in about.options}
    options: dict[str, Any] = {}
    left = list(words)
    while left:
        flag, _, value = left.pop(0).partition("=")
        option = known.get(flag)
        if option is None:
            raise UsageError(
                f'{about.name} has no option "{flag}".',
                next=f"It has: {', '.join(map(_flag, about.options))}. See: kring measure {about.name} --help"
                if known
                else "It has none of its own. See: kring measure --help",
            )
        if option.kind == "bool":
            options[option.name] = True
            continue
        if not value and not left:
            raise UsageError(f"{flag} needs a value.", next=f"For example: {flag} {_example(option)}")
        value = value or left.pop(0)
        if option.kind == "people":
            options[option.name] = _whom(value)
            continue
        try:
            options[option.name] = {"float": float, "int": int, "str": str}[option.kind](value)
        except ValueError:
            raise UsageError(f"{flag} needs a number, not {value!r}.", next=f"For example: {flag} {_example(option)}") from None
    return options


def _whom(value: str) -> Path | list[str]:
    """A file, or those named themselves."""
    path = Path(value)
    return path if value == "-" or path.suffix in (".txt", ".csv") or path.is_file() else value.split(",")


def _example(option: "Option") -> str:
    """A value to show where one is missing or wrong."""
    return "team.txt" if option.kind == "people" else str(option.default) if option.default else "60s" if option.kind == "str" else "3"
