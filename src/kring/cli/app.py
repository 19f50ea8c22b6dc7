"""All commands together, and what happens when one of them fails."""

import errno
import os
import sys
from contextlib import suppress
from importlib.metadata import version
from typing import Annotated

import typer

from kring.cli import (
    audit,
    consent,
    doctor,
    export,
    forget,
    graph,
    import_,
    measure,
    network,
    new,
    people,
    person,
    places,
    posts,
    report,
    runs,
    search,
    sources,
    town,
    trust_survey,
    us,
)
from kring.cli.screen import complain
from kring.errors import CircleError, KringError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

app = typer.Typer(
    name="kring",
    help="Shows an organisation the circle of people around it, from conversations it owns or may read.",
    epilog="Start: kring new our-circle, cd our-circle, kring import EXPORT, kring report. All stays on this machine.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for module in (
    *(new, import_, sources, us),
    *(runs, posts, people, person, consent, forget, places, search),
    *(measure, trust_survey, report, network, graph, export, doctor, audit, town),
):
    module.add_to(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kring {version('kring')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Which Kring this is.", callback=_version, is_eager=True)] = False,
) -> None:
    """Shows an organisation the circle of people around it, from conversations it owns or may read."""


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
    except OSError as error:
        if error.errno not in _FULL:
            raise
        with suppress(OSError):  # what is still to be written can't be; without this Python tries once more when it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        complain(CircleError(f"The output can't be written: {error.strerror}.", next="Make room on the disk, or write somewhere else."))
        return CircleError.exit_code
