"""kring sources: what can be read."""

import typer

from kring.cli.options import FormatOption, format_of
from kring.cli.screen import show


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Begin", epilog="Example: kring sources --format json")
    def sources(format: FormatOption = None) -> None:
        """List what can be read, what each export leaves out, and what that is proven on."""
        from kring.kring import sources as listed

        wanted = format_of(format)
        if wanted != "table":
            show(listed(), wanted)
            return
        from kring.show.lists import sources_text

        typer.echo(sources_text(listed()))
