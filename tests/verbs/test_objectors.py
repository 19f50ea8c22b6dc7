"""Who objected isn't named in anything that leaves: not as a person, not in what others wrote to them, not in the addresses of what these answer."""

import io
import re
import zipfile

import msgspec
import pytest

import kring
from circles import circle_of, town, typed
from kring.store.open import reading
from store.content import everything
from verbs.test_erase import ACTORS, SERVER, collection, mention, status

HER = "mastodon:quirina@plaats.example"
FEDIVERSE = collection(
    *ACTORS.values(),
    status("quirina", 1, "<p>Wat zeggen jullie van de nieuwe brug over de gracht</p>"),
    status("bram", 2, "<p>@quirina kom je ook, Quirina?</p>", tag=[mention("quirina")], inReplyTo=f"{SERVER}/users/quirina/statuses/1"),
    status("bram", 3, "<p>&gt; Wat zeggen jullie van de nieuwe brug over de gracht</p><p>Mooi</p>", inReplyTo=f"{SERVER}/users/quirina/statuses/1"),
    status("bram", 4, f'<p>Quirina van Zanten, <a href="{SERVER}/@quirina">@quirina</a>, weet het</p>'),
    status("bram", 5, "<p>Zo is het</p>", inReplyTo=f"{SERVER}/users/quirina/statuses/999"),
    status("quirinabel", 6, "<p>Gewoon een bericht</p>"),
    {"type": "Announce", "id": f"{SERVER}/a/9", "actor": f"{SERVER}/users/bram", "published": "2024-03-05T11:00:00Z",
     "to": ["https://www.w3.org/ns/activitystreams#Public"], "object": f"{SERVER}/users/quirina/statuses/999"},
)  # fmt: skip


def leaving(circle, folder):
    """Everything that leaves a circle, as bytes by what it is."""
    folder.mkdir()
    for ending in ("json", "ndjson", "zip"):
        circle.export(folder / f"all.{ending}")
    circle.export(folder / "masked.ndjson", pseudonyms=True, masked_text=True)
    circle.report(folder / "report.html")
    circle.close()
    for name in ("ties.csv", "ties.gexf", "ties.graphml"):
        assert typed("network", folder / name, "--circle", circle.folder).code in (0, 2)
    typed("graph", "build", "--circle", circle.folder, "--output", folder / "drawn")
    found = {}
    for file in folder.rglob("*"):
        if file.is_file() and zipfile.is_zipfile(file):
            with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as packed:
                found |= {f"{file.name}/{name}": packed.read(name) for name in packed.namelist()}
        elif file.is_file():
            found[file.name] = file.read_bytes()
    return found


def test_others_are_shown_no_mention_no_name_no_quote_and_no_address(tmp_path):
    (tmp_path / "toots.json").write_text(FEDIVERSE, encoding="utf-8")
    with kring.new(tmp_path / "circle") as circle:
        circle.import_(tmp_path / "toots.json", as_="activitystreams")
        before = everything(circle.engine)
        circle.consent(HER, "no", evidence="her letter")
        for words in ("quirina", '"van Zanten"', "gracht"):
            assert not circle.search(words, others=True).n, words
            assert circle.search(words).n, "for who looks after the circle nothing is hidden"
        (weet,) = circle.search("weet", others=True).posts
        assert weet.text == "[somebody], [somebody], weet het"
        (kom,) = circle.search("kom", others=True).posts
        assert (kom.text, kom.reply_to) == ("[somebody] kom je ook, [somebody]?", "")
        (zo,) = circle.search("Zo", others=True).posts
        assert zo.reply_to == ""
        for name, content in leaving(circle, tmp_path / "out").items():
            assert not re.search(rb"quirina(?!bel)|zanten|gracht", content.lower().replace(b"quirinabel", b"")), (name, content[:3000])
        after = everything(circle.engine)
        assert after["posts"] == before["posts"], "in the store nothing changes"
        circle.consent(HER, "unknown", evidence="she changed her mind")
        assert circle.search("quirina", others=True).n == 2


@pytest.mark.parametrize("ending", ["ndjson", "json"])
def test_an_objector_is_not_named_either_where_everything_moves_house(tmp_path, ending):
    (tmp_path / "toots.json").write_text(FEDIVERSE, encoding="utf-8")
    with kring.new(tmp_path / "circle") as circle:
        circle.import_(tmp_path / "toots.json", as_="activitystreams")
        assert not any("said no" in sentence for sentence in circle.export(tmp_path / f"before.{ending}", everything=True).said)
        circle.consent(HER, "no", evidence="her letter")
        done = circle.export(tmp_path / f"house.{ending}", everything=True)
    assert any("1 account of people who said no" in sentence for sentence in done.said)
    written = (tmp_path / f"house.{ending}").read_bytes().lower().replace(b"quirinabel", b"")
    assert b"zo is het" in written
    assert not re.search(rb"quirina|zanten|gracht", written)


@pytest.mark.parametrize("network", ["mastodon", "stackexchange", "mail"])
def test_in_a_town_nothing_of_an_objector_leaves(network, tmp_path):
    """The busiest of each network, by a search that knows nothing of how they are hidden."""
    with kring.open(circle_of(town(60), tmp_path / "circle")) as circle:
        with reading(circle.engine) as c:
            accounts = c.exec_driver_sql("SELECT id, handle, name FROM account").all()
        who = next(each for each in circle.people(limit=None) if each.id.startswith(network) and not each.us and each.kind != "bot")
        id, handle, name = next(account for account in accounts if account[0] == who.id)
        others = " ".join(f"{each[0]} {each[1]} {each[2]}" for each in accounts if each[0] != id).lower()
        of_others = "\n".join(post.text for post in circle.posts(limit=None) if post.author != id)
        texts = [post.text[-30:] for post in circle.posts(author=id, limit=None)]
        words = [
            text for text in texts if len(text) == 30 and text.isascii() and not set(text) & set("&<>\"'\n\\/") and text not in of_others
        ]
        words += [
            each for each in (name, handle.lstrip("@")) if len(each) > 4 and (" " in each or "@" in each) and each.lower() not in others
        ]
        words += [f"@{handle.lstrip('@').partition('@')[0]}"] if handle else []
        assert len(words) > 3
        circle.consent(id, "no")
        ids = re.compile(re.escape(id.partition(":")[2].lower().encode()) + rb"(?![\w.])")
        for file, content in leaving(circle, tmp_path / "out").items():
            low = content.lower()
            assert not ids.search(low), file
            for word in words:
                found = re.search(re.escape(word.lower().encode()) + rb"(?![\w@])", low)
                assert not found, (word, file, low[max(0, found.start() - 200) : found.end() + 60])
        for word in (handle.lstrip("@").partition("@")[0], name):
            for post in circle.search(f'"{word}"', others=True).posts if word else ():
                assert id not in msgspec.json.encode(post).decode()
