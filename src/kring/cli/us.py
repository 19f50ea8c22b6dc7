"""kring us: which accounts are our own."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, format_of, opened
from kring.cli.screen import show


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    us = typer.Typer(help="Say which accounts are our own; response figures rest on it.", no_args_is_help=True)
    app.add_typer(us, name="us", rich_help_panel="Begin")

    @us.command(epilog='Examples: kring us add @gemeente@social.waterdrecht.example · kring us add --named "Gemeente Waterdrecht"')
    def add(
        accounts: Annotated[
            list[str] | None,
            typer.Argument(metavar="[ACCOUNT…]", help="Id, handle or name, as `kring people` shows it.", show_default=False),
        ] = None,
        named: Annotated[
            str, typer.Option("--named", metavar="NAME", help="Every account that goes by this name, on all networks.", show_default=False)
        ] = "",
        reason: Annotated[str, typer.Option(help="Why, for those who read it later.", show_default=False)] = "",
        circle: CircleOption = None,
    ) -> None:
        """Say that accounts are our own."""
        with opened(circle) as c:
            new = c.us_add(*(accounts or ()), named=named, reason=reason)
            typer.echo(f"Ours now: {', '.join(new)}" if new else "They were ours already.")

    @us.command(epilog="Example: kring us remove @gemeente@social.waterdrecht.example")
    def remove(
        accounts: Annotated[list[str], typer.Argument(metavar="ACCOUNT…", help="Id, handle or name.")], circle: CircleOption = None
    ) -> None:
        """Take that back."""
        with opened(circle) as c:
            typer.echo(f"No longer ours: {', '.join(c.us_remove(*accounts))}")

    @us.command("list", epilog="Example: kring us list")
    def list_(circle: CircleOption = None, format: FormatOption = None) -> None:
        """Show which accounts are ours."""
        with opened(circle) as c:
            show(c.us(), format_of(format, c), empty="Nobody yet. Say who you are with: kring us add ACCOUNT")
