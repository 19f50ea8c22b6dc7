"""Mail boxes: what real software writes comes back, separators and threads, whose box it is, hostile input, and the files that nobody here made."""

import copy
import email
import email.policy
import email.utils
import io
import mailbox
import tracemalloc
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.errors import UsageError
from kring.schema import Account, Asked, Item, Place, Post, Scope
from kring.sources import mail, mail_bodies, mail_boxes, mail_threads
from kring.wire import Page
from sources.reading import page, pages_under, read

HEAD = "From: Ada <ada@x.example>\nTo: bob@y.example\nSubject: Hello\nDate: Tue, 5 Mar 2024 09:00:00 +0100\n"


def letter(text: str = "Hello", n: int = 1, **fields: str) -> bytes:
    """A mail; a field given replaces the usual one, "" takes it away."""
    usual = {"From": "Ada <ada@x.example>", "To": "bob@y.example", "Subject": "Hello", "Date": "Tue, 5 Mar 2024 09:00:00 +0100"}
    usual["Message-ID"] = f"<{n}@x.example>"
    usual |= {name.replace("_", "-"): value for name, value in fields.items()}
    return ("".join(f"{name}: {value}\n" for name, value in usual.items() if value) + f"\n{text}\n").encode()


def box(*letters: bytes) -> bytes:
    return b"".join(b"From x@y.example Tue Mar  5 09:00:00 2024\n" + one + b"\n" for one in letters)


def read_mail(raw: bytes, name: str = "a.mbox", **asked: str):
    items, unreads, notes = read("mail", [page(name, raw)], **asked)
    return [record for item in items for record in item.records], unreads, [note.text for note in notes]


def posts_of(raw: bytes, name: str = "a.mbox", **asked: str) -> list[Post]:
    return [record for record in read_mail(raw, name, **asked)[0] if isinstance(record, Post)]


def records_of(raw: bytes, kind: type, name: str = "a.mbox") -> list:
    return [record for record in read_mail(raw, name)[0] if isinstance(record, kind)]


# ---- written by Python's `email` and `mailbox`, read back -----------------------------------------------------------------------------------

words = st.text(st.characters(categories=["L", "Nd"], max_codepoint=0xFFFF), min_size=1, max_size=12)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
locals_ = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-", min_size=1, max_size=10).filter(
    lambda s: s[0] not in "._-" and s[-1] != "." and ".." not in s
)
addresses = st.builds(lambda a, b: f"{a}@{b}.example", locals_, st.text("abcdefghij", min_size=1, max_size=8))
lines = st.lists(words, max_size=8).map(" ".join)
texts = st.lists(
    lines | st.just("From here it is a day's walk") | st.just("From ada@x.example Tue Mar  5 09:00:00 2024"), min_size=1, max_size=8
)
zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1971, 1, 2), datetime(2099, 12, 30), timezones=zones).map(lambda time: time.replace(microsecond=0))


@st.composite
def letters(draw):
    made = EmailMessage()
    made["From"] = email.utils.formataddr((draw(names), draw(addresses)))
    made["To"] = ", ".join(draw(st.lists(addresses, min_size=1, max_size=4, unique=True)))
    made["Subject"] = draw(names)
    made["Date"] = email.utils.format_datetime(draw(times))
    made["Message-ID"] = f"<{draw(st.text('abcXYZ019+=$', min_size=1))}.{draw(st.integers(0, 10**9))}@x.example>"
    made.set_content("\n".join(["Dear all", *draw(texts)]) + "\n", cte=draw(st.sampled_from(["8bit", "base64", "quoted-printable"])))
    if draw(st.booleans()):
        made.add_alternative("<p>something else</p>", subtype="html")
    if draw(st.booleans()):
        made.add_attachment(b"\0\1", maintype="image", subtype="png", filename=draw(names) + ".png")
    return made


def is_the_same(post: Post, made: EmailMessage) -> None:
    sender = made["From"].addresses[0]
    assert post.id == "mail:" + made["Message-ID"].strip("<>")
    assert post.author == f"mail:{sender.addr_spec}"
    assert list(post.mentions) == [f"mail:{one.addr_spec}" for one in made["To"].addresses]
    assert post.title == " ".join(str(made["Subject"]).split())
    assert post.at == made["Date"].datetime.timestamp() * 1e6
    assert post.offset_s == made["Date"].datetime.utcoffset().total_seconds()
    assert post.text == "\n".join(line.rstrip() for line in made.get_body(("plain",)).get_content().split("\n")).strip()
    assert [one.name for one in post.media] == [one.get_filename() for one in made.iter_attachments()]


@settings(deadline=None, max_examples=60)
@given(made=st.lists(letters(), min_size=1, max_size=4))
def test_an_mbox_written_by_python_reads_back_equal(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("box") / "python.mbox"
    written = mailbox.mbox(path)
    for one in made:
        written.add(copy.deepcopy(one))  # Python puts ">" before "From " in what it is given
    written.close()
    posts = posts_of(path.read_bytes())
    assert len(posts) == len(made)
    for post, one in zip(posts, made):
        is_the_same(post, one)


@settings(deadline=None, max_examples=40)
@given(made=st.lists(letters(), min_size=1, max_size=4, unique_by=lambda one: one["Message-ID"]))
def test_a_maildir_written_by_python_reads_back_equal(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("box") / "Maildir"
    written = mailbox.Maildir(path)
    for number, one in enumerate(made):
        message = mailbox.MaildirMessage(one)
        message.set_subdir("cur" if number % 2 else "new")
        message.set_flags("S" if number % 2 else "")
        written.add(message)
    items, unreads, _ = read("mail", pages_under(path))
    posts = {record.id: record for item in items for record in item.records if isinstance(record, Post)}
    assert not unreads
    assert len(posts) == len(made)
    for one in made:
        is_the_same(posts["mail:" + one["Message-ID"].strip("<>")], one)


@pytest.mark.parametrize("kind", ["mbox", "MMDF", "MH", "Babyl"])
def test_which_of_pythons_boxes_are_read(kind, tmp_path):
    """MH folders are files of one mail each; MMDF and Babyl (Emacs) are not read, and not taken for something else."""
    written = getattr(mailbox, kind)(tmp_path / "box")
    written.add(letter("Is this read?"))
    written.flush()
    written.close()
    items, _, _ = read("mail", pages_under(tmp_path / "box"))
    texts = [record.text for item in items for record in item.records if isinstance(record, Post)]
    assert texts == (["Is this read?"] if kind in ("mbox", "MH") else [])


# ---- where a mail ends ----------------------------------------------------------------------------------------------------------------------

bodies = st.lists(
    st.sampled_from(["", "words", "From", "From me to you", "\nFrom x@y Tue Mar  5 09:00:00 2024", "x" * 70, ">From"]), max_size=12
)


@given(made=st.lists(bodies, min_size=1, max_size=6), chunk=st.integers(1, 200), ending=st.sampled_from(["\n", "\r\n"]))
def test_mails_are_cut_where_they_were_joined_whatever_the_chunks(made, chunk, ending):
    """The line that only looks like a separator stands before no header, so it never is one."""
    whole = ["From a@b Tue Mar  5 09:00:00 2024\n" + HEAD + "\n" + "".join(f"{line}\n" for line in body) + "\n" for body in made]
    raw = [one.replace("\n", ending).encode() for one in whole]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail_boxes, "_CHUNK", chunk)
        pieces = list(mail_boxes.mbox(page("a.mbox", b"".join(raw))))
    assert [piece.raw for piece in pieces] == raw
    assert [piece.number for piece in pieces] == list(range(1, len(raw) + 1))


@given(sizes=st.lists(st.integers(0, 8000), min_size=1, max_size=6), chunk=st.integers(100, 5000))
def test_a_mail_that_is_too_long_is_cut_and_the_next_found(sizes, chunk):
    raw = [box(letter("x\n" * size, n)) for n, size in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail_boxes, "_CHUNK", chunk)
        pieces = list(mail_boxes.mbox(page("a.mbox", b"".join(raw)), longest=8000))
    assert [piece.whole for piece in pieces] == [len(one) <= 8000 for one in raw]
    assert [piece.raw for piece in pieces] == [one if len(one) <= 8000 else one[:4096] for one in raw]


def test_a_mail_that_is_too_long_is_said_and_the_rest_read(monkeypatch):
    monkeypatch.setattr(mail_boxes.mbox, "__kwdefaults__", {"longest": 5000})
    records, unreads, _ = read_mail(box(letter("one", 1), letter("x" * 9000, 2), letter("three", 3)))
    assert [one.text for one in records if isinstance(one, Post)] == ["one", "three"]
    assert [(one.kind, one.where) for one in unreads] == [("too-large", "a.mbox, mail 2")]
    assert len(unreads[0].raw) == 4096


@pytest.mark.parametrize(
    ("claimed", "n"),
    [("exact", 1), (0, 2), (10, 2), (999_999_999_999, 2), (-5, 2)],
    ids=["exact", "none", "too short", "beyond the file", "nonsense"],
)
def test_content_length_is_a_hint_and_no_more(claimed, n):
    inner = b"A log:\n\n" + box(letter("inner", 2))
    raw = b"From a@b Tue Mar  5 09:00:00 2024\n" + HEAD.encode()
    length = len(inner) if claimed == "exact" else claimed
    raw += b"Content-Length: %d\n\n" % length + inner + b"\n"
    assert len(posts_of(raw)) == n


@pytest.mark.parametrize(("n", "believed"), [(10, True), (40, False)], ids=["300 KB", "1.2 MB"])
def test_a_hint_can_not_hide_what_comes_far_behind_it(n, believed):
    hidden = box(*(letter("x" * 30_000, i) for i in range(n)))
    raw = b"From a@b Tue Mar  5 09:00:00 2024\n" + HEAD.encode() + b"Content-Length: %d\n\n\n" % (len(hidden) + 1) + hidden + box(letter())
    assert len(posts_of(raw)) == (2 if believed else n + 2)


def test_a_separator_comes_after_an_empty_line():
    line = "From x@y.example Tue Mar  5 09:00:00 2024\nSubject: no mail"
    assert [post.text for post in posts_of(box(letter(f"A line,\n{line}")))] == [f"A line,\n{line}"]
    assert len(posts_of(box(letter(f"A line,\n\n{line}")))) == 2


def test_a_mail_that_is_too_long_is_not_kept_in_memory(monkeypatch):
    monkeypatch.setattr(mail_boxes, "_CHUNK", 10_000)
    raw = box(letter("x" * 70 + "\n")) + box(letter("y\n" * 4_000_000)) + box(letter("end", 3))
    given = page("a.mbox", raw)
    tracemalloc.start()
    pieces = list(mail_boxes.mbox(given, longest=50_000))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [piece.whole for piece in pieces] == [True, False, True]
    assert most < 1_000_000


# ---- threads ----------------------------------------------------------------------------------------------------------------------------------


def threads_of(*letters: bytes) -> list[tuple[str, str]]:
    return [(post.reply_to.removeprefix("mail:"), post.thread.removeprefix("mail:")) for post in posts_of(box(*letters))]


def test_in_reply_to_is_believed_before_references_and_their_first_is_the_thread():
    answer = letter("yes", 2, In_Reply_To="<b@x>", References="<root@x> <a@x> <b@x>\n <c@x>")
    assert threads_of(answer) == [("b@x", "root@x")]
    assert threads_of(letter("yes", 2, References="<root@x>\n\t<a@x>")) == [("a@x", "root@x")]
    assert threads_of(letter("yes", 2, In_Reply_To='Message from Bob <bob@y.example> of "Tue" <a@x>')) == [("a@x", "a@x")]
    assert threads_of(letter("myself", 2, In_Reply_To="<2@x.example>", References="<2@x.example>")) == [("", "2@x.example")]


@pytest.mark.parametrize("prefix", ["Re:", "RE :", "Antw:", "AW:", "Sv:", "RIF:", "Re[2]:", "Re(3):", "[Town] Re:", "Re: [Town] Re:", "R:"])
def test_without_ids_the_subject_tells_if_it_says_that_it_answers(prefix):
    first = letter("?", 1, Subject="[Town] Who  has keys")
    assert threads_of(
        first, letter("me", 2, From="bob@y.example", To="ada@x.example", Subject=f"{prefix} who has KEYS".replace("  ", " "))
    )[1] in (
        ("1@x.example", "1@x.example"),
        ("", "2@x.example"),
    )


def test_the_subject_joins_only_near_mails_of_the_same_people_or_list():
    first = letter("?", 1, Subject="Keys")
    answer = {"From": "bob@y.example", "To": "ada@x.example", "Subject": "Re: Keys"}
    assert threads_of(first, letter("me", 2, **answer))[1] == ("1@x.example", "1@x.example")
    assert threads_of(first, letter("late", 2, **answer | {"Date": "Fri, 5 Apr 2024 09:00:00 +0100"}))[1][0] == ""
    assert threads_of(first, letter("others", 2, **answer | {"To": "eve@z.example"}))[1][0] == ""
    assert threads_of(first, letter("no answer", 2, **answer | {"Subject": "Keys"}))[1][0] == ""
    assert threads_of(first, letter("forwarded", 2, **answer | {"Subject": "Fwd: Keys"}))[1][0] == ""
    assert threads_of(first, letter("in a list", 2, **answer | {"List_Id": "<keys.example>"}))[1][0] == ""
    listed = {"List_Id": "<keys.example>", "To": "keys@lists.example"}
    assert threads_of(letter("?", 1, Subject="Keys", **listed), letter("me", 2, **answer | listed))[1][0] == "1@x.example"


def test_gmails_own_number_joins_what_has_no_ids():
    assert threads_of(letter("a", 1, X_GM_THRID="17"), letter("b", 2, X_GM_THRID="17"), letter("c", 3, X_GM_THRID="18")) == [
        ("", "1@x.example"),
        ("1@x.example", "1@x.example"),
        ("", "3@x.example"),
    ]


def test_only_the_last_threads_are_remembered(monkeypatch):
    monkeypatch.setattr(mail_threads, "MOST_THREADS", 2)
    made = [letter("?", n, Subject=f"Subject {n}") for n in range(3)]
    answers = [letter("!", 10 + n, From="bob@y.example", To="ada@x.example", Subject=f"Re: Subject {n}") for n in (1, 0)]
    assert [reply for reply, _ in threads_of(*made, *answers)] == ["", "", "", "1@x.example", ""]


# ---- who, where, whose ------------------------------------------------------------------------------------------------------------------------


def test_a_name_of_ones_own_is_better_than_what_others_call_one():
    first = letter("a", 1, From="Ada <ada@x.example>", To='"Bobby (work)" <bob@y.example>')
    second = letter("b", 2, From="Bob Jones <BOB@y.example>", To="Auntie <ada@x.example>")
    accounts = records_of(box(first, second), Account)
    assert [(one.handle, one.name) for one in accounts] == [
        ("ada@x.example", "Ada"),
        ("bob@y.example", "Bobby (work)"),
        ("bob@y.example", "Bob Jones"),
    ]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("noreply@x.example", "bot"),
        ("no-reply+17@x.example", "bot"),
        ("town.do-not-reply@x.example", "bot"),
        ("MAILER-DAEMON@x.example", "bot"),
        ("bounces+ada=x.example@list.example", "bot"),
        ("niet-beantwoorden@gemeente.example", "bot"),
        ("noor@x.example", "unknown"),
        ("info@x.example", "unknown"),
        ("reply@x.example", "unknown"),
        ("postmaster@x.example", "unknown"),
    ],
)
def test_only_addresses_that_say_so_are_bots(address, kind):
    assert records_of(letter(From=address), Account, "a.eml")[0].kind == kind


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ({"Auto_Submitted": "auto-replied (vacation)"}, ("auto-reply",)),
        ({"X_Autoreply": "yes"}, ("auto-reply",)),
        ({"Precedence": "auto_reply"}, ("auto-reply",)),
        ({"Auto_Submitted": "auto-generated", "X_Auto_Response_Suppress": "All"}, ("auto-reply",)),
        ({"Auto_Submitted": "no"}, ()),
        ({"Auto_Submitted": "auto-generated"}, ()),
        ({"Precedence": "bulk"}, ()),
    ],
)
def test_a_machines_answer_is_marked_and_its_person_is_no_bot(fields, tags):
    records, _, _ = read_mail(letter(**fields), "a.eml")
    assert [one.tags for one in records if isinstance(one, Post)] == [tags]
    assert {one.kind for one in records if isinstance(one, Account)} == {"unknown"}


@pytest.mark.parametrize(
    ("fields", "place", "visibility"),
    [
        ({}, "", "direct"),
        ({"List_Id": "Town <Town.lists.example>"}, "mail:list:town.lists.example", "place"),
        ({"List_Id": "town.lists.example", "List_Archive": "<https://lists.example/>"}, "mail:list:town.lists.example", "public"),
        ({"List_Id": "<t.l>", "List_Archive": "<mailto:archive@lists.example>"}, "mail:list:t.l", "place"),
        ({"List_Id": "<t.l>", "List_Archive": "<https://lists.example/mailman/private/t/>"}, "mail:list:t.l", "place"),
        ({"List_Post": "<mailto:Town@lists.example>"}, "mail:list:town.lists.example", "place"),
        ({"X_Mailing_List": "town@lists.example"}, "mail:list:town.lists.example", "place"),
        ({"List_Id": "<t.l>", "List_Archive": "https://lists.example/"}, "mail:list:t.l", "public"),
    ],
)
def test_only_a_list_with_a_web_archive_is_public(fields, place, visibility):
    (post,) = posts_of(letter(**fields), "a.eml")
    assert (post.place, post.visibility) == (place, visibility)


def test_the_user_may_name_the_list():
    (post,) = posts_of(letter(), "a.eml", place="Our  Garden")
    assert (post.place, post.visibility) == ("mail:list:our garden", "place")
    assert posts_of(letter(List_Id="<t.l>"), "a.eml", place="Our Garden")[0].place == "mail:list:t.l"


def test_the_list_itself_is_nobody_who_is_addressed_or_writes():
    listed = {"List_Id": "<town.lists.example>", "To": "Town <town@lists.example>, bob@y.example"}
    munged = letter("b", 2, From="'Cas' via Town <town@lists.example>", **listed)
    answered = letter("c", 3, From="Dea via Town <town@lists.example>", Reply_To="town@lists.example, Dea <dea@z.example>", **listed)
    posts = posts_of(box(letter("a", 1, **listed), munged, answered))
    assert {post.mentions for post in posts} == {("mail:bob@y.example",)}
    assert [post.author for post in posts] == ["mail:ada@x.example", "mail:list:town.lists.example:Cas", "mail:dea@z.example"]


def correspondence(n: int, **fields: str) -> bytes:
    return box(*(letter("?", i, From=f"p{i}@x.example", To="Town <town@y.example>", **fields) for i in range(n)))


def test_an_owner_is_proposed_only_where_one_address_is_everywhere():
    def owners(raw: bytes) -> list[str]:
        return [one.handle for one in records_of(raw, Account) if one.owner]

    assert owners(correspondence(10)) == ["town@y.example"]
    assert owners(correspondence(9)) == []
    assert owners(correspondence(10, List_Id="<t.l>")) == []
    two = box(*(letter("?", n) for n in range(20)))
    assert owners(two) == []
    assert owners(box(*(letter("?", n, Delivered_To="bob@y.example") for n in range(20)))) == ["bob@y.example"]
    nineteen = [letter("?", n, From=f"p{n}@x.example", To="town@y.example") for n in range(19)]
    assert owners(box(*nineteen, letter("?", 20))) == ["town@y.example"]
    assert owners(box(*nineteen[:18], letter("?", 20), letter("?", 21))) == []


def test_a_list_is_whole_only_in_an_archive_of_it():
    def whole(*letters: bytes, name: str = "a.mbox") -> list[Scope]:
        return records_of(box(*letters), Scope, name)

    listed = [letter("?", n, List_Id="<t.l>", Date=f"Tue, {n} Mar 2024 09:00:00 +0000") for n in (5, 3, 7)]
    (scope,) = whole(*listed)
    assert scope == Scope(place="mail:list:t.l", since=1709456400000000, until=1709802000000000)
    assert not whole(*listed, letter("?", 9))
    assert not whole(*listed, letter("?", 9, List_Id="<u.l>"))
    assert not whole(*listed, letter("?", 9, List_Id="<t.l>", Delivered_To="ada@x.example"))
    assert not whole(*listed, letter("?", 9, List_Id="<t.l>", X_Mozilla_Status="0001"))
    assert not whole(*listed, letter("?", 9, List_Id="<t.l>", X_Gmail_Labels="Inbox"))
    assert not whole(listed[0])
    assert not whole(*listed[:1], letter("!", 9, List_Id="<t.l>", In_Reply_To="<5@x.example>")), "one thread is no archive"
    star = [letter("?", n, List_Id="<t.l>", From="ada@x.example") for n in range(1, 7)]
    star += [letter("!", n + 10, List_Id="<t.l>", From=f"p{n}@x.example", In_Reply_To=f"<{n}@x.example>") for n in range(1, 7)]
    assert not whole(*star), "what one person took part in is a star, whoever else wrote in it"
    assert whole(*star, letter("?", 30, List_Id="<t.l>", From="p1@x.example"), letter("?", 31, List_Id="<t.l>", From="p2@x.example"))
    one_each = [page(f"d/{n}.eml", raw) for n, raw in enumerate(listed)]
    assert not [record for item in read("mail", one_each)[0] for record in item.records if isinstance(record, Scope)]


def test_gmails_export_holds_an_owner_whole_only_if_it_is_of_the_whole_box():
    def scopes(*labels: str) -> list[str]:
        mails = [
            letter("?", n, From="me@g.example" if "Sent" in label else f"p{n}@x.example", To="me@g.example", X_Gmail_Labels=label)
            for n, label in enumerate(labels)
        ]
        return [one.account for one in records_of(box(*mails), Scope)]

    assert scopes("Sent", "Sent", "Sent", "Inbox") == ["mail:me@g.example"]
    assert scopes("Sent", "Sent", "Sent") == []
    assert scopes("Sent,Club", "Sent,Club", "Sent,Club", "Inbox,Club") == []
    assert scopes("Sent", "Sent", "Inbox") == []


# ---- what stands in the wrong place, or is built to do harm --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "instead"),
    [("Mon, 01 Jan 1601 00:00:00 +0000", "2024-03-05"), ("Tue, 5 Mar 2999 09:00:00 +0000", "2024-03-05"), ("yesterday", "2024-03-05")],
)
def test_an_unbelievable_time_is_said_and_the_receipt_stands_instead(date, instead):
    received = "from a by b; Tue, 5 Mar 2024 09:00:05 +0000"
    records, unreads, _ = read_mail(letter(Date=date, Received=received), "a.eml")
    assert [one.at for one in records if isinstance(one, Post)] == [1709629205000000]
    assert [(one.kind, one.where) for one in unreads] == [("implausible-time", "a.eml")]
    assert date in unreads[0].why
    records, unreads, _ = read_mail(letter(Date=date), "a.eml")
    assert [one.at for one in records if isinstance(one, Post)] == [None]
    assert "without a time" in unreads[0].why


def test_ten_thousand_broken_dates_are_not_ten_thousand_lines():
    raw = box(*(letter("?", n, Date="Mon, 01 Jan 1601 00:00:00 +0000") for n in range(300))).replace(
        b"Tue Mar  5 09:00:00 2024", b"Tue Mar  5 09:00:00 1601"
    )
    posts, unreads = posts_of(raw), read_mail(raw)[1]
    assert len(posts) == 300
    assert len(unreads) == 101
    assert sum(one.n for one in unreads) == 300


def test_a_zone_that_is_not_known_by_name_is_the_users_to_correct():
    with pytest.raises(UsageError, match="Nowhere"):
        read_mail(letter(), "a.eml", zone="Nowhere/Land")


def bomb(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\n\ndeep\n"
    for n in range(depth):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) + inner + b"--b%d--\n" % n
    return HEAD.encode() + inner


@pytest.mark.parametrize(
    "raw",
    [
        bomb(500),
        HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000 + b"--b--\n",
        HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3000,
    ],
    ids=["500 deep", "10,000 parts", "each inside itself"],
)
def test_a_bomb_of_parts_is_opened_a_little_and_said(raw):
    records, unreads, _ = read_mail(raw, "a.eml")
    assert len([one for one in records if isinstance(one, Post)]) == 1
    assert "hostile" in {one.kind for one in unreads}


@pytest.mark.parametrize(
    "raw",
    [
        HEAD.replace("Hello", "=?a?q?" * 100_000).encode() + b"\n.",
        HEAD.replace("Ada", "(" * 300_000).encode() + b"\n.",
        HEAD.replace("Ada", '"' * 300_001).encode() + b"\n.",
        HEAD.replace("Ada", "<" * 300_000).encode() + b"\n.",
        HEAD.encode() + b"In-Reply-To: " + b"a" * 900_000 + b"\n\n.",
        HEAD.encode() + b"References: " + b"<" * 900_000 + b"\n\n.",
        HEAD.encode() + b"Content-Type: text/plain" + b"; a*1*=b" * 100_000 + b"\n\n.",
        HEAD.encode() + b"\n" + b"On 1 wrote " * 100_000 + b":\n",
        HEAD.encode() + b"\n" + b"On 2024 12:00 wrote wrote wrote:\n" * 40_000,
        HEAD.encode() + b"\n" + b"From: a\nTo: b\n" * 80_000,
        HEAD.encode() + b"\n" + b"> " * 600_000,
        HEAD.encode() + b"\n" + b">\n" * 600_000,
        HEAD.encode() + b"\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 20_000,
        HEAD.encode() + b"\n" + b"____________________\n" * 50_000,
        HEAD.encode() + b"Content-Type: text/plain; format=flowed\n\n" + b"x \n" * 400_000,
        HEAD.encode() + b"Content-Type: text/plain; charset=punycode\n\n" + b"-" + b"a9" * 200_000,
        HEAD.encode() + b"Content-Type: text/plain; charset=utf-7\n\n+2AA-",
        HEAD.encode() + b"Content-Type: multipart/mixed; boundary=" + b"-" * 1000 + b"\n\n" + b"-" * 900_000,
    ],
    ids=lambda raw: f"{len(raw)} bytes, {raw[len(HEAD) : len(HEAD) + 20]!r}",
)
@pytest.mark.timeout(20)
def test_no_mail_takes_long_or_gives_what_can_not_be_kept(raw):
    """Each is built against one pattern; the time limit is a hundred times what they take."""
    posts = posts_of(raw, "a.eml")
    assert len(posts) == 1
    msgspec.json.encode(posts)


def test_a_million_parts_are_not_even_listed():
    raw = HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 1_000_000
    given = page("a.eml", raw)
    tracemalloc.start()
    for _ in mail.read([given], Asked()):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * len(raw)


def test_ten_thousand_receivers_are_cut_and_said():
    records, unreads, _ = read_mail(letter(To=", ".join(f"p{n}@x.example" for n in range(10_000))), "a.eml")
    assert [len(one.mentions) for one in records if isinstance(one, Post)] == [1000]
    assert [one.kind for one in unreads] == ["too-large"]


def test_a_text_of_millions_of_letters_is_cut_and_said():
    records, unreads, _ = read_mail(letter("word " * 500_000), "a.eml")
    (post,) = [one for one in records if isinstance(one, Post)]
    assert len(post.text) == mail_bodies.LONGEST_TEXT
    assert [one.kind for one in unreads] == ["too-large"]


def test_memory_does_not_grow_with_the_box():
    attachment = "\n".join(["QUJD" * 19] * 12_000)

    def box_of(n: int) -> Page:
        letters_ = (box(letter(attachment, i, Content_Type="image/png", Content_Transfer_Encoding="base64")) for i in range(n))
        whole = b"".join(letters_)
        return Page(name="a.mbox", head=whole[:65536], open=lambda: io.BytesIO(whole))

    def peak(n: int) -> int:
        given = box_of(n)
        tracemalloc.start()
        for _ in mail.read([given], Asked()):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(40) < peak(8) * 1.3


def test_a_mail_without_an_id_has_the_same_one_in_every_export():
    text = "From me to you\n\nand  back"
    alone = posts_of(letter(text, Message_ID=""), "a.eml")
    crlf = posts_of(letter(text, Message_ID="").replace(b"\n", b"\r\n"), "b.eml")
    boxed = posts_of(box(letter(text, Message_ID="").replace(b"\nFrom me", b"\n>From me")))
    other = posts_of(letter(text + "!", Message_ID=""), "a.eml")
    assert alone[0].id == crlf[0].id == boxed[0].id != other[0].id


def test_an_apple_mail_file_is_read_without_its_settings():
    raw = letter("Only this")
    emlx = b"%-10d\n" % len(raw) + raw + b'<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict></dict></plist>\n'
    assert [post.text for post in posts_of(emlx, "12.emlx")] == ["Only this"]


# ---- mine or not ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"---\ntitle: Hello\ndate: 2024-03-05\n---\n\ntext",
        b"# From: a to b\n\nSubject: heaven\n",
        b"Title: A page\nDate: 2024-03-05\nAuthor: me\nTags: x\n\ntext",
        b"HTTP/1.1 200 OK\nDate: Tue, 05 Mar 2024 09:00:00 GMT\nContent-Type: text/html\n\n<html>",
        b"Host: x.example\nFrom: crawler@x.example\nAccept: */*\n\n",
        b"From: <Saved by Blink>\nSnapshot-Content-Location: https://x.example\nSubject: A page\nMIME-Version: 1.0\nDate: x\n\n",
        b"From here it is not far.\nTo: the sea.\n",
        b"From: a play\n\nTo be or not",
        b"Dear all,\nFrom: x\nTo: y\nDate: z\n",
        b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\n",
    ],
)
@pytest.mark.parametrize("name", ["x.txt", "x.md", "x"])
def test_what_only_looks_like_mail_is_not_claimed(raw, name):
    assert mail.sniff(page(name, raw)) < 0.5


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("Inbox", box(letter())),
        ("x.mbox", b"\xef\xbb\xbf" + box(letter())),
        ("x.mbox", b"\r\n\r\n" + box(letter())),
        ("2024-March.txt", b"From ada at x.example  Tue Mar  5 09:00:00 2024\nFrom: ada at x.example (Ada)\nDate: x\n\n"),
        ("x.eml", letter()),
        ("17", letter()),
        ("Maildir/cur/1.2.host:2,S", b"Subject: nothing else\n\nx"),
        ("x.eml", b"Subject: nothing else\n\nx"),
        ("x.eml", b""),
        ("Inbox.msf", b"// <!-- <mdb:mork:z"),
        ("dovecot.index.log", b"\1\2"),
    ],
)
def test_mail_is_recognised(name, raw):
    assert mail.sniff(page(name, raw)) > 0.5


# ---- files that nobody here wrote ---------------------------------------------------------------------------------------------------------------


def python_mails() -> list[Path]:
    """The mails with which Python itself is tested; some systems leave them out of Python."""
    try:
        import test.test_email
    except ImportError:
        pytest.skip("Python's own test mails are not installed here")
    return sorted((Path(test.test_email.__file__).parent / "data").glob("msg_*.txt"))


def test_pythons_own_test_mails_are_read_as_python_reads_them():
    """Written since 2001 by many hands to break parsers: who, subject, time, and the text's first words, beside what the `email` package says."""
    n = 0
    for path in python_mails():
        raw = path.read_bytes()
        items = list(mail.read([page(path.name, raw)], Asked()))
        posts = [record for item in items if isinstance(item, Item) for record in item.records if isinstance(record, Post)]
        made = email.message_from_bytes(raw, policy=email.policy.compat32)
        if not any(made[name] for name in ("From", "Date", "Subject", "Message-ID")):
            continue
        (post,) = posts
        n += 1
        if made["Message-ID"] and "<" in made["Message-ID"]:
            assert post.id == "mail:" + made["Message-ID"].strip().strip("<>"), path.name
        if made["Date"]:
            assert post.at == email.utils.mktime_tz(email.utils.parsedate_tz(made["Date"])) * 1_000_000, path.name
        if made["From"] and "@" in made["From"]:
            assert post.author == f"mail:{email.utils.parseaddr(made['From'])[1].lower()}", path.name
        if made["Subject"] and "=?" not in made["Subject"]:
            assert post.title == " ".join(made["Subject"].split()), path.name
        texts = [one for one in made.walk() if one.get_content_type() == "text/plain" and not one.get_filename()]
        if texts and made.get_content_type() not in ("message/rfc822", "multipart/digest"):
            said = texts[0].get_payload(decode=True).split()[:1]
            assert said == post.text.encode().split()[:1], path.name
    assert n > 30


def test_places_are_lists():
    assert all(isinstance(one, Place) and one.kind == "list" for one in records_of(letter(List_Id="<t.l>"), Place, "a.eml"))
