"""Who isn't named in what others are shown: people who said no, or who don't want to be found.

They are masked in what others wrote as erasing masks (`suppress.py`), but only in what is shown.
"""

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from kring.schema import Post
from kring.store.codes import load_posts
from kring.store.gate import Gate
from kring.store.suppress import Away
from kring.store.traces import forget_gathered, gather, marks

MASK = "[somebody]"
Shown = Callable[[Sequence[int]], dict[int, Post]]
"""From rows of posts to the posts as others are shown them."""


class Hidden(Away):
    """As `Away`, for no longer than one look: what isn't kept need not be hashed."""

    def mac(self, scope: str, *value: str) -> bytes:
        return "\0".join((scope, *value)).encode("utf-8", "replace")

    def phone_mac(self, id: str) -> bytes:
        return self.mac("phone", id)

    def masked(self, post: Post) -> Post:
        """A post by somebody else that doesn't name them; what it answers of theirs is left out."""
        shown = super().masked(post)
        gone = {name: "" for name in ("reply_to", "thread") if self.post(getattr(post, name))}
        return msgspec.structs.replace(shown, **gone)


def hidden(connection: Connection, gate: Gate) -> Hidden | None:
    """Those whom a gate lets nobody see; None where there are none.

    Costs   one pass over posts and acts, and over the words of those who are hidden.
    """
    ids = connection.exec_driver_sql(f"SELECT a.id FROM account a WHERE NOT ({gate.people})").scalars().all()
    if not ids:
        return None
    gather(connection, ids)
    made = marks(connection, Hidden(b"", set()), here=True)
    forget_gathered(connection)
    return Hidden(b"", made, MASK)


def shown(connection: Connection, away: Hidden | None) -> Shown:
    """How posts are shown to others."""
    if away is None:
        return lambda nodes: load_posts(connection, nodes)
    return lambda nodes: {node: away.masked(post) for node, post in load_posts(connection, nodes).items()}
