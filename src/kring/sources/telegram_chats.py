"""One chat of an export of Telegram: which place it is, what its messages are called, and what became of the ones before.

Telegram numbers the messages of channels and supergroups for everybody alike: "telegram:channel5/17". In private chats and small groups every
member has numbers of their own, so there a message is called after its second and its author ("telegram:chat5/1700000000/user7"), with the
ordinal behind it where there are more in that second. So the exports of two members meet, also when a text was edited in between.
"""

from array import array
from bisect import bisect_left
from typing import NamedTuple

from kring.schema import PlaceKind, Visibility

_CHANNELS = ("private_supergroup", "public_supergroup", "private_channel", "public_channel")
_TWO = ("personal_chat", "bot_chat")
_OLD_CHANNEL, _OLD_CHAT = 1 << 33, 1 << 32
"""Until 2021 ids were written with the kind of chat in their high half; a channel's number itself is smaller."""


class Chat(NamedTuple):
    """What is known of a chat before its first message."""

    place: str
    kind: PlaceKind
    type: str
    visibility: Visibility
    own_numbers: bool
    """The numbers of its messages are the same for everybody."""
    two: tuple[str, ...] = ()
    """Of a chat of two: the peers."""


def chat(type: str, id: object, owner: str, called: str) -> Chat:
    """`owner` is the peer whose export it is, "" if unknown; `called` names a chat that has no number."""
    public = type.startswith("public_")
    number = id if isinstance(id, int) and not isinstance(id, bool) and id > 0 else 0
    if type == "saved_messages":
        who = owner or (f"user{number}" if number else called)
        return Chat(f"telegram:{who}/saved", "chat", type, "direct", True)
    if not number:
        return Chat(f"telegram:{called}", "chat" if type in _TWO else "group", type, "direct" if type in _TWO else "place", False)
    if type in _TWO:
        two = tuple(sorted({f"user{number}", owner} - {""}, key=lambda each: int(each[4:])))
        return Chat(f"telegram:{'+'.join(two)}", "chat", type, "direct", False, two)
    if type in _CHANNELS:
        bare = number - _OLD_CHANNEL if _OLD_CHANNEL <= number < _OLD_CHANNEL + _OLD_CHAT else number
        return Chat(f"telegram:channel{bare}", "group", type, "public" if public else "place", True)
    bare = number - _OLD_CHAT if _OLD_CHAT <= number < _OLD_CHANNEL and type == "private_group" else number
    return Chat(f"telegram:chat{bare}", "group", type, "public" if public else "place", False)


class Posts:
    """The ids of a chat's messages. Where they are not Telegram's numbers, some 24 bytes a message lead from its number to its id."""

    def __init__(self, chat: Chat) -> None:
        self.place, self.own_numbers = chat.place, chat.own_numbers
        self.second = -1
        self.equals: dict[str, int] = {}
        self.numbers, self.seconds = array("q"), array("q")
        self.who, self.nth = array("L"), array("L")
        self.authors: dict[str, int] = {}
        self.names: list[str] = []
        self.unordered: dict[int, str] = {}

    def id(self, number: object, at: int | None, author: str) -> str:
        """The id of a message, which is remembered for the answers to it."""
        known = isinstance(number, int) and 0 < number < 1 << 62
        if self.own_numbers and known:
            return f"{self.place}/{number}"
        if at is None:
            return f"{self.place}/message {number}"
        second = at // 1_000_000
        if second != self.second:
            self.second = second
            self.equals.clear()
        nth = self.equals[author] = self.equals.get(author, 0) + 1
        if isinstance(number, int) and known:
            self._remember(number, second, author, nth)
        return self._made(second, author, nth)

    def called(self, number: int) -> str:
        """The id of the message with that number; one that is not here is called by its number."""
        if self.own_numbers:
            return f"{self.place}/{number}"
        i = bisect_left(self.numbers, number)
        if i < len(self.numbers) and self.numbers[i] == number:
            return self._made(self.seconds[i], self.names[self.who[i]], self.nth[i])
        return self.unordered.get(number) or f"{self.place}/message {number}"

    def _made(self, second: int, author: str, nth: int) -> str:
        return f"{self.place}/{second}/{author}" + (f"/{nth}" if nth > 1 else "")

    def _remember(self, number: int, second: int, author: str, nth: int) -> None:
        if self.numbers and number <= self.numbers[-1]:
            self.unordered[number] = self._made(second, author, nth)
            return
        if author not in self.authors:
            self.authors[author] = len(self.names)
            self.names.append(author)
        for column, value in ((self.numbers, number), (self.seconds, second), (self.who, self.authors[author]), (self.nth, nth)):
            column.append(value)
