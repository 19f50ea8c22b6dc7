"""Mask: what only a person can tell is somebody's who was erased: a handle that others have too, a nickname; in these posts, and when they come again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kring.errors import CircleError, UsageError
from kring.store import erase as erasing
from kring.store import ledger
from kring.store.open import emptied, reading, unbroken, writing
from kring.store.suppress import away, the_key

if TYPE_CHECKING:
    from kring.kring import Circle


def mask(circle: "Circle", words: str, posts: Sequence[str]) -> int:
    """Masks a handle ("@jan") or a name in these posts. Gives how many posts it changed.

    Takes   ids of posts. That the words are masked there is kept as a keyed hash, so that the same posts come in without them again.
    Fails   UsageError if there is no such post, or no words; CircleError if another Kring has the circle open.
    """
    if not words.strip("@ \t"):
        raise UsageError("There are no words to mask.", next='Give a handle or a name: kring person mask "@jan" POST.')
    database = str(circle.engine.url.database)
    with reading(circle.engine) as connection:
        away(connection, database)
        nodes = erasing.nodes_of_posts(connection, posts)
    if missing := [post for post in posts if post not in nodes]:
        raise UsageError(f"There is no post {missing[0]}.", next="Give ids as `kring posts` and `kring person erase` show them.")
    key = the_key(database, make=True)
    with unbroken(), writing(circle.engine) as connection:
        changed = erasing.mask(connection, key, words, nodes)
        ledger.note_audit(connection, "person mask", f"{changed} posts")
    if changed and not emptied(circle.engine, anew=True):
        raise CircleError(
            "They are masked, but another Kring has the circle open, and what stood there stays readable in its log.",
            next="Close it, then mask the same again.",
        )
    return changed
