"""kring person affiliate: how somebody is involved with us."""

from pathlib import Path
from typing import Annotated

import typer

from kring.cli.options import CircleOption, ReasonOption, SilentOption, SinceOption, UntilOption, YesOption, opened
from kring.cli.screen import Screen, agreed
from kring.errors import UsageError


def add_to(person: typer.Typer) -> None:
    """Registers the command under `kring person`."""

    @person.command(
        epilog="Examples: kring person affiliate anna@post.example volunteer --since 2023-01"
        " · kring person affiliate --from people.csv (columns who, group; and where known since, until, reason)"
    )
    def affiliate(
        who: Annotated[
            str | None, typer.Argument(metavar="[PERSON]", help="Id, handle or name of an account of theirs.", show_default=False)
        ] = None,
        group: Annotated[
            str | None,
            typer.Argument(
                metavar="[GROUP]", help="staff, volunteer, member, customer, supplier, neighbour, press or other.", show_default=False
            ),
        ] = None,
        from_: Annotated[
            Path | None, typer.Option("--from", metavar="FILE", help="Many at once, from a table (CSV, Excel).", show_default=False)
        ] = None,
        since: SinceOption = "",
        until: UntilOption = "",
        reason: ReasonOption = "",
        yes: YesOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Say how somebody is involved with us, and from when until when; figures can then be told by group."""
        if (from_ is None) == (who is None or group is None) or (from_ is not None and who is not None):
            raise UsageError("Give a person and a group, or a table with --from.", next="See: kring person affiliate --help")
        with opened(circle) as c, Screen(silent) as screen:
            if from_ is None:
                numbers = c.carry_out(c.affiliating(who or "", group or "", since=since, until=until, reason=reason))
                typer.echo(f"Claim {numbers[0]}: {who} is {group}. It can be taken back at any time: kring person undo {numbers[0]}")
                return
            told = c.affiliating_all(from_)
            for lost in told.lost:
                screen.say(f"{lost.where}: {lost.why} {lost.next}")
            n = len(told.plan.new)
            typer.echo(f"Rows that can be taken: {n:,}; that can't: {len(told.lost):,}.")
            if n and agreed("Take them?", yes=yes):
                c.carry_out(told.plan)
                typer.echo("Done. See: kring person show PERSON")
