"""Whether two accounts are one person's: what speaks for it, what against, and what never speaks at all."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.reading import same
from kring.reading.same import Known, alike, spelled

STRANGERS = [
    Known(f"{network}:u{k}", name=f"{given} {family}")
    for network in ("mastodon", "stackexchange")
    for k, (given, family) in enumerate(
        (given, family) for given in ("Anna", "Bram", "Carla", "Daan", "Els", "Femke") for family in ("Bakker", "Visser", "Smit", "Mulder")
    )
    if k % 2 == (network == "mastodon")
]
ANNA, ALSO = Known("mastodon:x", name="Yvonne Zijlstra"), Known("mail:y@post.example", name="Yvonne  ZIJLSTRA")


def between(one, other, crowd=STRANGERS):
    """What is said of these two among a crowd."""
    found = [each for each in alike([*crowd, one, other]) if {each.one, each.other} == {one.id, other.id}]
    return found[0] if found else None


def test_a_rare_full_name_on_two_networks_is_likely_and_says_why():
    found = between(ANNA, ALSO)
    assert found.p > 0.8
    assert found.rule == "same-name"
    assert found.because == ("the same name on mastodon and mail: yvonne zijlstra",)


def test_a_first_name_alone_is_not():
    assert between(Known("mastodon:x", name="Anna"), Known("mail:y@post.example", name="Anna")).p < 0.5


def test_a_name_that_several_of_one_network_bear_is_weak():
    crowd = [*STRANGERS, Known("mastodon:z", name="Yvonne Zijlstra")]
    found = between(ANNA, ALSO, crowd)
    assert found.p <= 0.5
    assert "2 accounts of one network bear" in found.because[0]


def test_a_name_alone_says_nothing_across_chats():
    one, other = (Known(f"whatsapp:{chat}/Yvonne Zijlstra", name="Yvonne Zijlstra", written=True) for chat in ("A", "B"))
    assert between(one, other) is None
    assert between(one, ANNA).p > 0.5, "beside an account that named itself, it does"


def test_a_telephone_is_the_households_and_is_not_suggested_by_itself():
    one, other = (Known(f"whatsapp:{chat}/{written}", name=written) for chat, written in (("A", "+31 6 1234 5678"), ("B", "+31612345678")))
    found = between(one, other)
    assert (found.rule, found.p) == ("same-telephone", 0.75)
    assert "families share one" in found.because[0]


def test_a_telephone_under_two_full_names_is_two_people():
    one = Known("signal:+31612345678", name="Yvonne Zijlstra")
    assert between(one, Known("whatsapp:A/+31612345678", name="Kees Zijlstra")).p < 0.2
    assert between(one, Known("whatsapp:A/+31612345678", name="Yvonne Zijlstra")).p > 0.9


def test_the_same_address_is_nearly_sure():
    found = between(Known("mail:y@post.example"), Known("feeds:Y@POST.example", handle="y@post.example", name="Yvonne"))
    assert (found.rule, round(found.p, 2)) == ("same-address", 0.98)


def test_a_handle_of_the_fediverse_is_no_address():
    found = between(
        Known("mastodon:yvonne@post.example", handle="@yvonne@post.example"),
        Known("mail:yvonne@post.example", handle="yvonne@post.example"),
    )
    assert found.rule == "same-handle"


def test_the_same_link_is_surest():
    one = Known("mastodon:https://social.example/users/y", url="https://social.example/@y")
    found = between(one, Known("feeds:https://social.example/@y/", name="Y"))
    assert (found.rule, round(found.p, 2)) == ("same-link", 0.99)


def test_what_a_crowd_shares_is_no_sign_of_a_person():
    crowd = [Known(f"feeds:{k}", handle="info@shop.example") for k in range(same.MOST_ALIKE + 1)]
    assert alike(crowd) == []
    assert len(alike(crowd[1:])) == same.MOST_ALIKE * (same.MOST_ALIKE - 1) / 2


@pytest.mark.parametrize("name", ["", "…", " ", "\u200e"])
def test_no_name_is_no_name(name):
    assert between(Known("mastodon:x", name=name), Known("stackexchange:y", name=name)) is None


def test_where_nobody_returns_one_who_does_is_doubted():
    """In a crowd of which nobody is on both networks, a name that returns is rather a namesake's."""
    given = [f"Given{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(400)]
    apart = [Known(f"{('mastodon', 'mail')[k % 2]}:u{k}", name=f"{name} Family{name}") for k, name in enumerate(given)]
    both = [Known(f"{network}:u{k}", name=f"{name} Family{name}") for k, name in enumerate(given[:200]) for network in ("mastodon", "mail")]
    assert between(ANNA, ALSO, both).p > 0.95
    assert between(ANNA, ALSO, apart).p < 0.6


words = st.sampled_from(["", "Anna", "anna", "Ánna", "Anna de Vries", "Bo Smit", "+31612345678", "a@b.example", "\u200e", "=1+1", "名前"])
accounts = st.lists(
    st.builds(
        Known,
        id=st.builds("{}:{}".format, st.sampled_from(["m", "n", "whatsapp"]), st.integers(0, 99)),
        handle=words,
        name=words,
        url=st.sampled_from(["", "https://a.example/", "http://A.example"]),
        written=st.booleans(),
    ),
    max_size=9,
    unique_by=lambda each: each.id,
)


@given(accounts)
def test_it_is_what_looking_at_every_pair_gives(some):
    signs = [same._signs(each) for each in some]
    crowd = same._Crowd(signs)
    every = [crowd.judge(a, b) for a, b in combinations(signs, 2)]
    assert {(each.one, each.other): each.p for each in alike(some)} == {(each.one, each.other): each.p for each in every if each}
    assert all(0 < each.p < 1 for each in every if each)


@given(accounts, st.randoms())
def test_the_order_of_the_accounts_changes_nothing(some, chance):
    shuffled = list(some)
    chance.shuffle(shuffled)

    def found(given):
        return {frozenset((each.one, each.other)): (round(each.p, 9), each.rule) for each in alike(given)}

    assert found(some) == found(shuffled)


@given(accounts)
def test_a_crowd_of_copies_of_others_leaves_what_is_said_in_order(some):
    assert [each.p for each in alike(some)] == sorted((each.p for each in alike(some)), reverse=True)
    assert [each for each in alike(some) if each.p >= 0.5] == alike(some, least=0.5)


def test_names_in_one_spelling():
    assert spelled("  Zoë  VAN-DER Meer! ") == "zoe van der meer"
