"""How long work says how far it is: whoever asked for it listens, and the work itself knows nobody.

A kernel in `graph` or `measures` says `told("distances", 3, 8)` between two of its steps. A verb that wants to hear it wraps the call in
`with listening(progress.step):`. Whoever raises in the listener (a cancelled job, a deadline) stops the work there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int | None], None]
"""Takes what is being done, how much of it is done, and of how much in all, where that is known."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def told(what: str, done: int, total: int | None = None) -> None:
    """Says how far the work is, from the thread that began it."""
    listener = _listener.get()
    if listener is not None:
        listener(what, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """While this lasts, `listener` hears what is told."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
