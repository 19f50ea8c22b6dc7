"""Draws the pictures of the docs afresh, from the demo's report and from two public data sets; run by hand after a change in how things look.

    make demo
    .venv/bin/python docs/images/draw.py ../shared/data     a folder with stackexchange_coffee, networks and twitch
    .venv/bin/python docs/images/draw.py ../shared/data whole.json     and what `kring measure distances --format json` says of a whole network

Needs Chromium, playwright and Pillow. Pictures get a palette, so that a clone stays small.
"""

import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import altair as alt
import msgspec
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from kring import kring
from kring.schema import Finding
from kring.show import (
    charts,
    sections,
    sections_authority,
    sections_communities,
    sections_illusion,
    sections_overview,
    sections_polarisation,
    sections_reciprocity,
    sections_ties,
    sections_trust,
    theme,
)
from kring.show.content import Picture

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "demo" / "report.html"
GAP = 40
"""White between two parts of a page that stand together in one picture."""

SMALL = (("students of a college, by messages", "1,893", "CollegeMsg.txt"), ("students of MIT, by friendship", "6,402", "MIT8.edgelist"))
WHOLE = "a whole platform, made up (40 million)"
SURE = ["1", "3", "7"]
TEAM = ["36", "103", "194", "249", "372"]
ONLY, SHARED = "whom only this one wrote to", "whom others of the team wrote to as well"


def save(picture: Image.Image, name: str, colours: int = 256) -> None:
    few = picture.convert("RGB").quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(HERE / name, optimize=True)


def part(page: Page, top: float, bottom: float) -> Image.Image:
    width = page.viewport_size["width"] if page.viewport_size else 1280
    clip = {"x": 0, "y": top, "width": width, "height": bottom - top}
    return Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))


def edge(page: Page, selector: str, side: str) -> float:
    return float(page.evaluate(f"document.querySelector({selector!r}).getBoundingClientRect().{side} + window.scrollY"))


def under_each_other(*parts: Image.Image) -> Image.Image:
    whole = Image.new(
        "RGB", (parts[0].width, sum(each.height for each in parts) + GAP * (len(parts) - 1)), parts[0].getpixel((0, parts[0].height - 1))
    )
    top = 0
    for each in parts:
        whole.paste(each, (0, top))
        top += each.height + GAP
    return whole


def the_demo(page: Page) -> None:
    """The top of the report, and its map."""
    page.goto(DEMO.as_uri())
    head = part(page, 0, edge(page, "nav", "bottom") + 10)
    whom = part(page, edge(page, "#who h2", "top"), edge(page, "#who figure ul", "bottom") + 10)
    save(under_each_other(head, whom), "report.png")


def the_demo_on_a_phone(page: Page) -> None:
    page.goto(DEMO.as_uri())
    top = edge(page, "#response h2", "top")
    save(
        under_each_other(part(page, 0, edge(page, "header dl", "top")), part(page, top, edge(page, "#response dl", "bottom") + 20)),
        "report-narrow-dark.png",
    )


def waiting(page: Page) -> None:
    page.goto(DEMO.as_uri())
    shot = page.locator("#response figure.chart svg").first.screenshot()
    save(Image.open(io.BytesIO(shot)), "do-we-answer.png", 32)


def coffee(page: Page, posts: Path, folder: Path) -> None:
    with kring.new(folder, zone="UTC") as circle:
        circle.import_(posts, as_="stackexchange:coffee.stackexchange.com")
        page.goto(circle.report(folder / "report.html").as_uri())
        said = circle.measure("activity")
    page.add_style_tag(content="#who svg text { display: none }")  # ids of accounts, no names: nothing that a reader knows
    save(Image.open(io.BytesIO(page.locator("#who figure svg").first.screenshot())), "who-talks-with-whom.png")
    weeks = [finding for finding in said if finding.name == "posts_by_period"]
    chart(Picture(kind="activity", title="", findings=tuple(weeks)), "how-much-is-said.png")


def college(file: Path) -> None:
    """The curve as the report's section draws it: pairs within so many steps."""
    chart(sections.distances(kring.measure_network("distances", file)).pictures[0], "how-near-is-everybody.png")


def stands_out(file: Path) -> None:
    """What students wrote each day, and the days out of the ordinary."""
    chart(sections_overview.overview(kring.measure_network("overview", file)).pictures[0], "what-changed.png")


def balance(file: Path) -> None:
    chart(sections_reciprocity.favours(kring.measure_network("reciprocity", file)).pictures[0], "balance-sheet.png")


def camps(hashtags: Path) -> None:
    """The scores of a hashtag that divides and of one that doesn't, each beside chance."""
    drawn = []
    for file, called in (("maahanmuutto_p1", "#maahanmuutto (immigration)"), ("luonto_p3", "#luonto (nature)")):
        found = kring.measure_network("polarisation", hashtags / f"{file}.edgelist", directed=False)
        picture = sections_polarisation.polarisation(found).pictures[0]
        drawn.append(charts.draw(picture, width=600).properties(title=called))
    save(Image.open(io.BytesIO(charts.to_png(alt.vconcat(*drawn, spacing=24), scale=1.5))), "are-there-two-camps.png", 32)


def majority(twitch: Path, folder: Path) -> None:
    """What streamers see of partners around them: those who are none, those who are, and by chance."""
    with (twitch / "RU_target.csv").open(newline="") as file:
        lines = [f"{row['new_id']},{row['partner']}\n" for row in csv.DictReader(file)]
    (folder / "partners.csv").write_text("".join(["id,partner\n", *lines]))
    found = kring.measure_network(
        "illusion", twitch / "RU_edges.csv", labels=folder / "partners.csv", label="partner", directed=False, null_models=0
    )
    chart(sections_illusion.illusion(found).pictures[0], "is-the-majority-real.png")


def football(file: Path) -> None:
    """The map of groups, and under it how firm they are."""
    found = kring.measure_network("communities", file)
    drawn = [charts.to_png(charts.draw(picture), scale=1.5) for picture in sections_communities.communities(found).pictures]
    save(under_each_other(*(on_width(Image.open(io.BytesIO(each)), 1000) for each in drawn)), "which-groups-are-there.png", 32)


def on_width(picture: Image.Image, width: int) -> Image.Image:
    """On white paper of this width."""
    paper = Image.new("RGB", (width, picture.height), "white")
    paper.paste(picture, (0, 0))
    return paper


def lasting(file: Path) -> None:
    for picture, name in zip(sections_ties.ties(kring.measure_network("ties", file)).pictures, ("do-ties-last.png", "kept-and-lost.png")):
        chart(picture, name)


def reached(file: Path) -> None:
    """For each of a team whom only he reaches and whom others reach too; under them all together, each once."""
    found = kring.measure_network("reach", file, people=TEAM)
    own, only = ({f.by[0][1]: f.value for f in found if f.name == name} for name in ("own_1", "marginal_1"))
    rows = [
        {"who": f"student {who}", "n": n, "part": part} for who in TEAM for part, n in ((ONLY, only[who]), (SHARED, own[who] - only[who]))
    ]
    rows.append({"who": "together", "n": next(f.value for f in found if f.name == "reach_1"), "part": "together"})
    colours = alt.Scale(domain=[ONLY, SHARED, "together"], range=[theme.ACCENT, "#9ecae1", theme.CONTRAST])
    drawn = (
        alt.Chart(alt.Data(values=rows), width=600, height=alt.Step(30))
        .mark_bar(height=18)
        .encode(
            y=alt.Y("who:O", sort=None, title=None),
            x=alt.X("n:Q", title="people within one step"),
            color=alt.Color("part:N", scale=colours, legend=alt.Legend(title=None, orient="top", values=[ONLY, SHARED], labelLimit=400)),
            order=alt.Order("part:N"),
        )
    )
    save(Image.open(io.BytesIO(charts.to_png(drawn, scale=1.5))), "whom-do-we-reach.png", 32)


def trusted(file: Path) -> None:
    """How far trust carries from three people and what one mistake could cost; how well it tells good ratings from bad."""
    steps, told = sections_trust.trust(kring.measure_network("trust", file, people=SURE)).pictures
    chart(steps, "whom-can-we-trust.png")
    chart(told, "trust-told.png")


def helping(folder: Path) -> None:
    """Credit for help beside how many turn to each helper, in a town of 300."""
    kring.town(folder / "town", people=300, seed=7, languages="nl,en")
    with kring.new(folder / "circle", fictional=True) as circle:
        circle.import_(folder / "town" / "exports" / "forum", as_="stackexchange:forum.waterdrecht.example")
        for part in ("list", "mail", "mastodon"):
            circle.import_(folder / "town" / "exports" / part)
        chart(sections_authority.authority(circle.measure("authority")).pictures[0], "who-helps.png")


def whole(networks: Path, said: Path) -> None:
    """The share of pairs at each distance: among some thousand students, and among forty million."""
    known = {f"{name} ({people})": networks / file for name, people, file in SMALL}
    rows = []
    for name, series in [
        *((name, distribution(kring.measure_network("distances", file))) for name, file in known.items()),
        (WHOLE, distribution(msgspec.json.decode(said.read_bytes(), type=list[Finding]))),
    ]:
        rows += [{"network": name, "steps": int(x), "share": y, "label": f"{y:.0%}"} for x, y in series if int(x) <= 8]
    base = alt.Chart(alt.Data(values=rows), width=200, height=170).encode(
        x=alt.X("steps:O", title="steps"), y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 0.75]))
    )
    bars = alt.layer(
        base.mark_bar(color=theme.ACCENT), base.transform_filter("datum.share >= 0.01").mark_text(dy=-7).encode(text="label:N")
    )
    drawn = bars.facet(alt.Facet("network:N", sort=[*known, WHOLE], title=None), columns=3)
    save(Image.open(io.BytesIO(charts.to_png(drawn, scale=1.5))), "how-many-steps-is-a-whole-network.png", 32)


def distribution(findings: Sequence[Finding]) -> Sequence[tuple[float | int | str, float | int | None]]:
    return next(f.series for f in findings if f.name == "distance_distribution")


def chart(picture: Picture, name: str) -> None:
    save(Image.open(io.BytesIO(charts.to_png(charts.draw(picture), scale=1.5))), name, 32)


if __name__ == "__main__":
    data = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        wide = chromium.new_page(viewport={"width": 1180, "height": 900}, color_scheme="light")
        the_demo(wide)
        waiting(wide)
        coffee(wide, data / "stackexchange_coffee" / "Posts.xml", Path(folder) / "coffee")
        the_demo_on_a_phone(chromium.new_page(viewport={"width": 400, "height": 900}, color_scheme="dark"))
        chromium.close()
        majority(data / "twitch", Path(folder))
        helping(Path(folder))
    college(data / "networks" / "CollegeMsg.txt")
    football(data / "networks" / "football.gml")
    camps(data / "hashtags_finland")
    stands_out(data / "networks" / "CollegeMsg.txt")
    balance(data / "networks" / "CollegeMsg.txt")
    lasting(data / "networks" / "CollegeMsg.txt")
    reached(data / "networks" / "CollegeMsg.txt")
    trusted(data / "networks" / "soc-sign-bitcoinalpha.csv")
    if len(sys.argv) > 2:
        whole(data / "networks", Path(sys.argv[2]))
