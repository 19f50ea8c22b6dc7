"""The fictional town: a world whose truth is known, written out as the exports that networks give their users. Imports nothing of Kring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kring.town import (
    chats,
    clubs,
    everything,
    forum,
    mailing_list,
    mastodon,
    names,
    server,
    strengths,
    tables,
    talk,
    town_mail,
    truth,
    vouches,
    world,
)

FEWEST_PEOPLE, MOST_PEOPLE = 10, 1_000_000
README = """THIS TOWN IS FICTIONAL

{town} does not exist. Its {people:,} people, what they say, whom they know and what they think were made up by a
program (seed {seed}). All addresses end in .example, which nobody can own.

exports/    their conversations, in the form in which networks give people their own data:
            mastodon/   archives of the town hall and of {archives:,} of the {accounts:,} people on the town's own server,
                        each with the list of followed accounts that is exported apart{capped}
            forum/      the town's question-and-answer site as a Stack Exchange data dump, whole
            list/       the public mailing list, whole
            mail/       the mail box of the town hall
            whatsapp/   some neighbourhood groups, each in a folder named after the member who exported it
            clubs/      three more public lists, whole: a letters club, two hamlets in the polder, neighbours who help each other
            vouches/    who vouches for whom on the town's server, as a table
networks/   what a researcher would have gathered: who follows whom, and all ratings, good and bad
labels/     a researcher's lists of who holds which opinion, lives where, or is trusted to begin with
truth.json  what is true of this town: who belongs where, who holds which opinion, which questions were answered,
            by whom and how late, and how strong each planted effect is. Reading it is cheating.

In this town we are "{hall}".
"""


@dataclass(frozen=True, slots=True)
class Town:
    """What was built, and where."""

    folder: Path
    name: str
    people: int
    posts: int
    """Posts and messages that stand in the exports."""
    us: tuple[str, ...]
    """The town hall's own accounts: address on the server, number on the forum, mail address."""

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def truth(self) -> Path:
        return self.folder / "truth.json"


def build(
    folder: Path,
    *,
    people: int = 2000,
    seed: int = 7,
    languages: tuple[str, ...] = talk.LANGUAGES,
    strengths: Mapping[str, float] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Town:
    """Builds the town in `folder`, which is made if need be; the same arguments give the same files, byte for byte.

    `strengths` are the planted effects by name, see `strengths.py`; 0 takes an effect away. `progress` is told the part, how much of it is
    done and how much there is.
    """
    made = _world(people, seed, languages, strengths)
    tell = progress or (lambda part, done, total: None)
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    archives = mastodon.Archives(made, server.plan(made))
    dump = forum.Dump(made, forum.plan(made))
    the_list = mailing_list.ListArchive(made, mailing_list.plan(made))
    mail = town_mail.TownMail(made, town_mail.plan(made))
    groups = chats.plan(made)
    town = everything.Everything(made, archives, dump, the_list, mail, groups, clubs.plan(made), vouches.plan(made))
    (folder / "README.txt").write_text(_readme(town), encoding="utf-8")
    archives.write(folder / "exports" / "mastodon", tell)
    dump.write(folder / "exports" / "forum", tell)
    the_list.write(folder / "exports" / "list", tell)
    mail.write(folder / "exports" / "mail", tell)
    chats.write_all(made, groups, folder / "exports" / "whatsapp", tell)
    town.clubs.write(folder / "exports" / "clubs", tell)
    tables.write(folder, town)
    truth.write(folder / "truth.json", town)
    tell("truth", 1, 1)
    us = (archives.account(-1), str(forum.HALL_USER), names.HALL_MAIL)
    return Town(folder, names.TOWN, people, everything.n_in_exports(town), us)


def _world(people: int, seed: int, languages: tuple[str, ...], given: Mapping[str, float] | None) -> world.World:
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE:
        raise ValueError(f"A town of {people} people can't be built: give a number from {FEWEST_PEOPLE} to {MOST_PEOPLE:,}.")
    if not languages or len(set(languages)) < len(languages) or set(languages) - set(talk.LANGUAGES):
        raise ValueError(f"The town can't speak {', '.join(languages) or 'nothing'}. It knows: {', '.join(talk.LANGUAGES)}, each once.")
    if seed < 0:
        raise ValueError(f"The seed can't be {seed}: give 0 or more.")
    return world.make(people, seed, languages, strengths.complete(given))


def _readme(town: everything.Everything) -> str:
    archives, accounts = len(town.archives.donors), int(town.world.on_server.sum())
    capped = "\n                        (the server holds no more accounts; in a town this large people talk on forum, list and by mail)"
    return README.format(
        town=names.TOWN, people=town.world.n, seed=town.world.seed, hall=names.HALL_NAME, archives=archives, accounts=accounts,
        capped=capped if town.world.n * world.ON_SERVER > world.MOST_ON_SERVER else "",
    )  # fmt: skip
