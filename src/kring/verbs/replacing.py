"""Whether a file may be written where the user says: what lies there already is replaced only if they say that too."""

from pathlib import Path

from kring.errors import CircleError


def may_write(path: Path, *, force: bool) -> None:
    """Fails with a CircleError if something lies there that would be lost."""
    if path.is_dir():
        raise CircleError(f"{path} is a folder that is there already.", next="Choose another name, or take the folder away.")
    if not force and (path.is_file() or path.is_symlink()):
        raise CircleError(f"There is a file {path} already.", next="Choose another name, or replace it with --force.")
