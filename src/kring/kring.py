"""`Circle`, what a user holds: opens the folder; its methods are the verbs."""

import os
import tomllib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from kring.errors import CircleError, UsageError
from kring.schema import Finding, Row
from kring.show.values import many
from kring.store import chain
from kring.store.chain import Checked, Entry
from kring.store.consent import Said
from kring.store.erase import Preview
from kring.store.fetch import Hits, PersonLine, PostLine
from kring.store.ledger import Claimed, PlaceLine
from kring.store.open import FILE, Engine, open_engine, reading
from kring.store.runs import Lost, Run, Undone
from kring.store.why import Verdict
from kring.verbs import access, affiliate, consent, doctor, erase, import_, listing, merge, network, person, report, us
from kring.verbs import export as leaving
from kring.verbs import forget as forgetting
from kring.verbs import mask as masking
from kring.verbs import measure as measuring
from kring.verbs import suggest as suggesting
from kring.verbs.columns import Ask, Remembered
from kring.verbs.doctor import unopened
from kring.verbs.forget import Agree
from kring.verbs.graph import Built, build_circle, build_graph, graph_info
from kring.verbs.listing import sources
from kring.verbs.measure import Described, Option, all_described, described, measure_network, rows_in
from kring.verbs.merge import Plan
from kring.verbs.progress import SILENT, Progress
from kring.verbs.suggest import Suggestion
from kring.verbs.times import zone_of
from kring.verbs.town import town
from kring.verbs.trust_survey import trust_survey
from kring.verbs.weave import Asking

__all__ = [
    "Built",
    "Circle",
    "Described",
    "Option",
    "Plan",
    "Suggestion",
    "all_described",
    "build_graph",
    "described",
    "graph_info",
    "measure_network",
    "new",
    "open",
    "rows_in",
    "sources",
    "town",
    "trust_survey",
    "unopened",
]

SETTINGS = "kring.toml"
_FIRST_SETTINGS = """\
# Settings of this circle. A flag on the command line wins over an environment variable (KRING_ZONE…), which wins over this file.
name = {name}
# The zone of local times in exports that don't say theirs, and of times in reports: "Europe/Amsterdam". Empty: not known.
zone = {zone}
# How lists are written: table, json, csv, ndjson or markdown.
format = "table"
# On which ground, for what and how long imports are kept, where an import doesn't say: "consent", "answering residents", "18 months" (or a date).
basis = ""
purpose = ""
keep_until = ""
"""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the circle's kring.toml, environment variables put over it."""

    name: str = ""
    zone: str = ""
    format: str = "table"
    basis: str = ""
    """On which ground what is imported is kept, where an import doesn't say."""
    purpose: str = ""
    keep_until: str = ""
    """A date, or a span from the day of the import ("18 months")."""
    fictional: bool = False
    """Its people don't exist (the town); every report says so on top."""
    tables: tuple[Remembered, ...] = ()
    """What was said of the columns of plain tables; written when it is said."""


def new(folder: str | os.PathLike[str], *, name: str = "", zone: str = "", fictional: bool = False) -> "Circle":
    """Makes a new circle in a folder, and opens it.

    Fails   CircleError if there is one already, or the folder can't be made.
    """
    path = Path(folder)
    if _is_circle(path):
        raise CircleError(f"There is a circle in {path} already.", next=f"Open it with `--circle {path}`, or choose another folder.")
    zone_of(zone)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = _FIRST_SETTINGS.format(name=_toml(name or path.resolve().name), zone=_toml(zone))
        (path / SETTINGS).write_text(words + ("fictional = true\n" if fictional else ""), encoding="utf-8")
        if not (path / ".gitignore").exists():
            (path / ".gitignore").write_text("# What people wrote doesn't belong in a repository.\n*\n", encoding="utf-8")
        open_engine(path / FILE).dispose()
    except OSError as error:
        raise CircleError(f"The folder {path} can't be made: {error.strerror}.", next="Choose another place.") from error
    return Circle(path)


def _toml(text: str) -> str:
    return msgspec.json.encode(text).decode()  # a JSON string is a TOML basic string


def open(folder: str | os.PathLike[str] | None = None, *, tidy: bool = True) -> "Circle":
    """Opens a circle: the folder given, else KRING_CIRCLE, else the nearest upwards from the current folder.

    Takes   `tidy`: also forgets what was to be kept until a date that is over, and completes an erasure that was broken off.
    Fails   CircleError if there is none, or its database can't be opened.
    """
    wanted = folder or os.environ.get("KRING_CIRCLE")
    if wanted:
        if not _is_circle(Path(wanted)):
            raise CircleError(f"There is no circle in {wanted}.", next=f"Make one with `kring new {wanted}`.")
        return _tidied(Circle(Path(wanted)), tidy)
    for path in _upwards():
        if _is_circle(path):
            return _tidied(Circle(path), tidy)
    raise CircleError("There is no circle here.", next="Make one with `kring new our-circle`, or say where it is with --circle.")


def _tidied(circle: "Circle", tidy: bool) -> "Circle":
    """Completes an erasure that was broken off, and forgets what was to be kept until a date that is over."""
    if not tidy:
        return circle
    try:
        if erase.is_unfinished(circle):
            erase.finish(circle)
            circle.said.append("An erasure that was broken off is complete now.")
        circle.said += [
            f"Import {gone.run} ({gone.name}) was to be kept until {gone.kept_until}: it is forgotten, with {many(gone.posts, 'post')}."
            for gone in circle.forget()
        ]
    except BaseException:
        circle.close()
        raise
    return circle


def _upwards() -> tuple[Path, ...]:
    try:
        here = Path.cwd()
    except OSError:  # the current folder is gone
        return ()
    return (here, *here.parents)


def _is_circle(folder: Path) -> bool:
    try:
        return (folder / FILE).is_file()
    except OSError as error:
        raise CircleError(f"The folder {folder} can't be looked into: {error.strerror}.", next="Check that you may read it.") from error


class Circle:
    """One organisation's data, in one folder. Close it, or use it in a `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine: Engine = open_engine(folder / FILE)
        self.said: list[str] = []
        """What opening it did, in sentences."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the database."""
        self.engine.dispose()

    @property
    def spool(self) -> Path:
        """Where streams and packed archives lie while they are read; emptied after each import."""
        return self.folder / "spool"

    @property
    def settings_file(self) -> Path:
        """Where the settings stand."""
        return self.folder / SETTINGS

    @cached_property
    def settings(self) -> Settings:
        """The circle's settings: environment over file.

        Fails   CircleError if the file can't be understood.
        """
        file = self.settings_file
        try:
            written = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
            given = {key: os.environ[f"KRING_{key.upper()}"] for key in ("zone", "format") if os.environ.get(f"KRING_{key.upper()}")}
            return msgspec.convert({"name": self.folder.resolve().name, **written, **given}, Settings)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, OSError, UnicodeDecodeError) as error:
            raise CircleError(f"The settings in {file} can't be understood: {error}.", next="Mend the line, or remove it.") from error

    def import_(
        self,
        *paths: str | Path | BinaryIO,
        as_: str = "",
        zone: str = "",
        columns: str = "",
        basis: str = "",
        purpose: str = "",
        keep_until: str = "",
        dry_run: bool = False,
        progress: Progress = SILENT,
        ask: Ask | None = None,
        agree: Agree | None = None,
    ) -> list[import_.Imported]:
        """Reads exports into the circle; see `verbs.import_`."""
        if not paths:
            raise UsageError("Nothing was given to import.", next="Give one or more files or folders, or - for a stream.")
        kept = forgetting.retention(self, basis=basis, purpose=purpose, keep_until=keep_until)
        done = []
        for path in paths:
            done.append(
                import_.import_(
                    self,
                    path,
                    as_=as_,
                    zone=zone,
                    columns=columns,
                    retention=kept,
                    dry_run=dry_run,
                    progress=progress,
                    ask=ask,
                    agree=agree,
                )
            )
            self.__dict__.pop("settings", None)  # what was said of a table's columns holds for the next one
        return done

    def runs(self) -> list[Run]:
        """All imports, oldest first."""
        return listing.runs(self)

    def unread(self, run: int | None = None) -> list[Lost]:
        """What could not be read."""
        return listing.unread(self, run)

    def undo(self, run: int, *, dry_run: bool = False, progress: Progress = SILENT) -> Undone:
        """Takes back what only that run brought."""
        return listing.undo(self, run, dry_run=dry_run, progress=progress)

    def us(self) -> list[Claimed]:
        """The accounts that are our own."""
        return us.us(self)

    def us_add(self, *accounts: str, named: str = "", reason: str = "") -> list[str]:
        """Says that these accounts (id, handle or name), or all that go by one name, are our own."""
        return us.add(self, accounts, named=named, reason=reason)

    def ours_of(self, who: str) -> list[str]:
        """Which of somebody's accounts are our own."""
        return us.ours_of(self, who)

    def us_remove(self, *accounts: str) -> list[str]:
        """Takes that back."""
        return us.remove(self, accounts)

    def posts(self, **which: object) -> list[PostLine]:
        """Posts that may be listed, newest first; see `verbs.listing.posts`."""
        return listing.posts(self, **which)  # type: ignore[arg-type]

    def people(self, *, find: str = "", limit: int | None = 50) -> list[PersonLine]:
        """People, those who said most first."""
        return listing.people(self, find=find, limit=limit)

    def persons(self, *, limit: int | None = 50) -> list[PersonLine]:
        """People who have several accounts, those who said most first."""
        return person.several(self, limit=limit)

    def person(self, who: str) -> person.Shown:
        """Somebody's accounts, and the claims about them."""
        return person.show(self, who)

    def consent(self, who: str, answer: str, *, scope: str = "all", evidence: str = "", all_accounts: bool = False) -> Said:
        """Writes down what somebody answered: yes, no or unknown; see `verbs.consent`."""
        return consent.say(self, who, answer, scope=scope, evidence=evidence, all_accounts=all_accounts)

    def consents(self, who: str) -> list[Said]:
        """All that somebody answered."""
        return consent.consents(self, who)

    def objections(self) -> list[PostLine]:
        """Posts to us in which somebody may object."""
        return consent.objections(self)

    def why(self, item: str) -> list[Verdict]:
        """Whether a post, act or account counts, by which rule, on which evidence."""
        return consent.explain(self, item)

    def erase_preview(self, who: str) -> Preview:
        """What would go if somebody were erased."""
        return erase.preview(self, who)

    def erase(self, who: str, *, progress: Progress = SILENT) -> erase.Erased:
        """Erases somebody and searches every file of the circle for them; see `verbs.erase`."""
        return erase.erase(self, who, progress=progress)

    def likely(self, who: str) -> list[Suggestion]:
        """Others who may be the same person as somebody, the surest first; see `verbs.suggest`."""
        return suggesting.likely(self, who)

    def mask(self, words: str, *posts: str) -> int:
        """Masks a handle or name in posts, now and when they come again; see `verbs.mask`."""
        return masking.mask(self, words, posts)

    def person_export(
        self, who: str, path: str | os.PathLike[str], *, requested_by: str, force: bool = False, progress: Progress = SILENT
    ) -> access.Given:
        """Writes all that is held of somebody to a zip for them; see `verbs.access`."""
        return access.person_export(self, who, path, requested_by=requested_by, force=force, progress=progress)

    def forget(self, *, dry_run: bool = False, progress: Progress = SILENT) -> list[forgetting.Forgotten]:
        """Takes back the imports whose time is over."""
        return forgetting.forget(self, dry_run=dry_run, progress=progress)

    def audit(self, *, limit: int | None = 50) -> list[Entry]:
        """Who saw or changed what, latest first."""
        return chain.entries(self.engine, limit=limit)

    def audit_check(self, link: str = "") -> Checked:
        """Whether the audit log is as it was written."""
        with reading(self.engine) as connection:
            return chain.check(connection, link)

    def person_find(self, words: str, *, limit: int | None = 50) -> list[PersonLine]:
        """People by the words in their names, handles and ids."""
        return person.find(self, words, limit=limit)

    def suggest(self, *, least: float = suggesting.LEAST, limit: int | None = 50) -> list[Suggestion]:
        """People who may be one, the surest first; nobody is merged by it."""
        return suggesting.suggest(self, least=least, limit=limit)

    def answer(self, suggestion: Suggestion, *, same: bool) -> list[int]:
        """Says of two who may be one that they are, or aren't; gives the claims' numbers."""
        return suggesting.answer(self, suggestion, same=same)

    def merging(self, *who: str, reason: str = "", rule: str = "") -> Plan:
        """The plan to make one person of these accounts; see `verbs.merge`."""
        return merge.merging(self, who, reason=reason, rule=rule)

    def unmerging(self, who: str) -> Plan:
        """The plan to take one account out of its person."""
        return merge.unmerging(self, who)

    def parting(self, one: str, other: str, *, reason: str = "") -> Plan:
        """The plan to keep two people apart, whatever else is said of them."""
        return merge.parting(self, one, other, reason=reason)

    def undoing(self, *, claims: Sequence[int] = (), rule: str = "", author: str = "", since: str = "", until: str = "") -> Plan:
        """The plan to take back claims: by number, or all of a rule, an author, a time."""
        return merge.undoing(self, claims=claims, rule=rule, author=author, since=since, until=until)

    def affiliating(self, who: str, group: str, *, since: str = "", until: str = "", reason: str = "") -> Plan:
        """The plan to say how somebody is involved with us; see `verbs.affiliate`."""
        return affiliate.affiliating(self, who, group, since=since, until=until, reason=reason)

    def affiliating_all(self, path: str | os.PathLike[str]) -> affiliate.FromTable:
        """The plan that a table of people and groups gives."""
        return affiliate.affiliating_all(self, path)

    def preview(self, plan: Plan, *, progress: Progress = SILENT) -> merge.Preview:
        """What a plan would change."""
        return merge.preview(self, plan, progress)

    def carry_out(self, plan: Plan) -> list[int]:
        """Does what was planned; gives the numbers of the new claims."""
        return merge.carry_out(self, plan)

    def places(self) -> list[PlaceLine]:
        """Chats, lists and forums, the busiest first."""
        return listing.places(self)

    def search(self, words: str, *, limit: int = 20, others: bool = False) -> Hits:
        """Posts that hold all the words; of all that we hold, or of what may be shown to others."""
        return listing.search(self, words, limit=limit, others=others)

    def measure(
        self,
        name: str,
        *,
        kinds: Sequence[str] = (),
        since: str = "",
        until: str = "",
        place: str = "",
        tag: str = "",
        by: str = "",
        labels: str | os.PathLike[str] = "",
        progress: Progress = SILENT,
        **options: object,
    ) -> tuple[Finding, ...]:
        """What a measure finds in this circle; see `verbs.measure`."""
        asking = Asking(tuple(kinds), since, until, place, tag=tag)
        return measuring.measure(self, name, asking, by=by, labels=labels, progress=progress, **options)

    def rows_behind(self, findings: Sequence[Finding], name: str) -> list[PostLine] | list[PersonLine] | list[Row]:
        """The posts or people behind a figure among these findings."""
        return measuring.rows_behind(self, findings, name)

    def report(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        since: str = "",
        until: str = "",
        place: str = "",
        force: bool = False,
        progress: Progress = SILENT,
    ) -> Path:
        """Writes the report (one HTML file) and gives its path."""
        return report.report(self, path, since=since, until=until, place=place, force=force, progress=progress)

    def network(
        self,
        path: str | Path,
        *,
        format: str = "",
        kinds: Sequence[str] = (),
        since: str = "",
        until: str = "",
        pseudonyms: bool = False,
        force: bool = False,
        progress: Progress = SILENT,
    ) -> network.Written:
        """Writes the network of people to a file for other programs."""
        return network.network(
            self, path, format=format, kinds=kinds, since=since, until=until, pseudonyms=pseudonyms, force=force, progress=progress
        )

    def graph(
        self,
        path: str | os.PathLike[str],
        *,
        kinds: Sequence[str] = (),
        since: str = "",
        until: str = "",
        force: bool = False,
        progress: Progress = SILENT,
    ) -> Built:
        """Builds a graph folder of who is tied to whom."""
        return build_circle(self, path, kinds=kinds, since=since, until=until, force=force, progress=progress)

    def export(
        self,
        path: str | os.PathLike[str] | BinaryIO,
        *,
        format: str = "",
        since: str = "",
        until: str = "",
        kinds: Sequence[str] = (),
        everything: bool = False,
        pseudonyms: bool = False,
        masked_text: bool = False,
        force: bool = False,
        progress: Progress = SILENT,
    ) -> leaving.Exported:
        """Writes what is in the circle to a file that Kring and others read; see `verbs.export`."""
        return leaving.export(
            self,
            path,
            format=format,
            since=since,
            until=until,
            kinds=kinds,
            everything=everything,
            pseudonyms=pseudonyms,
            masked_text=masked_text,
            force=force,
            progress=progress,
        )

    def doctor(self) -> list[doctor.Check]:
        """Looks whether everything is as it should be."""
        return doctor.doctor(self)
