"""What the columns of a plain table hold: said once, remembered; asked where somebody is there, said exactly where nobody is."""

import zipfile

import pytest

import kring
from circles import circle_of, town, typed
from kring.cli.screen import Screen
from kring.errors import Interrupted, ReadError, UsageError

TABLE = "Wie,Wat,Wann\nAnna,Hoi,2024-03-01\nBram,Dag,2024-03-02\n"


@pytest.fixture
def circle(tmp_path):
    with kring.new(tmp_path / "circle", name="Harbour") as circle:
        yield circle


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "club.csv"
    file.write_text(TABLE)
    return file


def said(circle):
    return sorted((each.author_name, each.text) for each in circle.posts())


def test_without_anybody_to_ask_the_error_says_what_to_type(circle, table):
    with pytest.raises(ReadError) as nobody_knows:
        circle.import_(table)
    assert "--as tables:posts" in nobody_knows.value.next
    with pytest.raises(UsageError) as asked:
        circle.import_(table, as_="tables:posts")
    assert asked.value.what == (
        "club.csv: which column holds who wrote it, is not known. Its columns: Wie (“Anna”, “Bram”), Wat (“Hoi”, “Dag”), Wann (“2024-03-01”, “2024-03-02”)."
    )
    assert "--as tables:posts --columns author=COLUMN,text=COLUMN,at=COLUMN" in asked.value.next
    assert not circle.runs()


def test_said_once_it_is_used_without_asking_next_time(circle, table, tmp_path):
    (done,) = circle.import_(table, as_="tables:posts", columns="author=Wie,text=Wat,at=Wann")
    assert done.kept.posts == 2
    assert said(circle) == [("Anna", "Hoi"), ("Bram", "Dag")]
    settings = (circle.folder / "kring.toml").read_text()
    assert 'columns = { author = "Wie", text = "Wat", at = "Wann" }' in settings
    (circle.folder / "next.csv").write_text("Wann;Wie;Wat\n2024-03-03;Cees;Ahoi\n")
    with kring.open(circle.folder) as later:
        (done,) = later.import_(circle.folder / "next.csv")
        assert done.kept.posts == 1
        assert ("Cees", "Ahoi") in said(later)
        (again,) = later.import_(table)
        assert (again.kept.posts, again.kept.posts_known) == (0, 2)
    assert (circle.folder / "kring.toml").read_text() == settings, "it is written down once"


def test_another_mapping_later_wins(circle, table):
    circle.import_(table, columns="author=Wie,text=Wat,at=")
    circle.import_(table, columns="author=Wat,text=Wie,at=Wann")
    assert circle.settings.tables[-1].columns == {"author": "Wat", "text": "Wie", "at": "Wann"}
    (circle.folder / "next.csv").write_text("Wann,Wie,Wat\n2024-03-03,Cees,Ahoi\n")
    circle.import_(circle.folder / "next.csv")
    assert ("Ahoi", "Cees") in said(circle)


def test_a_dry_run_remembers_nothing(circle, table):
    (done,) = circle.import_(table, columns="author=Wie,text=Wat,at=Wann", dry_run=True)
    assert done.look.posts == 2
    assert not circle.settings.tables


def test_somebody_is_asked_each_thing_once(circle, table):
    questions = []

    def ask(question, choices, none):
        questions.append((question, choices, none))
        return {"who wrote it": "Wie", "what was said": "Wat"}.get(question.partition("holds ")[2].rstrip("?"), "")

    (done,) = circle.import_(table, as_="tables:posts", ask=ask)
    assert done.kept.posts == 2
    assert [question for question, _, _ in questions] == [
        "club.csv: which column holds who wrote it?",
        "club.csv: which column holds what was said?",
        "club.csv: which column holds when (the day, or day and time)?",
    ]
    assert questions[0][1] == [("Wie", "“Anna”, “Bram”"), ("Wat", "“Hoi”, “Dag”"), ("Wann", "“2024-03-01”, “2024-03-02”")]
    assert all(each.at is None for each in circle.posts())
    assert circle.settings.tables[-1].columns == {"author": "Wie", "text": "Wat", "at": ""}


def test_ties_need_a_meaning(circle, tmp_path):
    file = tmp_path / "ties.csv"
    file.write_text("source,target\nanna,bram\n")
    with pytest.raises(UsageError, match="what the tie means"):
        circle.import_(file)
    circle.import_(file, columns="kind=follow")
    assert circle.measure("reciprocity")


def test_a_column_that_is_not_there(circle, table):
    with pytest.raises(UsageError, match='no column "Wer"'):
        circle.import_(table, columns="author=Wer,text=Wat")
    with pytest.raises(UsageError, match="for plain tables"):
        circle.import_(table, as_="whatsapp", columns="author=Wie")


@pytest.mark.parametrize(("typed_in", "answer"), [("2\n", "Wat"), ("Wie\n", "Wie"), ("\n", ""), ("follow\n", "follow"), ("9\n", "9")])
def test_an_answer_is_a_number_a_name_or_none(monkeypatch, capsys, typed_in, answer):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(typed_in))
    assert Screen(silent=True).ask("Which?", [("Wie", "“Anna”"), ("Wat", "")], "there is none") == answer
    assert "1  Wie   “Anna”" in capsys.readouterr().err


def test_who_would_rather_not_answer_stops(monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(Interrupted):
        Screen().ask("Which?", [("Wie", "")], "there is none")


def test_on_the_command_line(circle, table):
    done = typed("import", table, "--as", "tables:posts", "--circle", circle.folder)
    assert done.code == 2
    assert "--columns author=COLUMN" in done.err
    done = typed("import", table, "--as", "tables:posts", "--columns", "author=Wie,text=Wat,at=Wann", "--circle", circle.folder)
    assert done.code == 0
    assert "Plain table" in done.out


def test_a_table_beside_an_export_is_not_taken_for_posts(circle, tmp_path):
    with zipfile.ZipFile(tmp_path / "chat.zip", "w") as archive:
        archive.writestr("_chat.txt", "".join(f"[0{n}-03-2024, 10:00:00] Anna: Hoi {n}\n" for n in range(1, 6)))
        archive.writestr("budget.csv", "author,text,date\nZoe,secret,2024-03-01\n")
    (done,) = circle.import_(tmp_path / "chat.zip")
    assert [each for each in done.unread if "beside another network" in each.why and each.n == 1]
    assert not [each for each in circle.posts() if each.text == "secret"]


def test_a_table_that_is_not_known_stands_not_in_the_way_of_the_others(circle, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "good.csv").write_text("author,text,date\nAnna,Hello,2024-03-01\n")
    (folder / "bad.csv").write_text("text,date,verb\nshared it,2024-03-01,share\n")
    done = typed("import", folder, "--circle", circle.folder)
    assert done.code == 0, done.err
    assert [each.text for each in circle.posts()] == ["Hello"]
    assert "bad.csv: What this table's columns hold is not known: text, date, verb" in done.out


@pytest.mark.parametrize("ending", ["zip", "xlsx", "parquet"])
def test_tables_that_left_a_circle_come_back_as_posts(tmp_path, ending):
    with kring.open(circle_of(town(), tmp_path / "one")) as one, kring.new(tmp_path / "other") as other:
        counts = one.export(tmp_path / f"x.{ending}", kinds=["posts", "accounts"]).counts
        (done,) = other.import_(tmp_path / f"x.{ending}")
        assert done.kept.posts == counts["post"] > 1_000
        old = {each.id: each for each in one.posts(limit=None)}
        for each in other.posts(limit=None):
            there = old[each.id]
            assert (each.author, each.kind, each.reply_to, each.visibility) == (there.author, there.kind, there.reply_to, there.visibility)
            assert each.at == there.at or abs(each.at - there.at) < 1_000_000
            assert " ".join(each.text.split()) == " ".join(there.text.split())
        names = {id: each.name for each in one.people(limit=None) for id in each.accounts}
        assert all(names[each.id] == each.name for each in other.people(limit=None) if each.posts)
