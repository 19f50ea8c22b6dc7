"""LinkedIn's tables beyond the pairs: real headers, columns in any order, dates in any form, whose export it is, quotes in quotes."""

import tracemalloc

import pytest

from kring import sources
from kring.schema import Account, Event, Post, Scope
from kring.sources import linkedin
from kring.sources.linkedin_dates import month_first, time_of
from kring.sources.linkedin_words import account_id, tagged, thing_id, unwrapped
from kring.sources.zones import Zone
from shared_data import shared
from sources.reading import page, pages_under, read

ME = "linkedin:in/own-profile"
CONNECTIONS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
PROFILE = page("Profile.csv", b"First Name,Last Name,Headline,Public Profile URL\nAnna,Bakker,Bakt,https://www.linkedin.com/in/anna\n")
MESSAGES = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def test_an_export_of_made_up_people_that_nobody_here_made():
    items, unreads, notes = read("linkedin", pages_under(shared("exports_linkedin")))
    owner, *others = records(items, Account)
    assert (owner.id, owner.name, owner.owner) == (ME, "Own Profile", True)
    assert {a.id: a.name for a in others} == {
        "linkedin:in/hans": "Hans Beispiel",
        "linkedin:in/max-mustermann": "Max Mustermann",
        "linkedin:in/erika": "Erika Musterfrau",
        "linkedin:in/solo": "Solo Selbstständig",
        "linkedin:in/saskia-mueller-1": "Saskia Müller",
        "linkedin:in/anna-b": "Anna Bewerber",
    }
    follows = [(e.actor, e.object, day(e.at)) for e in records(items, Event) if e.verb == "follow"]
    dates = {"hans": "2022-04-03", "max-mustermann": "2024-03-05", "erika": "2023-01-12", "solo": "2025-02-01"}
    both = [((ME, f"linkedin:in/{who}", at), (f"linkedin:in/{who}", ME, at)) for who, at in dates.items()]
    assert follows == [each for pair in both for each in pair]
    invited = [(e.actor, e.object, day(e.at)) for e in records(items, Event) if e.verb == "add"]
    assert invited == [
        (ME, "linkedin:in/saskia-mueller-1", "2026-07-08"),
        ("linkedin:in/anna-b", ME, "2026-07-01"),
        (ME, "linkedin:in/max-mustermann", "2026-06-01"),
    ]
    assert [(p.author, p.text, p.place, p.mentions) for p in records(items, Post)] == [
        ("linkedin:in/anna-b", "Hallo!", "", (ME,)),
        (ME, "Hi Max", "", ("linkedin:in/max-mustermann",)),
        (ME, "Hallo Erika, kurze Frage.", "linkedin:chat/c1", ("linkedin:in/erika",)),
        ("linkedin:in/erika", "Gerne! Antwort folgt.", "linkedin:chat/c1", (ME,)),
        (ME, "Hi Max!", "linkedin:chat/c2", ("linkedin:in/max-mustermann",)),
    ]
    assert unreads == []
    assert len(notes) == 1, "7/8/26 could be a day in August"


def day(at):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at / 1e6, UTC).date().isoformat()


def test_each_file_of_it_is_recognised_alone():
    for each in pages_under(shared("exports_linkedin")):
        assert sources.recognise(each)[0] == "linkedin", each.name


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("05 Jun 2021", "2021-06-05T00:00"),
        ("5 juin 2021", "2021-06-05T00:00"),
        ("05 mrt 2021", "2021-03-05T00:00"),
        ("5. März 2021", "2021-03-05T00:00"),
        ("5 de mayo de 2021", "2021-05-05T00:00"),
        ("30 gen 2021", "2021-01-30T00:00"),
        ("Jun 5, 2021", "2021-06-05T00:00"),
        ("6/5/21, 3:04 PM", "2021-06-05T15:04"),
        ("6/5/21, 12:04\u202fAM", "2021-06-05T00:04"),
        ("6/5/2021 15:04", "2021-06-05T15:04"),
        ("2021-06-05 15:04:05 UTC", "2021-06-05T15:04"),
        ("2021/06/05 15:04:05 UTC", "2021-06-05T15:04"),
        ("2021-06-05", "2021-06-05T00:00"),
        ("31 Feb 2021", None),
        ("05 Foo 2021", None),
        ("01 Jan 1601", None),
        ("13/13/21, 3:04 PM", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_time_is_read_in_every_form(written, means):
    from datetime import UTC, datetime

    found = time_of(written, Zone(""), month_is_first=True)
    assert (found and datetime.fromtimestamp(found.at / 1e6, UTC).strftime("%Y-%m-%dT%H:%M")) == means


def test_a_zone_moves_local_times_and_nothing_else():
    local, utc, only_day = (
        time_of(each, Zone("Europe/Amsterdam"), month_is_first=True)
        for each in ("6/5/21, 3:04 PM", "2021-06-05 15:04:00 UTC", "05 Jun 2021")
    )
    assert (local.offset_s, local.zone) == (7200, "Europe/Amsterdam")
    assert utc.at - local.at == 7200 * 1_000_000
    assert (utc.zone, only_day.zone, only_day.offset_s) == ("UTC", "", 0)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (["6/5/21, 3:04 PM", "6/25/21, 3:04 PM"], (True, True)),
        (["6/5/21, 15:04", "25/6/21, 15:04"], (False, True)),
        (["6/5/21, 3:04 PM"], (True, False)),
        (["6/5/21, 15:04"], (False, False)),
        (["24.12.21, 15:04"], (False, True)),
        (["2021-06-05", "05 Jun 2021", ""], (False, True)),
    ],
)
def test_whether_day_or_month_comes_first_is_told_from_the_whole_file(written, found):
    assert month_first(written) == found


def test_columns_may_come_in_any_order_behind_any_preamble():
    raw = 'Notes:\n"When exporting, some addresses, you see, are missing. See https://www.linkedin.com/help, or ask."\n\n'
    raw += "Connected On,Position,Email Address,Last Name,URL,First Name\n05 Jun 2021,,x@y.example,de Vries,https://www.linkedin.com/in/bob,Bob\n"
    items, unreads, _ = read("linkedin", [PROFILE, page("Connections.csv", raw.encode())])
    assert [(a.id, a.name) for a in records(items, Account)][1:] == [("linkedin:in/bob", "Bob de Vries")]
    assert all(b"x@y.example" not in item.raw for item in items), "e-mail addresses are no part of what is kept"
    assert unreads == []


def test_the_owner_is_told_by_name_where_only_that_is_known():
    profile = page("Profile.csv", b"First Name,Last Name,Headline\nAnna,Bakker,Bakt\n")
    items, *_ = read("linkedin", [profile, page("Connections.csv", (CONNECTIONS + "Bob,X,,,,,05 Jun 2021\n").encode())])
    assert records(items, Account)[0] == Account(id="linkedin:name/Anna Bakker", name="Anna Bakker", kind="person", owner=True)
    assert records(items, Event)[0].object == "linkedin:name/Bob X"


@pytest.mark.parametrize("said", ["https://www.linkedin.com/in/Anna/", "linkedin.com/in/anna"])
def test_the_owner_may_be_said(said):
    raw = (CONNECTIONS + "Bob,X,https://www.linkedin.com/in/bob,,,,05 Jun 2021\n").encode()
    items, unreads, _ = read("linkedin", [page("Connections.csv", raw)], place=said)
    assert records(items, Event)[0].actor == "linkedin:in/anna"
    assert unreads == []


def message(conversation, name, to, at="2024-03-02 10:00:00 UTC", text="hi"):
    url = "https://www.linkedin.com/in/"
    return f'{conversation},,{name},{url}{name},{to},{url}{to},{at},,"{text}",INBOX\n'


def test_who_is_in_all_conversations_is_the_owner_if_there_are_several():
    def owners(*said):
        items, *_ = read("linkedin", [page("messages.csv", (MESSAGES + "".join(said)).encode())])
        return [a.id for a in records(items, Account) if a.owner]

    one = message("c1", "anna", "bob") + message("c1", "bob", "anna")
    assert owners(one, message("c2", "carla", "anna")) == ["linkedin:in/anna"]
    assert owners(one) == []
    assert owners(one, message("c1", "carla", "anna")) == [], "somebody may be in all of one conversation"


def test_the_exports_of_two_people_meet_in_their_conversation():
    said = message("c1", "anna", "bob", text="hi") + message("c1", "anna", "bob", text="hi") + message("c1", "bob", "anna")
    hers, *_ = read("linkedin", [PROFILE, page("messages.csv", (MESSAGES + said + message("c2", "anna", "carla")).encode())])
    his, *_ = read("linkedin", [page("messages.csv", (MESSAGES + said).encode())])
    assert {p.id for p in records(his, Post)} < {p.id for p in records(hers, Post)}
    assert len({p.id for p in records(his, Post)}) == 3


def test_a_conversation_in_a_broken_table_is_not_whole():
    whole = MESSAGES + message("c1", "anna", "bob")
    assert len(records(read("linkedin", [page("messages.csv", whole.encode())])[0], Scope)) == 1
    items, unreads, _ = read("linkedin", [page("messages.csv", (whole + "c1,,anna").encode())])
    assert records(items, Scope) == []
    assert len(unreads) == 1


@pytest.mark.parametrize(
    ("url", "name", "id"),
    [
        ("https://www.linkedin.com/in/Anna-Bakker/", "", "linkedin:in/anna-bakker"),
        ("https://nl.linkedin.com/in/anna-bakker?x=1", "Anna", "linkedin:in/anna-bakker"),
        ("https://www.linkedin.com/in/carla-%C3%B3scar", "", "linkedin:in/carla-óscar"),
        ("https://www.linkedin.com/company/bakkers", "", "linkedin:company/bakkers"),
        ("", " Anna  Bakker ", "linkedin:name/Anna Bakker"),
        ("", "LinkedIn Member", ""),
        ("", "", ""),
    ],
)
def test_an_account_has_one_id(url, name, id):
    assert account_id(url, name) == id


def test_a_post_has_one_id_however_its_address_is_written():
    for link in (
        "urn:li:activity:7",
        "https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7",
        "https://x/urn%253Ali%253Aactivity%253A7/",
    ):
        assert thing_id(link) == "linkedin:activity:7"
    assert thing_id("https://www.linkedin.com/posts/x") == "linkedin:https://www.linkedin.com/posts/x"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('One "\n"\n"Two "\n"Three', "One\n\nTwo\nThree"),
        ("One\n\nTwo", "One\n\nTwo"),
        ('He said "yes"\nand left', 'He said "yes"\nand left'),
        ('"quoted"', '"quoted"'),
        ("", ""),
    ],
)
def test_quotes_around_line_breaks_are_taken_off_and_others_stay(written, meant):
    assert unwrapped(written) == meant


def test_hashtags_are_found_as_people_write_them_and_as_the_export_does():
    assert tagged("a #b hashtag#c {hashtag|\\#|d} e#f") == ("a #b #c #d e#f", ("b", "c", "d"))


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Connections.csv", b"source,target\na,b\n"),
        ("comments.csv", b"id,text\n1,x\n"),
        ("reactions.csv", b"Date,Type,Link\n2024-01-01,LIKE,https://town.example/1\n"),
        ("messages.csv", b"from,to\na,b\n"),
        ("people.csv", b"First Name,Last Name,Age\nA,B,3\n"),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, head):
    assert linkedin.sniff(page(name, head)) < 0.5


def test_memory_does_not_grow_with_the_messages():
    def peak(n):
        times = (f"2024-03-02 {i // 3600:02}:{i // 60 % 60:02}:{i % 60:02} UTC" for i in range(n))
        said = "".join(message("c1", "anna", "bob", at=at, text=f"words {at} " * 5) for at in times)
        pages = [page("messages.csv", (MESSAGES + said).encode())]
        tracemalloc.start()
        for _ in linkedin.read(pages, sources.Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(4_000)  # what Python keeps at hand from the first reading on doesn't count
    assert peak(12_000) < peak(4_000) + 50_000
