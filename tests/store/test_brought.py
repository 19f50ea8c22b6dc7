"""What a run brought, counted by kind."""

from kring.schema import Account, Asked, Event, Item, Post
from kring.store import keep, runs
from kring.store.open import open_engine


def test_what_a_run_brought_or_met(tmp_path):
    engine = open_engine(tmp_path / "kring.db")
    posts = [Post(id=f"m:{n}", kind=kind, author="m:a") for n, kind in enumerate(["question", "answer", "answer", "page"])]
    acts = [Event(verb="like", actor="m:b", object="m:1", object_kind="post"), Account(id="m:c", kind="bot")]
    for name, records in (("one", posts), ("two", [*posts[:2], *acts])):
        run = runs.begin(engine, name=name, digest=name, sources="m", asked=Asked(), version="1").node
        keep.keep(engine, run, "m", [Item("x", name.encode(), tuple(records))])
    assert runs.brought(engine, 1) == runs.Brought({"question": 1, "answer": 2, "page": 1}, 0, 1, 0)
    assert runs.brought(engine, 2) == runs.Brought({"question": 1, "answer": 1}, 1, 3, 1)
    assert runs.brought(engine, 3) == runs.Brought({}, 0, 0, 0)
    engine.dispose()
