"""What people go by on each network: most by their name, some by another; some bear a stranger's name, some share a telephone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kring.town.sheet import Ints

NETWORKS = ("mastodon", "forum", "mail", "whatsapp")
"""One address serves the mailing list and the town hall's mail box."""
OWN, GIVEN, INITIAL, NICKNAME = range(4)
KINDS, SHARES = (GIVEN, INITIAL, NICKNAME), (0.4, 0.35, 0.25)
NICKNAMES = (
    "Waterrat", "Fietsbel", "Dijkdraver", "Kade Kat", "Stoomgemaal", "Zilvermeeuw", "Polderjongen", "Brugwachter", "Koffiepot", "Regenpijp",
    "Tuinkabouter", "Roeispaan", "Lantaarn", "Notenkraker", "Wolkenbreuk", "Kiekendief",
)  # fmt: skip


class Called(NamedTuple):
    """A name and a handle, as an account shows them."""

    name: str
    handle: str


def aliases(rng: np.random.Generator, n: int, share: float) -> NDArray[np.int8]:
    """int8[networks, n]: by what each goes; in chats everybody goes by the name that the telephone has."""
    kinds = np.where(rng.random((len(NETWORKS), n)) < share, rng.choice(KINDS, (len(NETWORKS), n), p=SHARES), OWN)
    kinds[NETWORKS.index("whatsapp")] = OWN
    return kinds.astype(np.int8)


def alias(kind: int, person: int, own: Called, given: str, family: str) -> Called:
    """Another name and handle for somebody; the number in the handle is nobody else's."""
    plain = "".join(letter for letter in own.handle if letter.isalpha())
    short = len(plain) - len("".join(letter for letter in family.lower() if letter.isalpha()))
    match kind:
        case 1:
            return Called(given, f"{plain[:short]}{person + 10_000}")
        case 2:
            return Called(f"{given[0]}. {family}", f"{plain[0]}{plain[short:]}{person + 10_000}")
        case 3:
            nickname = NICKNAMES[person % len(NICKNAMES)]
            return Called(f"{nickname} {person + 10}", f"{nickname.lower().replace(' ', '')}{person + 10_000}")
    return own


def namesakes(rng: np.random.Generator, given: Ints, family: Ints, quarter: Ints, share: float) -> NDArray[np.bool_]:
    """Gives some people the name of somebody in another quarter; gives the two, where they are their quarter's only bearers of it."""
    borrows = np.flatnonzero(rng.random(len(given)) < share)
    lender = rng.integers(0, len(given), len(borrows))
    good = quarter[borrows] != quarter[lender]
    given[borrows[good]], family[borrows[good]] = given[lender[good]], family[lender[good]]
    namesake = np.zeros(len(given), np.bool_)
    namesake[borrows[good]] = namesake[lender[good]] = True
    _, name, bearers = np.unique(np.stack((given, family, quarter)), axis=1, return_inverse=True, return_counts=True)
    alone: NDArray[np.bool_] = bearers[name.ravel()] == 1
    return namesake & alone


def only(rng: np.random.Generator, n: int, several: float) -> Ints:
    """For each person the one network they are on (its number); -1 for those who are on as many as they like."""
    return np.where(rng.random(n) < several, -1, rng.integers(0, len(NETWORKS), n))


def telephone(number: int) -> str:
    """A number that Ofcom keeps free for stories."""
    return f"+44 7700 900{number:03d}"
