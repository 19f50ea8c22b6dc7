"""Says so when a measure is compiled for this machine: that happens once, and must not feel like hanging."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kring.verbs.progress import Progress

_SAID = "compiling for this machine: once, some ten seconds …"


@contextmanager
def said(progress: Progress) -> Iterator[None]:
    """While it lasts, the first compilation is said aloud; what is already compiled and kept on disk is not."""
    from numba.core import event

    class Once(event.Listener):  # type: ignore[misc]
        told = False

        def on_start(self, _: Any) -> None:
            if not self.told:
                self.told = True
                progress.say(_SAID)

        def on_end(self, _: Any) -> None:
            """Nothing to say."""

    with event.install_listener("numba:compile", Once()):
        yield
