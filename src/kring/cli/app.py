"""All commands together, and what happens when one of them fails."""

import os
import sys

import typer

from kring.cli import doctor, export, import_, measure, network, new, people, places, posts, report, runs, search, sources, town, us
from kring.cli.screen import complain
from kring.errors import KringError

app = typer.Typer(
    name="kring",
    help="Shows an organisation the circle of people around it, from conversations it owns or may read.",
    epilog="Start: kring new our-circle, cd our-circle, kring import EXPORT, kring report. All stays on this machine.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for module in (new, import_, sources, us, runs, posts, people, places, search, measure, report, network, export, doctor, town):
    module.add_to(app)


def run(arguments: list[str]) -> int:
    """The exit code of a command line; a failure that Kring foresees is a sentence, not a trace."""
    try:
        result = app(arguments, standalone_mode=True)
        return int(result or 0)
    except KringError as error:
        complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output went away: `kring posts | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
