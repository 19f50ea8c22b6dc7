"""WhatsApp chats: every form of date, the files that nobody here made, exports that meet, decisions said aloud, and hostile input."""

import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.errors import UsageError
from kring.schema import Event, Membership, Place, Post, Scope
from kring.sources import whatsapp
from kring.sources.whatsapp_acts import act
from kring.sources.whatsapp_words import understand
from kring.wire import Page
from shared_data import shared
from sources.reading import page, pages_under, read


def chat(text: str | bytes, name: str = "chat.txt", **asked: str):
    raw = text.encode() if isinstance(text, str) else text
    items, unreads, notes = read("whatsapp", [page(name, raw)], **asked)
    return [record for item in items for record in item.records], unreads, [note.text for note in notes]


def posts(records) -> list[Post]:
    return [record for record in records if isinstance(record, Post)]


def local(post: Post) -> datetime:
    return datetime.fromtimestamp((post.at + post.offset_s * 1_000_000) / 1e6, UTC).replace(tzinfo=None)


def who(post: Post) -> str:
    return post.author.rpartition("/")[2]


# ---- all forms of dates -------------------------------------------------------------------------------------------------------------------

START = datetime(2021, 1, 14, 0, 5, 7)
KNOWN = [
    (START, "Anna", "happy new year"),
    (datetime(2021, 1, 14, 12, 0, 30), "Piet de Vries", "noon: exactly"),
    (datetime(2021, 2, 25, 23, 59, 59), "Anna", "two\nlines"),
    (datetime(2021, 4, 3, 1, 15, 0), "+31 6 12345678", "🥐 [1] - x"),
    (datetime(2021, 11, 30, 13, 1, 1), "Piet de Vries", "dag: 01/02/2021"),
]


def header_forms() -> list[str]:
    return [each["format"] for each in json.loads(shared("exports_whatsapp", "whatstk", "header_format_support.json").read_text())]


def written(form: str, messages, *, long_year: bool = False, half=("AM", "PM"), padded: bool = True) -> str:
    """A chat in one of the 96 forms."""
    lines = []
    for at, author, text in messages:
        number = "{:02}" if padded else "{}"
        values = {
            "%y": f"{at:%Y}" if long_year else f"{at:%y}",
            "%m": number.format(at.month),
            "%d": number.format(at.day),
            "%H": f"{at:%H}",
            "%I": number.format(at.hour % 12 or 12),
            "%M": f"{at:%M}",
            "%S": f"{at:%S}",
            "%p": half[at.hour >= 12],
            "%name": author,
        }
        line = form
        for key in sorted(values, key=len, reverse=True):
            line = line.replace(key, values[key])
        lines.append(f"{line} {text}")
    return "\n".join(lines)


def told(form: str, messages):
    """What can be known of the messages: without %S to the minute."""
    return [(at if "%S" in form else at.replace(second=0), author, text) for at, author, text in messages]


@pytest.mark.parametrize("long_year", [False, True], ids=["24", "2024"])
@pytest.mark.parametrize("padded", [True, False], ids=["01", "1"])
def test_all_96_header_forms_give_the_messages_back(long_year, padded):
    forms = header_forms()
    assert len(forms) == 96
    for form in forms:
        for half in (("AM", "PM"), ("am", "pm"), ("a. m.", "p.\u00a0m."), ("a.m.", "p.m.")):
            records, unreads, _ = chat(written(form, KNOWN, long_year=long_year, padded=padded, half=half))
            got = [(local(post), who(post), post.text) for post in posts(records)]
            assert got == told(form, KNOWN), form
            assert not unreads


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("13.6.2018 klo 21.25.15 - A: x", "2018-06-13T21:25:15"),
        ("13.06.18 21.25.15: A: x", "2018-06-13T21:25:15"),
        ("13/06/2018 à 21:25 - A: x", "2018-06-13T21:25:00"),
        ("2018-06-13 21 h 25 - A: x", "2018-06-13T21:25:00"),
        ("[13/06/2018, 9:25:15\u202fPM] A: x", "2018-06-13T21:25:15"),
        ("[13/06/2018, 12:25:15\u202fAM] A: x", "2018-06-13T00:25:15"),
        ("13/06/2018, 12:25 p.\u00a0m. - A: x", "2018-06-13T12:25:00"),
        ("13/06/2018, 0:25 p. m. - A: x", "2018-06-13T12:25:00"),
        ("\ufeff13/06/2018, 21:25 - A: x", "2018-06-13T21:25:00"),
        ("\u200e[13-06-2018 21:25:15] A: x", "2018-06-13T21:25:15"),
        ("\u200f١٣\u200f/٦\u200f/٢٠١٨، ٩:٢٥ م - A: x", "2018-06-13T21:25:00"),
        ("۱۳/۶/۲۰۱۸،\u200f ۹:۲۵ ب.ظ - A: x", "2018-06-13T21:25:00"),
        ("2018/6/13 下午9:25 - A: x", "2018-06-13T21:25:00"),
        ("2018年6月13日 上午9:25 - A: x", "2018-06-13T09:25:00"),
        ("2018/06/13, 午後9:25 - A: x", "2018-06-13T21:25:00"),
        ("[2018. 6. 13. 오후 9:25:15] A: x", "2018-06-13T21:25:15"),
        ("2018. 06. 13. 21:25 - A: x", "2018-06-13T21:25:00"),
        ("13.06.18 г., 21:25 - A: x", "2018-06-13T21:25:00"),
        ("[21:25, 13/06/2018] A: x", "2018-06-13T21:25:00"),
        ("21:25, 13/06/2018 - A: x", "2018-06-13T21:25:00"),
        ("13/6/2561 21:25 - A: x", "2018-06-13T21:25:00"),
        ("13/6/61 21:25 - A: x", "2018-06-13T21:25:00"),
    ],
)
def test_forms_of_other_phones(line, at):
    records, _, _ = chat(line)
    assert [(local(post).isoformat(), who(post), post.text) for post in posts(records)] == [(at, "A", "x")]


@pytest.mark.parametrize(
    "line", ["13-01-2024 10:00 - 12:00 meeting", "13-01-2024 - A: x", "at 13/01/2024, 10:00 - A: x", "10:00 - A: x", "1.2.3, 4:05 - A: x"]
)
def test_what_only_looks_like_a_header_goes_on_with_the_message(line):
    records, _, _ = chat(f"13/06/2018, 21:25 - A: x\n{line}")
    assert [post.text for post in posts(records)] == [f"x\n{line}"]


# ---- round trip ---------------------------------------------------------------------------------------------------------------------------

LANGUAGES = {
    "en": ("<Media omitted>", "image omitted", "This message was deleted", "<This message was edited>", "(file attached)", "<attached: "),
    "nl": (
        "<Media weggelaten>",
        "afbeelding weggelaten",
        "Dit bericht is verwijderd.",
        "<Dit bericht is bewerkt>",
        "(bestand bijgevoegd)",
        "<bijlage: ",
    ),
    "de": (
        "<Medien ausgeschlossen>",
        "Bild weggelassen",
        "Diese Nachricht wurde gelöscht.",
        "<Diese Nachricht wurde bearbeitet.>",
        "(Datei angehängt)",
        "<Anhang: ",
    ),
    "es": (
        "<Multimedia omitido>",
        "imagen omitida",
        "Se eliminó este mensaje.",
        "<Se editó este mensaje.>",
        "(archivo adjunto)",
        "<adjunto: ",
    ),
    "fr": (
        "<Médias omis>",
        "image absente",
        "Ce message a été supprimé",
        "<Ce message a été modifié>",
        "(fichier joint)",
        "<pièce jointe : ",
    ),
    "pt": ("<Mídia oculta>", "imagem ocultada", "Mensagem apagada", "<Mensagem editada>", "(arquivo anexado)", "<anexado: "),
    "it": (
        "<Media omessi>",
        "immagine omessa",
        "Questo messaggio è stato eliminato",
        "<Questo messaggio è stato modificato>",
        "(file allegato)",
        "<allegato: ",
    ),
    "ru": (
        "<Без медиафайлов>",
        "изображение отсутствует",
        "Данное сообщение удалено",
        "<Сообщение изменено>",
        "(файл добавлен)",
        "<прикреплено: ",
    ),
    "ja": (
        "<メディアなし>",
        "画像は含まれていません",
        "このメッセージは削除されました",
        "<このメッセージは編集されました>",
        "(ファイル添付)",
        "<添付ファイル: ",
    ),
    "zh": ("<省略多媒体文件>", "照片已忽略", "此消息已被删除", "<此消息已编辑>", "(文件附件)", "<附件: "),
}
LETTERS = st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" \n"), min_size=1, max_size=60)
WORDS = LETTERS.map(lambda text: "\n".join(line.strip() for line in text.strip().split("\n")).strip()).filter(
    lambda text: text and not any(sign in text for sign in "<>():") and text.casefold() != "null"
)
NAMES = st.sampled_from(["Anna", "Piet de Vries", "+31 6 12345678", "José 🌻", "李雷", "علي", "Dr. No", "O'Neil - NL"])
KIND = st.sampled_from(["text", "media", "image", "file", "attached", "caption", "deleted", "edited"])
MESSAGES = st.lists(st.tuples(st.integers(0, 40_000), NAMES, KIND, WORDS), max_size=12)


def as_written(kind: str, words: str, language: str) -> tuple[str, tuple]:
    """A message as WhatsApp writes it, and what must be read: text, kind of media, edited, deleted."""
    omitted, image, deleted, edited, attached, attached_ios = LANGUAGES[language]
    return {
        "text": (words, (words, None, False, False)),
        "media": (omitted, ("", "unknown", False, False)),
        "image": (f"\u200e{image}", ("", "image", False, False)),
        "file": (f"\u200eVID-20210114-WA0001.mp4 {attached}", ("", "video", False, False)),
        "attached": (f"\u200e{attached_ios}00000012-AUDIO-2021-01-14.opus>", ("", "audio", False, False)),
        "caption": (f"{omitted}\n{words}", (words, "unknown", False, False)),
        "deleted": (f"\u200e{deleted}", ("", None, False, True)),
        "edited": (f"{words} \u200e{edited}", (words, None, True, False)),
    }[kind]


@settings(max_examples=150, deadline=None)
@given(
    drawn=MESSAGES,
    form=st.integers(0, 95),
    long_year=st.booleans(),
    language=st.sampled_from(sorted(LANGUAGES)),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_a_chat_written_in_any_form_and_language_reads_back(drawn, form, long_year, language, ends):
    form = header_forms()[form]
    at, messages, expected = datetime(2021, 4, 3, 1, 15), [], []
    for minutes, author, kind, words in drawn:
        at += timedelta(minutes=minutes)
        text, read_as = as_written(kind, words, language)
        messages.append((at, author, text))
        expected.append((at, author, *read_as))
    raw = written(form, [*KNOWN[:3], *messages], long_year=long_year).replace("\n", ends)
    records, unreads, _ = chat(raw)
    got = [
        (local(post), who(post), post.text, post.media[0].kind if post.media else None, post.edited, post.deleted)
        for post in posts(records)[3:]
    ]
    assert got == expected
    assert not unreads


# ---- files that nobody here made ----------------------------------------------------------------------------------------------------------

COUNTS = {
    # posts, events, people who write; counted by hand, and as the README beside them says (50 and 45 messages)
    "chats/android-group-chat": (42, 8, 4),
    "chats/android-private-chat": (43, 2, 2),
    "chats/ios-group-chat": (33, 8, 4),
    "chats/ios-private-chat": (43, 2, 2),
    "parser-tests/asian-ampm-format-test.txt": (4, 1, 2),
    "parser-tests/asian-format-test.txt": (5, 0, 2),
    "parser-tests/bracketed-year-first-test.txt": (3, 0, 2),
    "parser-tests/dash-format-test.txt": (5, 0, 2),
    "parser-tests/dot-time-klo-format-test.txt": (3, 0, 2),
    "parser-tests/european-ampm-format-test.txt": (4, 0, 2),
    "parser-tests/french-format-test.txt": (5, 1, 2),
    "parser-tests/german-format-test.txt": (5, 1, 2),
    "parser-tests/ios-format-test.txt": (4, 1, 1),
    "parser-tests/spanish-format-test.txt": (5, 1, 2),
}


def of_file(*parts: str, **asked: str):
    items, unreads, notes = read("whatsapp", pages_under(shared(*parts)), **asked)
    return [record for item in items for record in item.records], unreads, [note.text for note in notes]


@pytest.mark.parametrize("path", COUNTS)
def test_whats_reader_files_have_the_counts_counted_by_hand(path):
    records, unreads, _ = of_file("exports_whatsapp", "whats-reader", *path.split("/"))
    people = {post.author for post in posts(records)}
    assert (len(posts(records)), sum(isinstance(record, Event) for record in records), len(people)) == COUNTS[path]
    assert not [unread for unread in unreads if unread.kind != "skipped"]


@pytest.mark.parametrize(
    ("file", "n", "first", "last", "people"),
    [
        ("pokemon.txt", 18, "2016-08-06T13:23:00", "2016-10-31T12:23:00", 8),
        ("lorem.txt", 500, "2020-01-15T02:22:56", "2020-05-11T22:32:48", 4),
        ("lorem-merge-part1.txt", 300, "2019-10-20T10:16:00", "2020-01-10T00:00:00", 4),
        ("lorem-merge-part2.txt", 300, "2020-06-20T10:16:00", "2020-09-10T00:00:00", 5),
    ],
)
def test_whatstk_files(file, n, first, last, people):
    records, unreads, _ = of_file("exports_whatsapp", "whatstk", file)
    got = posts(records)
    assert (len(got), local(got[0]).isoformat(), local(got[-1]).isoformat(), len({post.author for post in got})) == (n, first, last, people)
    assert not unreads


TIMES = {
    "bracketed-year-first-test.txt": ["2018-06-13T21:25:15", "2018-06-13T13:55:00", "2018-06-13T01:56:00"],
    "dot-time-klo-format-test.txt": ["2018-06-13T21:25:15", "2018-06-13T21:25:15", "2018-06-13T21:25:00"],
    "european-ampm-format-test.txt": ["2018-06-23T13:55:00", "2018-06-23T13:56:00", "2018-06-23T13:57:00", "2018-06-23T01:58:00"],
    "asian-ampm-format-test.txt": [f"2024-12-01T22:0{minute}:00" for minute in (5, 6, 7, 8)],
    "dash-format-test.txt": [f"2024-12-10T14:3{minute}:00" for minute in (0, 1, 2, 3, 6)],
    "ios-format-test.txt": ["2025-11-13T12:25:55", "2025-11-13T09:09:43", "2025-12-18T15:33:12", "2025-12-19T08:50:53"],
}


@pytest.mark.parametrize("file", TIMES)
def test_parser_tests_mean_the_times_that_their_readme_says(file):
    records, _, _ = of_file("exports_whatsapp", "whats-reader", "parser-tests", file)
    assert [local(post).isoformat() for post in posts(records)] == TIMES[file]


def test_media_of_the_parser_tests():
    kinds = {}
    for name in ("german", "spanish", "french", "asian", "dash"):
        records, _, _ = of_file("exports_whatsapp", "whats-reader", "parser-tests", f"{name}-format-test.txt")
        kinds[name] = [medium.kind for post in posts(records) for medium in post.media]
    assert set(map(tuple, kinds.values())) == {("unknown", "image")}


def chatminer_fold(items):
    """As chatminer's own target folds: newest first, lines joined with spaces, no system lines, nothing without a space after the colon."""
    rows = [
        {"timestamp": local(post).isoformat(), "author": who(post), "message": post.text.replace("\n", " ")}
        for item in items
        for post in item.records
        if isinstance(post, Post) and b": " in item.raw.partition(b"\n")[0]
    ]
    return rows[::-1]


@pytest.mark.parametrize("style", ["[mmddyy]_24hrs", "ddmmyy_24hrs", "mmddyy_24hrs", "mmddyyyy_12hrs", "yyyymmdd_24hrs"])
def test_chatminer_target(style):
    items, unreads, _ = read("whatsapp", pages_under(shared("exports_chatminer", "whatsapp", f"test_{style}.txt")))
    assert chatminer_fold(items) == json.loads(shared("exports_chatminer", "whatsapp", "target.json").read_text())
    assert not unreads
    assert [post.text for item in items for post in item.records if isinstance(post, Post) and local(post).year == 2019][1] == "."


def test_every_dutch_ios_string_is_understood():
    strings = dict(line.partition(": ")[::2] for line in shared("exports_whatsapp", "DUTCH_ios_strings.txt").read_text().splitlines()[1:4])
    for words in strings["Media"].replace("Locatie: ", "Locatie: https://maps.google.com/?q=1,2").split(" | "):
        assert understand("\u200e" + words.strip('"')).media, words
    for words in strings["Deleted"].split(" | "):
        assert understand("\u200e" + words.strip('"')).deleted, words


# ---- system lines -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "verb", "actor", "objects"),
    [
        ("Jan created group “Bakkers”", "create", "Jan", ""),
        ("U hebt deze groep aangemaakt", "create", "", ""),
        ("Jan hat die Gruppe „Bäcker“ erstellt", "create", "Jan", ""),
        ('Jan creó el grupo "X"', "create", "Jan", ""),
        ("Jan a créé le groupe « X »", "create", "Jan", ""),
        ('Jan criou o grupo "X"', "create", "Jan", ""),
        ('Jan ha creato il gruppo "X"', "create", "Jan", ""),
        ("Jan joined using this group's invite link", "join", "Jan", ""),
        ("Jan is deelnemer geworden via de uitnodigingslink van deze groep", "join", "Jan", ""),
        ("Jan ist über den Einladungslink der Gruppe beigetreten", "join", "Jan", ""),
        ("Jan se unió usando el enlace de invitación", "join", "Jan", ""),
        ("Jan a rejoint le groupe via un lien d'invitation", "join", "Jan", ""),
        ("Jan entrou usando o link de convite deste grupo", "join", "Jan", ""),
        ("Jan è entrato usando il link di invito", "join", "Jan", ""),
        ("Jan left", "leave", "Jan", ""),
        ("\u200eJan heeft de groep verlaten", "leave", "Jan", ""),
        ("Jan hat die Gruppe verlassen", "leave", "Jan", ""),
        ("Jan salió del grupo", "leave", "Jan", ""),
        ("Jan a quitté le groupe", "leave", "Jan", ""),
        ("Jan saiu", "leave", "Jan", ""),
        ("Jan ha abbandonato il gruppo", "leave", "Jan", ""),
        ("Jan added Piet", "add", "Jan", "Piet"),
        ("Jan heeft Piet toegevoegd", "add", "Jan", "Piet"),
        ("Jan hat Piet hinzugefügt", "add", "Jan", "Piet"),
        ("Jan añadió a Piet", "add", "Jan", "Piet"),
        ("Jan a ajouté Piet", "add", "Jan", "Piet"),
        ("Jan adicionou Piet", "add", "Jan", "Piet"),
        ("Jan ha aggiunto Piet", "add", "Jan", "Piet"),
        ("Jan removed Piet", "remove", "Jan", "Piet"),
        ("Jan heeft Piet verwijderd", "remove", "Jan", "Piet"),
        ("Jan hat Piet entfernt", "remove", "Jan", "Piet"),
        ("Jan eliminó a Piet", "remove", "Jan", "Piet"),
        ("Jan a retiré Piet", "remove", "Jan", "Piet"),
        ("Jan removeu Piet", "remove", "Jan", "Piet"),
        ("Jan ha rimosso Piet", "remove", "Jan", "Piet"),
        ("Jan heeft de groepsafbeelding gewijzigd", "update", "Jan", ""),
        ("U hebt de groepsafbeelding gewijzigd", "update", "", ""),
        ("Jan hat das Gruppenbild geändert", "update", "Jan", ""),
        ("Jan a supprimé l'icône du groupe", "update", "Jan", ""),
    ],
)
def test_system_lines_say_who_did_what(line, verb, actor, objects):
    got = act(line)
    assert got is not None
    assert (got.verb, got.actor, got.objects) == (verb, actor, objects)


def test_what_people_write_is_never_a_system_line():
    said = ["Jan left", "I added sugar", "Piet heeft de groep verlaten", "You were added", "Messages are fun", 'he created group "x"']
    records, _, _ = chat("\n".join(f"13/06/2023, 21:{minute:02} - Ann: {text}" for minute, text in enumerate(said)))
    assert [post.text for post in posts(records)] == said


def test_a_system_line_under_its_actors_name_is_one():
    records, _, _ = chat("[13/06/2023, 21:25:00] Lee: hi\n[13/06/2023, 21:26:00] Lee: Lee left\n[13/06/2023, 21:27:00] Ann: Lee left\n")
    assert [record.verb for record in records if isinstance(record, Event)] == ["leave"]
    assert [post.text for post in posts(records)] == ["hi", "Lee left"]


def test_an_unknown_line_with_whatsapps_mark_is_kept_as_an_update():
    records, _, _ = chat("[13/06/2023, 21:25:00] Ann: hi\n[13/06/2023, 21:26:00] Ann: \u200eSomething WhatsApp says from 2031 on")
    (event,) = [record for record in records if isinstance(record, Event)]
    assert (event.verb, event.object_kind, event.text) == ("update", "place", "Something WhatsApp says from 2031 on")


# ---- exports that meet --------------------------------------------------------------------------------------------------------------------

WHOLE = """\
13/06/2023, 21:23 - Ann created group "Choir"
13/06/2023, 21:24 - Ann: ok
13/06/2023, 21:25 - Ann: ok
13/06/2023, 21:25 - Ann: ok
13/06/2023, 21:25 - Bob: ok
13/06/2023, 21:25 - Ann: <Media omitted>
13/06/2023, 21:26 - +31 6 1234: see  you
tomorrow
13/06/2023, 21:27 - Carol: This message was deleted
13/06/2023, 21:28 - Bob: half past <This message was edited>
13/06/2023, 21:29 - Bob: <Media omitted>
high notes
13/06/2023, 21:30 - Carol: Location: https://maps.google.com/?q=52.1,5.1
"""
FROM_MID_MINUTE = """\
[13-06-23 21:25:40] Ann: ok\r
[13-06-23 21:25:41] Bob: ok\r
\u200e[13-06-23 21:25:50] Ann: \u200e<bijlage: 00000007-PHOTO-2023-06-13-21-25-50.jpg>\r
[13-06-23 21:26:00] \u202a+31\u00a06\u00a01234\u202c: see you\ntomorrow\r
\u200e[13-06-23 21:27:01] ~\u202fCarol: \u200eDit bericht is verwijderd.\r
[13-06-23 21:28:01] Bob: half past \u200e<Dit bericht is bewerkt>\r
\u200e[13-06-23 21:29:10] Bob: high notes \u200eafbeelding weggelaten\r
\u200e[13-06-23 21:30:10] ~\u202fCarol: \u200eLocatie: https://maps.google.com/?q=52.1,5.1\r
"""


def test_two_members_exports_meet_and_one_that_starts_in_mid_minute_doubles_nothing():
    whole, _, _ = chat(WHOLE, "WhatsApp Chat with Choir.txt")
    part, _, _ = chat(FROM_MID_MINUTE, "WhatsApp Chat - Choir.zip/_chat.txt")
    whole_ids, part_ids = [post.id for post in posts(whole)], [post.id for post in posts(part)]
    assert len(set(whole_ids)) == len(whole_ids) == 10
    assert len(set(part_ids)) == 8
    assert set(part_ids) < set(whole_ids)
    assert {record.id for record in part if isinstance(record, Place)} == {"whatsapp:Choir"}
    assert {post.author for post in posts(part)} == {post.author for post in posts(whole)}


def test_the_same_file_twice_gives_the_same_and_another_chat_other_ids():
    once, _, _ = chat(WHOLE, "WhatsApp Chat with Choir.txt")
    twice, _, _ = chat(WHOLE, "WhatsApp Chat with Choir (1).txt")
    other, _, _ = chat(WHOLE, place="Other")
    assert once == twice
    assert not {post.id for post in posts(once)} & {post.id for post in posts(other)}


def test_marks_spaces_and_ways_to_compose_a_letter_do_not_change_an_id_but_a_picture_does():
    ids = [
        posts(chat(f"13/06/2023, 21:25 - A: {text}", place="x")[0])[0].id
        for text in ("caf\u00e9 \u05d0", "cafe\u0301  \u200f\u05d0\u200e ", "<Media omitted>\ncaf\u00e9 \u05d0")
    ]
    assert ids[0] == ids[1] != ids[2]


def test_two_people_meet_though_each_has_the_other_in_the_files_name():
    text = "13/06/2023, 21:25 - Ann: hi\n13/06/2023, 21:26 - Bob: hello\n"
    of_bob, _, notes = chat(text, "WhatsApp Chat with Ann.txt")
    of_ann, _, _ = chat(text, "WhatsApp-chat met Bob.txt")
    assert of_ann == of_bob
    assert "“Ann & Bob”" in notes[0]
    assert {post.visibility for post in posts(of_ann)} == {"direct"}


@pytest.mark.parametrize(
    ("name", "chat_name"),
    [
        ("WhatsApp Chat with Book club.txt", "Book club"),
        ("WhatsApp-chat met Book club.txt", "Book club"),
        ("Chat de WhatsApp con Book club (2).txt", "Book club"),
        ("WhatsApp Chat - Book club.zip/_chat.txt", "Book club"),
        ("Conversa do WhatsApp com Book club.txt", "Book club"),
        ("WhatsApp Chat - Book club/_chat.txt", "Book club"),
    ],
)
def test_a_group_of_two_writers_is_known_by_its_files_name(name, chat_name):
    records, _, notes = chat("13/06/2023, 21:25 - Ann: hi\n13/06/2023, 21:26 - Bob: hello\n", name)
    assert [(record.name, record.kind) for record in records if isinstance(record, Place)] == [(chat_name, "group")]
    assert f"“{chat_name}”" in notes[0]
    assert {post.visibility for post in posts(records)} == {"place"}


def test_a_file_that_says_nothing_is_called_after_its_folder_or_stem():
    lines = "".join(f"13/06/2023, 21:2{n} - {name}: hi\n" for n, name in enumerate(("Ann", "Bob", "Carol")))
    assert "“choir”" in chat(lines, "choir/_chat.txt")[2][0]
    assert "“choir”" in chat(lines, "x/choir.txt")[2][0]


def test_the_scope_is_from_the_first_to_the_last_message():
    records, _, _ = chat(WHOLE, "WhatsApp Chat with Choir.txt")
    (scope,) = [record for record in records if isinstance(record, Scope)]
    assert scope.place == "whatsapp:Choir"
    assert scope.until - scope.since == 7 * 60 * 1_000_000
    assert sum(isinstance(record, Membership) for record in records) == 4


# ---- day or month -------------------------------------------------------------------------------------------------------------------------


def decided(*dates: str, tail: str = ", 10:00 - A: x", extra: str = "") -> tuple[str, str]:
    """The first date as read, and what was said about it."""
    text = "\n".join(date + tail for date in dates) + "\n" + extra
    records, _, notes = chat(text, place="x")
    return str(local(posts(records)[0]).date()), notes[1]


@pytest.mark.parametrize(
    ("dates", "first", "said"),
    [
        (["01/02/24", "01/13/24"], "2024-01-02", "month-day-year: decided by line 2 (01/13/24)"),
        (["01/02/24", "13/02/24"], "2024-02-01", "day-month-year: decided by line 2 (13/02/24)"),
        (["01/12/24", "02/12/24", "04/12/24"], "2024-12-01", "day-month-year: read so, the days follow each other"),
        (["12/01/24", "12/02/24", "12/04/24"], "2024-12-01", "month-day-year: read so, the days follow each other"),
        (
            ["05/10/23", "02/11/23", "08/12/23"],
            "2023-10-05",
            "day-month-year: read otherwise, the messages would run back in time",
        ),
        (["05.06.2024"], "2024-06-05", "day-month-year: dates with “.” are written day first"),
        (["20-05-13", "20-05-14", "20-06-01"], "2020-05-13", "year-month-day"),
        (["13-05-20", "14-05-20", "01-06-20"], "2020-05-13", "day-month-year"),
        (["2024/05/06"], "2024-05-06", "year-month-day: the year stands first"),
        (["2024/13/06"], "2024-06-13", "year-day-month: decided by line 1 (2024/13/06)"),
        (["05/06/2024"], "2024-06-05", "Could not tell"),
        (["06/05/2567", "13/05/2567"], "2024-05-06", "day-month-year"),
    ],
)
def test_the_order_of_day_and_month_is_decided_from_the_whole_file_and_said(dates, first, said):
    assert decided(*dates)[0] == first
    assert said in decided(*dates)[1]


def test_the_phones_language_and_habits_decide_where_dates_can_not():
    assert decided("5/6/24", tail=", 9:05 PM - A: x") == ("2024-05-06", "Dates are read as month-day-year: so American phones write.")
    dutch = "05/06/24, 21:06 - Berichten en gesprekken worden end-to-end versleuteld."
    assert decided("05/06/24", extra=dutch)[1] == "Dates are read as day-month-year: the phone's language writes the day first."


def test_one_impossible_line_does_not_turn_the_order_of_the_others():
    assert decided(*[f"{day:02}/02/24" for day in range(10, 28)], "02/30/24")[0] == "2024-02-10"


def test_two_orders_in_a_merged_file():
    text = "\n".join(["[13.01.24, 10:00:00] A: x", "[02.02.24, 10:00:00] A: y", "2/13/24, 10:00 - A: z", "3/2/24, 10:00 - A: z"])
    records, _, notes = chat(text, place="x")
    assert [str(local(post).date()) for post in posts(records)] == ["2024-01-13", "2024-02-02", "2024-02-13", "2024-03-02"]
    assert sum("are read as" in note for note in notes) == 2


def test_a_form_that_can_not_tell_follows_one_that_can():
    records, _, _ = chat("06/13/2024, 10:00 - A: x\n06/14/2024, 10:00 - A: x\n[07/05/2024, 10:00:00] A: y", place="x")
    assert str(local(posts(records)[-1]).date()) == "2024-07-05"


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Amsterdam", 19), ("+05:30", 15), ("UTC", 21), ("America/New_York", 1)])
def test_a_zone_moves_the_time_and_not_the_id(zone, hour):
    without, _, _ = chat("13/06/2023, 21:25 - A: x", place="x")
    records, _, notes = chat("13/06/2023, 21:25 - A: x", place="x", zone=zone)
    (post,) = posts(records)
    assert datetime.fromtimestamp(post.at / 1e6, UTC).hour == hour
    assert (post.zone, local(post).hour, post.id) == (zone, 21, posts(without)[0].id)
    assert not [note for note in notes if "no zone" in note]


def test_an_unknown_zone_is_refused_with_an_example():
    for zone in ("Middle/Earth", "../../etc/passwd", "+99"):
        with pytest.raises(UsageError, match="Europe/Amsterdam"):
            chat("13/06/2023, 21:25 - A: x", zone=zone)


# ---- recognising --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "low", "high"),
    [
        ("x", b"13/06/2023, 21:25 - A: x\n13/06/2023, 21:26 - B: <Media omitted>\n", 0.95, 1),
        ("x.txt", b"13/06/2023, 21:25 - A: x\n", 0.8, 0.9),
        ("_chat.txt", b"[13/06/2023, 21:25:00] A: x\n", 0.95, 1),
        ("x.txt", "\u200e[13/06/2023, 21:25:00] A: \u200eimage omitted\n".encode(), 0.95, 1),
        ("x.txt", b"[2019-12-24, 12:23] Jane Doe: Hello\n", 0.5, 0.6),
        ("x.txt", "13/06/2023, 21:25 - A: x\n".encode("utf-16"), 0.8, 0.9),
        ("server.log", b"2023-06-13 21:25:00 - started\n2023-06-13 21:25:01 - stopped\n", 0, 0.3),
        ("x.json", b"13/06/2023, 21:25 - A: x\n", 0, 0),
        ("WhatsApp Chat with Ann.txt", b"", 0.3, 0.45),
        ("IMG-20230613-WA0001.jpg", b"\xff\xd8", 0.6, 0.6),
        ("x/00000012-PHOTO-2023-06-13-21-25-00.jpg", b"\xff\xd8", 0.6, 0.6),
        ("holiday.jpg", b"\xff\xd8", 0, 0),
    ],
)
def test_how_sure_it_is(name, raw, low, high):
    assert low <= whatsapp.sniff(page(name, raw)) <= high


def test_pictures_beside_a_chat_are_counted_once():
    pages = [page("z/_chat.txt", WHOLE.encode()), page("z/IMG-20230613-WA0001.jpg", b"\xff"), page("z/PTT-20230613-WA0002.opus", b"x")]
    _, unreads, _ = read("whatsapp", pages)
    assert [(unread.kind, unread.n) for unread in unreads] == [("skipped", 2)]


# ---- hostile and broken input -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_give_the_same_messages(encoding):
    plain, _, _ = chat(FROM_MID_MINUTE, place="x")
    records, unreads, _ = chat(FROM_MID_MINUTE.encode(encoding), place="x")
    assert records == plain
    assert [unread.kind for unread in unreads] == (["encoding"] if "16" in encoding else [])


def test_windows_1252_is_read_and_said():
    records, unreads, _ = chat("13/06/2023, 21:25 - José: café\n".encode("cp1252"), place="x")
    assert [(who(post), post.text) for post in posts(records)] == [("José", "café")]
    assert [(unread.kind, unread.n) for unread in unreads] == [("encoding", 1)]


def test_a_broken_letter_costs_that_letter_only():
    records, unreads, _ = chat("13/06/2023, 21:25 - José: café\n13/06/2023, 21:26 - José: ".encode() + b"\xff\n", place="x")
    assert [post.text for post in posts(records)] == ["café", "\ufffd"]
    assert [(unread.kind, unread.n) for unread in unreads] == [("encoding", 1)]


def test_a_line_over_64_mib_is_left_out_and_the_rest_kept():
    parts = (b"13/06/2023, 21:25 - A: before\n13/06/2023, 21:26 - B: ", b"x" * (65 << 20), b"\n13/06/2023, 21:27 - C: after\n")
    raw = b"".join(parts)
    big = Page(name="big.txt", head=raw[:65536], open=lambda: io.BytesIO(raw), size=len(raw))
    items, unreads, _ = read("whatsapp", [big], place="x")
    records = [record for item in items for record in item.records]
    assert [post.text for post in posts(records)] == ["before", "after"]
    assert [(unread.kind, unread.where) for unread in unreads] == [("too-large", "big.txt, line 2")]
    assert not [record for record in records if isinstance(record, Scope)], "an export that lost a message doesn't hold the place whole"


def test_a_message_of_too_many_lines_is_left_out(monkeypatch):
    monkeypatch.setattr("kring.sources.whatsapp_lines.LONGEST_RECORD", 1000)
    records, unreads, _ = chat("13/06/2023, 21:25 - A: x\n" + "more\n" * 500 + "13/06/2023, 21:26 - A: y\n", place="x")
    assert [post.text for post in posts(records)] == ["y"]
    assert [unread.kind for unread in unreads] == ["too-large"]


@pytest.mark.parametrize(
    "text",
    ["\u200e" * 200_000, "1" * 200_000, "[" * 200_000, " " * 200_000, "13/06/2023, " + " " * 200_000, "a: " * 100_000, "<" * 200_000],
)
def test_long_runs_of_one_sign_are_read_in_one_go(text):
    records, _, _ = chat(f"13/06/2023, 21:25 - A: x\n{text}\n13/06/2023, 21:26 - B: {text}\n13/06/2023, 21:27 - {text}", place="x")
    assert who(posts(records)[0]) == "A"


def test_what_was_before_the_cut_is_kept():
    raw = WHOLE.encode()
    whole = [post.id for post in posts(chat(raw, place="x")[0])]
    for cut in range(60, len(raw), 7):
        kept = [post.id for post in posts(chat(raw[:cut], place="x")[0])]
        assert len(kept) >= raw[:cut].count(b": ") - 1
        assert kept[:-1] == whole[: max(0, len(kept) - 1)]


def test_a_thousand_impossible_times_are_counted_and_not_listed():
    records, unreads, _ = chat("".join(f"13/06/1601, 21:25 - A: {n}\n" for n in range(1000)), place="x")
    assert len(posts(records)) == 1000
    assert sum(unread.n for unread in unreads) == 1000
    assert len(unreads) < 150


def test_each_item_is_its_lines_as_they_came():
    items, _, _ = read("whatsapp", [page("chat.txt", WHOLE.encode())])
    raws = b"\n".join(item.raw for item in items if "line " in item.where)
    assert raws == WHOLE.encode().rstrip(b"\n")


def test_names_are_the_same_in_every_way_of_writing_them():
    lines = ["~\u202fSam", "~Sam", "\u202aSam\u202c", "Sam"]
    records, _, _ = chat("\n".join(f"[13/06/2023, 21:2{n}:00] {name}: hi {n}" for n, name in enumerate(lines)), place="x")
    assert Counter(who(post) for post in posts(records)) == {"Sam": 4}
