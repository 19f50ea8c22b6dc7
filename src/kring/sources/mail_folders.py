"""What only a whole folder shows: whose mailbox it is, what it holds whole, and what was lost in it, said once.

Owner   proposed, if one address stands in 95% of at least ten mails that came through no list (as sender, receiver or in Delivered-To);
        of several such addresses (two people's correspondence) the one in Delivered-To. In Gmail's own export also whoever wrote most of
        what is labelled as sent.
Scope   the list, where every mail of one mbox went through it, and nothing shows that this is one subscriber's copy (who may have thrown
        mails away): the archive of a list is whole between its first and its last mail. The owner, only where Gmail's own export is of
        the whole mailbox: it holds mail that was sent and mail that wasn't, and no label stands on all of it. A folder of any other
        program lacks what was sorted, thrown away or sent elsewhere.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from kring.schema import Account, Item, Note, Record, Scope, Unread

_FEWEST, _SHARE = 10, 0.95
_FEWEST_SENT = 3
_MOST_CANDIDATES = 5_000
"""Addresses are gathered until there are so many; who is in 95% of the mails is among the first."""
SENT_LABELS = frozenset(
    ("sent", "verzonden", "gesendet", "messages envoyés", "envoyés", "enviado", "enviados", "e-mails enviados", "itens enviados", "inviati")
)
DRAFT_LABELS = frozenset(("draft", "drafts", "concepten", "entwurf", "entwürfe", "brouillons", "borradores", "bozze", "rascunhos"))
"""As Gmail writes them in X-Gmail-Labels, in the owner's language."""

LossKind = Literal["encoding", "skipped", "broken", "hostile", "too-large", "implausible-time"]
Loss = Literal[
    "encoding", "nul", "encrypted", "draft", "deleted", "unfinished", "broken-off", "parts", "cut", "undated", "people", "headless"
]
_LOSSES: dict[Loss, tuple[LossKind, str, str]] = {
    "encoding": (
        "encoding",
        "{n} mail(s) hold characters in another encoding than they say; some may be wrong.",
        "Look at the original if a text looks odd.",
    ),
    "nul": ("encoding", "{n} mail(s) hold NUL characters; they were left out of the text.", "Nothing: the rest of the text is whole."),
    "encrypted": (
        "skipped",
        "{n} mail(s) are encrypted: who wrote to whom and when was read, the text can't be.",
        "Export them decrypted if the text is needed.",
    ),
    "draft": (
        "skipped",
        "{n} draft(s) were left out: they were never sent.",
        "Nothing, unless they were sent after all: then export the folder with sent mail.",
    ),
    "deleted": (
        "skipped",
        "{n} mail(s) that were deleted in Thunderbird but are still in its file were left out.",
        "Undelete them there first if they should count.",
    ),
    "unfinished": (
        "skipped",
        "{n} file(s) in a maildir's tmp folder were left out: their delivery was never finished.",
        "Nothing: a finished one is in new or cur.",
    ),
    "broken-off": (
        "broken",
        "{n} mail(s) end before their last part does; what stood there was read.",
        "Export again if the file may have been cut off.",
    ),
    "parts": (
        "hostile",
        "{n} mail(s) have more parts, or more deeply nested ones, than any program makes; the first were read.",
        "Look at the original with care.",
    ),
    "cut": (
        "too-large",
        "{n} mail(s) hold more than a million letters; the first million were read.",
        "Nothing: the original is kept whole.",
    ),
    "undated": (
        "implausible-time",
        "{n} mail(s) say no time at all; they are kept without one.",
        "They are left out of all that needs a time.",
    ),
    "people": (
        "too-large",
        "{n} mail(s) have more than a thousand receivers; the first thousand were read.",
        "Nothing: the original is kept whole.",
    ),
    "headless": (
        "broken",
        "{n} piece(s) have no sender, date, subject or other field of a mail.",
        "Check that this is a mail file, and export it again.",
    ),
}


class Losses:
    """Counts what was lost, to be said once for a folder, with the first example."""

    def __init__(self) -> None:
        self.counts: Counter[Loss] = Counter()
        self.first: dict[Loss, bytes] = {}

    def add(self, loss: Loss, raw: bytes = b"") -> None:
        if not self.counts[loss]:
            self.first[loss] = raw[:4096]
        self.counts[loss] += 1

    def said(self, where: str) -> Iterator[Unread]:
        for loss, n in sorted(self.counts.items()):
            kind, why, next = _LOSSES[loss]
            yield Unread(where=where, why=why.format(n=n), next=next, kind=kind, n=n, raw=self.first[loss])


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder needs to know of one mail."""

    author: str
    people: set[str]
    """The addresses of who wrote and who received it."""
    delivered: set[str]
    list_id: str
    labels: frozenset[str] | None
    at: int | None
    personal: bool
    """Something shows that this copy lay in one person's mailbox."""


class Folder:
    """An mbox, or the files of one folder."""

    def __init__(self, name: str, *, one_file: bool) -> None:
        self.name, self.one_file = name, one_file
        self.losses = Losses()
        self.n, self.n_between_people = 0, 0
        self.list_id, self.one_list, self.personal = "", True, False
        self.since: int | None = None
        self.until: int | None = None
        self.everywhere: Counter[str] = Counter()
        self.delivered: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.n_unsent = 0
        self.shared_labels: frozenset[str] | None = None

    def add(self, seen: Seen) -> None:
        """Counts one mail."""
        self.n += 1
        self.list_id = self.list_id or seen.list_id
        self.one_list = self.one_list and bool(seen.list_id) and seen.list_id == self.list_id
        self.personal = self.personal or seen.personal
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
        yield from self.losses.said(self.name)
        records: list[Record] = []
        if owner := self.owner():
            records.append(Account(id=f"mail:{owner}", handle=owner, owner=True))
            yield Note(where=self.name, text=f"This looks like the mailbox of {owner}: `kring us add mail:{owner}` if that is you.")
            if self.sent and self.n_unsent and not self.shared_labels:
                records.append(Scope(account=f"mail:{owner}", since=self.since, until=self.until))
        if self.one_file and self.one_list and self.n > 1 and not self.personal:
            records.append(Scope(place=self.list_id, since=self.since, until=self.until))
        if records:
            yield Item(f"{self.name}, as a whole", (owner or self.list_id).encode(), tuple(records))


def _count(counter: Counter[str], addresses: set[str]) -> None:
    for address in addresses:
        if address in counter or len(counter) < _MOST_CANDIDATES:
            counter[address] += 1
