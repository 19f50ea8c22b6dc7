"""Import: an export that a network gave, into the circle; the same one twice changes nothing."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from kring import measures, sources, unpack
from kring.errors import CircleError, Interrupted, ReadError, UsageError
from kring.reading.sensitive import sensitive
from kring.schema import Asked, Note, Proposed, Unread
from kring.show.values import count, many
from kring.sources.tables import mapping_of
from kring.store import fetch, keep, ledger, runs
from kring.store.claims import Said, claim, claims
from kring.store.keep import Kept
from kring.store.open import reading as reading_of
from kring.store.open import writing
from kring.store.suppress import away
from kring.unpack import formats
from kring.verbs import inputs, weave
from kring.verbs.affiliate import GROUPS
from kring.verbs.columns import Ask, Remembered, Settled, is_known, remember, settle
from kring.verbs.erase import Erased, erase_deleted, erase_returned
from kring.verbs.forget import Agree, Retained, Retention, retain
from kring.verbs.look import Look, Reading
from kring.verbs.progress import SILENT, Progress
from kring.verbs.times import zone_of
from kring.verbs.weave import Asking
from kring.wire import Page

if TYPE_CHECKING:
    from kring.kring import Circle

_MEDIA = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".heic",
    ".mp4",
    ".mov",
    ".3gp",
    ".webm",
    ".mp3",
    ".opus",
    ".m4a",
    ".ogg",
    ".wav",
    ".aac",
)


_TABLES = (".csv", ".tsv", ".ndjson", ".jsonl", ".parquet", ".xlsx")
_TEXT = (".json", ".ndjson", ".txt", ".csv", ".xml", ".mbox", ".eml", ".html")

_ABOUT = re.compile(r"(?:read[ _-]?me|lees[ _-]?mij|liesmich)(?:\.\w+)?", re.IGNORECASE)

_SUMMED_POSTS = 200_000
"""Up to so many posts of a site, how many questions were answered is counted at once: it takes some 800 bytes a post, and an import stays small."""


class Imported(msgspec.Struct):
    """What one import did."""

    name: str
    run: int | None
    """None for a dry run."""
    sources: dict[str, int]
    """Title of each reader and how many files it read."""
    look: Look
    kept: Kept
    kinds: dict[str, int]
    """How many posts of each kind this run has brought or met."""
    notes: list[Note]
    unread: list[Unread]
    already: bool = False
    resumed: bool = False
    owners: list[ledger.Owner] = []
    people: int = 0
    """Distinct accounts that this run has brought or met."""
    retained: Retained = Retained()
    """What is another than before of how long, for what and on which ground it is kept."""
    proposed: list[Proposed] = []
    """What another circle said of people; see `_of_people`."""
    said: list[str] = []
    """What is worth knowing at once: how many questions were answered, which accounts are bots."""


def import_(
    circle: "Circle",
    path: str | Path | BinaryIO,
    *,
    as_: str = "",
    zone: str = "",
    columns: str = "",
    retention: Retention,
    dry_run: bool = False,
    progress: Progress = SILENT,
    ask: Ask | None = None,
    agree: Agree | None = None,
) -> Imported:
    """Reads one export (file, folder, zip, or a stream) into the circle.

    Takes   `as_`: "whatsapp" or "whatsapp:Name of the chat" where the file doesn't say; `zone`: of local times without one;
            `retention`: on which ground, for what and until when it is kept; `columns`: what the columns of a plain table hold
            ("author=Wie,text=Bericht"), where their names don't tell; `ask`: whom to ask that; `agree`: whom to ask whether what is here
            already may be forgotten sooner than was said before; without it, it isn't.
    Gives   what was found, kept, already there and could not be read.
    Fails   CircleError if somebody was erased and the key is gone; ReadError if nothing in it can be read; Interrupted if the user stopped it:
            what was kept stays, the same import goes on.
    """
    source, _, place = as_.partition(":")
    if source and source not in sources.EXPORTS:
        raise UsageError(f'"{source}" is not a kind of export that Kring reads.', next=f"Kinds: {', '.join(sources.EXPORTS)}.")
    asked = Asked(zone=zone or circle.settings.zone, place=place, columns=mapping_of(columns))
    if columns and source not in ("", "tables"):
        raise UsageError(f"--columns is for plain tables; this is {source}.", next="Leave it out, or say --as tables:posts.")
    zone_of(asked.zone)
    with reading_of(circle.engine) as connection:
        away(connection, str(circle.engine.url.database))  # without the key nobody can be kept away: said before anything is looked at
    try:
        done = _import(circle, path, source, asked, dry_run, progress, ask)
    except KeyboardInterrupt:
        raise Interrupted("Stopped.", next="`kring runs` shows what is kept; import the same again to go on.") from None
    if done.run is not None:
        if done.proposed:
            done.said.append(_of_people(circle, done.run, done.proposed, agree))
        done.retained = retain(circle, done.run, retention, agree=agree)
        if erased := erase_deleted(circle, progress=progress):
            done.said.append(_of_the_deleted(erased))
        if done.kept.returned:
            erase_returned(circle, done.kept.returned, progress=progress)
            done.said.append(_of_the_returned(done.kept.returned))
    return done


def _import(
    circle: "Circle", path: str | Path | BinaryIO, source: str, asked: Asked, dry_run: bool, progress: Progress, ask: Ask | None
) -> Imported:
    with unpack.opened(path, spool=circle.spool) as export:
        mine, lost = _share_out(export.pages, source or ("tables" if asked.columns else ""), circle.settings.tables)
        if not mine:
            raise ReadError(_nothing(export.name, export.pages, lost), next=_what_next(export.pages, [*export.unread, *lost]))
        settled = Settled(asked)
        if "tables" in mine:
            settled = settle(mine["tables"], asked, circle.settings.tables, ask)
            asked, source = settled.asked, source + "".join(f" {role}={name}" for role, name in settled.asked.columns)
        done = runs.find(circle.engine, digest=export.digest, asked=asked, version=_version(source))
        if done is not None and done.state == "done":
            return _already(circle, done, mine)
        with Reading(mine, asked, circle.spool) as reading:
            look = reading.look(progress, to_the_end=dry_run)
            if look.unread and not (look.posts or look.events or look.people):
                first = next(unread for unread in reading.unread if unread.kind != "skipped")
                raise ReadError(f"Nothing in {export.name} can be read. {first.where}: {first.why}", next=first.next)
            _say_first(export.name, mine, look, progress)
            if dry_run:
                unread = [*lost, *reading.unread, *export.unread]
                return Imported(export.name, None, _titles(mine), look, Kept(), {}, reading.notes, unread)
            run = runs.begin(
                circle.engine, name=export.name, digest=export.digest, sources=" ".join(mine), asked=asked, version=_version(source)
            )
            kept = _keep(circle, run.node, export, reading, lost, progress)
        if settled.new:
            remember(circle.settings_file, settled.new)
        unread = [*lost, *reading.unread, *export.unread]
        imported = _imported(circle, run, mine, look, kept, unread, reading.notes, resumed=done is not None)
        imported.proposed = reading.proposed
        return imported


def _of_people(circle: "Circle", run: int, proposed: Sequence[Proposed], agree: Agree | None) -> str:
    """Takes over what another circle said of people who are here, if that is agreed to; of the erased, who aren't here, nothing."""
    with reading_of(circle.engine) as connection:
        here = {each.id for each in fetch.account_lines(connection, everybody=True)}
        known = {(each.kind, each.subject, each.object, each.since, each.until) for each in claims(connection)}
    new = [
        Said(each.kind, each.subject, each.object, "" if sensitive(each.reason) else each.reason, f"import {run}", each.since, each.until)
        for each in proposed
        if each.subject in here
        and (each.object in (GROUPS if each.kind == "affiliation" else here))
        and (each.kind, each.subject, each.object, each.since, each.until) not in known
    ]
    if not new:
        return "What it says of who is one person with whom is said here too, or is of nobody here."
    what = f"It says of people who is one person with whom, and how they are involved: {many(len(new), 'claim')}."
    if not (agree and agree(f"{what} Take them over?")):
        return f"{what} Not taken over: nobody agreed. To do so: kring runs undo {run}, and import it again with --yes."
    with writing(circle.engine) as connection:
        claim(connection, new)
    return f'{what} Taken over. To take them back: kring person undo --rule "import {run}"'


def _told_to_the_log(run: int, name: str, kept: Kept) -> str:
    return f"run {run} {name}: {kept.posts} new posts, {kept.posts_known} known"


def _of_the_deleted(erased: Erased) -> str:
    said = f"{erased.accounts:,} accounts were deleted by their owners, as this export says: what was held of them ({erased.posts:,} posts) is erased."
    return said + "".join(f" Still to be found in {where}." for where in erased.found)


def _of_the_returned(accounts: Sequence[str]) -> str:
    return (
        f"{many(len(accounts), 'account')} came back under another name of the site ({', '.join(accounts[:8])}) and"
        f" {'belongs' if len(accounts) == 1 else 'belong'} to somebody who was erased: what they wrote stays away under this name too."
    )


def _version(source: str) -> str:
    return f"kring {version('kring')} {source}".strip()


def _titles(mine: dict[str, list[Page]]) -> dict[str, int]:
    return {sources.export(name).TITLE: len(pages) for name, pages in mine.items()}


def _share_out(pages: Sequence[Page], only: str, known: Sequence[Remembered]) -> tuple[dict[str, list[Page]], list[Unread]]:
    """Each page to the reader that recognises it best; what nobody knows is counted."""
    mine: dict[str, list[Page]] = {}
    unknown: list[Page] = []
    media: list[Page] = []
    about: list[Page] = []
    for page in pages:
        name = only if only and _may_be(only, page) else sources.recognise(page)[0] or ("tables" if is_known(known, page) else "")
        if name and (not only or name == only):
            mine.setdefault(name, []).append(page)
        else:
            (media if _is_media(page) else about if _ABOUT.fullmatch(page.file) and page.head else unknown).append(page)
    if not mine:  # alone, a README is what was given, and is told as such
        unknown, about = unknown + about, []
    beside = [] if only else _beside_others(mine)
    return {name: mine[name] for name in sorted(mine)}, [*_told(unknown, beside), *_told_skipped(about, media)]


def _told(unknown: Sequence[Page], beside: Sequence[Page]) -> Iterator[Unread]:
    """What was not taken, though it may have been meant."""
    for page in unknown[:50]:
        yield Unread(where=page.name, why=_why_unknown(page), next="Nothing to do, if it is not part of the export.", kind="unknown")
    if len(unknown) > 50:
        yield Unread(where="other files", why="No reader knows these files.", kind="unknown", n=len(unknown) - 50)
    if beside:
        why = "Plain tables beside another network's files were not read: they may be anything that lay in that export."
        yield Unread(where=beside[0].name, why=why, next="Import them by themselves, if they are yours.", kind="unknown", n=len(beside))


def _told_skipped(about: Sequence[Page], media: Sequence[Page]) -> Iterator[Unread]:
    """What is left out on purpose."""
    if about:
        yield Unread(where=about[0].name, why="It tells people what lies beside it.", kind="skipped", n=len(about))
    if media:
        yield Unread(where="pictures, sound, films", why="Kring keeps what is known of them, not the files.", kind="skipped", n=len(media))


def _beside_others(mine: dict[str, list[Page]]) -> list[Page]:
    """Takes away the tables that lie where another network's export lies, or beneath it: attachments, or lists that its reader doesn't know."""
    folders = {page.folder for name, pages in mine.items() if name not in ("tables", "kring") for page in pages}
    pages = mine.get("tables", [])
    beside = [page for page in pages if any(f"{page.folder}/".startswith(f"{folder}/") for folder in folders)]
    if beside:
        gone = set(map(id, beside))
        mine["tables"] = [page for page in pages if id(page) not in gone]
        if not mine["tables"]:
            del mine["tables"]
    return beside


def _may_be(source: str, page: Page) -> bool:
    return not _is_media(page) and (sources.export(source).sniff(page) > 0 or sources.recognise(page)[0] in ("", source))


def _is_media(page: Page) -> bool:
    return page.name.lower().endswith(_MEDIA) or (formats.is_media(page.head) and not page.name.lower().endswith(_TEXT))


def _why_unknown(page: Page) -> str:
    if not page.head:
        return "The file is empty."
    if formats.is_media(page.head):
        return "The file is a picture, sound or film, whatever its name says."
    if page.name.lower().endswith(_TEXT) and b"\0" in page.head[:1000]:
        return "The file is not text, whatever its name says."
    return "No reader knows this file."


def _nothing(name: str, pages: Sequence[Page], lost: Sequence[Unread]) -> str:
    if not pages:
        return f"There is nothing to read in {name}."
    why = next((unread.why for unread in lost if unread.kind == "unknown"), "There are only pictures, sound and films in it.")
    return f"Nothing in {name} can be read: {why}"


def _what_next(pages: Sequence[Page], lost: Sequence[Unread]) -> str:
    hostile = next((unread for unread in lost if unread.kind in ("hostile", "broken", "too-large")), None)
    if hostile is not None:
        return f"{hostile.where}: {hostile.why} {hostile.next}"
    if pages and not any(page.head for page in pages):
        return "The download may have failed: ask the network for it again."
    titles = ", ".join(sources.export(name).TITLE for name in sources.EXPORTS)
    if any(page.name.lower().endswith(_TABLES) for page in pages):
        return "If it is a table of posts, people or ties, say so: --as tables:posts (or tables:people, tables:ties); Kring then asks what its columns hold."
    return (
        f"Kring reads: {titles}. Give the file as you got it; if you know what it is, say so with --as (for example --as whatsapp)."
        " A network is measured with `kring measure … --network FILE`."
    )


def _say_first(name: str, mine: dict[str, list[Page]], look: Look, progress: Progress) -> None:
    titles = ", ".join(sources.export(source).TITLE for source in mine)
    least = "at least " if look.at_least else ""
    people, private = many(look.people, "other person", "other people"), many(look.private, "private message")
    progress.say(f"{name} is an export of {titles}. It holds words or acts of {least}{people} and {least}{private}.")


def _keep(circle: "Circle", run: int, export: unpack.Export, reading: Reading, lost: list[Unread], progress: Progress) -> Kept:
    """Keeps everything; on any end other than a good one the run is left as stopped, to be taken up again."""
    total = Kept()
    job = ledger.begin_job(circle.engine, "import", f"run {run}")
    try:
        keep.keep(circle.engine, run, "unpack", lost)
        for name in reading.sources:
            kept = keep.keep(circle.engine, run, name, reading.again(name), partial(progress.at, f"keeping {sources.export(name).TITLE}"))
            for field in Kept.__struct_fields__:
                setattr(total, field, getattr(total, field) + getattr(kept, field))
        keep.keep(circle.engine, run, "unpack", export.unread)
        runs.finish(circle.engine, run, "done", _told_to_the_log(run, export.name, total))
    except BaseException as error:
        with suppress(CircleError):  # on a full disk not even this can be written; `doctor` finds the run all the same
            runs.finish(circle.engine, run, "stopped")
            ledger.end_job(circle.engine, job, "stopped", total.posts + total.events)
        if isinstance(error, KeyboardInterrupt):
            what = f"Stopped. What was read so far is kept as run {run}."
            raise Interrupted(what, next=f"Import the same again to go on, or take it back with `kring runs undo {run}`.") from None
        raise
    ledger.end_job(circle.engine, job, "done", total.posts + total.events)
    return total


def _imported(
    circle: "Circle",
    run: runs.Run,
    mine: dict[str, list[Page]],
    look: Look,
    kept: Kept,
    unread: list[Unread],
    notes: list[Note],
    resumed: bool,
) -> Imported:
    brought = runs.brought(circle.engine, run.node)
    return Imported(
        run.name,
        run.node,
        _titles(mine),
        look,
        kept,
        brought.kinds,
        notes,
        unread,
        resumed=resumed,
        owners=ledger.proposed_owners(circle.engine, run.node),
        people=brought.accounts,
        said=_said(circle, run.node, brought),
    )


def _already(circle: "Circle", run: runs.Run, mine: dict[str, list[Page]]) -> Imported:
    brought = runs.brought(circle.engine, run.node)
    kept = Kept(posts_known=sum(brought.kinds.values()))
    said = _said(circle, run.node, brought)
    return Imported(
        run.name, run.node, _titles(mine), Look(), kept, brought.kinds, [], [], already=True, people=brought.accounts, said=said
    )


def _said(circle: "Circle", run: int, brought: runs.Brought) -> list[str]:
    said = []
    if brought.bots:
        said.append(
            f"{count(brought.bots)} of the accounts {'is a bot' if brought.bots == 1 else 'are bots'} (the network's own, or marked so): no person."
        )
    if "question" in brought.kinds and sum(brought.kinds.values()) > _SUMMED_POSTS:
        said.append("`kring measure questions` tells how many of the questions were answered.")
    elif "question" in brought.kinds:
        columns = inputs.post_columns(circle, weave.weave(circle, Asking(run=run), "ours"), ours=False)
        found = {finding.name: finding.value for finding in measures.measure("questions")(columns)}
        said.append(
            f"Answered: {count(found['answered'] or 0)} of {many(int(found['questions'] or 0), 'question')},"
            f" {count(found['answered_by_others'] or 0)} by someone else than the asker;"
            f" {count(found['accepted'] or 0)} {'has' if found['accepted'] == 1 else 'have'} an answer that the asker accepted."
        )
    return said
