"""Feeds beyond the pairs: what any writer writes comes back, mistakes cost one entry, and nothing in a file can do harm."""

import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.schema import Account, Asked, Event, Post
from kring.sources import feeds, feeds_xml, xmlrows
from kring.sources.feeds_entries import when_of
from kring.sources.zones import Zone
from sources.reading import page, pages_under, read

ITEM = "<item><title>{n}</title><link>https://e.example/{n}</link><pubDate>Wed, 01 May 2024 08:00:00 GMT</pubDate></item>"


def rss(*items, head="", root="rss"):
    inside = "".join(items)
    return f'<?xml version="1.0"?><{root} version="2.0"><channel><title>T</title>{head}{inside}</channel></{root}>'.encode(
        "utf-8", "surrogatepass"
    )


def read_one(raw, name="feed.xml", **asked):
    items, unreads, notes = read("feeds", [page(name, raw)], **asked)
    return [record for item in items for record in item.records], unreads, notes


def posts_of(raw, **asked):
    return [record for record in read_one(raw, **asked)[0] if isinstance(record, Post)]


# ---- what others write --------------------------------------------------------------------------------------------------------------------------


def test_seven_programs_say_the_same():
    """feedgen and feedgenerator (PyPI), feed and rss (npm) wrote these of the same two articles, as RSS and as Atom."""
    seen = set()
    for each in pages_under(Path(__file__).parent / "feeds" / "software.pages"):
        records, unreads, _ = read_one(each.open().read())
        assert unreads == []
        posts = [r for r in records if isinstance(r, Post)]
        assert [p.id for p in posts] == ["feeds:https://library.example/open", "feeds:https://library.example/closed"]
        seen.update((p.url, p.at, p.text, p.tags) for p in posts)
    assert len(seen) == 2


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Z"]), min_size=1, max_size=12)
lines = st.lists(words, min_size=1, max_size=5).map(" ".join)
zones = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
times = st.datetimes(datetime(1971, 1, 2), datetime(2099, 12, 30), timezones=zones).map(lambda time: time.replace(microsecond=0))
made = st.lists(st.tuples(lines, lines, times, st.lists(lines, max_size=3, unique=True)), max_size=6)


def tidy(text):
    return " ".join(text.replace("\xa0", " ").split())


def as_rss(entries):
    """Written by Python's ElementTree."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    ElementTree.SubElement(channel, "title").text = "T"
    for n, (title, text, at, tags) in enumerate(entries):
        item = ElementTree.SubElement(channel, "item")
        for name, value in (("title", escape(title)), ("description", f"<p>{escape(text)}</p>"), ("guid", f"https://e.example/{n}")):
            ElementTree.SubElement(item, name).text = value
        ElementTree.SubElement(item, "pubDate").text = format_datetime(at)
        for tag in tags:
            ElementTree.SubElement(item, "category").text = tag
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def as_atom(entries):
    """Written by hand, with CDATA, prefixes and another way to say it all."""
    out = ['<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:id>urn:f</a:id>']
    for n, (title, text, at, tags) in enumerate(entries):
        html = f"<p>{escape(text)}</p>".replace("]]>", "]]&gt;")
        out.append(f'<a:entry><a:id>https://e.example/{n}</a:id><a:title type="text">{escape(title)}</a:title>')
        out.append(f'<a:content type="html"><![CDATA[{html}]]></a:content><a:updated>{at.isoformat()}</a:updated>')
        out += [f"<a:category term={quoteattr(tag)}/>" for tag in tags]
        out.append("</a:entry>")
    return "".join([*out, "</a:feed>"]).encode()


@settings(deadline=None, max_examples=80)
@given(entries=made, writer=st.sampled_from([as_rss, as_atom]))
def test_what_is_written_comes_back(entries, writer):
    posts = posts_of(writer(entries))
    assert len(posts) == len(entries)
    for n, (post, (title, text, at, tags)) in enumerate(zip(posts, entries)):
        assert post.id == f"feeds:https://e.example/{n}"
        assert (post.title, post.text) == (tidy(title), tidy(text))
        assert post.at == at.timestamp() * 1e6
        assert post.offset_s == at.utcoffset().total_seconds()
        assert [tidy(tag) for tag in post.tags] == [tidy(tag) for tag in tags]


PARTS = [
    "<item>",
    "</item>",
    "<item a='1'/>",
    f"<item a='{'x' * 90}'/>",
    "<items>",
    "</items>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<entry>",
    "</entry>",
    "<x:item>",
    "</x:item>",
    "<title>t</title>",
    "x" * 70,
    "<",
    ">",
]


@settings(deadline=None, max_examples=150)
@given(parts=st.lists(st.sampled_from(PARTS), max_size=25), size=st.integers(1, 40))
def test_entries_are_cut_the_same_whatever_the_chunks(parts, size):
    raw = rss("".join(parts))

    def cut(chunk):
        old, xmlrows._CHUNK = xmlrows._CHUNK, chunk
        try:
            return [(p.number, p.raw, p.whole) for p in feeds_xml.pieces(page("x", raw), "utf-8")]
        finally:
            xmlrows._CHUNK = old

    assert cut(size) == cut(1 << 20)


# ---- mistakes -------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<item><title>AT&T &nbsp;&eacute; &#233; &#xE9; &unknown; &</title></item>", "AT&T é é é &unknown; &"),
        ("<item><title>a\x01b\x0bc</title></item>", "abc"),
        ("<item><title>&#0;&#1;&#xD800;&#x110000;x&#99999999;</title></item>", "x\ufffd"),
        ("<item><foo:title>no</foo:title><title>yes</title></item>", "yes"),
        ("<item><title><![CDATA[&amp; a < b]]></title></item>", "& a < b"),
        ("<item><title>a <b>b</b></title></item>", "a b"),
    ],
)
def test_mistakes_that_can_be_mended_are(item, title):
    assert [post.title for post in posts_of(rss(item))] == [title]


def test_a_broken_entry_costs_that_entry_only():
    raw = rss(ITEM.format(n=1), "<item><title>no</item>", ITEM.format(n=3), "<item><a></b></item>", ITEM.format(n=5))
    records, unreads, _ = read_one(raw)
    assert [r.title for r in records if isinstance(r, Post)] == ["1", "3", "5"]
    assert [(u.kind, u.where) for u in unreads] == [("broken", "feed.xml, entry 2"), ("broken", "feed.xml, entry 4")]


@pytest.mark.parametrize("cut", range(1, 260, 9))
def test_a_feed_cut_anywhere_says_so(cut):
    whole = rss(ITEM.format(n=1), ITEM.format(n=2))
    records, unreads, _ = read_one(whole[:-cut])
    assert len([r for r in records if isinstance(r, Post)]) <= 2
    assert unreads
    assert all(u.next for u in unreads)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "windows-1252", "utf-16", "koi8-r", "shift_jis", "gb2312"])
def test_encodings(encoding):
    text = {"koi8-r": "Привет", "shift_jis": "図書館", "gb2312": "图书馆"}.get(encoding, "Zoë")
    raw = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><rss><channel><title>{text}</title><item><title>{text}</title>'
    raw += "<link>https://e.example/1</link></item></channel></rss>"
    items, unreads, _ = read_one(raw.encode(encoding))
    assert [r.name for r in items if isinstance(r, Account)] == [text]
    assert [r.title for r in items if isinstance(r, Post)] == [text]
    assert {u.kind for u in unreads} == {"implausible-time"}


@pytest.mark.parametrize("declared", ["zip", "rot13", "utf-7", "nonsense", "hex", "idna"])
def test_encodings_that_are_none_do_no_harm(declared):
    raw = f'<?xml version="1.0" encoding="{declared}"?><rss><channel>{ITEM.format(n=1)}</channel></rss>'.encode()
    assert [post.title for post in posts_of(raw)] in (["1"], [])


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2024-05-01T10:00:00+02:00", "2024-05-01T08:00:00"),
        ("2024-05-01T10:00:00.25Z", "2024-05-01T10:00:00.25"),
        ("2024-05-01 10:00:00 +0200", "2024-05-01T08:00:00"),
        ("2024-05-01", "2024-05-01"),
        ("2024-05", "2024-05-01"),
        ("2024", "2024-01-01"),
        ("Wed, 01 May 2024 10:00:00 EST", "2024-05-01T15:00:00"),
        ("Wed, 1 May 24 10:00 +0200", "2024-05-01T08:00:00"),
        ("wo, 01 mei 2024 10:00:00 +0200", "2024-05-01T08:00:00"),
        ("Wed May  1 10:00:00 2024", "2024-05-01T10:00:00"),
        ("1601-01-01", None),
        ("2999-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_in_all_forms(written, at):
    when = when_of(written, Zone(""))
    assert (when and when.at) == (at and datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1e6)


def test_the_users_zone_is_for_times_without_one():
    item = "<item><title>{}</title><pubDate>{}</pubDate></item>"
    raw = rss(item.format("a", "2024-01-01T12:00:00"), item.format("b", "1 Jan 2024 12:00"), item.format("c", "2024-01-01T12:00:00Z"))
    assert [(p.zone, p.offset_s) for p in posts_of(raw, zone="Europe/Amsterdam")] == [("Europe/Amsterdam", 3600)] * 2 + [("UTC", 0)]


# ---- ids ------------------------------------------------------------------------------------------------------------------------------------------


def test_an_entry_has_the_same_id_in_every_copy_of_its_feed():
    bare = "<item><title>x</title><description>{}</description><pubDate>Wed, 01 May 2024 08:00:00 GMT</pubDate></item>"
    link = "<link>https://e.example</link>"
    one = posts_of(rss(bare.format("one"), bare.format("two"), head=link))
    later = posts_of(rss(bare.format("new"), bare.format("one"), head=link))
    assert one[0].id == later[1].id
    assert len({post.id for post in (*one, *later)}) == 3


def test_a_number_is_an_id_within_its_feed_only():
    item = "<item><title>x</title><guid>17</guid></item>"
    ids = {posts_of(rss(item, head=f"<link>https://{host}.example</link>"))[0].id for host in ("a", "b")}
    assert ids == {"feeds:https://a.example#17", "feeds:https://b.example#17"}


def test_an_author_who_is_only_a_name_is_one_within_the_feed():
    item = "<item><title>x</title><author>Anna</author></item>"
    authors = {posts_of(rss(item, item, head=f"<link>https://{host}.example</link>"))[0].author for host in ("a", "b")}
    assert len(authors) == 2


@pytest.mark.parametrize(
    ("written", "id", "name"),
    [
        ("anna@e.example (Anna de Vries)", "feeds:anna@e.example", "Anna de Vries"),
        ("Anna de Vries &lt;Anna@E.example&gt;", "feeds:anna@e.example", "Anna de Vries"),
        ("anna@e.example", "feeds:anna@e.example", ""),
        ("Anna", "feeds:feed.xml#Anna", "Anna"),
    ],
)
def test_authors_of_rss(written, id, name):
    records, *_ = read_one(rss(f"<item><title>x</title><author>{written}</author></item>"))
    assert [r.author for r in records if isinstance(r, Post)] == [id]
    assert [r.name for r in records if isinstance(r, Account) and r.id == id] == ([name] if name else [])


# ---- harm -----------------------------------------------------------------------------------------------------------------------------------------

LOLS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{LOLS}]>'
FILE = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("before", "entity"), [(BOMB, "l11"), (FILE, "f")])
@pytest.mark.parametrize("kind", ["rss", "atom", "opml", "head"])
def test_entities_that_a_file_defines_are_only_text(before, entity, kind):
    body = {
        "rss": f"<rss><channel><item><title>&{entity};</title></item></channel></rss>",
        "atom": f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&{entity};</title></entry></feed>',
        "opml": f'<opml><body><outline text="&{entity};" xmlUrl="https://e.example"/></body></opml>',
        "head": f"<rss><channel><title>&{entity};</title></channel></rss>",
    }[kind]
    raw = (before + body).encode()
    assert feeds.sniff(page("feed.xml", raw)) == 1.0
    records, *_ = read_one(raw)
    said = [getattr(r, "title", "") or getattr(r, "name", "") for r in records]
    assert f"&{entity};" in said
    assert all(len(each) < 100 for each in said)
    assert "root:" not in repr(records)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 100_000 + "</a>" * 100_000,
        "<description>" + "<p>" * 60_000 + "</p>" * 60_000 + "</description>",
        "<x " + " ".join(f'a{n}="{n}"' for n in range(60_000)) + "/>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><title>&a;</title>",
        "&" * 500_000,
        "<![CDATA[" * 50_000,
        "<!--" * 50_000,
        "".join(f"<p{n}:x/>" for n in range(20_000)),
        "<title>" + "<" * 300_000 + "</title>",
        "<category>x</category>" * 50_000,
        "<item" * 100_000,
    ],
    ids=lambda each: each[:12],
)
def test_no_entry_takes_long_or_ends_the_reading(inside):
    records, unreads, _ = read_one(rss(f"<item>{inside}</item>", ITEM.format(n="after")))
    assert unreads or [r.title for r in records if isinstance(r, Post)][-1] == "after"


def test_an_entry_longer_than_a_record_may_be_is_said(monkeypatch):
    monkeypatch.setattr(xmlrows, "_CHUNK", 1 << 10)
    monkeypatch.setattr(feeds_xml.pieces, "__kwdefaults__", {"longest": 5000})
    long = f"<item><title>long</title><description>{'word ' * 5000}</description></item>"
    records, unreads, _ = read_one(rss(ITEM.format(n=1), long, ITEM.format(n=3)))
    assert [r.title for r in records if isinstance(r, Post)] == ["1", "3"]
    assert [(u.kind, u.where) for u in unreads] == [("too-large", "feed.xml, entry 2")]


def test_memory_does_not_grow_with_the_feed(monkeypatch):
    monkeypatch.setattr(xmlrows, "_CHUNK", 1 << 14)

    def peak(n):
        raw = rss(*[ITEM.format(n=i) + " " * 200 for i in range(n)])
        given_page = page("x.xml", raw)
        tracemalloc.start()
        for _ in feeds.read([given_page], Asked()):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4_000) < peak(500) + 100_000


# ---- lists of feeds -------------------------------------------------------------------------------------------------------------------------------


def test_without_an_owner_there_are_no_ties():
    raw = b'<opml version="2.0"><head><ownerName>Anna</ownerName></head><body><outline xmlUrl="https://a.example/rss" text="A"/></body></opml>'
    records, unreads, notes = read_one(raw, "x.opml")
    assert [type(r) for r in records] == [Account]
    assert unreads == []
    assert "doesn't say whose" in notes[0].text


def test_an_owner_follows_each():
    body = "".join(f'<outline text="{n}" xmlUrl="https://{n}.example/rss"/>' for n in range(5))
    raw = f"<opml><head><ownerEmail>Anna@E.example</ownerEmail></head><body>{body}</body></opml>".encode()
    records, *_ = read_one(raw, "x.opml")
    follows = [r for r in records if isinstance(r, Event)]
    assert {(f.verb, f.actor) for f in follows} == {("follow", "feeds:anna@e.example")}
    assert [f.object for f in follows] == [f"feeds:https://{n}.example/rss" for n in range(5)]


def test_a_feed_in_a_list_is_the_feed_itself():
    own = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="https://e.example/rss"/><link>https://e.example</link>'
    feed = next(r for r in read_one(rss(ITEM.format(n=1), head=own))[0] if isinstance(r, Account))
    listed = read_one(b'<opml><body><outline xmlUrl="https://e.example/rss" text="T" htmlUrl="https://e.example"/></body></opml>')[0][0]
    assert feed == listed


# ---- mine or not ----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"<html><body><rss></rss></body></html>",
        b"<?xml version='1.0'?><posts><row/></posts>",
        b"<feed><entry>cattle</entry></feed>",
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:foaf='http://xmlns.com/foaf/0.1/'></rdf:RDF>",
        b"<!-- never closed <rss>",
        b"<!DOCTYPE rss [",
        b"<rssx>",
        b"text <rss>",
    ],
)
def test_what_only_looks_like_it_is_not_claimed(raw):
    assert feeds.sniff(page("x.xml", raw)) < 0.5


@pytest.mark.parametrize(
    "raw",
    [
        b"<rss>",
        b"  \n<!-- a --><?xml-stylesheet?>\n<rss version='0.91'>",
        b"<?xml version='1.0'?><!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://my.netscape.com/rss-0.91.dtd'><rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>",
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#">',
        '<?xml version="1.0" encoding="utf-16"?><rss>'.encode("utf-16") + "x".encode("utf-16-le") * 500,
        b"<OPML version='1.1'>",
    ],
)
def test_feeds_are_recognised(raw):
    assert feeds.sniff(page("x", raw)) > 0.5


def test_every_pattern_is_quick():
    """A megabyte of each beginning: a quadratic pattern would take days, and the gate's time limit would end it."""
    for piece in (
        "<!DOCTYPE [",
        "<!--",
        "<?",
        "<rss xmlns:a='",
        "<rss " + "a" * 50,
        " xmlns=",
        "<rss xml:lang='",
        "<outline a='b'",
        "<outline a=",
    ):
        raw = (piece * (1_000_000 // len(piece))).encode()
        feeds.sniff(page("x.xml", raw))
        list(feeds.read([page("x.xml", raw)], Asked()))
        list(feeds.read([page("x.xml", b"<opml>" + raw)], Asked()))
