"""The report: says what it was given, hurts nobody who opens it, and never says None."""

import csv
import dataclasses
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from kring.schema import Finding
from kring.show import sections, tables, values
from kring.show.content import Column, Export, Link, MapData, Report, Table, Waiting
from kring.show.report import render, safe_url
from show import sample

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202egnp.exe\u202c \x1b[31m\x00\ud800\ufffe {{ 7*7 }} & \"quoted'"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Collects tags, attributes, text and the value of each <data>; notices tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.data: list[tuple[str, str]] = []
        self.feed(text)
        assert self.open == [], "tags left open"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "data":
            self.data.append((dict(attrs)["value"], ""))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if not {"style"} & set(self.open):
            self.said.append(text)
        if self.open and self.open[-1] == "data":
            self.data[-1] = (self.data[-1][0], text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split(" "))


@pytest.fixture(scope="module")
def page() -> str:
    return render(sample.report(60))


def bare(**more: object) -> Report:
    return Report(**{"title": "A report", "circle": "test", "made_at": sample.MONDAY} | more)


def hostile_report() -> Report:
    people = MapData(ids=["a", "b"], labels=[HOSTILE, "javascript:alert(3)"], sources=[0], targets=[1])
    rows = ((Link(HOSTILE, "javascript:alert(4)"), HOSTILE, 3), (Link("well", 'https://town.example/a"b?x=<y>'), "", 1))
    table = Table(caption=HOSTILE, columns=(Column("Thread"), Column("First words"), Column("Posts", "posts")), rows=rows)
    waiting = (Waiting(text=HOSTILE, who=HOSTILE, where=HOSTILE, url="data:text/html,<script>1</script>"),)
    found = (
        Finding(name="response_rate", value=0.5, n=12, unit="share", warning=HOSTILE, method=HOSTILE, boundary=HOSTILE, paper=HOSTILE),
    )
    buckets = Finding(name="waiting_buckets", value=None, series=((HOSTILE, 3),))
    return bare(
        title=HOSTILE,
        circle=HOSTILE,
        us=(HOSTILE,),
        exports=(Export(name=HOSTILE, kind=HOSTILE),),
        sections=(sections.who(people), sections.response((*found, buckets), waiting=waiting), sections.activity(found, threads=table)),
    )


def test_what_people_wrote_is_never_markup():
    page = render(hostile_report())
    read = Reader(page)
    assert not [tag for tag, _ in read.tags if tag in ("script", "img", "iframe", "object", "embed", "base", "form")]
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on")]
    assert "<script>alert(1)" in read.text, "the words themselves are shown"
    assert "49" not in read.text.split("{{")[1].split("}}")[0]


def test_marks_that_turn_text_around_are_taken_out():
    page = render(hostile_report())
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b\x00\ufffe]", page)
    assert page.encode("utf-8")


def test_only_web_addresses_become_links():
    links = [attributes["href"] for tag, attributes in Reader(render(hostile_report())).tags if tag == "a"]
    assert [link for link in links if not link.startswith("#")] == ['https://town.example/a"b?x=<y>']


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:x",
        "data:text/html,x",
        "//town.example",
        "file:///etc/passwd",
        "https:",
        "http://[",
    ],
)
def test_an_address_that_is_not_one(url):
    assert safe_url(url) == ""


def test_nothing_is_fetched(page):
    for tag, attributes in Reader(page).tags:
        assert tag not in ("link", "script", "iframe", "image", "use"), "would be fetched"
        assert "src" not in attributes
        assert "srcset" not in attributes
        if tag == "a" and attributes["href"].startswith("http"):
            assert "noreferrer" in attributes["rel"]
    assert "@import" not in page
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", page)


def test_the_policy_forbids_scripts_and_fetching(page):
    policy = next(
        attributes["content"] for tag, attributes in Reader(page).tags if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_every_figure_is_the_same_in_page_json_and_csv(page):
    shown = set(map(tuple, Reader(page).data))
    findings = [
        each
        for section in sample.report(60).sections
        for each in section.findings
        if not each.by and not each.series and each.value is not None
    ]
    as_json = json.loads(tables.text(findings, "json"))
    as_csv = list(csv.DictReader(io.StringIO(tables.text(findings, "csv"))))
    assert len(findings) > 15
    for finding, from_json, from_csv in zip(findings, as_json, as_csv):
        assert from_json["value"] == finding.value == float(from_csv["value"])
        assert (str(finding.value), values.written(finding.value, finding.unit)) in shown
        if finding.low is not None:
            assert f"({values.interval(finding)})" in page


def test_ids_are_unique_and_all_that_is_referred_to_is_there(page):
    tags = Reader(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    referred = {attributes["href"][1:] for tag, attributes in tags if tag == "a" and attributes["href"].startswith("#")}
    referred |= {id for _, each in tags for name in ("aria-labelledby", "aria-describedby") for id in (each.get(name) or "").split()}
    assert referred <= set(ids)


def test_headings_come_in_order(page):
    levels = [int(tag[1]) for tag, _ in Reader(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scopes(page):
    tags = [tag for tag, _ in Reader(page).tags]
    assert tags.count("table") == tags.count("caption") >= 8
    assert all(attributes.get("scope") in ("row", "col") for tag, attributes in Reader(page).tags if tag == "th")


def test_pictures_have_names_for_those_who_do_not_see_them(page):
    tags = Reader(page).tags
    pictures = [attributes for tag, attributes in tags if tag == "svg" and attributes.get("role") == "img"]
    assert len(pictures) == 2 * sum(len(section.pictures) for section in sample.all_sections(40)), "wide and narrow"
    assert page.count("<title id=") == page.count("<svg")


def test_the_colours_follow_light_and_dark(page):
    body = page.split("</style>")[1]
    assert not re.search(r'(fill|stroke)="#', body)
    assert "var(--accent)" in body
    assert "prefers-color-scheme:dark" in page


def test_an_empty_circle_says_what_to_do():
    text = Reader(
        render(bare(sections=(sections.who(MapData(ids=[], labels=[], sources=[], targets=[])), *(make(()) for make in MAKERS))))
    ).text
    assert text.count("kring import") >= 5
    assert "kring us add" in text
    assert "Nobody has put a question to us" in text


MAKERS = (sections.contacts, sections.distances, sections.response, sections.activity)


def test_a_report_without_sections_stands():
    assert "kring import FILE" in render(bare())


def test_too_few_to_say_is_said_and_never_none():
    why = "one person's export is a star around them"
    names = (
        "mean_distance",
        "within_3",
        "reciprocity",
        "degree_assortativity",
        "median_degree",
        "response_rate",
        "median_response_time",
        "posts",
    )
    nothing = tuple(Finding(name=name, value=None, warning=why, unit="share") for name in names)
    text = Reader(render(bare(sections=tuple(make(nothing) for make in MAKERS)))).text
    assert "None" not in text
    assert "nan" not in text
    assert text.count("Too few to say") > 4 * len(names)
    assert f"Too few to say how often questions are answered: {why}." in text


def test_one_person_and_one_pair():
    alone = sections.who(MapData(ids=["a"], labels=["Anna"], sources=[0], targets=[0]))
    pair = sections.who(MapData(ids=["a", "b"], labels=["Anna", "Bram"], sources=[0], targets=[1]))
    assert "nothing to draw" in Reader(render(bare(sections=(alone,)))).text
    assert "All 2 people" in Reader(render(bare(sections=(pair,)))).text


def test_the_same_report_gives_the_same_page(page):
    assert render(sample.report(60)) == page


def test_a_fictional_circle_says_so_first(page):
    assert Reader(page).text.index("don’t exist") < Reader(page).text.index("Who is around us, and do we", 60)
    assert "don’t exist" not in render(dataclasses.replace(sample.report(60), fictional=False, sections=()))


def test_what_was_left_out_stands_there_with_its_reason(page):
    text = Reader(page).text
    for each in sample.report(60).left_out:
        assert each.what in text
        assert each.why in text


def test_more_rows_come_with_their_command(page):
    text = Reader(page).text.replace("\u202f", "")
    assert re.search(r"106 more:\s+kring posts --waiting", text)
    assert re.search(r"1204 more:\s+kring posts --threads", text)


def test_a_figure_without_method_is_only_called_counted_if_it_was():
    guessed = Finding(name="response_rate", value=0.5, low=0.4, high=0.6, interval_of="model", n=40, unit="share")
    exact = Finding(name="answered", value=20, n=40, n_of="questions")
    assert "No method was given" in render(bare(sections=(sections.response((guessed,)),)))
    assert "No method was given" not in render(bare(sections=(sections.response((exact,)),)))
