"""Merging: whatever is merged, kept apart and taken back, the figures are those of a circle in which each person had one account all along."""

import random
import shutil
import tempfile
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kring import kring
from kring.errors import UsageError
from kring.schema import Account, Event, Membership, Place, Post, Row, Scope
from kring.sources import kring_lines
from kring.sources.kring_lines import FORM, Head
from kring.store.partition import Pair, partition
from kring.verbs import weave

N = 30
ACCOUNTS = [f"m:p{k}" for k in range(N)]
US = ["m:p0", "m:p1"]
BOT = "m:p29"
MEASURES = ("degree", "reciprocity", "activity", "questions", "response", "threads")
"""Of the graph two are enough: that it is the same is asked of the graph itself."""
HOUR = 3_600_000_000
IN_TWO = (3, 4, 5)


def world():
    """Thirty accounts that ask, answer, mention and like in a forum seen whole, and talk in a chat."""
    dice = random.Random(5)
    records = [
        Place(id="m:forum", kind="forum"),
        Scope(place="m:forum"),
        Place(id="m:chat", kind="chat", name="Chat"),
        Scope(place="m:chat"),
    ]
    records += [Account(id=id, name=f"Name {id}", kind="bot" if id == BOT else "unknown") for id in ACCOUNTS]
    for n in range(240):
        reply = f"m:post{dice.randrange(n)}" if n > 20 and dice.random() < 0.7 else ""
        mentions = tuple(dict.fromkeys(dice.choices(ACCOUNTS, k=dice.choice((0, 0, 1, 2)))))
        kind = "question" if not reply and dice.random() < 0.6 else "note"
        when = {"at": 1_700_000_000_000_000 + n * 5 * HOUR, "offset_s": 0, "zone": "UTC"}
        records.append(
            Post(
                id=f"m:post{n}",
                kind=kind,
                author=dice.choice(ACCOUNTS),
                reply_to=reply,
                mentions=mentions,
                text="Who?",
                place="m:forum",
                **when,
            )
        )
    for n in range(60):
        when = {"at": 1_700_000_000_000_000 + n * HOUR // 3, "offset_s": 0, "zone": "UTC"}
        author = dice.choice(ACCOUNTS[:15])
        records.append(Post(id=f"m:said{n}", kind="message", author=author, text="Hi", place="m:chat", visibility="place", **when))
    records.append(Place(id="m:two", kind="chat", name="Two"))  # three accounts: of two people, if two of them are one
    records += [Membership(account=f"m:p{k}", place="m:two") for k in IN_TWO]
    for n in range(12):
        when = {"at": 1_700_000_000_000_000 + n * HOUR, "offset_s": 0, "zone": "UTC"}
        author = f"m:p{dice.choice(IN_TWO)}"
        records.append(Post(id=f"m:two{n}", kind="message", author=author, text="Hi", place="m:two", visibility="direct", **when))
    for n in range(60):
        records.append(
            Event(verb="like", actor=dice.choice(ACCOUNTS), object=f"m:post{dice.randrange(240)}", object_kind="post", id=f"m:like{n}")
        )
    return records


def renamed(records, to):
    """The same records, had each person had one account."""
    made = {}
    for record in records:
        fields = {
            name: to.get(getattr(record, name), getattr(record, name)) for name in ("author", "actor", "account") if hasattr(record, name)
        }
        if isinstance(record, Post):
            fields["mentions"] = tuple(dict.fromkeys(to.get(id, id) for id in record.mentions))
        if not (isinstance(record, Account) and to.get(record.id, record.id) != record.id):
            made[len(made)] = msgspec.structs.replace(record, **fields)
    return list(made.values())


def brought(folder: Path, records) -> kring.Circle:
    circle = kring.new(folder, zone="UTC")
    file = folder.with_suffix(".ndjson")
    head = Head(form=FORM, made_at="2026-03-01T10:00:00Z", circle="x", text="", n=len(records))
    file.write_bytes(kring_lines.head_line(head) + b"".join(map(kring_lines.line, records)))
    circle.import_(file)
    return circle


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    with brought(tmp_path_factory.mktemp("merge") / "c", world()) as made:
        made.us_add(*US)
        yield made


@pytest.fixture
def fresh(circle):
    """Nothing said yet."""
    everything_back(circle)
    return circle


def everything_back(circle):
    numbers = {claim.number for id in ACCOUNTS for claim in circle.person(id).claims if claim.undone_at is None}
    if numbers:
        circle.carry_out(circle.undoing(claims=sorted(numbers)))


def rows_of(finding, to):
    """The rows by whom they are of, with what is told of each."""
    for row, id in zip(finding.rows, finding.row_ids):
        yield (to.get(id, str(id)), msgspec.structs.replace(row, row="") if isinstance(row, Row) else "")


def plain(finding):
    """Without the sentences that say how many accounts there are, and without what is drawn by chance: draws go by people's numbers."""
    drawn = {"value": None, "low": None, "high": None, "method": ""} if finding.seed is not None else {}
    warning = "nothing of ours" if finding.warning.startswith("can't say: our ") else finding.warning
    return msgspec.structs.replace(finding, boundary="", version="", warning=warning, **drawn)


def figures(circle, to):
    """All that the measures find, of the circle and of a chat."""
    found = {}
    for name in MEASURES:
        for place, kinds in (("", ("reply", "mention", "like")), ("Chat", ("turn",)), ("Two", ("message",))):
            found[name, place] = [
                msgspec.structs.replace(plain(finding), rows=tuple(sorted(map(str, rows_of(finding, to)))))
                for finding in circle.measure(name, kinds=kinds, place=place)
            ]
    return found


def graph_of(circle, to):
    woven = weave.weave(circle, weave.Asking(("reply", "mention", "like")), "circle")
    assert (woven.source != woven.target).all(), "nobody is tied to himself"
    for whom in (woven.source, woven.target, woven.posts.author, woven.posts.mention_account):
        assert (woven.person[whom] == whom).all(), "nobody is left under an account that isn't his first"
    graph, _ = weave.graph(woven)
    sources = np.repeat(np.arange(graph.n), np.diff(graph.offsets))
    arcs = zip(sources, graph.targets, graph.weights, graph.first_at, graph.last_at, strict=True)
    ids = [to.get(id, id) for id in graph.ids]
    return sorted(ids), sorted((ids[a], ids[b], w, first, last) for a, b, w, first, last in arcs), graph.n_loops


def ties_in_two(circle):
    woven = weave.weave(circle, weave.Asking(("message",), place="Two"), "place")
    graph, _ = weave.graph(woven)
    return graph.n_ties, len(woven.source)


def test_a_chat_of_two_people_is_one_however_many_accounts_they_have_in_it(fresh):
    assert ties_in_two(fresh) == (0, 0), "three people"
    fresh.carry_out(fresh.merging("m:p3", "m:p4"))
    assert ties_in_two(fresh) == (2, 12), "two people: each message is to the other"
    fresh.carry_out(fresh.merging("m:p4", "m:p5"))
    assert ties_in_two(fresh) == (0, 0), "nobody is tied to himself"


acts = st.lists(
    st.tuples(st.sampled_from(["merge", "merge", "merge", "apart", "unmerge", "undo"]), st.integers(0, N - 1), st.integers(0, N - 1))
    | st.tuples(st.sampled_from(["merge", "unmerge"]), st.sampled_from(IN_TWO), st.sampled_from(IN_TWO)),
    min_size=1,
    max_size=12,
)


def do(circle, what, a, b):
    """One act of a user; what Kring refuses is refused."""
    try:
        if what == "merge":
            plan = circle.merging(ACCOUNTS[a], ACCOUNTS[b])
        elif what == "apart":
            plan = circle.parting(ACCOUNTS[a], ACCOUNTS[b])
        elif what == "unmerge":
            plan = circle.unmerging(ACCOUNTS[a])
        else:
            standing = [claim.number for claim in circle.person(ACCOUNTS[a]).claims if claim.undone_at is None]
            plan = circle.undoing(claims=[standing[b % len(standing)]] if standing else [])
    except UsageError:
        return
    circle.carry_out(plan)


def several(circle):
    return sorted(sorted(person.accounts) for person in circle.persons())


def standing(circle):
    claims = {c.number: c for id in ACCOUNTS for c in circle.person(id).claims if c.undone_at is None}
    return [claims[number] for number in sorted(claims)]


@settings(
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=acts)
def test_any_sequence_equals_building_from_scratch(circle, acts):
    everything_back(circle)
    for act in acts:
        do(circle, *act)
    pairs = {kind: [Pair(c.number, c.subject, c.object) for c in standing(circle) if c.kind == kind] for kind in ("same", "apart")}
    persons = partition(US, pairs["same"], pairs["apart"])
    voices = [id for id in ACCOUNTS if id != BOT]
    to = {id: min((other for other in persons.accounts(id) if other in voices), key=ACCOUNTS.index) for id in voices}
    folder = Path(tempfile.mkdtemp())
    try:
        with brought(folder / "c", renamed(world(), to)) as scratch:
            scratch.us_add(*dict.fromkeys(to.get(id, id) for id in persons.accounts(US[0])))  # a bot of ours stays a bot, and ours
            assert graph_of(circle, to) == graph_of(scratch, to)
            assert figures(circle, to) == figures(scratch, to)
    finally:
        shutil.rmtree(folder)


def test_a_merge_taken_back_in_the_middle_of_others_leaves_the_others(fresh):
    (first,) = fresh.carry_out(fresh.merging("m:p3", "m:p4"))
    fresh.carry_out(fresh.merging("m:p4", "m:p5"))
    fresh.carry_out(fresh.merging("m:p6", "m:p7"))
    fresh.carry_out(fresh.undoing(claims=[first]))
    assert several(fresh) == [["m:p0", "m:p1"], ["m:p4", "m:p5"], ["m:p6", "m:p7"]]


def test_taking_out_the_one_in_the_middle_leaves_the_others_one(fresh):
    fresh.carry_out(fresh.merging("m:p3", "m:p4", "m:p5", "m:p6"))
    fresh.carry_out(fresh.unmerging("m:p3"))
    assert fresh.person("m:p3").person.accounts == ("m:p3",)
    assert several(fresh) == [["m:p0", "m:p1"], ["m:p4", "m:p5", "m:p6"]]


def test_what_was_taken_back_stays_readable(fresh):
    (number,) = fresh.carry_out(fresh.merging("m:p3", "m:p4", reason="She told us"))
    fresh.carry_out(fresh.undoing(claims=[number]))
    (claim,) = [claim for claim in fresh.person("m:p3").claims if claim.number == number]
    assert (claim.reason, claim.subject, claim.object) == ("She told us", "m:p3", "m:p4")
    assert claim.undone_at >= claim.at
    with pytest.raises(UsageError, match=f"claim {number} stands"):
        fresh.undoing(claims=[number])


def test_a_merge_against_what_was_said_apart_is_refused_and_says_by_whom(fresh):
    fresh.carry_out(fresh.merging("m:p3", "m:p4"))
    (wall,) = fresh.carry_out(fresh.parting("m:p3", "m:p5", reason="Father and son"))
    with pytest.raises(UsageError, match=f"not one person: Father and son.*--claim {wall}"):
        fresh.merging("m:p4", "m:p5")
    fresh.carry_out(fresh.undoing(claims=[wall]))
    fresh.carry_out(fresh.merging("m:p4", "m:p5"))
    assert several(fresh) == [["m:p0", "m:p1"], ["m:p3", "m:p4", "m:p5"]]


def test_apart_parts_those_who_were_one(fresh):
    (same,) = fresh.carry_out(fresh.merging("m:p3", "m:p4"))
    (wall,) = fresh.carry_out(fresh.parting("m:p3", "m:p4"))
    shown = fresh.person("m:p3")
    assert shown.person.accounts == ("m:p3",)
    assert shown.held == {same: wall}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda c: c.merging("m:p0", "m:p1"), "one person already"),
        (lambda c: c.merging("m:p3", "m:p3"), "one person already"),
        (lambda c: c.parting("m:p3", "m:p3"), "apart from itself"),
        (lambda c: c.parting("m:p0", "m:p1"), "we are one"),
        (lambda c: c.unmerging("m:p3"), "not said to be the same"),
        (lambda c: c.unmerging("m:p0"), "one of us"),
        (lambda c: c.undoing(), "wasn't said which"),
        (lambda c: c.undoing(rule="no-such-rule"), "No such claim"),
        (lambda c: c.undoing(claims=[99_999]), "No claim 99999"),
        (lambda c: c.merging("m:p3", "nobody"), "is not an account"),
        (lambda c: c.merging("m:p3", ""), "No account was given"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(fresh, asked, said):
    with pytest.raises(UsageError, match=said):
        asked(fresh)


def test_a_bad_rule_is_taken_back_whole_and_nothing_else(fresh):
    fresh.carry_out(fresh.merging("m:p3", "m:p4", rule="same-name"))
    fresh.carry_out(fresh.merging("m:p5", "m:p6", rule="same-name"))
    fresh.carry_out(fresh.merging("m:p7", "m:p8"))
    plan = fresh.undoing(rule="same-name", since="2020")
    assert len(plan.back) == 2
    assert fresh.preview(plan).n_before == 2
    fresh.carry_out(plan)
    assert several(fresh) == [["m:p0", "m:p1"], ["m:p7", "m:p8"]]


def test_the_preview_says_what_comes_true(fresh):
    plan = fresh.merging("m:p3", "m:p4", "m:p5")
    before, seen = fresh.persons(), fresh.preview(plan)
    assert fresh.persons() == before, "looking changes nothing"
    fresh.carry_out(plan)
    assert seen.after == (fresh.person("m:p3").person,)
    for measure in ("degree", "reciprocity"):
        now = {finding.name: finding.value for finding in fresh.measure(measure)}
        for change in seen.figures:
            assert change.figure not in now or now[change.figure] == change.after != change.before
    assert {change.figure for change in seen.figures} >= {"people", "n_ties"}


def test_whoever_is_merged_with_us_is_us(fresh):
    asked = {finding.name: finding.value for finding in fresh.measure("response") if not finding.by}
    plan = fresh.merging("m:p0", "m:p9")
    seen = {change.figure: change for change in fresh.preview(plan).figures}
    fresh.carry_out(plan)
    now = {finding.name: finding.value for finding in fresh.measure("response") if not finding.by}
    assert fresh.person("m:p9").person.us
    assert seen["questions_to_us"].before == asked["questions_to_us"] != now["questions_to_us"] == seen["questions_to_us"].after
