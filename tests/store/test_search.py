"""Search: the best match first, none of them lost, and "more" said where not all were weighed."""

import pytest

from kring.schema import Asked, Item, Post
from kring.store import fetch, keep, runs
from kring.store.fetch import search
from kring.store.gate import gate
from kring.store.open import open_engine, reading, writing


@pytest.fixture
def stored(tmp_path):
    """A function that stores texts as posts (author and text), and one that searches them."""
    engine = open_engine(tmp_path / "kring.db")

    def store(*said):
        run = runs.begin(engine, name="x", digest="x", sources="m", asked=Asked(), version="1").node
        posts = [Post(id=f"m:{n}", kind="note", author=f"m:{author}", text=text, title="", at=n) for n, (author, text) in enumerate(said)]
        keep.keep(engine, run, "m", [Item("x", post.text.encode(), (post,)) for post in posts])

    def find(words, limit=20):
        with reading(engine) as connection:
            hits = search(connection, gate("ours"), words, limit=limit)
        return [line.text for line in hits.posts], hits.n, hits.more

    yield engine, store, find
    engine.dispose()


def test_often_in_a_short_post_comes_first_then_the_latest(stored):
    _, store, find = stored
    texts = [
        "a bridge and much else besides, in a long post",
        "bridge",
        "the bridge, the bridge",
        "a bridge and much else besides, in a long post.",
    ]
    store(*(("a", text) for text in texts))
    assert find("bridge")[0] == [texts[2], texts[1], texts[3], texts[0]]


def test_what_may_not_be_shown_does_not_crowd_out_what_may(stored):
    engine, store, find = stored
    store(("b", "in the end the bridge it was, said all of us"), *(("a", f"bridge {n}") for n in range(300)))
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO consent (who, scope, answer, at) VALUES ('m:a', '', 'no', 1)")
    assert find("bridge", limit=1) == (["in the end the bridge it was, said all of us"], 1, False)


@pytest.mark.parametrize(("name", "value"), [("_WEIGHED", 5), ("_WEIGHED_CHARACTERS", 5 * len("bridge 0"))])
def test_more_is_said_when_not_all_matches_were_weighed(stored, monkeypatch, name, value):
    _, store, find = stored
    monkeypatch.setattr(fetch, name, value)
    store(*(("a", f"bridge {n}") for n in range(5)))
    assert find("bridge")[1:] == (5, False)
    store(("a", "bridge, bridge"))
    texts, n, more = find("bridge")
    assert (sorted(texts), n, more) == ([f"bridge {n}" for n in range(5)], 5, False)  # the same id: it is known already
    store(*(("a", f"bridge {n}") for n in range(6)))
    assert find("bridge")[1:] == (5, True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cafe", True),
        ("CAFÉ", True),
        ('"de café"', True),
        ('"café de"', False),
        ("caf*", True),
        ("af*", False),
        ("de NOT brug", False),
        ("brug café", True),
        ("café-brug", True),
        ("bru", False),
    ],
)
def test_words_phrases_and_starts(stored, words, found):
    """The small index that weighs takes words apart as the big one does: what was found stays found."""
    _, store, find = stored
    store(("a", "Bij de Café-brug: de cafés en de brug"), ("a", "iets anders"))
    assert find(words)[1:] == (int(found), False)
    assert len(find(words)[0]) == int(found)


def test_both_indexes_take_words_apart_alike(stored):
    engine, _, _ = stored
    with reading(engine) as connection:
        sql = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'post_search'").scalar_one()
    assert f'tokenize="{fetch.TOKENIZER}"' in sql
