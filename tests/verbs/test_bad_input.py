"""Bad input through `kring import`: the message says what, where and what next; the rest is kept; the same again changes nothing."""

import base64
import json
import os
import random

import pytest

from circles import town, typed
from kring import wire
from kring.sources import mail as mail_source
from kring.sources import mail_boxes, whatsapp_lines, xmlrows
from unpack.making import a_tar, a_zip, raw_zip

CHAT = "".join(
    f"{day:02}-03-2024 10:{minute:02} - P{(day + minute) % 12}: hallo è nummer {day}-{minute}\n"
    for day in range(1, 29)
    for minute in range(0, 50, 5)
)
MESSAGES = CHAT.count("\n")
NOISE = random.Random(1).randbytes(20_000)
JPEG = b"\xff\xd8\xff\xe0" + NOISE
NAMED = "WhatsApp Chat with Our street.txt"


def mail(n, text="Text.", date="Mon, 4 Mar 2024 10:00:00 +0100"):
    return (
        f"From a@b.example Mon Mar  4 10:00:00 2024\nFrom: A <a@b.example>\nTo: b@b.example\nSubject: Subject {n}\nDate: {date}\n"
        f"Message-ID: <m{n}@b.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
    ).encode()


def archive() -> bytes:
    return max((town() / "exports" / "mastodon").glob("*.zip"), key=lambda file: file.stat().st_size).read_bytes()


def posts(circle):
    return typed("posts", "--circle", circle, "--limit", 0, "--format", "json").rows


@pytest.fixture
def brought(tmp_path):
    """Writes a file and imports it into a new circle; gives what was said, the posts, and the losses."""

    def bring(name, raw, *more):
        file = tmp_path / name
        file.write_bytes(raw)
        circle = tmp_path / "circle"
        assert typed("new", circle).code == 0
        said = typed("import", "--circle", circle, file, *more)
        assert "Traceback" not in said.err
        there = posts(circle)
        losses = [row for row in typed("runs", "unread", "--circle", circle, "--format", "json").rows if row["kind"] != "skipped"]
        again = typed("import", "--circle", circle, file, *more)
        assert again.code == said.code
        assert posts(circle) == there, "the same again changes nothing"
        assert not list((circle / "spool").glob("*")) if (circle / "spool").exists() else True
        for loss in losses:
            assert loss["where"].startswith(name), loss
            assert loss["why"][0].isupper(), loss
            assert loss["why"][-1] in ".:?", loss
            assert loss["next"][-1] == ".", loss
            assert loss["why"] in said.out.replace("\n", ""), "what was lost is said at once"
        return said, there, losses

    return bring


def refused(said, *words):
    assert said.code == 4, said.err
    first, second = (line for line in said.err.splitlines() if line.startswith(("kring: ", "       ")))
    assert second.strip()
    for word in words:
        assert word in first + second, said.err


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("empty.txt", b"", ("empty.txt", "empty")),
        ("outbox.json", b"", ("empty",)),
        ("nothing.zip", a_zip({}), ("nothing.zip",)),
        ("blank.txt", b"\n  \n\n", ("blank.txt",)),
        ("outbox.json", JPEG, ("picture",)),
        ("outbox.json", b"\x89PNG\r\n\x1a\n" + NOISE, ("picture",)),
        ("noise.bin", NOISE, ("noise.bin",)),
        ("broken.zip", b"PK\3\4" + NOISE, ("broken.zip",)),
        ("sign-in.html", b"<!doctype html><title>Sign in</title>", ("sign-in.html",)),
        ("cut.json", b'{"orderedItems": [{"type": "Create", "obj', ("cut.json",)),
        ("bomb.zip", a_zip({"_chat.txt": b"0" * 100_000_000}), ("swells", "_chat.txt")),
        ("climbs.zip", a_zip({"../../_chat.txt": CHAT.encode()}), ("climbs out",)),
        ("locked.zip", raw_zip(("_chat.txt", CHAT.encode(), {"flags": 1})), ("password",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_holds_nothing_readable_is_refused_in_words(brought, tmp_path, name, raw, words):
    said, there, losses = brought(name, raw)
    refused(said, *words)
    assert (there, losses) == ([], [])
    assert typed("runs", "--circle", tmp_path / "circle", "--format", "json").rows == []
    assert not [*tmp_path.parent.glob("_chat.txt"), *tmp_path.rglob("_chat.txt")]


def test_posts_of_nobody_known_are_read(brought, tmp_path):
    """In a circle in which nobody is known at all."""
    row = '<row Id="{}" PostTypeId="{}" ParentId="1" CreationDate="2020-05-01T10:00:00.000" Body="Wie weet het?" Title="Vraag" />'
    rows = "".join(row.format(n, 1 if n == 1 else 2) for n in range(1, 4))
    said, there, _ = brought("Posts.xml", f'<?xml version="1.0" encoding="utf-8"?><posts>{rows}</posts>'.encode())
    assert (said.code, len(there)) == (0, 3), said.err
    for words in (
        ("report", "-o", tmp_path / "report.html"),
        *(("measure", each) for each in ("questions", "activity", "reciprocity", "distances")),
    ):
        assert "Traceback" not in typed(*words, "--circle", tmp_path / "circle").err


def test_a_zip_that_was_cut_off_gives_what_came_before(brought):
    whole = a_zip({"a.jpg": JPEG, NAMED: CHAT.encode(), "b.jpg": JPEG})
    said, there, losses = brought("chat.zip", whole[: len(whole) - len(JPEG) // 2])
    assert (said.code, len(there)) == (0, MESSAGES)
    assert any("breaks off" in loss["why"] for loss in losses)


def test_an_archive_cut_in_the_middle_gives_its_first_part_and_is_not_believed_whole(brought, tmp_path):
    raw = archive()
    said, there, losses = brought("archive.zip", raw[: len(raw) * 2 // 3])
    assert said.code == 0
    assert there
    assert losses
    findings = typed("measure", "degree", "--circle", tmp_path / "circle", "--format", "json").rows
    assert "own export" not in findings[0]["boundary"]


@pytest.mark.parametrize("ending", [".tar.gz", ".mbox"])
def test_what_breaks_off_elsewhere_is_kept_as_far_as_it_goes(brought, ending):
    box = b"".join(mail(n, f"Text {n}: " + base64.b64encode(NOISE[n : n + 60]).decode()) for n in range(300))
    raw = box if ending == ".mbox" else a_tar({"list.mbox": box})
    said, there, losses = brought(f"list{ending}", raw[: len(raw) // 2 + 3])
    assert said.code == 0
    assert 100 < len(there) < 200
    assert losses


def test_beside_a_bomb_or_a_trap_the_rest_is_read(brought, tmp_path):
    raw = a_zip({"bomb.txt": b"0" * 100_000_000, "../../../evil.txt": CHAT.encode(), "/etc/evil.txt": CHAT.encode(), NAMED: CHAT.encode()})
    said, there, losses = brought("export.zip", raw)
    assert (said.code, len(there)) == (0, MESSAGES)
    assert {loss["kind"] for loss in losses} == {"hostile"}
    assert not list(tmp_path.parent.rglob("evil.txt"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_another_encoding_is_read_and_said(brought, encoding):
    said, there, losses = brought(NAMED, CHAT.encode(encoding))
    assert (said.code, len(there)) == (0, MESSAGES)
    assert all("è" in post["text"] for post in there)
    assert [loss["kind"] for loss in losses] == ([] if encoding == "utf-8-sig" else ["encoding"])


def test_nul_bytes_are_left_out_and_said_once(brought):
    said, there, losses = brought(NAMED, CHAT.replace("hallo", "ha\0llo").encode())
    assert (said.code, len(there)) == (0, MESSAGES)
    assert all(post["text"].startswith("hallo") for post in there)
    assert [loss["kind"] for loss in losses] == ["encoding"]


@pytest.mark.parametrize("year", [1601, 1970, 2100, 2999])
def test_times_that_cannot_be_are_not_believed(brought, year):
    chat = CHAT + f"02-01-{year} 10:00 - P1: strange times\n"
    said, there, losses = brought(NAMED, chat.encode())
    assert (said.code, len(there)) == (0, MESSAGES + 1)
    (post,) = (post for post in there if post["text"] == "strange times")
    assert post["at"] is None
    assert [loss["kind"] for loss in losses] == ["implausible-time"]
    assert str(year) in losses[0]["why"]


def test_a_mail_from_1601_is_kept_without_a_time(brought):
    raw = b"".join(mail(n, date="Mon, 1 Jan 1601 00:00:00 +0000" if n == 2 else "Mon, 4 Mar 2024 10:00:00 +0100") for n in range(5))
    said, there, losses = brought("box.mbox", raw)
    assert (said.code, len(there)) == (0, 5)
    assert all(post["at"] is None or post["at"] > 1_700_000_000_000_000 for post in there)
    assert [(loss["kind"], "1601" in loss["why"]) for loss in losses] == [("implausible-time", True)]


@pytest.mark.parametrize("kind", ["chat", "mail", "mastodon", "forum"])
def test_a_record_too_long_is_left_out_and_the_next_is_found(brought, kind, monkeypatch):
    """The limit is 64 MiB; here it is lowered, so that the gate needs not write that much."""
    limit = 1 << 20
    for module in (whatsapp_lines, mail_source):
        monkeypatch.setattr(module, "LONGEST_RECORD", limit)
    for function in (wire.lines, wire.items, xmlrows.pieces, mail_boxes.mbox):
        monkeypatch.setitem(function.__kwdefaults__, "longest", limit)
    long = "lang " * (4 * limit // 5)
    given = {
        "chat": (NAMED, (CHAT + f"29-03-2024 10:00 - P1: {long}\n29-03-2024 10:01 - P2: after\n").encode()),
        "mail": ("box.mbox", mail(1) + mail(2, long) + mail(3, "after")),
        "mastodon": ("outbox.json", _outbox("before", long, "after")),
        "forum": ("Posts.xml", _forum(long)),
    }[kind]
    said, there, losses = brought(*given)
    assert said.code == 0
    assert "too-large" in {loss["kind"] for loss in losses}, losses
    assert any("after" in post["text"] for post in there)
    assert not any(len(post["text"]) > limit for post in there)


def _outbox(*texts):
    me = "https://t.example/users/a"
    notes = [
        {"id": f"{me}/statuses/{n}/activity", "type": "Create", "actor": me, "published": f"2024-03-0{n}T10:00:00Z", "object": {
            "id": f"{me}/statuses/{n}", "type": "Note", "attributedTo": me, "published": f"2024-03-0{n}T10:00:00Z",
            "to": ["https://www.w3.org/ns/activitystreams#Public"], "content": f"<p>{text}</p>"}}
        for n, text in enumerate(texts, 1)
    ]  # fmt: skip
    return json.dumps({"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": notes}).encode()


def _forum(long):
    def row(n, text):
        return f'  <row Id="{n}" PostTypeId="1" CreationDate="2024-03-0{n}T10:00:00.000" Score="1" Body="{text}" OwnerUserId="{n}" Title="T{n}" Tags="" />\n'

    rows = row(1, "before") + row(2, long) + row(3, "after")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<posts>\n{rows}</posts>\n'.encode()


def test_mixed_exports_in_one_archive_all_go_to_their_readers(brought, tmp_path):
    forum = (town() / "exports" / "forum" / "Posts.xml").read_bytes()
    raw = a_zip(
        {
            NAMED: CHAT.encode(),
            "list.mbox": b"".join(map(mail, range(7))),
            "dump/Posts.xml": forum,
            "mastodon.zip": archive(),
            "bill.pdf": b"%PDF-1.4" + NOISE,
            "photo.json": JPEG,
            "notes.docx": a_zip({"word/document.xml": b"<w/>"}),
        }
    )
    said, there, losses = brought("everything.zip", raw)
    assert said.code == 0
    found = {
        network: sum(post["id"].startswith(network) for post in there) for network in ("whatsapp", "mail", "stackexchange", "mastodon")
    }
    assert found["whatsapp"] == MESSAGES
    assert found["mail"] == 7
    assert found["stackexchange"] == forum.count(b"<row ")
    assert found["mastodon"] > 10
    assert {"bill.pdf"} <= {loss["where"].rpartition("/")[2] for loss in losses}


def test_a_folder_with_a_file_that_may_not_be_read(tmp_path):
    folder, circle = tmp_path / "export", tmp_path / "circle"
    folder.mkdir()
    (folder / NAMED).write_text(CHAT, encoding="utf-8")
    (folder / "loop").symlink_to("loop")
    (folder / "gone").symlink_to("nowhere")
    (folder / "outside.txt").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe")
    (folder / "closed.mbox").write_bytes(mail(1))
    (folder / "closed.mbox").chmod(0)
    typed("new", circle)
    said = typed("import", "--circle", circle, folder)
    assert said.code == 0, said.err
    there = posts(circle)
    assert len(there) in (MESSAGES, MESSAGES + 1)  # root may read what is closed
    wheres = " ".join(row["where"] for row in typed("runs", "unread", "--circle", circle, "--format", "json").rows)
    assert "pipe" in wheres or "loop" in wheres
    if os.geteuid():
        assert "closed.mbox" in wheres
    typed("import", "--circle", circle, folder)
    assert posts(circle) == there


def test_rubbish_in_the_middle_costs_no_more_than_itself(brought):
    half = CHAT.encode()[: CHAT.encode().index(b"14-03")]
    rest = CHAT.encode()[len(half) :]
    said, there, _ = brought(NAMED, half + NOISE[:3000].replace(b"\n", b" ") + b"\n" + rest)
    assert (said.code, len(there)) == (0, MESSAGES)
