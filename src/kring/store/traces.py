"""By what somebody is told who is being erased: their ids, names and words, to look for afterwards; and the keyed hashes by which they stay away."""

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from kring.store.codes import key_of
from kring.store.needles import Needles, forms, windows
from kring.store.suppress import Away, addresses, is_phone, lengths, normal
from kring.store.tables import ACCOUNT

_SHORTEST_ID = 6
_NUMBER = re.compile(r"[/:](\d{1,12})$")
_KEYS = ("userid", "user_id", "authorid", "author_id", "accountid", "account_id", "ownerid", "owner_id", "senderid", "sender_id", "from_id")
"""How the keys end beside which exports write the bare number of a user."""
_BESIDE = ("='#'", '="#"', *(f'":{space}{number}' for space in ("", " ") for number in ('"#"', "#,", "#}", "#]")))


class Traces(msgspec.Struct):
    """By what somebody is told: kept in a file while they are erased, and thrown away with the end of it."""

    accounts: list[str] = []
    names: list[bytes] = []
    """Ids, handles, addresses and full names, in all their forms."""
    texts: list[bytes] = []
    """Pieces of their posts."""
    process: int = 0
    """Who is at it."""


def gather(connection: Connection, accounts: Sequence[str]) -> None:
    """Sets apart what is theirs, in temporary tables."""
    driver = connection.exec_driver_sql
    for table in ("gone_account", "gone_place", "gone_post", "gone_event"):
        driver(f"DROP TABLE IF EXISTS temp.{table}")
        driver(f"CREATE TEMP TABLE {table} (node INTEGER PRIMARY KEY, key INTEGER)")
    driver("DROP TABLE IF EXISTS temp.linked")
    driver("CREATE TEMP TABLE linked (node INTEGER PRIMARY KEY)")
    keys = [(key_of(id), id) for id in accounts]
    driver("INSERT OR IGNORE INTO temp.gone_account SELECT node, key FROM account WHERE key = ? AND id = ?", keys)
    driver("INSERT INTO temp.gone_place SELECT node, key FROM place WHERE node IN (" + ",".join(map(str, _called_after(connection))) + ")")
    driver(
        "INSERT INTO temp.gone_post SELECT node, key FROM post WHERE author IN (SELECT node FROM gone_account)"
        " OR place IN (SELECT node FROM gone_place)"
    )
    driver(
        "INSERT INTO temp.gone_event SELECT e.node, e.key FROM event e WHERE e.actor IN (SELECT node FROM gone_account)"
        " OR e.receiver IN (SELECT node FROM gone_account) OR e.place IN (SELECT node FROM gone_place)"
        " OR e.object_kind = 'account' AND e.object_key IN (SELECT key FROM gone_account)"
        " OR e.object_kind = 'post' AND e.object_key IN (SELECT key FROM gone_post)"
        " OR e.object_kind = 'place' AND e.object_key IN (SELECT key FROM gone_place)"
    )
    driver(
        "INSERT OR IGNORE INTO temp.linked SELECT post FROM mention WHERE account IN (SELECT node FROM gone_account)"
        " UNION SELECT node FROM post WHERE reply_key IN (SELECT key FROM gone_post) OR thread_key IN (SELECT key FROM gone_post)"
    )
    driver("DELETE FROM temp.linked WHERE node IN (SELECT node FROM gone_post)")


def _called_after(connection: Connection) -> list[int]:
    """Chats of at most two that bear one of their names or ids."""
    rows = connection.exec_driver_sql(
        "SELECT l.node, l.id, l.name, a.id, a.name, a.handle FROM place l JOIN membership m ON m.place = l.node"
        " JOIN gone_account g ON g.node = m.account JOIN account a ON a.node = g.node"
        " WHERE (SELECT count(*) FROM membership o WHERE o.place = l.node) <= 2"
    )
    return [
        node
        for node, id, name, *theirs in rows
        if any(word and word in f"{id}\n{name}" for word in (*theirs, theirs[0].partition(":")[2], theirs[0].rpartition("/")[2]))
    ]


def traces(connection: Connection, accounts: Sequence[str]) -> Traces:
    """Ids, names and pieces of texts to look for afterwards."""
    gather(connection, accounts)
    rows = connection.exec_driver_sql("SELECT a.id, a.handle, a.url FROM account a WHERE a.node IN (SELECT node FROM gone_account)").all()
    found: set[str] = set()
    for id, handle, url in rows:
        found |= {id, id.partition(":")[2], handle, handle.lstrip("@") if "@" in handle[1:] else "", url, *addresses(id)}
    taken = _taken(connection)
    names = {each for each in found if len(each) >= _SHORTEST_ID + 2 and each.lower() not in taken} | _own_names(connection)
    texts: set[bytes] = set()
    for text in connection.exec_driver_sql(
        "SELECT coalesce(title, '') || char(10) || coalesce(text, '') FROM post WHERE node IN (SELECT node FROM gone_post)"
    ).scalars():
        texts |= windows(text)
    return Traces(list(accounts), sorted(set().union(*map(forms, names))) if names else [], sorted(texts))


def _taken(connection: Connection) -> set[str]:
    """What others are called: the same address may be one person's mail and another's Mastodon."""
    rows = connection.exec_driver_sql(
        "SELECT lower(substr(id, instr(id, ':') + 1)), lower(handle), lower(ltrim(handle, '@')), lower(url) FROM account"
        " WHERE node NOT IN (SELECT node FROM gone_account)"
    )
    return {word for row in rows for word in row}


def _said_names(connection: Connection) -> set[str]:
    """All the names that the erased go by, in any import."""
    names = set(connection.exec_driver_sql("SELECT name FROM account WHERE node IN (SELECT node FROM gone_account)").scalars())
    for body in connection.exec_driver_sql(
        f"SELECT body FROM record_run WHERE kind = {ACCOUNT} AND body IS NOT NULL AND node IN (SELECT node FROM gone_account)"
    ).scalars():
        names.add(msgspec.json.decode(body).get("name", ""))
    ids = connection.exec_driver_sql("SELECT id FROM account WHERE node IN (SELECT node FROM gone_account)").scalars()
    names |= {id.rpartition("/")[2] for id in ids if id.startswith(("whatsapp:", "signal:", "telegram:"))}
    return {name.strip() for name in names if name.strip()}


def first_words(connection: Connection) -> set[str]:
    """With which word each of their names begins, in small letters."""
    return {normal(name).split()[0] for name in _said_names(connection) if normal(name)}


def _own_names(connection: Connection) -> set[str]:
    """Their full names that nobody else goes by: of two words or more, so that it isn't a word of the language."""
    taken = set(
        connection.exec_driver_sql(
            "SELECT lower(name) FROM account WHERE name != '' AND node NOT IN (SELECT node FROM gone_account)"
        ).scalars()
    )
    return {name for name in _said_names(connection) if " " in name and len(name) >= 8 and name.lower() not in taken}


def numbered(connection: Connection) -> tuple[Needles, set[int]]:
    """Accounts that are known by a bare number (users/76): how it is written beside a key, and the imports that brought them, where it is theirs."""
    rows = connection.exec_driver_sql(
        f"SELECT a.id, l.run FROM account a JOIN record_run l ON l.kind = {ACCOUNT} AND l.node = a.node WHERE a.node IN (SELECT node FROM gone_account)"
    )
    found = [(number[1], run) for id, run in rows if (number := _NUMBER.search(id))]
    written = {f"{key}{form.replace('#', number)}".encode() for number, _ in found for key in _KEYS for form in _BESIDE}
    return Needles(written), {run for _, run in found}


def marks(connection: Connection, away: Away) -> set[tuple[str, bytes]]:
    """What tells them again when they come back."""
    driver = connection.exec_driver_sql
    rows = driver("SELECT id, handle, url FROM account WHERE node IN (SELECT node FROM gone_account)").all()
    found: set[tuple[str, bytes]] = set()

    def mark(scope: str, *value: str) -> None:
        found.add((scope, away.mac(scope, *value)))

    taken = _taken(connection)
    for id, handle, url in rows:
        if is_phone(id):
            found.add(("phone", away.phone_mac(id)))
        else:
            mark("account", id)
        for each in {handle.lstrip("@").casefold(), id.partition(":")[2].casefold()}:
            if each in taken:
                continue
            if "@" in each or (handle and each == handle.lstrip("@").casefold()):
                mark("handle", each)
        if url:
            mark("url", url.rstrip("/"))
    _mark_names(connection, mark, [handle for _, handle, _ in rows])
    for id in driver("SELECT id FROM place WHERE node IN (SELECT node FROM gone_place)").scalars():
        mark("place", id)
    for id, text in driver("SELECT id, coalesce(text, '') FROM post WHERE node IN (SELECT node FROM gone_post)"):
        mark("post", id)
        for line in text.splitlines():
            if len(said := line.lstrip("> \t")) >= 12 and normal(said):
                mark("line", normal(said))
    return found


def _mark_names(connection: Connection, mark: Callable[..., None], handles: Iterable[str]) -> None:
    driver = connection.exec_driver_sql
    own = {normal(name) for name in _own_names(connection)}
    names = {normal(name) for name in _said_names(connection)} - {""}
    first = {name.split()[0] for name in names if len(name.split()[0]) > 2} | {
        normal(h.lstrip("@").partition("@")[0]) for h in handles if h
    }
    for name in own:
        mark(f"name:{lengths(name)}", name)
    for name in (names | first) - {""}:
        mark(f"linked:{lengths(name)}", name)
    places = driver(
        "SELECT DISTINCT l.id, l.node FROM place l JOIN membership m ON m.place = l.node WHERE m.account IN (SELECT node FROM gone_account)"
        " AND l.kind IN ('chat', 'group')"
    ).all()
    for id, node in places:
        others = set(
            driver(
                "SELECT lower(a.name) FROM membership m JOIN account a ON a.node = m.account WHERE m.place = ?"
                " AND a.node NOT IN (SELECT node FROM gone_account)",
                (node,),
            ).scalars()
        )
        theirs = {word for name in others for word in (name, name.partition(" ")[0])}
        for name in names | first:
            if name not in theirs and len(name) > 2:
                mark(f"here:{lengths(name)}", id, name)
