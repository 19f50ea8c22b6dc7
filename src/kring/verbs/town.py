"""Town: the fictional town, written out as exports."""

import os
from collections.abc import Sequence
from pathlib import Path

from kring.errors import UsageError
from kring.show.values import count
from kring.verbs.progress import SILENT, Progress


def town(
    folder: str | os.PathLike[str],
    *,
    people: int = 2000,
    seed: int = 7,
    languages: str = "nl,en",
    strengths: Sequence[str] = (),
    progress: Progress = SILENT,
) -> str:
    """Makes a fictional town in a new folder: exports of its people's conversations, and the truth beside them.

    Fails   UsageError if the folder is not empty, or an effect or language is not known.
    """
    from kring import town as towns

    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(f"{path} is not an empty folder.", next="Choose a new folder, so that nothing of yours is overwritten.")
    try:
        made = towns.build(
            path,
            people=people,
            seed=seed,
            languages=tuple(language.strip() for language in languages.split(",") if language.strip()),
            strengths=_strengths(strengths),
            progress=progress.at,
        )
    except ValueError as error:
        raise UsageError(f"The town can't be made: {error}") from error
    except OSError as error:
        raise UsageError(f"The town can't be written to {path}: {error.strerror}.", next="Choose another folder.") from error
    return (
        f"{made.name}, a fictional town of {count(made.people)} people: {count(made.posts)} posts as exports in {path / 'exports'}; what is true of it is in"
        f" {path / 'truth.json'}.\nNext: kring new town-circle --fictional && kring import --circle town-circle {path / 'exports'}"
    )


def _strengths(given: Sequence[str]) -> dict[str, float]:
    found = {}
    for each in given:
        name, _, number = each.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise UsageError(f'"{each}" is not an effect with a strength.', next="Write it like: --strength reciprocity=0") from None
    return found
