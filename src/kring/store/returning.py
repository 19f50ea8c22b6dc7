"""Somebody erased who comes back under another name of their site: the same dump given as another site, the same chat called otherwise.

An id that holds a name which a user chose ("stackexchange:NAME/users/76", "whatsapp:NAME/Jan") is another id under another name, so that no
hash of it is known. They are told by what the network wrote itself: the end of the id beside the time and words of one of their posts (or,
where those are few, the post's own end); of an account that has a number, that beside the name it goes by. User 76 of another site wrote
other things at other times, and isn't taken for them.
"""

import re
from collections.abc import Iterable

from kring.schema import Account, Item, Post
from kring.store.suppress import Away, Marks, is_phone, lengths, network_of, normal

_NUMBERED = re.compile(r"[/:](\d{1,12})$")
_NAMES_ONLY = ("whatsapp", "signal", "telegram")
"""Where an account's id ends in the name that people see."""
_FEWEST_LETTERS = 12


def end_of(id: str) -> str:
    """The end of an id that holds a site's name; "" for any other."""
    rest = id.partition(":")[2]
    return rest.rpartition("/")[2] if "/" in rest and "://" not in rest else ""


def post_again(author: str, post: str, at: int | None, text: str) -> tuple[str, ...]:
    """What of a post tells its author again under another name of the site; () where nothing does."""
    end = end_of(author)
    if not end or at is None:
        return ()
    said = normal(text)
    return network_of(author), end, str(at), said if len(said) >= _FEWEST_LETTERS else end_of(post)


def account_again(id: str, name: str) -> tuple[str, ...]:
    """What of a numbered account tells it again; () where nothing does."""
    return (network_of(id), end_of(id), normal(name)) if end_of(id) and _NUMBERED.search(id) and normal(name) else ()


def returned(away: Away, items: Iterable[Item]) -> dict[str, Marks]:
    """Accounts among these that are somebody's who was erased, and by what they stay away from now on."""
    if "again" not in away.kinds:
        return {}
    found: set[str] = set()
    wrote: dict[str, set[str]] = {}
    for item in items:
        for record in item.records:
            if isinstance(record, Post):
                wrote.setdefault(record.author, set()).add(record.place)
                id, again = record.author, post_again(record.author, record.id, record.at, record.text)
            elif isinstance(record, Account):
                id, again = record.id, account_again(record.id, record.name)
            else:
                continue
            if again and id not in found and away.has("again", *again) and not away.account(id):
                found.add(id)
    return {id: _marks(away, id, wrote) for id in found}


def _marks(away: Away, id: str, wrote: dict[str, set[str]]) -> Marks:
    marks = {("phone", away.phone_mac(id)) if is_phone(id) else ("account", away.mac("account", id))}
    name = normal(end_of(id)) if id.startswith(_NAMES_ONLY) and not is_phone(id) else ""
    for place in wrote.get(id, ()):
        others = {word for other, places in wrote.items() if other != id and place in places for word in normal(end_of(other)).split()[:1]}
        for each in {name, name.partition(" ")[0]} - others:
            if len(each) > 2:
                scope = f"here:{lengths(each)}"
                marks.add((scope, away.mac(scope, place, each)))
    return marks
