"""kring graph: builds large networks once, for measuring them many times."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, KindsOption, SilentOption, SinceOption, UntilOption, format_of, kinds_of, opened
from kring.cli.screen import Screen, show
from kring.errors import UsageError

if TYPE_CHECKING:
    from kring.kring import Built


def add_to(app: typer.Typer) -> None:
    """Registers the command."""
    graph = typer.Typer(no_args_is_help=True, help="Build a large network once, to measure it many times; look what is in it.")
    app.add_typer(graph, name="graph", rich_help_panel="Know")

    @graph.command(
        epilog="Examples: kring graph build follows.parquet -o g/ · kring graph build --circle our-circle -o g/"
        " · kring measure distances --network g/"
    )
    def build(
        output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to build.")],
        files: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="[FILE…]",
                help="Files with ties: edge lists, CSV, Parquet, numpy; or one GML, GraphML, GEXF or METIS; - for a stream.",
                show_default=False,
            ),
        ] = None,
        directed: Annotated[
            bool | None,
            typer.Option("--directed/--undirected", help="Whether ties have a direction, if the file doesn't say.", show_default=False),
        ] = None,
        mutual: Annotated[bool, typer.Option("--mutual", help="Only ties that there are both ways, without direction.")] = False,
        columns: Annotated[
            str,
            typer.Option(
                "--columns",
                metavar="source=A,target=B,at=C",
                help="Which columns are what: source and target; weight, rating, sign, at (the time), last, type.",
                show_default=False,
            ),
        ] = "",
        weights: Annotated[
            bool | None,
            typer.Option(
                "--weights/--no-weights",
                help="Keep weights, signs and times, or else how often each tie was given. Unsaid: what is there and fits into memory.",
                show_default=False,
            ),
        ] = None,
        memory: Annotated[
            str,
            typer.Option("--memory", metavar="SIZE", help='Use so much memory: "8G". Else six tenths of what is free.', show_default=False),
        ] = "",
        threads: Annotated[int, typer.Option("--threads", min=0, help="Use so many threads; 0: one for each processor.")] = 0,
        force: Annotated[bool, typer.Option("--force", help="Replace a graph that is there already.")] = False,
        circle: CircleOption = None,
        kinds: KindsOption = "",
        since: SinceOption = "",
        until: UntilOption = "",
        format: FormatOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Build a graph from files with ties, of any size, or from a circle; the same command goes on where one was stopped."""
        from kring.kring import build_graph

        with Screen(silent) as screen:
            if circle is None:
                if kinds or since or until:
                    raise UsageError(
                        "Files have no periods or kinds of ties to choose from.", next="Leave out --kinds, --since and --until."
                    )
                built = build_graph(
                    files or [],
                    output,
                    directed=directed,
                    mutual=mutual,
                    weights=weights,
                    columns=columns,
                    memory=memory,
                    threads=threads,
                    force=force,
                    progress=screen,
                )
            elif files or directed is not None or mutual or weights is not None or columns:
                raise UsageError(
                    "A circle knows its ties by itself.", next="Give either files or --circle, and leave out how to read files."
                )
            else:
                with opened(circle) as c:
                    built = c.graph(output, kinds=kinds_of(kinds), since=since, until=until, force=force, progress=screen)
        _show(built, format_of(format))

    @graph.command(epilog="Examples: kring graph info g/ · kring graph info g/ --check --format json")
    def info(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that kring graph build made.")],
        check: Annotated[bool, typer.Option("--check", help="Read all of it and compare every checksum.")] = False,
        format: FormatOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Say what is in a graph: people, ties, what it was made from, how large it is."""
        from kring.kring import graph_info

        with Screen(silent) as screen:
            built = graph_info(folder, check=check, progress=screen)
        _show(built, format_of(format))


def _show(built: "Built", wanted: str) -> None:
    if wanted != "table":
        show([built], wanted)
        return
    from kring.show.lists import graph_text

    typer.echo(graph_text(built))
