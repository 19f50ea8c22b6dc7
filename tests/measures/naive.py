"""Slow, obvious twins of the measures: plain sets, lists and dictionaries; each gives a dictionary of the figures it knows."""

from collections import deque
from statistics import median

from measures.naive_authority import authority as authority
from measures.naive_communities import communities as communities
from measures.naive_illusion import illusion as illusion
from measures.naive_overview import overview as overview
from measures.naive_reciprocity import reciprocity as reciprocity
from measures.naive_ties import ties as ties
from measures.naive_trust import trust as trust


def ties_of(graph):
    return {(a, int(b)) for a in range(graph.n) for b in graph.targets[graph.offsets[a] : graph.offsets[a + 1]]}


def neighbours(graph, directed=False):
    near = {node: set() for node in range(graph.n)}
    for a, b in ties_of(graph):
        near[a].add(b)
        if not directed:
            near[b].add(a)
    return near


def steps_from(near, start):
    steps, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for other in near[node] - set(steps):
            steps[other] = steps[node] + 1
            queue.append(other)
    return steps


def distances(graph, *, directed=False, all_pairs=False):
    near, both = neighbours(graph, directed), neighbours(graph)
    groups = [set(steps_from(both, node)) for node in range(graph.n)]
    largest = max(groups, key=len, default=set())
    who = set(range(graph.n)) if all_pairs else largest
    found = sorted(d for a in who for b, d in steps_from(near, a).items() if a != b and b in who)
    figures = {
        "people": graph.n,
        "n_ties": len(ties_of(graph)) if directed and graph.directed else sum(len(near[a]) for a in near) / 2,
        "largest_component": len(largest),
    }
    if not found:
        return figures
    every = len(who) * (len(who) - 1)
    for k in (1, 2, 3):
        figures[f"within_{k}"] = sum(d <= k for d in found) / every
    before, steps = 0, 0
    while True:
        steps += 1
        within = sum(d <= steps for d in found)
        if within >= 0.9 * len(found):
            break
        before = within
    mean = sum(found) / len(found)
    variance = sum((d - mean) ** 2 for d in found) / len(found)
    return figures | {
        "reachable": len(found) / every,
        "mean_distance": mean,
        "spread": variance**0.5,
        "index_of_dispersion": variance / mean,
        "median_distance": found[(len(found) - 1) // 2],
        "effective_diameter": steps - 1 + (0.9 * len(found) - before) / (within - before),
        "diameter": found[-1],
    }


def reach(graph, *, people=None, directed=True, against=False):
    """Without people: the mean and the most over everybody."""
    near = neighbours(graph, directed)
    if against and directed and graph.directed:
        near = {node: {other for other in near if node in near[other]} for node in near}
    team = list(range(graph.n)) if people is None else list(dict.fromkeys(people))
    figures = {"people": graph.n}
    for step in (1, 2, 3):
        out = set() if people is None else set(team)
        each = [{node for node, d in steps_from(near, member).items() if 0 < d <= step} - out for member in team]
        if people is None:
            figures |= {f"mean_reach_{step}": sum(map(len, each)) / graph.n, f"most_reach_{step}": max(map(len, each))} if team else {}
            continue
        union = set().union(*each)
        others = graph.n - len(team)
        figures[f"reach_{step}"] = len(union)
        figures[f"share_{step}"] = len(union) / others if others else 0
        figures[f"overlap_{step}"] = sum(map(len, each)) - len(union)
        for k, member in enumerate(team):
            rest = set().union(*(mine for j, mine in enumerate(each) if j != k))
            figures |= {(f"own_{step}", member): len(each[k]), (f"marginal_{step}", member): len(each[k] - rest)}
    return figures


def degree_assortativity(graph, *, directed=False):
    ties = ties_of(graph) if directed else {pair for a, b in ties_of(graph) for pair in ((a, b), (b, a))}
    ahead = [sum(x == a for x, _ in ties) for a, _ in ties]
    back = [sum(y == b for _, y in ties) for _, b in ties]
    n = len(ties)
    if not n:
        return {"degree_assortativity": None}
    x, y = sum(ahead) / n, sum(back) / n
    top = sum((a - x) * (b - y) for a, b in zip(ahead, back))
    bottom = (sum((a - x) ** 2 for a in ahead) * sum((b - y) ** 2 for b in back)) ** 0.5
    return {"degree_assortativity": top / bottom if bottom > 1e-9 else None}


def degree(graph):
    degrees = sorted(len(near) for near in neighbours(graph).values())
    if not degrees:
        return {}
    return {
        "mean_degree": sum(degrees) / len(degrees),
        "median_degree": median(degrees),
        "max_degree": degrees[-1],
        "without_ties": sum(d == 0 for d in degrees) / len(degrees),
    }


def above(posts, row):
    """All posts that a post follows, near ones first."""
    found, node = [], int(posts["parent"][row])
    while node >= 0 and node not in found:
        found.append(node)
        node = int(posts["parent"][node])
    return found


def early_first(posts, rows):
    never = -(2**63)
    return sorted(rows, key=lambda row: (posts["at"][row] == never, posts["at"][row], row))


def took(posts, asked, answer):
    never = -(2**63)
    same = posts["clock"][asked] == posts["clock"][answer]
    known = never not in (posts["at"][asked], posts["at"][answer]) and posts["at"][answer] >= posts["at"][asked]
    return (int(posts["at"][answer]) - int(posts["at"][asked])) / 1e6 if same and known else None


def answer_to(posts, asked, who):
    """The earliest post by one of these rows that follows the question and is not by the asker."""
    fit = [row for row in who if asked in above(posts, row) and -1 != posts["author"][row] != posts["author"][asked]]
    return early_first(posts, fit)[0] if fit else None


def real(posts):
    return [row for row in range(posts.n) if not posts["by_bot"][row] and not posts["automatic"][row]]


def median_waiting_time(posts, ours):
    """When half would be answered, if at each answer the share still waiting shrinks by one of those who waited at least that long."""
    never = -(2**63)
    spans = []
    for row, answer in ours.items():
        if answer is not None:
            spans.append((took(posts, row, answer), True))
        elif posts["at"][row] != never:
            last = max(int(posts["at"][r]) for r in range(posts.n) if posts["clock"][r] == posts["clock"][row])
            spans.append(((last - int(posts["at"][row])) / 1e6, False))
    spans = [(span, done) for span, done in spans if span is not None]
    waiting = 1.0
    for now in sorted({span for span, _ in spans}):
        done = sum(span == now and answered for span, answered in spans)
        waiting *= 1 - done / sum(span >= now for span, _ in spans)
        if waiting <= 0.5 + 1e-12:
            return now
    return None


def response(posts):
    rows = real(posts)
    if not any(to_us and not by_us for to_us, by_us in zip(posts["to_us"], posts["by_us"])):
        return {}
    asked = [row for row in rows if posts["question"][row] and posts["to_us"][row] and not posts["by_us"][row]]
    ours = {row: answer_to(posts, row, [r for r in rows if posts["by_us"][r]]) for row in asked}
    others = [row for row in asked if answer_to(posts, row, [r for r in rows if not posts["by_us"][r]]) is not None]
    times = [t for row, answer in ours.items() if answer is not None and (t := took(posts, row, answer)) is not None]
    figures = {
        "questions_to_us": len(asked),
        "answered_by_others": len(others),
        "waiting": sum(answer is None for answer in ours.values()),
    }
    if len({posts["author"][row] for row in asked} - {-1}) < 10:
        return figures | {"response_rate": None, "median_response_time": None, "mean_response_time": None, "median_waiting_time": None}
    return figures | {
        "median_waiting_time": median_waiting_time(posts, ours),
        "response_rate": sum(answer is not None for answer in ours.values()) / len(asked),
        "median_response_time": median(times) if times else None,
        "mean_response_time": sum(times) / len(times) if times else None,
    }


def questions(posts):
    rows = real(posts)
    asked = [row for row in rows if posts["question"][row]]
    answers = [row for row in rows if posts["answer"][row] and posts["parent"][row] in asked]
    to = {row: [a for a in answers if posts["parent"][a] == row] for row in asked}
    others = {row: [a for a in to[row] if -1 != posts["author"][a] != posts["author"][row]] for row in asked}
    return {
        "questions": len(asked),
        "answers": len(answers),
        "answered": sum(bool(each) for each in to.values()),
        "answered_by_others": sum(bool(each) for each in others.values()),
        "accepted": sum(any(posts["accepted"][a] for a in each) for each in to.values()),
    }


def activity(posts):
    rows = real(posts)
    people = {int(posts["author"][row]) for row in rows} - {-1}
    figures = {"posts": len(rows), "active_people": len(people)}
    each = sorted(sum(posts["author"][row] == person for row in rows) for person in people)
    n = len(each)
    if n < 10:
        return figures | {"median_posts_per_person": None, "top_tenth_share": None, "gini": None}
    return figures | {
        "median_posts_per_person": median(each),
        "top_tenth_share": sum(each[-((n + 9) // 10) :]) / sum(each),
        "gini": sum(abs(a - b) for a in each for b in each) / (2 * n * sum(each)),
    }


def threads(posts):
    rows = [row for row in real(posts) if posts["thread"][row] >= 0]
    talks = {int(posts["thread"][row]) for row in rows}
    sizes = [size for talk in talks if (size := sum(posts["thread"][row] == talk for row in rows)) >= 2]
    people = {int(posts["author"][row]) for row in rows} - {-1}
    few = len(people) < 10 or not sizes
    return {
        "threads": len(sizes),
        "median_thread_size": None if few else median(sizes),
        "largest_thread": None if few else max(sizes),
    }


def polarisation(graph, **options):
    """Long enough for a file of its own."""
    from measures import naive_polarisation

    return naive_polarisation.polarisation(graph, **options)
