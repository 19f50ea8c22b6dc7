"""Handles without a server, in what others wrote: "@quirina" is masked wherever it is hers, named where it may be another's, and searched for."""

import json
import re

import pytest

import kring
from circles import circle_of, town, typed
from kring.errors import UsageError
from kring.store.open import reading
from verbs.test_erase import ACTORS, SERVER, collection, held, mention, status

OTHER = "https://elders.example"
HER = "mastodon:quirina@plaats.example"
DIRECT = {"to": [f"{SERVER}/users/quirina"]}
HERS = collection(
    *ACTORS.values(),
    status("quirina", 1, "<p>Iets over de brug</p>"),
    status("bram", 2, "<p>@quirina kom je ook?</p>", tag=[mention("quirina")], **DIRECT),
    status("bram", 3, "<p>@quirina Dat dacht ik ook</p>", inReplyTo=f"{SERVER}/users/quirina/statuses/999"),
    status("bram", 4, "<p>Vraag het @quirina maar, of quirinabel</p>"),
    {"type": "Like", "id": f"{SERVER}/l/9", "actor": f"{SERVER}/users/bram", "object": f"{SERVER}/users/quirina/statuses/999"},
)
ANOTHER = collection(
    {"id": f"{OTHER}/users/quirina", "type": "Person", "preferredUsername": "quirina", "name": "Quirina Smit", "url": f"{OTHER}/@quirina"},
    status("bram", 5, "<p>@quirina jij daar</p>", tag=[{"type": "Mention", "href": f"{OTHER}/users/quirina", "name": "@quirina@elders.example"}]),
)  # fmt: skip


@pytest.fixture
def bring(tmp_path):
    with kring.new(tmp_path / "circle") as circle:

        def brought(*collections):
            for i, text in enumerate(collections):
                (tmp_path / f"quirina.{i}.json").write_text(text, encoding="utf-8")
                circle.import_(tmp_path / f"quirina.{i}.json", as_="activitystreams")
            return circle

        yield brought


def texts(circle):
    return {post.id.rpartition("/")[2]: post.text for post in circle.posts(limit=None)}


def test_a_bare_handle_is_masked_where_a_mention_an_answer_or_the_network_tells_whose_it_is(bring):
    circle = bring(HERS)
    done = circle.erase(HER)
    assert (done.found, done.perhaps) == ([], {})
    assert texts(circle) == {"2": "[erased] kom je ook?", "3": "[erased] Dat dacht ik ook", "4": "Vraag het [erased] maar, of quirinabel"}
    assert all(not post.reply_to or ":erased/" in post.reply_to for post in circle.posts(limit=None)), "an address tells who"
    with reading(circle.engine) as c:
        assert not c.exec_driver_sql("SELECT count(*) FROM event WHERE object LIKE '%quirina/%'").scalar()
        assert c.exec_driver_sql("SELECT name FROM run").scalars().all() == ["[erased].0.json"]
    for name, content in held(circle).items():
        assert not re.search(rb"quirina(?!bel)", content.lower()), name


def test_where_it_may_be_anothers_the_posts_are_named_and_can_be_masked(bring):
    circle = bring(HERS, ANOTHER)
    done = circle.erase(HER)
    there = texts(circle)
    assert there["2"] == "[erased] kom je ook?"
    assert there["5"] == "@quirina jij daar", "a mention tells that it is the other"
    assert there["4"] == "Vraag het @quirina maar, of quirinabel"
    ((handle, posts),) = done.perhaps.items()
    assert (handle, [post.rpartition("/")[2] for post in posts]) == ("@quirina", ["4"])
    assert circle.mask("@quirina", *posts) == 1
    assert texts(circle)["4"] == "Vraag het [erased] maar, of quirinabel"
    assert texts(circle)["5"] == "@quirina jij daar"
    with pytest.raises(UsageError):
        circle.mask("@quirina", "mastodon:no-such-post")
    with pytest.raises(UsageError):
        circle.mask("@", *posts)
    before = texts(circle)
    bring(*(text.replace("{", " {", 1) for text in (HERS, ANOTHER)))  # the same in another file
    assert texts(circle) == before


def test_the_command_names_them(bring):
    circle = bring(HERS, ANOTHER)
    circle.close()
    said = typed("person", "erase", HER, "--yes", "--circle", circle.folder).out
    said = " ".join(said.split())
    post = f"mastodon:{SERVER}/users/bram/statuses/4"
    assert f"LOOK AT 1 post of others that still holds “@quirina”, which may be theirs or another's: {post}." in said
    done = typed("person", "mask", "@quirina", post, "--circle", circle.folder)
    assert (done.code, done.out) == (0, "Masked in 1 post.\n")


def test_a_name_that_is_a_part_of_anothers_is_not_blanked_there(bring):
    named = {**ACTORS["quirinabel"], "name": "Anna Quirina van Zanten"}
    circle = bring(collection(named, ACTORS["quirina"], status("quirina", 1, "<p>Iets</p>"), status("bram", 2, "<p>Niets</p>")))
    assert circle.erase(HER).found == []
    assert circle.person("mastodon:quirinabel@plaats.example").person.name == "Anna Quirina van Zanten"


def _left(circle, words):
    """Which of these words still stand alone somewhere, by a search that knows nothing of how they were erased."""
    for name, content in held(circle).items():
        low = content.lower()
        for word in words:
            for found in re.finditer(rb"(?<![a-z0-9@/])" + re.escape(word.lower().encode()) + rb"(?![a-z0-9@_-])", low):
                yield word, name, content[max(0, found.start() - 60) : found.end() + 40]


@pytest.mark.parametrize(("seed", "people"), [(3, 150), (7, 60), (11, 60)])
def test_nothing_of_twenty_five_people_of_towns_is_left(seed, people, tmp_path):
    """Ids, handles, names, texts, of people of each network in turn, each from a copy."""
    whole = town(people, seed)
    with kring.open(circle_of(whole, tmp_path / "all")) as circle, reading(circle.engine) as c:
        accounts = c.exec_driver_sql("SELECT id, handle, name FROM account WHERE kind != 'bot'").all()
        ours = set(c.exec_driver_sql("SELECT subject FROM claim").scalars())
    rest = [account for account in accounts if account[0] not in ours]
    chosen = sorted(rest, key=lambda account: (account[0].partition(":")[0], account[0]))[:: max(1, len(rest) // 9)][:9]
    assert {"mastodon", "mail", "stackexchange", "whatsapp"} <= {id.partition(":")[0] for id, _, _ in chosen}
    for i, (id, handle, name) in enumerate(chosen):
        others = json.dumps([tuple(each) for each in accounts if each[0] != id], ensure_ascii=False).lower()
        with kring.open(circle_of(whole, tmp_path / str(i))) as circle:
            written = [post.text[-30:] for post in circle.posts(author=id, limit=None)]
            of_others = "\n".join(post.text for post in circle.posts(limit=None) if post.author != id)
            done = circle.erase(id)
            assert done.found == [], id
            bare = handle.lstrip("@").partition("@")[0]
            words = [handle.lstrip("@"), name, f"@{bare}" if bare and bare.lower() not in others else ""]
            words += [bare] if len(bare) > 7 else []
            words = [word for word in words if len(word) > 4 and (" " in word or word != name) and word.lower() not in others]
            words += [
                text for text in written if len(text) == 30 and text.isascii() and not set(text) & set("&<>\"'\n") and text not in of_others
            ]
            assert not list(_left(circle, words)), id
