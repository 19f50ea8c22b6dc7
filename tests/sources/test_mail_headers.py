"""Heads and bodies as they come: dates of forty years, names in broken encodings, addresses in every form, parts that lie about themselves."""

import email.utils
from datetime import UTC, datetime, timedelta, timezone
from email.charset import QP, Charset
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.schema import Media
from kring.sources import mail_bodies, mail_headers
from kring.sources.mail_dates import moment
from kring.sources.mail_headers import Address
from kring.sources.zones import Zone

# ---- dates ------------------------------------------------------------------------------------------------------------------------------------

AT = datetime(2001, 4, 20, 20, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hours", "zone"),
    [
        ("Fri, 20 Apr 2001 20:18:00 -0400", -4, "-04:00"),
        ("Fri, 20 Apr 2001 20:18:00 -0400 (EDT)", -4, "-04:00"),
        ("20 Apr 2001 20:18 GMT", 0, "UTC"),
        ("20 Apr 01 20:18:00 EST", -5, "-05:00"),
        ("Fri, 20 Apr 101 20:18:00 +0200", 2, "+02:00"),
        ("Fri, 20 Apr 2001 20:18:00 +0530", 5.5, "+05:30"),
        ("Fri, 20 Apr 2001 20:18:00 GMT+02:00", 2, "+02:00"),
        ("Fri, 20 Apr 2001 20:18:00 CEST", 2, "+02:00"),
        ("Fri,20-Apr-2001 20.18.00 +0200", 2, "+02:00"),
        ("vr, 20 apr. 2001 20:18:00 +0200", 2, "+02:00"),
        ("Fri Apr 20 20:18:00 2001 +0200", 2, "+02:00"),
        ("Fri Apr 20 20:18:00 +0200 2001", 2, "+02:00"),
        ("Fri Apr 20 20:18:00 EDT 2001", -4, "-04:00"),
        ("April 20, 2001 8:18:00 PM PDT", -7, "-07:00"),
        ("2001-04-20T20:18:00Z", 0, "UTC"),
        ("2001-04-20 20:18:00.123 +0200", 2, "+02:00"),
        ("Fri, 20 Apr 2001 20:18:00 (a comment (inside)) +0200", 2, "+02:00"),
        ("Fri, 20 Apr 2001 20:18:61 +0200", 2, "+02:00"),
    ],
)
def test_dates_with_a_zone(written, hours, zone):
    found = moment(written, Zone(""))
    seconds = 59 if ":61" in written else 0
    assert found.at == (AT + timedelta(hours=-hours, seconds=seconds)).timestamp() * 1e6
    assert (found.offset_s, found.zone) == (hours * 3600, zone)


@pytest.mark.parametrize(
    "written", ["20 Apr 2001 20:18", "Fri Apr 20 20:18:00 2001", "20 Apr 2001 20:18:00 BST", "20 Apr 2001 20:18:00 +7777"]
)
def test_dates_without_a_zone_are_the_users_to_place(written):
    assert moment(written, Zone("")) == moment("20 Apr 2001 20:18", Zone(""))
    unknown, placed = moment(written, Zone("")), moment(written, Zone("Europe/Amsterdam"))
    assert (unknown.at, unknown.offset_s, unknown.zone) == (AT.timestamp() * 1e6, 0, "")
    assert (placed.at, placed.offset_s, placed.zone) == ((AT - timedelta(hours=2)).timestamp() * 1e6, 7200, "Europe/Amsterdam")


def test_minus_zero_is_a_sure_instant_without_a_local_time():
    found = moment("Fri, 20 Apr 2001 20:18:00 -0000", Zone("Europe/Amsterdam"))
    assert (found.at, found.offset_s, found.zone) == (AT.timestamp() * 1e6, None, "UTC")


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "31 Feb 2001 10:00", "20 Foo 2001 10:00", "20 Apr 2001 25:00", "20 Apr 2001", "03/04/2001 10:00", "٢٠ Apr x"],
)
def test_what_is_no_date(written):
    assert moment(written, Zone("")) is None


@pytest.mark.parametrize(("year", "meant"), [("99", 1999), ("49", 2049), ("50", 1950), ("00", 2000), ("123", 2023)])
def test_short_years(year, meant):
    found = moment(f"15 Jun {year} 10:00:00 +0000", Zone(""))
    assert found.at == datetime(meant, 6, 15, 10, tzinfo=UTC).timestamp() * 1e6


@pytest.mark.parametrize(
    ("year", "believed"), [(1601, False), (1970, False), (1971, True), (2099, True), (2100, False), (2999, False), (9999, False)]
)
def test_which_times_are_believed(year, believed):
    assert moment(f"15 Jun {year} 10:00:00 +0000", Zone("")).believable is believed


@given(
    st.datetimes(
        datetime(1971, 1, 2), datetime(2099, 12, 30), timezones=st.integers(-720, 840).map(lambda m: timezone(timedelta(minutes=m)))
    )
)
def test_dates_as_python_writes_them(time):
    found = moment(email.utils.format_datetime(time), Zone(""))
    assert found.at == int(time.timestamp()) * 1_000_000
    assert found.offset_s == (time.utcoffset().total_seconds())


@given(
    st.text(max_size=60)
    | st.from_regex(r"[A-Z][a-z]{2},? ?\d{1,3}[ -][A-Z][a-z]{2}[ -]\d{1,4} \d{1,2}:\d\d(:\d\d)? ?[+-]?\w{0,5}", fullmatch=True)
)
def test_no_date_fails(written):
    moment(written, Zone(""))


# ---- encoded words ----------------------------------------------------------------------------------------------------------------------------

anything = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=80)


@given(text=anything, how=st.sampled_from(["b", "q"]))
def test_words_as_python_encodes_them(text, how):
    charset = Charset("utf-8")
    if how == "q":
        charset.header_encoding = QP
    encoded = Header(text, charset, header_name="Subject").encode()
    folded = mail_headers.fields(f"Subject: {encoded}".encode())[0]
    assert mail_headers.words(folded["subject"]) == " ".join(text.split())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?iso-8859-1?Q?Caf=E9_noir?=", "Café noir"),
        ("=?UTF-8?B?w6k=?=  =?UTF-8?B?w6k=?=", "éé"),
        ("=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", "€"),
        ("a =?utf-8?Q?b?= c", "a b c"),
        ("=?utf-8?Q?two words?=", "two words"),
        ("=?utf-8?B?w6k?=", "é"),
        ("=?utf-8*nl?Q?caf=C3=A9?=", "café"),
        ("=?windows-1252?Q?=80?=", "€"),
        ("=?iso-8859-1?Q?=80_is_not_in_it?=", "€ is not in it"),
        ("=?us-ascii?Q?=C3=A9?=", "é"),
        ("=?x-unknown?Q?=C3=A9?=", "é"),
        ("=?utf-8?Q?=E9_is_latin?=", "é is latin"),
        ("=?gb2312?B?1tDOxA==?=", "中文"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        ("word=?utf-8?Q?=C3=A9?=word", "wordéword"),
        ("=?utf-8?B?never closed", "=?utf-8?B?never closed"),
        ("=?utf-8?Q?a=?=", "a="),
        ("plain", "plain"),
    ],
)
def test_encoded_words_right_and_broken(written, meant):
    assert mail_headers.words(written) == meant


# ---- addresses --------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ada <Ada@X.example>", [("ada@x.example", "Ada")]),
        ("ada@x.example", [("ada@x.example", "")]),
        ("<ada@x.example>", [("ada@x.example", "")]),
        ("ada@x.example (Ada B.)", [("ada@x.example", "Ada B.")]),
        ('"Bakker, Ada" <a@x>, b@y', [("a@x", "Bakker, Ada"), ("b@y", "")]),
        ("=?utf-8?Q?Bakker=2C_Ad=C3=A9?= <a@x>", [("a@x", "Bakker, Adé")]),
        ("\"'Ada'\" <a@x>", [("a@x", "Ada")]),
        ('"a@x" <a@x>', [("a@x", "")]),
        ("Ada B <ada at x.example>", [("ada@x.example", "Ada B")]),
        ("ada at x.example (Ada)", [("ada@x.example", "Ada")]),
        ("ada (at) x.example", [("ada@x.example", "")]),
        ("ada [at] x [dot] example", [("ada@x.example", "")]),
        ("a@x; b@y", [("a@x", ""), ("b@y", "")]),
        ("Team: a@x, B <b@y>;", [("a@x", ""), ("b@y", "B")]),
        ("undisclosed-recipients:;", []),
        ("Ada without address", [("", "Ada without address")]),
        ("<mailto:a@x>", [("a@x", "")]),
        ('"quoted local"@x.example', [('"quoted local"@x.example', "")]),
        ("", []),
        (", ,;", []),
        ("Ada <a@x", [("a@x", "Ada")]),
    ],
)
def test_addresses_in_every_form(written, meant):
    assert mail_headers.addresses(written) == tuple(Address(address, name) for address, name in meant)


names = st.text(st.characters(codec="utf-8", categories=["L", "N"], include_characters=" .,()<>@\"'\\;:"), max_size=30)


@given(st.lists(st.tuples(names, st.from_regex(r"[a-z0-9]{1,9}(\.[a-z]{1,5})?@[a-z]{1,9}\.example", fullmatch=True)), max_size=5))
def test_addresses_as_python_writes_them(people):
    written = ", ".join(email.utils.formataddr(each) for each in people)
    assert [one.address for one in mail_headers.addresses(written)] == [address for _, address in people]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<a@b> <c@d>", ["a@b", "c@d"]),
        ("<a@b>,\t<c@d>", ["a@b", "c@d"]),
        ("<a @b>", ["a@b"]),
        ("<a at b.example>", ["a@b.example"]),
        ("a@b c@d", ["a@b", "c@d"]),
        ("<no-at-sign>", ["no-at-sign"]),
        ("Your message of Tue", []),
        ("", []),
    ],
)
def test_ids(written, meant):
    assert mail_headers.ids(written) == meant


@pytest.mark.parametrize(
    ("written", "kind", "named"),
    [
        ('text/plain; charset="utf-8"; format=flowed', "text/plain", {"charset": "utf-8", "format": "flowed"}),
        ("Text / HTML;charset=utf-8", "text/html", {"charset": "utf-8"}),
        ("a/b; filename*=utf-8'nl'caf%C3%A9.txt", "a/b", {"filename": "café.txt"}),
        ("a/b; filename*0*=utf-8''caf%C3%A9; filename*1=\"2.txt\"", "a/b", {"filename": "café2.txt"}),
        ('a/b; name="with; semicolon and \\" quote"', "a/b", {"name": 'with; semicolon and " quote'}),
        ('a/b; name="never closed', "a/b", {"name": "never closed"}),
        ("nothing", "nothing", {}),
    ],
)
def test_parameters(written, kind, named):
    assert mail_headers.parameters(written) == (kind, named)


@pytest.mark.parametrize(
    ("raw", "charset", "text", "guessed"),
    [
        (b"abc", "", "abc", False),
        ("é".encode(), "", "é", False),
        ("é".encode(), "us-ascii", "é", False),
        ("é€".encode(), "iso-8859-1", "é€", False),
        (b"\x80\xe9", "iso-8859-1", "€é", False),
        (b"\xe9", "", "é", True),
        (b"\xe9", "utf-8", "é", True),
        ("ééé".encode()[:-1], "utf-8", "éé\ufffd", True),
        (b"\xe9", "no-such-charset", "é", True),
        ("日".encode("utf-16"), "utf-16", "日", False),
        (b"\xe9\\x41", "unicode_escape", "é\\x41", True),
        (b"~{VPND~}", "hz-gb-2312", "中文", False),
    ],
)
def test_bytes_in_the_charset_they_say_or_another(raw, charset, text, guessed):
    assert mail_headers.read_bytes(raw, charset) == (text, guessed)


@given(
    raw=st.binary(max_size=60),
    charset=st.sampled_from(["", "utf-8", "utf-7", "utf-16", "punycode", "idna", "unicode_escape", "zlib", "rot13", "\0", "x" * 500])
    | st.text(max_size=12),
)
def test_any_bytes_give_text_that_can_be_kept(raw, charset):
    mail_headers.read_bytes(raw, charset)[0].encode()


# ---- bodies -----------------------------------------------------------------------------------------------------------------------------------


def body(text: str | bytes, **head: str):
    raw = text if isinstance(text, bytes) else text.encode()
    return mail_bodies.body(raw, 0, {name.replace("_", "-"): value for name, value in head.items()})


def parts(*those: str, boundary: str = "b") -> str:
    return "preamble\n" + "".join(f"--{boundary}\n{part}\n" for part in those) + f"--{boundary}--\nepilogue\n"


PLAIN, HTML = "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>rich</p>"
IMAGE = 'Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\nAAAA'


@pytest.mark.parametrize(
    ("kind", "those", "text"),
    [
        ("alternative", (PLAIN, HTML), "plain"),
        ("alternative", (HTML, PLAIN), "plain"),
        ("alternative", ("Content-Type: text/plain\n\n  ", HTML), "rich"),
        ("alternative", (HTML,), "rich"),
        ("mixed", (PLAIN, IMAGE, PLAIN.replace("plain\n\nplain", "plain\n\nmore")), "plain\n\nmore"),
        ("mixed", ("Content-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nfile", PLAIN), "plain"),
        ("mixed", ("\nno head at all",), "no head at all"),
        ("related", (HTML, IMAGE), "rich"),
        ("signed", (PLAIN, "Content-Type: application/pgp-signature\n\nsig"), "plain"),
        ("report", (PLAIN, "Content-Type: message/delivery-status\n\nx: y", "Content-Type: text/plain\n\nold mail"), "plain"),
        ("digest", ("\nSubject: one\n\nnot opened",), ""),
        ("mixed", (parts(PLAIN, HTML, boundary="inner").join(["Content-Type: multipart/alternative; boundary=inner\n\n", ""]),), "plain"),
    ],
)
def test_which_part_is_the_text(kind, those, text):
    assert body(parts(*those), content_type=f"multipart/{kind}; boundary=b").text.strip() == text


@pytest.mark.parametrize(
    ("raw", "how", "text"),
    [
        ("SGFsbG8/", "base64", "Hallo?"),
        ("SGFs\r\nbG8/=", "BASE64", "Hallo?"),
        ("SGFs!!bG8", " base64 ", "Hallo"),
        ("caf=C3=A9 =\nnoir =XX =", "quoted-printable", "café noir =XX "),
        ("begin 644 x\n%2&%L;&\\\n`\nend", "x-uuencode", "Hallo"),
        ("as it is", "7bit", "as it is"),
        ("as it is", "nonsense", "as it is"),
    ],
)
def test_transfer_encodings_right_and_broken(raw, how, text):
    assert body(raw, content_transfer_encoding=how, content_type="text/plain; charset=utf-8").text == text


def test_a_boundary_that_is_not_the_one_in_the_head_is_found():
    assert body(parts(PLAIN, boundary="other"), content_type="multipart/mixed; boundary=this").text.strip() == "plain"
    assert body(parts(PLAIN, boundary="other"), content_type="multipart/mixed").text.strip() == "plain"


def test_a_page_of_html_is_read_so_far_and_no_further():
    found = body("<p>begin</p>" + "<i></i>" * 700_000 + "<p>end</p>", content_type="text/html")
    assert (found.text, found.cut) == ("begin", True)


def test_what_stands_beside_the_text_is_named():
    named = body(
        parts(
            IMAGE,
            'Content-Type: application/pdf\nContent-Disposition: attachment; filename="=?utf-8?Q?r=C3=A9sum=C3=A9.pdf?="\n\nx',
            "Content-Type: text/calendar; name=invite.ics\n\nBEGIN:VCALENDAR",
            "Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?caf=C3=A9?=\n\nold",
            "Content-Type: audio/ogg\nContent-Description: a song\n\nx",
            "Content-Type: text/x-vcard; name=ada.vcf\n\nx",
        ),
        content_type="multipart/mixed; boundary=b",
    )
    assert named.text == ""
    assert named.media == [
        Media(kind="image", name="a.png"),
        Media(kind="document", name="résumé.pdf"),
        Media(kind="document", name="invite.ics"),
        Media(kind="document", name="café"),
        Media(kind="audio", text="a song"),
        Media(kind="contact", name="ada.vcf"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----", "text/plain"),
        ("AAAA", "application/pkcs7-mime; smime-type=enveloped-data"),
        (parts("Content-Type: application/pgp-encrypted\n\nVersion: 1"), "multipart/encrypted; boundary=b"),
    ],
)
def test_what_is_encrypted_has_no_text(text, kind):
    found = body(text, content_type=kind)
    assert (found.text, found.encrypted) == ("", True)


def test_a_signed_text_is_the_text():
    signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- \nAda\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    assert body(signed).text.strip() == "Hello\n-- \nAda"


@pytest.mark.parametrize(
    ("written", "delete_space", "meant"),
    [
        ("one \ntwo\nthree", False, "one two\nthree"),
        ("one \ntwo", True, "onetwo"),
        ("> one \n> two\nmine", False, "> one two\nmine"),
        (">> deep \n> not so", False, ">> deep \n> not so"),
        (" From here", False, "From here"),
        ("end \n-- \nAda", False, "end \n-- \nAda"),
    ],
)
def test_flowed_text(written, delete_space, meant):
    assert mail_bodies.unflowed(written, delete_space) == meant
