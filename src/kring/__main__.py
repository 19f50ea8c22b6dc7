"""`python -m kring`: the same as `kring`."""

from kring.cli import main

main()
