"""What somebody is given of themselves: all of theirs, nothing that others said, and who asked is written down."""

import json
import zipfile

import pytest

import kring
from circles import circle_of, town, typed
from kring.errors import UsageError


@pytest.fixture
def circle(tmp_path):
    with kring.open(circle_of(town(60), tmp_path / "circle")) as opened:
        yield opened


def busiest(circle, network):
    return next(person for person in circle.people(limit=None) if person.id.startswith(network) and not person.us and person.kind != "bot")


def opened(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("network", ["mastodon", "stackexchange", "mail", "whatsapp"])
def test_all_of_theirs_and_no_words_of_others(circle, tmp_path, network):
    who = busiest(circle, network)
    circle.consent(who.id, "yes", scope="quote", evidence="asked at the fair")
    theirs = circle.posts(author=who.id, limit=None)
    given = circle.person_export(who.id, tmp_path / "it.zip", requested_by="The mayor")
    files = opened(tmp_path / "it.zip")
    assert set(files) == {"README.txt", "records.json", "noted.json", "others.json", "imports.json"}
    items = json.loads(files["records.json"])["orderedItems"]
    posts = [item for item in items if item["kring:record"] == "post"]
    assert len(posts) == given.counts["post"] >= len(theirs)
    assert {post.text for post in theirs} <= {item.get("content", "") for item in posts}
    mine = "\n".join(item.get("content", "") + item.get("name", "") for item in posts)
    for post in circle.posts(limit=None):
        if post.author != who.id and len(post.text) > 40 and post.text not in mine:
            assert json.dumps(post.text)[1:-1] not in "".join(files.values())
    noted = json.loads(files["noted.json"])
    assert noted["consents"][0]["evidence"] == "asked at the fair"
    assert json.loads(files["imports.json"])
    for word in ("Aangevraagd door: The mayor", "Asked for by: The mayor", who.id):
        assert word in files["README.txt"]
    assert "asked by The mayor" in circle.audit()[0].details


def test_what_answers_them_is_pointed_to(circle, tmp_path):
    posts = {post.id: post for post in circle.posts(limit=None)}
    answered = next(post for post in posts.values() if post.reply_to in posts and posts[post.reply_to].author not in ("", post.author))
    circle.person_export(posts[answered.reply_to].author, tmp_path / "it.zip", requested_by="me")
    assert answered.id in {each["id"] for each in json.loads(opened(tmp_path / "it.zip")["others.json"])}


def test_their_records_can_be_read_again(circle, tmp_path):
    who = busiest(circle, "mastodon")
    given = circle.person_export(who.id, tmp_path / "it.zip", requested_by="me")
    (tmp_path / "records.json").write_text(opened(tmp_path / "it.zip")["records.json"], encoding="utf-8")
    with kring.new(tmp_path / "other") as other:
        (done,) = other.import_(tmp_path / "records.json")
        assert (done.kept.posts, done.unread) == (given.counts["post"], [])


def test_the_command_wants_to_know_who_asks(circle, tmp_path):
    who = busiest(circle, "mail").id
    refused = typed("person", "export", who, "-o", tmp_path / "it.zip", "--circle", circle.folder)
    assert (refused.code, "--requested-by" in refused.err) == (2, True)
    assert not (tmp_path / "it.zip").exists()
    assert typed("person", "export", who, "-o", tmp_path / "it.zip", "--requested-by", "X", "--circle", circle.folder).code == 0
    assert typed("person", "export", who, "-o", tmp_path / "it.zip", "--requested-by", "X", "--circle", circle.folder).code != 0
    for wrong in (("nobody at all", "it.zip"), (who, "it.txt")):
        with pytest.raises(UsageError):
            circle.person_export(wrong[0], tmp_path / wrong[1], requested_by="me", force=True)
