"""Everything the town is, for the files that tell the truth about it."""

from dataclasses import dataclass

import numpy as np

from kring.town import chats, clubs, forum, letters, mastodon, vouches
from kring.town.sheet import BOT, HALL, NOBODY, Act, Rows
from kring.town.world import Flags, World

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Everything:
    """The world and all that is said in it."""

    world: World
    archives: mastodon.Archives
    dump: forum.Dump
    the_list: letters.Mailbox
    mail: letters.Mailbox
    chats: list[chats.Chat]
    clubs: clubs.Clubs
    vouches: vouches.Vouches

    @property
    def server(self) -> Rows:
        return self.archives.server.sheet

    def shown(self, sheet: Rows) -> Flags:
        """Which rows stand in an export: on the server, only what donors, the town hall and its bot wrote."""
        if sheet is not self.server:
            return np.ones(len(sheet), bool)
        donor = np.zeros(self.world.n, bool)
        donor[self.archives.donors] = True
        shown: Flags = donor[sheet["author"]] | (sheet["author"] < 0)
        return shown


def n_in_exports(town: Everything) -> int:
    """Posts and messages, boosts left out, that stand in an export; those in two copies of a chat count once."""
    return sum(int((town.shown(sheet) & (sheet["act"] != Act.BOOST)).sum()) for sheet in sheets(town).values())


def person_id(person: int) -> str:
    """A resident's name in `truth.json`."""
    return {HALL: "town-hall", BOT: "bot", NOBODY: ""}.get(person) or f"p{person}"


def sheets(town: Everything) -> dict[str, Rows]:
    said = [chat.sheet for chat in town.chats]
    everything = {"mastodon": town.server, "forum": town.dump.forum.sheet, "list": town.the_list.sheet, "mail": town.mail.sheet}
    everything |= {archive.name.list: archive.sheet for archive in town.clubs.archives}
    return everything | ({"whatsapp": np.concatenate(said)} if said else {})


def share(flags: Flags) -> float | None:
    return float(flags.mean()) if len(flags) else None
