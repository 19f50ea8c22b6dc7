"""Stack Exchange dumps beyond the pairs: a real site's figures, ids that don't depend on where a file lies, and rows of any shape."""

import html
import re
import tracemalloc
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.schema import Account, Asked, Event, Item, Place, Post, Scope
from kring.sources import stackexchange, xmlrows
from shared_data import shared
from sources.reading import page, pages_under, read


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def dump(*rows, name="Posts.xml", end="</posts>\n"):
    return page(name, ("<posts>\n" + "\n".join(rows) + "\n" + end).encode())


def question(n, more=""):
    return f'  <row Id="{n}" PostTypeId="1" CreationDate="2020-05-01T10:00:00.000" Body="x" OwnerUserId="{n % 7}" {more}/>'


@pytest.fixture(scope="module")
def coffee():
    """The site as read, and as counted by another parser."""
    path = shared("stackexchange_coffee", "Posts.xml")
    return read("stackexchange", pages_under(path)), list(ElementTree.parse(path).getroot())


def test_a_real_site_has_the_posts_it_is_known_to_have(coffee):
    (items, unreads, _), rows = coffee
    posts = records(items, Post)
    assert Counter(p.kind for p in posts) == {"question": 225, "answer": 327, "page": 40}
    assert len(posts) == len({p.id for p in posts}) == len(rows) == 592
    assert unreads == []
    (scope,), (place,) = records(items, Scope), records(items, Place)
    assert scope.place == place.id == posts[0].place
    assert (scope.since, scope.until) == (min(p.at for p in posts), max(p.at for p in posts))


def test_a_real_site_has_the_accounts_it_is_known_to_have(coffee):
    (items, _, notes), rows = coffee
    authors = {p.author for p in records(items, Post)}
    assert len(authors) == len({r.get("OwnerUserId") for r in rows}) == 116
    assert [(a.kind, a.id.rpartition("/")[2]) for a in records(items, Account)] == [("bot", "-1")]
    assert records(items, Account)[0].id in authors
    assert any("40 pages" in n.text for n in notes)
    assert any("bot" in n.text for n in notes)


def test_a_real_site_answers_and_accepts_as_counted_by_another_parser(coffee):
    (items, *_), rows = coffee
    posts = {p.id: p for p in records(items, Post)}
    answers = [p for p in posts.values() if p.kind == "answer"]
    owner = {r.get("Id"): r.get("OwnerUserId") for r in rows}
    counted = {r.get("ParentId") for r in rows if r.get("PostTypeId") == "2"}
    by_others = {r.get("ParentId") for r in rows if r.get("PostTypeId") == "2" and r.get("OwnerUserId") != owner[r.get("ParentId")]}
    assert len({a.reply_to for a in answers}) == len(counted) == 212
    assert len({a.reply_to for a in answers if a.author != posts[a.reply_to].author}) == len(by_others) == 208
    accepted = records(items, Event)
    assert {e.verb for e in accepted} == {"accept"}
    assert len(accepted) == sum("AcceptedAnswerId" in r.attrib for r in rows) == 105
    assert all(posts[posts[e.object].reply_to].author == e.actor for e in accepted)
    assert all(a.thread == a.reply_to and posts[a.reply_to].kind == "question" for a in answers)


def test_a_real_sites_texts_lose_no_word(coffee):
    (items, *_), rows = coffee
    for post, row in zip(records(items, Post), rows):
        words = [word for word in html.unescape(re.sub(r"<[^>]*>", " ", row.get("Body"))).split() if word.isalpha()]
        assert [word for word in words if word not in post.text] == [], post.id


def test_ids_do_not_depend_on_where_the_file_lies_or_what_follows():
    here, *_ = read("stackexchange", [dump(question(3), question(4), name="a/b/Posts.xml")])
    there, *_ = read("stackexchange", [dump(question(3), question(4), question(5), name="coffee.stackexchange.com/Posts.xml")])
    elsewhere, *_ = read("stackexchange", [dump(question(4), name="Posts.xml")])
    ids = [{p.id for p in records(items, Post)} for items in (here, there, elsewhere)]
    assert ids[0] < ids[1]
    assert not ids[0] & ids[2]
    assert [p.name for p in records(there, Place)] == ["coffee.stackexchange.com"]


def test_each_folder_is_a_site_of_its_own_and_no_name_is_given_to_two():
    pages = [dump(question(1), name="a/Posts.xml"), dump(question(2), name="b/Posts.xml")]
    items, _, notes = read("stackexchange", pages, place="coffee.stackexchange.com")
    assert len({p.id for p in records(items, Place)}) == 2
    assert not any("coffee" in p.id for p in records(items, Place))
    assert any("2 sites" in n.text for n in notes)


@pytest.mark.parametrize("cut", [1, 8, 9, 10, 11, 30, 200])
def test_a_dump_cut_off_never_claims_to_be_whole(cut):
    raw = dump(question(1), question(2), question(3)).open().read()
    items, unreads, _ = read("stackexchange", [page("Posts.xml", raw)])
    assert len(records(items, Scope)) == 1
    assert unreads == []
    items, unreads, _ = read("stackexchange", [page("Posts.xml", raw[: len(raw) - 1 - cut])])
    assert (records(items, Scope) == []) == (cut > 1) or cut == 1
    assert cut == 1 or unreads


def test_a_row_longer_than_a_record_may_be_is_said_and_the_next_is_found(monkeypatch):
    monkeypatch.setattr(xmlrows, "_CHUNK", 100)
    monkeypatch.setattr(xmlrows.pieces, "__kwdefaults__", {"longest": 5000})
    items, unreads, _ = read("stackexchange", [dump(question(1), question(2, f'Title="{"y" * 20_000}"'), question(3))])
    assert [p.id[-1] for p in records(items, Post)] == ["1", "3"]
    assert [(u.kind, u.where, len(u.raw)) for u in unreads] == [("too-large", "Posts.xml, row 2", 4096)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_other_encodings_are_understood(encoding):
    text = '<?xml version="1.0"?>\n<posts>\n' + question(1, 'Title="Zoë’s café"') + question(2) * 40 + "\n</posts>\n"
    items, unreads, _ = read("stackexchange", [page("Posts.xml", text.encode(encoding))])
    assert records(items, Post)[0].title == "Zoë’s café"
    assert len(records(items, Post)) == 41
    assert len(unreads) == (encoding == "cp1252"), "what is not as the format asks is said"


def test_broken_characters_and_nul_are_said_once():
    raw = dump(question(1, f'Title="{"é" * 40_000}"'), question(2, 'Title="Zo@"'), question(3, 'Title="a\0b"')).open().read()
    items, unreads, _ = read("stackexchange", [page("Posts.xml", raw.replace(b"@", b"\xff\xfe"))])
    assert [p.title for p in records(items, Post)][1:] == ["Zo\ufffd\ufffd", "ab"]
    assert [(u.kind, u.n) for u in unreads] == [("encoding", 2)]


def test_many_broken_rows_become_one_line_with_a_number():
    _, unreads, _ = read("stackexchange", [dump(*['  <row Id="1" />'] * 1000, question(1))])
    assert sum(u.n for u in unreads) == 1000
    assert len(unreads) == 101


@given(
    st.lists(st.dictionaries(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), st.text().filter(lambda t: "\0" not in t), max_size=4)),
    st.integers(1, 40),
)
def test_rows_come_back_as_they_went_in(rows, chunk):
    def attributes(values):
        return " ".join(f'{k}="{html.escape(v).replace(chr(13), "&#xD;")}"' for k, v in values.items())

    raw = "<posts>" + "".join(f"<row {attributes(each)}/>" for each in rows) + "</posts>"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xmlrows, "_CHUNK", chunk)
        pieces = list(xmlrows.pieces(page("x.xml", raw.encode("utf-8", "replace"))))
    assert b"".join(p.raw for p in pieces) == raw.encode("utf-8", "replace")
    got = [xmlrows.row(p.raw.decode())[0] for p in pieces[1:]]
    expected = [{k: v.encode("utf-8", "replace").decode() for k, v in each.items()} for each in rows]
    assert [{k: xmlrows.unescaped(v) for k, v in each.items()} for each in got] == expected


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [
        ("&amp;lt;&amp;apos;&amp;#65;", "&lt;&apos;&#65;"),
        ("&lt;&gt;&quot;&apos;&amp;", "<>\"'&"),
        ("&#65;&#x42;&#xa;&#9;", "AB\n\t"),
        ("&#0;&#xDFFF;&#x110000;&#99999999;&eacute;&", "\ufffd\ufffd&#99999999;&eacute;&"),
    ],
)
def test_entities_are_undone_once(escaped, meant):
    assert xmlrows.unescaped(escaped) == meant


@given(st.text())
def test_unescaping_never_raises(text):
    assert "\0" not in xmlrows.unescaped(text.replace("\0", ""))


def test_memory_does_not_grow_with_the_dump(monkeypatch):
    monkeypatch.setattr(xmlrows, "_CHUNK", 1 << 14)

    def peak(n):
        pages = [dump(*[question(i, f'Title="{"words " * 50}"') for i in range(n)])]
        tracemalloc.start()
        for each in stackexchange.read(pages, Asked()):
            assert isinstance(each, Item) or each.text
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak(4_000) < peak(500) + 200_000


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Posts.xml", b"\x89PNG\r\n\x1a\n"),
        ("posts.xml", b"<feed><entry/></feed>"),
        ("x.xml", b'<tags><row Id="1"/></tags>'),
        ("Posts.csv", b"<posts"),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, head):
    assert stackexchange.sniff(page(name, head)) < 0.5


def test_a_dump_without_names_says_how_to_give_them():
    def texts(pages, place=""):
        return " ".join(note.text for note in read("stackexchange", pages, place=place)[2])

    alone = texts([dump(question(1))])
    assert "--as stackexchange:" in alone
    assert "Users.xml" in alone
    users = page("Users.xml", b'<users>\n  <row Id="1" DisplayName="Anna" />\n</users>\n')
    assert "Users.xml" not in texts([dump(question(1)), users])
    assert "--as" not in texts([dump(question(1))], "coffee.stackexchange.com")
    assert "--as" not in texts([dump(question(1), name="coffee.stackexchange.com/Posts.xml")])
