"""What is true of the town's societies: as the files show it to somebody who reads them afresh; and what strength 0 takes away."""

import csv
from collections import Counter, defaultdict

import numpy as np
import pytest

from kring import town
from kring.town import clubs, strengths, world
from kring.town.sheet import HALL, Act
from town import files

DAY = 86_400


@pytest.fixture(scope="module")
def truth(folder):
    return files.truth(folder)


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """The truth and folder of a town of 200 in which one effect has another strength than usual."""
    built = {}

    def build(**strengths):
        key = tuple(strengths.items())
        if key not in built:
            folder = tmp_path_factory.mktemp("society")
            town.build(folder, people=200, seed=11, strengths=strengths)
            built[key] = files.truth(folder), folder
        return built[key]

    return build


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def majority(folder, name):
    """Of those who follow anybody and hold it, and of the others: the share that sees a majority, from the network and the list alone."""
    held = {row["id"]: row[name] == "yes" for row in table(folder / "labels" / f"{name}.csv")}
    seen = defaultdict(list)
    for row in table(folder / "networks" / "follows.csv"):
        seen[row["source"]].append(held[row["target"]])
    shares = [[sum(some) * 2 > len(some) for who, some in seen.items() if held[who] == holds] for holds in (True, False)]
    return [sum(some) / len(some) if some else None for some in shares]


def replies(folder, list_):
    """Who replied to whom, and when, by address."""
    said = {letter.id: letter for letter in files.letters(folder, f"clubs/{list_}.mbox")}
    return [(letter.author, said[letter.reply_to].author, letter.at) for letter in said.values() if letter.reply_to in said]


def addresses(truth):
    return {person["id"]: person["accounts"].get("mail") for person in truth["people"]} | {"town-hall": truth["us"]["accounts"]["mail"]}


def test_the_archives_follow_whom_the_network_says(truth, folder):
    inside = {archive.id for archive in files.archives(folder)}
    found = {(archive.id, other) for archive in files.archives(folder) for other in archive.follows}
    handles = {row["source"]: row["source"].removeprefix("mastodon:").split("@")[0] for row in table(folder / "networks" / "follows.csv")}
    host = next(iter(inside)).rpartition("/")[0]
    told = {
        (f"{host}/{handles[row['source']]}", f"{host}/{row['target'].removeprefix('mastodon:').split('@')[0]}")
        for row in table(folder / "networks" / "follows.csv")
    }
    assert found == {(one, other) for one, other in told if one in inside}
    assert len(told) == truth["ties"]["follows"]["all"]["arcs"]


def test_the_content_minority_sees_itself_and_is_seen_by_few(truth, folder):
    told = truth["minority"]
    holders, others = majority(folder, "minority")
    assert (holders, others) == (pytest.approx(told["all"]["holders_see_one"]), pytest.approx(told["all"]["others_see_one"]))
    assert holders > 0.8
    assert others < 0.03
    assert told["holders"] == round(0.12 * told["members"])


def test_only_its_holders_speak_of_it(truth, folder):
    people = {p["accounts"]["mastodon"]: p for p in truth["people"] if "mastodon" in p["accounts"]}
    notes = [note for archive in files.archives(folder) for note in archive.notes]
    speakers = {note.author for note in notes if truth["minority"]["hashtag"] in note.tags and not note.direct}
    assert speakers == {account for account, person in people.items() if person["minority"] and person["archive"]}


def test_contented(without):
    told, folder = without(contented=0)
    holders, others = majority(folder, "minority")
    assert told["minority"]["holders"] == round(0.12 * told["minority"]["members"])
    assert holders < 0.25
    assert others < 0.1


def test_the_opinion_is_an_illusion_and_the_minority_is_none(folder):
    assert majority(folder, "opinion")[1] > majority(folder, "minority")[1] + 0.1


def lifetimes(truth, folder):
    """First and last reply of each pair of the letters club, by address."""
    spans = {}
    for one, other, at in replies(folder, "brievenclub"):
        first, last = spans.get(frozenset((one, other)), (at, at))
        spans[frozenset((one, other))] = (min(first, at), max(last, at))
    return spans


def test_each_pair_writes_as_long_as_told(truth, folder):
    address, spans = addresses(truth), lifetimes(truth, folder)
    pairs = truth["correspondences"]["pairs"]
    assert set(spans) == {frozenset(address[id] for id in pair["pair"]) for pair in pairs}
    for pair in pairs:
        first, last = spans[frozenset(address[id] for id in pair["pair"])]
        assert first == pair["start"]
        assert 0 <= last - pair["end"] < 8_000
        assert pair["once_only"] <= (pair["start"] == pair["end"])


def test_the_half_life_is_as_planted(truth):
    """The likeliest one: days lived for each end seen, of pairs whose time is exponential."""
    for with_us, planted in ((False, "half_life_days"), (True, "half_life_with_us_days")):
        pairs = [p for p in truth["correspondences"]["pairs"] if ("town-hall" in p["pair"]) == with_us and not p["once_only"]]
        ended = sum(not pair["goes_on"] for pair in pairs)
        lived = sum(pair["end"] - pair["start"] for pair in pairs) / DAY
        assert ended > 10
        assert np.log(2) * lived / ended == pytest.approx(truth["correspondences"][planted], rel=3 / ended**0.5)


def test_one_night(without):
    told = without(one_night=0)[0]
    assert told["correspondences"]["once_only"] == 0
    assert not any(pair["once_only"] for pair in told["correspondences"]["pairs"])


def test_fading(without):
    pairs = without(fading=0)[0]["correspondences"]
    assert pairs["half_life_days"] is None
    assert all(pair["goes_on"] for pair in pairs["pairs"] if not pair["once_only"] and "town-hall" not in pair["pair"])


def test_leaving(without):
    pairs = without(leaving=0)[0]["correspondences"]
    assert pairs["half_life_with_us_days"] is None
    assert all(pair["goes_on"] for pair in pairs["pairs"] if "town-hall" in pair["pair"])


def across(truth, folder):
    """How many people of the other hamlet each talks with."""
    address = addresses(truth)
    hamlet = {address[id]: k for k, some in enumerate(truth["hamlets"]["hamlets"]) for id in some}
    pairs = {frozenset((one, other)) for one, other, _ in replies(folder, "polderlijst") if hamlet[one] != hamlet[other]}
    assert pairs == {frozenset(address[id] for id in pair) for pair in truth["hamlets"]["pairs_across"]}
    return Counter(who for pair in pairs for who in pair)


def test_the_hamlets_meet_in_one_person(truth, folder):
    (first, n), (_, second) = across(truth, folder).most_common(2)
    assert first == addresses(truth)[truth["hamlets"]["broker"]]
    assert n == round(truth["hamlets"]["share_of_the_broker"] * len(truth["hamlets"]["pairs_across"])) > 5 * second


def test_broker(without):
    told, folder = without(broker=0)
    assert told["hamlets"]["broker"] is None
    assert max(across(told, folder).values()) == 1 == told["hamlets"]["most_of_one"]


def test_favours_are_passed_on(truth, folder):
    told, address = truth["favours"], addresses(truth)
    assert told["by_those_helped_of_late"] > told["by_chance"] + 0.2
    letters = files.letters(folder, "clubs/burenhulp.mbox")
    asks = {letter.id: letter.author for letter in letters if not letter.reply_to}
    helps = [letter for letter in letters if letter.reply_to in asks]
    us = address["town-hall"]
    assert sum(asks[letter.reply_to] != us for letter in helps) == told["helps"]
    gave = Counter(letter.author for letter in helps if asks[letter.reply_to] == us)
    assert gave == {address[id]: each["gave"] for id, each in told["for_us"].items()}


def test_passed_on(without):
    told = without(passed_on=0)[0]["favours"]
    assert told["by_those_helped_of_late"] == pytest.approx(told["by_chance"], abs=0.12)


def test_the_town_hall_never_answers_those_it_owes(truth, folder):
    us, address = truth["us"]["accounts"]["mail"], addresses(truth)
    answered = {other for one, other, _ in replies(folder, "burenhulp") if one == us}
    owed = {address[id] for id in truth["favours"]["owed"]}
    assert owed
    assert not owed & answered
    assert owed | answered == {address[id] for id in truth["favours"]["for_us"]}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_owed_is_counted_from_what_was_said(seed):
    for owing in (0, 0.4):
        made = world.make(200, seed, ("nl",), strengths.complete({"owing": owing}))
        favours = clubs.plan(made).favours
        said = favours.sheet
        gave = said["author"][(said["act"] == Act.ANSWER) & (said["to"] == HALL)]
        thanked = said["to"][(said["act"] == Act.THANKS) & (said["author"] == HALL)]
        assert favours.owed.tolist() == sorted({*gave.tolist()} - {*thanked.tolist()})


def test_owing(without):
    told = without(owing=0)[0]["favours"]
    assert told["owed"] == []
    assert all(each["got"] == each["gave"] > 0 for each in told["for_us"].values())


def answers(folder):
    """Asker, answerer, tag and whether it was accepted, of each answer on the forum."""
    posts = {row["Id"]: row for row in files.rows(folder, "Posts") if row["PostTypeId"] in "12"}
    found = []
    for row in posts.values():
        if row["PostTypeId"] == "2":
            asked = posts[row["ParentId"]]
            found.append((asked["OwnerUserId"], row["OwnerUserId"], asked["Tags"].strip("|"), asked.get("AcceptedAnswerId") == row["Id"]))
    return found


def test_quiet_helpers_help_many_and_are_followed_by_few(truth, folder):
    told, given = truth["authority"], answers(folder)
    followers = Counter(row["target"] for row in table(folder / "networks" / "follows.csv"))
    median = sorted(followers.values())[len(followers) // 2]
    assert len(told["quiet_helpers"]) >= 2
    for helper in told["quiet_helpers"]:
        mine = [(asker, taken) for asker, who, _, taken in given if who == helper["account"]]
        assert (helper["answers"], helper["accepted"]) == (len(mine), sum(taken for _, taken in mine))
        assert helper["people_helped"] == len({asker for asker, _ in mine}) > 15
        assert helper["quarters_helped"] == len(truth["communities"]["quarters"])
    assert min(helper["followers"] for helper in told["quiet_helpers"]) < median
    assert told["popular_who_helps_nobody"]["answers"] == 0


def test_rings_puppets_and_apprentices(truth, folder):
    told, given = truth["authority"], answers(folder)
    ring = {helper["account"] for helper in told["ring"]}
    pairs = Counter((asker, who) for asker, who, _, taken in given if asker in ring and who in ring and taken)
    assert len(pairs) == 12
    assert min(pairs.values()) >= 3
    puppets = {puppet["account"] for puppet in told["puppets"]}
    of_puppets = [(who, taken) for asker, who, _, taken in given if asker in puppets]
    assert set(of_puppets) == {(told["praised_by_puppets"]["account"], True)}
    assert not puppets & {who for _, who, _, _ in given}
    lessons = Counter((who, asker, tag) for asker, who, tag, _ in given)
    for each in told["masters"]:
        assert lessons[(*each["accounts"], each["tag"])] >= 10


def test_authority(without):
    told = without(authority=0)[0]
    assert told["authority"]["quiet_helpers"] == []


def test_ring(without):
    assert without(ring=0)[0]["authority"]["ring"] == []


def test_puppets(without):
    told, folder = without(puppets=0)
    assert told["authority"]["puppets"] == []
    assert told["authority"]["praised_by_puppets"] is None
    assert len(files.rows(folder, "Users")) == 2 + sum("forum" in person["accounts"] for person in told["people"])


def test_apprentices(without):
    told, folder = without(apprentices=0)
    assert told["authority"]["masters"] == []
    assert max(Counter(answers(folder)).values()) < 6


def test_fakes_stand_behind_the_attack_edges(truth, folder):
    told = truth["vouches"]
    fakes = set(told["fakes"])
    rated = table(folder / "networks" / "vouches.csv")
    assert len(fakes) == truth["strengths"]["fakes"]
    assert fakes == {row["source"] for row in rated} & fakes
    behind = [[row["source"], row["target"]] for row in rated if row["source"] not in fakes and row["target"] in fakes]
    assert behind == told["attack_edges"]
    assert len(behind) == 1
    assert not fakes & {*told["pre_trusted"], *told["let_down"]}
    assert told["pre_trusted"] == [row["id"] for row in table(folder / "labels" / "pre-trusted.csv")]
    assert len({(row["source"], row["target"]) for row in rated}) == len(rated) == told["ratings"]


def test_the_table_to_import_holds_the_good_ratings(truth, folder):
    rated = [(row["source"], row["target"], row["time"]) for row in table(folder / "networks" / "vouches.csv") if int(row["rating"]) > 0]
    vouched = table(folder / "exports" / "vouches" / "vouches.csv")
    assert [(row["source"], row["target"], row["at"]) for row in vouched] == rated
    assert {row["kind"] for row in vouched} == {"vouch"}
    assert len(rated) == truth["vouches"]["vouches"]


def bad_share(folder, of):
    rated = [int(row["rating"]) < 0 for row in table(folder / "networks" / "vouches.csv") if row["target"] in of]
    return sum(rated) / len(rated)


def test_those_who_let_others_down_are_rated_so(truth, folder):
    told = truth["vouches"]
    assert 1 - told["good_share_of_those_who_let_down"] == pytest.approx(bad_share(folder, set(told["let_down"])))
    assert told["good_share_of_those_who_let_down"] < 0.3
    assert told["good_share_of_the_others"] > 0.94


def test_let_down(without):
    assert without(let_down=0)[0]["vouches"]["let_down"] == []


def test_fakes(without):
    told, folder = without(fakes=0)
    assert told["vouches"]["fakes"] == told["vouches"]["attack_edges"] == []
    assert {row["target"] for row in table(folder / "networks" / "vouches.csv")} <= {
        row["id"] for row in table(folder / "labels" / "quarter.csv")
    }


def test_attack_edges(without):
    told, folder = without(attack_edges=0)
    fakes = set(told["vouches"]["fakes"])
    assert told["vouches"]["attack_edges"] == []
    assert not [row for row in table(folder / "networks" / "vouches.csv") if row["source"] not in fakes and row["target"] in fakes]


def test_vouches(without):
    told, folder = without(vouches=0)
    assert told["vouches"]["ratings"] == 0
    assert not list(folder.rglob("vouches*"))


def test_counts_are_whole(tmp_path):
    with pytest.raises(ValueError, match="whole number from 0 to 1,000"):
        town.build(tmp_path / "town", strengths={"puppets": 2.5})
