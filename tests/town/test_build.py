"""Building: labelled, the same each time, small and one-tongued towns, refusals."""

import ast
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kring import town
from kring.town import clock
from town import files

SOURCE = Path(town.__file__).parent


def every_file(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_it_says_that_it_is_fictional(folder):
    assert (folder / "README.txt").read_text().startswith("THIS TOWN IS FICTIONAL\n")
    assert "made up" in files.truth(folder)["fictional"]
    assert all("fictional" in row["AboutMe"] for row in files.rows(folder, "Users"))


def test_nobody_could_be_reached_at_its_addresses(folder):
    said = files.letters(folder, "mail/town-hall.mbox") + files.letters(folder, "list/dorpslijst.mbox")
    assert all(address.endswith(".example") for letter in said for address in (letter.author, *letter.to))
    assert all(archive.id.split("/")[2].endswith(".example") for archive in files.archives(folder))


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        town.build(tmp_path / name, people=40, seed=seed)
    one, two, other = (every_file(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one["truth.json"] != other["truth.json"]
    assert one["exports/list/dorpslijst.mbox"] != other["exports/list/dorpslijst.mbox"]


@pytest.mark.parametrize("people", [10, 13, 60])
@pytest.mark.parametrize("languages", [("nl",), ("en",), ("en", "nl")])
def test_small_towns_have_all_their_files_and_speak_only_their_languages(tmp_path, people, languages):
    built = town.build(tmp_path, people=people, languages=languages)
    names = every_file(tmp_path)
    for name in (
        "forum/Posts.xml",
        "forum/Users.xml",
        "forum/Votes.xml",
        "forum/Comments.xml",
        "list/dorpslijst.mbox",
        "mail/town-hall.mbox",
    ):
        assert names[f"exports/{name}"]
    assert any("whatsapp/" in name for name in names)
    archives = files.archives(tmp_path)
    assert {archive.type for archive in archives} == {"Person", "Organization", "Service"}
    assert {note.language for archive in archives for note in archive.notes} <= set(languages)
    assert len(files.truth(tmp_path)["people"]) == built.people == people


def test_a_town_with_one_chat_has_no_telephones_that_two_people_share(tmp_path):
    town.build(tmp_path, people=17, seed=8, strengths={"family_phone": 0.5, "several": 0})
    truth = files.truth(tmp_path)
    assert len(truth["chats"]) < 2
    assert truth["shared_telephones"] == {}


def test_progress_is_told_to_the_end_of_each_part(tmp_path):
    told = {}
    town.build(tmp_path, people=10, progress=lambda part, done, total: told.__setitem__(part, (done, total)))
    assert set(told) == {"mastodon", "forum", "list", "mail", "whatsapp", "clubs", "truth"}
    assert all(done == total for done, total in told.values())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"people": 9}, "from 10"),
        ({"people": 1_000_001}, "1,000,000"),
        ({"languages": ("fr",)}, "nl, en"),
        ({"languages": ()}, "nl, en"),
        ({"languages": ("nl", "nl")}, "each once"),
        ({"seed": -1}, "0 or more"),
        ({"strengths": {"love": 1}}, "communities"),
        ({"strengths": {"thanks": 1.5}}, "from 0 to 1"),
        ({"strengths": {"burst": -0.1}}, "from 0 to 10"),
        ({"strengths": {"thanks": float("nan")}}, "from 0 to 1"),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_way_out(tmp_path, wrong, says):
    with pytest.raises(ValueError, match=says):
        town.build(tmp_path / "town", **wrong)
    assert not (tmp_path / "town").exists()


def test_it_imports_numpy_and_the_standard_library_alone():
    for file in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in {*sys.stdlib_module_names, "numpy"} or name.startswith("kring.town"), f"{file}: {name}"


def test_its_clock_agrees_with_the_time_zone_database():
    zone = ZoneInfo("Europe/Amsterdam")
    moments = [clock.SINCE + 1800 * k for k in range((clock.UNTIL - clock.SINCE) // 1800)]
    expected = [int(datetime.fromtimestamp(at, zone).utcoffset() / timedelta(seconds=1)) for at in moments]
    assert clock.offset_s(np.array(moments)).tolist() == expected


def test_everything_happens_in_the_two_years(folder):
    since, until = datetime(2024, 1, 1, tzinfo=UTC).timestamp(), datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    notes = [note for archive in files.archives(folder) for note in archive.notes]
    said = notes + files.letters(folder, "list/dorpslijst.mbox") + files.letters(folder, "mail/town-hall.mbox")
    assert len(said) > 1000
    assert all(since <= each.at < until for each in said)
    assert all(
        row["CreationDate"][:4] in ("2024", "2025") for name in ("Posts", "Comments", "Votes", "Users") for row in files.rows(folder, name)
    )
