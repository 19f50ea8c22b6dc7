"""What is said in one network, planned before a word is written: one row for each post, in order of time."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kring.town import clock

HALL, BOT, NOBODY = -1, -2, -3
"""Authors who are no residents: the town hall ("us"), its bot, and nobody in particular."""


class Act(IntEnum):
    """What somebody does by writing."""

    REMARK = 0
    JOKE = 1
    OFFER = 2
    NEED = 3
    ASK = 4  # of one's neighbours
    HALL_ASK = 5  # of the town hall
    ANSWER = 6  # by a neighbour
    HALL_ANSWER = 7
    BOT_ANSWER = 8
    SELF_ANSWER = 9
    THANKS = 10
    REPLY = 11
    NEWS = 12  # by the town hall
    TOLD = 13  # to the town hall, not a question
    TRAP = 14  # to the town hall, a question mark in a link or quotation only
    TOPIC = 15
    AGREE = 16
    DISAGREE = 17
    OPINION = 18
    BURST = 19
    BOOST = 20  # no words
    MINORITY = 21


class Look(IntEnum):
    """Who may see it."""

    PUBLIC = 0
    UNLISTED = 1
    FOLLOWERS = 2
    DIRECT = 3


POST = np.dtype(
    [
        ("at", "i8"),
        ("author", "i4"),
        ("to", "i4"),
        ("parent", "i4"),
        ("root", "i4"),
        ("act", "u1"),
        ("subject", "u1"),
        ("language", "u1"),
        ("look", "u1"),
        ("topic", "i1"),
        ("side", "i1"),
        ("marked", "?"),
    ]
)
Rows = NDArray[np.void]
Ints = NDArray[np.int64]
Columns = dict[str, Ints | int]


class Draft:
    """Rows as they are thought of; `finish` puts them in order of time and forgets what would come after the two years."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(0, POST)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, rows: Ints) -> Rows:
        return self._rows[rows]

    def start(self, at: Ints, author: Ints | int, act: Ints | int, subject: Ints, language: Ints | int, **more: Ints | int) -> Ints:
        """New conversations; gives their row numbers."""
        part = np.zeros(len(at), POST)
        rows = np.arange(len(self), len(self) + len(part))
        columns: Columns = {"to": NOBODY, "parent": -1, "root": rows, "topic": -1, "side": -1, **more}
        columns |= {"at": at, "author": author, "act": act, "subject": subject, "language": language}
        return self._append(part, columns)

    def under(self, parent: Ints, after_s: Ints, author: Ints | int, act: Ints | int, **more: Ints | int) -> Ints:
        """Replies: about the same, in the same language, as visible as what they reply to, and to its author."""
        above = self._rows[parent]
        part = above.copy()
        columns: Columns = {"parent": parent, "to": above["author"], "at": above["at"] + after_s, "marked": 0, **more}
        return self._append(part, columns | {"author": author, "act": act})

    def _append(self, part: Rows, columns: Columns) -> Ints:
        for name, values in columns.items():
            part[name] = values
        rows = np.arange(len(self), len(self) + len(part))
        self._rows = np.concatenate([self._rows, part])
        return rows

    def finish(self) -> Rows:
        """The sheet: sorted by time, `parent` and `root` pointing to rows of it."""
        order = np.argsort(self._rows["at"], kind="stable")
        order = order[self._rows["at"][order] < clock.UNTIL]
        place = np.full(len(self) + 1, -1)
        place[order] = np.arange(len(order))
        sheet = self._rows[order]
        for name in ("parent", "root"):
            sheet[name] = place[sheet[name]]
        return sheet


def beside(sheet: Rows, more: Rows) -> Rows:
    """A sheet, and below it one that was thought of apart: no row of the first changes its number, so its words stay what they are."""
    below = more.copy()
    for name in ("parent", "root"):
        below[name] = np.where(more[name] >= 0, more[name] + len(sheet), -1)
    return np.concatenate([sheet, below])


def children(sheet: Rows, *acts: Act) -> dict[int, list[int]]:
    """For each row that was replied to in one of these ways: the replies, oldest first."""
    found: dict[int, list[int]] = {}
    chosen = np.flatnonzero(np.isin(sheet["act"], acts) & (sheet["parent"] >= 0))
    for row, parent in zip(chosen.tolist(), sheet["parent"][chosen].tolist()):
        found.setdefault(parent, []).append(row)
    return found
