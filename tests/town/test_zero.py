"""Every planted effect can be taken away: with strength 0 it is gone, from the truth and, where it can be seen there, from the files."""

from datetime import UTC, datetime

import numpy as np
import pytest

from kring import town
from kring.town.strengths import USUAL
from town import files, test_society


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """The truth and folder of a town in which these effects are absent; built once for each."""
    built = {}

    def build(*names):
        if names not in built:
            folder = tmp_path_factory.mktemp("without")
            town.build(folder, people=200, seed=11, strengths=dict.fromkeys(names, 0.0))
            built[names] = files.truth(folder), folder
            assert all(built[names][0]["strengths"][name] == 0 for name in names)
        return built[names]

    return build


def outcomes(truth):
    return {question["outcome"] for question in truth["questions"]} | {a["how"] for q in truth["questions"] for a in q["answers"]}


def test_communities(without):
    told = without("communities")[0]["communities"]
    assert told["follows_within_quarter"] == pytest.approx(told["by_chance"], abs=0.06)


def test_reciprocity(without):
    truth, folder = without("reciprocity")
    assert truth["ties"]["follows"]["all"]["mutual_pairs"] == 0
    arcs = {(archive.id, other) for archive in files.archives(folder) for other in archive.follows}
    assert len(arcs) > 300
    assert not any((b, a) in arcs for a, b in arcs)


def test_opinion(without):
    truth, folder = without("opinion")
    assert truth["opinion"]["holders"] == 0
    assert not any(truth["opinion"]["hashtag"] in note.tags for archive in files.archives(folder) for note in archive.notes)


def test_hubs(tmp_path):
    gaps = []
    for seed in range(6):
        town.build(tmp_path / str(seed), people=100, seed=seed, strengths={"hubs": 0})
        told = files.truth(tmp_path / str(seed))["opinion"]
        gaps.append(told["mean_followers_of_holders"] / told["mean_followers"] - 1)
    assert abs(np.mean(gaps)) < 0.45


def test_polarisation(without):
    for topic in without("polarisation")[0]["topics"]:
        for kind in ("boosts", "replies"):
            assert topic[kind]["within_camp"] == pytest.approx(topic[kind]["by_chance"], abs=0.2)


def test_answering(without):
    truth, folder = without("answering")
    assert "town hall" not in outcomes(truth)
    us = truth["us"]["accounts"]["mail"]
    assert not [letter for letter in files.letters(folder, "mail/town-hall.mbox") if letter.author == us]
    (hall,) = (archive for archive in files.archives(folder) if archive.type == "Organization")
    assert not [note for note in hall.notes if note.reply_to]


def test_slowness(without):
    delays = [a["delay_s"] for q in without("slowness")[0]["questions"] for a in q["answers"] if a["how"] == "town hall"]
    assert len(delays) > 50
    assert max(delays) < 60


@pytest.mark.parametrize(("name", "how"), [("neighbours", "neighbour"), ("self_answers", "self"), ("bot_answers", "bot")])
def test_other_answers(without, name, how):
    truth, folder = without(name)
    assert how not in outcomes(truth)
    if name == "bot_answers":
        assert not [archive.notes for archive in files.archives(folder) if archive.type == "Service" and archive.notes]
    if name == "self_answers":
        assert all(a["by"] != q["by"] for q in truth["forum_questions"] for a in q["answers"])


def test_unmarked(without):
    assert all(question["question_mark"] for question in without("unmarked")[0]["questions"])


def test_traps(without):
    truth, folder = without("traps")
    assert truth["traps"] == []
    asked = {question["id"] for question in truth["questions"]}
    for letter in files.letters(folder, "mail/town-hall.mbox"):
        own = [line for line in letter.text.splitlines() if not line.startswith(">")]
        assert "?" not in "".join(own) or letter.id in asked


def test_forum_answers(without):
    told = without("forum_answers")[0]["forum"]
    assert told["questions"] > 20
    assert told["answered_by_others"] == told["accepted"] == 0


def test_thanks(without):
    truth = without("thanks")[0]
    assert truth["thankless"]["helps"] > 100
    assert truth["thankless"]["thanks"] == 0
    assert truth["forum"]["accepted"] == 0


def test_thankless(without):
    truth = without("thankless")[0]
    assert truth["thankless"]["planted"] == truth["thankless"]["realised"] == []
    assert any(helper["helped"] >= 10 for helper in truth["helpers"])


def test_rhythm(without):
    truth = without("rhythm")[0]
    asked = np.array(
        [question["at"] for question in truth["questions"] if question["channel"] == "mail"] + [q["at"] for q in truth["forum_questions"]]
    )
    assert len(asked) > 150
    hours = np.bincount(asked // 3600 % 24, minlength=24)
    assert ((hours - hours.mean()) ** 2 / hours.mean()).sum() < 50  # chi-squared with 23 degrees of freedom: p < .001 beyond 49.7
    lived = np.array([question["at"] for question in without("burst")[0]["questions"]])
    hours = np.bincount(lived // 3600 % 24, minlength=24)
    assert ((hours - hours.mean()) ** 2 / hours.mean()).sum() > 100


def test_burst(without):
    truth, folder = without("burst")
    assert truth["burst"]["mastodon"] == 0
    assert set(truth["burst"]["whatsapp"].values()) == {0}
    tag, day = truth["burst"]["hashtag"], datetime(2025, 2, 18, tzinfo=UTC).timestamp()
    notes = [note for archive in files.archives(folder) for note in archive.notes]
    assert not [note for note in notes if tag in note.tags]
    assert len([note for note in notes if day <= note.at < day + 86_400]) < 0.01 * len(notes)


def test_several(without):
    truth, folder = without("several")
    assert all(len({*person["accounts"]} - {"list"}) + bool(person.get("chats")) <= 1 for person in truth["people"])
    writers = {letter.author for letter in files.letters(folder, "mail/town-hall.mbox")}
    assert writers <= {person["accounts"].get("mail") for person in truth["people"]} | {truth["us"]["accounts"]["mail"], *bots(truth)}


def bots(truth):
    return [bot["accounts"].get("mail") for bot in truth["bots"]]


def test_aliases(without):
    truth, folder = without("aliases")
    names = {archive.id: archive.name for archive in files.archives(folder)}
    people = [person for person in truth["people"] if person["accounts"].get("mastodon") in names]
    assert len(people) > 50
    assert all(names[person["accounts"]["mastodon"]] == person["name"] for person in people)


def test_namesakes(without):
    assert without("namesakes")[0]["namesakes"] == []


def test_family_phone(without):
    truth, folder = without("family_phone")
    assert truth["shared_telephones"] == {}
    assert not [chat for chat in truth["chats"] if chat["name"] == "Havenfeest"]
    assert not list(folder.rglob("*Havenfeest*"))


def test_what_is_planted_of_names_is_there(tmp_path):
    town.build(tmp_path, people=400, seed=3, strengths={"namesakes": 0.1, "aliases": 0.3, "family_phone": 0.3})
    truth = files.truth(tmp_path)
    by_id = {person["id"]: person for person in truth["people"]}
    assert len(truth["namesakes"]) > 10
    for some in truth["namesakes"]:
        assert len({by_id[id]["quarter"] for id in some}) == len(some), "never two in one quarter's chat"
    assert 3 <= len(truth["shared_telephones"]) < 30
    for number, (one, other) in truth["shared_telephones"].items():
        written = [chats for id in (one, other) if number in (chats := by_id[id]["chats"]).values()]
        assert len(written) == 2
    names = {archive.id: archive.name for archive in files.archives(tmp_path)}
    known = [person for person in truth["people"] if person["accounts"].get("mastodon") in names]
    share = sum(names[person["accounts"]["mastodon"]] != person["name"] for person in known) / len(known)
    assert share == pytest.approx(0.3, abs=0.12)


def test_there_is_a_test_here_for_every_strength():
    named = {*globals(), *vars(test_society)}
    tested = {name.removeprefix("test_") for name in named if name.startswith("test_")} | {"neighbours", "self_answers", "bot_answers"}
    assert set(USUAL) <= tested


def test_all_at_once_still_builds(without):
    truth, folder = without(*sorted(USUAL))
    assert outcomes(truth) == {"nobody"}
    assert all(file.stat().st_size for file in folder.rglob("*.*"))
