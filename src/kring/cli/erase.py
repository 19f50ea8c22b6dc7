"""kring person erase: somebody, out of the whole circle."""

from typing import TYPE_CHECKING, Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, SilentOption, WhoArgument, format_of, opened
from kring.cli.screen import Screen, show
from kring.errors import Interrupted

if TYPE_CHECKING:
    from kring.kring import Circle


def add_to_person(person: typer.Typer) -> None:
    """Registers the command."""

    @person.command(epilog="Example: kring person erase @anna@social.example")
    def erase(
        who: WhoArgument,
        yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
        circle: CircleOption = None,
        format: FormatOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Erase somebody from the whole circle, search every file for them, and keep them away when exports are imported again."""
        from kring.show.rights import erased_text, likely_text, preview_text

        with opened(circle) as c, Screen(silent) as screen:
            wanted = format_of(format, c)
            before = c.erase_preview(who)
            if dry_run and wanted != "table":
                show([before], wanted)
                return
            if dry_run or not yes:
                typer.echo(preview_text(before))
                if likely := likely_text(c.likely(who), "Merge first (kring person merge), or erase those too."):
                    typer.echo(likely)
            if dry_run:
                return
            if not yes:
                _ask(c, who, screen)
            done = c.erase(who, progress=screen)
            if wanted != "table":
                show([done], wanted)
            else:
                typer.echo(erased_text(done))
            raise typer.Exit(1 if done.found else 0)

    @person.command(epilog='Example: kring person mask "@jan" mastodon:https://social.example/users/bea/statuses/12')
    def mask(
        words: Annotated[str, typer.Argument(metavar="WORDS", help="A handle (@jan) or a name.")],
        posts: Annotated[list[str], typer.Argument(metavar="POST…", help="Ids of posts, as `kring person erase` shows them.")],
        circle: CircleOption = None,
    ) -> None:
        """Mask a handle or name in posts where only you can tell that it is somebody's who was erased; also when they are imported again."""
        from kring.show.values import many

        with opened(circle) as c:
            typer.echo(f"Masked in {many(c.mask(words, *posts), 'post')}.")


def _ask(circle: "Circle", who: str, screen: Screen) -> None:
    """It can't be undone: the name is typed again."""
    if not screen.asks:
        raise Interrupted("Nothing was erased: nobody is there to confirm it.", next="Say --yes if you are sure.")
    again = typer.prompt(f"This can't be undone. Type {who} to erase them", default="", show_default=False, err=True)
    if again != who:
        raise Interrupted("Nothing was erased: what you typed is not what you gave.")
