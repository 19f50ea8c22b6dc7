"""Who is who in a Slack workspace, from its list of users or from what stands beside a message; said the first time somebody is needed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from kring.schema import Account
from kring.sources.pieces import clean


class User(msgspec.Struct):
    """A line of users.json; addresses and telephone numbers in it are not read."""

    id: Any = None
    team_id: Any = None
    name: Any = None
    real_name: Any = None
    is_bot: Any = None
    profile: Any = None


class Person(NamedTuple):
    account: str
    handle: str = ""
    name: str = ""
    bot: bool = False


def string(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


class People:
    """The people and bots of one workspace, by Slack's own ids."""

    def __init__(self, team: str) -> None:
        self.team = team
        self.people: dict[str, Person] = {}
        self.names: dict[str, str] = {}
        """Of people and channels."""
        self.given: set[str] = set()

    def in_team(self, id: str, team: str = "") -> str:
        """An id with the network and the workspace in front: numbers of Slack are one workspace's own."""
        team = team or self.team
        return f"slack:{team}/{id}" if team else f"slack:{id}"

    def learn(self, user: User) -> bool:
        """Takes in a line of users.json; False if it is none. Guests of other workspaces keep their own."""
        if not isinstance(user.id, str) or not user.id:
            return False
        profile = user.profile if isinstance(user.profile, dict) else {}
        names = (profile.get("display_name"), user.real_name, profile.get("real_name"), user.name)
        name = next((clean(each) for each in names if isinstance(each, str) and each), "")
        bot = user.is_bot is True or user.id == "USLACKBOT"
        self.people[user.id] = Person(self.in_team(user.id, string(user.team_id)), string(user.name), name, bot)
        self.names[user.id] = name
        return True

    def id(self, user: object) -> str:
        """The account of a user or bot."""
        if not isinstance(user, str) or not user:
            return ""
        return self.people[user].account if user in self.people else self.in_team(user)

    def name(self, id: str) -> str:
        return self.names.get(id, "")

    def account(self, user: object, profile: object = None, name: str = "", *, bot: bool = False) -> Iterator[Account]:
        """What there is to say of somebody the first time."""
        if not isinstance(user, str) or not user or user in self.given:
            return
        self.given.add(user)
        person = self.people.get(user)
        if person is None:
            said = profile if isinstance(profile, dict) else {}
            name = name or string(said.get("display_name")) or string(said.get("real_name"))
            person = Person(self.id(user), string(said.get("name")), name, bot)
        if person.name or person.handle:
            yield Account(id=person.account, handle=person.handle, name=person.name, kind="bot" if person.bot else "unknown")
