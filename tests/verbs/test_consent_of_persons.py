"""What counts of somebody with several accounts: whatever is said, merged and parted, the gate, `kring why` and the lists agree with a slow twin."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kring
from circles import typed
from kring.errors import UsageError
from kring.schema import Account, Asked, Item, Post
from kring.store import gate, keep, runs
from kring.store.open import reading, writing

ACCOUNTS = [f"{network}:{name}" for network in "mw" for name in ("anna", "bram")]
SCOPES = {"all": "all", "m": "network:m", "contact": "contact", "quote": "quote"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    with kring.new(tmp_path_factory.mktemp("consents") / "circle") as made:
        records = [Account(id=id, name=id) for id in ACCOUNTS]
        records += [Post(id=f"{id}/1", kind="note", author=id, at=n, text=f"word of {id}") for n, id in enumerate(ACCOUNTS)]
        run = runs.begin(made.engine, name="x", digest="x", sources="m", asked=Asked(), version="1")
        keep.keep(made.engine, run.node, "m", [Item("somewhere", b"x", (record,)) for record in records])
        runs.finish(made.engine, run.node, "done")
        yield made


@pytest.fixture
def circle(kept):
    everything_back(kept)
    return kept


def everything_back(circle):
    with writing(circle.engine) as connection:
        for table in ("consent", "claim", "same_person"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def counting(circle, purpose):
    with reading(circle.engine) as connection:
        rows = connection.exec_driver_sql(f"SELECT a.id FROM post p JOIN account a ON a.node = p.author WHERE {gate.gate(purpose).posts}")
        return set(rows.scalars())


def twin(said, accounts):
    """By scope: the number and answer that counts. Each account's latest; a no before all others; else the latest."""
    counts = {}
    for scope in SCOPES.values():
        latest = {}
        for number, who, where, answer in said:
            if who in accounts and where == scope:
                latest[who] = (answer == "no", number, answer)
        if latest:
            _, number, answer = max(latest.values())
            counts[scope] = (number, answer)
    return counts


def leaves_out(id, counts):
    no = {scope for scope, (_, answer) in counts.items() if answer == "no"}
    return {
        "circle": bool(no & {"all", f"network:{id[0]}"}),
        "others": bool(no & {"all", "quote", f"network:{id[0]}"}),
        "contact": bool(no & {"all", "contact"}),
    }


def agree(circle, said):
    inside = {purpose: counting(circle, purpose) for purpose in ("circle", "others")}
    for id in ACCOUNTS:
        shown = circle.person(id)
        counts = twin(said, shown.person.accounts)
        out = leaves_out(id, counts)
        assert {purpose: id not in there for purpose, there in inside.items()} == {purpose: out[purpose] for purpose in inside}
        assert {(each.scope, each.number, each.answer) for each in shown.consents} == {(scope, *told) for scope, told in counts.items()}
        assert {each.number for each in circle.consents(id) if each.stands} == {number for number, _ in counts.values()}
        why = circle.why(id)
        for purpose, words in (("circle", "figures of the circle"), ("others", "shown to others")):
            no = sum(int(each.counts.split()[0]) for each in why if each.purpose.startswith(words) and each.counts.endswith("no"))
            assert no == sum(leaves_out(each, counts)[purpose] for each in shown.person.accounts), "each wrote one post"
        assert (why[-1].purpose, why[-1].counts) == ("being written to", "no" if out["contact"] else "yes")


acts = st.lists(
    st.one_of(
        st.tuples(
            st.just("say"),
            st.sampled_from(ACCOUNTS),
            st.sampled_from(["yes", "no", "no", "unknown"]),
            st.sampled_from(["all", "all", "all", "m", "contact", "quote"]),
            st.sampled_from([False, False, True]),
        ),
        st.tuples(st.sampled_from(["merge", "merge", "merge", "apart"]), st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS)),
        st.tuples(st.sampled_from(["unmerge", "us", "not us"]), st.sampled_from(ACCOUNTS)),
    ),
    min_size=2,
    max_size=14,
)


def do(circle, said, what, who, *more):
    """One act of a user; what Kring refuses is refused."""
    try:
        if what == "say":
            answer, scope, all_accounts = more
            for each in circle.person(who).person.accounts if all_accounts else (who,):
                said.append((0, each, SCOPES[scope], answer))
            circle.consent(who, answer, scope=scope, all_accounts=all_accounts)
        elif what == "us":
            circle.us_add(who)
        elif what == "not us":
            circle.us_remove(who)
        else:
            plan = {"merge": circle.merging, "apart": circle.parting, "unmerge": circle.unmerging}[what](who, *more)
            previewed(circle, plan)
    except UsageError:
        return


def previewed(circle, plan):
    """Looking says what comes true."""
    before, seen = {purpose: counting(circle, purpose) for purpose in ("circle", "others", "ours")}, circle.preview(plan)
    assert {purpose: counting(circle, purpose) for purpose in before} == before
    circle.carry_out(plan)
    told = {change.figure: (change.before, change.after) for change in seen.figures}
    ours, now = any(person.us for person in (*seen.before, *seen.after)), {purpose: len(counting(circle, purpose)) for purpose in before}
    if not ours and seen.n_before:
        assert told.get("posts", (now["circle"],) * 2) == (len(before["circle"]), now["circle"])
        for person in seen.after:
            assert person == circle.person(person.id).person
        assert now == {purpose: len(there) for purpose, there in before.items()} or seen.heard


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=acts)
def test_whatever_is_said_merged_and_parted_all_agree_with_the_twin(kept, acts):
    everything_back(kept)
    said = []
    for act in acts:
        do(kept, said, *act)
    with reading(kept.engine) as connection:
        rows = connection.exec_driver_sql("SELECT node, who, scope, answer FROM consent ORDER BY node").all()
    assert sorted(row[1:] for row in map(tuple, rows)) == sorted(row[1:] for row in said)
    agree(kept, list(map(tuple, rows)))


def test_a_yes_of_another_account_overrules_no_objection_until_it_is_taken_back(circle):
    circle.consent("m:anna", "no", evidence="her letter")
    circle.carry_out(circle.merging("m:anna", "w:anna"))
    for answer in ("yes", "unknown"):
        assert not circle.consent("w:anna", answer).stands
        assert not counting(circle, "circle") & {"m:anna", "w:anna"}
    assert circle.consent("m:anna", "unknown").stands
    assert counting(circle, "circle") == set(ACCOUNTS)
    circle.consent("m:anna", "no")
    circle.consent("w:anna", "yes", all_accounts=True)
    assert counting(circle, "circle") == set(ACCOUNTS)
    assert [each.stands for each in circle.consents("m:anna")].count(True) == 1


def test_parted_each_account_has_its_own_again(circle):
    circle.carry_out(circle.merging("m:anna", "w:anna"))
    circle.consent("m:anna", "no")
    circle.carry_out(circle.unmerging("m:anna"))
    assert counting(circle, "circle") == set(ACCOUNTS) - {"m:anna"}


def test_a_merge_shows_that_an_objection_will_hold_for_the_other_account_too(circle):
    circle.consent("m:anna", "no", evidence="her letter")
    plan = circle.merging("m:anna", "w:anna")
    seen = circle.preview(plan)
    assert [(each.account, each.said.answer, each.said.evidence) for each in seen.heard] == [("w:anna", "no", "her letter")]
    assert {change.figure: (change.before, change.after) for change in seen.figures}["posts"] == (3, 2)
    assert [person.posts for person in seen.after] == [0]
    assert counting(circle, "circle") == set(ACCOUNTS) - {"m:anna"}
    circle.carry_out(plan)
    back = circle.preview(circle.unmerging("w:anna"))
    assert [(each.account, each.said.number) for each in back.heard] == [("w:anna", 0)]


def test_the_commands_say_it(circle):
    folder = circle.folder
    typed("person", "object", "m:anna", "--evidence", "her letter", "--circle", folder)
    said = typed("person", "merge", "m:anna", "w:anna", "--yes", "--circle", folder).out
    assert "their no to all (entry 1, as m:anna: her letter) will hold for w:anna too" in said
    assert "Posts: 3 → 2" in said
    said = typed("person", "consent", "w:anna", "yes", "--circle", folder).out
    assert "But the no of m:anna (entry 1), another account of theirs, still counts" in said
    assert "Said no to all (entry 1, as m:anna: her letter)" in typed("person", "show", "w:anna", "--circle", folder).out
    assert "still counts" not in typed("person", "consent", "w:anna", "yes", "--all-accounts", "--circle", folder).out


def test_why_tells_of_all_that_a_person_wrote_and_says_when_there_is_no_such_thing(circle):
    circle.carry_out(circle.merging("m:anna", "w:anna"))
    assert circle.why("w:anna")[0].counts == "2 of their posts: yes"
    with pytest.raises(UsageError, match="no post, act or account"):
        circle.why("m:nobody/1")
