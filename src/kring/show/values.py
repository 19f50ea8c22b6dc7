"""How a value is written for people, alike in page, list and export: counts, shares, durations, times, a figure with its interval."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from math import floor, isfinite, log10
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kring.schema import Finding

THIN = "\u202f"
"""Narrow no-break space: groups digits, and keeps a number and its unit on one line."""
MINUS = "\u2212"
DASH = "\u2013"
TOO_FEW = "Too few to say"
_UNSAID = (TOO_FEW, "Too soon to say", "Can't say")
"""What stands in place of a value; a warning that begins with one of these words, small, and a colon says which."""
SHARES = ("share", "fraction", "proportion")
"""What the unit of a share begins with: "share", "share of questions"."""
SECONDS = ("s", "seconds")
_TURNING_OR_HIDDEN = (0x200B, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, *range(0xE0000, 0xE0080))
_NOT_TEXT = (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
UNSEEN = dict.fromkeys({*_TURNING_OR_HIDDEN, *_NOT_TEXT} - {0x0A})
"""For `str.translate`: control characters, broken halves of characters, and marks that hide text or turn it round."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_STEP_WORDS = ((1, "1 step"), (2, "2 steps"), (3, "3 steps"))
SCORE_NAMES = {
    "modularity": "Modularity",
    "ei": "Ties within, less across",
    "adaptive_ei": "The same by density",
    "rwc": "Random-walk controversy",
    "boundary": "Boundary",
    "dipole": "Dipole",
    "label_assortativity": "Assortativity by group",
}
TITLES = {
    **SCORE_NAMES,
    **{f"{name}_null": "… in random networks" for name in SCORE_NAMES},
    **{f"{name}_normalised": "… beyond those" for name in SCORE_NAMES},
    "groups": "Groups",
    "group_sizes": "People of each group",
    "own_side_spread": "… of half of the people, at least",
    "cross_cutting": "Ties from one group to another",
    "own_side_share": "Of whom people have ties with, their own side",
    "own_side_by_chance": "… if ties were spread evenly",
    "largest_component_share": "Joined by ties, of all",
    "core_share": "People in the core",
    "share_answered_by_others": "Questions answered by others",
    "acts_change": "How much more was done than before",
    "active_people_change": "How many more people did something",
    "ties_change": "How many more ties were acted on",
    "new_people": "People who came new",
    "gone_people": "People who were there before, and not now",
    "acts_by_day": "What happened each day",
    "spikes": "Days out of the ordinary",
    "spike": "Out of the ordinary",
    "spike_from": "… came from",
    "share": "Of all, have it",
    "majority_strict": "See it with more than half of those around them",
    "majority_with_ties": "… with half or more",
    "majority_strict_null": "… more than half, if it were dealt out by chance",
    "majority_with_ties_null": "… half or more, if it were dealt out by chance",
    "majority_strict_rewired": "… more than half, if whom they know were chance",
    "majority_with_ties_rewired": "… half or more, if whom they know were chance",
    "majority_strict_with": "Of those who have it, see a majority",
    "majority_strict_without": "Of those without it, see a majority",
    "majority_strict_without_null": "… by chance",
    "illusion": "See a majority that isn't there, beyond chance",
    "illusion_p": "How often chance gives as much",
    "perception_gap": "Seen around people, more than there is",
    "perception_gap_null": "… by chance",
    "degree_trait_correlation": "Do those with many contacts have it?",
    "label_assortativity": "Do those alike in it know each other?",
    "exposure_with": "What those who have it see",
    "exposure_without": "What those without it see",
    "exposure_null": "What would be seen by chance",
    "carriers": "People through whom the majority is seen",
    "friendship_paradox": "Those around have more, on average",
    "friendship_paradox_median": "Those around have more, in the middle",
    "communities": "Groups",
    "community_size": "People in it",
    "community_words": "Words of their own",
    "unfirm": "People in none of them firmly",
    "modularity": "How far ties stay within groups (modularity)",
    "modularity_null": "… in random networks",
    "beyond_chance": "Beyond chance, in standard deviations",
    "stability": "How alike two runs are",
    "stability_null": "… in random networks",
    "resolution": "How fine (resolution)",
    "resolutions": "Groups at each resolution",
    "ties_between": "Ties that run between groups",
    "group_ties": "Ties within and between groups",
    "brokers": "People with ties into several groups",
    "constraint": "How tied up people are (Burt's constraint)",
    "constraint_spread": "How that differs",
    "bridges": "Bridges between groups",
    "embeddedness": "Of whom two with a tie know, known to both",
    "tie_strength": "How strong ties are",
    "reply_time": "Half of all turns came back within",
    "transitivity": "Two contacts of one who know each other",
    "clustering": "… of each person, on average",
    "k_core": "Innermost core: contacts of each within it",
    "core_sizes": "People in each core",
    "label_overlap": "How alike to the groups people formed",
    "label_overlap_null": "… if those were dealt out by chance",
    "label_group": "How well one of the groups found fits",
    "went_on": "Groups that went on",
    "moved": "People who went over to another group",
    "n_ties": "Ties",
    "within_1": "Pairs within 1 step",
    "within_2": "Pairs within 2 steps",
    "within_3": "Pairs within 3 steps",
    **{f"reach_{k}": f"People reached within {s}" for k, s in _STEP_WORDS},
    **{f"share_{k}": f"Of all others, within {s}" for k, s in _STEP_WORDS},
    **{f"overlap_{k}": f"Reached more than once within {s}" for k, s in _STEP_WORDS},
    **{f"own_{k}": f"Reached by one member within {s}" for k, s in _STEP_WORDS},
    **{f"marginal_{k}": f"… and by nobody else, within {s}" for k, s in _STEP_WORDS},
    **{f"mean_reach_{k}": f"Mean reach within {s}" for k, s in _STEP_WORDS},
    **{f"median_reach_{k}": f"Median reach within {s}" for k, s in _STEP_WORDS},
    **{f"most_reach_{k}": f"Farthest reach within {s}" for k, s in _STEP_WORDS},
    **{f"reach_spread_{k}": f"How reach differs within {s}" for k, s in _STEP_WORDS},
    "best_reach": "The best of the willing add",
    "best_gain": "Of whom",
    "degree_assortativity": "Do the well-connected know each other?",
    "effective_diameter": "Steps that hold for nine in ten pairs",
    "diameter": "Longest distance",
    "mean_degree": "Mean number of contacts",
    "median_degree": "Median number of contacts",
    "max_degree": "Most contacts of one person",
    "without_ties": "People without any",
    "reachable": "Pairs with a way between them",
    "questions_to_us": "Questions put to us",
    "answered_by_others": "Answered by others",
    "median_waiting_time": "Half heard within, those still waiting counted",
    "waiting": "Still waiting",
    "top_tenth_share": "Said by the busiest tenth",
    "gini": "How unevenly people speak (Gini)",
    "largest_component": "People in the largest connected group",
    "ties": "Pairs of people in contact",
    "silence": "Silence that ends a tie",
    "half_life": "Half of ties end within",
    "survival": "Ties that go on, by time",
    "survival_low": "… at least",
    "survival_high": "… at most",
    "kept": "Ties kept",
    "lost": "Ties lost",
    "new": "New ties",
    "revived": "Ties revived",
    "one_night_stands": "Contact on one day only",
    "relations": "Contact in three weeks or more",
    "burstiness": "How much contact comes in bursts",
    "half_life_with_us": "Half of ties with us end within",
    "difference_with_us": "Ties with us that outlast others",
    "about_to_end": "Ties with us about to end",
    "reciprocity": "Ties that go both ways",
    "rho": "… more than by chance (rho)",
    "reciprocity_null": "… in random networks alike",
    "reciprocity_weighted": "Acts that are matched by one back",
    "rho_weighted": "… more than by chance (weighted rho)",
    "about_even": "Give about as much as they receive",
    "balances": "People by what they give and receive",
    "with_whom": "People it was with",
    "never_returned": "Gave, and got nothing back",
    "returned_within": "First favours returned, and by when",
    "delay_of_return": "Half of first favours returned within",
    "unthanked_helpers": "Helpers whom nobody thanked",
    "generalised_reciprocity": "Passed on to somebody else",
    "response_rate": "Share answered",
    "median_response_time": "Half of the answers came within",
    "mean_response_time": "Mean time to an answer",
    "waiting_buckets": "How long answers took",
    "helped": "People who were helped",
    "helpers": "People who helped",
    "authority": "People with credit for help",
    "concentration": "Credit of the tenth with most",
    "followers_correlation": "Credit goes with followers (rank)",
    "followers_explain": "Credit that followers foretell",
    "credit_by_followers": "Credit, by how many follow",
    "apprentices": "Lasting help one way",
    "accepted_by_steps": "People let in, by steps",
    "bound": "Fakes behind one mistake, at most",
    "bound_by_steps": "… by steps",
    "trust": "People with some trust",
    "flow_bound": "Trust they could hold, at most",
    "flow_bound_usual": "… behind a usual person",
    "local": "People near those named",
    **{
        f"{first}{name}": f"{words}{then}"
        for first, then in (("auc", ""), ("auc_later", ", later ones"))
        for name, words in (
            ("", "Ratings told right by trust"),
            ("_flow", "… by trust that flows"),
            ("_baseline_received", "… by ratings received"),
            ("_baseline_in_degree", "… by how many rated"),
            ("_baseline_given", "… by how mild the rater is"),
            ("_baseline_returned", "… by the rating back"),
            ("_baseline_received_and_given", "… by received and mildness"),
            ("_gain", "Trust tells more than received"),
        )
    },
}


def plain(text: str) -> str:
    """What somebody wrote, on one line and without what hides or turns text or steers a terminal; joiners of emoji and scripts stay."""
    return " ".join(text.split()).translate(UNSEEN)


def title(name: str) -> str:
    """What a figure is called on the page."""
    return TITLES.get(name) or name.replace("_", " ").strip().capitalize()


def count(n: float) -> str:
    """1234567 → "1 234 567", with narrow no-break spaces."""
    return f"{round(n):,}".replace(",", THIN).replace("-", MINUS)


def many(n: int, one: str, more: str = "") -> str:
    """So many of something: "1 note", "1 234 notes", "2 people"."""
    return f"{count(n)} {one if n == 1 else more or one + 's'}"


def number(x: float) -> str:
    """Three significant digits, and never fewer than the whole part: 3.0552 → "3.06", 1234.5 → "1 234"."""
    if not isfinite(x):
        return "∞" if x > 0 else f"{MINUS}∞" if x < 0 else "?"
    if x == int(x) or abs(x) >= 100:
        return count(x)
    decimals = 2 - floor(log10(abs(x))) if x else 0
    return f"{x:.{min(decimals, 6)}f}".replace("-", MINUS)


def percent(share: float) -> str:
    """0.636 → "63.6%"; what isn't all or nothing is never rounded to it."""
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1:
        return ">99.9%"
    if share in (0, 1):
        return f"{share:.0%}"
    return f"{share * 100:.1f}%".replace("-", MINUS)


_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def is_share(unit: str) -> bool:
    """Whether a unit is a part of a whole, to be written in per cent."""
    return unit.partition(" ")[0] in SHARES


def duration(seconds: float) -> str:
    """12000 → "3 h 20 min": the two largest units; days alone from two weeks, years from two years."""
    if seconds < 0:
        return MINUS + duration(-seconds)
    if 0 < seconds < 1:
        return f"<1{THIN}s"
    days = seconds / 86_400
    if days >= 730:
        return f"{days / 365.25:.1f}{THIN}years"
    if days >= 14:
        return f"{count(days)}{THIN}days"
    return _two_units(round(seconds))


def _two_units(seconds: int) -> str:
    """The two largest units, the second rounded; 3599 s are "1 h", not "60 min"."""
    for position, (size, name) in enumerate(_STEPS):
        if seconds < size:
            continue
        below = _STEPS[position + 1] if position + 1 < len(_STEPS) else (1, "")
        whole = round(seconds / below[0]) * below[0]
        if position and whole >= _STEPS[position - 1][0]:
            return f"1{THIN}{_STEPS[position - 1][1]}"
        first, rest = divmod(whole, size)
        second = f" {rest // below[0]}{THIN}{below[1]}" if rest else ""
        return f"{first}{THIN}{name}{second}"
    return f"0{THIN}s"


def zone_of(zone: str) -> tzinfo:
    """The zone by its IANA name or offset; UTC where it isn't known."""
    if zone[:1] in "+-" and zone[1:3].isdigit():
        sign = -1 if zone[0] == "-" else 1
        digits = zone[1:].replace(":", "").ljust(4, "0")
        return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:4])))
    try:
        return ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def moment(at: int, zone: str = "") -> str:
    """UTC microseconds → "2024-03-05 14:20" in the zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(zone_of(zone)).strftime("%Y-%m-%d %H:%M")


def written(value: float | int | None, unit: str = "", *, zone: str = "") -> str:
    """A value in its unit; units that name things ("people", "steps") are left to the words around it."""
    if value is None:
        return TOO_FEW
    if unit == "time":
        return moment(int(value), zone)
    if is_share(unit):
        return percent(value)
    if unit in SECONDS:
        return duration(value)
    return number(value)


def interval(finding: Finding) -> str:
    """The interval without brackets: "62.1–65.0" for a share; "" where there is none."""
    if finding.value is None or finding.low is None or finding.high is None:
        return ""
    low, high = written(finding.low, finding.unit), written(finding.high, finding.unit)
    if is_share(finding.unit):
        low, high = low.removesuffix("%"), high.removesuffix("%")
    return f"{low} to {high}" if MINUS in low + high else f"{low}{DASH}{high}"


def figure(finding: Finding) -> str:
    """One figure as people read it: "63.6% (62.1–65.0)", "3 h 20 min", or "Too few to say — why"."""
    if finding.value is None:
        return f"{unsaid(finding)} — {reserve(finding)}" if finding.warning else unsaid(finding)
    between = interval(finding)
    return f"{written(finding.value, finding.unit)} ({between})" if between else written(finding.value, finding.unit)


def unsaid(finding: Finding) -> str:
    """What stands in place of a value: "Too few to say", unless its warning says that it is for something else."""
    return next((words for words in _UNSAID if finding.warning.startswith(f"{words.lower()}: ")), TOO_FEW)


def reserve(finding: Finding) -> str:
    """What a figure warns of, without the words that already stand in place of the value: "there are only 8 people"."""
    return finding.warning.removeprefix(f"{unsaid(finding).lower()}: ") if finding.value is None else finding.warning


def part(finding: Finding) -> str:
    """What the figure is a part of: "period 2024-03", or ""."""
    return ", ".join(f"{what} {which}" for what, which in finding.by)


def rests_on(finding: Finding) -> str:
    """What the figure rests on: "20 296 ties"."""
    return f"{count(finding.n)} {finding.n_of}".strip() if finding.n or finding.value is not None else ""
