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
    finds: Callable[[Figures, Truth], Seen]
    silent: Callable[[Figures, Truth], Seen]
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
    there = [check.finds(*measured(check, people, seed, {})) for seed in seeds]
    gone = [check.silent(*measured(check, people, seed, {check.strength: 0.0})) for seed in seeds]
    verdict = f"{sum(each.holds for each in there)} of {len(there)} found, {sum(each.holds for each in gone)} of {len(gone)} silent"
    pairs = "; ".join(f"{each.planted} → {each.found}" for each in there)
    return f"| {check.measure} | {check.planted} | {pairs} | `{check.strength}` | {'; '.join(each.found for each in gone)} | {verdict} |"


def measured(check: Check, people: int, seed: int, more: dict[str, float]) -> tuple[Figures, Truth]:
    """What the measure finds in a town, and what is true of it."""
    folder = built(people, seed, tuple(sorted((check.also | more).items())))
    words = [word.format(town=folder) for word in check.words]
    if check.exports:
        words += ["--circle", str(circle(folder, check.exports))]
    said = json.loads(typed("measure", check.measure, *words, "--format", "json", "--silent"))
    figures = {
        each["name"]: Figure(each["value"], each.get("low"), each.get("high"), tuple(map(_row, each.get("rows") or ())))
        for each in said
        if not each.get("by")
    }
    return figures, truth(folder)


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


def follows_returned(found: Figures, true: Truth) -> Seen:
    share = true["ties"]["follows"]["between_archives"]["reciprocity"]
    return Seen(_short(share), str(found["reciprocity"]), abs((found["reciprocity"].value or 0) - share) < 1e-9)


def passed_on(found: Figures, true: Truth) -> Seen:
    told = true["favours"]
    planted = f"{told['by_those_helped_of_late']:.0%} of help by those just helped, {told['by_chance']:.0%} by chance"
    return Seen(planted, str(found["generalised_reciprocity"]), _above(found["generalised_reciprocity"]))


def not_passed_on(found: Figures, true: Truth) -> Seen:
    return Seen("", str(found["generalised_reciprocity"]), _around(found["generalised_reciprocity"], 0))


def owed(found: Figures, true: Truth) -> Seen:
    address = {person["id"]: f"mail:{person['accounts'].get('mail')}" for person in true["people"]}
    planted = {address[id] for id in true["favours"]["owed"]}
    return Seen(f"{len(planted)} people", str(found["never_returned"]), set(found["never_returned"].ids) == planted)


def nobody_owed(found: Figures, true: Truth) -> Seen:
    return Seen("", str(found["never_returned"]), found["never_returned"].value == 0)


# ---- illusion -------------------------------------------------------------------------------------------------------------------------------


def illusion(found: Figures, true: Truth) -> Seen:
    told = true["opinion"]["between_archives"]
    planted = f"{told['share']:.0%} hold it, {told['others_see_one']:.0%} of the others see a majority"
    agrees = abs((found["majority_strict_without"].value or 0) - told["others_see_one"]) < 1e-9
    return Seen(planted, str(found["illusion"]), agrees and _above(found["illusion"]))


def no_illusion(found: Figures, true: Truth) -> Seen:
    return Seen("", str(found["illusion"]), not _above(found["illusion"]))


def content(found: Figures, true: Truth) -> Seen:
    told = true["minority"]["between_archives"]
    planted = f"{told['holders_see_one']:.0%} of its holders see a majority, {told['others_see_one']:.0%} of the others"
    seen = f"{found['majority_strict_with']} and {found['majority_strict_without']}; illusion {found['illusion']}"
    agrees = abs((found["majority_strict_with"].value or 0) - told["holders_see_one"]) < 1e-9
    return Seen(planted, seen, agrees and not _above(found["illusion"]))


def strewn(found: Figures, true: Truth) -> Seen:
    few = found["majority_strict_with"]
    return Seen("", f"{few} and {found['majority_strict_without']}; illusion {found['illusion']}", (few.value or 0) < 0.3)


# ---- polarisation ---------------------------------------------------------------------------------------------------------------------------


def divided(found: Figures, true: Truth) -> Seen:
    told = true["topics"][0]["boosts"]
    score = found["modularity_normalised"]
    return Seen(f"{told['within_camp']:.0%} of boosts within, {told['by_chance']:.0%} by chance", str(score), _above(score))


def undivided(found: Figures, true: Truth) -> Seen:
    return Seen("", str(found["modularity_normalised"]), _around(found["modularity_normalised"], 0))


def one_camp(found: Figures, true: Truth) -> Seen:
    return Seen("nobody is divided", str(found["modularity_normalised"]), _around(found["modularity_normalised"], 0))


# ---- communities ----------------------------------------------------------------------------------------------------------------------------


def hamlets(found: Figures, true: Truth) -> Seen:
    n = sum(bool(some) for some in true["hamlets"]["hamlets"])
    return Seen(f"{n} hamlets", str(found["communities"]), found["communities"].value == n)


def broker(found: Figures, true: Truth) -> Seen:
    name = next(p["accounts"]["mail"] for p in true["people"] if p["id"] == true["hamlets"]["broker"])
    first, second = found["brokers"].rows[:2]
    told = f"{_through(first):.0%} of ways, the next {_through(second):.0%}"
    return Seen("one person", told, first["row"] == f"mail:{name}" and _through(first) > 2 * _through(second))


def no_broker(found: Figures, true: Truth) -> Seen:
    rows = found["brokers"].rows[:2]
    if len(rows) < 2:
        return Seen("", "nobody", True)
    return Seen("", f"{_through(rows[0]):.0%} of ways, the next {_through(rows[1]):.0%}", _through(rows[0]) <= 2 * _through(rows[1]))


def _through(row: dict[str, Any]) -> float:
    """Share of the shortest ways that lead over somebody, from what is said of them."""
    return float(row["because"].partition("; on ")[2].partition("%")[0]) / 100


def quarters(found: Figures, true: Truth) -> Seen:
    told = true["communities"]
    planted = f"{len(told['quarters'])} quarters; {told['follows_within_quarter']:.0%} of follows within"
    return Seen(planted, f"{found['communities']} groups", (found["communities"].value or 0) >= 2)


def no_quarters(found: Figures, true: Truth) -> Seen:
    return Seen("", f"{found['communities']} groups", not found["communities"].value)


# ---- trust ----------------------------------------------------------------------------------------------------------------------------------


def fakes(found: Figures, true: Truth) -> Seen:
    told = set(true["vouches"]["fakes"])
    edges, bound = len(true["vouches"]["attack_edges"]), found["bound"].value or 0
    taken_in = len(told & set(found["accepted"].ids))
    planted = f"{len(told)} fakes behind {edges} attack edge{'s' if edges != 1 else ''}"
    honest = len(found["accepted"].ids) - taken_in
    return Seen(planted, f"{taken_in} let in (bound {bound:g}), beside {honest} people", taken_in <= edges * bound < len(told))


def no_fakes(found: Figures, true: Truth) -> Seen:
    taken_in = len(set(true["vouches"]["fakes"]) & set(found["accepted"].ids))
    return Seen("", f"{taken_in} let in", taken_in == 0)


def foretold(found: Figures, true: Truth) -> Seen:
    told = true["vouches"]
    planted = f"{len(told['let_down'])} people let others down, {1 - told['good_share_of_those_who_let_down']:.0%} of their ratings bad"
    return Seen(planted, f"AUC {found['auc']}", _above(found["auc"], 0.5))


def not_foretold(found: Figures, true: Truth) -> Seen:
    return Seen("", f"AUC {found['auc']}", _around(found["auc"], 0.5))


FOLLOWS = ("--kinds", "follow")
TRUST = ("--network", "{town}/networks/vouches.csv", "--from", "{town}/labels/pre-trusted.csv")
MASTODON, CLUBS = ("mastodon",), ("clubs",)


def at(name: str) -> tuple[str, ...]:
    """On one of the lists of the clubs."""
    return "--place", f"mail:list:{name}.{LISTS}"


CHECKS = (
    Check("reciprocity", "follows that are returned", "reciprocity", FOLLOWS, follows_returned, follows_returned, MASTODON),
    Check("reciprocity", "favours passed on to others", "passed_on", at("burenhulp"), passed_on, not_passed_on, CLUBS),
    Check("reciprocity", "people who helped us and never heard from us", "owing", at("burenhulp"), owed, nobody_owed, CLUBS),
    Check("illusion", "a minority opinion of the much-followed", "hubs", (*FOLLOWS, "--label", "tag:autovrijekade"), illusion, no_illusion, MASTODON),
    Check("illusion", "a content minority, no illusion", "contented", (*FOLLOWS, "--label", "tag:nachtvissen"), content, strewn, MASTODON),
    Check(
        "polarisation", "a divided topic", "polarisation",
        ("--kinds", "share", "--tag", "windmolens", "--labels", "{town}/labels/windmolens.csv"), divided, undivided, MASTODON,
    ),
    Check("communities", "two hamlets", "broker", at("polderlijst"), hamlets, hamlets, CLUBS),
    Check("communities", "a broker between them", "broker", at("polderlijst"), broker, no_broker, CLUBS),
    Check("communities", "quarters", "communities", FOLLOWS, quarters, no_quarters, MASTODON, {"contented": 0.0}),
    Check("trust", "fake accounts", "attack_edges", TRUST, fakes, no_fakes, also={"fakes": 200.0}),
    Check("trust", "people who let others down", "let_down", TRUST, foretold, not_foretold),
)  # fmt: skip

if __name__ == "__main__":
    main()
