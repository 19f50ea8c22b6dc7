"""Authority by plain loops: pairs of help, who is tied to the others through one alone, and credit."""

from math import log2


def pairs_of(graph):
    return {(a, int(b)) for a in range(graph.n) for b in graph.targets[graph.offsets[a] : graph.offsets[a + 1]]}


def answers_of(posts):
    """Pairs of who asked and who answered, with whether the asker was content."""
    found = {}
    for row in range(posts.n):
        up = int(posts["parent"][row])
        if not posts["answer"][row] or up < 0 or not posts["question"][up]:
            continue
        machine = any(posts[name][each] for name in ("by_bot", "automatic") for each in (row, up))
        asker, helper = int(posts["author"][up]), int(posts["author"][row])
        if machine or asker < 0 or helper < 0 or asker == helper:
            continue
        content = bool(posts["accepted"][row] or ("thanked" in posts.arrays and posts["thanked"][row]))
        found[asker, helper] = found.get((asker, helper), False) or content
    return found


def together(pairs, start, without):
    near = {}
    for a, b in pairs:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    seen, waiting = {start, without}, [start]
    while waiting:
        for other in near.get(waiting.pop(), set()) - seen:
            seen.add(other)
            waiting.append(other)
    return len(seen) - 1


def credit(pairs, group=None):
    """Credit of each helper; `pairs`: (who was helped, who helped) and whether that one was content."""
    known = any(pairs.values())
    most = max((max(together(pairs, a, h), together(pairs, h, a)) for a, h in pairs), default=0)
    body, alone = {}, {}
    for (a, h), content in pairs.items():
        worth = 1.0 if content or not known else 0.5
        worth *= 0.5 if (h, a) in pairs else 1
        worth *= 0.5 if group is not None and group[a] is not None and group[a] == group[h] else 1
        where = body if 2 * together(pairs, a, h) >= most else alone
        where[h] = where.get(h, 0) + worth
    return {h: body.get(h, 0) + log2(1 + alone.get(h, 0)) for h in {*body, *alone}}


def authority(graph, answers=None, *, label=""):
    pairs = answers_of(answers) if answers is not None else dict.fromkeys(pairs_of(graph), False)
    return credit(pairs, graph.labels[label] if label else None)
