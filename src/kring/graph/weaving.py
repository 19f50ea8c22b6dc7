"""From pairs to a graph on disk, in bounded memory: pairs are kept, dealt into buckets, and each bucket becomes rows of the graph.

All of it happens in a folder `g.building` beside the place of the graph. Pairs and buckets stay in memory while there is room; else they lie
in that folder, and `state.json` says how far the work is: a build that was killed goes on from there with the same command. What was half
done then is done again, on files cut back to where they were.

    pairs                         uint32[m, 2], in the order in which they came, by provisional numbers
    dealt_targets, dealt_keys     part after part of the pairs, each in the order of its buckets
    graph/                        the arrays of the graph as they grow; moved to its place at the end
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import msgspec
import numpy as np

from kring.errors import GraphError
from kring.graph.buckets import Dealt, Plan, Rank, Rows, Ties, deal, rows_of, sorted_rows
from kring.graph.folder import arrays_of_ids, cut_array, finish, settle, sync, write_array
from kring.graph.kept import DealtOut, Kept, pairs_at
from kring.graph.manifest import Manifest
from kring.graph.numbering import Settled
from kring.graph.threads import each, n_threads
from kring.graph.watch import told

_STATE, _LOCK, _RANK = "state.json", "lock", "rank.npy"
_PER_PAIR = 28
"""Bytes for each pair while all of it happens in memory: itself 8, dealt out twice 6, and room to sort and write."""
_PER_DEALT, _PER_ARC = 24, 28
"""Bytes for each pair while it is dealt out, and for each arc while its bucket is sorted, on the way through the disk."""
_SAFE_S = 20.0
"""So often what is done is made safe on the disk: that long can a build be set back."""
_TOGETHER = 16
"""Buckets woven by each thread before their rows are written."""
_FEWEST, _MOST = 1 << 16, 1 << 24
"""Pairs dealt out at a time on the way through the disk."""


class State(msgspec.Struct):
    """How far a build is. `request` tells what was asked for: another request begins anew."""

    request: str
    about: Manifest | None = None
    """All that is known of the graph once its pairs are read and lie on disk."""
    ties: Ties = "directed"
    pairs: str = ""
    skip: int = 0
    n_pairs: int = 0
    high: int = 0
    gap: int = 0
    part: int = 0
    """Pairs dealt out at a time."""
    starts: list[list[int]] = []
    """Where the buckets of each part begin."""
    n_loops: int = 0
    buckets: int = 0
    """How many are woven."""
    n_arcs: int = 0
    repeats: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """What is known when all pairs are read."""

    settled: Settled
    ties: Ties
    about: Manifest


def weave(
    path: Path, request: str, read: Callable[[Kept], Read], *, times: bool = False, memory: int, threads: int = 0, part: int = 0
) -> Manifest:
    """Builds a graph in a folder.

    Takes   its place, where nothing lies that may not be replaced; what was asked for, in words that differ where anything does; what reads the
            pairs (not called where a killed build has read them); `times`: how often each tie was given is its weight, unless that is
            once for all.
    Gives   what the manifest says.
    Costs   so much memory (in bytes) at most, unless the ties of 2^15 people alone need more; on disk up to 20 bytes a pair, 28 where
            ties go both ways, and the graph.
    Fails   GraphError where somebody is at it already, or the disk says no.
    """
    folder = path.parent / f"{path.name}.building"
    with _locked(folder, path):
        state = _begun(folder, request)
        build = _Build(folder, state, times, memory, n_threads(threads))
        manifest = build.woven(read, part)
        settle(folder / "graph", path)
        shutil.rmtree(folder, ignore_errors=True)
    return manifest


@contextmanager
def _locked(folder: Path, path: Path) -> Iterator[None]:
    """Nobody else builds this graph meanwhile; the lock of a killed build is gone with it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("ab") as stream:
            _lock(stream.fileno(), path)
            yield
    except OSError as error:
        raise GraphError(
            f"The graph can't be built in {path}: {error.strerror or error}.",
            next="Make room or choose another place, and give the command again: it goes on where it stopped.",
        ) from error


def _lock(descriptor: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: two at once are not told apart there
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise GraphError(f"Another program builds {path} at this moment.", next="Wait until it is done.") from None


def _begun(folder: Path, request: str) -> State:
    """The state of a killed build of the same, else a new one in an empty folder."""
    with suppress(FileNotFoundError, msgspec.MsgspecError):
        state = msgspec.json.decode((folder / _STATE).read_bytes(), type=State)
        if state.request == request and state.about is not None:
            return state
    for each_file in folder.iterdir():
        if each_file.is_dir():
            shutil.rmtree(each_file)
        elif each_file.name != _LOCK:
            each_file.unlink()
    (folder / "graph").mkdir()
    return State(request)


class _Build:
    """One build under way."""

    def __init__(self, folder: Path, state: State, times: bool, memory: int, threads: int) -> None:
        self.folder, self.state, self.times, self.memory, self.threads = folder, state, times, memory, threads
        self.graph = folder / "graph"
        self.safe_at = monotonic()
        self.rank = Rank()

    def woven(self, read: Callable[[Kept], Read], part: int) -> Manifest:
        """All steps that are still to do."""
        state = self.state
        if state.about is None:
            kept = Kept(self.folder / "pairs", self.memory // _PER_PAIR)
            self._take(read(kept), kept, part)
            if not kept.on_disk:
                self._weave_in_memory(kept)
                return self._finished()
        elif (self.folder / _RANK).exists():
            self.rank = Rank(np.load(self.folder / _RANK), state.high, state.gap)
        self._weave_from_disk(self._deal_to_disk())
        return self._finished()

    def _take(self, done: Read, kept: Kept, part: int) -> None:
        """What was read is known from here on; where the pairs lie on disk, also to another who goes on."""
        kept.close()
        state, settled = self.state, done.settled
        self.rank = settled.rank
        for name, array in arrays_of_ids(settled.ids):
            write_array(self.graph, name, array)
        state.about = msgspec.structs.replace(done.about, n=settled.n, directed=done.ties == "directed")
        state.ties, state.n_pairs = done.ties, kept.n
        if kept.on_disk:
            state.pairs, state.skip, state.high, state.gap = str(kept.file), kept.skip, settled.rank.high, settled.rank.gap
            state.part = part or max(_FEWEST, min(_MOST, self.memory // (2 * _PER_DEALT * self.threads)))
            if len(self.rank.node):
                np.save(self.folder / _RANK, self.rank.node)
            self._safe(now=True)

    @property
    def plan(self) -> Plan:
        """How the pairs are dealt out."""
        assert self.state.about is not None
        return Plan(self.state.about.n, self.state.n_pairs, self.state.ties, self.rank)

    def _weave_in_memory(self, kept: Kept) -> None:
        plan, blocks = self.plan, kept.blocks()

        def dealt_out(k: int) -> Dealt:
            block = blocks[k]
            blocks[k] = block[:0]
            return deal(block, plan)

        parts = each(dealt_out, len(blocks), self.threads, what="sorting pairs")
        self.state.n_loops = sum(part.n_loops for part in parts)
        arcs = sum(len(part.targets) for part in parts)
        self._weave(lambda bucket: rows_of(parts, plan, bucket, times=self.times), lambda bucket: arcs // max(plan.buckets, 1))

    def _deal_to_disk(self) -> DealtOut:
        state, plan = self.state, self.plan
        dealt = DealtOut(self.folder, state.starts)
        if state.buckets:
            return dealt
        while (first := len(state.starts) * state.part) < state.n_pairs:
            told("sorting pairs", first, state.n_pairs)
            todo = range(first, min(first + self.threads * state.part, state.n_pairs), state.part)

            def dealt_out(k: int, todo: range = todo) -> Dealt:
                some = min(state.part, state.n_pairs - todo[k])
                return deal(pairs_at(Path(state.pairs), state.skip, todo[k], some), plan)

            parts = each(dealt_out, len(todo), self.threads)
            dealt.add(parts)
            state.starts = dealt.starts
            state.n_loops += sum(part.n_loops for part in parts)
            self._safe()
        return dealt

    def _weave_from_disk(self, dealt: DealtOut) -> None:
        plan = self.plan
        self._safe(now=True)
        (self.folder / "pairs").unlink(missing_ok=True)
        self._weave(lambda bucket: sorted_rows(*dealt.bucket(bucket), plan, bucket, times=self.times), dealt.arcs)

    def _weave(self, rows: Callable[[int], Rows], arcs: Callable[[int], int]) -> None:
        """Bucket after bucket, as many together as threads and memory allow, onto the end of the arrays."""
        state, buckets = self.state, self.plan.buckets
        cut_array(self.graph, "targets", state.n_arcs)
        if self.times:
            cut_array(self.graph, "weights", state.n_arcs)
        first_node = min(state.buckets << self.plan.bits, self.plan.n)
        cut_array(self.graph, "offsets", first_node + 1 if state.buckets else 0)
        if not state.buckets:
            write_array(self.graph, "offsets", np.zeros(1, np.int64))
        while state.buckets < buckets:
            told("weaving", state.buckets, buckets)
            some, room = 0, self.memory // 2
            while some < _TOGETHER * self.threads and state.buckets + some < buckets:
                room -= _PER_ARC * arcs(state.buckets + some)
                if room < 0 and some:
                    break
                some += 1
            begin = state.buckets
            self._append(each(lambda k, begin=begin: rows(begin + k), some, self.threads))  # type: ignore[misc]
            state.buckets += some
            self._safe()
        told("weaving", buckets, buckets)

    def _append(self, rows: Sequence[Rows]) -> None:
        state = self.state
        offsets = []
        for one in rows:
            offsets.append(state.n_arcs + np.cumsum(one.degree))
            state.n_arcs += len(one.targets)
            state.repeats += one.repeats
            state.most = max(state.most, one.most)
        write_array(self.graph, "offsets", *offsets)
        write_array(self.graph, "targets", *(one.targets for one in rows))
        if self.times:
            write_array(self.graph, "weights", *(one.times for one in rows))

    def _finished(self) -> Manifest:
        state, about = self.state, self.state.about
        assert about is not None
        if state.most <= 1:
            (self.graph / "weights").unlink(missing_ok=True)
        n_duplicates = state.repeats // 2 if state.ties == "undirected" else state.repeats
        return finish(self.graph, msgspec.structs.replace(about, n_arcs=state.n_arcs, n_loops=state.n_loops, n_duplicates=n_duplicates))

    def _safe(self, *, now: bool = False) -> None:
        """Every so often: what is done is on the disk, and then the state that says so."""
        if not self.state.pairs or (not now and monotonic() - self.safe_at < _SAFE_S):
            return
        for file in (*self.folder.iterdir(), *self.graph.iterdir()):
            if file.is_file():
                sync(file)
        new = self.folder / f"{_STATE}.new"
        new.write_bytes(msgspec.json.encode(self.state))
        sync(new)
        os.replace(new, self.folder / _STATE)
        self.safe_at = monotonic()
