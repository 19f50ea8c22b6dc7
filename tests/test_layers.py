"""Who may import whom, as DESIGN.md draws it: one direction, held by this test."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "kring"
EVERYONE = {"schema", "errors"}
ROOMS = {
    "schema": set(),
    "errors": set(),
    "wire": set(),
    "send": {"wire"},
    "unpack": {"wire"},
    "sources": {"wire"},
    "store": set(),
    "reading": set(),
    "graph": set(),
    "measures": {"graph"},
    "show": set(),
    "town": set(),
    "cli": {"kring", "show"},
}
ROOMS["verbs"] = ROOMS["kring"] = set(ROOMS) - {"cli", "web"} | {"verbs", "kring"}
ROOMS["__init__"] = {"kring"}
ROOMS["__main__"] = {"cli"}
ONLY_WRITES = {("zipfile", "show/record_files.py")}
"""What may be used to write for others, where only one room may read with it."""
FORBIDDEN_NAMES = {"utils", "common", "core", "helpers", "base", "misc"}


def imported_rooms(file: Path):
    for node in ast.walk(ast.parse(file.read_text())):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{a.name}" for a in node.names] if node.module == "kring" else [node.module]
            assert node.level == 0, f"{file}: relative import"
        for name in names:
            if name.startswith("kring."):
                yield name.split(".")[1]


def room_of(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda f: str(f.relative_to(SOURCE)))
def test_each_file_imports_only_what_its_room_may(file):
    room = room_of(file)
    assert room in ROOMS, f"{room} is not a room of DESIGN.md"
    allowed = ROOMS[room] | {room} | (set() if room == "town" else EVERYONE)
    assert set(imported_rooms(file)) <= allowed


def test_no_room_has_a_name_that_says_nothing():
    names = {part.removesuffix(".py") for file in SOURCE.rglob("*.py") for part in file.relative_to(SOURCE).parts}
    assert not names & FORBIDDEN_NAMES


@pytest.mark.parametrize(
    ("module", "room"), [("socket", "send"), ("httpx", "send"), ("sqlalchemy", "store"), ("sqlite3", "store"), ("zipfile", "unpack")]
)
def test_what_only_one_room_may_touch(module, room):
    for file in SOURCE.rglob("*.py"):
        if room_of(file) in (room, "town") or (module, file.relative_to(SOURCE).as_posix()) in ONLY_WRITES:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert module not in {n.split(".")[0] for n in names}, f"{file} imports {module}"
