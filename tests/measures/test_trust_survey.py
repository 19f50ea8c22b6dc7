"""The trust survey: twin, margins, change of those who answered twice, too few, and its table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kring.kring
from kring.errors import GraphError, ReadError
from kring.graph import Columns
from kring.measures.saying import t_quantile
from kring.measures.trust_survey import trust_survey
from measures import naive_trust
from planted_survey import TRUE_CHANGE, TRUE_MEAN, survey


def answers(rows):
    names = (("person", np.int64), ("wave", np.int64), ("score", np.float64), ("weight", np.float64))
    return Columns("person", len(rows), {name: np.array([row[k] for row in rows], kind) for k, (name, kind) in enumerate(names)})


@st.composite
def asked(draw):
    """Up to three waves of ten to fifteen people out of twenty, with uneven weights."""
    rows = []
    for wave in range(draw(st.integers(1, 3))):
        people = draw(st.permutations(range(20)))[: draw(st.integers(10, 15))]
        rows += [(p, wave, draw(st.integers(1, 10)), draw(st.sampled_from([0.5, 1.0, 2.0]))) for p in people]
    return rows


@given(asked())
def test_twin(rows):
    wanted = naive_trust.survey(rows)
    found = trust_survey(answers(rows))
    parts = {(finding.name, int(finding.by[0][1])): finding for finding in found if finding.by}
    assert set(parts) == set(wanted)
    for key, (value, variance, worth) in wanted.items():
        half = t_quantile(int(worth + 1e-9) - 1) * variance**0.5
        assert (parts[key].value, parts[key].low, parts[key].high) == pytest.approx((value, value - half, value + half), abs=1e-6)
    assert found[0].value == parts["mean_trust", max(row[1] for row in rows)].value
    assert found[2].value == pytest.approx(found[0].n / wanted["mean_trust", max(row[1] for row in rows)][2])


def test_those_who_answer_twice_are_compared_with_themselves():
    """Everybody trusts half a point more: people differ much, and the change hardly."""
    draw = np.random.default_rng(1)
    before = draw.normal(5, 2, 50)
    after = before + 0.5 + draw.normal(0, 0.1, 50)
    same = trust_survey(answers([*((p, 1, s, 1) for p, s in enumerate(before)), *((p, 2, s, 1) for p, s in enumerate(after))]))[1]
    others = trust_survey(answers([*((p, 1, s, 1) for p, s in enumerate(before)), *((p + 50, 2, s, 1) for p, s in enumerate(after))]))[1]
    assert same.value == others.value == pytest.approx(0.5, abs=0.05)
    assert same.low > 0.4
    assert others.low < 0 < others.high
    assert "no change is shown" in others.warning
    assert not same.warning


@pytest.mark.parametrize("likeness", [0.0, 0.7])
def test_margins_hold_and_no_change_is_seen_where_none_is(likeness):
    holds = changed = false = 0
    for seed in range(300):
        mean, change, _ = trust_survey(survey(seed, 40, likeness=likeness))[:3]
        none = trust_survey(survey(seed, 40, likeness=likeness, change=0.0))[1]
        holds += mean.low <= TRUE_MEAN <= mean.high
        changed += change.low <= TRUE_CHANGE <= change.high
        false += none.low > 0 or none.high < 0
    assert 0.91 < holds / 300 < 0.99
    assert 0.91 < changed / 300 < 0.99
    assert false / 300 < 0.09


def test_fewer_than_ten_are_too_few_to_say():
    found = trust_survey(answers([*((p, 1, 5, 1) for p in range(12)), *((p, 2, 6, 1) for p in range(9))]))
    assert [finding.value for finding in found[:3]] == [None, None, None]
    assert all(finding.warning.startswith("too few to say: 9 people answered") for finding in found[:3])
    assert next(f for f in found if f.by == (("wave", "1"),)).value == 5


def test_nobody_answered():
    assert [(f.name, f.value) for f in trust_survey(answers([]))] == [("mean_trust", None), ("change", None), ("design_effect", None)]


def test_uneven_weights_are_told():
    one = trust_survey(answers([(p, 1, p % 10, 1e12 if p == 0 else 1.0) for p in range(50)]))
    assert [finding.value for finding in one] == [None] * 4
    assert "rests on one person" in one[0].warning
    rows = [(p, 1, p % 10, 100.0 if p == 0 else 1.0) for p in range(50)]
    effect = trust_survey(answers(rows))[2]
    assert effect.value > 10
    assert "half of the answers are lost" in effect.warning


@pytest.mark.parametrize("rows", [[(1, 1, 5, 1), (1, 1, 6, 1)], [(1, 1, 5, 0)], [(1, 1, 5, -1)], [(1, 1, 5, np.nan)]])
def test_what_makes_no_sense_is_refused(rows):
    with pytest.raises(GraphError):
        trust_survey(answers(rows))


def test_a_table_is_read(tmp_path):
    lines = [f"p{p};najaar 2024;{5 + p % 3};1,5" for p in range(12)] + [f"p{p};voorjaar 2025;{6 + p % 3};1,5" for p in range(12)]
    (tmp_path / "answers.csv").write_text("Persoon;Golf;Cijfer;Gewicht\n" + "\n".join(lines) + "\np99;voorjaar 2025;;1\n")
    found = kring.kring.trust_survey(tmp_path / "answers.csv")
    assert [(f.name, f.value, dict(f.by).get("wave")) for f in found] == [
        ("mean_trust", pytest.approx(7), None),
        ("change", pytest.approx(1), None),
        ("design_effect", pytest.approx(1), None),
        ("mean_trust", pytest.approx(6), "najaar 2024"),
        ("mean_trust", pytest.approx(7), "voorjaar 2025"),
        ("change", pytest.approx(1), "voorjaar 2025"),
    ]
    (tmp_path / "plain.csv").write_text("person,score\n" + "\n".join(f"{p},{p}" for p in range(10)))
    assert kring.kring.trust_survey(tmp_path / "plain.csv")[0].value == pytest.approx(4.5)


@pytest.mark.parametrize("text", ["who,what\n1,2\n", "person,score\n1,2,3\n", "person,score\n1,much\n", ""])
def test_a_table_that_is_none_is_told(tmp_path, text):
    (tmp_path / "answers.csv").write_text(text)
    with pytest.raises(ReadError) as told:
        kring.kring.trust_survey(tmp_path / "answers.csv")
    assert told.value.next
