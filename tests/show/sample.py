"""A made-up network for the tests of the room: people in groups of unequal size, with a few hubs, a few who stand alone."""

import numpy as np

from kring.show.content import MapData

# fmt: off
FIRST = (
    "Anna", "Bram", "Chantal", "Daan", "Esmee", "Fatima", "Gijs", "Hanna", "Ibrahim", "Jasmijn", "Koen", "Lotte", "Mees", "Noor",
    "Omar", "Pien", "Quinten", "Roos", "Sem", "Tess", "Umut", "Vera", "Wout", "Xandra", "Youssef", "Zoë", "Aisha", "Bas", "Cem",
    "Dewi", "Eline", "Floor", "Gerrit", "Hilde", "Imke", "Joost", "Kees", "Lieke", "Marit", "Nadia", "Otto", "Petra", "Ruben",
    "Sanne", "Teun", "Ursula", "Veerle", "Willem", "Yara", "Zeynep",
)
# fmt: on
# fmt: off
LAST = (
    "de Vries", "Jansen", "van den Berg", "Bakker", "Yılmaz", "El Amrani", "Visser", "Smit", "Mulder", "Bos", "van Dijk",
    "Hendriks", "Kaya", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Kok", "van der Meer", "Vos",
)
# fmt: on


def names(n: int) -> list[str]:
    return [f"{FIRST[i * 7 % len(FIRST)]} {LAST[(i * 3 + i // 50) % len(LAST)]}" for i in range(n)]


def network(n: int = 300, *, seed: int = 7, groups: int = 7, contacts: float = 6.0) -> MapData:
    """Who talks with whom: most ties inside a group, hubs by unequal eagerness, one in twelve with nobody."""
    random = np.random.default_rng(seed)
    group = np.minimum(random.geometric(0.3, n) - 1, groups - 1)
    eager = random.pareto(2.2, n) + 0.3
    eager[random.random(n) < 1 / 12] = 0
    sources = random.choice(n, int(n * contacts / 2 * 1.3), p=eager / eager.sum())
    targets = []
    for source in sources:
        odds = eager * np.where(group == group[source], 1.0, 0.025)
        odds[source] = 0
        targets.append(random.choice(n, p=odds / odds.sum()) if odds.sum() else source)
    weights = random.geometric(0.25, len(sources))
    ids = [f"town:{number}" for number in random.permutation(n)]
    return MapData(ids=ids, labels=names(n), sources=sources.tolist(), targets=[int(each) for each in targets], weights=weights.tolist())
