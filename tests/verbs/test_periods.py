"""Periods: a question of the last day of a month may be answered in the next, and somebody may be answered who wrote in the one before."""

import pytest

import kring
from kring.graph.arrays import NO_TIME
from kring.verbs import weave

HALL = "hall@town.example"


def mail(n, sender, to, when, text, reply_to=""):
    link = f"In-Reply-To: <{reply_to}@x>\n" if reply_to else ""
    head = f"From: {sender}\nTo: {to}\nSubject: Bridge\nDate: {when} +0000\nMessage-ID: <{n}@x>\n{link}"
    return f"From x@y Mon Mar  4 10:00:00 2024\n{head}\n{text}\n\n"


@pytest.fixture
def circle(tmp_path):
    """Twelve people ask on the last day of January; each is answered on the first of February, and thanks for it in March."""
    mails = []
    for k in range(12):
        who = f"p{k}@town.example"
        mails.append(mail(f"q{k}", who, HALL, "Wed, 31 Jan 2024 23:00:00", "When does it open?"))
        mails.append(mail(f"a{k}", HALL, who, "Thu, 1 Feb 2024 09:00:00", "Tomorrow.", f"q{k}"))
        mails.append(mail(f"t{k}", who, HALL, "Fri, 1 Mar 2024 09:00:00", "Thank you. Will it stay so?", f"a{k}"))
    (tmp_path / "box.mbox").write_text("".join(mails), encoding="utf-8")
    with kring.new(tmp_path / "c", zone="UTC") as made:
        made.import_(tmp_path / "box.mbox")
        made.us_add(f"mail:{HALL}")
        yield made


def figure(circle, name, **period):
    return next(each.value for each in circle.measure("response", **period) if each.name == name and not each.by)


def test_an_answer_after_the_period_answers_a_question_of_it(circle):
    january = {"since": "2024-01", "until": "2024-01"}
    assert figure(circle, "questions_to_us", **january) == 12
    assert figure(circle, "response_rate", **january) == 1
    assert figure(circle, "waiting", **january) == 0
    assert figure(circle, "median_response_time", **january) == 10 * 3600


def test_only_the_questions_of_the_period_count(circle):
    assert figure(circle, "questions_to_us", since="2024-02", until="2024-02") is None  # nothing was written to us
    assert figure(circle, "questions_to_us", since="2024-03") == 12
    assert figure(circle, "waiting", since="2024-03") == 12
    assert figure(circle, "questions_to_us") == 24


def test_a_reply_is_a_tie_of_its_own_month_whenever_the_other_wrote(circle):
    def acts(**period):
        return weave.weave(circle, weave.Asking(("reply",), **period), "ours")

    months = [acts(since=month, until=month) for month in ("2024-01", "2024-02", "2024-03")]
    assert [len(each.at) for each in months] == [0, 12, 12]
    for each in months:
        assert (each.posts.at != NO_TIME).all()
        assert len(each.posts.node) == 12
        assert each.inside.all()
        assert (each.posts.at[each.post] == each.at).all()
    assert len(acts().at) == 24
