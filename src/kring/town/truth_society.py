"""The part of the truth about societies: the content minority, ties that last or don't, who goes between, favours, helpers, vouches."""

import numpy as np

from kring.town import correspondence, names
from kring.town.clubs import FAVOURS, HAMLETS, LETTERS
from kring.town.everything import Everything, Json, person_id, share
from kring.town.favours import FRESH_S
from kring.town.sheet import HALL, Act, Ints
from kring.town.tables import account
from kring.town.world import Flags


def minority(town: Everything) -> Json:
    """Who sees a majority of the content minority among those he follows: all, and between those who gave an archive."""
    world = town.world
    return {
        "hashtag": names.MINORITY_TAG,
        "members": int(world.on_server.sum()),
        "holders": int(world.minority.sum()),
        "all": seen(town, world.minority, np.ones(world.n, np.bool_)),
        "between_archives": between_archives(town, world.minority),
    }


def between_archives(town: Everything, held: Flags) -> Json:
    """The same among those who gave an archive: of them alone it can be known from the exports."""
    donor = np.zeros(town.world.n, np.bool_)
    donor[town.archives.donors] = True
    return seen(town, held, donor)


def seen(town: Everything, held: Flags, among: Flags) -> Json:
    """Of those who follow anybody: the share that sees a majority, and the same of those who hold it and of the others."""
    ties, n = town.world.all_follows, town.world.n
    inside = among[ties.source] & among[ties.target]
    source, target = ties.source[inside], ties.target[inside]
    follows = np.bincount(source, minlength=n)
    majority = np.bincount(source, held[target], minlength=n) * 2 > follows
    some = follows > 0
    return {
        "people": int(some.sum()),
        "share": share(held[some]),
        "see_a_majority": share(majority[some]),
        "holders_see_one": share(majority[some & held]),
        "others_see_one": share(majority[some & ~held]),
    }


def correspondences(town: Everything) -> Json:
    """Each pair: when they first and last had written both, and whether they would have gone on after the two years."""
    pairs, s = town.clubs.letters.pairs, town.world.strengths
    columns = (column.tolist() for column in (pairs.one, pairs.other, pairs.start, pairs.end, pairs.goes_on, pairs.lasting))
    return {
        "list": LETTERS.mail,
        "members": _people(town.clubs.letters.members),
        "half_life_days": _days(correspondence.HALF_LIFE_S, s["fading"]),
        "half_life_with_us_days": _days(correspondence.WITH_US_S, s["leaving"]),
        "once_only": share(~pairs.lasting[pairs.other != HALL]),
        "pairs": [
            {"pair": [person_id(one), person_id(other)], "start": start, "end": end, "goes_on": goes_on, "once_only": not lasting}
            for one, other, start, end, goes_on, lasting in zip(*columns)
        ],
    }


def _days(half_life_s: int, hazard: float) -> float | None:
    return half_life_s / 86_400 / hazard if hazard else None


def hamlets(town: Everything) -> Json:
    polder = town.clubs.hamlets
    one, other = polder.across
    most = np.bincount(one).max() if len(one) else 0
    return {
        "list": HAMLETS.mail,
        "hamlets": [_people(some) for some in polder.hamlet],
        "broker": None if polder.broker is None else person_id(polder.broker),
        "pairs_across": [[person_id(a), person_id(b)] for a, b in zip(one.tolist(), other.tolist())],
        "share_of_the_broker": share(one == polder.broker) if polder.broker is not None else None,
        "most_of_one": int(most),
    }


def favours(town: Everything) -> Json:
    """Who helped whom on the neighbours' list, and how much of it was done by people who had been helped shortly before."""
    sheet = town.clubs.favours.sheet
    answers = np.flatnonzero(sheet["act"] == Act.ANSWER)
    to_us = sheet["to"][answers] == HALL
    helper, helped, at = (sheet[name][answers[~to_us]].astype(np.int64) for name in ("author", "to", "at"))
    moved, chance = _moved(helper, helped, at), _by_chance(town.world.seed, helper, helped, at)
    given, back = sheet["author"][answers[to_us]], sheet["to"][(sheet["author"] == HALL) & (sheet["act"] == Act.THANKS)]
    return {
        "list": FAVOURS.mail,
        "members": _people(town.clubs.favours.members),
        "helps": len(helper),
        "fresh_s": FRESH_S,
        "by_those_helped_of_late": share(moved),
        "by_chance": chance,
        "for_us": {person_id(p): {"gave": int((given == p).sum()), "got": int((back == p).sum())} for p in np.unique(given).tolist()},
        "owed": _people(town.clubs.favours.owed),
    }


def _moved(helper: Ints, helped: Ints, at: Ints) -> Flags:
    """Which helps were given by somebody who had been helped shortly before, by another than the one he now helps."""
    return np.array(
        [
            bool(((helped == who) & (at < when) & (at > when - FRESH_S) & (helper != whom)).any())
            for who, whom, when in zip(helper.tolist(), helped.tolist(), at.tolist())
        ],
        np.bool_,
    )


def _by_chance(seed: int, helper: Ints, helped: Ints, at: Ints) -> float | None:
    """The same where the helpers are dealt out anew, 20 times."""
    rng = np.random.default_rng((seed, 19))
    found = [share(_moved(rng.permutation(helper), helped, at)) for _ in range(20)]
    known = [each for each in found if each is not None]
    return float(np.mean(known)) if known else None


def authority(town: Everything) -> Json:
    """Who plays which part among those who help on the forum; and the most followed of those who never helped anybody anywhere."""
    f = town.dump.forum
    parts, world = f.authority, town.world
    sheet = f.sheet
    answers = np.flatnonzero(sheet["act"] == Act.ANSWER)
    helper, helped = sheet["author"][answers].astype(np.int64), sheet["to"][answers].astype(np.int64)
    taken = np.isin(answers, f.accepted[f.accepted >= 0])
    followers = world.all_follows.in_degree()

    def told(person: int) -> Json:
        mine = helper == person
        residents = helped[mine][helped[mine] < world.n]
        return {
            "id": person_id(person), "account": str(f.user(person)), "answers": int(mine.sum()), "accepted": int((mine & taken).sum()),
            "people_helped": len(np.unique(helped[mine])), "quarters_helped": len(np.unique(world.quarter[residents])),
            "followers": int(followers[person]) if world.on_server[person] else None,
        }  # fmt: skip

    puppets = [{"id": person_id(world.n + k), "account": str(f.user(world.n + k))} for k in range(parts.puppets)]
    lessons = zip(parts.masters.tolist(), parts.apprentices.tolist(), parts.subjects.tolist())
    popular = _popular(town, followers)
    return {
        "quiet_helpers": [told(person) for person in parts.quiet.tolist()],
        "ring": [told(person) for person in parts.ring.tolist()],
        "praised_by_puppets": told(parts.praised) if parts.praised is not None else None,
        "puppets": puppets,
        "masters": [
            {"master": person_id(m), "apprentice": person_id(a), "accounts": [str(f.user(m)), str(f.user(a))],
             "tag": town.dump.talk.tag(subject), "lessons": int(((helper == m) & (helped == a)).sum())}
            for m, a, subject in lessons
        ],
        "popular_who_helps_nobody": None if popular is None else told(popular),
    }  # fmt: skip


def _popular(town: Everything, followers: Ints) -> int | None:
    """The most followed of those on server and forum who never answered a neighbour's question."""
    world, helps = town.world, np.zeros(town.world.n, np.int64)
    for sheet in (town.server, town.dump.forum.sheet):
        helps += np.bincount(sheet["author"][sheet["act"] == Act.ANSWER], minlength=world.n)
    some = np.flatnonzero(world.on_server & world.on_forum & (helps == 0))
    return int(some[np.argmax(followers[some])]) if len(some) else None


def vouches(town: Everything) -> Json:
    said, first = town.vouches, town.world.n
    attack = said.is_attack(first)
    names_of = {name: [account(town, p) for p in getattr(said, name).tolist()] for name in ("pre_trusted", "let_down", "fakes")}
    fakes = said.target >= first
    return {
        "people": len(said.people),
        **names_of,
        "attack_edges": [[account(town, a), account(town, b)] for a, b in zip(said.source[attack].tolist(), said.target[attack].tolist())],
        "ratings": len(said.rating),
        "vouches": int((said.rating > 0).sum()),
        "good_share_of_those_who_let_down": share((said.rating > 0)[np.isin(said.target, said.let_down)]),
        "good_share_of_the_others": share((said.rating > 0)[~np.isin(said.target, said.let_down) & ~fakes]),
    }


def _people(some: Ints) -> list[str]:
    return [person_id(person) for person in some.tolist()]
