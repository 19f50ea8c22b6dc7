"""Which mail answers which, and what conversation it belongs to.

By the mail's own word: `In-Reply-To` says what it answers (else the last of `References`), the first of `References` is the thread (else
`In-Reply-To`, else the mail itself). Only where a mail says neither:

    Gmail's number for the conversation (X-GM-THRID), where the export has it: the thread is the first mail read with that number
    the subject, if it begins with "Re:" or its like in another language: the last mail with that subject that began a thread, at most 30
    days away, in the same list, or (between people) if its author is among those who write or receive this one. After Zawinski's "message
    threading", with the limits added

Both look back only, at the last 50,000 threads: an answer that stands before what it answers is found by its headers or not at all.
"""

import re

import msgspec

MOST_THREADS = 50_000
_WITHIN = 30 * 24 * 3600 * 1_000_000
_ANSWERS = r"re|aw|antw|antwoord|sv|vs|rif|ris|r|res|resp|ref|odp"
_FORWARDS = r"fwd?|wg|doorst|tr|rv|enc|i|vb|pd"
_PREFIXES = re.compile(
    rf"\s*(?:(?:(?:{_ANSWERS}|{_FORWARDS})(?:\[\d+\]|\(\d+\)|\^\d+|\*\d+)?\s?:|\[[^\[\]]{{1,80}}\])\s*)*+", re.IGNORECASE
)
_ANSWER = re.compile(rf"\s*(?:\[[^\[\]]{{1,80}}\]\s*)*(?:{_ANSWERS})(?:\[\d+\]|\(\d+\)|\^\d+|\*\d+)?\s?:", re.IGNORECASE)


class _Root(msgspec.Struct, frozen=True):
    post: str
    at: int | None
    author: str


class Threads:
    """Remembers how the last threads began."""

    def __init__(self) -> None:
        self.roots: dict[tuple[str, str], _Root] = {}

    def place(
        self,
        post: str,
        answers: list[str],
        references: list[str],
        *,
        subject: str,
        gmail: str,
        at: int | None,
        author: str,
        people: tuple[str, ...],
        place: str,
    ) -> tuple[str, str]:
        """What this mail answers ("" if nothing known) and its thread; `answers` and `references` are post ids as its headers name them."""
        answers, references = [id for id in answers if id != post], [id for id in references if id != post]
        key = (place, _PREFIXES.sub("", subject, count=1).casefold()[:200])
        if answers or references:
            thread = (references or answers)[0]
            root = _Root(thread, at, author)
            self._remember(key, root, again=False)
            self._remember(("gmail", gmail), root, again=False)
            return (answers or references[-1:])[0], thread
        found = self.roots.get(("gmail", gmail)) if gmail else None
        if found is None and _ANSWER.match(subject):
            found = self._by_subject(key, at, {author, *people})
        if found is not None and found.post != post:
            return found.post, found.post
        self._remember(key, _Root(post, at, author), again=True)
        self._remember(("gmail", gmail), _Root(post, at, author), again=False)
        return "", post

    def _by_subject(self, key: tuple[str, str], at: int | None, people: set[str]) -> _Root | None:
        root = self.roots.get(key)
        if root is None or at is None or root.at is None or abs(at - root.at) > _WITHIN:
            return None
        return root if key[0] or root.author in people else None

    def _remember(self, key: tuple[str, str], root: _Root, *, again: bool) -> None:
        if not key[1] or (key in self.roots and not again):
            return
        self.roots.pop(key, None)
        self.roots[key] = root
        if len(self.roots) > MOST_THREADS:
            del self.roots[next(iter(self.roots))]
