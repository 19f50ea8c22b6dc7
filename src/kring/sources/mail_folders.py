"""What only a whole folder shows: whose mailbox it is, what it holds whole, and what was lost in it, said once.

Owner   proposed, if one address stands in 95% of at least ten mails that came through no list (as sender, receiver or in Delivered-To);
        of several such addresses (two people's correspondence) the one in Delivered-To. In Gmail's own export also whoever wrote most of
        what is labelled as sent.
Scope   the list, where every mail of one mbox went through it, and nothing shows that this is one subscriber's copy (who may have thrown
        mails away) or a single thread that was downloaded: the archive of a list is whole between its first and its last mail. What came
        out of a search looks the same, so it is said aloud; but where one person wrote in nearly every thread, it is taken for what they
        kept of the list, which is a star. The owner, only where Gmail's own export is of
        the whole mailbox: it holds mail that was sent and mail that wasn't, and no label stands on all of it. A folder of any other
        program lacks what was sorted, thrown away or sent elsewhere.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from kring.schema import Account, Item, Note, Record, Scope, Unread
from kring.sources.losses import Losses

_FEWEST, _SHARE = 10, 0.95
_FEWEST_SENT = 3
_MOST_CANDIDATES = 5_000
"""Addresses are gathered until there are so many; who is in 95% of the mails is among the first."""
SENT_LABELS = frozenset(
    ("sent", "verzonden", "gesendet", "messages envoyés", "envoyés", "enviado", "enviados", "e-mails enviados", "itens enviados", "inviati")
)
DRAFT_LABELS = frozenset(("draft", "drafts", "concepten", "entwurf", "entwürfe", "brouillons", "borradores", "bozze", "rascunhos"))
"""As Gmail writes them in X-Gmail-Labels, in the owner's language."""

Loss = Literal[
    "encoding", "nul", "encrypted", "draft", "deleted", "unfinished", "broken-off", "parts", "cut", "undated", "people", "headless"
]
_LOSSES: dict[Loss, Unread] = {
    "encoding": Unread(
        where="",
        kind="encoding",
        why="Characters are in another encoding than the mail says.",
        next="Look at the original where a text looks odd.",
    ),
    "nul": Unread(where="", kind="encoding", why="NUL characters were left out of a mail.", next="Nothing: the rest of its text is whole."),
    "encrypted": Unread(
        where="", kind="skipped", why="The text of an encrypted mail can't be read.", next="Export it decrypted if the text is needed."
    ),
    "draft": Unread(
        where="",
        kind="skipped",
        why="A draft was left out: it was never sent.",
        next="If it was sent after all, export the folder with sent mail.",
    ),
    "deleted": Unread(
        where="",
        kind="skipped",
        why="A mail that is deleted in Thunderbird, but still in its file, was left out.",
        next="Undelete it if it should count.",
    ),
    "unfinished": Unread(
        where="", kind="skipped", why="A file in a maildir's tmp folder was left out: its delivery was not finished.", next="Nothing."
    ),
    "broken-off": Unread(
        where="",
        kind="broken",
        why="A mail ends before its last part does; what stood there was read.",
        next="Export it again if more is missing.",
    ),
    "parts": Unread(
        where="",
        kind="hostile",
        why="A mail has more parts, or deeper ones, than any program makes; the first were read.",
        next="Open it with care.",
    ),
    "cut": Unread(
        where="",
        kind="too-large",
        why="A mail has more than a million letters; the first million were read.",
        next="Nothing: the original is kept whole.",
    ),
    "undated": Unread(
        where="",
        kind="implausible-time",
        why="A mail says no time at all; it is kept without one.",
        next="Nothing: it is left out where a time is needed.",
    ),
    "people": Unread(
        where="",
        kind="too-large",
        why="A mail has more than a thousand receivers; the first were read.",
        next="Nothing: the original is kept whole.",
    ),
    "headless": Unread(
        where="",
        kind="broken",
        why="A piece has no sender, date, subject or other field of a mail.",
        next="Check that this is mail, and export it again.",
    ),
}
_JUDGED = 100_000
"""So many mails of a list are looked at to tell whether it is one person's selection."""
_FEWEST_THREADS, _IN_ALL = 5, 0.9
"""In fewer threads the same person may well have written in all. The share is a line drawn by judgement: too low keeps a whole archive's
figures back, which does less harm than a star that is taken for a list."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder needs to know of one mail."""

    author: str
    people: set[str]
    """The addresses of who wrote and who received it."""
    delivered: set[str]
    list_id: str
    labels: frozenset[str] | None
    at: int | None
    thread: str
    personal: bool
    """Something shows that this copy lay in one person's mailbox."""


class Folder:
    """An mbox, or the files of one folder."""

    def __init__(self, name: str, *, one_file: bool) -> None:
        self.name, self.one_file = name, one_file
        self.losses = Losses()
        self.n, self.n_between_people = 0, 0
        self.list_id, self.one_list, self.personal = "", True, False
        self.thread, self.archive = "", False
        """The thread of the first mail; whether there are others, or the file can only be an archive."""
        self.threads: set[int] = set()
        self.taken_part: set[int] = set()
        self.n_threads: Counter[str] = Counter()
        """In how many threads each address wrote."""
        self.since: int | None = None
        self.until: int | None = None
        self.everywhere: Counter[str] = Counter()
        self.delivered: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.n_unsent = 0
        self.shared_labels: frozenset[str] | None = None

    def lose(self, loss: Loss, raw: bytes = b"") -> None:
        """Counts something lost in one mail."""
        self.losses.count(msgspec.structs.replace(_LOSSES[loss], where=self.name, raw=raw[:4096]))

    def add(self, seen: Seen) -> None:
        """Counts one mail."""
        self.n += 1
        self.list_id = self.list_id or seen.list_id
        self.one_list = self.one_list and bool(seen.list_id) and seen.list_id == self.list_id
        self.personal = self.personal or seen.personal
        self.thread = self.thread or seen.thread
        self.archive = self.archive or seen.thread != self.thread
        if self.one_list and self.n <= _JUDGED:
            self._takes_part(seen)
        if seen.at is not None:
            self.since = seen.at if self.since is None else min(self.since, seen.at)
            self.until = seen.at if self.until is None else max(self.until, seen.at)
        if not seen.list_id:
            self.n_between_people += 1
            _count(self.everywhere, seen.people | seen.delivered)
            _count(self.delivered, seen.delivered)
        if seen.labels is not None:
            self.shared_labels = seen.labels if self.shared_labels is None else self.shared_labels & seen.labels
            if seen.labels & SENT_LABELS:
                _count(self.sent, {seen.author} - {""})
            else:
                self.n_unsent += 1

    def _takes_part(self, seen: Seen) -> None:
        self.threads.add(hash(seen.thread))
        both = hash((seen.thread, seen.author))
        if both not in self.taken_part:
            self.taken_part.add(both)
            _count(self.n_threads, {seen.author})

    def selected(self) -> bool:
        """Somebody wrote in nearly every thread: a list has many such writers or none, but one's own selection of it has just one."""
        n = len(self.threads)
        return n >= _FEWEST_THREADS and max(self.n_threads.values(), default=0) >= _IN_ALL * n

    def owner(self) -> str:
        """The address whose mailbox this is, "" where that isn't sure."""
        if self.sent.total() >= _FEWEST_SENT:
            address, n = self.sent.most_common(1)[0]
            if n * 2 > self.sent.total():
                return address
        if self.n_between_people < _FEWEST:
            return ""
        enough = self.n_between_people * _SHARE
        owners = [address for address, n in self.everywhere.items() if n >= enough]
        if len(owners) > 1:
            owners = [address for address in owners if self.delivered[address]]
        return owners[0] if len(owners) == 1 else ""

    def close(self) -> Iterator[Item | Unread | Note]:
        """What is known now that the last mail is read."""
        yield from self.losses.rest()
        records: list[Record] = []
        if owner := self.owner():
            records.append(Account(id=f"mail:{owner}", handle=owner, owner=True))
            if self.sent and self.n_unsent and not self.shared_labels:
                records.append(Scope(account=f"mail:{owner}", since=self.since, until=self.until))
        if self.one_file and self.one_list and self.n > 1 and self.archive and not self.personal and self.selected():
            why = (
                "One person wrote in nearly every thread here: this may be a selection of theirs, so it isn't taken for all that was said."
            )
            yield Note(where=self.name, text=why)
        elif self.one_file and self.one_list and self.n > 1 and self.archive and not self.personal:
            records.append(Scope(place=self.list_id, since=self.since, until=self.until))
            name = self.list_id.removeprefix("mail:list:")
            yield Note(where=self.name, text=f"Taken for all that was said in the list {name} between its first and its last mail here.")
        if records:
            yield Item(f"{self.name}, as a whole", (owner or self.list_id).encode(), tuple(records))


def _count(counter: Counter[str], addresses: set[str]) -> None:
    for address in addresses:
        if address in counter or len(counter) < _MOST_CANDIDATES:
            counter[address] += 1
