"""How a verb says how far it is: the command line draws it, a page shows it, a script may ignore it."""


class Progress:
    """Says nothing; a user interface makes its own with the same two methods."""

    def say(self, text: str) -> None:
        """A sentence to the user."""

    def at(self, what: str, done: int, total: int | None = None) -> None:
        """How much of `what` is done; `total` where it is known."""


SILENT = Progress()
