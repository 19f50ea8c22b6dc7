"""Memory doesn't grow with the export: five times as much needs no more. `bench/` does it with gigabytes."""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from circles import environment

ONCE, TIMES = 1_200, 5
PROGRAM = """
import json, sys
from pathlib import Path
import kring
from kring.store import keep, open as store
from kring.verbs import import_, look
keep._BATCH_ITEMS, keep._CACHE = 500, 1_000      # what is held on purpose, and is bounded, is held small: what is left must be flat
look._FRAME_ITEMS, look._LOOK_ITEMS = 500, 1_000
import_._SUMMED_POSTS = 1_000
set_up = store._set_up
store._set_up = lambda connection, record: (set_up(connection, record), connection.execute("PRAGMA cache_size=-2048"))
def highest():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
with kring.new(sys.argv[2]) as circle:
    circle.import_(sys.argv[3])                   # everything is loaded and compiled once, with a small one
    before = highest()
    (done,) = circle.import_(sys.argv[1])
    print(json.dumps({"kib": highest() - before, "posts": done.kept.posts, "lost": done.kept.unread}))
"""
WORDS = [f"woord{n}" for n in range(3_000)]


def chat(n):
    chance = random.Random(n)
    for i in range(n):
        words = " ".join(chance.choices(WORDS, k=50))
        yield f"{1 + i // 1440 % 28:02}-{1 + i // 40320 % 12:02}-{2020 + i // 483840} {i // 60 % 24:02}:{i % 60:02} - P{i % 40}: {words}\n"


def mails(n):
    chance = random.Random(n)
    for i in range(n):
        words = " ".join(chance.choices(WORDS, k=50))
        yield (
            f"From p@b.example Mon Mar  4 10:00:00 2024\nFrom: P {i % 40} <p{i % 40}@b.example>\nTo: l@b.example\nSubject: S{i % 90}\n"
            f"Date: Mon, 4 Mar 2024 10:00:00 +0100\nMessage-ID: <m{i}@b.example>\n\n{words}\n\n"
        )


def forum(n):
    chance = random.Random(n)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'
    for i in range(1, n + 1):
        words = " ".join(chance.choices(WORDS, k=50))
        yield f'  <row Id="{i}" PostTypeId="1" CreationDate="2024-03-05T10:00:00.000" Score="1" Body="{words}" OwnerUserId="{i % 40 + 1}" Title="T{i}" />\n'
    yield "</posts>\n"


def outbox(n):
    chance, me, public = random.Random(n), "https://t.example/users/a", "https://www.w3.org/ns/activitystreams#Public"
    yield '{"@context":"https://www.w3.org/ns/activitystreams","id":"outbox.json","type":"OrderedCollection","orderedItems":['
    for i in range(n):
        note = {"id": f"{me}/statuses/{i}", "type": "Note", "published": "2024-03-05T10:00:00Z", "to": [public], "attributedTo": me}
        note["content"] = f"<p>{' '.join(chance.choices(WORDS, k=50))}</p>"
        act = {"id": f"{me}/statuses/{i}/activity", "type": "Create", "actor": me, "published": "2024-03-05T10:00:00Z", "object": note}
        yield ("," if i else "") + json.dumps(act)
    yield "]}"


KINDS = {"WhatsApp Chat with Street.txt": chat, "list.mbox": mails, "Posts.xml": forum, "outbox.json": outbox}


def zipped(folder, n):
    """An archive with an export of each kind in it, of `n` records each."""
    file = folder / f"{n}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in KINDS.items():
            with archive.open(name, "w") as stream:
                stream.writelines(piece.encode() for piece in pieces(n))
    return file


def test_five_times_the_export_needs_no_more_memory(tmp_path):
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells how much memory a process had at most")
    small, found = zipped(tmp_path, 20), {}
    for n in (ONCE, ONCE * TIMES):
        command = [sys.executable, "-c", PROGRAM, zipped(tmp_path, n), tmp_path / f"circle-{n}", small]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
        assert done.returncode == 0, done.stderr
        found[n] = json.loads(done.stdout)
        assert found[n]["posts"] >= len(KINDS) * (n - 20)  # of which the small one brought some already
    grown = found[ONCE * TIMES]["kib"] - found[ONCE]["kib"]
    # 19,200 records more, of about 1.5 KiB each as text, raw bytes and objects: held in memory they would be 28 MiB
    assert grown < 10 * 1024, found
