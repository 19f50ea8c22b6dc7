"""Addresses and names in ActivityStreams 2.0: what type an object is, where it is, and which account an actor stands for."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from kring.schema import Account
from kring.sources.activitypub import ACTORS, POSTS, account_id, account_named, all_of, flags_of, server_of, text_of
from kring.sources.zones import Zone

COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})
ACTIVITIES = frozenset(
    {
        *("Create", "Update", "Delete", "Announce", "Like", "Dislike", "EmojiReact", "Follow", "Accept", "Undo", "Join", "Leave"),
        *("Block", "Flag", "Invite", "Offer", "Reject", "TentativeAccept", "TentativeReject", "Ignore", "Add", "Remove", "Move"),
        *("View", "Listen", "Read", "Arrive", "Travel"),
    }
)
_TYPES = POSTS | COLLECTIONS | ACTIVITIES | frozenset(ACTORS) | {"Tombstone"}
_NAMESPACES = ("https://www.w3.org/ns/activitystreams#", "http://www.w3.org/ns/activitystreams#", "as:", "litepub:", "toot:")


class Names:
    """Which account an address stands for, and whose names were told already."""

    def __init__(self, zone: str = "") -> None:
        self.accounts: dict[str, str] = {}
        """Address → id, of the actors that stand in files of their own: their address may not tell their name."""
        self.zone = Zone(zone)
        self._told: set[str] = set()

    def account(self, value: Any) -> str:
        uri = address(value)
        return self.accounts.get(uri) or account_id(uri)

    def tell(self, *values: Any) -> Iterator[Account]:
        """The names of the actors written out here; each once."""
        for value in values:
            known = self.actor(value) if isinstance(value, dict) and kind_of(value) in ACTORS else None
            if known and known.id not in self._told and (known.name or known.handle):
                self._told.add(known.id)
                yield known

    def actor(self, value: dict[str, Any]) -> Account | None:
        """The account that an actor is; None if it doesn't say where it is."""
        uri, name = address(value), text_of(value.get("preferredUsername"))
        if not uri:
            return None
        server = server_of(uri)
        named = account_named(name, server) if server else ""
        return Account(
            id=self.accounts.get(uri) or named or account_id(uri),
            handle=f"@{name}@{server}" if named else "",
            name=text_of(value.get("name")),
            kind=ACTORS[kind_of(value)],
            url=address(value.get("url")),
            flags=flags_of(value),
        )


def kind_of(value: dict[str, Any]) -> str:
    """Its type: the first that is known, without the namespace in front; "" if it says none."""
    kinds = [bare(each) for each in all_of(value.get("type", value.get("@type"))) if isinstance(each, str)]
    return next((kind for kind in kinds if kind in _TYPES), kinds[0] if kinds else "")


def bare(kind: str) -> str:
    return next((kind.removeprefix(each) for each in _NAMESPACES if kind.startswith(each)), kind)


def address(value: Any) -> str:
    """The id of what may be an address, an object or a list of these; where it has none its (first) url."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("id") or value.get("@id") or value.get("href") or value.get("url") or ""
    return text_of(value)


def own_address(value: dict[str, Any]) -> str:
    """An object's address, or where it has none one made from all that it says."""
    if found := address(value):
        return found
    return f"object:{blake2b(msgspec.json.encode(value, order='sorted'), digest_size=12).hexdigest()}"


def id_of(uri: str) -> str:
    return f"mastodon:{uri}" if uri else ""
