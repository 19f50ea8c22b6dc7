"""Exports under pseudonyms: nothing in them tells who it was, two can't be laid beside each other; and how far structure alone betrays people."""

import collections
import csv
import io
import itertools
import json
import math
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

import kring
from circles import ROOT, circle_of, town, typed
from kring.errors import CircleError, UsageError
from kring.graph import NO_TIME
from kring.verbs.coarse import coarse
from kring.verbs.pseudonyms import Pseudonyms, _untold, small_places
from kring.verbs.times import written


@pytest.fixture
def circle(tmp_path):
    with kring.open(circle_of(town(100), tmp_path / "circle")) as opened:
        yield opened


def lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def test_nothing_tells_who_it_was(circle, tmp_path):
    people, posts = circle.people(limit=None), circle.posts(limit=None)
    circle.export(tmp_path / "it.ndjson", pseudonyms=True)
    head, *records = lines(tmp_path / "it.ndjson")
    assert "WARNING" in head["text"]
    assert "circle" not in head
    written = (tmp_path / "it.ndjson").read_text(encoding="utf-8")
    for person in people:
        assert person.id not in written
        for word in filter(None, (person.name, person.handle)):
            assert not re.search(rf"\b{re.escape(word)}\b", written), word
    assert not any(post.id in written for post in posts)
    assert not any(post.text in written for post in posts if len(post.text) > 15)
    assert {"post", "account", "event"} <= {record["type"] for record in records}
    assert head["n"] == len(records)


def when_and_what(circle, path):
    """Of each account under a pseudonym: in which periods it did what, in which network and place, as far as the export tells."""
    _, *records = lines(path)
    cells = collections.defaultdict(set)
    for record in records:
        if record["type"] in ("post", "event"):
            who = record.get("author") or record.get("actor") or record.get("receiver", "")
            what = record.get("verb", "post"), who.partition(":")[0], record.get("place", "")
            cells[who].add((*what, record["at"]) if "at" in record else None)
    return cells


def test_a_time_is_told_where_ten_people_hide_in_it(circle, tmp_path):
    circle.export(tmp_path / "it.ndjson", pseudonyms=True)
    cells = when_and_what(circle, tmp_path / "it.ndjson")
    people = collections.Counter(cell for mine in cells.values() for cell in mine if cell)
    assert people, "some are told"
    assert min(people.values()) >= 10
    assert all(cell[-1] % 86_400_000_000 == 0 for cell in people)
    assert sum(None in mine for mine in cells.values()) >= 10, "nor does it follow from the rest when the others did it"


def test_nothing_stands_in_the_order_in_which_it_was_written(circle, tmp_path):
    circle.export(tmp_path / "it.ndjson", pseudonyms=True, masked_text=True)
    known = [post.at for post in circle.posts(limit=None)]
    told = [record["at"] for record in lines(tmp_path / "it.ndjson")[1:] if record["type"] == "post" and "at" in record]
    steps = sum(one <= other for one, other in itertools.pairwise(told)) / (len(told) - 1)
    assert sorted(known) in (known, known[::-1])
    assert 0.3 < steps < 0.8


def test_a_day_of_few_people_is_no_export(circle, tmp_path):
    wrote = collections.defaultdict(set)
    for post in circle.posts(limit=None):
        wrote[written(post.at)[:10]].add(post.author)
    day = min(wrote, key=lambda day: len(wrote[day]))
    assert len(wrote[day]) < 10
    with pytest.raises(UsageError, match="ewer than 10 people"):
        circle.export(tmp_path / "it.ndjson", pseudonyms=True, since=day, until=day)
    assert list(tmp_path.glob("it*")) == []


@pytest.mark.parametrize(("days", "period"), [(7, "week"), (28, "month"), (90, "quarter"), (365, "year"), (9_000, "year")])
def test_the_finest_period_in_which_ten_people_wrote(days, period):
    """Ten people, each of whom writes once in so many days, evenly spread over these; from a Monday that begins a month, a quarter and a year."""
    day = 86_400_000_000
    person = np.tile(np.arange(10), 20)
    at = (17_532 * day + np.arange(200) * days * day // 10).astype(np.int64)
    made = coarse(at, person, np.zeros(200, np.int64))
    assert made.period == period
    shown = made.at != NO_TIME
    for begins in np.unique(made.at[shown]):
        assert len(np.unique(person[made.at == begins])) == 10
    assert (made.at[shown] <= at[shown]).all()
    assert shown.any() == (days < 9_000)


def test_two_exports_have_no_pseudonym_in_common(circle, tmp_path):
    ids = []
    for name in ("one", "two"):
        circle.export(tmp_path / f"{name}.ndjson", pseudonyms=True)
        ids.append({record["id"] for record in lines(tmp_path / f"{name}.ndjson")[1:] if "id" in record})
    assert len(ids[0]) == len(ids[1]) > 100
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("ending", ["zip", "xlsx", "json"])
def test_every_format_says_that_it_is_not_anonymous(circle, tmp_path, ending):
    done = circle.export(tmp_path / f"it.{ending}", pseudonyms=True)
    assert any("not anonymous" in sentence for sentence in done.said)
    if ending == "zip":
        with zipfile.ZipFile(tmp_path / "it.zip") as archive:
            assert "WARNING: this is not anonymous" in archive.read("README.txt").decode()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bel Anna Bakker op 06-1234 5678!", "Bel [name] op [number]!"),
        ("vraag het @anna@social.example of anna@post.example", "vraag het [handle] of [mail]"),
        ("NL91 ABNA 0417 1643 00 op naam van bakker", "[IBAN] op naam van bakker"),
        ("zie https://x.example/@anna, dank Anna", "zie [address] dank [name]"),
        ("een roos is een roos, zei Roos", "een roos is een roos, zei [name]"),
        ("Bel even.\nGroet,\nLi", "Bel even.\nGroet,\n[name]"),
        ("- li.\nLi komt ook", "- [name].\nLi komt ook"),
        ("In 2024 waren er 1500 mensen", "In 2024 waren er 1500 mensen"),
    ],
)
def test_what_is_masked_in_words(text, masked):
    assert Pseudonyms(["Anna Bakker", "Roos", "Li Chen"], (), masked_text=True).text(text) == masked


def test_small_places_are_not_told_apart_also_not_by_subtraction():
    assert small_places({"a": 30, "b": 12, "c": 9}) == {"c", "b"}
    assert small_places({"a": 30, "b": 2, "c": 9}) == {"b", "c"}
    assert small_places({"a": 30, "b": 12}) == set()


def test_masked_words_hold_no_name_of_the_town(circle, tmp_path):
    circle.export(tmp_path / "it.ndjson", pseudonyms=True, masked_text=True)
    written = (tmp_path / "it.ndjson").read_text(encoding="utf-8")
    assert any(record.get("text") for record in lines(tmp_path / "it.ndjson"))
    for person in circle.people(limit=None):
        if " " in person.name:
            assert person.name not in written
        assert person.id.partition(":")[2] not in written


def test_what_can_not_go_together_is_refused(circle, tmp_path):
    for wrong in ({"everything": True, "pseudonyms": True}, {"masked_text": True}):
        with pytest.raises(UsageError):
            circle.export(tmp_path / "it.ndjson", **wrong)
    said = typed("export", tmp_path / "it.zip", "--pseudonyms", "--circle", circle.folder)
    assert (said.code, "not anonymous" in said.err) == (0, True)
    assert circle.audit()[0].what == "export pseudonyms"


# -- a network alone


def network_of(circle, path, **how):
    written = circle.network(path, **how)
    people, ties = (list(csv.DictReader(io.StringIO(Path(each).read_text(encoding="utf-8")))) for each in written.paths[:2])
    return people, ties, written


def test_a_network_tells_who_is_tied_to_whom_and_not_who_it_is(circle, tmp_path):
    named, named_ties, _ = network_of(circle, tmp_path / "named.csv")
    people, ties, written = network_of(circle, tmp_path / "it.csv", pseudonyms=True)
    said = "".join(Path(path).read_text(encoding="utf-8") for path in written.paths)
    for person in circle.people(limit=None):
        for word in filter(None, (person.id, *person.accounts, person.name if " " in person.name else "")):
            assert word not in said, word
    assert [person["Label"] for person in people] == [person["Id"] for person in people] == sorted(person["Id"] for person in people)
    assert set(people[0]) == {"Id", "Label"}
    for when in ("First", "Last"):
        told = collections.defaultdict(set)
        for tie in ties:
            told[tie["Source"].partition(":")[0], tie[when]].add(tie["Source"])
        assert any(period for _, period in told), "some are told"
        assert all(len(people) >= 10 and re.fullmatch(r"[\d-]{10}(T00:00:00Z)?", period) for (_, period), people in told.items() if period)

    def shape(ties):
        out, into = (collections.Counter(tie[end] for tie in ties) for end in ("Source", "Target"))
        return sorted((out[tie["Source"]], into[tie["Target"]], tie["Weight"]) for tie in ties)

    assert (len(people), shape(ties)) == (len(named), shape(named_ties))
    page = (tmp_path / "it-README.txt").read_text(encoding="utf-8")
    assert ("not anonymous" in page, str(len(people)) in page) == (True, True)
    assert circle.audit()[0].what == "network pseudonyms"


def test_two_networks_have_no_pseudonym_in_common(circle, tmp_path):
    one, two = ({person["Id"] for person in network_of(circle, tmp_path / f"{name}.csv", pseudonyms=True)[0]} for name in ("one", "two"))
    assert len(one) == len(two) > 50
    assert not one & two


def test_where_somebody_is_from_is_told_of_ten_or_more(circle, tmp_path):
    people, _, _ = network_of(circle, tmp_path / "it.csv", pseudonyms=True)
    assert min(collections.Counter(person["Id"].partition(":")[0] for person in people).values()) >= 10
    assert _untold({"a": 30, "b": 12, "c": 9}) == {"b", "c"}
    assert _untold({"a": 30, "b": 12, "c": 9, "d": 3}) == {"c", "d"}
    assert _untold({"a": 30, "b": 4, "c": 3}) == {"a", "b", "c"}
    assert _untold({"a": 30, "b": 12}) == set()


def test_a_network_of_fewer_than_ten_hides_nobody_and_what_lies_there_stays(circle, tmp_path):
    with pytest.raises(UsageError, match="fewer than 10 people"):
        circle.network(tmp_path / "it.csv", pseudonyms=True, since="1999", until="1999")
    assert list(tmp_path.glob("it*")) == []
    (tmp_path / "it-README.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CircleError, match="already"):
        circle.network(tmp_path / "it.gexf", pseudonyms=True)
    said = typed("network", tmp_path / "it.gexf", "--pseudonyms", "--force", "--circle", circle.folder)
    assert (said.code, "not anonymous" in said.err, "it-README.txt" in said.out) == (0, True, True)


# -- the attack


def signatures(records):
    """Of each account: how many others it speaks to and is spoken to by, alone; and with the same of all of these others."""
    author = {record["id"]: record["author"] for record in records if record["type"] == "post" and record.get("author")}
    to, of = collections.defaultdict(set), collections.defaultdict(set)
    for record in records:
        if record["type"] == "post" and record.get("author"):
            others = {author.get(record.get("reply_to", "")), *record.get("mentions", ())} - {None, record["author"]}
            to[record["author"]] |= others
            for other in others:
                of[other].add(record["author"])
    people = {record["id"] for record in records if record["type"] == "account"} & (set(to) | set(of))
    degrees = {one: (len(to[one]), len(of[one])) for one in people}
    around = {one: (degrees[one], *sorted(degrees.get(other, (0, 0)) for other in to[one] | of[one])) for one in people}
    return degrees, around


def wilson(k, n, z=1.96):
    """An interval for a share."""
    middle, half = (k / n + z * z / 2 / n) / (1 + z * z / n), z / (1 + z * z / n) * math.sqrt(k / n * (1 - k / n) / n + z * z / 4 / n / n)
    return max(0.0, middle - half), middle + half


def found_again(known, exported):
    """How many people have a signature that only one person has, there and here: those are found, whatever they are called."""
    here, there = collections.Counter(exported.values()), collections.Counter(known.values())
    return sum(there[signature] == here[signature] == 1 for signature in known.values())


def shares(found, n):
    """In words, with an interval."""
    low, high = wilson(found, n)
    return f"{found} of {n} people ({found / n:.0%}; 95% interval {low:.0%} to {high:.0%})"


def told_by_times(cells, at_once):
    """How many people are told by so many of the periods in which they did something, or by all of them (0), if one knows the best."""
    everybody = collections.defaultdict(set)
    mine = {who: cells_of - {None} for who, cells_of in cells.items()}
    for who, cells_of in mine.items():
        for cell in cells_of:
            everybody[cell].add(who)
    known = {who: itertools.combinations(cells_of, at_once or len(cells_of)) for who, cells_of in mine.items() if cells_of}
    return sum(any(len(set.intersection(*(everybody[cell] for cell in some))) == 1 for some in ways) for ways in known.values())


def test_times_tell_people_when_nothing_is_coarse():
    """The measure of the next test, on something that it must find."""
    cells = {"a": {1, 2}, "b": {2, 3}, "c": {3, 1}, "d": {9}, "e": {1, 2, 3, None}}
    assert (told_by_times(cells, 1), told_by_times(cells, 2), told_by_times(cells, 3)) == (1, 0, 1)
    assert told_by_times(cells, 0) == 2


def test_what_remains_betrays_people_as_often_as_the_docs_say(tmp_path):
    """Attackers who know how many contacts each person of the town has, and each contact's; or when they did something, what and where."""
    with kring.open(circle_of(town(300), tmp_path / "circle")) as circle:
        circle.export(tmp_path / "known.ndjson")
        circle.export(tmp_path / "it.ndjson", pseudonyms=True)
        circle.network(tmp_path / "it.csv", pseudonyms=True)
        cells = when_and_what(circle, tmp_path / "it.ndjson")
    known, exported = (signatures(lines(tmp_path / name)[1:]) for name in ("known.ndjson", "it.ndjson"))
    n = len(known[0])
    assert len(exported[0]) == n
    said = [shares(found_again(mine, theirs), n) for mine, theirs in zip(known, exported)]
    said += [shares(told_by_times(cells, at_once), len(cells)) for at_once in (1, 2, 0)]
    pages = [(ROOT / "docs" / "privacy.md").read_text(encoding="utf-8"), lines(tmp_path / "it.ndjson")[0]["text"]]
    pages.append((tmp_path / "it-README.txt").read_text(encoding="utf-8"))
    for page in pages:
        assert all(each in " ".join(page.split()) for each in said), said
