"""kring person merge, unmerge, apart, undo: who is one person with whom. Each shows first what it changes."""

from typing import TYPE_CHECKING, Annotated

import typer

from kring.cli.options import CircleOption, ReasonOption, SilentOption, SinceOption, UntilOption, WhoArgument, YesOption, opened
from kring.cli.screen import Screen, agreed
from kring.errors import UsageError

if TYPE_CHECKING:
    from kring.kring import Circle, Plan

AccountsArgument = Annotated[list[str], typer.Argument(metavar="ACCOUNT…", help="Id, handle or name, as `kring people` shows it.")]


def add_to(person: typer.Typer) -> None:
    """Registers the commands under `kring person`."""

    @person.command(epilog="Example: kring person merge @anna@social.example anna@post.example --reason 'She told us herself'")
    def merge(
        accounts: AccountsArgument,
        reason: ReasonOption = "",
        yes: YesOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Say that accounts are one person's."""
        if len(accounts) < 2:
            raise UsageError("One account alone can't be merged.", next="Give two or more.")
        with opened(circle) as c, Screen(silent) as screen:
            _carry_out(c, c.merging(*accounts, reason=reason), "Make them one person?", yes, screen)

    @person.command(epilog="Examples: kring person unmerge anna@post.example · kring person unmerge --claim 12")
    def unmerge(
        account: Annotated[
            str | None, typer.Argument(metavar="[ACCOUNT]", help="Take this account out of its person.", show_default=False)
        ] = None,
        claim: Annotated[
            int | None, typer.Option("--claim", metavar="N", help="Take back this claim, whatever it says.", show_default=False)
        ] = None,
        yes: YesOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Take that back: for one account, or one claim."""
        if (account is None) == (claim is None):
            raise UsageError("Give either an account or --claim N.", next="`kring person show PERSON` lists both.")
        with opened(circle) as c, Screen(silent) as screen:
            plan = c.unmerging(account) if account is not None else c.undoing(claims=(claim or 0,))
            _carry_out(c, plan, "Take it back?", yes, screen)

    @person.command(epilog="Example: kring person apart 'Jan de Vries' jan2@post.example --reason 'Father and son'")
    def apart(
        one: WhoArgument,
        other: WhoArgument,
        reason: ReasonOption = "",
        yes: YesOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Say that two are not one person: remembered, and never suggested again."""
        with opened(circle) as c, Screen(silent) as screen:
            _carry_out(c, c.parting(one, other, reason=reason), "Keep them apart?", yes, screen)

    @person.command(epilog="Examples: kring person undo --rule same-name --since 2025-03 · kring person undo 12 13")
    def undo(
        claims: Annotated[
            list[int] | None, typer.Argument(metavar="[CLAIM…]", help="By number, as `kring person show` gives it.", show_default=False)
        ] = None,
        rule: Annotated[str, typer.Option(metavar="NAME", help="What this rule suggested.", show_default=False)] = "",
        author: Annotated[str, typer.Option(metavar="NAME", help="What this user of Kring said.", show_default=False)] = "",
        since: SinceOption = "",
        until: UntilOption = "",
        yes: YesOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Take back many claims at once: of a bad rule, of somebody, of a time."""
        with opened(circle) as c, Screen(silent) as screen:
            plan = c.undoing(claims=claims or (), rule=rule, author=author, since=since, until=until)
            _carry_out(c, plan, f"Take back {len(plan.back):,} {'claim' if len(plan.back) == 1 else 'claims'}?", yes, screen)


def _carry_out(c: "Circle", plan: "Plan", question: str, yes: bool, screen: Screen) -> None:
    """Shows what a plan changes, asks, and does it."""
    from kring.show.lists import preview_text

    typer.echo(preview_text(c.preview(plan, progress=screen)))
    if not agreed(question, yes=yes):
        typer.echo("Nothing was changed.")
        return
    numbers = c.carry_out(plan)
    made = f"Claim {', '.join(map(str, numbers))}" if numbers else ""
    back = f"{len(plan.back):,} {'claim' if len(plan.back) == 1 else 'claims'} taken back" if plan.back else ""
    typer.echo(f"Done: {'; '.join(part for part in (back, made) if part)}.{' It can be taken back at any time.' if numbers else ''}")
