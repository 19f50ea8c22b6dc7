"""The slow, obvious twin of reciprocity and of the curve of what lasts."""


def weights_of(graph):
    return {
        (a, int(graph.targets[arc])): 1.0 if graph.weights is None else float(graph.weights[arc])
        for a in range(graph.n)
        for arc in range(graph.offsets[a], graph.offsets[a + 1])
    }


def reciprocity(graph, log=None, *, of=()):
    weight = weights_of(graph)
    if not weight or not graph.directed:
        return {"reciprocity": None}
    r, density = sum((b, a) in weight for a, b in weight) / len(weight), len(weight) / (graph.n * (graph.n - 1))
    figures = {
        "reciprocity": r,
        "rho": (r - density) / (1 - density) if density < 1 else None,
        "reciprocity_weighted": sum(min(w, weight.get((b, a), 0)) for (a, b), w in weight.items()) / sum(weight.values()),
        "balances": balances(graph.n, weight),
    }
    others = [person for person in range(graph.n) if person not in of]
    gave = {q: sum(weight.get((p, q), 0) for p in of) for q in others}
    got = {q: sum(weight.get((q, p), 0) for p in of) for q in others}
    if of:
        figures |= {
            "given": sum(gave.values()),
            "received": sum(got.values()),
            "balance": sum(gave.values()) - sum(got.values()),
            "with_whom": sum(gave[q] + got[q] > 0 for q in others),
            "never_returned": sum(got[q] > 0 and not gave[q] for q in others),
        }
    return figures


def balances(n, weight):
    kinds = [0, 0, 0, 0, 0]
    for person in range(n):
        out = sum(w for (a, _), w in weight.items() if a == person)
        into = sum(w for (_, b), w in weight.items() if b == person)
        if out + into:
            kinds[0 if not out else 4 if not into else 1 if into > 2 * out else 3 if out > 2 * into else 2] += 1
    return kinds


def delays(log):
    """For each pair: who gave first, how long until something came back or the end came, and whether it did."""
    acts = list(zip(log.source.tolist(), log.target.tolist(), log.at.tolist()))
    first, back = {}, {}
    for a, b, at in acts:
        pair = frozenset((a, b))
        first.setdefault(pair, (a, at))
        if first[pair][0] != a:
            back.setdefault(pair, at)
    end = max((at for _, _, at in acts), default=0)
    return {pair: (giver, (back.get(pair, end) - at) / 1e6, pair in back) for pair, (giver, at) in first.items()}


def survival(lasted, over):
    """(time, share that lasts longer) for each time at which something ended."""
    share, steps = 1.0, []
    for now in sorted({time for time, ended in zip(lasted, over) if ended}):
        ended = sum(time == now and done for time, done in zip(lasted, over))
        share *= 1 - ended / sum(time >= now for time in lasted)
        steps.append((now, share))
    return steps


def half(steps):
    return next((time for time, share in steps if share <= 0.5 + 1e-12), None)
