"""What no reader brings home: address books, and people who never took part. And what every reader of a network with deletions says of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kring import sources
from kring.schema import Account, Asked, Event, Item, Membership, Post, Record
from kring.wire import Page
from sources.reading import page, pages_under, read

HERE = Path(__file__).parent
NAME, NUMBER, MAIL = "Eef Geheim", "+31600000099", "eef@geheim.example"


def listed(*things: object, key: str = "") -> bytes:
    return json.dumps({key: list(things)} if key else list(things)).encode()


ADDRESS_BOOKS = {
    "facebook, old": ("facebook", "facebook-anna/about_you/your_address_books.json", json.dumps(
        {"address_book": {"address_book": [{"name": NAME, "details": [{"contact_point": NUMBER}]}]}}).encode()),
    "facebook, new": ("facebook", "facebook-anna/personal_information/other_personal_information/your_address_books.json", json.dumps(
        {"address_book": {"address_book": [{"name": NAME, "details": [{"contact_point": NUMBER}]}]}}).encode()),
    "facebook, 2024": ("facebook", "facebook-anna/connections/contacts/contacts_uploaded_from_your_phone.json", listed(
        {"name": NAME, "contact_point": NUMBER}, key="contacts_v2")),
    "instagram, old": ("instagram", "instagram-anna/contacts/synced_contacts.json", listed(
        {"title": "", "string_map_data": {"First Name": {"value": "Eef"}, "Last Name": {"value": "Geheim"}, "Contact Information": {"value": NUMBER}}},
        key="contacts_contact_info")),
    "instagram, new": ("instagram", "instagram-anna/connections/contacts/synced_contacts.json", listed(
        {"title": "", "string_map_data": {"First Name": {"value": NAME}, "Contact Information": {"value": NUMBER}}}, key="contacts_contact_info")),
    "linkedin": ("linkedin", "Complete_LinkedInDataExport/Contacts.csv", f"FirstName,LastName,Emails,PhoneNumbers\n{NAME},Y,{MAIL},{NUMBER}\n".encode()),
    "linkedin, imported": ("linkedin", "Complete_LinkedInDataExport/ImportedContacts.csv", f"FirstName,LastName,Emails\n{NAME},Y,{MAIL}\n".encode()),
    "telegram": ("telegram", "DataExport/result.json", json.dumps({
        "personal_information": {"user_id": 1, "first_name": "Anna"},
        "contacts": {"about": "", "list": [{"user_id": 9, "first_name": "Eef", "last_name": "Geheim", "phone_number": NUMBER}]},
        "frequent_contacts": {"about": "", "list": [{"id": 9, "name": NAME, "rating": 1.0}]},
        "chats": {"about": "", "list": [{"name": "Buurt", "type": "private_group", "id": 2, "messages": [
            {"id": 1, "type": "message", "date": "2024-01-05T10:00:00", "date_unixtime": "1704445200", "from": "Anna", "from_id": "user1", "text": "Dag"}]}]},
    }).encode()),
    "x": ("x", "twitter/data/contact.js", b"window.YTD.contact.part0 = " + listed({"contact": {"id": "9", "emails": [MAIL], "phoneNumbers": [NUMBER]}})),
    "discord": ("discord", "package/account/user.json", json.dumps({
        "id": "100000000000000001", "username": "anna", "discriminator": "0",
        "relationships": [{"id": "100000000000000099", "type": 1, "nickname": NAME, "user": {"id": "100000000000000099", "username": NAME}}]}).encode()),
    "signal": ("signal", "signal-export/main.jsonl", b"\n".join(json.dumps(each).encode() for each in (
        {"version": "1", "backupTimeMs": "1733000000000"}, {"account": {"givenName": "Anna"}}, {"recipient": {"id": "1", "self": {}}},
        {"recipient": {"id": "9", "contact": {"aci": "AAAAAAAAAAAAAAAAAAAQAQ==", "e164": "31600000099", "systemGivenName": NAME, "note": NUMBER}}}))),
    "slack": ("slack", "workspace/users.json", listed({
        "id": "U9", "team_id": "T0", "name": "eef", "real_name": NAME, "profile": {"real_name": NAME, "email": MAIL, "phone": NUMBER}})),
}  # fmt: skip
"""Where each network keeps them, or a list of people that is as good as one."""
SAID_TO_BE_LEFT_OUT = ("facebook", "instagram", "linkedin", "telegram", "x")
"""Exports in which the address book is a thing of its own: it is counted as left out."""


def whole(name: str, pages: list[Page]) -> tuple[str, list[str]]:
    """All that is kept or shown, raw pieces too, and why things were left out."""
    items, unreads, notes = read(name, pages)
    kept = msgspec.json.encode(msgspec.to_builtins([*items, *notes])).decode() + "".join(
        each.raw.decode("utf-8", "replace") + each.where + each.why for each in (*items, *unreads) if hasattr(each, "why")
    )
    return kept + "".join(item.raw.decode("utf-8", "replace") for item in items), [each.why for each in unreads if each.kind == "skipped"]


@pytest.mark.parametrize("case", ADDRESS_BOOKS)
def test_an_address_book_stays_behind(case):
    name, file, raw = ADDRESS_BOOKS[case]
    assert sources.export(name).sniff(page(file, raw)) > 0
    kept, skipped = whole(name, [page(file, raw)])
    for word in (NAME, "Geheim", NUMBER, NUMBER[1:], MAIL):
        assert word not in kept, f"{word} was kept"
    if name in SAID_TO_BE_LEFT_OUT:
        assert skipped, "it is said that something was left out"


def referred(records: list[Record]) -> Iterator[str]:
    """Every account that a post, an act or a membership needs."""
    for record in records:
        if isinstance(record, Post):
            yield from (record.author, *record.mentions)
        elif isinstance(record, Event):
            yield from (record.actor, record.receiver, record.object)
        elif isinstance(record, Membership):
            yield record.account


PEOPLE_ARE_WHAT_IS_READ = {
    "activitystreams": "an account's own file",
    "bluesky": "an account's own profile; names that answers and identity events tell",
    "feeds": "feeds are the accounts",
    "kring": "everything comes back",
    "stackexchange": "Users.xml of a public site",
    "tables": "a table of people",
}
ALL_CASES = [
    (name, path.name)
    for name in sources.EXPORTS
    if name not in PEOPLE_ARE_WHAT_IS_READ
    for path in (HERE / name).glob("*.page*")
    if ".records." not in path.name
]


ALL_CASES.remove(("reddit", "inbox.page.json"))
"""In it is an account that was asked for by itself."""


@pytest.mark.parametrize(("name", "case"), ALL_CASES)
def test_nobody_is_named_who_never_took_part(name, case):
    items = [each for each in sources.export(name).read(pages_under(HERE / name / case), Asked()) if isinstance(each, Item)]
    records = [record for item in items for record in item.records]
    needed = set(referred(records))
    assert [each for each in records if isinstance(each, Account) and not each.owner and each.id not in needed] == []


@pytest.mark.parametrize("name", ["activitystreams", "bluesky", "feeds", "matrix", "signal", "slack", "whatsapp", "x"])
def test_what_its_author_took_back_is_taken_back_here(name):
    """Each of these networks tells of it; the post stays as a place in the thread, its words don't."""
    found = []
    for path in sorted((HERE / name).glob("*.page*")):
        if ".records." not in path.name:
            given = sources.export(name).read(pages_under(path), Asked())
            found += [
                record for each in given if isinstance(each, Item) for record in each.records if isinstance(record, Post) and record.deleted
            ]
    assert found
    assert all(not post.text for post in found)
