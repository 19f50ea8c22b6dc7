"""Names of files from outside: into text, which are refused, and which are only left there by a computer."""

import re

from kring.unpack.limits import Limits

LEFT_THERE = "Left there by a computer, not by people (hidden files and the like)"
LEFTOVERS = {"__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin", "system volume information", "icon\r"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_MAILDIR = {"cur", "new", "tmp"}


def as_text(raw: bytes, fallback: str) -> str:
    """UTF-8 if it can be, else the fallback: old zips are cp437, old tars and disks mostly Latin-1 (which fits anything)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(fallback)


def shown(name: str) -> str:
    """Without what would move a cursor or break a line."""
    return _CONTROL.sub("\ufffd", name)


def refusal(name: str, limits: Limits) -> str:
    """Why a name inside an archive is refused; "" if it is not."""
    if "\0" in name:
        return "its name has a NUL byte in it"
    if len(name) > limits.name_chars:
        return f"its name is longer than {limits.name_chars} characters"
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return "its name points to a place on your disk outside the archive"
    if ".." in re.split(r"[/\\]", name):
        return "its name climbs out of the archive"
    return ""


def is_leftover(name: str) -> bool:
    """Hidden, or put there by the system: __MACOSX, .DS_Store, Thumbs.db. The dotted folders of a maildir hold mail and stay."""
    parts = name.split("/")
    for part, following in zip(parts, [*parts[1:], ""]):
        if part.lower() in LEFTOVERS or (part.startswith(".") and part not in (".", "..") and following not in _MAILDIR):
            return True
    return False


def tidy(name: str) -> str:
    """Without "./" and doubled slashes."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def numbered(name: str, taken: "dict[str, int]") -> str:
    """A name nobody has yet: the second "a/b.txt" becomes "a/b (2).txt"."""
    n = taken[name] = taken.get(name, 0) + 1
    if n == 1:
        return name
    folder, slash, file = name.rpartition("/")
    stem, dot, ending = file.rpartition(".")
    return numbered(f"{folder}{slash}{stem} ({n}).{ending}" if dot and stem else f"{name} ({n})", taken)
