"""Plain tables: the same rows in every form, columns by name and by what was said, and files made to do harm."""

import io
import zipfile
from pathlib import Path

import msgspec
import pytest
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet
from hypothesis import given, settings
from hypothesis import strategies as st

from kring import sources, unpack
from kring.errors import UsageError
from kring.schema import Account, Asked, Event, Item, Post, Unread
from kring.sources import tables
from kring.sources.tables_words import columns_of, kind_by_names, plain
from shared_data import shared
from sources.reading import page, pages_under

READER = sources.export("tables")
AT = 1_709_287_200_000_000


def given_for(pages, **asked):
    return list(READER.read(pages, Asked(**asked)))


def posts(given):
    return [record for each in given if isinstance(each, Item) for record in each.records if isinstance(record, Post)]


def lost(given):
    return [each for each in given if isinstance(each, Unread)]


# ---- the same table in every form -----------------------------------------------------------------------------------------------------------

ROWS = [("Anna", 'Hoi, "allemaal"\nen dag', "2024-03-01T10:00:00+00:00"), ("Bram", "x;y", "2024-03-01T10:00:01+00:00")]


def as_csv(sign=",", encoding="utf-8") -> bytes:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in ROWS]
    return "".join(sign.join(row) + "\r\n" for row in [["author", "text", "at"], *quoted]).encode(encoding)


def as_parquet() -> bytes:
    author, text, _ = (Array(list(column), DataType.utf8()) for column in zip(*ROWS))
    at = Array([AT, AT + 1_000_000], DataType.int64()).cast(DataType.timestamp("us", tz="UTC"))
    stream = io.BytesIO()
    write_parquet(Table.from_pydict({"author": author, "text": text, "at": at}), stream)
    return stream.getvalue()


def as_lines() -> bytes:
    return b"".join(msgspec.json.encode(dict(zip(("author", "text", "at"), row))) + b"\n" for row in ROWS)


@pytest.mark.parametrize(
    ("file", "raw"),
    [
        ("t.csv", as_csv()),
        ("t.csv", as_csv(";")),
        ("t.tsv", as_csv("\t")),
        ("t.csv", b"sep=|\r\n" + as_csv("|")),
        ("t.csv", as_csv(encoding="utf-8-sig")),
        ("t.csv", as_csv(";", "utf-16")),
        ("t.ndjson", as_lines()),
        ("t.parquet", as_parquet()),
    ],
    ids=["comma", "semicolon", "tab", "sep", "bom", "utf-16", "ndjson", "parquet"],
)
def test_the_same_table_in_every_form_gives_the_same_posts(file, raw):
    given = given_for([page(file, raw)])
    assert not lost(given)
    assert [(each.author, each.text, each.at) for each in posts(given)] == [
        ("tables:t:Anna", 'Hoi, "allemaal"\nen dag', AT),
        ("tables:t:Bram", "x;y", AT + 1_000_000),
    ]
    assert [each.id for each in posts(given)] == [each.id for each in posts(given_for([page("t.csv", as_csv())]))]


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(st.text(max_size=10), st.text(max_size=20)), min_size=1, max_size=5),
    sign=st.sampled_from(",;\t|"),
)
def test_whatever_stands_in_cells_a_post_a_row(rows, sign):
    import csv

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=sign)
    writer.writerows([("author", "text", "id"), *((author, text, f"n{i}") for i, (author, text) in enumerate(rows))])
    given = given_for([page("t.csv", stream.getvalue().encode("utf-8", "replace"))])
    assert len({each.id for each in posts(given)}) == len(rows)


# ---- workbooks --------------------------------------------------------------------------------------------------------------------------------

_BOOK = {
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="Berichten" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/styles.xml": '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/>'
    '<xf numFmtId="14"/></cellXfs></styleSheet>',
    "xl/sharedStrings.xml": "<sst><si><t>author</t></si><si><t>text</t></si><si><t>date</t></si>"
    "<si><r><t>An</t></r><r><t>na</t></r><rPh><t>x</t></rPh></si></sst>",
}
_HEADER = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'


def workbook(rows: str, **parts: str):
    sheet = {"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{_HEADER}{rows}</sheetData></worksheet>"}
    return [page(f"book.xlsx/{name}", text.encode()) for name, text in sorted((_BOOK | sheet | parts).items())]


def test_a_workbook_shared_strings_dates_and_gaps():
    given = given_for(
        workbook(
            '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="inlineStr"><is><t>Hoi &amp; dag</t></is></c>'
            '<c r="C2" s="1"><v>45352.416666666664</v></c></row>'
            '<row r="5"><c r="B5" t="str"><f>A1&amp;"x"</f><v>computed</v></c><c r="C5" s="2"><v>45352</v></c></row>'
            '<row r="6"><c r="B6"><v>7</v></c></row>'
        ),
        zone="UTC",
    )
    assert [(each.author, each.text, each.at) for each in posts(given)] == [
        ("tables:book.xlsx:Anna", "Hoi & dag", AT),
        ("", "computed", AT - 36_000_000_000),
        ("", "7", None),
    ]
    assert [each.where for each in given if isinstance(each, Item)][1] == "book.xlsx, sheet Berichten, row 5"
    assert all(sources.recognise(each)[0] == "tables" for each in workbook(""))


def test_a_cell_far_out_costs_nothing():
    given = given_for(workbook('<row r="1048576"><c r="B1048576"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>'))
    assert [each.text for each in posts(given)] == ["1"]


def test_a_workbook_that_defines_entities_is_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
    given = given_for(workbook("", **{"xl/worksheets/sheet1.xml": bomb}))
    assert not posts(given)
    assert lost(given)


def test_a_workbook_broken_off_keeps_what_came_before():
    pages = workbook('<row r="2"><c r="B2"><v>1</v></c></row><row r="3"><c r="B3"><v>2')
    whole = pages[-1].open().read().partition(b"</sheetData>")[0]
    given = given_for([*pages[:-1], page(pages[-1].name, whole)])
    assert [each.text for each in posts(given)] == ["1"]
    assert "breaks off" in lost(given)[0].why


def test_a_workbook_as_a_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        for each in workbook('<row><c r="B2"><v>1</v></c></row>'):
            archive.writestr(each.name.removeprefix("book.xlsx/"), each.open().read())
    with unpack.opened(tmp_path / "book.xlsx", spool=tmp_path / "spool") as export:
        assert [each.text for each in posts(given_for(export.pages))] == ["1"]


# ---- columns ----------------------------------------------------------------------------------------------------------------------------------


def test_names_are_compared_plainly():
    assert plain("\ufeffCreatedAt") == plain("created_at") == plain(" Created-At ") == "created at"
    assert plain("E-mail") == "e mail"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["author", "text"], "posts"),
        (["Datum", "Bericht"], "posts"),
        (["COMMENT_ID", "AUTHOR", "DATE", "CONTENT", "CLASS"], "posts"),
        (["Source", "Target"], "ties"),
        (["from", "to", "weight"], "ties"),
        (["username", "name"], "people"),
        (["username", "name", "e-mail"], ""),
        (["name", "phone", "id"], ""),
        (["id", "name", "price"], ""),
        (["text"], ""),
        (["a", "b"], ""),
    ],
)
def test_what_a_table_is_of_by_its_names(header, kind):
    assert kind_by_names(header) == kind


def test_what_the_user_said_goes_before_the_names():
    columns = columns_of(["author", "text", "date", "wie"], (("author", "wie"), ("at", "")))
    assert columns.at == {"author": 3, "text": 1}
    assert columns.unused == (0, 2)
    assert not columns.missing
    assert columns_of(["x", "y"], (("author", "x"),)).missing == ("text", "at")
    assert columns_of(["source", "target"], (("kind", "volgt"),)).all == {"kind": "volgt"}
    assert columns_of(["source", "target"]).missing == ("kind",)


def test_a_day_and_a_time_in_two_columns():
    given = given_for([page("t.csv", b"naam,datum,tijd,tekst\nAnna,1-3-2024,10:00,Hoi\nBram,13-3-2024,10:00:05,Dag\n")], zone="+01:00")
    assert [each.at for each in posts(given)] == [AT - 3_600_000_000, AT + 12 * 86_400_000_000 - 3_595_000_000]


def test_a_mapping_as_it_is_typed():
    assert tables.mapping_of("author=Wie,text=Wat, waar,at=") == (("author", "Wie"), ("text", "Wat, waar"), ("at", ""))
    for wrong in ("author", "writer=Wie"):
        with pytest.raises(UsageError, match="doesn't say"):
            tables.mapping_of(wrong)


def test_tables_in_one_folder_speak_of_the_same_people():
    pages = [
        page("club.zip/people.csv", b"username,name\nanna,Anna B\n"),
        page("club.zip/posts.csv", b"username,text,date\nanna,Hoi,2024-03-01\n"),
        page("club.zip/ties.csv", b"source,target,kind\nanna,bram,follows\n"),
    ]
    records = [record for each in given_for(pages) if isinstance(each, Item) for record in each.records]
    assert {record.id for record in records if isinstance(record, Account) and record.id.endswith("anna")} == {"tables:club.zip:anna"}
    assert [record.author for record in records if isinstance(record, Post)] == ["tables:club.zip:anna"]
    assert [record.actor for record in records if isinstance(record, Event)] == ["tables:club.zip:anna"]


# ---- what other readers know stays theirs ------------------------------------------------------------------------------------------------------


def test_no_table_of_another_network_is_claimed():
    here = Path(__file__).parent
    for path in sorted(each for name in sources.EXPORTS if name != "tables" for each in (here / name).glob("*.page*")):
        if path.name.endswith(".records.json"):
            continue
        for each in pages_under(path):
            own, sure = sources.recognise(each)
            assert own != "tables" or not sure, each.name
    assert max(READER.sniff(each) for path in (here / "tables").glob("*.page.*") for each in pages_under(path)) <= 0.55


# ---- files of others ------------------------------------------------------------------------------------------------------------------------------


def test_comments_of_a_video():
    """370 comments, as shared/data/INDEX.md says."""
    raw = shared("youtube_spam", "Youtube05-Shakira.csv").read_bytes()
    given = given_for([page("Youtube05-Shakira.csv", raw)])
    found = posts(given)
    assert len(found) == 370
    assert found[0] == Post(
        id="tables:Youtube05-Shakira:z13lgffb5w3ddx1ul22qy1wxspy5cpkz504",
        kind="note",
        author="tables:Youtube05-Shakira:dharma pal",
        at=1_432_866_618_971_000,
        offset_s=0,
        text="Nice song\ufeff",
    )
    assert not lost(given)


def test_ties_of_a_network():
    raw = shared("twitch", "ES_edges.csv").read_bytes()
    given = given_for([page("ES_edges.csv", raw)], columns=(("kind", "add"),))
    assert sum(isinstance(record, Event) for each in given if isinstance(each, Item) for record in each.records) == raw.count(b"\n") - 1
    assert "What the ties of this table mean" in lost(given_for([page("ES_edges.csv", raw)]))[0].why
