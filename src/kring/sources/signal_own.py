"""Reads Signal's own export, `main.jsonl`: first who is who, then every message."""

from collections.abc import Iterator
from typing import Any

import msgspec

from kring.schema import Account, Asked, Event, Item, Membership, Note, Place, Post, Record, Scope, Unread, Verb, Visibility
from kring.sources.moment import counted
from kring.sources.pieces import Pieces
from kring.sources.signal_frames import FRAMES, ChatItem, Frame, Recipient, aci, owner_name, recipient, said
from kring.wire import Page, Piece, lines

_CHANGES: dict[str, tuple[Verb, str, str]] = {
    "groupCreationUpdate": ("create", "updaterAci", ""),
    "groupMemberAddedUpdate": ("add", "updaterAci", "newMemberAci"),
    "groupMemberRemovedUpdate": ("remove", "removerAci", "removedAci"),
    "groupMemberLeftUpdate": ("leave", "aci", ""),
    "groupMemberJoinedUpdate": ("join", "newMemberAci", ""),
    "groupMemberJoinedByLinkUpdate": ("join", "newMemberAci", ""),
    "groupInvitationAcceptedUpdate": ("join", "newMemberAci", ""),
}
"""What is done, the key of who does it, and of the one it is done to."""
_CALLS = ("individualCall", "groupCall")
_TIMERS = ("expirationTimerChange", "groupExpirationTimerUpdate")


class OwnExport:
    """One `main.jsonl`."""

    def __init__(self, page: Page, asked: Asked, pieces: Pieces) -> None:
        self.page, self.asked, self.pieces = page, asked, pieces
        self.recipients: dict[str, Recipient] = {}
        self.names: dict[str, str] = {}
        self.me = self.my_name = ""
        self.chats: dict[str, _Chat] = {}
        self.told: set[str] = set()
        self.whole = True

    def read(self) -> Iterator[Item | Unread | Note]:
        self._survey()
        yield Item(
            f"{self.page.name}, account",
            self.my_name.encode("utf-8", "replace") or b"self",
            (Account(id=self.me, name=self.my_name, kind="person", owner=True),),
        )
        self.told.add(self.me)
        for piece in lines(self.page):
            if piece.raw.strip():
                yield from self._line(piece)
        for chat in self.chats.values():
            yield from chat.end(self)

    def _survey(self) -> None:
        """The first reading: all people and groups, and which of a group's members is the owner, whose own id stands nowhere."""
        groups = []
        for piece in lines(self.page):
            if not piece.whole or not (b'"recipient"' in piece.raw[:40] or b'"account"' in piece.raw[:40]):
                continue
            frame = self._frame(piece)
            if frame and frame.account:
                self.my_name = owner_name(frame.account)
            if frame and frame.recipient and (found := recipient(frame.recipient)):
                self.recipients[str(frame.recipient.get("id"))] = found
                groups += [found] if found.group and found.members else []
        known = {each.id for each in self.recipients.values()}
        mine = [set(group.members) - known for group in groups]
        common = set.intersection(*mine) if mine else set()
        self.me = next(iter(common)) if len(common) == 1 else f"signal:me/{self.my_name or self.asked.place or 'me'}"
        self.names = {each.id: each.name for each in self.recipients.values()} | {self.me: self.my_name}

    def _frame(self, piece: Piece) -> Frame | None:
        return self.pieces.meant(FRAMES, piece.raw, self.page) if piece.whole else None

    def _line(self, piece: Piece) -> Iterator[Item | Unread]:
        where = f"{self.page.name}, line {piece.number}"
        frame = self._frame(piece)
        if frame is None:
            self.whole = False
            yield from self.pieces.lost(where, piece)
        elif frame.chatItem is not None:
            chat = self.chats.get(str(frame.chatItem.chatId))
            if chat is None:
                self.whole = False
                yield from self.pieces.unknown(where, "a message of a chat not named here", piece.raw)
            else:
                yield from chat.read(self, where, piece.raw, frame.chatItem)
        elif frame.chat is not None:
            yield from self._begin(where, frame.chat)
        elif frame.adHocCall or frame.stickerPack or frame.notificationProfile or frame.chatFolder:
            self.pieces.left_out(self.page, "settings, stickers and calls by link")

    def _begin(self, where: str, said: dict[str, Any]) -> Iterator[Item]:
        with_ = self.recipients.get(str(said.get("recipientId")))
        if with_ is None:
            return
        chat = self.chats[str(said.get("id"))] = _Chat(with_, self.me, timed=bool(said.get("expirationTimerMs")))
        both = " & ".join(sorted(filter(None, (self.my_name, with_.name)), key=str.casefold))
        records: list[Record] = [Place(id=chat.place, kind="group" if with_.group else "chat", name=with_.name if with_.group else both)]
        for each in with_.members or tuple(filter(None, dict.fromkeys((self.me, with_.id)))):
            records += [*self.account(each), Membership(account=each, place=chat.place)]
        raw = msgspec.json.encode({"id": said.get("id"), "recipientId": said.get("recipientId"), "name": with_.name})
        yield Item(where, raw, tuple(records))

    def account(self, id: str) -> Iterator[Account]:
        """What there is to say of somebody the first time."""
        if id and id not in self.told:
            self.told.add(id)
            if name := self.names.get(id):
                yield Account(id=id, name=name)

    def by_number(self, number: object) -> str:
        """The id of a recipient; the owner's is found out, and a group's is nobody's."""
        found = self.recipients.get(str(number))
        return "" if found is None or found.group else self.me if found.self else found.id


class _Chat:
    """One chat of the export."""

    def __init__(self, with_: Recipient, me: str, *, timed: bool) -> None:
        two = sorted({with_.id or me, me})
        both = "signal:" + "+".join(each.removeprefix("signal:") for each in two)
        self.place = with_.id if with_.group else both if len(two) > 1 else f"{me}/notes"
        self.visibility: Visibility = "place" if with_.group else "direct"
        self.two = () if with_.group else tuple(two)
        self.timed, self.whole = timed, True
        self.first_sent: dict[tuple[str, int], int] = {}
        """Of edited messages: when the first version was sent, by which the message is known."""
        self.since: int | None = None
        self.until: int | None = None

    def end(self, export: OwnExport) -> Iterator[Item]:
        """Whole, unless something was lost, or messages disappear: Signal leaves those out and doesn't say so."""
        if self.whole and export.whole and not self.timed and self.since is not None:
            scope = Scope(place=self.place, since=self.since, until=self.until)
            yield Item(export.page.name, self.place.encode("utf-8", "replace"), (scope,))

    def read(self, export: OwnExport, where: str, raw: bytes, item: ChatItem) -> Iterator[Item | Unread]:
        first = next((each.get("dateSent") for each in item.revisions), None) or item.dateSent
        at, now = counted(_number(first), 1000), counted(_number(item.dateSent), 1000)
        if at is None:
            yield from export.pieces.implausible(where, first, raw)
        else:
            self.since, self.until = min(self.since or at, at), max(self.until or at, at)
        author = export.by_number(item.authorId)
        content = said(item, export.names)
        if content is None:
            yield from self._no_message(export, where, raw, item, author, at)
            return
        sent = str(first)
        if item.revisions:
            for each in (*item.revisions, {"dateSent": item.dateSent}):
                self.first_sent[author, _number(each.get("dateSent"))] = _number(first)
        id = f"{author or self.place}/{sent}"
        records: list[Record] = [*export.account(author)]
        addressed = [each for each in self.two if each != author] if author else []
        records.append(
            Post(
                id=id,
                kind="message",
                author=author,
                at=at,
                zone="" if at is None else "UTC",
                text=content.text,
                reply_to=self._quoted(export, content.quote),
                place=self.place,
                visibility=self.visibility,
                mentions=tuple(dict.fromkeys((*addressed, *content.mentions))),
                media=content.media,
                edited=bool(item.revisions),
                edited_at=now if item.revisions else None,
                deleted=content.deleted,
            )
        )
        for each in content.reactions:
            records += self._act(export, "like", each.get("authorId"), id, author, each.get("sentTimestamp"), each.get("emoji"))
        options = item.poll.get("options") if item.poll else None
        for option in options if isinstance(options, list) else ():
            votes = option.get("votes") if isinstance(option, dict) else None
            for vote in votes if isinstance(votes, list) else ():
                if isinstance(vote, dict):
                    records += self._act(export, "vote", vote.get("voterId"), id, author, None, option.get("option"))
        yield Item(where, raw, tuple(records))

    def _quoted(self, export: OwnExport, quote: dict[str, Any] | None) -> str:
        if not quote or not (sent := _number(quote.get("targetSentTimestamp"))):
            return ""
        author = export.by_number(quote.get("authorId"))
        return f"{author or self.place}/{self.first_sent.get((author, sent), sent)}"

    def _act(self, export: OwnExport, verb: Verb, who: object, post: str, author: str, sent: object, text: object) -> Iterator[Record]:
        actor = export.by_number(who)
        if not actor:
            return
        at = counted(_number(sent), 1000)
        yield from export.account(actor)
        yield Event(
            verb=verb,
            actor=actor,
            object=post,
            object_kind="post",
            receiver=author,
            at=at,
            zone="" if at is None else "UTC",
            place=self.place,
            visibility=self.visibility,
            text=text if isinstance(text, str) else "",
        )

    def _no_message(self, export: OwnExport, where: str, raw: bytes, item: ChatItem, author: str, at: int | None) -> Iterator[Item]:
        """Calls and changes of the group as events; other notices of Signal itself are left out."""
        update = item.updateMessage or {}
        kind = next(iter(update), "")
        group = update.get("groupChange")
        changes = group.get("updates") if isinstance(group, dict) else None
        records: list[Record] = []
        for change in changes if isinstance(changes, list) else ():
            for name, what in change.items() if isinstance(change, dict) else ():
                self.timed |= name in _TIMERS
                records += self._change(export, name, what if isinstance(what, dict) else {}, at)
        if kind in _CALLS:
            records += self._event("update", author, "", at, kind)
        self.timed |= kind in _TIMERS
        if records:
            yield Item(where, raw, tuple(records))
        else:
            what = "payments and badges" if item.paymentNotification or item.giftBadge else "notices of Signal itself"
            export.pieces.left_out(export.page, what)

    def _change(self, export: OwnExport, name: str, what: dict[str, Any], at: int | None) -> Iterator[Record]:
        verb, by, to = _CHANGES.get(name, ("update", "updaterAci", ""))
        actor, target = aci(what.get(by)), aci(what.get(to)) if to else ""
        for each in (actor, target):
            yield from export.account(each)
        if verb in ("join", "add") and at is not None and (target or actor):
            yield Membership(account=target or actor, place=self.place, since=at)
        title = what.get("newGroupName")
        yield from self._event(verb, actor, target, at, f"{name}: {title}" if isinstance(title, str) else name)

    def _event(self, verb: Verb, actor: str, target: str, at: int | None, text: str) -> Iterator[Record]:
        yield Event(
            verb=verb,
            actor=actor,
            object=target or self.place,
            object_kind="account" if target else "place",
            at=at,
            zone="" if at is None else "UTC",
            place=self.place,
            visibility=self.visibility,
            text=text,
        )


def _number(value: object) -> int:
    """Protocol buffers write long numbers as strings."""
    if isinstance(value, str) and len(value) < 20 and value.isascii() and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
