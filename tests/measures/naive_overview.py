"""The slow, obvious twin of `overview`: sets and lists."""

from itertools import combinations

DAY = 86_400_000_000


def core(near):
    """The greatest k that leaves somebody when all with fewer contacts are taken away, again and again; and who is left."""
    k, left = 0, set(near)
    while True:
        rest = set(near)
        while rest and (few := {node for node in rest if len(near[node] & rest) < k + 1}):
            rest -= few
        if not rest:
            return k, left
        k, left = k + 1, rest


def overview(graph, log=None, posts=None, *, days=28):
    ties = {(a, int(b)) for a in range(graph.n) for b in graph.targets[graph.offsets[a] : graph.offsets[a + 1]]}
    near = {node: {b for a, b in ties if a == node} | {a for a, b in ties if b == node} for node in range(graph.n)}
    figures = {"people": graph.n, "n_ties": len({frozenset(pair) for pair in ties})}
    if ties:
        groups = []
        for node in near:
            group, front = {node}, {node}
            while front := set().union(*(near[each] for each in front)) - group:
                group |= front
            groups.append(group)
        pairs = [(a, b) for around in near.values() for a, b in combinations(sorted(around), 2)]
        k, left = core(near)
        figures |= {
            "largest_component_share": max(map(len, groups)) / graph.n,
            "k_core": k,
            "core_share": len(left) / graph.n,
            "transitivity": sum(b in near[a] for a, b in pairs) / len(pairs) if pairs else None,
        }
    if log is None or not len(log.at):
        return figures
    acts = [(int(at) // DAY, int(who), int(whom)) for at, who, whom in zip(log.at, log.source, log.target)]
    first, end = acts[0][0], acts[-1][0] + 1
    length = min(days, (end - first) // 2)
    if length >= 7 and length != days:
        length -= length % 7
    if not length:
        return figures
    now = [act for act in acts if act[0] >= end - length]
    then = [act for act in acts if end - 2 * length <= act[0] < end - length]
    ever = {who for day, who, _ in acts if day < end - length}
    figures |= {
        "new_people": len({who for _, who, _ in now} - ever),
        "gone_people": len({who for _, who, _ in then} - {who for _, who, _ in now}),
    }
    if now and then:
        figures |= {
            "acts_change": len(now) / len(then) - 1,
            "active_people_change": len({who for _, who, _ in now}) / len({who for _, who, _ in then}) - 1,
            "ties_change": len({act[1:] for act in now}) / len({act[1:] for act in then}) - 1,
        }
    return figures
