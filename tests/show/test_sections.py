"""The sentences that read the figures aloud."""

from kring.schema import Finding
from kring.show import sections, sections_authority, sections_overview, sections_reciprocity, sections_trust
from kring.show.content import Waiting


def said(section):
    return section.said.replace("\u202f", " ")


def test_questions_and_answers():
    found = (
        Finding(name="response_rate", value=301 / 412, low=0.69, high=0.77, n=412, unit="share"),
        Finding(name="median_response_time", value=18_000, unit="s", n=301),
        Finding(name="mean_response_time", value=200_000, unit="s", n=301),
    )
    expected = (
        "Of 412 questions put to us, 301 were answered: 73.1% (69.0–77.0). Half of the answers came within 5 h; "
        "a few took so long that the mean is 2 d 8 h. 1 still waits."
    )
    assert said(sections.response(found, waiting=[Waiting(text="?", who="Anna")])) == expected


def test_no_us_is_not_nought_percent():
    found = (Finding(name="response_rate", value=None, unit="share", warning="nobody said which accounts are our own"),)
    assert said(sections.response(found)) == "Too few to say how often questions are answered: nobody said which accounts are our own."
    assert "0%" not in said(sections.response(found))


def test_distances():
    found = (Finding(name="mean_distance", value=3.0552, unit="steps"), Finding(name="within_3", value=0.897, unit="share"))
    assert said(sections.distances(found)) == (
        "Two people who can reach each other are 3.06 steps apart on average, with 2.06 people in between. "
        "89.7% of pairs are within three steps."
    )


def test_the_curve_adds_up_the_share_at_each_distance():
    found = (Finding(name="distance_distribution", value=8, series=((1, 0.125), (2, 0.5), (3, 0.25))),)
    assert sections.distances(found).pictures[0].findings[0].series == ((1, 0.125), (2, 0.625), (3, 0.875))


def test_contacts_are_drawn_in_people():
    found = (Finding(name="degree_distribution", value=2, n=40, series=((1, 0.75), (2, 0.25))),)
    assert sections.contacts(found).pictures[0].findings[0].series == ((1, 30), (2, 10))


def test_assortativity_is_read_by_its_sign_and_interval():
    def read(value, low, high):
        return said(sections.contacts((Finding(name="degree_assortativity", value=value, low=low, high=high),)))

    assert "with people who have fewer contacts" in read(-0.188, -0.22, -0.15)
    assert "with others who are well connected" in read(0.3, 0.2, 0.4)
    assert "says little" in read(0.1, -0.1, 0.3)


def test_the_busiest_hour_has_a_name():
    week = Finding(name="weekly_rhythm", value=2, series=(("Mon 00", 1), ("Tue 20", 9), ("Wed 00", None)))
    assert said(sections.activity((week,))) == "The busiest time of the week is Tuesday from 20:00."


def test_the_busiest_period_is_called_what_it_is():
    def read(*periods):
        series = tuple((period, at) for at, period in enumerate(periods, 1))
        return said(sections.activity((Finding(name="posts_by_period", value=2, series=series),)))

    assert read("2024-02-26", "2024-03-04") == "3 posts in all; the busiest week began on 2024-03-04, with 2."
    assert read("2024-02", "2024-03") == "3 posts in all; the busiest month was 2024-03, with 2."
    assert read("2024-Q1", "2024-Q2") == "3 posts in all; the busiest quarter was 2024-Q2, with 2."
    assert read("2023", "2024") == "3 posts in all; the busiest year was 2024, with 2."


def test_among_neighbours_nobody_is_in_between():
    mean = Finding(name="mean_distance", value=1.05, unit="steps")
    assert said(sections.distances((mean,))) == "Two people who can reach each other are 1.05 steps apart on average."


def test_too_few_is_said_once():
    few = Finding(name="mean_distance", value=None, warning="too few to say: there are only 8 people")
    assert said(sections.distances((few,))) == "Too few to say how far apart people are: there are only 8 people."


def test_trust():
    found = (
        Finding(name="accepted", value=240, n=300),
        Finding(name="bound", value=1, n=300),
        Finding(name="auc", value=0.82, low=0.765, high=0.876, n=24_186, unit="share of pairs"),
    )
    assert said(sections_trust.trust(found)) == (
        "240 people are vouched for from those named on, of 300. If one real person next to those named were misled, 1 fake account could "
        "follow at most, however many there were. Of a good rating and a bad one that were held out, trust tells which is which in 82.0% "
        "(76.5–87.6) of cases; a coin in half."
    )
    nobody = (Finding(name="accepted", value=None, warning="can't say: nobody was named"),)
    assert said(sections_trust.trust(nobody)) == "Can't say who is let in: nobody was named."


def test_authority():
    found = (
        Finding(name="helpers", value=120),
        Finding(name="helped", value=210),
        Finding(name="concentration", value=0.41, unit="share of credit"),
        Finding(name="followers_explain", value=0.25, unit="share of variance"),
        Finding(name="apprentices", value=1),
    )
    assert said(sections_authority.authority(found)) == (
        "120 people helped 210 others. A tenth of the helpers have 41.0% of the credit. How many follow somebody foretells 25.0% of it. "
        "1 pair has lasting help one way, more than chance brings about."
    )
    few = (Finding(name="helpers", value=None, warning="too few to say: 3 people who helped"),)
    assert said(sections_authority.authority(few)) == "Too few to say who helps: 3 people who helped."


def test_a_change_says_of_which_period_it_is():
    period = "2 places; 2024-12-04 to 2024-12-31, beside the 28 days before"
    change = Finding(name="acts_change", value=-0.2, low=-0.3, high=-0.1, unit="share of posts before", n=300, boundary=period)
    assert said(sections_overview.overview((change,))) == (
        "From 2024-12-04 to 2024-12-31 people did 20.0% less than in the 28 days before (−30.0 to −10.0%)."
    )


def test_a_day_that_stands_out_says_what_was_counted():
    spike = Finding(name="spike", value=141, unit="posts a day", by=(("day", "2025-02-18"),))
    assert said(sections_overview.overview((spike,))) == "2025-02-18 stands out: 141 posts."


def test_a_delay_of_return_says_whose_favours_they_were():
    delay = Finding(name="delay_of_return", value=3_600, unit="s", n=154)
    assert said(sections_reciprocity.favours((delay,))) == "Half of all first favours were returned within 1 h."
    ours = said(sections_reciprocity.favours((delay, Finding(name="given", value=200, n=160, unit="acts"))))
    assert ours == "Of those who gave us something before we gave them anything, half heard back within 1 h."
