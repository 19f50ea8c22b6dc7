"""What researchers would have beside the exports: whole networks as lists of ties, and lists of who is what; and a table of vouches to import."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from kring.town import names
from kring.town.everything import Everything
from kring.town.vouches import fake_handle


def account(town: Everything, person: int) -> str:
    """Somebody of the server as networks and lists name him; a number after the last resident's is a fake account's."""
    handle = town.archives.handle(person) if person < town.world.n else fake_handle(person - town.world.n)
    return f"mastodon:{handle}@{names.SOCIAL}"


def write(folder: Path, town: Everything) -> None:
    """The networks and lists, and the vouches as an export of their own; no vouches, no files of them."""
    _networks(folder / "networks", town)
    _labels(folder / "labels", town)
    if len(town.vouches.at):
        vouched = (row for row in _ratings(town) if int(row[2]) > 0)
        rows = ((source, target, "vouch", at) for source, target, _, at in vouched)
        _write(folder / "exports" / "vouches" / "vouches.csv", "source,target,kind,at", rows)


def _networks(folder: Path, town: Everything) -> None:
    ties = town.world.all_follows
    pairs = zip(ties.source.tolist(), ties.target.tolist())
    _write(folder / "follows.csv", "source,target", ((account(town, one), account(town, other)) for one, other in pairs))
    if len(town.vouches.at):
        _write(folder / "vouches.csv", "source,target,rating,time", _ratings(town))


def _ratings(town: Everything) -> Iterator[tuple[str, ...]]:
    said = town.vouches
    for source, target, rating, at in zip(said.source.tolist(), said.target.tolist(), said.rating.tolist(), said.at.tolist()):
        yield account(town, source), account(town, target), str(rating), datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _labels(folder: Path, town: Everything) -> None:
    world = town.world
    members = world.members(world.on_server).tolist()
    for name, held in (("opinion", world.opinion), ("minority", world.minority)):
        _write(folder / f"{name}.csv", f"id,{name}", ((account(town, p), "yes" if held[p] else "no") for p in members))
    _write(folder / "quarter.csv", "id,quarter", ((account(town, p), world.quarter_name(int(world.quarter[p]))) for p in members))
    for topic, tag in enumerate(names.TAGS):
        camp = world.camp[topic]
        if names.DIVIDED[topic]:
            _write(folder / f"{tag}.csv", "id,camp", ((account(town, p), "ab"[camp[p]]) for p in np.flatnonzero(camp >= 0).tolist()))
    if len(town.vouches.pre_trusted):
        trusted = ((account(town, p),) for p in town.vouches.pre_trusted.tolist())
        _write(folder / "pre-trusted.csv", "id", trusted)


def _write(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header + "\n")
        file.writelines(",".join(row) + "\n" for row in rows)
