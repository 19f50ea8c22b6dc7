"""kring trust-survey: what a table of answers says of trust."""

from pathlib import Path
from typing import Annotated

import typer

from kring.cli.options import FormatOption, format_of
from kring.cli.screen import show


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(
        "trust-survey",
        rich_help_panel="Know",
        epilog="Examples: kring trust-survey answers.csv · kring trust-survey answers.csv --format json",
    )
    def trust_survey(
        answers: Annotated[
            Path,
            typer.Argument(
                metavar="FILE", help="A CSV file with a header: person, score, and where there are any wave and weight.", show_default=False
            ),
        ],
        format: FormatOption = None,
    ) -> None:
        """How far people say that they trust: weighted mean, margin, and change between waves."""
        from kring.kring import trust_survey

        show(trust_survey(answers), format_of(format))
