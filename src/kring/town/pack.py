"""Zip files that are the same byte for byte whenever they are made."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MADE = (2025, 12, 31, 23, 0, 0)
"""The time of every file in them."""


def write_zip(path: Path, files: Mapping[str, str]) -> None:
    with ZipFile(path, "w") as archive:
        for name, text in files.items():
            info = ZipInfo(name, MADE)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, text.encode(), compresslevel=5)
