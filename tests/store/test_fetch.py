"""Posts as arrays are what the tables say, column by column."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kring
from kring.schema import VISIBILITIES, Asked, Item
from kring.store import fetch, keep, runs
from kring.store.codes import POST_KINDS
from kring.store.gate import gate
from kring.store.open import reading
from made_records import accounts, posts


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(posts | accounts, min_size=1, max_size=12))
def test_posts_as_arrays_are_what_the_tables_say(tmp_path_factory, records):
    with kring.new(tmp_path_factory.mktemp("fetch") / "circle") as circle:
        run = runs.begin(circle.engine, name="x", digest="x", sources="m", asked=Asked(), version="1")
        keep.keep(circle.engine, run.node, "m", [Item("somewhere", b"x", (record,)) for record in records])
        through = gate("ours")
        with reading(circle.engine) as connection:
            people = fetch.people(connection)
            found = fetch.posts(connection, through, people)
            rows = connection.exec_driver_sql(
                "SELECT p.node, p.key, a.id, p.at, p.offset_s, p.zone, p.kind, p.place, p.visibility, p.reply_key, p.thread_key, p.extra"
                f" FROM post p LEFT JOIN account a ON a.node = p.author WHERE {through.posts}"
            ).all()
    rows.sort(key=lambda row: (fetch.NO_TIME if row[3] is None else row[3], row[0]))
    told = zip(
        found.node, found.key, (people.ids[row] if row >= 0 else None for row in found.author), found.at, found.offset_s, found.zone,
        (POST_KINDS[kind] for kind in found.kind), found.place, (VISIBILITIES[seen] for seen in found.visibility), found.replies,
        found.thread, found.automatic,
    )  # fmt: skip
    assert [tuple(each) for each in told] == [
        (
            node,
            key,
            author,
            fetch.NO_TIME if at is None else at,
            fetch.NO_TIME if offset_s is None else offset_s,
            zone or 0,
            POST_KINDS[kind],
            place or 0,
            VISIBILITIES[visibility],
            reply is not None,
            thread or 0,
            '"auto-reply"' in (extra or ""),
        )
        for node, key, author, at, offset_s, zone, kind, place, visibility, reply, thread, extra in rows
    ]
