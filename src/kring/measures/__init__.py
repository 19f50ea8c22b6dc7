"""What is true about the circle: a file for each question, its kernel beneath it. To add one: the file, its line here, its naive twin.

A measure is a function of the same name as its file. It takes `graph: Graph`, `log: Log` or `posts: Columns` (one or more) and keyword
options (`Nodes | None` where somebody names people), and gives `Finding`s. What it takes is told by its annotations, what it means by its
docstring. What it can do without is optional (`log: Log | None = None`): a network file has no posts, and a log only where ties have times.
What is known of people besides their ties is in `graph.labels`; a measure that wants a column of it has an option `label` (`measures.labels`).

Columns of posts, where a measure takes them (a row for each post, sorted in any way):

    author      int32   row of the person (its node, where a measure takes a graph too), -1 where not known
    at          int64   UTC microseconds, `NO_TIME` where not known
    clock       int32   0: the zone is known. Otherwise a number for each place whose zone isn't. Two times are compared only where their
                        clocks are equal; otherwise how long it took is "can't tell"
    parent      int32   row of the post it replies to, -1 for none
    thread      int32   number of its thread, -1 where it stands alone
    question    bool    it asks something
    answer      bool    it may be an answer (any reply, where the network doesn't say)
    accepted    bool    it is the answer that the asker accepted
    to_us       bool    it is a reply, mention or message to one of us
    by_us       bool    one of us wrote it
    by_bot      bool    a bot wrote it
    automatic   bool    nobody wrote it: an automatic reply
    thanked     bool    somebody thanked for it; there where thanks were looked for
    local_minute_of_week   int32   minutes since Monday 0:00 where it was written, -1 where not known

and, beside a graph:

    place       object  the name of its place, None where it has none
    tag         object  its first hashtag, in small letters and without the mark, None where it has none

Columns of answers are those of posts, in which `question` is also what a rule reads as one (`reading.question`), and besides

    thanked     bool    the asker thanked for it in a reply to it (`reading.thanks`)

Columns of words, where a measure takes them (a row for each person and word of his, from what was said in public): person int32, word str,
n int32 (in how many of his posts). A measure sees no text.
"""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from kring.schema import Finding

MEASURES = (
    "activity",
    "authority",
    "communities",
    "degree",
    "degree_assortativity",
    "distances",
    "illusion",
    "overview",
    "polarisation",
    "questions",
    "reach",
    "reciprocity",
    "response",
    "threads",
    "ties",
    "trust",
)


def measure(name: str) -> Callable[..., tuple[Finding, ...]]:
    """The measure of that name."""
    return cast(Callable[..., tuple[Finding, ...]], getattr(import_module(f"kring.measures.{name}"), name))
