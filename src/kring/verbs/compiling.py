"""Says so when compiling a measure for this machine takes long: that happens once, and must not feel like hanging."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kring.verbs.progress import Progress

_SAID = "compiling for this machine: once, some ten seconds …"
_UNSAID_S = 1.0
"""What is compiled sooner, or read from where it is kept, is over before anybody wonders."""
_told = threading.Event()
"""Once in a process is enough."""


@contextmanager
def said(progress: Progress) -> Iterator[None]:
    """While it lasts, compiling that goes on for more than a second is said aloud, once."""
    from numba.core import event

    class Slow(event.Listener):  # type: ignore[misc]
        def __init__(self) -> None:
            self.under_way: list[threading.Timer] = []

        def on_start(self, _: Any) -> None:
            self.under_way.append(threading.Timer(_UNSAID_S, self.tell))
            self.under_way[-1].daemon = True
            self.under_way[-1].start()

        def on_end(self, _: Any) -> None:
            if self.under_way:
                self.under_way.pop().cancel()

        def tell(self) -> None:
            if not _told.is_set():
                _told.set()
                progress.say(_SAID)

    slow = Slow()
    try:
        with event.install_listener("numba:compile", slow):
            yield
    finally:
        while slow.under_way:
            slow.under_way.pop().cancel()
