"""The author's own words survive, the quote at the end goes, in the languages and programs that people use."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.sources.mail_quotes import own

ANNOUNCED = {
    "Gmail, nl": "Op ma 3 jun. 2024 om 10:12 schreef Bob Jansen <bob@x.example>:",
    "Gmail, en": "On Mon, Jun 3, 2024 at 10:12 AM Bob Jansen <bob@x.example> wrote:",
    "Gmail, de": "Am Mo., 3. Juni 2024 um 10:12 Uhr schrieb Bob Jansen <bob@x.example>:",
    "Gmail, fr": "Le lun. 3 juin 2024 à 10:12, Bob Jansen <bob@x.example> a écrit :",
    "Gmail, es": "El lun, 3 jun 2024 a las 10:12, Bob Jansen (<bob@x.example>) escribió:",
    "Gmail, it": "Il giorno lun 3 giu 2024 alle ore 10:12 Bob Jansen <bob@x.example> ha scritto:",
    "Gmail, pt": "Em seg., 3 de jun. de 2024 às 10:12, Bob Jansen <bob@x.example> escreveu:",
    "Gmail, da": "Den man. 3. jun. 2024 kl. 10.12 skrev Bob Jansen <bob@x.example>:",
    "Gmail, pl": "W dniu pon., 3 cze 2024 o 10:12 Bob Jansen <bob@x.example> napisał(a):",
    "Apple Mail, en": "On 3 Jun 2024, at 10:12, Bob Jansen <bob@x.example> wrote:",
    "Apple Mail, nl": "Op 3 jun. 2024 om 10:12 heeft Bob Jansen <bob@x.example> het volgende geschreven:",
    "Apple Mail, de": "Am 03.06.2024 um 10:12 schrieb Bob Jansen <bob@x.example>:",
    "Apple Mail, fr": "Le 3 juin 2024 à 10:12, Bob Jansen <bob@x.example> a écrit :",
    "Apple Mail, es": "El 3 jun 2024, a las 10:12, Bob Jansen <bob@x.example> escribió:",
    "Apple Mail, it": "Il giorno 3 giu 2024, alle ore 10:12, Bob Jansen <bob@x.example> ha scritto:",
    "Apple Mail, pt": "No dia 3/06/2024, às 10:12, Bob Jansen <bob@x.example> escreveu:",
    "Thunderbird, nl": "Op 03-06-2024 om 10:12 schreef Bob Jansen:",
    "Thunderbird, it": "Il 03/06/2024 10:12, Bob Jansen ha scritto:",
    "Thunderbird, pt": "Em 03/06/2024 10:12, Bob Jansen escreveu:",
    "broken over lines": "On Mon, Jun 3, 2024 at 10:12 AM Bob Jansen of the town hall\n<bob@x.example>\nwrote:",
}
ONLY_BEFORE_MARKS = {
    "mutt": "Bob Jansen wrote:",
    "mutt, dated": "On Mon, Jun 03, 2024 at 10:12:00AM +0200, Bob Jansen wrote:",
    "other order, nl": "Bob Jansen schreef op ma 03-06-2024 om 10:12 [+0200]:",
    "other order, de": "Bob Jansen <bob@x.example> schrieb am 3. Juni 2024:",
    "Pipermail": "bob at x.example wrote:",
    "Russian": '03.06.2024 10:12 пользователь "Bob" <\nbob@x.example> написал:',
    "a language not known": "Bob Jansen 2024.06.03 10:12 kirjutas:",
}
BLOCKS = {
    "Outlook, en": "From: Bob <b@x.example>\nSent: Monday, June 3, 2024 10:12\nTo: Ada\nSubject: Hello",
    "Outlook, nl": "Van: Bob <b@x.example>\nVerzonden: maandag 3 juni 2024 10:12\nAan: Ada\nOnderwerp: Hallo",
    "Outlook, de": "Von: Bob <b@x.example>\nGesendet: Montag, 3. Juni 2024 10:12\nAn: Ada\nCc: Cas\nBetreff: Hallo",
    "Outlook, fr": "De : Bob <b@x.example>\nEnvoyé : lundi 3 juin 2024 10:12\nÀ : Ada\nObjet : Salut",
    "Outlook, es": "De: Bob <b@x.example>\nEnviado el: lunes, 3 de junio de 2024 10:12\nPara: Ada\nAsunto: Hola",
    "Outlook, it": "Da: Bob <b@x.example>\nInviato: lunedì 3 giugno 2024 10:12\nA: Ada\nOggetto: Ciao",
    "Outlook, pt": "De: Bob <b@x.example>\nEnviada: 3 de junho de 2024 10:12\nPara: Ada\nAssunto: Olá",
    "Outlook, bold": "*From:* Bob <b@x.example>\n*Sent:* Monday, June 3, 2024 10:12\n*To:* Ada\n*Subject:* Hello",
    "with a rule": "________________________________\nFrom: Bob\nSent: Monday\nTo: Ada\nSubject: Hello",
    "Original Message": "-----Original Message-----\nFrom: Bob",
    "Oorspronkelijk bericht": "-----Oorspronkelijk bericht-----\nVan: Bob",
    "Ursprüngliche Nachricht": "-------- Ursprüngliche Nachricht --------",
    "Message d'origine": "-----Message d'origine-----",
    "Mensaje original": "-----Mensaje original-----",
    "Messaggio originale": "-----Messaggio originale-----",
    "Mensagem original": "-----Mensagem original-----",
    "Forwarded message": "---------- Forwarded message ---------\nFrom: Bob",
    "Begin doorgestuurd bericht": "Begin doorgestuurd bericht:\n\nVan: Bob",
}
DEVICES = [
    "Sent from my iPhone",
    "Sent from my Galaxy",
    "Sent from Outlook for Android",
    "Sent from Yahoo Mail on Android",
    "Get Outlook for iOS <https://aka.ms/o0ukef>",
    "Verstuurd vanaf mijn iPhone",
    "Verzonden vanaf Samsung tablet.",
    "Verzonden met Proton Mail",
    "Outlook voor Android downloaden",
    "Von meinem iPhone gesendet",
    "Gesendet von Mail für Windows",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon smartphone Samsung",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Enviado do meu iPhone",
]

words = st.lists(st.text("abcdefghij éß日?!", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=8)
paragraph = words.map(lambda some: " ".join(" ".join(some).split()))
paragraphs = st.lists(paragraph, min_size=1, max_size=5).map("\n\n".join)


def marked(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


@given(
    mine=paragraphs,
    theirs=paragraphs,
    line=st.sampled_from([*ANNOUNCED.values(), *ONLY_BEFORE_MARKS.values(), ""]),
    gap=st.sampled_from(["\n", "\n\n"]),
)
def test_own_words_survive_and_the_marked_quote_at_the_end_goes(mine, theirs, line, gap):
    assert own(f"{mine}\n\n{line}{gap}{marked(theirs)}\n") == mine


@given(mine=paragraphs, theirs=paragraphs, line=st.sampled_from([*ANNOUNCED.values(), *BLOCKS.values()]))
def test_a_quote_without_marks_goes_if_a_line_or_block_announces_it(mine, theirs, line):
    assert own(f"{mine}\n\n{line}\n\n{theirs}\n") == mine


@given(
    mine=st.lists(paragraph, min_size=1, max_size=4),
    theirs=st.lists(paragraph, min_size=4, max_size=4),
    line=st.sampled_from(list(ANNOUNCED.values())),
)
def test_quotes_that_are_answered_point_by_point_stay(mine, theirs, line):
    said = "\n\n".join(f"{marked(quote)}\n{answer}" for quote, answer in zip(theirs, mine))
    assert own(f"{line}\n{said}\n") == said


@given(mine=paragraphs, signature=paragraphs, quote=st.booleans())
def test_a_signature_goes_before_or_behind_the_quote(mine, signature, quote):
    asked = "\n\nBob wrote:\n> a question?\n" if quote else "\n"
    assert own(f"{mine}\n-- \n{signature}{asked}") == mine
    assert own(f"{mine}{asked}\n-- \n{signature}\n") == mine


@given(mine=paragraphs, line=st.sampled_from(DEVICES), quote=st.booleans())
def test_what_a_telephone_adds_goes(mine, line, quote):
    assert own(f"{mine}\n\n{line}\n" + ("\n> a question?\n" if quote else "")) == mine


pieces = st.sampled_from([*"ab \n\n>:-_?1/@<", "On 1/1/2024 10:00 wrote:\n", "-- \n", "\nFrom: x\n", "To: x\n", "Date: x\n", "> "])


@given(st.lists(pieces, max_size=60).map("".join))
def test_any_text_keeps_its_form(text):
    """What is own once stays, marks are in one form, nothing is invented."""
    once = own(text)
    assert not once or once == once.strip()
    letters = [letter for letter in text if letter.isalnum()]
    kept = iter(letters)
    assert all(letter in kept for letter in once if letter.isalnum())
    assert all(line.startswith("> ") or line == ">" for line in once.split("\n") if line.startswith(">"))


@pytest.mark.parametrize(
    "text",
    [
        "Am 3. Mai schrieb mir die Stadt Folgendes:\nWir kommen.",
        "Hello,\n\nAm 3. Mai schrieb mir die Stadt Folgendes:\n\nWir kommen.",
        "On Monday Anna wrote:\nI like it. So do I.",
        "Wat we nodig hebben:\n- stoelen\n- tafels",
        "a -- b\n--\nis a list\n" + "\n".join(f"- {n}" for n in range(12)),
        "Van: Haarlem\nnaar Delft",
        "Verzonden per post.",
        "The mailing list is full.\n\nSee you",
        "1 > 0",
        "Sent from my iPhone means nothing in the middle.\n\nBye",
        "___________________________\n| a table | of things |\n___________________________",
    ],
)
def test_words_that_only_look_like_a_quote_stay(text):
    assert own(text + "\n") == text


@pytest.mark.parametrize(
    "footer",
    [
        "_______________________________________________\nTown mailing list\nTown@lists.example\nhttps://lists.example/mailman/listinfo/town",
        "_______________________________________________\nTown mailing list -- town@lists.example\nTo unsubscribe send an email to town-leave@lists.example",
        "-- \nYou received this message because you are subscribed to the Google Group.\nTo unsubscribe, write to x",
        "---------------------------------------------------------------------\nTo unsubscribe, e-mail: dev-unsubscribe@town.example",
        "-------------- next part --------------\nAn HTML attachment was scrubbed...\nURL: <https://lists.example/1.html>",
    ],
)
def test_a_lists_footer_goes_also_behind_a_quote(footer):
    assert own(f"Mine.\n{footer}\n") == "Mine."
    assert own(f"Mine.\n\nBob wrote:\n> theirs\n\n{footer}\n") == "Mine."


def test_marks_are_in_one_form():
    assert own(">>> three\n> >two\n>one\n >one more\nmine") == "> > > three\n> > two\n> one\n> one more\nmine"


def test_an_answer_under_outlook_express_marks_stays():
    text = "----- Original Message -----\nFrom: Bob\nTo: Ada\nSent: Monday\nSubject: Hello\n\n> Are you coming?\n\nYes."
    assert own(text) == "> Are you coming?\n\nYes."


def test_only_a_quote_is_nobodys_own_word():
    assert own("> a\n> b\n") == ""
    assert own("") == ""


def test_this_file_names_each_language_of_the_reader():
    """The docstring's list of languages is what is tested here."""
    import kring.sources.mail_quotes as quotes

    assert "English, Dutch, German, French, Spanish, Italian, Portuguese" in (quotes.__doc__ or "")
    for code in ("en", "nl", "de", "fr", "es", "it", "pt"):
        assert any(name.endswith(f", {code}") for name in ANNOUNCED), Path(__file__).name
