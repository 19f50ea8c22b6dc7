"""All that a store holds, without row numbers: equal content, equal value."""

from kring.store.codes import load_posts
from kring.store.keep import packer_of
from kring.store.open import reading
from kring.store.runs import TABLES
from kring.store.tables import POST

_QUERIES = {
    "search": "SELECT p.id, s.title, s.text FROM post_search s JOIN post p ON p.node = s.rowid",
    "accounts": "SELECT id, handle, name, kind, url, owner, flags FROM account",
    "places": "SELECT id, kind, name, url FROM place",
    "events": "SELECT e.id, e.verb, a.id, e.object_kind, e.object, r.id, e.at, e.offset_s, z.text, p.id, e.visibility, e.text FROM event e"
    " LEFT JOIN account a ON a.node = e.actor LEFT JOIN account r ON r.node = e.receiver LEFT JOIN word z ON z.node = e.zone"
    " LEFT JOIN place p ON p.node = e.place",
    "members": "SELECT a.id, p.id, m.since, m.until FROM membership m JOIN account a ON a.node = m.account JOIN place p ON p.node = m.place",
    "scopes": "SELECT a.id, p.id, s.since, s.until FROM scope s LEFT JOIN account a ON a.node = s.account LEFT JOIN place p ON p.node = s.place",
}
_BESIDE = {
    "runs": "SELECT name, digest, state, sources, zone, place FROM run",
    "unread": "SELECT run, kind, place, why, next, n, raw FROM unread",
    "notes": "SELECT run, place, text FROM note",
}


def everything(engine):
    """What people see: posts, their index, accounts, places, events, memberships, scopes. Fails if the index is out of step."""
    with reading(engine) as c:
        nodes = list(c.exec_driver_sql("SELECT node FROM post").scalars())
        found = {"posts": sorted(map(repr, load_posts(c, nodes).values())), **_rows(c, _QUERIES)}
        c.exec_driver_sql("INSERT INTO post_search (post_search, rank) VALUES ('integrity-check', 1)")
    return found


def beneath(engine):
    """What lies beneath: runs, losses, remarks, and for each record which run brought it, in which form, from which raw bytes."""
    with reading(engine) as c:
        found = _rows(c, _BESIDE)
        packer, links = packer_of(c), []
        ids = {
            kind: dict(map(tuple, c.exec_driver_sql(f"SELECT node, {'key' if table in ('event', 'membership') else 'id'} FROM {table}")))
            for kind, table in TABLES.items()
        }
        texts = dict(map(tuple, c.exec_driver_sql("SELECT node, coalesce(text, '') FROM post")))
        raws = "SELECT l.kind, l.node, l.run, l.body, r.body FROM record_run l LEFT JOIN raw r ON r.node = l.raw"
        for kind, node, run, body, raw in c.exec_driver_sql(raws):
            text = texts[node].encode() if kind == POST else b""
            links.append((kind, ids[kind][node], run, body, None if raw is None else packer.unpack(raw, text)))
    return {**found, "links": sorted(map(repr, links))}


def _rows(connection, queries):
    return {name: sorted(map(repr, connection.exec_driver_sql(sql))) for name, sql in queries.items()}
