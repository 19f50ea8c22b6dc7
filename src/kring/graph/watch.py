"""How long work says how far it is: whoever asked for it listens, and the work itself knows nobody.

A kernel in `graph` or `measures` says `told("distances", 3, 8)` between two of its steps. A verb that wants to hear it wraps the call in
`with listening(progress.at):`. Whoever raises in the listener (a cancelled job) stops the work there, and so does a deadline.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int | None], None]
"""Takes what is being done, how much of it is done, and of how much in all, where that is known."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_end: ContextVar[float] = ContextVar("end", default=float("inf"))


class OutOfTime(Exception):
    """The deadline came before the work was done."""


def told(what: str, done: int, total: int | None = None) -> None:
    """Says how far the work is, from the thread that began it."""
    listener = _listener.get()
    if listener is not None:
        listener(what, done, total)
    if time.monotonic() > _end.get():
        raise OutOfTime


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """While this lasts, `listener` hears what is told."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def until(seconds: float) -> Iterator[None]:
    """While this lasts, the work that tells how far it is ends in `OutOfTime` after so many seconds; 0: never."""
    token = _end.set(time.monotonic() + seconds if seconds > 0 else float("inf"))
    try:
        yield
    finally:
        _end.reset(token)
