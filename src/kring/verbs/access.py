"""Access: what is held of somebody, as a zip for them: ActivityStreams 2.0, what was noted of them, and a page in plain Dutch and English."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kring.errors import CircleError, UsageError
from kring.schema import Record
from kring.show.record_files import write_zip
from kring.show.values import many
from kring.show.your_data import page
from kring.sources import kring_lines
from kring.sources.kring_lines import FORM, Head
from kring.store import access, ledger
from kring.store.open import reading, writing
from kring.verbs.consent import accounts_of
from kring.verbs.progress import SILENT, Progress
from kring.verbs.replacing import may_write

if TYPE_CHECKING:
    from kring.kring import Circle

_pretty = msgspec.json.Encoder()


class Given(msgspec.Struct, frozen=True):
    """What somebody was given."""

    path: str
    accounts: list[str]
    counts: dict[str, int]
    """Records by kind, and how many posts by others are pointed to."""


def person_export(
    circle: "Circle", who: str, path: str | os.PathLike[str], *, requested_by: str, force: bool = False, progress: Progress = SILENT
) -> Given:
    """Writes all that is held of somebody to a zip; who asked for it is written down before it is there.

    Takes   `requested_by`: who asks, in words: the person, or who asks in their name; `force`: also where a file lies already.
    Gives   what is in it. Of posts by others that answer or mention them only where they are, not what they say.
    Fails   UsageError if nobody is named who asks, or there is no such person; CircleError if it can't be written there, or something lies there.
    """
    if not requested_by.strip():
        raise UsageError("Who asks for it was not said.", next='Say it, for the audit log: --requested-by "Anna Bakker, by mail of 3 May".')
    target = Path(path)
    if target.suffix.lower() != ".zip":
        raise UsageError(f'"{path}" is no zip.', next="Let its name end in .zip.")
    may_write(target, force=force)
    accounts = accounts_of(circle, who)
    counts: dict[str, int] = {}
    with reading(circle.engine) as connection:
        nodes = access.nodes_of(connection, accounts)
        pointers, sources, noted = access.pointers(connection, nodes), access.sources(connection, nodes), access.noted(connection, accounts)
        records = list(access.theirs(connection, nodes))
    for record in records:
        kind = str(type(record).__struct_config__.tag)
        counts[kind] = counts.get(kind, 0) + 1
    counts["pointers"] = len(pointers)
    progress.say(f"{many(len(records), 'record')}, {many(len(pointers), 'pointer')} to posts by others")
    with writing(circle.engine) as connection:
        ledger.note_audit(connection, "person export", f"{' '.join(accounts)} to {target}, asked by {requested_by}")
    files = {
        "README.txt": [page(circle.settings.name, requested_by, accounts, counts, sources, noted).encode()],
        "records.json": _as2(circle.settings.name, records),
        "noted.json": [_indented(noted)],
        "others.json": [_indented(pointers)],
        "imports.json": [_indented(sources)],
    }
    part = target.with_name(f".{target.name}.part")
    try:
        write_zip(part, files)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CircleError(f"It can't be written to {target}: {error.strerror}.", next="Choose another place.") from error
    return Given(os.fspath(target), accounts, counts)


def _indented(thing: Any) -> bytes:
    return msgspec.json.format(_pretty.encode(thing), indent=2) + b"\n"


def _as2(circle: str, records: Sequence[Record]) -> Iterator[bytes]:
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield kring_lines.as2_begin(Head(form=FORM, made_at=made, circle=circle, text="What is held of one person.", n=len(records)))
    for i, record in enumerate(records):
        yield kring_lines.as2_item(record, not i)
    yield kring_lines.AS2_END
