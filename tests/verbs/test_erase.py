"""Erasing somebody: nothing of them is to be found in any byte of the circle, all others stay as they were, and they don't come back."""

import json
import shutil
import signal
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kring
from circles import ROOT, circle_of, environment, town, typed
from kring.errors import CircleError, UsageError
from kring.store.keep import packer_of
from kring.store.needles import Needles
from kring.store.open import reading, writing
from kring.verbs import erase as erasing
from store.content import everything

SERVER = "https://plaats.example"
SECRET = "xyzzyplugh"
"""A word that nobody else uses."""


ACTORS = {
    name: {"id": f"{SERVER}/users/{name}", "type": "Person", "preferredUsername": name, "name": full, "url": f"{SERVER}/@{name}"}
    for name, full in (("quirina", "Quirina van Zanten"), ("bram", "Bram Bakker"), ("quirinabel", "Someone Else"))
}


def status(name, number, content, **more):
    """A Mastodon post as its server writes it."""
    url = f"{SERVER}/users/{name}/statuses/{number}"
    return {
        "type": "Create",
        "id": f"{url}/activity",
        "actor": f"{SERVER}/users/{name}",
        "published": f"2024-03-05T10:{number % 60:02}:00Z",
        "object": {
            "id": url,
            "type": "Note",
            "attributedTo": ACTORS[name],
            "content": content,
            "published": f"2024-03-05T10:{number % 60:02}:00Z",
            "to": ["https://www.w3.org/ns/activitystreams#Public"],
            **more,
        },
    }


def mention(name):
    return {"type": "Mention", "href": f"{SERVER}/users/{name}", "name": f"@{name}@plaats.example"}


def collection(*things):
    return json.dumps({"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": things})


FEDIVERSE = collection(
    *ACTORS.values(),
    *(status("bram", n, f"<p>An ordinary day, the {n}th, with much to do</p>") for n in range(60)),
    *(status("quirina", n, f"<p>{SECRET}{n} is what I think of the bridge &amp; the water</p>") for n in range(100, 110)),
    status("quirina", 110, "<p>Fijn dat het weer zulk mooi weer is vandaag</p>"),
    status("bram", 200, '<p><a href="https://plaats.example/@quirina">@quirina</a> thank you, Quirina!</p>', tag=[mention("quirina")],
           inReplyTo=f"{SERVER}/users/quirina/statuses/100"),
    status("bram", 201, f"<p>&gt; {SECRET}101 is what I think of the bridge &amp; the water</p><p>So do I.</p>",
           inReplyTo=f"{SERVER}/users/quirina/statuses/101"),
    status("bram", 202, "<p>I met Quirina van Zanten at the market</p>"),
    status("bram", 203, "<p>Fijn dat het weer zulk mooi weer is vandaag</p>"),
    status("quirinabel", 300, "<p>My name begins like another's</p>"),
    {"type": "Like", "id": f"{SERVER}/l/1", "actor": f"{SERVER}/users/bram", "object": f"{SERVER}/users/quirina/statuses/100"},
    {"type": "Follow", "id": f"{SERVER}/f/1", "actor": f"{SERVER}/users/bram", "object": f"{SERVER}/users/quirina"},
    {"type": "Follow", "id": f"{SERVER}/f/2", "actor": f"{SERVER}/users/bram", "object": f"{SERVER}/users/quirinabel"},
)  # fmt: skip
CHAT = "".join(
    f"{line}\n"
    for line in (
        "12-03-2024 10:00 - Jan: Wie heeft er een ladder?",
        "12-03-2024 10:04 - Bo: Ik! Kom maar langs, Jan",
        f"12-03-2024 10:05 - Jan: {SECRET}chat dank je wel",
        "13-03-2024 09:00 - Cor: Wat een januari weer",
    )
)
OTHER_CHAT = CHAT.replace(SECRET, "andere")
PHONES = CHAT.replace("Jan:", "+31 6 12345678:").replace(", Jan", "").replace(SECRET, "belletje")


@pytest.fixture
def circle(tmp_path):
    with kring.new(tmp_path / "circle", zone="Europe/Amsterdam") as made:
        bring(made, tmp_path)
        yield made


def bring(
    circle, folder, some=("toots.json", "WhatsApp-chat met Straat.txt", "WhatsApp-chat met Club.txt", "WhatsApp-chat met Bel.txt"), more=""
):
    for name, text in zip(
        ("toots.json", "WhatsApp-chat met Straat.txt", "WhatsApp-chat met Club.txt", "WhatsApp-chat met Bel.txt"),
        (FEDIVERSE, CHAT, OTHER_CHAT, PHONES),
    ):
        if name in some:
            (folder / name).write_text(text + more, encoding="utf-8")
            circle.import_(folder / name, as_="activitystreams" if name == "toots.json" else "")


def held(circle):
    """All bytes of a circle's folder, and what lies compressed in it."""
    circle.close()
    found = {str(file): file.read_bytes() for file in circle.folder.rglob("*") if file.is_file() and file.name != "kring.key"}
    with reading(circle.engine) as c:
        packer = packer_of(c)
        found["raw"] = b"\n".join(packer.unpack(body) for body in c.exec_driver_sql("SELECT body FROM raw").scalars())
    circle.close()
    return found


def is_nowhere(circle, *words):
    for name, content in held(circle).items():
        for word in words:
            place = content.lower().find(word.lower().encode())
            assert place < 0, (word, name, content[max(0, place - 80) : place + 80])


QUIRINA = ("users/quirina/", "@quirina\0", "van zanten", SECRET)


def test_nothing_is_to_be_found_in_any_byte(circle):
    circle.report()
    circle.measure("degree")
    assert typed("graph", "build", "--circle", circle.folder, "--output", circle.folder / "drawn").code == 0
    assert any(b"quirina" in file.read_bytes() for file in (circle.folder / "drawn").iterdir())
    circle.consent("mastodon:quirina@plaats.example", "yes", evidence="Quirina van Zanten said so")
    (circle.folder / "reports" / "older.html").write_text("<p>Quirina van Zanten</p>", encoding="utf-8")
    done = circle.erase("mastodon:quirina@plaats.example")
    assert done.found == []
    assert (done.posts, done.accounts) == (11, 1)
    assert {"kring.db", "kring.toml"} <= set(done.searched)
    circle.erase("whatsapp:Straat/Jan")
    is_nowhere(circle, "quirina van", "van zanten", "@quirina@", "users/quirina/", "@quirina<", SECRET, "thank you, quirina")
    for name, content in held(circle).items():
        assert b"quirina" not in content.lower().replace(b"quirinabel", b""), name


def test_all_others_stay(circle):
    before = everything(circle.engine)
    circle.erase("mastodon:quirina@plaats.example")
    after = everything(circle.engine)
    theirs = [post for post in before["posts"] if "quirina" not in post.lower().replace("quirinabel", "")]
    assert set(theirs) <= set(after["posts"])
    assert len(after["posts"]) == len(before["posts"]) - 11
    texts = {post.text for post in circle.posts(author="mastodon:bram@plaats.example", limit=None)}
    assert "I met [erased] at the market" in texts
    assert "Fijn dat het weer zulk mooi weer is vandaag" in texts, "words that both wrote are his, too"
    assert any(text.startswith("> [erased]") and text.endswith("So do I.") for text in texts)
    assert not circle.search(SECRET).posts
    assert {check.what for check in circle.doctor() if not check.ok} == set()


COURTESY = collection(
    *ACTORS.values(),
    status("quirina", 400, f"<p>Alvast heel hartelijk dank voor alle moeite en tijd.</p><p>{SECRET} van de gracht, zeg ik</p>"),
    status("bram", 401, "<p>Wie komt er helpen?</p><p>Alvast heel hartelijk dank voor alle moeite en tijd</p>"),
    status("quirinabel", 402, "<p>&gt; Alvast heel hartelijk dank voor alle moeite en tijd.</p><p>Graag gedaan, Bram</p>",
           inReplyTo=f"{SERVER}/users/bram/statuses/401"),
    status("quirinabel", 403, f"<p>&gt; {SECRET} van de gracht, zeg ik</p><p>Zo is het</p>"),
)  # fmt: skip


@pytest.mark.parametrize("how", ["erase", "object"])
def test_a_quote_of_what_others_wrote_just_so_stays(tmp_path, how):
    """Before and after the same comes again; a line that only they wrote is masked, whoever quotes it."""
    (tmp_path / "toots.json").write_text(COURTESY, encoding="utf-8")
    with kring.new(tmp_path / "circle") as circle:
        circle.import_(tmp_path / "toots.json", as_="activitystreams")
        if how == "erase":
            circle.erase("mastodon:quirina@plaats.example")
        else:
            circle.consent("mastodon:quirina@plaats.example", "no")
        for _ in range(2):
            (thanks,) = circle.search("Graag", others=True).posts
            (quote,) = circle.search("Zo", others=True).posts
            assert thanks.text.startswith("> Alvast heel hartelijk dank voor alle moeite en tijd.")
            assert quote.text.startswith("> [erased]" if how == "erase" else "> [somebody]")
            circle.import_(tmp_path / "toots.json", as_="activitystreams")
            assert len(circle.posts(limit=None)) == 3


def test_erasing_one_jan_in_a_chat_does_not_erase_every_jan(circle):
    circle.erase("whatsapp:Straat/Jan")
    texts = {(post.place, post.author_name, post.text) for post in circle.posts(limit=None) if post.id.startswith("whatsapp")}
    assert ("Straat", "Bo", "Ik! Kom maar langs, [erased]") in texts
    assert ("Straat", "Cor", "Wat een januari weer") in texts
    assert ("Club", "Bo", "Ik! Kom maar langs, Jan") in texts
    assert ("Club", "Jan", "Wie heeft er een ladder?") in texts


@pytest.mark.parametrize("who", ["mastodon:quirina@plaats.example", "whatsapp:Straat/Jan", "whatsapp:Bel/+31 6 12345678"])
def test_they_stay_away_when_the_same_comes_again(circle, tmp_path, who):
    circle.erase(who)
    before = everything(circle.engine)
    with writing(circle.engine) as connection:
        connection.exec_driver_sql("UPDATE run SET digest = '', state = 'done'")  # as if another file held the same
    bring(circle, tmp_path)
    assert {k: v for k, v in everything(circle.engine).items() if k != "scopes"} == {k: v for k, v in before.items() if k != "scopes"}
    with reading(circle.engine) as c:
        assert who.encode() not in b"".join(c.exec_driver_sql("SELECT mac FROM suppression").scalars())
    if "quirina" in who:
        is_nowhere(circle, "quirina van", "van zanten", "users/quirina/", f"{SECRET}1")
    if "Jan" in who:
        is_nowhere(circle, f"{SECRET}chat")


def test_without_the_key_nothing_is_imported(circle, tmp_path):
    circle.erase("whatsapp:Straat/Jan")
    assert (circle.folder / "kring.key").stat().st_mode & 0o777 == 0o600
    (circle.folder / "kring.key").unlink()
    (tmp_path / "new.txt").write_text(CHAT.replace("ladder", "kruiwagen"), encoding="utf-8")
    with pytest.raises(CircleError, match=r"kring\.key"):
        circle.import_(tmp_path / "new.txt", as_="whatsapp:Straat")
    with pytest.raises(CircleError, match=r"kring\.key"):  # nor is anybody else erased with a new one
        circle.erase("mastodon:quirina@plaats.example")
    assert not (circle.folder / "kring.key").exists()
    (circle.folder / "kring.key").write_text("00" * 32)
    with pytest.raises(CircleError, match="not the one"):
        circle.import_(tmp_path / "new.txt", as_="whatsapp:Straat")
    assert not next(check for check in circle.doctor() if check.what == "erased").ok


def test_the_audit_log_forgets_them_and_still_holds(circle):
    circle.consent("mastodon:quirina@plaats.example", "no", evidence="a letter")
    circle.erase("mastodon:quirina@plaats.example")
    checked = circle.audit_check()
    assert (checked.ok, checked.blanked) == (True, 1)
    assert not any("quirina" in entry.details for entry in circle.audit(limit=None))
    assert circle.audit()[0].what == "person erase"


def test_of_an_archives_owner_the_dictionary_is_mended_too(circle, tmp_path):
    """Their address stands in every piece of their archive, so that it is in what the pieces are compressed with."""
    me = "mastodon:bram@plaats.example"
    with reading(circle.engine) as c:
        assert any(b"bram" in body for body in c.exec_driver_sql("SELECT body FROM dictionary").scalars())
    done = circle.erase(me)
    assert done.found == []
    is_nowhere(circle, "users/bram/", "bram bakker", "an ordinary day")
    texts = [post.text for post in circle.posts(limit=None) if post.author == "mastodon:quirina@plaats.example"]
    assert len(texts) == 11
    with reading(circle.engine) as c:
        packer = packer_of(c)
        raws = [packer.unpack(body) for body in c.exec_driver_sql("SELECT body FROM raw").scalars()]
    assert any(b"statuses/300" in raw for raw in raws), "pieces that don't speak of them can be read as before"


def test_a_chat_of_two_that_is_called_after_them_goes_whole(tmp_path):
    chat = tmp_path / "WhatsApp-chat met Loes Vermeer.txt"
    chat.write_text(CHAT.replace("Jan:", "Loes Vermeer:").replace("Cor:", "Bo:"), encoding="utf-8")
    with kring.new(tmp_path / "circle") as circle:
        circle.import_(chat)
        assert circle.erase_preview("Loes Vermeer").chats == ["Bo & Loes Vermeer"]
        assert circle.erase("Loes Vermeer").found == []
        assert not circle.places()
        is_nowhere(circle, "vermeer", SECRET)


def test_one_of_us_and_nobody_are_refused(circle):
    circle.us_add("mastodon:bram@plaats.example")
    for who in ("mastodon:bram@plaats.example", "nobody at all"):
        with pytest.raises(UsageError):
            circle.erase(who)


def test_who_deleted_their_account_is_erased_and_nobody_can_say_it_for_another(circle, tmp_path):
    def told(actor, whose):
        (tmp_path / "told.json").write_text(
            collection({"type": "Delete", "id": f"{SERVER}/d/{actor}", "actor": f"{SERVER}/users/{actor}", "object": ACTORS[whose]}),
            encoding="utf-8",
        )
        return circle.import_(tmp_path / "told.json", as_="activitystreams")[0].said

    assert told("bram", "quirina") == []
    assert len(circle.posts(author="mastodon:quirina@plaats.example", limit=None)) == 11
    circle.us_add("mastodon:bram@plaats.example")
    assert told("bram", "bram") == [], "never one of us"
    (said,) = told("quirina", "quirina")
    assert said == "1 accounts were deleted by their owners, as this export says: what was held of them (11 posts) is erased."
    is_nowhere(circle, "quirina van", "van zanten", "users/quirina/", SECRET + "1")
    assert told("quirinabel", "bram") == []


# -- killed in the middle

_KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
import kring
last, n = int(sys.argv[2]), 0
def count(*_):
    global n
    n += 1
    if n == last:
        os.kill(os.getpid(), signal.SIGKILL)
from kring.verbs import erase
if last < 0:
    before = getattr(erase, "_search")
    def stop(*given, **how):
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(erase, ["remove_reports", "emptied", "_search", "shred"][-last - 1], stop)
circle = kring.open(sys.argv[1])
event.listen(Engine, "before_cursor_execute", count)
circle.erase("mastodon:quirina@plaats.example")
print(n)
"""


def test_killed_at_any_moment_it_is_completed_when_the_circle_is_opened_again(circle, tmp_path):
    circle.report()
    circle.close()
    untouched = everything(circle.engine)
    circle.close()

    def killed(name, last):
        folder = tmp_path / name
        shutil.copytree(circle.folder, folder)
        env = environment(PYTHONPATH=f"{ROOT / 'src'}")
        return folder, subprocess.run(
            [sys.executable, "-c", _KILLED, folder, str(last)], env=env, capture_output=True, text=True, check=False
        )

    _, whole = killed("whole", 0)
    n = int(whole.stdout)
    for i, last in enumerate([*range(20, n, max(1, n // 6)), -1, -2, -3, -4]):
        folder, end = killed(f"k{i}", last)
        assert end.returncode == -signal.SIGKILL, end.stderr
        with kring.open(folder) as again:
            assert not (folder / erasing.FILE).exists()
            if everything(again.engine) == untouched:  # killed before it began
                again.erase("mastodon:quirina@plaats.example")
            is_nowhere(again, "van zanten", "users/quirina/", f"{SECRET}1")
            assert again.audit_check().ok
            assert not list((folder / "reports").glob("*"))


# -- the search


def test_what_is_looked_for_is_found_wherever_it_stands(tmp_path, monkeypatch):
    from kring.store import needles as room

    monkeypatch.setattr(room, "_CHUNK", 64)
    strings = [b"somewhere over", b"the rainbow", b"short", b"eight888"]
    needles = Needles(strings, [b"quirina@plaats"])
    for before in range(0, 140):
        text = b"." * before + b"SomeWhere over the RAINBOW; xquirina@plaats quirina@plaats quirina@plaatsen" + b"." * (before % 7)
        (tmp_path / "file").write_bytes(text)
        naive = sorted((text.lower().find(s), s) for s in (b"somewhere over", b"the rainbow", b"quirina@plaats "))
        found = sorted((place, needles.strings[i]) for place, i in needles.in_file(tmp_path / "file"))
        assert [place for place, _ in found] == [naive[0][0], naive[1][0], text.find(b" quirina") + 1]
    assert needles.rows([b"nothing", b"eight888eight888", b"", b"xeight888"]) == {1: {0}, 3: {0}}


words = st.binary(min_size=1, max_size=12).map(lambda raw: bytes(97 + byte % 3 for byte in raw))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200).map(lambda raw: bytes(65 + byte % 3 + 32 * (byte % 2) for byte in raw)), st.lists(words, max_size=6))
def test_the_search_finds_what_a_plain_one_finds(text, strings):
    found = {(place, needles.strings[i]) for needles in [Needles(strings)] for place, i in needles.places(text)}
    low = text.lower()
    assert found == {(k, s) for s in strings if len(s) >= 8 for k in range(len(low)) if low.startswith(s, k)}


# -- the command line, and a town


def test_the_command_asks_and_says_what_it_did(tmp_path):
    folder = circle_of(town(60), tmp_path / "circle")
    typed("export", tmp_path / "gone.ndjson", "--circle", folder)
    who = next(
        row["id"]
        for row in typed("people", "--circle", folder, "--format", "json", "--limit", "0").rows
        if row["id"].startswith("mastodon") and not row["us"]
    )
    dry = typed("person", "erase", who, "--dry-run", "--circle", folder)
    assert (dry.code, "Goes:" in dry.out) == (0, True)
    refused = typed("person", "erase", who, "--circle", folder)
    assert (refused.code, "Nothing was erased" in refused.err) == (130, True)
    done = typed("person", "erase", who, "--yes", "--circle", folder)
    assert (done.code, "Nothing of them is to be found" in done.out, "gone.ndjson" in done.out) == (0, True, True), done.out
    assert typed("person", "show", who, "--circle", folder).code == 2
    assert typed("doctor", "--circle", folder).code == 0


@pytest.mark.parametrize("network", ["mastodon", "stackexchange", "mail", "whatsapp"])
def test_people_of_a_town(network, tmp_path):
    """The busiest of each network, with all names and words they had, by a search that knows nothing of how they were erased."""
    with kring.open(circle_of(town(60), tmp_path / "circle")) as circle:
        who = next(
            person for person in circle.people(limit=None) if person.id.startswith(network) and not person.us and person.kind != "bot"
        )
        texts = [post.text for post in circle.posts(author=who.id, limit=None)]
        others = "\n".join(post.text for post in circle.posts(limit=None) if post.author != who.id)
        words = [
            text[-30:]
            for text in texts
            if len(text) > 40 and text[-30:] not in others and text.isascii() and not set(text) & set("&<>\"'\n")
        ]
        assert circle.erase(who.id).found == []
        bare = who.id.partition(":")[2]
        is_nowhere(circle, *[bare] * (network != "stackexchange"), *words)
        if network == "stackexchange":
            is_nowhere(circle, f'userid="{bare.rpartition("/")[2]}"')


# -- under another name of the site


def row(id, at, user, body, more='PostTypeId="2" ParentId="1"'):
    return f'  <row Id="{id}" {more} CreationDate="2024-01-27T{at}:19:05.000" OwnerUserId="{user}" Body="&lt;p&gt;{body}&lt;/p&gt;" />'


DUMP = "\n".join(
    (
        '<?xml version="1.0" encoding="utf-8"?>\n<posts>',
        row(1, 20, 11, "Which grinder do you take along?", 'PostTypeId="1" Title="Which grinder"'),
        row(2, 21, 12, "The small one with the handle"),
        row(3, 22, 13, "None, I drink tea"),
        "</posts>\n",
    )
)


def dump(folder, name, text=DUMP):
    file = folder / name / "Posts.xml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "as_", ["", ":COFFEE.stackexchange.com", ":coffee.stackexchange.com.", ":https://Coffee.StackExchange.com/", ":elsewhere"]
)
def test_they_stay_away_when_the_site_is_spelt_otherwise_or_not_named(as_, tmp_path):
    with kring.new(tmp_path / "circle") as circle:
        circle.import_(dump(tmp_path, "a"), as_="stackexchange:coffee.stackexchange.com")
        circle.erase("stackexchange:coffee.stackexchange.com/users/12")
        (done,) = circle.import_(dump(tmp_path, "b", DUMP + "\n"), as_=f"stackexchange{as_}")
        is_nowhere(circle, "small one with")
        assert {person.id.rpartition("/")[2] for person in circle.people(limit=None)} == {"11", "13"}
        if as_ in ("", ":elsewhere"):
            assert len(circle.people(limit=None)) == 4, "the others do come in under this name"
            (said,) = [each for each in done.said if "came back" in each]
            assert said.startswith("1 account came back under another name of the site (stackexchange:")
            assert "/users/12)" in said


def test_user_12_of_another_site_is_somebody_else(tmp_path):
    with kring.new(tmp_path / "circle") as circle:
        circle.import_(dump(tmp_path, "a"), as_="stackexchange:coffee.stackexchange.com")
        circle.erase("stackexchange:coffee.stackexchange.com/users/12")
        other = DUMP.replace("2024-01", "2023-05").replace("The small one", "A large dog")
        (done,) = circle.import_(dump(tmp_path, "c", other), as_="stackexchange:pets.stackexchange.com")
        assert any(person.id == "stackexchange:pets.stackexchange.com/users/12" for person in circle.people(limit=None))
        assert not any("came back" in each for each in done.said)


def test_a_chat_that_is_called_otherwise_brings_nobody_back(circle, tmp_path):
    circle.erase("whatsapp:Straat/Jan")
    (tmp_path / "again.txt").write_text(CHAT + "14-03-2024 09:00 - Cor: Hoi\n", encoding="utf-8")
    circle.import_(tmp_path / "again.txt", as_="whatsapp:Onze straat")
    texts = {(post.author_name, post.text) for post in circle.posts(limit=None) if post.place == "Onze straat"}
    assert texts == {("Bo", "Ik! Kom maar langs, [erased]"), ("Cor", "Wat een januari weer"), ("Cor", "Hoi")}
    is_nowhere(circle, f"{SECRET}chat")


def test_what_was_kept_before_it_told_who_came_back_goes_again(circle, tmp_path, monkeypatch):
    monkeypatch.setattr("kring.store.keep._BATCH_ITEMS", 1)
    circle.erase("whatsapp:Straat/Jan")
    (tmp_path / "again.txt").write_text("11-03-2024 10:00 - Jan: Hoi\n" + CHAT, encoding="utf-8")
    (done,) = circle.import_(tmp_path / "again.txt", as_="whatsapp:Onze straat")
    assert done.kept.returned == ["whatsapp:Onze straat/Jan"]
    assert not [post for post in circle.posts(limit=None) if post.place == "Onze straat" and "Jan" in (post.author_name, post.text[-3:])]


def test_without_the_key_what_is_here_already_is_not_taken_for_known(circle, tmp_path):
    circle.erase("whatsapp:Straat/Jan")
    (circle.folder / "kring.key").unlink()
    for dry_run in (False, True):
        with pytest.raises(CircleError, match=r"kring\.key"):
            circle.import_(tmp_path / "toots.json", as_="activitystreams", dry_run=dry_run)


# -- who else it may be


LETTERS = "".join(
    f"From {mail} Tue Mar  5 10:00:00 2024\nFrom: {name} <{mail}>\nTo: lijst@plaats.example\nDate: Tue, 05 Mar 2024 10:00:00 +0000\n"
    f"Message-ID: <{mail}>\nSubject: Iets\n\nIets van {name}\n\n"
    for name, mail in (("Quirina van Zanten", "quirina@post.example"), ("Cor Smit", "cor@post.example"))
)


def test_likely_others_are_named_and_left_alone(tmp_path):
    (tmp_path / "toots.json").write_text(FEDIVERSE, encoding="utf-8")
    (tmp_path / "list.mbox").write_text(LETTERS, encoding="utf-8")
    folder = tmp_path / "circle"
    with kring.new(folder) as circle:
        circle.import_(tmp_path / "toots.json", as_="activitystreams")
        circle.import_(tmp_path / "list.mbox")
    her, other = "mastodon:quirina@plaats.example", "mail:quirina@post.example"
    said = " ".join(typed("person", "object", her, "--circle", folder).out.split())
    assert f"Also looks like the same person: Quirina van Zanten ({other}, " in said
    assert typed("person", "consents", other, "--circle", folder, "--format", "json").rows == []
    said = " ".join(typed("person", "erase", her, "--dry-run", "--circle", folder).out.split())
    assert f"({other}, " in said
    assert "Merge first (kring person merge), or erase those too." in said
    assert "Also looks" not in typed("person", "erase", "mail:cor@post.example", "--dry-run", "--circle", folder).out
    typed("person", "apart", her, other, "--yes", "--circle", folder)
    assert "Also looks" not in typed("person", "erase", her, "--dry-run", "--circle", folder).out


def test_an_objection_of_ours_is_asked_about(circle):
    circle.us_add("mastodon:bram@plaats.example")
    circle.close()
    asked = typed("person", "object", "@bram@plaats.example", "--circle", circle.folder)
    assert (asked.code, "is one of us" in asked.err) == (2, True)
    assert circle.consents("mastodon:bram@plaats.example") == []
    assert typed("person", "object", "@bram@plaats.example", "--yes", "--circle", circle.folder).code == 0
    assert len(circle.consents("mastodon:bram@plaats.example")) == 1


@pytest.mark.parametrize(("words", "name"), [(("report", "-o"), "theirs.html"), (("network",), "theirs.gexf")])
def test_what_was_written_elsewhere_is_told_with_its_path(circle, tmp_path, words, name):
    beside = tmp_path / "passed-on" / name
    beside.parent.mkdir()
    assert typed(*words, beside, "--circle", circle.folder).code == 0
    done = erasing.erase(circle, "mastodon:quirina@plaats.example")
    assert any(str(beside) in line for line in done.elsewhere)
