"""Turns a planned row into words; the same row always gives the same words, so nothing need be remembered."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from kring.town import clock, names, phrases_en, phrases_nl, subjects_en, subjects_nl
from kring.town.grammar import Phrases, Subject
from kring.town.sheet import Act, Rows
from kring.town.world import World

T = TypeVar("T")
PHRASES: dict[str, Phrases] = {"nl": phrases_nl.PHRASES, "en": phrases_en.PHRASES}
SUBJECTS: dict[str, tuple[Subject, ...]] = {"nl": subjects_nl.SUBJECTS, "en": subjects_en.SUBJECTS}
LANGUAGES = tuple(PHRASES)
N_SUBJECTS = len(subjects_nl.SUBJECTS)
_64 = 0xFFFF_FFFF_FFFF_FFFF


class Dice:
    """A small random number generator that is cheap to begin anew for every post (constants of Knuth's MMIX, and of splitmix64 to stir)."""

    __slots__ = ("state",)

    def __init__(self, *seeds: int) -> None:
        state = 0
        for seed in seeds:
            state = ((state ^ seed) * 0xBF58476D1CE4E5B9 + 0x9E3779B97F4A7C15) & _64
            state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _64
            state ^= state >> 31
        self.state = state

    def below(self, n: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & _64
        return ((self.state >> 32) * n) >> 32

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def chance(self, share: float) -> bool:
        return self.below(1_000_000) < share * 1_000_000


class Row(NamedTuple):
    """A row of the sheet, as `tolist` gives it."""

    at: int
    author: int
    to: int
    parent: int
    root: int
    act: int
    subject: int
    language: int
    look: int
    topic: int
    side: int
    marked: bool


def each(sheet: Rows, chunk: int = 10_000) -> Iterator[tuple[int, Row]]:
    """The rows with their numbers, a chunk in memory at a time."""
    for start in range(0, len(sheet), chunk):
        for i, row in enumerate(sheet[start : start + chunk].tolist(), start):
            yield i, Row._make(row)


def row_of(sheet: Rows, i: int) -> Row:
    return Row._make(sheet[i].item())


class Slots:
    """What goes into the braces of a sentence, drawn when asked for."""

    def __init__(self, dice: Dice, phrases: Phrases, n_quarters: int, tag: str, name: str) -> None:
        self.dice, self.phrases, self.n_quarters, self.tag, self.name = dice, phrases, n_quarters, tag, name

    def __getitem__(self, slot: str) -> str:
        dice, phrases = self.dice, self.phrases
        match slot:
            case "street" | "at_street":
                preposition, article, street = dice.pick(names.STREETS)
                return str(getattr(phrases, slot)).format(preposition=preposition, article=article, street=street)
            case "day":
                return dice.pick(phrases.days)
            case "month":
                return dice.pick(phrases.months)
            case "date":
                return f"{1 + dice.below(28)} {dice.pick(phrases.months)}"
            case "time":
                return phrases.time.format(hour=8 + dice.below(14), minute=15 * dice.below(4))
            case "number":
                return str(2 + dice.below(8))
            case "quarter":
                return names.QUARTERS[dice.below(self.n_quarters)]
            case "name":
                return self.name or dice.pick(names.GIVEN)
            case "tag":
                return self.tag
        raise KeyError(slot)


class Talk:
    """What is said in one network; `number` keeps networks from saying the same things, `long` is for mail and forum."""

    def __init__(self, world: World, number: int, long: bool = False) -> None:
        self.world, self.number, self.long = world, number, long

    def dice(self, i: int, purpose: int = 0) -> Dice:
        return Dice(self.world.seed, self.number, i, purpose)

    def language(self, row: Row) -> str:
        return self.world.languages[row.language]

    def phrases(self, row: Row) -> Phrases:
        return PHRASES[self.language(row)]

    def subject(self, row: Row) -> Subject:
        return SUBJECTS[self.language(row)][row.subject]

    def tag(self, subject: int) -> str:
        """The hashtag of a subject: the same in all languages."""
        return SUBJECTS[self.world.languages[0]][subject].tag

    def text(self, i: int, row: Row) -> str:
        """The words of a post; paragraphs apart by an empty line."""
        dice, phrases, subject = self.dice(i), self.phrases(row), self.subject(row)
        name = names.GIVEN[self.world.given[row.to]] if row.act == Act.THANKS and row.to >= 0 else ""
        slots = Slots(dice, phrases, self.world.n_quarters, subject.tag, name)
        paragraphs = [" ".join(s for s in part if s).format_map(slots) for part in self._parts(dice, phrases, subject, row)]
        if row.act in (Act.ASK, Act.HALL_ASK):
            paragraphs[1] = f"{paragraphs[1]} {self.question(i, row)}".strip()
        return "\n\n".join(_capital(p) for p in paragraphs if p)

    def question(self, i: int, row: Row) -> str:
        """The question itself, of a post that asks one; also the title where a network wants one."""
        dice, phrases, subject = self.dice(i, 4), self.phrases(row), self.subject(row)
        slots = Slots(dice, phrases, self.world.n_quarters, "", "")
        if row.marked:
            return dice.pick(subject.asks).format_map(slots)
        return f"{dice.pick(phrases.wonder_openings)} {dice.pick(subject.wonders)}.".format_map(slots)

    def title(self, i: int, row: Row) -> str:
        """The subject line of a conversation; no question mark in it."""
        dice = self.dice(i, 1)
        slots = Slots(dice, self.phrases(row), self.world.n_quarters, "", "")
        return (dice.pick(self.subject(row).titles) + dice.pick(("", "", " {at_street}", ", {quarter}"))).format_map(slots)

    def _parts(self, dice: Dice, phrases: Phrases, subject: Subject, row: Row) -> list[list[str]]:
        p = dice.pick
        match row.act:
            case Act.ASK | Act.HALL_ASK:
                context = [p(subject.remarks)] if self.long else []
                return [context, [p(phrases.ask_openings)] if row.marked else [], [p(phrases.ask_closings)] if self.long else []]
            case Act.ANSWER:
                return [[p(phrases.answer_openings), p(subject.answers)], [p(phrases.answer_closings)]]
            case Act.HALL_ANSWER:
                return [[p(phrases.hall_openings), p(subject.answers)], [p(phrases.hall_closings)]]
            case Act.THANKS:
                return [[p(phrases.thanks), p(phrases.thanks_tails)]]
            case Act.REPLY:
                return [[p(phrases.replies), p(phrases.reply_tails if dice.chance(0.4) else subject.remarks)]]
            case Act.AGREE | Act.DISAGREE:
                said = phrases.agree if row.act == Act.AGREE else phrases.disagree
                return [[p(said), p(_side(phrases, row)) if dice.chance(0.7) else ""]]
            case Act.TOPIC:
                return [[p(phrases.topic_openings), p(_side(phrases, row))]]
            case Act.NEWS if row.topic >= 0:
                return [[p(phrases.hall_burst)]]
        told = [p(_sentences(phrases, subject, row.act))]
        tails = {
            Act.REMARK: phrases.remark_tails,
            Act.BURST: phrases.remark_tails,
            Act.OFFER: phrases.offer_tails,
            Act.NEED: phrases.offer_tails,
        }
        tail = [p(tails[Act(row.act)])] if row.act in tails else []
        more = [[p(subject.remarks)]] if self.long and row.act in (Act.REMARK, Act.TOLD, Act.OFFER, Act.NEED) else []
        return [told + tail, *more]


def _side(phrases: Phrases, row: Row) -> tuple[str, ...]:
    sides = phrases.topics[row.topic].sides
    return sides[row.side] or sides[0]


def _sentences(phrases: Phrases, subject: Subject, act: int) -> tuple[str, ...]:
    match act:
        case Act.JOKE:
            return subject.jokes
        case Act.OFFER:
            return subject.offers
        case Act.NEED:
            return subject.needs
        case Act.NEWS:
            return subject.news
        case Act.TOLD:
            return subject.told
        case Act.TRAP:
            return phrases.traps
        case Act.BOT_ANSWER:
            return phrases.bot
        case Act.SELF_ANSWER:
            return phrases.self_answers
        case Act.OPINION:
            return phrases.opinion
        case Act.BURST:
            return phrases.burst
        case Act.MINORITY:
            return phrases.minority
    return subject.remarks


def quoting(phrases: Phrases, at: int, name: str) -> str:
    """The line above a quotation."""
    when = clock.local(at)
    date = f"{when.day} {phrases.months[when.month - 1]} {when.year}"
    return phrases.quoting.format(date=date, time=phrases.time.format(hour=when.hour, minute=when.minute), name=name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
