"""The WhatsApp groups of some quarters as planned, and written as "Export chat" of iOS (in Dutch) and Android (in English) does.

Lines after real exports: system lines of iOS begin with an invisible left-to-right mark and stand under a name, those of Android don't.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from kring.town import clock
from kring.town.called import telephone
from kring.town.pack import write_zip
from kring.town.server import burst_times
from kring.town.sheet import Act, Draft, Ints, Rows
from kring.town.talk import N_SUBJECTS, Row, Talk, each
from kring.town.world import World

FIRST_NUMBER = 5
MOST_CHATS, MOST_MEMBERS = 6, 45
FESTIVAL = "Havenfeest"
ROOTS, REPLIES = 12.0, 1.6
EVERYDAY = (Act.REMARK, Act.ASK, Act.OFFER, Act.NEED, Act.JOKE)
SHARES = (0.4, 0.3, 0.1, 0.1, 0.1)
EMOJI = ("😀", "👍", "🙏", "😂", "🌷", "🚲", "☔", "🎉", "👍🏽", "🤷‍♀️")
SECOND_JOINS, FIRST_LEAVES = 0.3, 0.85
"""Where two members exported the same chat: share of the two years after which the second joined, and the first stopped."""
MARK = "\u200e"
ENCRYPTED = {
    True: "Berichten en gesprekken worden end-to-end versleuteld. "
    "Niemand buiten deze chat kan ze lezen of beluisteren, zelfs WhatsApp niet.",
    False: "Messages and calls are end-to-end encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them. "
    "Tap to learn more.",
}
OMITTED = ("afbeelding weggelaten", "video weggelaten", "audio weggelaten", "sticker weggelaten", "GIF weggelaten", "document weggelaten")


@dataclass(frozen=True, slots=True)
class Copy:
    """One member's export of a chat: the messages from `since` to `until`."""

    exporter: int
    since: int
    until: int
    path: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One group, all that is said in it, and who exported it."""

    number: int
    name: str
    quarter: int
    ios: bool
    members: Ints
    sheet: Rows
    copies: tuple[Copy, ...]
    telephones: Mapping[int, str]
    """The numbers of those whom the exporter's telephone doesn't know by name."""

    def called(self, world: World, person: int) -> str:
        """Somebody, as the export writes them."""
        return self.telephones.get(person) or world.called("whatsapp", person).name


def plan(world: World) -> list[Chat]:
    """The groups; a quarter with fewer than three people has none."""
    found = []
    for quarter in range(min(MOST_CHATS, world.n_quarters)):
        rng = np.random.default_rng((world.seed, 6, quarter))
        members = np.flatnonzero((world.quarter == quarter) & world.in_chats)
        members = np.sort(rng.permutation(members)[: MOST_MEMBERS - quarter * 4])
        if len(members) >= 3:
            found.append(_chat(rng, world, quarter, members))
    return _with_festival(world, found) if world.strengths["family_phone"] and len(found) > 1 else found


def _with_festival(world: World, found: list[Chat]) -> list[Chat]:
    """The second quarter's chat by number, and a festival's chat in which the same numbers write: some of them held by somebody else."""
    rng = np.random.default_rng((world.seed, 9))
    quarter = found[1]
    numbers = {int(person): telephone(k) for k, person in enumerate(rng.permutation(quarter.members).tolist())}
    others = np.setdiff1d(np.flatnonzero(world.quarter == quarter.quarter), quarter.members)
    holders = dict(numbers)
    for person, relative in zip(numbers, rng.permutation(others).tolist(), strict=False):
        if rng.random() < world.strengths["family_phone"]:
            holders[relative] = holders.pop(person)
    members = np.array(sorted(holders))
    exporter, file = int(members[0]), f"WhatsApp Chat with {FESTIVAL}.txt"
    copy = Copy(exporter, clock.SINCE, clock.UNTIL, f"{world.handle(exporter)}/{file}")
    said = _messages(rng, world, members)
    festival = Chat(FIRST_NUMBER + MOST_CHATS, FESTIVAL, quarter.quarter, False, members, said, (copy,), holders)
    return [found[0], replace(quarter, telephones=numbers), *found[2:], festival]


def _chat(rng: np.random.Generator, world: World, quarter: int, members: Ints) -> Chat:
    ios, name = "nl" in world.languages and quarter % 2 == 0, f"Buurtapp {world.quarter_name(quarter)}"
    length = clock.UNTIL - clock.SINCE
    spans = [(0.0, FIRST_LEAVES), (SECOND_JOINS, 1.0)] if quarter == 0 else [(0.0, 1.0)]
    exporters = rng.permutation(members)[: len(spans)].tolist()
    copies = []
    for exporter, (since, until) in zip(exporters, spans):
        file = f"WhatsApp Chat - {name}.zip" if ios else f"WhatsApp Chat with {name}.txt"
        times = (clock.SINCE + int(since * length), clock.SINCE + int(until * length))
        copies.append(Copy(exporter, *times, f"{world.handle(exporter)}/{file}"))
    return Chat(FIRST_NUMBER + quarter, name, quarter, ios, members, _messages(rng, world, members), tuple(copies), {})


def _messages(rng: np.random.Generator, world: World, members: Ints) -> Rows:
    draft, n = Draft(), int(ROOTS * len(members))
    eager = world.activity[members] / world.activity[members].sum()
    author, act = rng.choice(members, n, p=eager), rng.choice([int(a) for a in EVERYDAY], n, p=SHARES)
    at = np.maximum(clock.draw(rng, n, world.strengths["rhythm"]), clock.SINCE + 2 * clock.DAY_S)
    rows = draft.start(at, author, act, rng.integers(0, N_SUBJECTS, n), world.language[author], marked=(act == Act.ASK).astype(np.int64))
    parents = np.repeat(rows, rng.poisson(REPLIES, n))
    who = rng.choice(members, len(parents), p=eager)
    answers = np.where((draft[parents]["act"] == Act.ASK) & ~world.thankless[who], Act.ANSWER, Act.REPLY)
    other = who != draft[parents]["author"]
    replies = draft.under(parents[other], clock.later(rng, int(other.sum()), 240, 1.2, 5), who[other], answers[other])
    helps = replies[answers[other] == Act.ANSWER]
    grateful = helps[rng.random(len(helps)) < world.strengths["thanks"]]
    asker = draft[draft[grateful]["parent"]]["author"].astype(np.int64)
    draft.under(grateful, clock.later(rng, len(grateful), 300, 1.0, 5), asker, Act.THANKS)
    n_burst = round(2 * world.strengths["burst"] * len(members))
    who = rng.choice(members, n_burst)
    draft.start(burst_times(rng, n_burst), who, Act.BURST, rng.integers(0, N_SUBJECTS, n_burst), world.language[who])
    return draft.finish()


class ChatExport:
    """Writes the exports of one chat."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world, self.chat, self.talk = world, chat, Talk(world, chat.number)

    def write(self, folder: Path) -> None:
        for copy in self.chat.copies:
            path = folder / copy.path
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "".join(f"{line}\n" for line in self._lines(copy))
            if self.chat.ios:
                write_zip(path, {"_chat.txt": text})
            else:
                path.write_bytes(text.encode())

    def said(self, i: int, row: Row) -> str:
        """The words as they stand in the chat."""
        dice = self.talk.dice(i, 7)
        text = self.talk.text(i, row).replace("\n\n", "\n" if dice.chance(0.35) else " ")
        return f"{text} {dice.pick(EMOJI)}" if dice.chance(0.25) else text

    def stamp(self, at: int) -> str:
        """The local time to the precision of the export: seconds on iOS, minutes on Android."""
        return clock.local(at).isoformat(timespec="seconds" if self.chat.ios else "minutes")

    def kind(self, i: int, row: Row) -> str:
        """ "text", "media", "edited" or "deleted"; exporters delete nothing, as that reads differently for themselves."""
        die = self.talk.dice(i, 8).below(1000)
        if row.act not in (Act.REMARK, Act.REPLY) or die >= 80:
            return "text"
        exporter = row.author in [copy.exporter for copy in self.chat.copies]
        return "media" if die < 50 else "edited" if die < 65 or exporter else "deleted"

    def _lines(self, copy: Copy) -> Iterator[str]:
        yield from self._beginning(copy)
        for i, row in each(self.chat.sheet):
            if copy.since <= row.at < copy.until:
                yield self._line(row.at, self.chat.called(self.world, row.author), *self._content(i, row))

    def _content(self, i: int, row: Row) -> tuple[str, bool]:
        """What stands after the name, and whether it is the phone's own text."""
        ios = self.chat.ios
        match self.kind(i, row):
            case "media":
                return (self.talk.dice(i, 9).pick(OMITTED) if ios else "<Media omitted>"), True
            case "deleted":
                return ("Dit bericht is verwijderd." if ios else "This message was deleted"), True
            case "edited":
                return f"{self.said(i, row)} {MARK + '<Dit bericht is bewerkt>' if ios else '<This message was edited>'}", False
        return self.said(i, row), False

    def _beginning(self, copy: Copy) -> Iterator[str]:
        chat, world = self.chat, self.world
        first = chat.called(world, int(chat.members[0]))
        begun = max(copy.since, clock.SINCE + 9 * 3600)
        yield self._notice(begun, chat.name, ENCRYPTED[chat.ios])
        if copy.since > clock.SINCE:
            yield self._notice(begun, first, f"{first} heeft u toegevoegd" if chat.ios else f"{first} added you")
            return
        yield self._notice(begun, first, f"{first} heeft deze groep aangemaakt" if chat.ios else f'{first} created group "{chat.name}"')
        for k, member in enumerate(chat.members[1:].tolist()):
            name = chat.called(world, member)
            joined = "is deelnemer geworden via de uitnodigingslink van deze groep" if chat.ios else "joined using this group's invite link"
            yield self._notice(begun + 60 + 37 * k, name, f"{name} {joined}")

    def _notice(self, at: int, name: str, text: str) -> str:
        return self._line(at, name, text, True) if self.chat.ios else f"{_android(clock.local(at))} - {text}"

    def _line(self, at: int, name: str, text: str, own: bool) -> str:
        when = clock.local(at)
        if not self.chat.ios:
            return f"{_android(when)} - {name}: {text}"
        return f"{MARK if own else ''}[{when:%d-%m-%Y %H:%M:%S}] {name}: {MARK if own else ''}{text}"


def _android(when: datetime) -> str:
    return f"{when:%d/%m/%Y, %H:%M}"


def write_all(world: World, chats: list[Chat], folder: Path, progress: Callable[[str, int, int], None]) -> None:
    for done, chat in enumerate(chats):
        ChatExport(world, chat).write(folder)
        progress("whatsapp", done + 1, len(chats))
