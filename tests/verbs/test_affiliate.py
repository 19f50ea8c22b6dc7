"""How people are involved with us, and figures by it: of no group of fewer than ten is anything told, also not by subtraction."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring import kring
from kring.errors import UsageError
from kring.schema import Account, Place, Post, Scope
from kring.store.claims import Claim
from kring.verbs.affiliate import GROUPS, group_of
from kring.verbs.split import NOBODY_SAID, OTHERS
from verbs.test_merge import brought

HOUR = 3_600_000_000
N = 60


def world():
    """Sixty people of whom each asks twice, each answers the one before and the one after."""
    records = [Place(id="m:forum", kind="forum"), Scope(place="m:forum")] + [Account(id=f"m:p{k}", name=f"P{k}") for k in range(N)]
    for n in range(2 * N):
        when = {"offset_s": 0, "zone": "UTC", "place": "m:forum"}
        at = 1_700_000_000_000_000 + n * HOUR
        records.append(Post(id=f"m:q{n}", kind="question", author=f"m:p{n % N}", text="?", at=at, **when))
        for step in (1, N - 1):
            who = f"m:p{(n + step) % N}"
            records.append(Post(id=f"m:a{n}-{step}", kind="answer", author=who, text="!", reply_to=f"m:q{n}", at=at + step, **when))
    return records


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    with brought(tmp_path_factory.mktemp("groups") / "c", world()) as made:
        yield made


@pytest.fixture
def said(circle):
    """Says who is what; all of it is taken back first."""

    def say(**sizes):
        numbers = {c.number for k in range(N) for c in circle.person(f"m:p{k}").claims if c.undone_at is None}
        if numbers:
            circle.carry_out(circle.undoing(claims=sorted(numbers)))
        people = iter(range(N))
        for group, n in sizes.items():
            for _ in range(n):
                circle.carry_out(circle.affiliating(f"m:p{next(people)}", group))
        return circle

    return say


def by_group(findings, name):
    return {dict(finding.by)["affiliation"]: finding for finding in findings if finding.name == name}


def test_each_group_gets_the_figure_that_it_would_have_alone(said):
    found = by_group(said(staff=20, volunteer=15).measure("questions", by="affiliation"), "questions")
    assert {group: finding.value for group, finding in found.items()} == {"staff": 40, "volunteer": 30, NOBODY_SAID: 50}
    ids = set(found["staff"].rows)
    assert ids <= {f"m:q{n}" for n in range(2 * N) if n % N < 20}


@pytest.mark.parametrize(
    "measure", ["activity", "questions", "threads", "degree", "reciprocity", "distances", "degree_assortativity", "reach"]
)
def test_every_measure_can_be_split(said, measure):
    found = said(staff=20, volunteer=15).measure(measure, by="affiliation")
    assert {dict(finding.by)["affiliation"] for finding in found} == {"staff", "volunteer", NOBODY_SAID}
    assert all(finding.version and finding.boundary for finding in found)
    assert not [finding for finding in found if finding.series or len(finding.by) > 1], "what is within a group could be subtracted"


def test_a_group_of_fewer_than_ten_is_told_with_another(said):
    """Nine volunteers would follow from all people less the other groups: so the smallest of those is folded in too."""
    found = by_group(said(staff=20, customer=12, volunteer=9).measure("questions", by="affiliation"), "questions")
    assert {group: finding.value for group, finding in found.items()} == {"staff": 40, NOBODY_SAID: 38, OTHERS: 42}
    assert "volunteer, customer together" in found[OTHERS].warning


def test_two_small_groups_that_are_ten_together_need_no_third(said):
    found = by_group(said(staff=20, volunteer=6, press=5).measure("questions", by="affiliation"), "questions")
    assert {group: finding.value for group, finding in found.items()} == {"staff": 40, NOBODY_SAID: 58, OTHERS: 22}


def test_affiliation_belongs_to_the_person_not_to_the_account(said):
    circle = said(staff=20)
    plan = circle.merging("m:p0", "m:p59")
    circle.carry_out(plan)
    found = by_group(circle.measure("questions", by="affiliation"), "questions")
    assert found["staff"].value == 42
    circle.carry_out(circle.undoing(claims=[c.number for c in circle.person("m:p59").claims if c.kind == "same" and c.undone_at is None]))


@settings(deadline=None, max_examples=40)
@given(sizes=st.lists(st.integers(0, 25), min_size=4, max_size=4))
def test_no_group_of_fewer_than_ten_can_be_computed(circle, sizes):
    """From the total and every figure told, what isn't told must be about ten people or nobody."""
    numbers = {c.number for k in range(N) for c in circle.person(f"m:p{k}").claims if c.undone_at is None}
    if numbers:
        circle.carry_out(circle.undoing(claims=sorted(numbers)))
    people = list(range(N))
    for group, n in zip(GROUPS, sizes, strict=False):
        for _ in range(min(n, len(people))):
            circle.carry_out(circle.affiliating(f"m:p{people.pop()}", group))
    found = by_group(circle.measure("questions", by="affiliation"), "questions")
    told = [finding.value // 2 for finding in found.values()]  # everybody asked twice
    assert all(n >= 10 for n in told)
    assert N - sum(told) == 0 or N - sum(told) >= 10


def claim(number, group, since=None, until=None, who="a"):
    return Claim(number, "affiliation", who, group, "", "", 0, None, "", since, until)


@pytest.mark.parametrize(
    ("claims", "period", "group"),
    [
        ([claim(1, "staff")], (None, None), "staff"),
        ([claim(1, "staff", 10, 20)], (20, None), None),
        ([claim(1, "staff", 10, 20)], (None, 10), None),
        ([claim(1, "staff", 10, 20)], (19, 30), "staff"),
        ([claim(1, "staff", 10), claim(2, "volunteer", 5)], (None, None), "staff"),
        ([claim(1, "staff", 10), claim(2, "volunteer", 10)], (None, None), "volunteer"),
        ([claim(1, "staff", 10), claim(2, "press")], (None, None), "staff"),
        ([claim(1, "staff", 10, 20), claim(2, "volunteer", 20)], (5, 15), "staff"),
    ],
)
def test_who_somebody_is_in_a_period(claims, period, group):
    assert group_of(claims, *period).get("a") == group


@pytest.mark.parametrize("label", ["muslim", "gay", "ill", "party member", "", "Staf"])
def test_what_people_are_or_believe_is_refused(circle, label):
    with pytest.raises(UsageError, match=r"no way of being involved.*never kept"):
        circle.affiliating("m:p1", label)


def test_an_end_before_its_beginning_is_refused(circle):
    with pytest.raises(UsageError, match=r"ends .* before it begins"):
        circle.affiliating("m:p1", "staff", since="2024", until="2023")


def test_other_ways_of_splitting_are_refused(circle):
    with pytest.raises(UsageError, match="split by"):
        circle.measure("degree", by="religion")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "t.csv",
            "who,group,since,until,reason\nm:p1,staff,2023-01,,List\nm:p2,Volunteer,,,\nnobody,staff,,,\nm:p3,jew,,,\nm:p4,staff,soon,,\n",
        ),
        ("t.csv", "Wie;Groep;Sinds\nm:p1;staff;2023-01\nm:p2;volunteer;\nnobody;staff;\nm:p3;jew;\nm:p4;staff;soon\n"),
        (
            "t.csv",
            "\ufeffwie\tgroep\tsinds\r\nm:p1\tstaff\t2023-01\r\nm:p2\tvolunteer\t\r\nnobody\tstaff\t\r\nm:p3\tjew\t\r\nm:p4\tstaff\tsoon\r\n",
        ),
        (
            "t.ndjson",
            '{"who": "m:p1", "group": "staff", "since": "2023-01"}\n{"who": "m:p2", "group": "volunteer"}\n{"who": "nobody", "group": "staff"}\n'
            '{"who": "m:p3", "group": "jew"}\n{"who": "m:p4", "group": "staff", "since": "soon"}\n',
        ),
    ],
)
def test_a_table_says_it_of_many_and_what_cannot_be_taken_is_said(circle, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    told = circle.affiliating_all(tmp_path / name)
    assert [(each.subject, each.object) for each in told.plan.new] == [("m:p1", "staff"), ("m:p2", "volunteer")]
    assert told.plan.new[0].since == 1_672_531_200_000_000
    assert [each.why.partition(" ")[0] for each in told.lost] == ['"nobody"', '"jew"', '"soon"']
    assert all(str(k) in each.where for k, each in zip((4, 5, 6) if name == "t.csv" else (3, 4, 5), told.lost, strict=True))


@pytest.mark.parametrize("text", ["", "name,colour\nm:p1,red\n", "\x00\x01\x02"])
def test_what_is_no_table_of_people_and_groups_is_refused(circle, tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="no columns"):
        circle.affiliating_all(tmp_path / "t.csv")


@pytest.mark.parametrize(
    "reason", ["is katholiek", "left for health reasons", "stemt op de VVD", "vakbondslid", "is gay", "van Turkse afkomst"]
)
def test_a_reason_that_tells_what_somebody_is_or_believes_is_refused(circle, tmp_path, reason):
    with pytest.raises(UsageError, match=r"may tell of somebody's .*never kept.*without that word"):
        circle.affiliating("m:p1", "volunteer", reason=reason)
    (tmp_path / "people.csv").write_text(f"who,group,reason\nm:p1,volunteer,{reason}\nm:p2,volunteer,helps\n", encoding="utf-8")
    told = circle.affiliating_all(tmp_path / "people.csv")
    assert ([each.subject for each in told.plan.new], len(told.lost)) == (["m:p2"], 1)


def test_ties_in_time_are_not_told_by_affiliation(tmp_path):
    with kring.new(tmp_path / "circle") as circle, pytest.raises(UsageError, match="can't be told by affiliation"):
        circle.measure("ties", by="affiliation")
