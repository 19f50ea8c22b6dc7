"""Exports under pseudonyms: nothing in them tells who it was, two can't be laid beside each other; and how far structure alone betrays people."""

import collections
import csv
import io
import json
import math
import re
import zipfile
from pathlib import Path

import pytest

import kring
from circles import ROOT, circle_of, town, typed
from kring.errors import CircleError, UsageError
from kring.verbs.pseudonyms import Pseudonyms, _untold, small_places


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
    assert all(record.get("at", 0) % 86_400_000_000 == 0 for record in records)
    assert {"post", "account", "event"} <= {record["type"] for record in records}
    assert head["n"] == len(records)


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
        ("In 2024 waren er 1500 mensen", "In 2024 waren er 1500 mensen"),
    ],
)
def test_what_is_masked_in_words(text, masked):
    assert Pseudonyms(["Anna Bakker", "Roos"], (), masked_text=True).text(text) == masked


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
    assert all(tie[when] == "" or re.fullmatch(r"[\d-]{10}(T00:00:00Z)?", tie[when]) for tie in ties for when in ("First", "Last"))

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
    return middle - half, middle + half


def found_again(known, exported):
    """How many people have a signature that only one person has, there and here: those are found, whatever they are called."""
    here, there = collections.Counter(exported.values()), collections.Counter(known.values())
    return sum(there[signature] == here[signature] == 1 for signature in known.values())


def test_structure_betrays_people_as_often_as_the_docs_say(tmp_path):
    """An attacker who knows how many contacts each person of the town has, and each contact's, against an export under pseudonyms."""
    with kring.open(circle_of(town(300), tmp_path / "circle")) as circle:
        circle.export(tmp_path / "known.ndjson")
        circle.export(tmp_path / "it.ndjson", pseudonyms=True)
    known, exported = (signatures(lines(tmp_path / name)[1:]) for name in ("known.ndjson", "it.ndjson"))
    n = len(known[0])
    assert len(exported[0]) == n
    said = []
    for mine, theirs in zip(known, exported):
        k = found_again(mine, theirs)
        low, high = wilson(k, n)
        said.append(f"{k} of {n} people ({k / n:.0%}; 95% interval {low:.0%} to {high:.0%})")
    page = " ".join((ROOT / "docs" / "privacy.md").read_text(encoding="utf-8").split())
    assert all(each in page for each in said), said
