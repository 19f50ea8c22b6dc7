"""The report in a real Chromium: wide and narrow, light and dark, with nothing fetched and nothing that axe finds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kring.show.report import render
from show import sample

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium here: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(sample.report(120)), encoding="utf-8")
    return path


@pytest.fixture(
    params=[(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark"), (320, "light")], ids=lambda each: f"{each[0]}-{each[1]}"
)
def page(browser, file, request) -> Iterator[object]:
    width, scheme = request.param
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.heard, page.asked = [], []
    page.on("console", lambda message: page.heard.append(message.text))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.as_uri())
    yield page
    page.close()


def test_it_fits_says_nothing_and_asks_for_nothing(page, file):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.heard == []
    assert page.asked == [file.as_uri()]


@pytest.mark.parametrize("page", [(1280, "light"), (360, "dark")], indirect=True, ids=["wide", "narrow"])
def test_axe_finds_nothing(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = axe.Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


def test_dark_is_dark_and_light_is_light(page):
    light = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).reduce((a, b) => a + +b, 0) > 380")
    ink = page.evaluate("getComputedStyle(document.querySelector('.chart text')).fill.match(/\\d+/g).reduce((a, b) => a + +b, 0) < 380")
    assert light == ink == page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")


def test_the_first_tab_stop_leads_to_the_report(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_person_on_the_map_leads_to_the_table(page):
    page.evaluate("document.querySelector('.people a').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
    assert page.evaluate("document.querySelector('tr:target') !== null")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_one_set_of_names_and_one_of_charts_is_shown(page):
    shown = "each => each.filter(one => getComputedStyle(one).display !== 'none').length"
    assert page.eval_on_selector_all(".names", shown) == 1
    assert page.eval_on_selector_all(".chart > div", shown) == sum(len(each.pictures) for each in sample.all_sections(40))


def test_no_words_of_a_chart_stick_out_of_it(page):
    outside = """[...document.querySelectorAll('.chart svg')].flatMap(svg => {
        const box = svg.getBoundingClientRect()
        return [...svg.querySelectorAll('text:not([opacity="0"])')].filter(text => {
            const own = text.getBoundingClientRect()
            return own.width && (own.left < box.left - 1 || own.right > box.right + 1)
        }).map(text => text.textContent)
    })"""
    assert page.evaluate(outside) == []
