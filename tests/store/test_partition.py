"""Persons are what the claims that stand give, by whatever way they came to stand; beside a twin that is slow and obvious."""

from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kring.store.partition import EACH_ITS_OWN, Pair, partition

ACCOUNTS = [f"m:{letter}" for letter in "abcdefgh"]
accounts = st.sampled_from(ACCOUNTS)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
said = st.lists(st.tuples(st.sampled_from(["same", "apart"]), accounts, accounts), max_size=14)


def pairs(claims, kind):
    return [Pair(number, one, other) for number, (what, one, other) in enumerate(claims, 1) if what == kind]


def naive(us, claims):
    """Groups as sets; before each joining all walls are looked at."""
    groups = {account: {account} for account in ACCOUNTS}
    walls = [wall for wall in pairs(claims, "apart") if not {wall.one, wall.other} <= set(us)]
    held = {}

    def join(one, other):
        both = groups[one] | groups[other]
        for account in both:
            groups[account] = both

    for account in us:
        join(us[0], account)
    for same in pairs(claims, "same"):
        one, other = groups[same.one], groups[same.other]
        between = [wall.claim for wall in walls if any({wall.one, wall.other} == {a, b} for a, b in product(one, other))]
        if one is not other and between:
            held[same.claim] = min(between)
        elif one is not other:
            join(same.one, same.other)
    return groups, held


@UNHURRIED
@given(us=st.lists(accounts, max_size=3, unique=True), claims=said)
def test_it_is_what_the_naive_twin_says(us, claims):
    made = partition(us, pairs(claims, "same"), pairs(claims, "apart"))
    groups, held = naive(us, claims)
    assert {account: set(made.accounts(account)) for account in ACCOUNTS} == groups
    assert made.held == held
    assert set(made.several()) == {account for account in ACCOUNTS if len(groups[account]) > 1}


@UNHURRIED
@given(us=st.lists(accounts, max_size=3, unique=True), claims=said)
def test_whoever_is_kept_apart_is_never_one(us, claims):
    made = partition(us, pairs(claims, "same"), pairs(claims, "apart"))
    for wall in pairs(claims, "apart"):
        if wall.one != wall.other and not {wall.one, wall.other} <= set(us):
            assert made.of(wall.one) != made.of(wall.other)
            assert made.apart(wall.one, wall.other)
            assert made.apart(wall.other, wall.one)


def test_we_are_one_whatever_was_said_of_us():
    made = partition(["m:a", "m:b"], [], [Pair(1, "m:a", "m:b")])
    assert made.of("m:a") == made.of("m:b")


def test_what_is_held_back_counts_again_when_the_wall_is_gone():
    same = [Pair(1, "m:a", "m:b"), Pair(2, "m:b", "m:c")]
    assert partition([], same, [Pair(3, "m:a", "m:c")]).held == {2: 3}
    assert set(partition([], same, []).accounts("m:a")) == {"m:a", "m:b", "m:c"}


def test_nobody_said_anything():
    assert partition([], [], []) == EACH_ITS_OWN
    assert EACH_ITS_OWN.of("m:a") == "m:a"
    assert EACH_ITS_OWN.accounts("m:a") == ["m:a"]
    assert not EACH_ITS_OWN.apart("m:a", "m:b")


def test_a_hundred_thousand_claims_take_no_time_to_speak_of():
    """Joined to ever larger groups: what copies the larger one would not end."""
    chain = [Pair(n, f"m:{n}", f"m:{n + 1}") for n in range(100_000)]
    assert len(partition([], chain, []).accounts("m:0")) == 100_001
