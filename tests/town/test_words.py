"""What people say: varied, whole, in the right language, and no question where none is meant."""

import re

import pytest

from kring.town import talk
from kring.town.sheet import Act
from town import files

SENTENCES = ("titles", "wonders", "answers", "remarks", "told", "news", "offers", "needs", "jokes")


@pytest.fixture(scope="module")
def texts(folder):
    letters = files.letters(folder, "list/dorpslijst.mbox") + files.letters(folder, "mail/town-hall.mbox")
    return {
        "mastodon": [note.text for archive in files.archives(folder) for note in archive.notes],
        "mail": [letter.text for letter in letters],
        "subjects": [letter.tags[0] for letter in letters],
        "forum": [files.plain(row["Body"]) for row in files.rows(folder, "Posts") if row["PostTypeId"] in "12"],
        "titles": [row["Title"] for row in files.rows(folder, "Posts") if "Title" in row],
        "comments": [row["Text"] for row in files.rows(folder, "Comments")],
    }


def test_no_text_is_empty_or_shows_its_seams(texts):
    for said in texts.values():
        assert len(said) > 100
        for text in said:
            assert text.strip()
            assert not re.search(r"[{}]|\bNone\b|&amp;|<p>", text)
            assert text.lstrip("@#>“").strip()[0].isupper() or not text.strip()[0].islower()


def test_texts_are_varied(texts):
    for name, least in (("mastodon", 0.65), ("mail", 0.9), ("forum", 0.9), ("comments", 0.5), ("titles", 0.35)):
        assert len(set(texts[name])) / len(texts[name]) > least, name


def test_there_are_thousands_of_different_sentences(texts):
    sentences = {
        s.strip() for name in ("mastodon", "mail", "forum", "comments") for text in texts[name] for s in re.split(r"(?<=[.!?])\s+|\n", text)
    }
    assert len({s for s in sentences if len(s.split()) > 3}) > 5000


def test_no_sentence_stands_twice_in_the_lists():
    for language in talk.LANGUAGES:
        every = [sentence for subject in talk.SUBJECTS[language] for name in (*SENTENCES, "asks") for sentence in getattr(subject, name)]
        assert len(every) == len(set(every))


@pytest.mark.parametrize("language", talk.LANGUAGES)
def test_only_questions_ask(language):
    phrases = talk.PHRASES[language]
    for subject in talk.SUBJECTS[language]:
        assert all(ask.endswith("?") for ask in subject.asks)
        assert not [s for name in SENTENCES for s in getattr(subject, name) if "?" in s]
    for name in (
        "thanks",
        "thanks_tails",
        "hall_greetings",
        "greetings",
        "partings",
        "self_answers",
        "remark_tails",
        "bot",
        "hall_closings",
        "wonder_openings",
    ):
        assert not [s for s in getattr(phrases, name) if "?" in s], name
    assert all("?" in trap and not files.asks(trap) for trap in phrases.traps)


def test_the_languages_talk_about_the_same_things():
    dutch, english = (talk.SUBJECTS[language] for language in ("nl", "en"))
    assert [subject.tag for subject in dutch] == [subject.tag for subject in english]
    assert len({subject.tag for subject in dutch}) == len(dutch) >= 15
    assert set(talk.PHRASES) == set(talk.SUBJECTS)


@pytest.mark.parametrize("language", talk.LANGUAGES)
def test_every_act_has_words(folder, language):
    from kring.town import strengths, world

    town = world.make(50, 1, (language,), strengths.complete(None))
    for number, long in ((1, False), (2, True)):
        speaker = talk.Talk(town, number, long)
        for act in set(Act) - {Act.BOOST}:
            for subject in range(talk.N_SUBJECTS):
                row = talk.Row(0, 0, 1, -1, 0, act, subject, 0, 0, 0 if act in (Act.TOPIC, Act.AGREE, Act.DISAGREE) else -1, 0, True)
                assert speaker.text(subject, row) == speaker.text(subject, row) != ""
                assert "?" not in speaker.title(subject, row)


def test_handles_are_plain_and_nobody_shares_one():
    from kring.town import names, strengths, world

    town = world.make(30_000, 1, ("nl",), strengths.complete({"namesakes": 0}))
    handles = [town.handle(person) for person in range(town.n)]
    assert len(set(handles)) == len({town.name(person) for person in range(town.n)}) == town.n
    assert all(re.fullmatch("[a-z]+[0-9]*", handle) for handle in handles)
    assert names.HALL_HANDLE not in handles
    assert all(len({town.called(network, person).handle for person in range(town.n)}) == town.n for network in ("mastodon", "mail"))


def test_dice_are_fair():
    dice = talk.Dice(1, 2, 3)
    counts = [0] * 7
    for _ in range(7000):
        counts[dice.below(7)] += 1
    assert sum((n - 1000) ** 2 / 1000 for n in counts) < 22.5  # chi-squared with 6 degrees of freedom: p < .001 beyond 22.46
    first = [0] * 7
    for i in range(7000):
        first[talk.Dice(1, 2, i).below(7)] += 1
    assert sum((n - 1000) ** 2 / 1000 for n in first) < 22.5
