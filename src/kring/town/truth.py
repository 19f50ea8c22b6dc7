"""Writes `truth.json`: what is true of the town, counted from what was planned and not from what was meant."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from kring.town import chats, clock, forum, names, server, truth_answers, truth_society
from kring.town.everything import Everything, Json, person_id, share, sheets
from kring.town.sheet import BOT, HALL, Act, Ints, Look, Rows
from kring.town.talk import row_of
from kring.town.world import World


def write(path: Path, town: Everything) -> None:
    """Everything that is true, long lists one item a line so that memory need not hold them."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("{")
        for k, (name, value) in enumerate(_sections(town)):
            file.write(("," if k else "") + f"\n{json.dumps(name)}: ")
            if isinstance(value, Iterator):
                file.write("[")
                for j, item in enumerate(value):
                    file.write(("," if j else "") + "\n" + json.dumps(item, ensure_ascii=False))
                file.write("\n]")
            else:
                file.write(json.dumps(value, ensure_ascii=False))
        file.write("\n}\n")


def _sections(town: Everything) -> Iterable[tuple[str, object]]:
    world = town.world
    yield "fictional", f"{names.TOWN} and all people in it are made up. Times are seconds since 1970 in UTC unless they are called local."
    yield "town", names.TOWN
    yield "arguments", {"people": world.n, "seed": world.seed, "languages": world.languages}
    yield "strengths", dict(world.strengths)
    yield "period", {"since": clock.SINCE, "until": clock.UNTIL, "zone": clock.ZONE}
    yield "us", {"name": names.HALL_NAME, "accounts": _accounts(town, HALL)}
    yield (
        "bots",
        [
            {"name": names.BOT_NAME, "accounts": _accounts(town, BOT)},
            {"name": "Community", "accounts": {"forum": str(forum.COMMUNITY_USER)}},
        ],
    )
    yield "namesakes", _namesakes(world)
    yield "shared_telephones", _shared_telephones(town)
    yield "networks", _networks(town)
    yield "communities", _communities(world)
    yield "ties", {"follows": _follows(town), "replies": _replies(town)}
    yield "opinion", _opinion(town)
    yield "minority", truth_society.minority(town)
    yield "topics", [_topic(town, t) for t in range(len(names.TAGS))]
    yield "response", truth_answers.response(town)
    yield "questions", truth_answers.questions(town)
    yield "traps", truth_answers.traps(town)
    yield "forum", truth_answers.forum_sums(town)
    yield "forum_questions", truth_answers.forum_questions(town)
    yield "thankless", truth_answers.thankless(town)
    yield "helpers", truth_answers.helpers(town)
    yield "authority", truth_society.authority(town)
    yield "vouches", truth_society.vouches(town)
    yield "correspondences", truth_society.correspondences(town)
    yield "hamlets", truth_society.hamlets(town)
    yield "favours", truth_society.favours(town)
    yield "rhythm", {name: _rhythm(sheet) for name, sheet in sheets(town).items()}
    yield "burst", _burst(town)
    yield "chats", [_chat(town, chat) for chat in town.chats]
    yield "people", (_person(town, p) for p in range(world.n))


def _accounts(town: Everything, person: int) -> Json:
    world = town.world
    found: Json = {}
    if person < 0 or world.on_server[person]:
        found["mastodon"] = town.archives.account(person)
    if person == HALL or (person >= 0 and world.on_forum[person]):
        found["forum"] = str(town.dump.forum.user(person))
    if person == HALL or (person >= 0 and world.on_list[person]):
        found["list"] = town.the_list.address(person)[1]
    if person < 0 or world.by_mail[person]:
        found["mail"] = town.mail.address(person)[1]
    return found


def _person(town: Everything, person: int) -> Json:
    world = town.world
    camps = {tag: int(world.camp[t, person]) for t, tag in enumerate(names.TAGS) if world.camp[t, person] >= 0}
    found: Json = {
        "id": person_id(person),
        "name": world.name(person),
        "language": world.languages[world.language[person]],
        "quarter": world.quarter_name(int(world.quarter[person])),
        "club": names.CLUBS[world.club[person]] if world.club[person] >= 0 else None,
        "accounts": _accounts(town, person),
        "archive": bool(world.donated[person]) and person <= int(town.archives.donors[-1]),
        "opinion": bool(world.opinion[person]),
        "minority": bool(world.minority[person]),
        "camps": camps,
    }
    in_chats = {
        chat.name: chat.called(world, person) for chat in town.chats if chat.quarter == world.quarter[person] and person in chat.members
    }
    return found | ({"chats": in_chats} if in_chats else {})


def _namesakes(world: World) -> list[list[str]]:
    """People who bear the same name, without a letter between."""
    bearers: dict[str, list[str]] = {}
    for person in range(world.n):
        bearers.setdefault(world.name(person), []).append(person_id(person))
    return [some for some in bearers.values() if len(some) > 1]


def _shared_telephones(town: Everything) -> Json:
    """Numbers that one person writes from in one chat, and another in another."""
    holders: dict[str, set[int]] = {}
    for chat in town.chats:
        for person, number in chat.telephones.items():
            holders.setdefault(number, set()).add(person)
    return {number: [person_id(p) for p in sorted(some)] for number, some in sorted(holders.items()) if len(some) > 1}


def _networks(town: Everything) -> Json:
    found: Json = {}
    for name, sheet in sheets(town).items():
        boost, shown = sheet["act"] == Act.BOOST, town.shown(sheet)
        found[name] = {"posts": int((~boost).sum()), "posts_in_exports": int((~boost & shown).sum())}
        if name == "mastodon":
            likes = int(np.isin(town.archives.server.like[0], town.archives.donors).sum())
            more = {"boosts": int(boost.sum()), "boosts_in_exports": int((boost & shown).sum()), "likes_in_exports": likes}
            found[name] = {
                **_dict(found[name]),
                **more,
                "archives": len(town.archives.donors) + 2,
                "accounts": int(town.world.on_server.sum()),
            }
    return found


def _dict(value: object) -> Json:
    assert isinstance(value, dict)
    return value


def _communities(world: World) -> Json:
    source, target = world.all_follows.source, world.all_follows.target
    quarter, size = world.quarter, world.n_quarters
    out, into = (np.bincount(quarter[ends], minlength=size) / max(1, len(ends)) for ends in (source, target))
    return {
        "quarters": {world.quarter_name(q): int((quarter == q).sum()) for q in range(size)},
        "clubs": {names.CLUBS[c]: int((world.club == c).sum()) for c in range(len(names.CLUBS)) if (world.club == c).any()},
        "follows_within_quarter": share(quarter[source] == quarter[target]),
        "by_chance": float(out @ into),
    }


def _both_ways(source: Ints, target: Ints, n: int) -> Json:
    """Counts over distinct arcs without loops."""
    arcs = np.unique(source.astype(np.int64) * n + target)
    arcs = arcs[arcs // n != arcs % n]
    back = np.isin(arcs % n * n + arcs // n, arcs)
    mutual = int(back.sum()) // 2
    return {"arcs": len(arcs), "mutual_pairs": mutual, "one_sided_pairs": len(arcs) - 2 * mutual, "reciprocity": share(back)}


def _follows(town: Everything) -> Json:
    ties, n = town.world.all_follows, town.world.n
    seen = np.isin(ties.source, town.archives.donors)
    both = seen & np.isin(ties.target, town.archives.donors)
    return {
        "all": _both_ways(ties.source, ties.target, n),
        "in_exports": _both_ways(ties.source[seen], ties.target[seen], n),
        "between_archives": _both_ways(ties.source[both], ties.target[both], n),
    }


def _replies(town: Everything) -> Json:
    """Who replied to or addressed whom among residents on the server, direct posts left out."""
    sheet = town.server
    spoke = (sheet["act"] != Act.BOOST) & (sheet["author"] >= 0) & (sheet["to"] >= 0) & (sheet["look"] < Look.DIRECT)
    shown = spoke & town.shown(sheet)
    return {
        name: _both_ways(sheet["author"][rows], sheet["to"][rows], town.world.n) for name, rows in (("all", spoke), ("in_exports", shown))
    }


def _opinion(town: Everything) -> Json:
    world = town.world
    source, target = world.all_follows.source, world.all_follows.target
    follows = np.bincount(source, minlength=world.n)
    holding = np.bincount(source, world.opinion[target], minlength=world.n)
    sees = (holding * 2 > follows)[follows > 0]
    members = world.members(world.on_server)
    followers = world.all_follows.in_degree()
    return {
        "hashtag": names.OPINION_TAG,
        "members": len(members),
        "holders": int(world.opinion.sum()),
        "mean_followers_of_holders": float(followers[world.opinion].mean()) if world.opinion.any() else None,
        "mean_followers": float(followers[members].mean()),
        "see_a_majority": share(sees),
        "between_archives": truth_society.between_archives(town, world.opinion),
    }


def _topic(town: Everything, topic: int) -> Json:
    camp, sheet = town.world.camp[topic], town.server
    found: Json = {
        "hashtag": names.TAGS[topic],
        "divides": names.DIVIDED[topic],
        "camps": {str(side): int((camp == side).sum()) for side in np.unique(camp[camp >= 0])},
    }
    for name, acts in (("boosts", (Act.BOOST,)), ("replies", (Act.AGREE, Act.DISAGREE))):
        rows = np.flatnonzero((sheet["topic"] == topic) & np.isin(sheet["act"], acts))
        one, other = camp[sheet["author"][rows]], camp[sheet["author"][sheet["parent"][rows]]]
        chance = sum(float((one == side).mean() * (other == side).mean()) for side in (0, 1)) if len(rows) else None
        found[name] = {"n": len(rows), "within_camp": share(one == other), "by_chance": chance}
    return found


def _rhythm(sheet: Rows) -> Json:
    """How many posts and boosts began each hour of the week, from Monday midnight, local time."""
    return {"hour_of_week": np.bincount(clock.hour_of_week(sheet["at"]), minlength=clock.WEEK_H).tolist()}


def _burst(town: Everything) -> Json:
    sheet, shown = town.server, town.shown(town.server)
    rows = np.flatnonzero((sheet["topic"] == server.BURST) & (sheet["act"] == Act.BURST))
    in_chats = {chat.name: int((chat.sheet["act"] == Act.BURST).sum()) for chat in town.chats}
    return {
        "hashtag": names.BURST_TAG, "at": clock.BURST_AT, "until": clock.BURST_AT + clock.BURST_S, "mastodon": len(rows),
        "mastodon_ids_in_exports": [town.archives.uri(i) for i in rows[shown[rows]].tolist()], "whatsapp": in_chats,
    }  # fmt: skip


def _chat(town: Everything, chat: chats.Chat) -> Json:
    """Authors as written; a message is known by its local time, author and text."""
    export, world = chats.ChatExport(town.world, chat), town.world
    kinds = [export.kind(i, row_of(chat.sheet, i)) for i in range(len(chat.sheet))]
    authors, n = np.unique(chat.sheet["author"], return_counts=True)

    def message(i: int) -> Json:
        row = row_of(chat.sheet, i)
        return {"local": export.stamp(row.at), "author": chat.called(world, row.author), "text": export.said(i, row)}

    texts = [i for i, kind in enumerate(kinds) if kind == "text"]
    return {
        "name": chat.name,
        "quarter": world.quarter_name(chat.quarter),
        "form": "ios" if chat.ios else "android",
        "members": [person_id(p) for p in chat.members.tolist()],
        "messages": len(chat.sheet),
        "kinds": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "messages_by": {chat.called(world, p): int(k) for p, k in zip(authors.tolist(), n.tolist())},
        "first": message(texts[0]) if texts else None,
        "last": message(texts[-1]) if texts else None,
        "exports": [
            {
                "path": f"exports/whatsapp/{copy.path}", "by": person_id(copy.exporter), "since": copy.since, "until": copy.until,
                "messages": int(((chat.sheet["at"] >= copy.since) & (chat.sheet["at"] < copy.until)).sum()),
            }
            for copy in chat.copies
        ],
    }  # fmt: skip
