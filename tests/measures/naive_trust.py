"""Trust by plain loops: what flows, what is left after distrust, and how well a held-out rating is told."""

from itertools import pairwise


def ratings_of(graph):
    weights = graph.weights if graph.weights is not None else [1.0] * graph.n_arcs
    found = {}
    for a in range(graph.n):
        for arc in range(graph.offsets[a], graph.offsets[a + 1]):
            sign = graph.signs[arc] if graph.signs is not None else (weights[arc] > 0) - (weights[arc] < 0)
            found[a, int(graph.targets[arc])] = (int(sign), abs(float(weights[arc])))
    return found


def flowing(n, ratings, begins, damping=0.85, rounds=200):
    """EigenTrust, round by round."""
    here = list(begins)
    gives = [sum(w for (a, _), (sign, w) in ratings.items() if a == v and sign > 0) for v in range(n)]
    for _ in range(rounds):
        stuck = sum(here[v] for v in range(n) if gives[v] == 0)
        after = [(1 - damping + damping * stuck) * begins[v] for v in range(n)]
        for (a, b), (sign, w) in ratings.items():
            if sign > 0 and gives[a]:
                after[b] += damping * here[a] * w / gives[a]
        here = after
    return here


def lowered(n, ratings, share):
    left = []
    for v in range(n):
        good = sum(share[a] * w for (a, b), (sign, w) in ratings.items() if b == v and sign > 0)
        bad = sum(share[a] * w for (a, b), (sign, w) in ratings.items() if b == v and sign < 0)
        left.append(share[v] * max(0.0, 1 - (bad / good if good > 0 else float(bad > 0))))
    return left


def trust(graph, *, people=None):
    """Trust of each, 1 being the mean."""
    n = graph.n
    begins = [1 / n] * n if people is None else [(v in people) / len(set(people)) for v in range(n)]
    ratings = ratings_of(graph)
    return [n * x for x in lowered(n, ratings, flowing(n, ratings, begins))]


def local(graph, people, rounds=200):
    """Appleseed: each keeps 0.15 and passes on the rest, along good ratings and back."""
    good = {tie: w for tie, (sign, w) in ratings_of(graph).items() if sign > 0}
    heaviest = max(good.values())
    seeds = set(people)
    energy = [(v in seeds) / len(seeds) for v in range(graph.n)]
    kept = [0.0] * graph.n
    for _ in range(rounds):
        after = [0.0] * graph.n
        for v in range(graph.n):
            kept[v] += 0.15 * energy[v]
            out = {b: w for (a, b), w in good.items() if a == v}
            whole = sum(out.values()) + (0 if v in seeds else heaviest)
            for b, w in out.items():
                after[b] += 0.85 * energy[v] * w / whole
            if v not in seeds:
                for seed in seeds:
                    after[seed] += 0.85 * energy[v] * heaviest / whole / len(seeds)
        energy = after
    rest = [0.0 if v in seeds else kept[v] for v in range(graph.n)]
    return [x / sum(rest) if sum(rest) else 0.0 for x in rest]


def auc(scores, good):
    pairs = [(x > y) + (x == y) / 2 for x, g in zip(scores, good) if g for y, h in zip(scores, good) if not h]
    return sum(pairs) / len(pairs)


def told(graph, part, counts=4.0):
    """The mean AUC over the parts, by name."""
    ratings = [(a, b, sign) for (a, b), (sign, _) in ratings_of(graph).items()]
    mean = sum(sign for *_, sign in ratings) / sum(sign != 0 for *_, sign in ratings)
    found = {}
    for each in range(max(part) + 1):
        seen = [rating for rating, where in zip(ratings, part) if where != each]
        held = [rating for rating, where in zip(ratings, part) if where == each and rating[2]]
        scores = {}
        for a, b, _ in held:
            trusted = {y for x, y, sign in seen if x == a and sign > 0}
            said = [(sign, counts if x in trusted else 1.0) for x, y, sign in seen if y == b and sign]
            gave = [sign for x, _, sign in seen if x == a and sign]
            back = [sign for x, y, sign in seen if (x, y) == (b, a)]
            received = (sum(sign for sign, _ in said) + mean) / (len(said) + 1)
            mild = (sum(gave) + mean) / (len(gave) + 1)
            for name, score in {
                "auc": (sum(sign * c for sign, c in said) + mean) / (sum(c for _, c in said) + 1),
                "auc_baseline_received": received,
                "auc_baseline_in_degree": len(said),
                "auc_baseline_given": mild,
                "auc_baseline_returned": back[0] if back else mean,
                "auc_baseline_received_and_given": received + mild,
            }.items():
                scores.setdefault(name, []).append(round(score, 9))
        for name, values in scores.items():
            found.setdefault(name, []).append(auc(values, [sign > 0 for *_, sign in held]))
    return {name: sum(values) / len(values) for name, values in found.items()}


def survey(answers):
    """Weighted mean of each wave, its variance by Kish, and of each change; `answers`: (person, wave, score, weight)."""
    waves = sorted({wave for _, wave, _, _ in answers})
    mean, part, worth, found = {}, {}, {}, {}
    for wave in waves:
        here = {person: (score, weight) for person, when, score, weight in answers if when == wave}
        total = sum(weight for _, weight in here.values())
        worth[wave] = total**2 / sum(weight**2 for _, weight in here.values())
        mean[wave] = sum(score * weight for score, weight in here.values()) / total
        more = worth[wave] / (worth[wave] - 1)
        part[wave] = {person: (weight / total * (score - mean[wave]), more) for person, (score, weight) in here.items()}
        found["mean_trust", wave] = (mean[wave], sum(more * x * x for x, more in part[wave].values()), worth[wave])
    for before, wave in pairwise(waves):
        both = set(part[before]) & set(part[wave])
        together = sum(part[before][p][0] * part[wave][p][0] * (part[before][p][1] * part[wave][p][1]) ** 0.5 for p in both)
        variance = found["mean_trust", before][1] + found["mean_trust", wave][1] - 2 * together
        found["change", wave] = (mean[wave] - mean[before], max(0.0, variance), min(worth[before], worth[wave]))
    return found
