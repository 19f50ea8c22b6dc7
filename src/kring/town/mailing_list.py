"""The town's public mailing list as planned; and a mailing list written as the mbox file of its archive."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kring.town import clock, hall, names
from kring.town.letters import Letter, Mailbox, write
from kring.town.sheet import HALL, Act, Draft, Ints, Rows
from kring.town.talk import N_SUBJECTS, each
from kring.town.world import World

ROOTS, REPLIES, ANSWERS, HALL_ASKS = 2.5, 1.3, 1.3, 0.3
"""New threads for each member; replies or answers for each; questions with the town hall in copy for each member."""
EVERYDAY = (Act.REMARK, Act.ASK, Act.OFFER, Act.NEED, Act.JOKE)
SHARES = (0.45, 0.25, 0.12, 0.12, 0.06)


def plan(world: World) -> Rows:
    """The list's two years."""
    rng, draft = np.random.default_rng((world.seed, 4)), Draft()
    members = world.members(world.on_list)
    eager = world.activity[members] / world.activity[members].sum()

    def friends(who: Ints) -> Ints:
        return world.friends.followers_of(rng, who, members)

    n = int(ROOTS * len(members))
    author, act = rng.choice(members, n, p=eager), rng.choice([int(a) for a in EVERYDAY], n, p=SHARES)
    marked = (act == Act.ASK).astype(np.int64)
    at = clock.draw(rng, n, world.strengths["rhythm"])
    rows = draft.start(at, author, act, rng.integers(0, N_SUBJECTS, n), world.language[author], marked=marked)
    asks = np.repeat(rows[act == Act.ASK], rng.poisson(ANSWERS, int(marked.sum())))
    helps = hall.help_with(rng, draft, asks, friends(draft[asks]["author"].astype(np.int64)), 20_000)
    questions = hall.questions(
        rng, draft, world, rng.choice(members, max(2, int(HALL_ASKS * len(members))), p=eager), n_subjects=N_SUBJECTS
    )
    helps = np.concatenate([helps, hall.resolve(rng, draft, world, questions, "list", friends, bots=False)])
    hall.thank(rng, draft, world, helps)
    _chat(rng, draft, rows[act != Act.ASK], friends)
    return draft.finish()


def _chat(rng: np.random.Generator, draft: Draft, rows: Ints, friends: Callable[[Ints], Ints]) -> None:
    """Friends reply, those who began reply back, friends of theirs join in."""
    parents = np.repeat(rows, rng.poisson(REPLIES, len(rows)))
    for share in (1.0, 0.4, 0.4):
        parents = parents[rng.random(len(parents)) < share]
        author = friends(draft[parents]["author"].astype(np.int64))
        began = draft[draft[parents]["root"]]["author"].astype(np.int64)
        author = np.where((rng.random(len(parents)) < 0.5) & (began != draft[parents]["author"]) & (share < 1), began, author)
        other = author != draft[parents]["author"]
        parents = draft.under(parents[other], clock.later(rng, int(other.sum()), 15_000), author[other], Act.REPLY)


class Name(NamedTuple):
    """What a list is called, in its addresses and in the ids of its mails; `number` is its own among the dice of `Talk`."""

    list: str
    mark: str
    number: int

    @property
    def mail(self) -> str:
        return f"{self.list}@{names.LISTS}"


VILLAGE = Name(names.LIST_NAME, "lijst", 3)


class ListArchive(Mailbox):
    """Writes the archive of a list."""

    def __init__(self, world: World, sheet: Rows, name: Name = VILLAGE) -> None:
        super().__init__(world, sheet, name.number, name.mark)
        self.name = name

    def write(self, folder: Path, progress: Callable[[str, int, int], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{self.name.list}.mbox").open("wb") as file:
            for i, row in each(self.sheet):
                question = self.sheet["act"][row.root] == Act.HALL_ASK
                cc = [self.address(HALL)] if row.act == Act.HALL_ASK else [self.address(row.to)] if question and row.to >= 0 else []
                letter = Letter(
                    sender=self.address(row.author),
                    to=[(self.name.list, self.name.mail)],
                    cc=cc,
                    subject=self._tagged(self.subject(row, i)),
                    at=row.at,
                    id=self.id(i),
                    above=self.above(row),
                    body=self.body(i, row, greeting=row.parent < 0),
                    more=self._list_headers(),
                )
                file.write(write(letter, self.talk.dice(i, 6)))
                progress("list" if self.name is VILLAGE else "clubs", i + 1, len(self.sheet))

    def _tagged(self, subject: str) -> str:
        re, title = ("Re: ", subject[4:]) if subject.startswith("Re: ") else ("", subject)
        return f"{re}[{self.name.list}] {title}"

    def _list_headers(self) -> list[tuple[str, str]]:
        name = self.name.list
        return [
            ("List-Id", f"{name.capitalize()} {names.TOWN} <{name}.{names.LISTS}>"),
            ("List-Archive", f"<https://{names.LISTS}/archief/{name}/>"),
            ("List-Post", f"<mailto:{self.name.mail}>"),
            ("Precedence", "list"),
        ]
