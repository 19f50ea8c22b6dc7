"""What the columns of plain tables hold: as their names tell, as the user says, as was said before; asked for once and remembered in kring.toml."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from kring.errors import CircleError, UsageError
from kring.schema import Asked
from kring.sources import tables
from kring.sources.kring_tables import is_own
from kring.sources.tables import Surveyed
from kring.sources.tables_words import MEANING, VERBS, Columns, is_one_word, plain
from kring.wire import Page

Ask = Callable[[str, Sequence[tuple[str, str]], str], str]
"""Asks a person: a question, choices with what stands in them, and what to answer for none of them; gives a choice, "" or another word."""


class Remembered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was said of the tables with this header."""

    header: tuple[str, ...]
    columns: dict[str, str]

    def fits(self, header: Sequence[str]) -> bool:
        """The same names, in whatever order."""
        return sorted(map(plain, self.header)) == sorted(map(plain, header))


def remembered(known: Sequence[Remembered], header: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What was said last of tables with this header."""
    return next((tuple(each.columns.items()) for each in reversed(known) if header and each.fits(header)), ())


def is_known(known: Sequence[Remembered], page: Page) -> bool:
    """A table whose columns were said before; its names don't tell whose it is."""
    return (
        bool(known)
        and page.name.lower().endswith((".csv", ".tsv", ".txt", ".ndjson", ".jsonl"))
        and bool(remembered(known, tables.header(page)))
    )


class Settled(msgspec.Struct, frozen=True):
    """What the readers are told, and what is to be remembered once it has been read."""

    asked: Asked
    new: tuple[Remembered, ...] = ()


def settle(pages: Sequence[Page], asked: Asked, known: Sequence[Remembered], ask: Ask | None) -> Settled:
    """Makes sure that what is needed of each table's columns is known; asks where it isn't and somebody is there to answer.

            Of several tables, those of which it can't be known are left to `read`, which says so; the others are read.
    Fails   UsageError, saying just what to type, if nobody is there and no table can be read; or if a column was named that no table has.
    """
    said = asked.columns
    surveyed = tables.survey(pages)
    _check(said, surveyed)
    new = []
    pairs = list(said)
    refused: list[UsageError] = []
    for each in surveyed:
        if is_own(each.header):
            continue
        own = [pair for pair in said if _is_of(pair, each)]
        before = remembered(known, each.header)
        answered = own or list(before)
        again = tables.columns(each.header, answered, asked)
        if not again.kind or (again.missing and ask is None):
            refused.append(_refused(each, again))
            continue
        if ask is not None:
            answered += [(role, _answer(ask, each, role, again.kind)) for role in again.missing]
        if answered and dict(answered) != dict(before):
            new.append(Remembered(each.header, dict(answered)))
        pairs += [pair for pair in answered if pair not in pairs]
    if refused and len(refused) == len(surveyed):
        raise refused[0]
    return Settled(msgspec.structs.replace(asked, columns=tuple(pairs)), tuple(new))


def _refused(table: Surveyed, known: Columns) -> UsageError:
    """What is not known of a table, and what to type."""
    if not known.kind:
        return UsageError(f"It can't be told what {table.where} is a table of. {_seen(table)}", next=_type(table, "", ()))
    return UsageError(
        f"{table.where}: which column holds {MEANING[known.missing[0]]}, is not known. {_seen(table)}",
        next=_type(table, known.kind, known.missing),
    )


def _is_of(pair: tuple[str, str], table: Surveyed) -> bool:
    role, name = pair
    return not name or is_one_word(role, name) or plain(name) in map(plain, table.header) or name in table.header


def _check(said: Sequence[tuple[str, str]], surveyed: Sequence[Surveyed]) -> None:
    for pair in said:
        if surveyed and not any(_is_of(pair, each) for each in surveyed):
            raise UsageError(f'There is no column "{pair[1]}". {_seen(surveyed[0])}', next=f"Name one of them: --columns {pair[0]}=COLUMN.")


def _seen(table: Surveyed) -> str:
    """The columns and what stands in them."""
    shown = [f"{name} ({_sample(some)})" if some else name for name, some in zip(table.header, table.samples)]
    return f"Its columns: {', '.join(shown)}."


def _sample(some: Sequence[str]) -> str:
    cells = [" ".join(cell.split()) for cell in some]
    return ", ".join(f"“{cell[:29]}…”" if len(cell) > 30 else f"“{cell}”" for cell in cells[:2])


def _type(table: Surveyed, kind: str, missing: Sequence[str]) -> str:
    """What to type, said just so."""
    if not kind:
        return f"Say it: --as tables:posts, tables:people or tables:ties, with --columns author={_some(table)},text=… (roles: author, text, at …)."
    wanted = ",".join(f"{role}={'follow' if role == 'kind' else 'COLUMN'}" for role in missing)
    none = "" if set(missing) <= {"text", "source", "target", "name", "kind"} else " Where there is no such column, leave it empty: at= ."
    return f"Say it once, and Kring remembers: --as tables:{kind} --columns {wanted}.{none}"


def _some(table: Surveyed) -> str:
    return next((name for name in table.header if name), "COLUMN")


def _answer(ask: Ask, table: Surveyed, role: str, kind: str) -> str:
    choices = [(name, _sample(some)) for name, some in zip(table.header, table.samples) if name]
    none = "a word: follow, like, share …" if role == "kind" and kind == "ties" else "there is none"
    while True:
        answer = ask(f"{table.where}: which column holds {MEANING[role]}?", choices, none)
        if answer in dict(choices) or (role == "kind" and plain(answer) in VERBS) or (not answer and role in ("author", "at")):
            return answer


def remember(file: Path, new: Sequence[Remembered]) -> None:
    """Writes it at the end of the circle's kring.toml, where people can read, change and remove it.

    Fails   CircleError if the file can't be written.
    """
    parts = []
    for each in new:
        columns = ", ".join(f"{role} = {_toml(name)}" for role, name in each.columns.items())
        header = ", ".join(map(_toml, each.header))
        parts.append(f"\n# What the columns of tables with this header hold.\n[[tables]]\nheader = [{header}]\ncolumns = {{ {columns} }}\n")
    try:
        with file.open("a", encoding="utf-8") as settings:
            settings.write("".join(parts))
    except OSError as error:
        raise CircleError(f"{file} can't be written: {error.strerror}.", next="What was imported is kept.") from error


def _toml(text: str) -> str:
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")  # else a JSON string is a TOML basic string
