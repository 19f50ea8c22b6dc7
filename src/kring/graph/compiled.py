"""Where compiled kernels are kept, so that a machine compiles them once: beside the code or in the user's cache, as Numba chooses; and where neither
can be written to, in a folder of the user's own among the temporary files. Must be called before Numba is loaded.
"""

import os
import stat
import tempfile
from pathlib import Path

_CODE = Path(__file__).resolve().parent


def keep_compiled() -> None:
    """Tells Numba where to keep what it compiles, if it would find no place by itself."""
    if "NUMBA_CACHE_DIR" not in os.environ and not any(map(_can_write, (_CODE, Path(os.path.expanduser("~/.cache"))))):
        os.environ["NUMBA_CACHE_DIR"] = str(_own_folder())


def _can_write(folder: Path) -> bool:
    """Whether files can be made there, or in it once it is made: tried, since permissions alone don't tell of read-only disks."""
    try:
        while not folder.exists():
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _own_folder() -> Path:
    """The same each time, if it is ours alone: what lies in it will be run."""
    folder = Path(tempfile.gettempdir()) / f"kring-kernels-{os.getuid() if hasattr(os, 'getuid') else os.getlogin()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    mine = not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    return folder if mine and stat.S_ISDIR(about.st_mode) else Path(tempfile.mkdtemp(prefix="kring-kernels-"))
