"""Every command in the README and the docs is run, in the order of its page, in a folder that holds the files the page speaks of.

A block of `console`: lines that begin with "$ " are run, and each line under them must occur in what the command really says, in that order;
"…" stands for anything. A block of `sh` or `python` is run; so is an indented line that begins with "kring". Numbers may be grouped by any space.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer

from kring.cli.app import app, run
from kring.kring import all_described
from shared_data import shared

ROOT = Path(__file__).resolve().parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CANNOT_RUN = {"source .venv/bin/activate": "it changes the reader's own shell, not a program's"}
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$|^    (kring [^\n]*\n)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


# ---- what a page finds in its folder ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Path:
    """The exports of the fictional town that the tutorial practises on."""
    folder = tmp_path_factory.mktemp("town") / "town"
    code, said = kring(["town", str(folder), "--people", "300", "--seed", "7"])
    assert code == 0, said
    return folder / "exports"


@pytest.fixture(scope="session")
def circles(town, tmp_path_factory) -> Path:
    """The two circles of the pages on questions, made once."""
    folder = tmp_path_factory.mktemp("circles")
    posts = shared("stackexchange_coffee", "Posts.xml")
    site = "stackexchange:coffee.stackexchange.com"
    for words in (
        ["new", f"{folder}/coffee", "--zone", "UTC"],
        ["import", str(posts), "--as", site, "--circle", f"{folder}/coffee"],
        ["new", f"{folder}/waterdrecht", "--fictional"],
        ["import", str(town / "mail"), str(town / "list"), "--circle", f"{folder}/waterdrecht"],
    ):
        code, said = kring(words)
        assert code == 0, said
    return folder


def exports(folder: Path, town: Path, chat: str, archive: str) -> None:
    """A chat and the town hall's archive, under the names that a page gives them."""
    shutil.copy(sorted(town.glob(f"whatsapp/*/*{Path(chat).suffix}"))[0], folder / chat)
    shutil.copy(town / "mastodon" / "gemeente.zip", folder / archive)


def readme(folder: Path, ask: Callable[[str], Path]) -> Path:
    exports(folder, ask("town"), "chat.zip", "archive.zip")
    shutil.copy(shared("networks", "CollegeMsg.txt"), folder)
    return folder


def tutorial(folder: Path, ask: Callable[[str], Path]) -> Path:
    exports(folder, ask("town"), "WhatsApp Chat - Our street.zip", "archive-20251231.zip")
    return folder


def index(folder: Path, ask: Callable[[str], Path]) -> Path:
    shutil.copy(shared("stackexchange_coffee", "Posts.xml"), folder)
    return folder


def question(folder: Path, ask: Callable[[str], Path]) -> Path:
    shutil.copytree(ask("circles"), folder, dirs_exist_ok=True)
    shutil.copy(shared("networks", "CollegeMsg.txt"), folder / "coffee")
    shutil.copy(shared("networks", "soc-sign-bitcoinalpha.csv"), folder / "coffee")
    shutil.copy(shared("networks", "football.gml"), folder / "coffee")
    survey(folder / "coffee" / "answers.csv")
    for part in ("edges", "target"):
        shutil.copy(shared("twitch", f"RU_{part}.csv"), folder / "coffee")
    return folder / "coffee"


def survey(path: Path) -> None:
    """Answers to a trust survey that nobody was asked: forty people in autumn, forty in spring, thirty of them the same, a bit more trusting."""
    rows = [f"{p},autumn,{4 + p * 7 % 5},{1 + p % 3}" for p in range(40)] + [
        f"{p},spring,{4 + p * 7 % 5 + p % 2},{1 + p % 3}" for p in range(10, 50)
    ]
    path.write_text("person,wave,score,weight\n" + "\n".join(rows) + "\n")


def camps(folder: Path, ask: Callable[[str], Path]) -> Path:
    """Who retweeted whom under two hashtags."""
    here = question(folder, ask)
    for file, called in (("maahanmuutto_p1", "immigration"), ("luonto_p3", "nature")):
        shutil.copy(shared("hashtags_finland", f"{file}.edgelist"), here / f"{called}.edgelist")
    return here


def command_line(folder: Path, ask: Callable[[str], Path]) -> Path:
    question(folder, ask)
    shutil.copy(shared("stackexchange_coffee", "Posts.xml"), folder / "coffee")
    shutil.copy(shared("networks", "CollegeMsg.txt"), folder / "coffee")
    return folder / "coffee"


def rights(folder: Path, ask: Callable[[str], Path]) -> Path:
    """The export lies outside of the circle: inside, erasing somebody would find them in it."""
    question(folder, ask)
    (folder / "coffee" / "CollegeMsg.txt").unlink()
    shutil.copy(shared("stackexchange_coffee", "Posts.xml"), folder)
    return folder / "coffee"


def formats(folder: Path, ask: Callable[[str], Path]) -> Path:
    """A new circle with exports of every kind beside it, as each page calls them."""
    code, said = kring(["new", str(folder / "circle")])
    assert code == 0, said
    town, here = ask("town"), folder / "circle"
    exports(here, town, "WhatsApp Chat with Choir.txt", "archive.zip")
    (here / "our-mastodon").mkdir()
    shutil.copy(town / "mastodon" / "gemeente.zip", here / "our-mastodon" / "archive-20251231.zip")
    shutil.copytree(town / "forum", here / "coffee.stackexchange.com")
    shutil.copy(town / "mail" / "town-hall.mbox", here / "Inbox.mbox")
    shutil.copy(town / "list" / "dorpslijst.mbox", here / "2024-March.txt")
    for source, cases in PAIRS.items():
        page = (ROOT / "docs" / "formats" / f"{source}.md").read_text()
        for case, target in zip(cases, targets(page), strict=True):
            example(ROOT / "tests" / "sources" / source / case, here, target)
    return here


def targets(page: str) -> list[str]:
    """What a page's commands import."""
    commands = re.findall(r"^    kring import (.+)$", page, re.MULTILINE)
    return [shlex.split(command)[0] for command in commands]


def people(folder: Path, ask: Callable[[str], Path]) -> Path:
    """A new circle, and the town's exports beside it."""
    code, said = kring(["new", str(folder / "circle"), "--fictional"])
    assert code == 0, said
    (folder / "circle" / "exports").symlink_to(ask("town"))
    return folder / "circle"


PAIRS = {
    "activitystreams": ["many-softwares.pages"],
    "bluesky": ["repository.page.car"],
    "discord": ["new-package.pages", "server-channel.page.json"],
    "facebook": ["new-export.pages"],
    "feeds": ["software.pages", "subscriptions.page.opml"],
    "google_chat": ["takeout.pages"],
    "instagram": ["new-export.pages"],
    "kring": ["all-kinds.page.ndjson"],
    "linkedin": ["dutch-export.pages"],
    "matrix": ["room.page.json"],
    "reddit": ["export.pages", "thread.page.json", "dump.page.ndjson"],
    "signal": ["own.pages", "signal-export.pages"],
    "slack": ["workspace.pages"],
    "tables": ["usual-names.page.csv", "other-names.csv"],
    "telegram": ["chat-of-two.page.json"],
    "x": ["new-archive.pages"],
    "youtube": ["dutch-takeout.pages", "answers.page.json"],
}
"""Of which pair of the reader's own tests the exports are made that a page imports, in the order of its commands."""


def example(case: Path, here: Path, target: str) -> None:
    """A pair's page under the name that the documentation gives it: a file, a folder or a zip."""
    if target.endswith(".zip"):
        shutil.make_archive(str(here / target.removesuffix(".zip")), "zip", case)
    elif case.is_dir():
        shutil.copytree(case, here / target)
    elif target.endswith("/"):
        (here / target).mkdir(parents=True)
        shutil.copy(case, here / target / "result.json")
    else:
        shutil.copy(case, here / target)


SET_UP = {
    "README.md": readme,
    "docs/README.md": index,
    "docs/command-line.md": command_line,
    "docs/leaving.md": question,
    "docs/privacy.md": rights,
    "docs/people.md": people,
    "docs/tutorial.md": tutorial,
    **{name(page): question for page in DOCS if page.parent.name == "questions"},
    "docs/questions/are-there-two-camps.md": camps,
    **{name(page): formats for page in DOCS if page.parent.name == "formats"},
}


# ---- running ------------------------------------------------------------------------------------------------------------------------------


def kring(words: list[str]) -> tuple[int, str]:
    """A kring command in this process: its exit code, and all that it says."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = run(words)
        except SystemExit as end:
            code = int(end.code or 0)
    return code, said.getvalue()


def execute(command: str) -> tuple[int, str]:
    """One line of a page: `cd`, `make` (looked up, not run), `kring`, or anything else in a shell, where `kring` is this one."""
    words = shlex.split(command)
    if words[0] == "cd":
        os.chdir(words[1])
        return 0, ""
    if words[0] == "make":
        there = re.search(rf"^{re.escape(words[1])}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
        return (0 if there else 1), ""
    if words[0] == "kring" and "|" not in words:
        return kring(words[1:])
    shell = re.sub(r"\bkring (?=\w)", lambda _: f"{shlex.quote(sys.executable)} -m kring ", command)
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def python(code: str) -> None:
    names: dict[str, object] = {}
    exec(compile(code, "docs", "exec"), names)
    for each in names.values():
        if hasattr(each, "close"):
            each.close()


def steps(page: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Language, command and the lines it must say, in order."""
    for language, block, indented in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if indented:
            yield "sh", indented.strip(), []
        elif language == "python":
            yield language, block, []
        elif language == "sh":
            yield from (("sh", line, []) for line in block.splitlines() if line.strip())
        elif language == "console":
            for each in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *shown = each.splitlines()
                yield language, command, shown


def plainly(line: str) -> str:
    return " ".join(line.split())


def missing(shown: list[str], said: str) -> str:
    """The first shown line that the command didn't say, in this order; "" if it said all."""
    lines = iter([plainly(line) for line in said.splitlines()])
    for line in shown:
        wanted = ".*".join(map(re.escape, filter(None, map(plainly, line.split("…")))))
        if wanted and not any(re.search(wanted, real) for real in lines):
            return line
    return ""


@pytest.mark.parametrize("page", [page for page in DOCS if any(steps(page))], ids=name)
def test_commands_run_and_say_what_is_shown(page, tmp_path, monkeypatch, request):
    assert name(page) in SET_UP, f"{name(page)} has commands; say in SET_UP which files it finds"
    for variable in [each for each in os.environ if each.startswith("KRING_") and each != "KRING_SHARED"]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.chdir(SET_UP[name(page)](tmp_path, request.getfixturevalue))
    for language, command, shown in steps(page):
        if command in CANNOT_RUN:
            continue
        if language == "python":
            python(command)
            continue
        code, said = execute(command)
        assert code == 0, f"{name(page)}: {command}\n{said}"
        assert not missing(shown, said), f"{name(page)} shows what `{command}` doesn't say: {missing(shown, said)}\n\n{said}"


def test_a_shown_line_that_is_not_said_is_found():
    said = "Figure  Value\nMean  3.06   1\u202f899 people  exact\nMedian  3"
    assert not missing(["Mean 3.06 1 899 people …", "…", "Median 3"], said)
    assert missing(["Mean 3.07"], said) == "Mean 3.07"
    assert missing(["Median 3", "Mean 3.06"], said) == "Mean 3.06"
    assert missing(["Mean … Median"], said)


def test_what_can_not_run_is_still_in_the_docs():
    everything = {command for page in DOCS for _, command, _ in steps(page)}
    assert set(CANNOT_RUN) <= everything


# ---- links, pictures, commands and options in running text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_links_and_pictures_are_there(page):
    for picture, words, target in _LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("https:", "http:", "#", "mailto:")):
            continue
        file = page.parent / target.partition("#")[0]
        assert file.exists(), f"{name(page)} leads to {target}"
        if picture:
            assert len(words) > 40, f"{target} is not described for those who can't see it"
            assert file.stat().st_size <= 400_000


def test_every_page_is_found_from_the_index():
    linked = {
        (ROOT / "docs" / target).resolve() for _, _, target in _LINK.findall((ROOT / "docs" / "README.md").read_text(encoding="utf-8"))
    }
    assert [name(page) for page in DOCS[1:] if page not in linked and page.name != "README.md"] == []


def commands(group: object = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    """Each command of kring ("runs undo") and its options."""
    command = group or typer.main.get_command(app)
    own = {flag for each in command.params for flag in (*each.opts, *each.secondary_opts) if flag.startswith("--")}
    yield " ".join(path), own
    for word, sub in getattr(command, "commands", {}).items():
        yield from commands(sub, (*path, word))


def test_the_page_on_the_command_line_has_every_command_and_option():
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for command, options in commands():
        assert f"`kring {command}".rstrip() in text, command
        for option in options - {"--help"}:
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", text), f"{option} of kring {command}"


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_commands_and_options_in_running_text_exist(page):
    there = dict(commands())
    flags = set().union(*there.values()) | {option.flag for each in all_described() for option in each.options}
    for quoted in re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)):
        words = quoted.split()
        if words[0] == "kring" and len(words) > 1 and not words[1].startswith("-"):
            assert words[1] in there, f"{name(page)}: {quoted}"
        if words[0] == "kring" or words[0].startswith("--"):
            unknown = {word.partition("=")[0] for word in words if word.startswith("--")} - flags
            assert not unknown, f"{name(page)}: {quoted}"
