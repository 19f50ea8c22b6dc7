"""A made-up circle for the tests of the room: a network with groups and hubs, and a report of it with every kind of figure."""

import numpy as np

from kring.schema import Finding
from kring.show import (
    sections,
    sections_authority,
    sections_communities,
    sections_illusion,
    sections_overview,
    sections_polarisation,
    sections_reciprocity,
    sections_ties,
    sections_trust,
)
from kring.show.content import Column, Export, Holding, LeftOut, Link, MapData, Report, Section, Table, Waiting

# fmt: off
FIRST = (
    "Anna", "Bram", "Chantal", "Daan", "Esmee", "Fatima", "Gijs", "Hanna", "Ibrahim", "Jasmijn", "Koen", "Lotte", "Mees", "Noor",
    "Omar", "Pien", "Quinten", "Roos", "Sem", "Tess", "Umut", "Vera", "Wout", "Xandra", "Youssef", "Zoë", "Aisha", "Bas", "Cem",
    "Dewi", "Eline", "Floor", "Gerrit", "Hilde", "Imke", "Joost", "Kees", "Lieke", "Marit", "Nadia", "Otto", "Petra", "Ruben",
    "Sanne", "Teun", "Ursula", "Veerle", "Willem", "Yara", "Zeynep",
)
# fmt: on
# fmt: off
LAST = (
    "de Vries", "Jansen", "van den Berg", "Bakker", "Yılmaz", "El Amrani", "Visser", "Smit", "Mulder", "Bos", "van Dijk",
    "Hendriks", "Kaya", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Kok", "van der Meer", "Vos",
)
# fmt: on


def names(n: int) -> list[str]:
    return [f"{FIRST[i * 7 % len(FIRST)]} {LAST[(i * 3 + i // 50) % len(LAST)]}" for i in range(n)]


def network(n: int = 300, *, seed: int = 7, groups: int = 7, contacts: float = 6.0) -> MapData:
    """Who talks with whom: most ties inside a group, hubs by unequal eagerness, one in twelve with nobody."""
    random = np.random.default_rng(seed)
    group = np.minimum(random.geometric(0.3, n) - 1, groups - 1)
    eager = random.pareto(2.2, n) + 0.3
    eager[random.random(n) < 1 / 12] = 0
    sources = random.choice(n, int(n * contacts / 2 * 1.3), p=eager / eager.sum())
    liked = [eager * np.where(group == each, 1.0, 0.025) for each in range(groups)]
    targets = [random.choice(n, p=liked[group[source]] / liked[group[source]].sum()) for source in sources]
    weights = random.geometric(0.25, len(sources))
    ids = [f"town:{number}" for number in random.permutation(n)]
    return MapData(ids=ids, labels=names(n), sources=sources.tolist(), targets=[int(each) for each in targets], weights=weights.tolist())


BOUNDARY = "exports of the town hall and of two forum moderators; ties in the forum are seen from both ends"
MONTHS = tuple(f"{2022 + month // 12}-{month % 12 + 1:02d}" for month in range(30))
MONDAY = 1_719_792_000_000_000
"""1 July 2024, midnight UTC."""


def finding(name: str, value: float | None, unit: str = "", **more: object) -> Finding:
    return Finding(name=name, value=value, unit=unit, **{"n": 267, "boundary": BOUNDARY, "cut": "2024-07-01", "version": "0.1.0"} | more)


def network_findings() -> tuple[Finding, ...]:
    exact = "distinct pairs, undirected, largest connected group, loops dropped; every pair counted"
    return (
        finding("people", 265, "people", n=265),
        finding("n_ties", 869, "ties", n=869, n_of="ties"),
        finding(
            "mean_distance",
            3.4182,
            "steps",
            low=3.39,
            high=3.45,
            n=35_245,
            n_of="pairs",
            method=exact,
            paper="Boldi & Vigna 2013",
            interval_of="estimator",
        ),
        finding("median_distance", 3, "steps", n=35_245, n_of="pairs", method=exact),
        finding("effective_diameter", 4.62, "steps", n=35_245, n_of="pairs", method=f"{exact}; interpolated"),
        finding("diameter", 8, "steps", n=35_245, n_of="pairs", method=exact),
        finding("within_3", 0.5712, "share", n=35_245, n_of="pairs", method=exact),
        finding(
            "distance_distribution",
            35_245,
            "pairs",
            series=((1, 0.024), (2, 0.154), (3, 0.3932), (4, 0.2998), (5, 0.1), (6, 0.0236), (7, 0.0045), (8, 0.0009)),
        ),
    )


def contact_findings() -> tuple[Finding, ...]:
    degrees = tuple((degree, int(95 / degree**1.25)) for degree in range(1, 41))
    return (
        finding("median_degree", 4, "people"),
        finding("mean_degree", 6.51, "people"),
        finding(
            "reciprocity",
            0.6364,
            "share",
            low=0.6178,
            high=0.655,
            n=1_204,
            n_of="ties",
            interval_of="estimator",
            method="share of arcs whose reverse is there",
        ),
        finding("degree_assortativity", -0.188, low=-0.22, high=-0.15, n=869, n_of="ties", paper="Newman 2003", interval_of="estimator"),
        finding(
            "degree_distribution",
            len(degrees),
            "values",
            n=sum(n for _, n in degrees),
            series=tuple((d, n / sum(n for _, n in degrees)) for d, n in degrees),
        ),
    )


def response_findings(random: np.random.Generator) -> tuple[Finding, ...]:
    buckets = ("within 1 hour", "1–4 hours", "4–24 hours", "1–3 days", "3–7 days", "over a week", "no answer yet")
    found = [
        finding(
            "response_rate", 301 / 412, "share", low=0.686, high=0.771, n=412, n_of="questions", interval_of="model", method="Wilson, 95%"
        ),
        finding(
            "median_response_time",
            17_640.0,
            "s",
            low=14_200.0,
            high=21_900.0,
            n=301,
            n_of="answers",
            interval_of="estimator",
            method="order statistics, 95%",
        ),
        finding("mean_response_time", 131_000.0, "s", n=301, n_of="answers"),
        finding("answered_by_people_outside", None, "share", n=4, warning="only 4 questions were put in places where others could answer"),
        finding("waiting_buckets", None, "questions", series=tuple(zip(buckets, (61, 80, 95, 45, 15, 5, 111)))),
    ]
    for month, period in enumerate(MONTHS):
        n = int(random.poisson(14))
        rate = float(np.clip(0.55 + month * 0.009 + random.normal(0, 0.05), 0, 1))
        few = month in (4, 5)
        ends = {} if few else {"low": max(rate - 0.9 / n**0.5 * 0.5, 0), "high": min(rate + 0.9 / n**0.5 * 0.5, 1)}
        of = {"by": (("period", period),), "n": 3 if few else n, "n_of": "questions", "warning": "fewer than 5 questions" if few else ""}
        found.append(finding("response_rate", None if few else rate, "share", **ends, **of))
        found.append(finding("median_response_time", None if few else 30_000 - month * 450 + float(random.normal(0, 2_500)), "s", **of))
    return tuple(found)


def trust_findings() -> tuple[Finding, ...]:
    def of_ratings(name: str, value: float, low: float, high: float) -> Finding:
        return finding(name, value, "share of pairs", low=low, high=high, n=24_186, n_of="ratings", interval_of="sampling of people")

    return (
        finding("accepted", 240, "people"),
        finding("accepted_by_steps", 240, "people", series=((0, 3), (1, 37), (2, 110), (3, 80), (4, 10), (5, 0))),
        finding("bound", 50, "fake accounts"),
        finding("bound_by_steps", 6, "fake accounts", series=((0, 200), (1, 50), (2, 12), (3, 3), (4, 1), (5, 0))),
        finding("trust", 251, "people"),
        of_ratings("auc", 0.82, 0.765, 0.876),
        of_ratings("auc_flow", 0.766, 0.726, 0.805),
        of_ratings("auc_baseline_received", 0.816, 0.763, 0.869),
    )


def authority_findings() -> tuple[Finding, ...]:
    return (
        finding("helpers", 120, "people"),
        finding("helped", 210, "people"),
        finding("concentration", 0.41, "share of credit"),
        finding("followers_explain", 0.25, "share of variance"),
        finding("credit_by_followers", 4, "mean credit", series=(("0–2", 1.2), ("3–5", 2.4), ("6–11", 2.2), ("12–80", 5.1))),
        finding("apprentices", 2, "pairs"),
    )


HOURS = [f"{day} {hour:02}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") for hour in range(24)]


def activity_findings(random: np.random.Generator) -> tuple[Finding, ...]:
    posts = tuple((period, int(random.poisson(420 + 160 * np.sin(month / 4)))) for month, period in enumerate(MONTHS))
    day = np.array([1, 0.5, 0.3, 0.2, 0.2, 0.5, 2, 6, 11, 14, 15, 14, 13, 14, 15, 14, 12, 11, 12, 16, 19, 15, 8, 3])
    week = np.concatenate([day * strength for strength in (1, 1.1, 1.05, 1, 0.85, 0.5, 0.6)])
    return (
        finding("posts", sum(n for _, n in posts), "posts", n=12_604, n_of="posts"),
        finding("active_people", 267, "people", n=300),
        finding("posts_by_period", None, "posts", series=posts),
        finding("weekly_rhythm", None, "posts", series=tuple(zip(HOURS, (int(random.poisson(each * 8)) for each in week)))),
    )


QUESTIONS = (
    "Is the library in the Molenstraat open on Easter Monday? The website says two different things.",
    "Who do I ask about the broken street lamp near the playground? I called twice and nobody knew whose it is, and in the meantime the "
    "children walk home in the dark.",
    "Kan ik mijn grofvuil ook op zaterdag brengen, of moet ik daar een afspraak voor maken?",
    "Are there still places in the Dutch conversation group on Thursday evening?",
    "When will the results of the vote on the market square be published?",
)


def waiting(n: int = 5) -> tuple[Waiting, ...]:
    people = names(40)
    return tuple(
        Waiting(
            text=QUESTIONS[number % len(QUESTIONS)],
            who=people[number * 3 % 40],
            where=("Neighbourhood forum", "town.example")[number % 2],
            at=MONDAY - (61 - 9 * number) * 86_400_000_000,
            waited_s=(61 - 9 * number) * 86_400.0 + 7_000 * number,
            url=f"https://town.example/posts/{number + 1}",
        )
        for number in range(n)
    )


def threads() -> Table:
    titles = (
        "The new cycle path along the canal",
        "Lost: grey cat with one white paw",
        "Plans for the market square",
        "Bread from the new bakery",
        "Ice rink this winter?",
    )
    columns = (Column("Thread"), Column("Posts", "posts"), Column("People", "people"), Column("Begun", "time"))
    rows = tuple(
        (Link(each, f"https://town.example/t/{n}"), 214 - n * 31, 61 - n * 8, MONDAY - n * 10**13) for n, each in enumerate(titles)
    )
    return Table(caption="The longest conversations", columns=columns, rows=rows, n_more=1_204, command="kring posts --threads")


def polarisation_findings() -> tuple[Finding, ...]:
    scores = {
        "modularity": (0.3127, 0.2711),
        "ei": (0.8412, 0.6213),
        "adaptive_ei": (0.8614, 0.6015),
        "rwc": (0.8816, 0.7517),
        "boundary": (0.0218, 0.0519),
    }
    of_time = [finding("ei", 0.4 + k / 50, "score", by=(("period", month),), n_of="ties") for k, month in enumerate(MONTHS[:12])]
    return (
        finding("groups", 2, "groups"),
        finding("group_sizes", 160, "people", series=(("A", 160), ("B", 107))),
        *(finding(name, value, "score") for name, (value, _) in scores.items()),
        *(
            finding(f"{name}_null", mean, "score", low=mean - 0.04, high=mean + 0.04, interval_of="model", n=20, n_of="random networks")
            for name, (_, mean) in scores.items()
        ),
        *(
            finding(f"{name}_normalised", value - mean, "score", low=value - mean - 0.04, high=value - mean + 0.04, interval_of="model")
            for name, (value, mean) in scores.items()
        ),
        finding("cross_cutting", 0.08, "share of ties"),
        finding("own_side_share", 0.93, "share of a person's ties"),
        finding("own_side_by_chance", 0.55, "share of a person's ties"),
        finding("bridges", 14, "people"),
        *of_time,
    )


def communities_findings() -> tuple[Finding, ...]:
    words = ("bread", "oven", "flour"), ("boats", "harbour"), ()
    return (
        finding("communities", 3, "groups", n=240),
        *(finding("community_size", n, "people", n=n, by=(("community", str(k)),)) for k, n in enumerate((96, 70, 41), 1)),
        finding("community_size", None, "people", n=0, by=(("community", "4"),), warning="too few to say: fewer than 10 people"),
        *(
            finding("community_words", len(some), "words", by=(("community", str(k)),), series=tuple((word, 4.2) for word in some))
            for k, some in enumerate(words, 1)
        ),
        finding("unfirm", 0.08, "share of people"),
        finding("modularity", 0.51, "index"),
        finding("modularity_null", 0.24, "index", n=20, n_of="random networks"),
        finding("beyond_chance", 31.4, "standard deviations above random networks", n=20, n_of="random networks"),
        finding("stability", 0.83, "index", low=0.76, high=0.9, interval_of="estimator", n=20, n_of="runs"),
        finding("stability_null", 0.24, "index", n=20, n_of="random networks"),
        finding("ties_between", 0.17, "share of ties", n=848, n_of="ties"),
        finding("group_ties", 5, "ties", series=(("1–1", 310), ("2–2", 220), ("3–3", 90), ("1–2", 70), ("2–3", 9))),
        finding("embeddedness", 0.12, "share of the contacts of both ends that are contacts of both"),
        finding("reply_time", 9_960, "s", n=968, n_of="turns"),
        finding("k_core", 6, "contacts", n=137, n_of="people in the innermost core"),
    )


def favour_findings() -> tuple[Finding, ...]:
    sheet = (("only receive", 61), ("mostly receive", None), ("about even", 98), ("mostly give", 24), ("only give", 71))
    return (
        finding("reciprocity", 0.6364, "share of ties", n=1_204, n_of="ties"),
        finding("rho", 0.61, "correlation", low=0.58, high=0.64, n=1_204, n_of="ties", interval_of="model"),
        finding("about_even", 98 / 267, "share of people"),
        finding("balances", 267, "people", series=sheet),
        finding("given", 203, "acts", n=33),
        finding("received", 134, "acts", n=25),
        finding("delay_of_return", 31_692.0, "s", low=14_000.0, high=60_000.0, n=412, n_of="pairs", interval_of="sampling of people"),
        finding("generalised_reciprocity", 0.06, "share of favours, difference", low=0.02, high=0.1, interval_of="sampling of people"),
        finding("never_returned", 12, "people", n=35),
        finding("unthanked_helpers", None, "people", warning="can't say: no thanks and no accepted answers are known here"),
    )


def illusion_findings() -> tuple[Finding, ...]:
    tenths = [k / 10 for k in range(10)]
    shares = {
        "exposure_with": (0.1, 0.1, 0.2, 0.2, 0.1, 0.1, 0.1, 0.05, 0.03, 0.02),
        "exposure_without": (0.5, 0.2, 0.1, None, 0.05, 0.03, None, 0.0, 0.0, 0.02),
        "exposure_null": (0.4, 0.2, 0.2, 0.1, 0.05, 0.02, 0.01, 0.01, 0.0, 0.01),
    }
    method = "counted: people's neighbours are all with whom they have a tie; to have it is recycles = yes"
    return (
        finding("share", 0.2, "share of people", method=method),
        finding("majority_strict", 0.33, "share of people", method=method),
        finding("majority_strict_without", 0.31, "share of people who haven't it", n=200),
        finding("majority_strict_without_null", 0.12, "share of people", low=0.08, high=0.16, interval_of="model"),
        finding("illusion", 0.19, "share of people without it, above chance", low=0.15, high=0.23, interval_of="model"),
        finding("illusion_p", 0.0025, "probability"),
        finding("carriers", 14, "people"),
        finding("friendship_paradox", 0.78, "share of people"),
        finding("degree_trait_correlation", 0.41, "correlation"),
        *(finding(name, 10, "tenths", series=tuple(zip(tenths, ys))) for name, ys in shares.items()),
    )


def tie_findings() -> tuple[Finding, ...]:
    days = (0, 2, 5, 9, 20, 41, 60, 90, 150)
    shares = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42, 0.31, 0.2)
    band = {"survival": 0.0, "survival_low": -0.05, "survival_high": 0.04}
    turnover = {"kept": (40, 38, 44), "lost": (12, 21, 9), "new": (20, 11, 17), "revived": (1, 4, 3)}
    return (
        finding("silence", 30 * 86_400.0, "s", n=2_400, n_of="silences"),
        finding(
            "half_life",
            41 * 86_400.0,
            "s",
            low=35 * 86_400.0,
            high=50 * 86_400.0,
            n=800,
            n_of="lives of ties",
            interval_of="sampling of people",
        ),
        *(
            finding(
                name,
                0.2,
                "share of lives of ties",
                series=tuple((day * 86_400.0, min(1.0, share + off)) for day, share in zip(days, shares)),
            )
            for name, off in band.items()
        ),
        *(finding(name, n[1], "ties") for name, n in turnover.items()),
        *(finding(name, each, "ties", by=(("period", month),)) for name, n in turnover.items() for month, each in zip(MONTHS, n)),
        finding("one_night_stands", 0.31, "share of ties", low=0.27, high=0.35, n=640, interval_of="sampling of people"),
        finding("difference_with_us", 0.083, "share of ties, difference", low=0.02, high=0.14, n=61, interval_of="sampling of people"),
        finding("half_life_with_us", None, "s", warning="fewer than half have ended in what can be seen"),
    )


def overview_findings(random: np.random.Generator) -> tuple[Finding, ...]:
    days = tuple((f"2024-{month:02}-{day:02}", int(random.poisson(20))) for month in range(1, 4) for day in range(1, 29))
    days = tuple((day, 160 if day == "2024-02-14" else None if day == "2024-03-03" else n) for day, n in days)
    return (
        finding("people", 265, "people"),
        finding("acts_change", -0.12, "share of posts before", low=-0.3, high=0.1, interval_of="sampling of people"),
        finding("new_people", 24, "people"),
        finding("gone_people", 31, "people"),
        finding("acts_by_day", len(days), "posts a day", series=days),
        finding("spikes", 1, "days"),
        finding("spike", 160, "posts a day", by=(("day", "2024-02-14"),)),
        finding("spike_from", 0.81, "share of what came on top", by=(("day", "2024-02-14"), ("tag", "#brug")), n=58),
    )


def all_sections(n: int = 300) -> tuple[Section, ...]:
    random = np.random.default_rng(5)
    return (
        sections.who(network(n), (finding("people", 265, "people", n=265), finding("n_ties", 848, "ties", n=848, n_of="ties"))),
        sections.contacts(contact_findings()),
        sections_reciprocity.favours(favour_findings()),
        sections_ties.ties(tie_findings()),
        sections.distances(network_findings()),
        sections.response(response_findings(random), waiting=waiting(), n_more=106, command="kring posts --waiting"),
        sections_polarisation.polarisation(polarisation_findings()),
        sections_illusion.illusion(illusion_findings()),
        sections_overview.overview(overview_findings(random)),
        sections_communities.communities(communities_findings()),
        sections.activity(activity_findings(random), threads=threads(), zone="Europe/Amsterdam"),
        sections_trust.trust(trust_findings()),
        sections_authority.authority(authority_findings()),
    )


def report(n: int = 300) -> Report:
    return Report(
        title="Who is around us, and do we answer them?",
        circle="Kringdorp town hall",
        made_at=MONDAY + 34_200_000_000,
        cut="2024-07-01 11:30, with posts up to 2024-06-30 23:58",
        period="January 2022 to June 2024",
        zone="Europe/Amsterdam",
        us=("mastodon:https://town.example/users/townhall", "forum:town-hall"),
        holdings=(
            Holding(what="posts", n=12_604),
            Holding(what="people", n=300),
            Holding(what="places", n=14),
            Holding(what="exports", n=3),
        ),
        exports=(
            Export(name="outbox-townhall.zip", kind="Mastodon archive", n_posts=2_211, came_in_at=MONDAY),
            Export(name="forum.xml.gz", kind="Forum dump", n_posts=9_871, came_in_at=MONDAY),
            Export(name="WhatsApp Chat - Molenstraat.zip", kind="WhatsApp chat", n_posts=522, came_in_at=MONDAY),
        ),
        left_out=(
            LeftOut(
                what="Private posts",
                n=522,
                why="said in a closed chat; they count in our own response rate, and in no figure about the network.",
            ),
            LeftOut(
                what="Posts of 3 bots",
                n=188,
                why="automated posts aren't people talking.",
                next="Somebody isn't a bot? `kring people --kind person NAME`",
            ),
            LeftOut(what="Posts without a time", n=4, why="the export gave no believable date; they count in ties, not in periods."),
            LeftOut(
                what="Things that couldn't be read",
                n=2,
                why="the last record of forum.xml.gz is broken off.",
                next="Ask for the export again.",
            ),
        ),
        sections=all_sections(n),
        fictional=True,
        version="0.1.0",
    )
