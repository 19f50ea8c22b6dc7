"""The command line: one file for each command, no logic; what they share stands in `options` and `screen`."""

import io
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `kring`; ends the process with 0, or with the exit code of the error (see `kring.errors`)."""
    from kring.cli.app import run

    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal or a file name may not know every letter that people write
        sys.stdout.reconfigure(errors="backslashreplace")

    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))
