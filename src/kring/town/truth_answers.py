"""The part of the truth about questions, answers, help and thanks."""

from collections.abc import Iterator

import numpy as np

from kring.town import forum, hall, letters, mastodon
from kring.town.everything import Everything, Json, person_id, share, sheets
from kring.town.sheet import HALL, Act, Ints, Look, Rows, children
from kring.town.talk import row_of

FEW_HELPS = 3
"""From so many times on, help that nobody thanked for is no accident."""
OUTCOMES = ((Act.HALL_ANSWER, "town hall"), (Act.ANSWER, "neighbour"), (Act.SELF_ANSWER, "self"), (Act.BOT_ANSWER, "bot"))


def _addressed(town: Everything) -> Iterator[tuple[str, Rows, letters.Mailbox | mastodon.Archives]]:
    yield "mastodon", town.server, town.archives
    yield "list", town.the_list.sheet, town.the_list
    yield "mail", town.mail.sheet, town.mail


def _id(where: letters.Mailbox | mastodon.Archives, i: int) -> str:
    return where.id(i) if isinstance(where, letters.Mailbox) else where.uri(i)


def _channel(name: str, look: int) -> str:
    return "mastodon-direct" if name == "mastodon" and look == Look.DIRECT else name


def questions(town: Everything) -> Iterator[Json]:
    for name, sheet, where in _addressed(town):
        below, shown = children(sheet, *(act for act, _ in OUTCOMES)), town.shown(sheet)
        for i in np.flatnonzero(sheet["act"] == Act.HALL_ASK).tolist():
            row, replies = row_of(sheet, i), below.get(i, [])
            acts = {int(sheet["act"][r]) for r in replies}
            outcome = next((label for act, label in OUTCOMES if act in acts), "nobody")
            answers = [
                {
                    "id": _id(where, r), "by": person_id(int(sheet["author"][r])), "how": dict(OUTCOMES)[Act(sheet["act"][r])],
                    "at": int(sheet["at"][r]), "delay_s": int(sheet["at"][r]) - row.at, "in_exports": bool(shown[r]),
                }
                for r in replies
            ]  # fmt: skip
            yield {
                "id": _id(where, i), "channel": _channel(name, row.look), "by": person_id(row.author), "at": row.at,
                "language": town.world.languages[row.language], "question_mark": row.marked, "in_exports": bool(shown[i]),
                "outcome": outcome, "answers": answers,
            }  # fmt: skip


def response(town: Everything) -> Json:
    """Sums over the questions, per channel: all that were asked, and those whose question stands in an export."""
    found: Json = {}
    for name, sheet, _ in _addressed(town):
        asks, ours = np.flatnonzero(sheet["act"] == Act.HALL_ASK), np.flatnonzero(sheet["act"] == Act.HALL_ANSWER)
        delay = np.full(len(sheet), -1)
        delay[sheet["parent"][ours]] = sheet["at"][ours] - sheet["at"][sheet["parent"][ours]]
        shown = town.shown(sheet)[asks]
        for channel in ("mastodon", "mastodon-direct") if name == "mastodon" else (name,):
            mine = np.array([_channel(name, look) == channel for look in sheet["look"][asks].tolist()], bool)
            found[channel] = {
                "all": _delays(delay[asks[mine]]),
                "in_exports": _delays(delay[asks[mine & shown]]),
                "planted_median_s": hall.MEDIANS_S[channel] * town.world.strengths["slowness"],
                "planted_spread": hall.SPREAD,
            }
    return found


def _delays(delay: Ints) -> Json:
    known = delay[delay >= 0]
    median, mean = (float(np.median(known)), float(known.mean())) if len(known) else (None, None)
    return {"asked": len(delay), "answered": len(known), "share": share(delay >= 0), "median_s": median, "mean_s": mean}


def traps(town: Everything) -> Iterator[Json]:
    """Messages to the town hall that ask nothing, with a question mark in a link or quotation."""
    for name, sheet, where in _addressed(town):
        shown = town.shown(sheet)
        for i in np.flatnonzero(sheet["act"] == Act.TRAP).tolist():
            kind = "link" if "https://" in where.talk.text(i, row_of(sheet, i)) else "quotation"
            yield {"id": _id(where, i), "channel": name, "kind": kind, "in_exports": bool(shown[i])}


def forum_sums(town: Everything) -> Json:
    f = town.dump.forum
    act, parent = f.sheet["act"], f.sheet["parent"]
    asks = np.flatnonzero(act == Act.ASK)
    answers = np.flatnonzero(f.is_post & (act != Act.ASK))
    others = answers[act[answers] != Act.SELF_ANSWER]
    return {
        "questions": len(asks),
        "answers": len(answers),
        "comments": int((~f.is_post).sum()),
        "accepted": int((f.accepted >= 0).sum()),
        "answered": len(np.unique(parent[answers])),
        "answered_by_others": len(np.unique(parent[others])),
        "answered_by_town_hall": len(np.unique(parent[others[f.sheet["author"][others] == HALL]])),
        "users": len(f.members) + f.authority.puppets + 2,
    }


def forum_questions(town: Everything) -> Iterator[Json]:
    f = town.dump.forum
    below = children(f.sheet, *forum.ANSWERS)
    for i in np.flatnonzero(f.sheet["act"] == Act.ASK).tolist():
        row = row_of(f.sheet, i)
        answers = [
            {"id": str(f.number[r]), "by": person_id(int(f.sheet["author"][r])), "delay_s": int(f.sheet["at"][r]) - row.at}
            for r in below.get(i, [])
        ]
        accepted = str(f.number[f.accepted[i]]) if f.accepted[i] >= 0 else None
        yield {"id": str(f.number[i]), "by": person_id(row.author), "at": row.at, "answers": answers, "accepted": accepted}


def _help_counts(town: Everything) -> dict[str, Ints]:
    """Per person: how often he answered a neighbour's question, was thanked for it in words, had it accepted."""
    n = town.world.n
    counts = {name: np.zeros(n, np.int64) for name in ("helped", "thanked", "accepted", "helped_in_exports", "thanked_in_exports")}
    for name, sheet in sheets(town).items():
        if name in ("mail", "whatsapp"):
            continue
        shown = town.shown(sheet)
        helps = np.flatnonzero((sheet["act"] == Act.ANSWER) & (sheet["to"] != HALL))
        thanks = np.flatnonzero(sheet["act"] == Act.THANKS)
        thanks = thanks[np.isin(sheet["parent"][thanks], helps)]
        for key, rows, column in (("helped", helps, "author"), ("thanked", thanks, "to")):
            counts[key] += np.bincount(sheet[column][rows], minlength=n)
            counts[f"{key}_in_exports"] += np.bincount(sheet[column][rows[shown[rows]]], minlength=n)
    f = town.dump.forum
    accepted = f.sheet["author"][f.accepted[f.accepted >= 0]]
    counts["accepted"] += np.bincount(accepted[accepted >= 0], minlength=n)
    return counts


def thankless(town: Everything) -> Json:
    """Over server, forum and list; in a chat nobody can tell what thanks are for."""
    counts = _help_counts(town)
    found = np.flatnonzero((counts["helped"] >= FEW_HELPS) & (counts["thanked"] + counts["accepted"] == 0))
    chosen = np.flatnonzero(town.world.thankless)
    return {
        "planted": [person_id(p) for p in chosen.tolist()],
        "realised": [person_id(p) for p in found.tolist()],
        "least_helps": FEW_HELPS,
        "helps": int(counts["helped"].sum()),
        "thanks": int(counts["thanked"].sum()),
    }


def helpers(town: Everything) -> Iterator[Json]:
    counts = _help_counts(town)
    for person in np.flatnonzero(counts["helped"]).tolist():
        yield {"id": person_id(person)} | {name: int(values[person]) for name, values in counts.items()}
