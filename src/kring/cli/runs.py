"""kring runs: what was imported, what could not be read, and taking an import back."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, SilentOption, format_of, opened
from kring.cli.screen import Screen, show
from kring.show.values import many


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    runs = typer.Typer(
        help="What was imported; what could not be read; take an import back.",
        invoke_without_command=True,
        epilog="Examples: kring runs · kring runs undo 3",
    )
    app.add_typer(runs, name="runs", rich_help_panel="Look")

    @runs.callback()
    def list_(context: typer.Context, circle: CircleOption = None, format: FormatOption = None) -> None:
        """List the imports of this circle, oldest first."""
        if context.invoked_subcommand is None:
            with opened(circle) as c:
                found, wanted = c.runs(), format_of(format, c)
                if wanted != "table":
                    show(found, wanted)
                    return
                from kring.show.lists import runs_text

                typer.echo(runs_text(found, empty="Nothing was imported yet. Begin with: kring import EXPORT"))

    @runs.command(epilog="Example: kring runs undo 3 --dry-run")
    def undo(
        run: Annotated[int, typer.Argument(metavar="RUN", help="Its number, as `kring runs` shows it.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take back.")] = False,
        circle: CircleOption = None,
        format: FormatOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Take back what only this import brought."""
        with opened(circle) as c, Screen(silent) as screen:
            undone = c.undo(run, dry_run=dry_run, progress=screen)
            wanted = format_of(format, c)
            if wanted != "table":
                show([undone], wanted)
                return
            would = "would take back" if dry_run else "took back"
            kept = f"{many(undone.posts_kept, 'post')} {'stays' if undone.posts_kept == 1 else 'stay'}"
            stays = f"; {kept}, because another import brought them too" if undone.posts_kept else ""
            back = f"{many(undone.posts, 'post')}, {many(undone.events, 'act')} and {many(undone.accounts, 'account')}"
            typer.echo(f"Undoing run {run} {would} {back}{stays}.")

    @runs.command(epilog="Examples: kring runs unread · kring runs unread 3 --format csv")
    def unread(
        run: Annotated[int | None, typer.Argument(metavar="[RUN]", help="One import; else all.", show_default=False)] = None,
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """List what could not be read, and what to do about it."""
        with opened(circle) as c:
            show(c.unread(run), format_of(format, c), empty="Everything could be read.")
