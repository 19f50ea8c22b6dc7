"""Work on pieces of a graph by several threads: kernels that let go of Python's lock (`nogil`), results in the order of the pieces.

What a piece gives never depends on which thread did it, or when; so the same seed gives the same bits whatever the number of threads.
"""

import os
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from kring.graph.watch import told

S = TypeVar("S")
T = TypeVar("T")
PIECES = 64
"""Into how many pieces work on all nodes goes, whatever the number of threads: enough that no thread waits long for the last."""
_WORTH = 1 << 16
"""Nodes and arcs below which a piece is not worth a thread."""
_LISTEN_S = 0.5


def n_threads(wanted: int = 0) -> int:
    """How many threads to work with: as many as wanted, or as there are processors for this program."""
    if wanted > 0:
        return wanted
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def borders(offsets: NDArray[np.int64], pieces: int) -> NDArray[np.int64]:
    """int64[k + 1]: where pieces of consecutive nodes begin and end, each about as much work (its nodes plus its arcs); at most `pieces`."""
    n = len(offsets) - 1
    work = n + int(offsets[-1])
    wanted = (work * k // max(1, pieces) for k in range(1, max(1, pieces)))
    return np.unique([0, *(bisect_left(range(n + 1), border, key=lambda node: node + int(offsets[node])) for border in wanted), n]).astype(
        np.int64
    )


def few_borders(offsets: NDArray[np.int64], pieces: int) -> NDArray[np.int64]:
    """`borders`, but in so few pieces that each is worth a thread."""
    return borders(offsets, min(pieces, 1 + (int(offsets[-1]) + len(offsets)) // _WORTH))


def over_nodes(offsets: NDArray[np.int64], work: Callable[[int, int], T], threads: int = 0, *, what: str = "") -> list[T]:
    """What `work(begin, end)` gives for pieces of consecutive nodes, in order: the same pieces whatever the number of threads."""
    cut = few_borders(offsets, PIECES).tolist()
    return each(lambda k: work(cut[k], cut[k + 1]), len(cut) - 1, threads, what=what)


class Scratch(Generic[T]):
    """Arrays that pieces of work borrow one after another, so that there are no more of them than threads.

    Which piece had which is chance: give back clean what must be clean, and gather in it only what comes out the same in any order.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._free: SimpleQueue[T] = SimpleQueue()
        self.all: list[T] = []

    @contextmanager
    def lent(self) -> Iterator[T]:
        """One of them, for as long as this lasts."""
        try:
            one = self._free.get_nowait()
        except Empty:
            one = self._make()
            self.all.append(one)
        try:
            yield one
        finally:
            self._free.put(one)


def each(work: Callable[[int], T], pieces: int, threads: int = 0, *, what: str = "") -> list[T]:
    """What `work(k)` gives for each piece k, in order; `what`: tell under this name how many are done.

    Fails   with whatever `work` fails with, or the listener; pieces that were not begun are left.
    """
    if n_threads(threads) == 1 or pieces <= 1:
        return [_alone(work, k, pieces, what) for k in range(pieces)]
    with ThreadPoolExecutor(n_threads(threads)) as pool:
        given: dict[int, T] = {}
        numbers = iter(range(pieces))
        waiting = {pool.submit(work, k): k for k in islice(numbers, 2 * n_threads(threads))}
        try:
            while waiting:
                done, _ = wait(waiting, _LISTEN_S, FIRST_COMPLETED)
                for future in done:
                    given[waiting.pop(future)] = future.result()
                waiting |= {pool.submit(work, k): k for k in islice(numbers, len(done))}
                if what:
                    told(what, len(given), pieces)
            return [given[k] for k in range(pieces)]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _alone(work: Callable[[int], T], k: int, pieces: int, what: str) -> T:
    given = work(k)
    if what:
        told(what, k + 1, pieces)
    return given


def streamed(work: Callable[[S], T], items: Iterable[S], threads: int = 0) -> Iterator[T]:
    """What `work` gives for each item, in order, while only a few items are there at a time.

    Fails   with whatever `work` or the items fail with, when it is that one's turn.
    """
    if n_threads(threads) == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(n_threads(threads)) as pool:
        waiting: deque[Future[T]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > 2 * n_threads(threads):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
