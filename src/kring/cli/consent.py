"""kring person object, consent, consents, objections: what people said of being read, quoted and written to. And kring why."""

from pathlib import Path
from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, WhoArgument, YesOption, format_of, opened
from kring.cli.screen import agreed, show
from kring.errors import Interrupted

ScopeOption = Annotated[
    str, typer.Option("--scope", metavar="SCOPE", help="all, a network (mastodon), a place's id or name, contact, or quote.")
]
EvidenceOption = Annotated[
    str, typer.Option("--evidence", metavar="TEXT", help="Where and how they said so: a post's id, a letter, a talk.", show_default=False)
]


AllAccountsOption = Annotated[
    bool, typer.Option("--all-accounts", help="Write it down for each of their accounts: also takes back what another of them said.")
]


def add_to_person(person: typer.Typer) -> None:
    """Registers the commands about one person."""

    @person.command("object", epilog='Example: kring person object @anna@social.example --evidence "her mail of 3 May"')
    def object_(
        who: WhoArgument,
        scope: ScopeOption = "all",
        evidence: EvidenceOption = "",
        all_accounts: AllAccountsOption = False,
        yes: YesOption = False,
        circle: CircleOption = None,
    ) -> None:
        """Write down that somebody objects; what they wrote leaves every figure at once. Taken back by `kring person consent WHO unknown`."""
        from kring.show.rights import likely_text

        with opened(circle) as c:
            if ours := c.ours_of(who):
                typer.echo(
                    f"{ours[0]} is one of us: all that we wrote with it, and what was said to it, would leave every figure.", err=True
                )
                if not agreed("Do they object all the same?", yes=yes):
                    raise Interrupted("Nothing was written down.", next="If it isn't ours: kring us remove ACCOUNT.")
            likely = likely_text(c.likely(who), "Merge first (kring person merge), or write it down for those too.")
        _write_down(who, "no", scope, evidence, all_accounts, circle)
        if likely:
            typer.echo(likely)

    @person.command(epilog='Example: kring person consent @anna@social.example yes --scope quote --evidence "asked by mail, 5 May"')
    def consent(
        who: WhoArgument,
        answer: Annotated[str, typer.Argument(metavar="ANSWER", help="yes, no or unknown.")],
        scope: ScopeOption = "all",
        evidence: EvidenceOption = "",
        all_accounts: AllAccountsOption = False,
        circle: CircleOption = None,
    ) -> None:
        """Write down what somebody answered; the latest answer for a scope counts, but a no of another of their accounts stands."""
        _write_down(who, answer, scope, evidence, all_accounts, circle)

    @person.command(epilog="Example: kring person consents @anna@social.example")
    def consents(who: WhoArgument, circle: CircleOption = None, format: FormatOption = None) -> None:
        """List all that somebody answered, oldest first."""
        with opened(circle) as c:
            show(c.consents(who), format_of(format, c), empty="They were not asked, and didn't object.")

    @person.command(epilog="Example: kring person objections")
    def objections(circle: CircleOption = None, format: FormatOption = None) -> None:
        """List posts to us in which somebody may object, for you to read; nothing is decided by them."""
        with opened(circle) as c:
            found, wanted = c.objections(), format_of(format, c)
            if wanted != "table":
                show(found, wanted)
                return
            from kring.show.lists import posts_text

            typer.echo(posts_text(found, empty="Nobody seems to object."))
            if found:
                hint = "If it is one: kring person object WHO --evidence POST. If not: kring person consent WHO unknown --evidence POST."
                typer.echo(f"\n{hint}")


def _write_down(who: str, answer: str, scope: str, evidence: str, all_accounts: bool, circle: Path | None) -> None:
    with opened(circle) as c:
        said = c.consent(who, answer, scope=scope, evidence=evidence, all_accounts=all_accounts)
        typer.echo(f"Written down: {said.who} said {said.answer} to {said.scope}.")
        for other in c.consents(said.who):
            if other.stands and other.scope == said.scope and other.number != said.number:
                typer.echo(
                    f"But the {other.answer} of {other.who} (entry {other.number}), another account of theirs, still counts for all of them."
                    f" To take it back too: kring person consent {said.who} {said.answer} --scope {said.scope} --all-accounts"
                )


def add_to(app: typer.Typer) -> None:
    """Registers kring why."""

    @app.command(
        rich_help_panel="People", epilog="Examples: kring why stackexchange:coffee.stackexchange.com/1 · kring why @anna@social.example"
    )
    def why(
        item: Annotated[
            str, typer.Argument(metavar="ITEM", help="A post's id, an act's id or event:ROW, or an account (id, handle or name).")
        ],
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """Say whether something counts, in which figures, by which rule, and on which evidence."""
        with opened(circle) as c:
            found, wanted = c.why(item), format_of(format, c)
            if wanted != "table":
                show(found, wanted)
                return
            from kring.show.lists import why_text

            typer.echo(why_text(found))
