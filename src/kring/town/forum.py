"""The town's question-and-answer forum as planned, and written as a Stack Exchange data dump.

Form after the public description of the dumps (meta.stackexchange.com/a/2678); tags stand between bars, as in dumps since 2024.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import numpy as np

from kring.town import authority, clock, hall, names
from kring.town.authority import Authority
from kring.town.called import NICKNAMES
from kring.town.sheet import HALL, Act, Draft, Ints, Rows, beside
from kring.town.talk import N_SUBJECTS, SUBJECTS, Row, Talk, each
from kring.town.world import Flags, World

NUMBER = 2
QUESTIONS, MORE_ANSWERS, COMMENTS = 2.0, 0.6, 0.4
"""Questions for each member; answers beyond the first; comments (beyond thanks) for each post."""
HALL_SHARE = 0.08
"""Of the answered questions: share in which the town hall answers as well."""
ANSWERS = (Act.ANSWER, Act.HALL_ANSWER, Act.SELF_ANSWER)
COMMUNITY_USER, HALL_USER, FIRST_USER = -1, 1, 2


@dataclass(frozen=True, slots=True)
class Forum:
    """All that is said there, with the dump's own numbers."""

    sheet: Rows
    number: Ints
    """Id of each row: among the posts, or among the comments."""
    is_post: Flags
    accepted: Ints
    """For each question: the row of the accepted answer, -1 for none."""
    up: Ints
    down: Ints
    members: Ints
    residents: int
    """How many people there are in the town, on the forum or not."""
    authority: Authority
    """What is said by those who help much, and by those who make it look so."""

    def user(self, person: int) -> int:
        """The user id of a person, of a sock puppet (numbers after the last resident's), or of the town hall."""
        if person >= self.residents:
            return FIRST_USER + len(self.members) + person - self.residents
        return HALL_USER if person == HALL else FIRST_USER + int(np.searchsorted(self.members, person))


def plan(world: World) -> Forum:
    """The forum's two years."""
    rng, draft = np.random.default_rng((world.seed, 3)), Draft()
    members = world.members(world.on_forum)
    helpful = world.helpfulness[members] / world.helpfulness[members].sum()
    n = int(QUESTIONS * len(members))
    author = rng.choice(members, n)
    asks = draft.start(
        clock.draw(rng, n, world.strengths["rhythm"]), author, Act.ASK, rng.integers(0, N_SUBJECTS, n), world.language[author], marked=1
    )
    fate = rng.random(n)
    answered = asks[fate < world.strengths["forum_answers"]]
    helped = np.repeat(answered, 1 + rng.poisson(MORE_ANSWERS, len(answered)))
    helps = hall.help_with(rng, draft, helped, _another(rng.choice(members, len(helped), p=helpful), author[helped], members), 14_000)
    ours = answered[rng.random(len(answered)) < HALL_SHARE]
    draft.under(ours, clock.later(rng, len(ours), 60_000), HALL, Act.HALL_ANSWER)
    alone = asks[(fate >= world.strengths["forum_answers"]) & (rng.random(n) < world.strengths["self_answers"])]
    draft.under(alone, clock.later(rng, len(alone), 200_000), author[alone], Act.SELF_ANSWER)
    hall.thank(rng, draft, world, helps)
    talked = np.repeat(np.arange(len(draft)), rng.poisson(COMMENTS, len(draft)))
    talked = talked[np.isin(draft[talked]["act"], (Act.ASK, Act.ANSWER))]
    draft.under(talked, clock.later(rng, len(talked), 40_000), rng.choice(members, len(talked)), Act.REPLY)
    return _with_authority(world, _number(rng, world, draft.finish(), members))


def _another(helper: Ints, asker: Ints, members: Ints) -> Ints:
    """The helper, or the next member where that is the asker himself."""
    following = members[(np.searchsorted(members, helper) + 1) % len(members)]
    return np.where(helper == asker, following, helper)


def _number(rng: np.random.Generator, world: World, sheet: Rows, members: Ints) -> Forum:
    is_post = np.isin(sheet["act"], (Act.ASK, *ANSWERS))
    number = np.where(is_post, np.cumsum(is_post), np.cumsum(~is_post))
    accepted = np.full(len(sheet), -1)
    if world.strengths["thanks"] > 0:
        good = np.flatnonzero(
            np.isin(sheet["act"], (Act.ANSWER, Act.HALL_ANSWER)) & ((sheet["author"] < 0) | ~world.thankless[sheet["author"]])
        )
        question, first = np.unique(sheet["parent"][good], return_index=True)
        pleased = rng.random(len(question)) < 0.6
        accepted[question[pleased]] = good[first[pleased]]
    return Forum(
        sheet,
        number,
        is_post,
        accepted,
        up=rng.poisson(1.8, len(sheet)) * is_post,
        down=rng.binomial(1, 0.08, len(sheet)) * is_post,
        members=members,
        residents=world.n,
        authority=authority.plan(world),
    )


def _with_authority(world: World, forum: Forum) -> Forum:
    """The forum with what was planned of those who help, below all else, so that nothing else changes."""
    more, rng = forum.authority.sheet, np.random.default_rng((world.seed, 18))
    is_post = np.isin(more["act"], (Act.ASK, Act.ANSWER))
    accepted = np.full(len(more), -1)
    taken = np.flatnonzero((more["act"] == Act.ANSWER) & (more["side"] == 1))
    accepted[more["parent"][taken]] = taken + len(forum.sheet)
    n_posts, n_comments = int(forum.is_post.sum()), int((~forum.is_post).sum())
    number = np.where(is_post, n_posts + np.cumsum(is_post), n_comments + np.cumsum(~is_post))
    return replace(
        forum,
        sheet=beside(forum.sheet, more),
        number=np.concatenate([forum.number, number]),
        is_post=np.concatenate([forum.is_post, is_post]),
        accepted=np.concatenate([forum.accepted, accepted]),
        up=np.concatenate([forum.up, rng.poisson(1.8, len(more)) * is_post]),
        down=np.concatenate([forum.down, rng.binomial(1, 0.08, len(more)) * is_post]),
    )


class Dump:
    """Writes the four files of the dump."""

    def __init__(self, world: World, forum: Forum) -> None:
        self.world, self.forum, self.talk = world, forum, Talk(world, NUMBER, long=True)

    def write(self, folder: Path, progress: Callable[[str, int, int], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        files = {"Posts": self._posts, "Comments": self._comments, "Votes": self._votes, "Users": self._users}
        for done, (name, rows) in enumerate(files.items()):
            with (folder / f"{name}.xml").open("w", encoding="utf-8", newline="\n") as file:
                file.write(f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<{name.lower()}>\n')
                file.writelines(_element(**row) for row in rows())
                file.write(f"</{name.lower()}>")
            progress("forum", done + 1, len(files))

    def _posts(self) -> Iterator[dict[str, object]]:
        forum = self.forum
        n_answers, n_comments = self._count(forum.is_post), self._count(~forum.is_post)
        last = forum.sheet["at"].copy()
        replies = np.flatnonzero(forum.is_post & (forum.sheet["parent"] >= 0))
        np.maximum.at(last, forum.sheet["parent"][replies], forum.sheet["at"][replies])
        for i, row in each(forum.sheet):
            if not forum.is_post[i]:
                continue
            yield {
                "Id": int(forum.number[i]),
                "PostTypeId": 1 if row.act == Act.ASK else 2,
                "AcceptedAnswerId": int(forum.number[forum.accepted[i]]) if forum.accepted[i] >= 0 else None,
                "ParentId": int(forum.number[row.parent]) if row.parent >= 0 else None,
                "CreationDate": _stamp(row.at, i),
                "Score": int(forum.up[i]) - int(forum.down[i]),
                "ViewCount": 20 + i * 13 % 400 if row.act == Act.ASK else None,
                "Body": _html(self.talk.text(i, row)),
                "OwnerUserId": forum.user(row.author),
                "LastActivityDate": _stamp(int(last[i]), i),
                "Title": self.talk.question(i, row) if row.act == Act.ASK else None,
                "Tags": f"|{self.talk.subject(row).tag}|" if row.act == Act.ASK else None,
                "AnswerCount": int(n_answers[i]) if row.act == Act.ASK else None,
                "CommentCount": int(n_comments[i]),
                "ContentLicense": "CC BY-SA 4.0",
            }
        yield from self._wikis(int(forum.is_post.sum()))

    def _wikis(self, last: int) -> Iterator[dict[str, object]]:
        """The descriptions of tags, which such a dump holds among the posts: the forum's own user writes them."""
        for k, subject in enumerate(SUBJECTS[self.world.languages[0]]):
            for kind, text in ((5, ""), (4, f"{subject.titles[0]}, {subject.titles[1].lower()} ({subject.tag})")):
                yield {
                    "Id": last + 1 + 2 * k + (5 - kind), "PostTypeId": kind, "CreationDate": _stamp(clock.SINCE + 3600 + k, k), "Score": 0,
                    "Body": text, "OwnerUserId": COMMUNITY_USER, "LastActivityDate": _stamp(clock.SINCE + 3600 + k, k), "CommentCount": 0,
                    "ContentLicense": "CC BY-SA 4.0",
                }  # fmt: skip

    def _count(self, which: Flags) -> Ints:
        parent = self.forum.sheet["parent"][which]
        return np.bincount(parent[parent >= 0], minlength=len(self.forum.sheet))

    def _comments(self) -> Iterator[dict[str, object]]:
        forum = self.forum
        for i, row in each(forum.sheet):
            if not forum.is_post[i]:
                yield {
                    "Id": int(forum.number[i]), "PostId": self._post_of(row), "Score": 0,
                    "Text": self._addressed(row) + self.talk.text(i, row).replace("\n\n", " "),
                    "CreationDate": _stamp(row.at, i), "UserId": forum.user(row.author), "ContentLicense": "CC BY-SA 4.0",
                }  # fmt: skip

    def _post_of(self, row: Row) -> int:
        """A comment on a comment stands under the same post."""
        above = row.parent
        while not self.forum.is_post[above]:
            above = int(self.forum.sheet["parent"][above])
        return int(self.forum.number[above])

    def _addressed(self, row: Row) -> str:
        return f"@{self.world.called('forum', row.to).name.split()[0]} " if row.act == Act.THANKS and row.to >= 0 else ""

    def _votes(self) -> Iterator[dict[str, object]]:
        forum, number = self.forum, 0
        accepted = np.zeros(len(forum.sheet), bool)
        accepted[forum.accepted[forum.accepted >= 0]] = True
        for i, row in each(forum.sheet):
            kinds = [1] * bool(accepted[i]) + [2] * int(forum.up[i]) + [3] * int(forum.down[i])
            for k, kind in enumerate(kinds):
                number += 1
                day = min(row.at + k * 90_000, clock.UNTIL) // clock.DAY_S * clock.DAY_S
                yield {"Id": number, "PostId": int(forum.number[i]), "VoteTypeId": kind, "CreationDate": _stamp(day, 0)}

    def _users(self) -> Iterator[dict[str, object]]:
        forum = self.forum
        yield self._user(COMMUNITY_USER, "Community", 1)
        yield self._user(HALL_USER, names.HALL_NAME, 101)
        by_person = forum.sheet["author"] >= 0
        gained = np.bincount(forum.sheet["author"][by_person], forum.up[by_person], minlength=self.world.n + forum.authority.puppets)
        for k, person in enumerate(forum.members.tolist()):
            yield self._user(FIRST_USER + k, self.world.called("forum", person).name, 1 + 10 * int(gained[person]))
        for k in range(forum.authority.puppets):
            yield self._user(
                forum.user(forum.residents + k), f"{NICKNAMES[-1 - k % len(NICKNAMES)]} {k + 60}", 1 + 10 * int(gained[forum.residents + k])
            )

    def _user(self, number: int, name: str, reputation: int) -> dict[str, object]:
        about = f"<p>{names.TOWN} is fictional, and so am I.</p>"
        return {
            "Id": number, "Reputation": reputation, "CreationDate": _stamp(clock.SINCE, 0), "DisplayName": name,
            "LastAccessDate": _stamp(clock.UNTIL, 0), "Location": names.TOWN, "AboutMe": about, "Views": 0, "UpVotes": 0, "DownVotes": 0,
            "AccountId": number,
        }  # fmt: skip


def _element(**attributes: object) -> str:
    written = (f'{name}="{_attribute(str(value))}"' for name, value in attributes.items() if value is not None)
    return f"  <row {' '.join(written)} />\n"


def _attribute(text: str) -> str:
    return escape(text).replace("\n", "&#xA;")


def _html(text: str) -> str:
    return "\n".join(f"<p>{escape(part, quote=False)}</p>\n" for part in text.split("\n\n"))


def _stamp(at: int, i: int) -> str:
    moment = datetime.fromtimestamp(at, UTC) + timedelta(milliseconds=i * 37 % 1000 if at % clock.DAY_S else 0)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"
