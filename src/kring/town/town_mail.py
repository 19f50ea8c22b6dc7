"""The mail box of the town hall as planned, and written as an mbox file: what residents ask it, and what it answers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from kring.town import clock, hall
from kring.town.letters import Letter, Mailbox, write
from kring.town.sheet import BOT, HALL, Act, Draft, Look, Rows
from kring.town.talk import N_SUBJECTS, each
from kring.town.world import World

NUMBER = 4
ASKS, TOLD = 0.35, 0.08
"""Questions, and other messages, for each resident in two years."""


def plan(world: World) -> Rows:
    """Two years of mail; nobody else reads it."""
    rng, draft = np.random.default_rng((world.seed, 5)), Draft()
    writers = world.members(world.by_mail)
    asker = writers[rng.integers(0, len(writers), max(4, int(ASKS * len(writers))))]
    questions = hall.questions(rng, draft, world, asker, n_subjects=N_SUBJECTS, look=int(Look.DIRECT))
    hall.resolve(rng, draft, world, questions, "mail", None, bots=True)
    for act, n in ((Act.TOLD, int(TOLD * len(writers))), (Act.TRAP, round(world.strengths["traps"] * len(questions)))):
        author = writers[rng.integers(0, len(writers), n)]
        at = clock.draw(rng, n, world.strengths["rhythm"])
        draft.start(at, author, act, rng.integers(0, N_SUBJECTS, n), world.language[author], to=HALL, look=int(Look.DIRECT))
    return draft.finish()


class TownMail(Mailbox):
    """Writes the mail box."""

    def __init__(self, world: World, sheet: Rows) -> None:
        super().__init__(world, sheet, NUMBER, "post")

    def write(self, folder: Path, progress: Callable[[str, int, int], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "town-hall.mbox").open("wb") as file:
            for i, row in each(self.sheet):
                to = row.to if row.author < 0 else HALL
                letter = Letter(
                    sender=self.address(row.author), to=[self.address(to)], cc=[], subject=self.subject(row, i), at=row.at, id=self.id(i),
                    above=self.above(row), body=self.body(i, row, greeting=row.parent < 0),
                    more=[("Auto-Submitted", "auto-replied")] if row.author == BOT else [],
                )  # fmt: skip
                file.write(write(letter, self.talk.dice(i, 6)))
                progress("mail", i + 1, len(self.sheet))
