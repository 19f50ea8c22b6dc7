"""Reads a town's files with the standard library alone, knowing nothing of how they were written or of Kring's readers."""

import csv
import email
import email.policy
import io
import json
import mailbox
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

LINK = re.compile(r"https?://\S+")
QUOTATION = re.compile(r"“[^”]*”")
IOS = re.compile(r"^\u200e?\[(\d\d-\d\d-\d{4} \d\d:\d\d:\d\d)\] ([^:]+): (.*)$")
ANDROID = re.compile(r"^(\d\d/\d\d/\d{4}, \d\d:\d\d) - (?:([^:]+): )?(.*)$")


@dataclass
class Said:
    id: str
    author: str
    at: float
    text: str
    reply_to: str = ""
    to: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    direct: bool = False
    thread: str = ""


def asks(text: str) -> bool:
    """Is there a question mark outside links and quotations?"""
    own = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
    return "?" in QUOTATION.sub("", LINK.sub("", own))


def truth(folder: Path) -> dict:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def plain(html: str) -> str:
    html = re.sub(r'<span class="(invisible|ellipsis)">|(?<=\w)</span>', "", html)
    return unescape(re.sub(r"<[^>]+>", "", html.replace("</p>", "\n").replace("<br />", "\n")))


class Archive:
    """One Mastodon archive."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name).decode() for name in archive.namelist()}
        actor, outbox = json.loads(files["actor.json"]), json.loads(files["outbox.json"])
        self.id, self.type, self.name = actor["id"], actor["type"], actor["name"]
        self.notes = [_note(item["object"]) for item in outbox["orderedItems"] if item["type"] == "Create"]
        self.boosts = [(item["object"], _time(item["published"])) for item in outbox["orderedItems"] if item["type"] == "Announce"]
        assert outbox["totalItems"] == len(outbox["orderedItems"]) == len(self.notes) + len(self.boosts)
        self.likes = json.loads(files["likes.json"])["orderedItems"]
        host = self.id.split("/")[2]
        rows = list(csv.DictReader(io.StringIO(files["following_accounts.csv"])))
        self.follows = [f"https://{host}/users/{row['Account address'].split('@')[0]}" for row in rows]


def _time(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _note(note: dict) -> Said:
    mentions = tuple(tag["href"] for tag in note["tag"] if tag["type"] == "Mention")
    tags = tuple(tag["name"].lstrip("#") for tag in note["tag"] if tag["type"] == "Hashtag")
    text, (language,) = plain(note["content"]), note["contentMap"]
    direct = not any(each.endswith(("#Public", "/followers")) for each in (*note["to"], *note["cc"]))
    at, above, thread = _time(note["published"]), note["inReplyTo"] or "", note["conversation"]
    return Said(note["id"], note["attributedTo"], at, text, above, mentions, tags, language, direct, thread)


@cache
def archives(folder: Path) -> list[Archive]:
    return [Archive(path) for path in sorted((folder / "exports" / "mastodon").glob("*.zip"))]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """One file of the forum's dump."""
    return [dict(row.attrib) for row in ElementTree.parse(folder / "exports" / "forum" / f"{name}.xml").getroot()]


@cache
def letters(folder: Path, name: str) -> list[Said]:
    found = []
    box = mailbox.mbox(folder / "exports" / name, factory=lambda f: email.message_from_binary_file(f, policy=email.policy.default))
    for message in box:
        body = message.get_body(("plain",))
        to = tuple(a.addr_spec for name in ("To", "Cc") for a in (message[name].addresses if message[name] else ()))
        author = message["From"].addresses[0].addr_spec
        at = message["Date"].datetime.timestamp()
        above = message.get("In-Reply-To", "")
        found.append(Said(message["Message-ID"], author, at, body.get_content(), above, to, (message["Subject"],)))
    box.close()
    return found


def chat(path: Path) -> list[tuple[str, str, str]]:
    """Local time, author and text of each message; lines of the phone itself left out."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            text, line_form = archive.read("_chat.txt").decode(), IOS
    else:
        text, line_form = path.read_text(encoding="utf-8"), ANDROID
    found: list[list[str]] = []
    for line in text.splitlines():
        if match := line_form.match(line):
            found.append([_local(match[1]), match[2] or "", match[3]])
        else:
            found[-1][2] += f"\n{line}"
    return [(when, author, said) for when, author, said in found if author and not _is_notice(said, author)]


def _is_notice(said: str, author: str) -> bool:
    return "end-to-end" in said or said.startswith(f"\u200e{author} ")


def _local(text: str) -> str:
    if "/" in text:
        return datetime.strptime(text, "%d/%m/%Y, %H:%M").isoformat(timespec="minutes")
    return datetime.strptime(text, "%d-%m-%Y %H:%M:%S").isoformat()
