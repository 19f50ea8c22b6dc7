"""By what somebody is told who is being erased: their ids, names and words, to look for afterwards; and the keyed hashes by which they stay away."""

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from kring.store.codes import key_of
from kring.store.needles import Needles, forms, windows
from kring.store.returning import account_again, post_again
from kring.store.suppress import SHORTEST_LINE, WORD, Away, addresses, called, is_phone, lengths, network_of, normal, writer_of
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
    handles: list[str] = []
    """Their handles without a server, in small letters: "jan" of @jan@town.example."""
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
    _gather_by_address(connection)
    driver("DELETE FROM temp.linked WHERE node IN (SELECT node FROM gone_post)")


def forget_gathered(connection: Connection) -> None:
    """Takes these tables away again."""
    for table in ("gone_account", "gone_place", "gone_post", "gone_event", "linked"):
        connection.exec_driver_sql(f"DROP TABLE temp.{table}")


def _gather_by_address(connection: Connection) -> None:
    """What answers, shares or likes posts of theirs that never were here, but whose addresses tell whose they are."""
    driver = connection.exec_driver_sql
    writers: set[str] = set()
    for id, handle in driver("SELECT id, handle FROM account WHERE node IN (SELECT node FROM gone_account)"):
        writers |= {id.lower(), f"{network_of(id)}:{handle.lstrip('@')}".lower()}
    for network in {network_of(writer) for writer in writers}:
        addressed = (f"{network}:%://%",)
        posts = driver("SELECT node, reply_to, thread FROM post WHERE reply_to LIKE ? OR thread LIKE ?", addressed * 2)
        linked = [(node,) for node, *ids in posts if any(id and f"{network}:{writer_of(id)}".lower() in writers for id in ids)]
        events = driver("SELECT node, key, object FROM event WHERE object_kind = 'post' AND object LIKE ?", addressed)
        gone = [(node, key) for node, key, id in events if f"{network}:{writer_of(id)}".lower() in writers]
        if linked:
            driver("INSERT OR IGNORE INTO temp.linked VALUES (?)", linked)
        if gone:
            driver("INSERT OR IGNORE INTO temp.gone_event VALUES (?, ?)", gone)


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
    handles = set().union(*(_bare(id, handle) for id, handle, _ in rows))
    return Traces(list(accounts), sorted(set().union(*map(forms, names))) if names else [], sorted(texts), sorted(handles))


def _bare(id: str, handle: str) -> set[str]:
    """Their handle without its server; nothing where the account is only a name in a chat, or a number."""
    known = handle or (id if "/" not in id or "://" in id else "")
    return (
        {each for each in called(known) if "@" not in each and ":" not in each and len(each) > 1 and not each.isdecimal()}
        if known
        else set()
    )


def _others_called(connection: Connection) -> dict[str, set[str]]:
    """What all others are called, by network."""
    found: dict[str, set[str]] = {}
    for id, handle in connection.exec_driver_sql("SELECT id, handle FROM account WHERE node NOT IN (SELECT node FROM gone_account)"):
        found.setdefault(network_of(id), set()).update(called(id), called(handle))
    return found


def _taken(connection: Connection) -> set[str]:
    """What others are called: the same address may be one person's mail and another's Mastodon."""
    rows = connection.exec_driver_sql(
        "SELECT substr(id, instr(id, ':') + 1), handle, ltrim(handle, '@'), url FROM account"
        " WHERE node NOT IN (SELECT node FROM gone_account)"
    )
    return {word.lower() for row in rows for word in row}


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
    """Their full names that are nobody else's, nor a part of anybody's: of two words or more, so that it isn't a word of the language."""
    rows = connection.exec_driver_sql("SELECT name FROM account WHERE name != '' AND node NOT IN (SELECT node FROM gone_account)")
    taken = "\n".join(f" {normal(name)} " for name in rows.scalars())
    return {name for name in _said_names(connection) if " " in name and len(name) >= 8 and f" {normal(name)} " not in taken}


def numbered(connection: Connection) -> tuple[Needles, set[int]]:
    """Accounts that are known by a bare number (users/76): how it is written beside a key, and the imports that brought them, where it is theirs."""
    rows = connection.exec_driver_sql(
        f"SELECT a.id, l.run FROM account a JOIN record_run l ON l.kind = {ACCOUNT} AND l.node = a.node WHERE a.node IN (SELECT node FROM gone_account)"
    )
    found = [(number[1], run) for id, run in rows if (number := _NUMBER.search(id))]
    written = {f"{key}{form.replace('#', number)}".encode() for number, _ in found for key in _KEYS for form in _BESIDE}
    return Needles(written), {run for _, run in found}


def marks(connection: Connection, away: Away, *, here: bool = False) -> set[tuple[str, bytes]]:
    """What tells them again when they come back.

    Takes   `here`: only for what is here already, so that a line that nobody quotes needs no mark.
    """
    driver = connection.exec_driver_sql
    rows = driver("SELECT id, handle, url, name FROM account WHERE node IN (SELECT node FROM gone_account)").all()
    found: set[tuple[str, bytes]] = set()

    def mark(scope: str, *value: str) -> None:
        found.add((scope, away.mac(scope, *value)))

    taken, others = _taken(connection), _others_called(connection)
    lines: set[str] = set()
    for id, handle, url, name in rows:
        if again := account_again(id, name):
            mark("again", *again)
        if is_phone(id):
            found.add(("phone", away.phone_mac(id)))
        else:
            mark("account", id)
        for each in {handle.lstrip("@").casefold(), id.partition(":")[2].casefold()}:
            if each in taken:
                continue
            if "@" in each or (handle and each == handle.lstrip("@").casefold() and not any(each in there for there in others.values())):
                mark("handle", each)
        for each in _bare(id, handle):
            mark("file", each)
            if each not in others.get(network_of(id), ()):
                mark("bare", network_of(id), each)
        if url:
            mark("url", url.rstrip("/"))
    _mark_names(connection, mark, [handle for _, handle, _, _ in rows])
    for id in driver("SELECT id FROM place WHERE node IN (SELECT node FROM gone_place)").scalars():
        mark("place", id)
    for id, text, at, author in driver(
        "SELECT p.id, coalesce(p.text, ''), p.at, coalesce(a.id, '') FROM post p LEFT JOIN account a ON a.node = p.author"
        " AND a.node IN (SELECT node FROM gone_account) WHERE p.node IN (SELECT node FROM gone_post)"
    ):
        mark("post", id)
        if again := post_again(author, id, at, text):
            mark("again", *again)
        lines |= {words for line in text.splitlines() if len(said := line.lstrip("> \t")) >= SHORTEST_LINE and (words := normal(said))}
    for words in lines - _said_by_others(connection, lines & _quoted(connection) if here else lines):
        mark("line", words)
    return found


def _quoted(connection: Connection) -> set[str]:
    """Every line that stands in a post as quoted."""
    texts = connection.exec_driver_sql("SELECT text FROM post WHERE instr(text, '>') > 0").scalars()
    return {normal(line) for text in texts for line in text.splitlines() if line.lstrip().startswith(">")}


def _said_by_others(connection: Connection, lines: set[str]) -> set[str]:
    """Those of these lines that somebody else wrote just so, without quoting: such words are as much theirs."""
    first = {words.partition(" ")[0] for words in lines}
    found: set[str] = set()
    if lines:
        for text in connection.exec_driver_sql(
            "SELECT text FROM post WHERE text != '' AND node NOT IN (SELECT node FROM gone_post)"
        ).scalars():
            for line in text.splitlines():
                begins = WORD.search(line)  # told by its first word, for most lines, at a fifth of the cost
                if begins and begins[0].casefold() in first and not line.lstrip().startswith(">"):
                    found.add(normal(line))
    return found & lines


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
                "SELECT a.name FROM membership m JOIN account a ON a.node = m.account WHERE m.place = ?"
                " AND a.node NOT IN (SELECT node FROM gone_account)",
                (node,),
            ).scalars()
        )
        theirs = {word for name in map(normal, others) for word in (name, name.partition(" ")[0])}
        for name in names | first:
            if name not in theirs and len(name) > 2:
                mark(f"here:{lengths(name)}", id, name)
