"""Three more mailing lists, each a small world with a truth of its own; their people are on none of the town's other lists or on two of these."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kring.town import correspondence, favours, hamlets
from kring.town.mailing_list import ListArchive, Name
from kring.town.sheet import Ints
from kring.town.world import World

LETTERS, HAMLETS, FAVOURS = Name("brievenclub", "brief", 13), Name("polderlijst", "polder", 14), Name("burenhulp", "hulp", 15)
SHARES, MOST = (0.35, 0.35, 0.3), (160, 120, 120)
"""Of those who write mail and are not on the village's list: how many are on each, and how many at most."""


@dataclass(frozen=True, slots=True)
class Clubs:
    """What is said on each, and the archive of each."""

    letters: correspondence.Letters
    hamlets: hamlets.Hamlets
    favours: favours.Favours
    archives: tuple[ListArchive, ...]
    """Of those where anything is said."""

    def write(self, folder: Path, progress: Callable[[str, int, int], None]) -> None:
        for archive in self.archives:
            archive.write(folder, progress)
        progress("clubs", 1, 1)


def plan(world: World) -> Clubs:
    """The three lists' two years."""
    letters, polder, help = _members(world)
    written, talked, helped = correspondence.plan(world, letters), hamlets.plan(world, polder), favours.plan(world, help)
    sheets = {LETTERS: written.sheet, HAMLETS: talked.sheet, FAVOURS: helped.sheet}
    archives = tuple(ListArchive(world, sheet, name) for name, sheet in sheets.items() if len(sheet))
    return Clubs(written, talked, helped, archives)


def _members(world: World) -> list[Ints]:
    """Who is on which list: those who are on little else first in the hamlets, which should touch nothing."""
    some = np.random.default_rng((world.seed, 13)).permutation(world.members(world.by_mail & ~world.on_list))
    elsewhere = (world.on_server | world.on_forum)[some]
    some = some[np.argsort(elsewhere, kind="stable")]
    n = [min(int(share * len(some)), most) for share, most in zip(SHARES, MOST)]
    return [np.sort(part) for part in (some[n[1] : n[1] + n[0]], some[: n[1]], some[n[1] + n[0] : sum(n)])]
