"""Room on the disk for what must be read more than once and can't be: streams, and the text in packed tars."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from kring.errors import ReadError
from kring.unpack.streams import Window


class Spool:
    """One file without a name: it is gone when it is closed, also after a crash."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self._file: BinaryIO | None = None

    def keep(self, blocks: Iterable[bytes]) -> Window:
        try:
            file = self._open()
            start = file.seek(0, os.SEEK_END)
            for block in blocks:
                file.write(block)
            end = file.tell()
            file.flush()
        except OSError as error:
            next = "Make room on that disk, or unpack the archive yourself and give Kring the folder."
            raise ReadError(f"There is no place to unpack to in {self._folder}: {error.strerror or error}.", next=next) from None
        return Window(file, start, end - start)

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = self._stack.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115
        return self._file
