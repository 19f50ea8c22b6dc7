"""The shapes of the word lists: what can be said about a subject, and what is said about anything."""

from typing import NamedTuple


class Subject(NamedTuple):
    """Sentences about one thing. Slots: {street} {at_street} {day} {time} {date} {number} {name} {quarter}."""

    tag: str
    titles: tuple[str, ...]
    asks: tuple[str, ...]
    """Questions with a question mark, that neighbours or the town hall can answer."""
    wonders: tuple[str, ...]
    """The same as subordinate clauses, for questions without a question mark."""
    answers: tuple[str, ...]
    remarks: tuple[str, ...]
    told: tuple[str, ...]
    """Things told to the town hall, no question."""
    news: tuple[str, ...]
    """What the town hall tells."""
    offers: tuple[str, ...]
    needs: tuple[str, ...]
    jokes: tuple[str, ...]


class Topic(NamedTuple):
    """What is said in one of the arguments, per camp; the same sentences on both sides where nobody is divided."""

    sides: tuple[tuple[str, ...], tuple[str, ...]]


class Phrases(NamedTuple):
    """What is said about anything."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    time: str
    street: str
    at_street: str
    ask_openings: tuple[str, ...]
    ask_closings: tuple[str, ...]
    wonder_openings: tuple[str, ...]
    greetings: tuple[str, ...]
    partings: tuple[str, ...]
    hall_greetings: tuple[str, ...]
    answer_openings: tuple[str, ...]
    answer_closings: tuple[str, ...]
    hall_openings: tuple[str, ...]
    hall_closings: tuple[str, ...]
    hall_teams: tuple[str, ...]
    bot: tuple[str, ...]
    self_answers: tuple[str, ...]
    thanks: tuple[str, ...]
    thanks_tails: tuple[str, ...]
    replies: tuple[str, ...]
    reply_tails: tuple[str, ...]
    remark_tails: tuple[str, ...]
    offer_tails: tuple[str, ...]
    traps: tuple[str, ...]
    agree: tuple[str, ...]
    disagree: tuple[str, ...]
    topics: tuple[Topic, ...]
    topic_openings: tuple[str, ...]
    opinion: tuple[str, ...]
    minority: tuple[str, ...]
    burst: tuple[str, ...]
    hall_burst: tuple[str, ...]
    quoting: str
    """The line above a quotation in a mail: {date} {time} {name}."""
