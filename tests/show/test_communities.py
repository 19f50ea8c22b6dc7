"""What the section on groups says, and that it never says more than its findings."""

from msgspec.structs import replace

from kring.show import charts_communities, sections_communities
from show import sample


def said(findings):
    return sections_communities.communities(findings).said.replace("\u202f", " ")


def test_groups_that_are_there():
    assert said(sample.communities_findings()) == (
        "3 groups can be told apart by who has ties with whom; the largest has 96 people. 8.0% of people belong to none of them firmly. "
        "17.0% of ties run between groups. How far ties stay within groups is 31.4 standard deviations above what random networks show. "
        "Of all whom two people with a tie know, they know 12.0% in common: more like something between a village and a city."
    )


def test_no_groups_are_never_invented():
    none = [
        replace(f, value=0, warning="no groups beyond chance") if f.name == "communities" else f for f in sample.communities_findings()[:1]
    ]
    section = sections_communities.communities(none)
    assert section.said == "There are no groups that can be told: no groups beyond chance."
    assert not section.pictures


def test_too_few_is_said():
    few = [replace(sample.communities_findings()[0], value=None, warning="too few to say: only the ties of 1 of 30 people were seen")]
    assert said(few) == "Too few to say which groups there are: only the ties of 1 of 30 people were seen."


def test_the_map_leaves_out_groups_of_which_nothing_may_be_said():
    table = charts_communities.map_table(sample.communities_findings())
    assert [row[:4] for row in table["rows"]] == [("1", 96, 310, 70), ("2", 70, 220, 79), ("3", 41, 90, 9)]
    assert table["rows"][0][4] == "bread, oven, flour"
