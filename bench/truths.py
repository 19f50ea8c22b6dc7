"""Every truth planted in the fictional town beside what `kring measure` finds of it, with the usual strengths and with each strength at 0.

    python bench/truths.py [--people 400] [--seeds 11,12,13] [--only MEASURE]

Prints a Markdown table, which docs/truths.md holds. Each control is a town of its own in which one strength is 0 and all else is as usual.
A measure sees the exports alone (or a network file that lies beside them); truth.json is opened only to compare.
"""

import argparse
import contextlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kring import town
from kring.cli.app import run
from kring.measures import MEASURES

HALL = "Gemeente Waterdrecht"
LISTS = "lijsten.waterdrecht.example"
TOWNS = Path(tempfile.mkdtemp(prefix="kring-truths-"))
Truth = dict[str, Any]
DAY_S = 86_400


class Figure(NamedTuple):
    """A finding, as the command line gives it."""

    value: float | None
    low: float | None
    high: float | None
    rows: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        if self.value is None:
            return "—"
        return _short(self.value) + (
            f" [{_short(self.low)}, {_short(self.high)}]" if self.low is not None and self.high is not None else ""
        )

    @property
    def ids(self) -> list[str]:
        return [str(row["row"]) for row in self.rows]


Figures = dict[str, Figure]
"""By name; of those that are a part of another (a period, a group), none."""


class Measured(NamedTuple):
    """What a measure found in a town, and what is true of it."""

    found: Figures
    true: Truth
    parts: tuple[tuple[str, str, Figure], ...]
    """Name, what it is a part of, and figure: of those that are a part."""


class Seen(NamedTuple):
    """What was planted, what was found, and whether the one is the other."""

    planted: str
    found: str
    holds: bool


@dataclass(frozen=True)
class Check:
    """One truth: how it is measured, when it counts as found, and when the measure counts as silent where it is not planted."""

    measure: str
    planted: str
    strength: str
    """What is 0 in the control."""
    words: tuple[str, ...]
    """Of the command line; `{town}` is the town's folder."""
    finds: Callable[["Measured", "Measured"], Seen]
    silent: Callable[["Measured", "Measured"], Seen] | None
    """Both are handed the town that they are about, and then the other. None: what an attack gains is told by comparing the two."""
    exports: tuple[str, ...] = ()
    """What of the town's exports the circle holds; none: a network file is measured."""
    also: dict[str, float] = field(default_factory=dict)
    """Other strengths that are not the usual ones, in the town and in its control."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--seeds", default="11,12,13")
    parser.add_argument("--only", default="", help="one measure")
    asked = parser.parse_args()
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    print("| measure | planted | truth and found, by seed | control: 0 | found there | |")
    print("|---|---|---|---|---|---|")
    for check in CHECKS:
        if check.measure in MEASURES and asked.only in ("", check.measure):
            print(line(check, asked.people, seeds), flush=True)
    shutil.rmtree(TOWNS)


def line(check: Check, people: int, seeds: Sequence[int]) -> str:
    """A row of the table."""
    towns = [(measured(check, people, seed, {}), measured(check, people, seed, {check.strength: 0.0})) for seed in seeds]
    there = [check.finds(usual, control) for usual, control in towns]
    pairs = "; ".join(f"{each.planted} → {each.found}" for each in there)
    verdict = f"{sum(each.holds for each in there)} of {len(there)}"
    if check.silent is None:
        return f"| {check.measure} | {check.planted} | {pairs} | `{check.strength}` | | gains little: {verdict} |"
    gone = [check.silent(control, usual) for usual, control in towns]
    verdict = f"found {verdict}, silent {sum(each.holds for each in gone)} of {len(gone)}"
    return f"| {check.measure} | {check.planted} | {pairs} | `{check.strength}` | {'; '.join(each.found for each in gone)} | {verdict} |"


@cache
def _said(measure: str, words: tuple[str, ...]) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = json.loads(typed("measure", measure, *words, "--format", "json", "--silent"))
    return said


def measured(check: Check, people: int, seed: int, more: dict[str, float]) -> Measured:
    """What the measure finds in a town, and what is true of it."""
    folder = built(people, seed, tuple(sorted((check.also | more).items())))
    words = [word.format(town=folder) for word in check.words]
    if check.exports:
        words += ["--circle", str(circle(folder, check.exports))]
    figures, parts = {}, []
    for each in _said(check.measure, tuple(words)):
        figure = Figure(each["value"], each.get("low"), each.get("high"), tuple(map(_row, each.get("rows") or ())))
        if each.get("by"):
            parts.append((each["name"], str(each["by"][0][1]), figure))
        else:
            figures[each["name"]] = figure
    return Measured(figures, truth(folder), tuple(parts))


def _row(row: Any) -> dict[str, Any]:
    return row if isinstance(row, dict) else {"row": row}


@cache
def built(people: int, seed: int, strengths: tuple[tuple[str, float], ...]) -> Path:
    folder = TOWNS / "-".join([str(seed), *(f"{name}={value:g}" for name, value in strengths)])
    town.build(folder, people=people, seed=seed, strengths=dict(strengths))
    return folder


@cache
def circle(folder: Path, exports: tuple[str, ...]) -> Path:
    made = TOWNS / f"circle-{folder.name}-{'-'.join(exports)}"
    typed("new", made, "--name", "Waterdrecht", "--zone", "Europe/Amsterdam", "--fictional")
    typed("import", "--silent", "--circle", made, *(folder / "exports" / name for name in exports))
    typed("us", "add", "--circle", made, "--named", HALL)
    return made


@cache
def truth(folder: Path) -> Truth:
    found: Truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return found


def typed(*words: object) -> str:
    """What a command line writes, in this process."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
    if code:
        raise SystemExit(f"kring {' '.join(map(str, words))}\n{err.getvalue()}")
    return out.getvalue()


def _short(number: float | None) -> str:
    return "—" if number is None else f"{number:.3g}"


def _above(figure: Figure, least: float = 0.0) -> bool:
    """Whether the whole interval is above something."""
    return figure.low is not None and figure.low > least


def _around(figure: Figure, number: float) -> bool:
    """Whether the interval holds a number, or there is none to say anything by."""
    return figure.value is None or (figure.low is not None and figure.high is not None and figure.low <= number <= figure.high)


# ---- reciprocity ----------------------------------------------------------------------------------------------------------------------------


def follows_returned(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    share = true["ties"]["follows"]["between_archives"]["reciprocity"]
    return Seen(_short(share), str(found["reciprocity"]), abs((found["reciprocity"].value or 0) - share) < 1e-9)


def passed_on(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    told = true["favours"]
    planted = f"{told['by_those_helped_of_late']:.0%} of help by those just helped, {told['by_chance']:.0%} by chance"
    return Seen(planted, str(found["generalised_reciprocity"]), _above(found["generalised_reciprocity"]))


def not_passed_on(here: Measured, _: Measured) -> Seen:
    found = here.found
    return Seen("", str(found["generalised_reciprocity"]), _around(found["generalised_reciprocity"], 0))


def owed(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    address = {person["id"]: f"mail:{person['accounts'].get('mail')}" for person in true["people"]}
    planted = {address[id] for id in true["favours"]["owed"]}
    return Seen(f"{len(planted)} people", str(found["never_returned"]), set(found["never_returned"].ids) == planted)


def nobody_owed(here: Measured, _: Measured) -> Seen:
    found = here.found
    return Seen("", str(found["never_returned"]), found["never_returned"].value == 0)


def unthanked(here: Measured, _: Measured) -> Seen:
    found = here.found["unthanked_helpers"]
    forum = {person["id"]: person["accounts"].get("forum") for person in here.true["people"]}
    planted = {forum[id] for id in here.true["thankless"]["realised"]} - {None}
    seen = {id.rpartition("/")[2] for id in found.ids}
    return Seen(
        f"{len(planted)} helpful people", f"{len(planted & seen)} of them, and {len(seen - planted)} who helped less", planted <= seen
    )


def all_thanked(here: Measured, _: Measured) -> Seen:
    found = here.found["unthanked_helpers"]
    return Seen("", str(found), not any(row["value"] >= here.true["thankless"]["least_helps"] for row in found.rows))


# ---- illusion -------------------------------------------------------------------------------------------------------------------------------


def illusion(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    told = true["opinion"]["between_archives"]
    planted = f"{told['share']:.0%} hold it, {told['others_see_one']:.0%} of the others see a majority"
    agrees = abs((found["majority_strict_without"].value or 0) - told["others_see_one"]) < 1e-9
    return Seen(planted, str(found["illusion"]), agrees and _above(found["illusion"]))


def no_illusion(here: Measured, _: Measured) -> Seen:
    found = here.found
    return Seen("", str(found["illusion"]), not _above(found["illusion"]))


def content(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    told = true["minority"]["between_archives"]
    planted = f"{told['holders_see_one']:.0%} of its holders see a majority, {told['others_see_one']:.0%} of the others"
    seen = f"{found['majority_strict_with']} and {found['majority_strict_without']}; illusion {found['illusion']}"
    agrees = abs((found["majority_strict_with"].value or 0) - told["holders_see_one"]) < 1e-9
    return Seen(planted, seen, agrees and not _above(found["illusion"]))


def strewn(here: Measured, _: Measured) -> Seen:
    found = here.found
    few = found["majority_strict_with"]
    return Seen("", f"{few} and {found['majority_strict_without']}; illusion {found['illusion']}", (few.value or 0) < 0.3)


# ---- polarisation ---------------------------------------------------------------------------------------------------------------------------


def divided(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    told = true["topics"][0]["boosts"]
    score = found["modularity_normalised"]
    return Seen(f"{told['within_camp']:.0%} of boosts within, {told['by_chance']:.0%} by chance", str(score), _above(score))


def undivided(here: Measured, _: Measured) -> Seen:
    found = here.found
    return Seen("", str(found["modularity_normalised"]), _around(found["modularity_normalised"], 0))


def one_camp(here: Measured, _: Measured) -> Seen:
    found = here.found
    return Seen("nobody is divided", str(found["modularity_normalised"]), _around(found["modularity_normalised"], 0))


# ---- communities ----------------------------------------------------------------------------------------------------------------------------


def hamlets(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    n = sum(bool(some) for some in true["hamlets"]["hamlets"])
    return Seen(f"{n} hamlets", str(found["communities"]), found["communities"].value == n)


def broker(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    name = next(p["accounts"]["mail"] for p in true["people"] if p["id"] == true["hamlets"]["broker"])
    first, second = found["brokers"].rows[:2]
    told = f"{_through(first):.0%} of ways, the next {_through(second):.0%}"
    return Seen("one person", told, first["row"] == f"mail:{name}" and _through(first) > 2 * _through(second))


def no_broker(here: Measured, _: Measured) -> Seen:
    found = here.found
    rows = found["brokers"].rows[:2]
    if len(rows) < 2:
        return Seen("", "nobody", True)
    return Seen("", f"{_through(rows[0]):.0%} of ways, the next {_through(rows[1]):.0%}", _through(rows[0]) <= 2 * _through(rows[1]))


def _through(row: dict[str, Any]) -> float:
    """Share of the shortest ways that lead over somebody, from what is said of them."""
    return float(row["because"].partition("; on ")[2].partition("%")[0]) / 100


def quarters(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    told = true["communities"]
    planted = f"{len(told['quarters'])} quarters; {told['follows_within_quarter']:.0%} of follows within"
    overlap, chance = found["label_overlap"], found["label_overlap_null"]
    agrees = (overlap.value or 0) > 3 * (chance.high or chance.value or 0)
    return Seen(planted, f"{found['communities']} groups, overlap {overlap}, by chance {chance}", agrees)


def no_quarters(here: Measured, _: Measured) -> Seen:
    found = here.found
    return Seen("", f"{found['communities']} groups", not found["communities"].value)


# ---- trust ----------------------------------------------------------------------------------------------------------------------------------


def fakes(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    told = set(true["vouches"]["fakes"])
    edges, bound = len(true["vouches"]["attack_edges"]), found["bound"].value or 0
    taken_in = len(told & set(found["accepted"].ids))
    planted = f"{len(told)} fakes behind {edges} attack edge{'s' if edges != 1 else ''}"
    honest = len(found["accepted"].ids) - taken_in
    return Seen(planted, f"{taken_in} let in (bound {bound:g}), beside {honest} people", taken_in <= edges * bound < len(told))


def no_fakes(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    taken_in = len(set(true["vouches"]["fakes"]) & set(found["accepted"].ids))
    return Seen("", f"{taken_in} let in", taken_in == 0)


def foretold(here: Measured, _: Measured) -> Seen:
    found, true = here.found, here.true
    told = true["vouches"]
    planted = f"{len(told['let_down'])} people let others down, {1 - told['good_share_of_those_who_let_down']:.0%} of their ratings bad"
    return Seen(planted, f"AUC {found['auc']}", _above(found["auc"], 0.5))


def not_foretold(here: Measured, _: Measured) -> Seen:
    found = here.found
    return Seen("", f"AUC {found['auc']}", _around(found["auc"], 0.5))


# ---- ties -----------------------------------------------------------------------------------------------------------------------------------


def half_life(here: Measured, _: Measured) -> Seen:
    found, planted = here.found["half_life"], here.true["correspondences"]["half_life_days"]
    return Seen(f"{planted:.0f} days", f"{_in_days(found)} days", _around(found, planted * DAY_S) and found.value is not None)


def half_life_with_us(here: Measured, _: Measured) -> Seen:
    found, planted = here.found["half_life_with_us"], here.true["correspondences"]["half_life_with_us_days"]
    return Seen(f"{planted:.0f} days", f"{_in_days(found)} days", _around(found, planted * DAY_S) and found.value is not None)


def no_half_life(here: Measured, _: Measured) -> Seen:
    return Seen("", _in_days(here.found["half_life"]), here.found["half_life"].value is None)


def no_half_life_with_us(here: Measured, _: Measured) -> Seen:
    return Seen("", _in_days(here.found["half_life_with_us"]), here.found["half_life_with_us"].value is None)


def _in_days(found: Figure) -> str:
    return str(Figure(*(None if each is None else each / DAY_S for each in found[:3]), ()))


def once_only(here: Measured, _: Measured) -> Seen:
    pairs = here.true["correspondences"]["pairs"]
    planted = sum(pair["once_only"] for pair in pairs) / len(pairs)
    return Seen(f"{planted:.0%} of pairs", str(here.found["one_night_stands"]), _around(here.found["one_night_stands"], planted))


def hardly_once_only(here: Measured, _: Measured) -> Seen:
    return Seen("", str(here.found["one_night_stands"]), (here.found["one_night_stands"].value or 0) < 0.05)


# ---- authority ------------------------------------------------------------------------------------------------------------------------------


def _credit(found: Figures) -> dict[str, float]:
    """By number of the account on the forum."""
    return {str(row["row"]).rpartition("/")[2]: row["value"] for row in found["authority"].rows}


def _rank(credit: dict[str, float], account: str) -> int:
    return 1 + sum(each > credit.get(account, 0) for each in credit.values())


def quiet(here: Measured, _: Measured) -> Seen:
    told, credit = here.true["authority"]["quiet_helpers"], _credit(here.found)
    ranks = sorted(_rank(credit, helper["account"]) for helper in told)
    planted = f"{len(told)} who helped {min(helper['people_helped'] for helper in told)} people each"
    return Seen(planted, f"places {', '.join(map(str, ranks))} of {len(credit)}", ranks[-1] <= 2 + len(told))


def no_quiet(here: Measured, usual: Measured) -> Seen:
    credit = _credit(here.found)
    ranks = sorted(_rank(credit, helper["account"]) for helper in usual.true["authority"]["quiet_helpers"])
    return Seen("", f"the same people: places {', '.join(map(str, ranks))} of {len(credit)}", ranks[0] > 5)


def popular(here: Measured, _: Measured) -> Seen:
    told = here.true["authority"]["popular_who_helps_nobody"]
    return Seen(
        f"{told['followers']} followers, helped nobody",
        f"credit {_credit(here.found).get(told['account'], 0):g}",
        told["account"] not in _credit(here.found),
    )


def ring(here: Measured, control: Measured) -> Seen:
    told = here.true["authority"]["ring"]
    praise = int(here.true["strengths"]["ring"]) * (len(told) - 1)
    return _gain([helper["account"] for helper in told], f"{len(told)} people, each praised {praise} times", praise, here, control)


def puppets(here: Measured, control: Measured) -> Seen:
    told = here.true["authority"]
    praise = sum(1 for _ in told["puppets"]) * 3
    planted = f"{len(told['puppets'])} accounts, {praise} praises"
    return _gain([told["praised_by_puppets"]["account"]], planted, praise, here, control)


def _gain(accounts: list[str], planted: str, praise: int, here: Measured, control: Measured) -> Seen:
    """What each gained in credit, beside what so many different people's thanks would have brought."""
    with_it, without = _credit(here.found), _credit(control.found)
    gains = [with_it.get(account, 0) - without.get(account, 0) for account in accounts]
    return Seen(planted, f"gain {max(gains):.1f} at most, where honest praise would bring {praise}", max(gains) < praise / 4)


def apprentices(here: Measured, _: Measured) -> Seen:
    planted = {each["accounts"][0] for each in here.true["authority"]["masters"]}
    found = [id.rpartition("/")[2] for id in here.found["apprentices"].ids]
    return Seen(f"{len(planted)} pairs", f"{here.found['apprentices']}, {len(planted & set(found))} of the masters", planted == set(found))


def no_apprentices(here: Measured, _: Measured) -> Seen:
    return Seen("", str(here.found["apprentices"]), not here.found["apprentices"].value)


# ---- overview -------------------------------------------------------------------------------------------------------------------------------


def _spike(here: Measured) -> str:
    """The spike at the burst, if one was found: it lasts two days."""
    return next((day for name, day, _ in here.parts if name == "spike" and day in ("2025-02-18", "2025-02-19")), "")


def spike(here: Measured, _: Measured) -> Seen:
    return Seen(f"{here.true['burst']['mastodon']} posts from 18 February 2025", _spike(here) or "none then", bool(_spike(here)))


def no_spike(here: Measured, _: Measured) -> Seen:
    return Seen("", f"{here.found['spikes']} days", not here.found["spikes"].value)


FOLLOWS = ("--kinds", "follow")
TRUST = ("--network", "{town}/networks/vouches.csv", "--from", "{town}/labels/pre-trusted.csv")
MASTODON, CLUBS, FORUM = ("mastodon",), ("clubs",), ("forum",)


def at(name: str) -> tuple[str, ...]:
    """On one of the lists of the clubs."""
    return "--place", f"mail:list:{name}.{LISTS}"


CHECKS = (
    Check("reciprocity", "follows that are returned", "reciprocity", FOLLOWS, follows_returned, follows_returned, MASTODON),
    Check("reciprocity", "favours passed on to others", "passed_on", at("burenhulp"), passed_on, not_passed_on, CLUBS),
    Check("reciprocity", "people who helped us and never heard from us", "owing", at("burenhulp"), owed, nobody_owed, CLUBS),
    Check("reciprocity", "helpful people whom nobody ever thanks", "thankless", (), unthanked, all_thanked, FORUM),
    Check("illusion", "a minority opinion of the much-followed", "hubs", (*FOLLOWS, "--label", "tag:autovrijekade"), illusion, no_illusion, MASTODON),
    Check("illusion", "a content minority, no illusion", "contented", (*FOLLOWS, "--label", "tag:nachtvissen"), content, strewn, MASTODON),
    Check(
        "polarisation", "a divided topic", "polarisation",
        ("--kinds", "share", "--tag", "windmolens", "--labels", "{town}/labels/windmolens.csv"), divided, undivided, MASTODON,
    ),
    Check("polarisation", "a topic that divides nobody", "polarisation", ("--kinds", "share", "--tag", "havenfeest"), one_camp, one_camp, MASTODON),
    Check("communities", "two hamlets", "broker", at("polderlijst"), hamlets, hamlets, CLUBS),
    Check("communities", "a broker between them", "broker", at("polderlijst"), broker, no_broker, CLUBS),
    Check("communities", "quarters", "communities", (*FOLLOWS, "--labels", "{town}/labels/quarter.csv"), quarters, no_quarters, MASTODON, {"contented": 0.0}),
    Check("trust", "fake accounts", "attack_edges", TRUST, fakes, no_fakes, also={"fakes": 200.0}),
    Check("trust", "people who let others down", "let_down", TRUST, foretold, not_foretold),
    Check("ties", "half of the ties end", "fading", at("brievenclub"), half_life, no_half_life, CLUBS, {"one_night": 0.0, "leaving": 1.5}),
    Check("ties", "half of those who write to us stop", "leaving", at("brievenclub"), half_life_with_us, no_half_life_with_us, CLUBS),
    Check("ties", "contact once only", "one_night", at("brievenclub"), once_only, hardly_once_only, CLUBS),
    Check("authority", "quiet helpers", "authority", (), quiet, no_quiet, FORUM),
    Check("authority", "somebody popular who helps nobody", "authority", (), popular, popular, FORUM),
    Check("authority", "a ring of praise", "ring", (), ring, None, FORUM),
    Check("authority", "sock puppets", "puppets", (), puppets, None, FORUM),
    Check("authority", "masters and apprentices", "apprentices", (), apprentices, no_apprentices, FORUM),
    Check("overview", "the day the bridge got stuck", "burst", (), spike, no_spike, MASTODON),
)  # fmt: skip

if __name__ == "__main__":
    main()
