"""Service messages of Telegram: who created, joined, was added, left, pinned, changed the name."""

from collections.abc import Callable
from typing import NamedTuple

from kring.schema import Verb
from kring.sources.pieces import clean
from kring.sources.telegram_messages import Message, text_of

_JOINS = ("join_group_by_link", "join_group_by_request", "join_group")


class Act(NamedTuple):
    """What was done, to whom: an account, a message by its number, or ("" and 0) the place itself."""

    verb: Verb
    account: str = ""
    message: int = 0
    receiver: str = ""


def comes_in(message: Message) -> tuple[bool, bool]:
    """Whether its actor comes into the chat by this message, and whether its members do."""
    created = message.action in ("create_group", "create_channel")
    return created or message.action in _JOINS, created or message.action == "invite_members"


def acts(message: Message, actor: str, account: Callable[[str], str]) -> list[Act]:
    """The acts in a service message; `account` gives the id that belongs to a bare name."""
    action = text_of(message.action)
    members = message.members if isinstance(message.members, list) else []
    people = [account(each) for each in members if isinstance(each, str) and each]
    if action in ("create_group", "create_channel"):
        return [Act("create"), *(Act("add", each) for each in people if each != actor)]
    if action == "invite_members":
        return [Act("join") if each == actor else Act("add", each) for each in people] or [Act("update")]
    if action == "remove_members":
        return [Act("leave") if each == actor else Act("remove", each) for each in people] or [Act("update")]
    if action in _JOINS:
        inviter = text_of(message.inviter)
        return [Act("join", receiver=account(inviter) if inviter else "")]
    if action == "topic_created" and isinstance(message.id, int):
        return [Act("create", message=message.id)]
    if action == "pin_message" and isinstance(message.message_id, int):
        return [Act("update", message=message.message_id)]
    return [Act("update")]


def line(message: Message) -> str:
    """What happened in Telegram's own words, with the new name where there is one: "edit_group_title: Choir"."""
    title = text_of(message.title) or text_of(message.new_title)
    action = text_of(message.action) or text_of(message.information_text) or "service message"
    return clean(f"{action}: {title}" if title else action)
