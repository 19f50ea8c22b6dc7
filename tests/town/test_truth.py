"""What truth.json says is what the files show to somebody who reads them afresh."""

from collections import Counter
from pathlib import Path

import pytest

from town import files


@pytest.fixture(scope="module")
def truth(folder):
    return files.truth(folder)


@pytest.fixture(scope="module")
def archives(folder):
    return files.archives(folder)


@pytest.fixture(scope="module")
def notes(archives):
    return {note.id: note for archive in archives for note in archive.notes}


def by_account(truth, network):
    return {person["accounts"][network]: person for person in truth["people"] if network in person["accounts"]}


def test_counts_of_the_server(truth, archives, notes):
    told = truth["networks"]["mastodon"]
    assert told["archives"] == len(archives)
    assert told["posts_in_exports"] == len(notes) == sum(len(archive.notes) for archive in archives)
    assert told["boosts_in_exports"] == sum(len(archive.boosts) for archive in archives)
    assert told["likes_in_exports"] == sum(len(archive.likes) for archive in archives)
    given = {person["accounts"]["mastodon"] for person in truth["people"] if person["archive"]}
    assert given == {archive.id for archive in archives if archive.type == "Person"}


def test_a_conversation_bears_one_name(notes):
    replies = [note for note in notes.values() if note.reply_to in notes]
    assert len(replies) > 500
    assert all(note.thread == notes[note.reply_to].thread and note.at > notes[note.reply_to].at for note in replies)
    assert len({note.thread for note in notes.values() if not note.reply_to}) == sum(not note.reply_to for note in notes.values())


def test_mutual_follows(truth, archives):
    arcs = {(archive.id, other) for archive in archives for other in archive.follows}
    own = {archive.id for archive in archives}
    told = truth["ties"]["follows"]["in_exports"]
    assert told["arcs"] == len(arcs)
    assert told["mutual_pairs"] == sum((b, a) in arcs for a, b in arcs) // 2 > 50
    between = {(a, b) for a, b in arcs if b in own}
    assert truth["ties"]["follows"]["between_archives"]["reciprocity"] == sum((b, a) in between for a, b in between) / len(between)


def test_people_follow_within_their_quarter(truth, archives):
    quarter = {account: person["quarter"] for account, person in by_account(truth, "mastodon").items()}
    same = [quarter[archive.id] == quarter[other] for archive in archives if archive.type == "Person" for other in archive.follows]
    told = truth["communities"]
    assert sum(same) / len(same) == pytest.approx(told["follows_within_quarter"], abs=0.05)
    assert told["follows_within_quarter"] > told["by_chance"] + 0.2


def test_who_replies_to_whom(truth, notes):
    people = by_account(truth, "mastodon")
    arcs = set()
    for note in notes.values():
        if note.author in people and not note.direct:
            arcs |= {(note.author, other) for other in note.to if other in people and other != note.author}
    told = truth["ties"]["replies"]["in_exports"]
    assert told["arcs"] == len(arcs)
    assert told["mutual_pairs"] == sum((b, a) in arcs for a, b in arcs) // 2


def test_questions_on_the_server_and_what_became_of_them(truth, notes):
    us = truth["us"]["accounts"]["mastodon"]
    told = {q["id"]: q for q in truth["questions"] if q["channel"].startswith("mastodon")}
    found = {note.id for note in notes.values() if note.author != us and us in note.to and files.asks(note.text)}
    assert found == {q["id"] for q in told.values() if q["question_mark"] and q["in_exports"]}
    assert all(notes[q["id"]].direct == (q["channel"] == "mastodon-direct") for q in told.values() if q["in_exports"])
    check_answers(told, notes, us)


@pytest.mark.parametrize(("file", "channel"), [("mail/town-hall.mbox", "mail"), ("list/dorpslijst.mbox", "list")])
def test_questions_by_mail_and_what_became_of_them(truth, folder, file, channel):
    said = {letter.id: letter for letter in files.letters(folder, file)}
    us = truth["us"]["accounts"][channel]
    told = {q["id"]: q for q in truth["questions"] if q["channel"] == channel}
    found = {letter.id for letter in said.values() if letter.author != us and us in letter.to and files.asks(letter.text)}
    assert found == {q["id"] for q in told.values() if q["question_mark"]}
    assert truth["networks"][channel]["posts"] == len(said)
    check_answers(told, said, us)


def check_answers(told, said, us):
    replies = Counter(each.reply_to for each in said.values() if each.author == us)
    assert len(told) > 20
    for question in told.values():
        ours = [answer for answer in question["answers"] if answer["how"] == "town hall"]
        assert replies[question["id"]] == len(ours)
        assert (question["outcome"] == "town hall") == bool(ours)
        for answer in question["answers"]:
            assert (answer["id"] in said) == answer["in_exports"]
            if answer["in_exports"]:
                assert said[answer["id"]].reply_to == question["id"]
                assert said[answer["id"]].at == answer["at"] == question["at"] + answer["delay_s"]
        if question["in_exports"]:
            assert said[question["id"]].at == question["at"]


def test_sums_of_the_response_are_those_of_the_list(truth):
    for channel, told in truth["response"].items():
        mine = [q for q in truth["questions"] if q["channel"] == channel]
        for name, asked in (("all", mine), ("in_exports", [q for q in mine if q["in_exports"]])):
            delays = sorted(a["delay_s"] for q in asked for a in q["answers"] if a["how"] == "town hall")
            assert (told[name]["asked"], told[name]["answered"]) == (len(asked), len(delays))
            if delays:
                assert told[name]["mean_s"] == pytest.approx(sum(delays) / len(delays))


def test_the_answered_share_and_delay_are_as_planted(truth):
    asked = sum(told["all"]["asked"] for told in truth["response"].values())
    answered = sum(told["all"]["answered"] for told in truth["response"].values())
    assert answered / asked == pytest.approx(truth["strengths"]["answering"], abs=4 * (0.21 / asked) ** 0.5)
    mail = truth["response"]["mail"]
    assert mail["all"]["median_s"] == pytest.approx(mail["planted_median_s"], rel=0.5)


def test_traps_hold_a_question_mark_and_no_question(truth, folder, notes):
    said = {letter.id: letter for name in ("mail/town-hall", "list/dorpslijst") for letter in files.letters(folder, f"{name}.mbox")} | notes
    shown = [trap for trap in truth["traps"] if trap["in_exports"]]
    assert {trap["kind"] for trap in shown} == {"link", "quotation"}
    for trap in shown:
        assert "?" in said[trap["id"]].text
        assert not files.asks(said[trap["id"]].text)


def test_counts_of_the_forum(truth, folder):
    posts, told = files.rows(folder, "Posts"), truth["forum"]
    questions = {row["Id"]: row for row in posts if row["PostTypeId"] == "1"}
    answers = [row for row in posts if row["PostTypeId"] == "2"]
    others = {row["ParentId"] for row in answers if row["OwnerUserId"] != questions[row["ParentId"]]["OwnerUserId"]}
    assert told["questions"] == len(questions) == len(truth["forum_questions"])
    assert told["answers"] == len(answers) == sum(int(row["AnswerCount"]) for row in questions.values())
    assert told["answered"] == len({row["ParentId"] for row in answers})
    assert told["answered_by_others"] == len(others)
    assert told["accepted"] == sum("AcceptedAnswerId" in row for row in questions.values())
    assert told["comments"] == len(comments := files.rows(folder, "Comments")) == sum(int(row["CommentCount"]) for row in posts)
    assert {row["PostId"] for row in comments} <= {row["Id"] for row in posts}
    assert told["users"] == len(files.rows(folder, "Users"))
    assert len({row["Id"] for row in posts}) == len(posts)


def test_each_question_of_the_forum(truth, folder):
    posts = {row["Id"]: row for row in files.rows(folder, "Posts")}
    user = {person["id"]: person["accounts"]["forum"] for person in truth["people"] if "forum" in person["accounts"]}
    user["town-hall"] = truth["us"]["accounts"]["forum"]
    user |= {puppet["id"]: puppet["account"] for puppet in truth["authority"]["puppets"]}
    for question in truth["forum_questions"]:
        row = posts[question["id"]]
        assert row["OwnerUserId"] == user[question["by"]]
        assert row.get("AcceptedAnswerId") == question["accepted"]
        for answer in question["answers"]:
            assert posts[answer["id"]]["ParentId"] == question["id"]
            assert posts[answer["id"]]["OwnerUserId"] == user[answer["by"]]


def test_votes_make_the_scores(folder):
    votes = Counter((row["PostId"], row["VoteTypeId"]) for row in files.rows(folder, "Votes"))
    posts = files.rows(folder, "Posts")
    assert all(int(row["Score"]) == votes[row["Id"], "2"] - votes[row["Id"], "3"] for row in posts)
    accepted = {row["AcceptedAnswerId"] for row in posts if "AcceptedAnswerId" in row}
    assert accepted == {post for post, kind in votes if kind == "1"}


def test_nobody_ever_thanked_the_thankless(truth, folder):
    thankless = set(truth["thankless"]["planted"])
    assert set(truth["thankless"]["realised"]) <= thankless
    assert len(truth["thankless"]["realised"]) >= 3
    users = {p["accounts"]["forum"] for p in truth["people"] if p["id"] in thankless and "forum" in p["accounts"]}
    posts = {row["Id"]: row for row in files.rows(folder, "Posts")}
    theirs = {row["Id"] for row in posts.values() if row["PostTypeId"] == "2" and row["OwnerUserId"] in users}
    assert len(theirs) > 10
    assert not theirs & {row.get("AcceptedAnswerId") for row in posts.values()}
    for comment in files.rows(folder, "Comments"):
        if comment["PostId"] in theirs:
            assert comment["UserId"] != posts[posts[comment["PostId"]]["ParentId"]]["OwnerUserId"] or not comment["Text"].startswith("@")


def test_helpers(truth, folder):
    helped = Counter(a["by"] for q in truth["forum_questions"] for a in q["answers"] if a["by"] not in (q["by"], "town-hall"))
    told = {helper["id"]: helper for helper in truth["helpers"]}
    assert set(helped) <= set(told)
    assert all(told[person]["helped"] >= n for person, n in helped.items())
    assert sum(helper["helped"] for helper in told.values()) == truth["thankless"]["helps"]


def test_opinion_is_spoken_by_its_holders_only(truth, notes):
    told, people = truth["opinion"], by_account(truth, "mastodon")
    speakers = {note.author for note in notes.values() if told["hashtag"] in note.tags}
    assert speakers == {account for account, person in people.items() if person["opinion"] and person["archive"]}
    assert told["holders"] == sum(person["opinion"] for person in truth["people"])
    assert told["holders"] / told["members"] == pytest.approx(0.2, abs=0.01)
    assert told["see_a_majority"] > told["holders"] / told["members"]
    assert told["mean_followers_of_holders"] > 1.5 * told["mean_followers"]


def test_divided_topics_divide_and_the_other_does_not(truth, archives, notes):
    people = by_account(truth, "mastodon")
    assert [topic["divides"] for topic in truth["topics"]] == [True, True, False]
    for topic in truth["topics"]:
        tag = topic["hashtag"]
        camp = {account: person["camps"][tag] for account, person in people.items() if tag in person["camps"]}
        same = [
            camp[archive.id] == camp[notes[boosted].author]
            for archive in archives
            for boosted, _ in archive.boosts
            if boosted in notes and tag in notes[boosted].tags
        ]
        assert len(same) > 50
        assert sum(same) / len(same) == pytest.approx(topic["boosts"]["within_camp"], abs=0.08)
        assert {note.author for note in notes.values() if tag in note.tags} <= set(camp)
        assert (topic["boosts"]["within_camp"] > topic["boosts"]["by_chance"] + 0.3) == topic["divides"]


def test_the_burst(truth, notes):
    told = truth["burst"]
    ids = set(told["mastodon_ids_in_exports"])
    assert len(ids) > 50
    assert ids <= set(notes)
    assert all(told["at"] <= notes[i].at < told["until"] and told["hashtag"] in notes[i].tags for i in ids)


def test_rhythm_shows_in_the_hours_of_the_week(truth):
    week = truth["rhythm"]["mastodon"]["hour_of_week"]
    nights, evenings = (sum(week[24 * day + hour] for day in range(7)) for hour in (4, 20))
    assert len(week) == 168
    assert evenings > 3 * nights


def test_chats(truth, folder):
    assert {chat["form"] for chat in truth["chats"]} == {"ios", "android"}
    for chat in truth["chats"]:
        copies = [files.chat(folder / export["path"]) for export in chat["exports"]]
        for copy, export in zip(copies, chat["exports"]):
            assert len(copy) == export["messages"]
            assert [when for when, _, _ in copy] == sorted(when for when, _, _ in copy)
        everything = set().union(*map(set, copies))
        assert len(everything) <= chat["messages"]
        for message in (chat["first"], chat["last"]):
            assert (message["local"], message["author"], message["text"]) in everything
        assert {author for _, author, _ in everything} <= set(chat["messages_by"])
        if len(copies) == 1:
            assert Counter(author for _, author, _ in copies[0]) == chat["messages_by"]


def test_two_members_copies_agree_where_they_overlap(truth, folder):
    (chat,) = [chat for chat in truth["chats"] if len(chat["exports"]) == 2]
    first, second = (files.chat(folder / export["path"]) for export in chat["exports"])
    shared = [message for message in first if message in set(second)]
    assert len(shared) > 100
    assert shared == [message for message in second if message in set(first)]
    assert first[-len(shared) :] == shared == second[: len(shared)]
    assert Path(chat["exports"][0]["path"]).parent != Path(chat["exports"][1]["path"]).parent
