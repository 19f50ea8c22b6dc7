"""kring person: one person with many accounts."""

from typing import Annotated

import typer

from kring.cli import access, consent, erase, person_affiliate, person_merging, person_suggest
from kring.cli.options import CircleOption, FormatOption, LimitOption, WhoArgument, format_of, limit_of, opened
from kring.cli.screen import show


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    person = typer.Typer(help="Say which accounts are one person's, and see what is held about somebody.", no_args_is_help=True)
    app.add_typer(person, name="person", rich_help_panel="People")
    consent.add_to_person(person)
    erase.add_to_person(person)
    access.add_to_person(person)

    @person.command("list", epilog="Example: kring person list")
    def list_(limit: LimitOption = 20, circle: CircleOption = None, format: FormatOption = None) -> None:
        """List the people who have several accounts, those who said most first."""
        with opened(circle) as c:
            found, wanted = c.persons(limit=limit_of(limit)), format_of(format, c)
            if wanted != "table":
                show(found, wanted)
                return
            from kring.show.lists import people_text

            typer.echo(people_text(found, empty="Nobody has several accounts yet. Who might: kring person suggest"))

    @person.command("show", epilog="Example: kring person show anna@post.waterdrecht.example")
    def show_(who: WhoArgument, circle: CircleOption = None, format: FormatOption = None) -> None:
        """Show somebody's accounts, and what was said of them and by whom."""
        with opened(circle) as c:
            found, wanted = c.person(who), format_of(format, c)
            if wanted != "table":
                show([found], wanted)
                return
            from kring.show.lists import person_text

            typer.echo(person_text(found, c.settings.zone))

    @person.command(epilog="Examples: kring person find anna vries · kring person find +31612345678")
    def find(
        words: Annotated[
            list[str], typer.Argument(metavar="WORDS…", help="Parts of a name, handle or id; accents and capitals don't matter.")
        ],
        limit: LimitOption = 20,
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """Find people by the words in their names, handles and ids: each word in some account of theirs."""
        with opened(circle) as c:
            found, wanted = c.person_find(" ".join(words), limit=limit_of(limit)), format_of(format, c)
            if wanted != "table":
                show(found, wanted)
                return
            from kring.show.lists import people_text

            typer.echo(people_text(found, empty="Nobody goes by that. `kring people` lists everybody."))

    person_suggest.add_to(person)
    person_merging.add_to(person)
    person_affiliate.add_to(person)
