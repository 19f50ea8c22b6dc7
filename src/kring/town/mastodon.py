"""Writes Mastodon archives: what "Request your archive" gives, with the list of followed accounts from "Data export" put beside it.

Form after Mastodon's own `BackupService` and `Export` (app/services/backup_service.rb, app/models/export.rb).
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import numpy as np

from kring.town import names
from kring.town.pack import write_zip
from kring.town.server import HASHTAGS, Server
from kring.town.sheet import BOT, HALL, Act, Ints, Look
from kring.town.talk import Row, Talk, row_of
from kring.town.world import World

BASE = f"https://{names.SOCIAL}"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    {
        "ostatus": "http://ostatus.org#",
        "atomUri": "ostatus:atomUri",
        "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
        "sensitive": "as:sensitive",
    },
]
MOST_ARCHIVES = 3_000
NUMBER = 1
"""Of this network among the dice of `Talk`."""
_LINK = re.compile(r"https://(\S+)")


class Archives:
    """Writes the archives of all who gave theirs."""

    def __init__(self, world: World, server: Server) -> None:
        self.world, self.server, self.talk = world, server, Talk(world, NUMBER)
        self.donors = np.flatnonzero(world.donated)[:MOST_ARCHIVES]

    def write(self, folder: Path, progress: Callable[[str, int, int], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        order = np.lexsort((self.server.sheet["at"], self.server.sheet["author"]))
        author = self.server.sheet["author"][order]
        owners = [HALL, BOT, *self.donors.tolist()]
        for done, person in enumerate(owners):
            low, high = np.searchsorted(author, person, "left"), np.searchsorted(author, person, "right")
            self._archive(folder, person, order[low:high])
            progress("mastodon", done + 1, len(owners))

    def handle(self, person: int) -> str:
        return {HALL: names.HALL_HANDLE, BOT: names.BOT_HANDLE}.get(person) or self.world.called("mastodon", person).handle

    def name(self, person: int) -> str:
        return {HALL: names.HALL_NAME, BOT: names.BOT_NAME}.get(person) or self.world.called("mastodon", person).name

    def account(self, person: int) -> str:
        return f"{BASE}/users/{self.handle(person)}"

    def uri(self, i: int) -> str:
        """A snowflake: milliseconds, then sixteen bits that keep posts apart."""
        at, author = int(self.server.sheet["at"][i]), int(self.server.sheet["author"][i])
        return f"{self.account(author)}/statuses/{((at * 1000 + i * 37 % 1000) << 16) | (i & 0xFFFF)}"

    def _archive(self, folder: Path, person: int, rows: Ints) -> None:
        who, row = self.server.like
        liked = [self.uri(i) for i in row[np.searchsorted(who, person) : np.searchsorted(who, person, "right")].tolist()]
        dice = self.talk.dice(person + 10, 2)
        marked = [uri for uri in liked if dice.chance(0.06)]
        write_zip(
            folder / f"{self.handle(person)}.zip",
            {
                "actor.json": json.dumps(self._actor(person), ensure_ascii=False),
                "outbox.json": json.dumps(_collection("outbox.json", [self._activity(i) for i in rows.tolist()]), ensure_ascii=False),
                "likes.json": json.dumps(_collection("likes.json", liked)),
                "bookmarks.json": json.dumps(_collection("bookmarks.json", marked)),
                "following_accounts.csv": "".join(self._follows(person)),
            },
        )

    def _follows(self, person: int) -> Iterator[str]:
        yield "Account address,Show boosts,Notify on new posts,Languages\n"
        ties = self.world.all_follows
        if person >= 0:
            low, high = np.searchsorted(ties.source, person, "left"), np.searchsorted(ties.source, person, "right")
            yield from (f"{self.handle(other)}@{names.SOCIAL},true,false,\n" for other in ties.target[low:high].tolist())

    def _actor(self, person: int) -> dict[str, object]:
        account = self.account(person)
        return {
            "@context": CONTEXT,
            "id": account,
            "type": {HALL: "Organization", BOT: "Service"}.get(person, "Person"),
            "following": f"{account}/following",
            "followers": f"{account}/followers",
            "inbox": f"{account}/inbox",
            "outbox": "outbox.json",
            "likes": "likes.json",
            "bookmarks": "bookmarks.json",
            "preferredUsername": self.handle(person),
            "name": self.name(person),
            "summary": f"<p>{names.TOWN} is fictional, and so am I.</p>",
            "url": f"{BASE}/@{self.handle(person)}",
            "manuallyApprovesFollowers": False,
            "published": "2023-11-01T00:00:00Z",
        }

    def _activity(self, i: int) -> dict[str, object]:
        row = row_of(self.server.sheet, i)
        uri, actor, published = self.uri(i), self.account(row.author), _utc(row.at)
        to, cc = self._audience(row)
        if row.act == Act.BOOST:
            boosted = int(row.parent)
            cc = [self.account(int(self.server.sheet["author"][boosted])), f"{actor}/followers"]
            return {
                "id": f"{uri}/activity", "type": "Announce", "actor": actor, "published": published, "to": [PUBLIC], "cc": cc,
                "object": self.uri(boosted),
            }  # fmt: skip
        note = self._note(i, row, uri, actor, published) | {"to": to, "cc": cc}
        return {"id": f"{uri}/activity", "type": "Create", "actor": actor, "published": published, "to": to, "cc": cc, "object": note}

    def _audience(self, row: Row) -> tuple[list[str], list[str]]:
        followers = f"{self.account(row.author)}/followers"
        mentioned = [self.account(row.to)] if self._mentions(row) else []
        match row.look:
            case Look.PUBLIC:
                return [PUBLIC], [followers, *mentioned]
            case Look.UNLISTED:
                return [followers], [PUBLIC, *mentioned]
            case Look.FOLLOWERS:
                return [followers], mentioned
        return mentioned, []

    def _mentions(self, row: Row) -> bool:
        return row.to >= BOT and row.to != row.author and row.act != Act.BOOST

    def _note(self, i: int, row: Row, uri: str, actor: str, published: str) -> dict[str, object]:
        above = self.uri(row.parent) if row.parent >= 0 else None
        tags = self._tags(i, row)
        content = self._html(self.talk.text(i, row), row, tags)
        begun = _utc(int(self.server.sheet["at"][row.root]))[:10]
        return {
            "id": uri,
            "type": "Note",
            "summary": None,
            "inReplyTo": above,
            "published": published,
            "url": f"{BASE}/@{self.handle(row.author)}/{uri.rsplit('/', 1)[1]}",
            "attributedTo": actor,
            "sensitive": False,
            "atomUri": uri,
            "inReplyToAtomUri": above,
            "conversation": f"tag:{names.SOCIAL},{begun}:objectId={row.root}:objectType=Conversation",
            "content": content,
            "contentMap": {self.talk.language(row): content},
            "attachment": [],
            "tag": self._tag_list(row, tags),
        }

    def _tags(self, i: int, row: Row) -> list[str]:
        if row.topic >= 0:
            return [HASHTAGS[row.topic]]
        return [self.talk.subject(row).tag] if row.parent < 0 and self.talk.dice(i, 3).chance(0.3) else []

    def _tag_list(self, row: Row, tags: list[str]) -> list[dict[str, str]]:
        found = [{"type": "Hashtag", "href": f"{BASE}/tags/{tag}", "name": f"#{tag}"} for tag in tags]
        if self._mentions(row):
            found.append({"type": "Mention", "href": self.account(row.to), "name": f"@{self.handle(row.to)}@{names.SOCIAL}"})
        return found

    def _html(self, text: str, row: Row, tags: list[str]) -> str:
        parts = [_LINK.sub(_link, escape(part, quote=False)).replace("\n", "<br />") for part in text.split("\n\n")]
        if self._mentions(row):
            parts[0] = _mention(self.handle(row.to)) + " " + parts[0]
        parts[-1] += "".join(f' <a href="{BASE}/tags/{t}" class="mention hashtag" rel="tag">#<span>{t}</span></a>' for t in tags)
        return "".join(f"<p>{part}</p>" for part in parts)


def _collection(name: str, items: list[dict[str, object]] | list[str]) -> dict[str, object]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams", "id": name, "type": "OrderedCollection", "totalItems": len(items),
        "orderedItems": items,
    }  # fmt: skip


def _mention(handle: str) -> str:
    return f'<span class="h-card" translate="no"><a href="{BASE}/@{handle}" class="u-url mention">@<span>{handle}</span></a></span>'


def _link(found: re.Match[str]) -> str:
    address = found[1]
    shown, rest = address[:30], address[30:]
    spans = f'<span class="ellipsis">{shown}</span><span class="invisible">{rest}</span>' if rest else f"<span>{shown}</span>"
    return f'<a href="https://{address}" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">https://</span>{spans}</a>'


def _utc(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
