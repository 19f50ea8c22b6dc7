"""Imports, measures and sources as people read them."""

from dataclasses import dataclass

from kring.show import lists
from kring.store.runs import Run


@dataclass
class Told:
    name: str
    says: str = ""
    title: str = ""
    reads: str = ""
    lacks: str = ""
    proven_on: str = ""


def run(state="done", zone="", place=""):
    return Run(
        node=3,
        started_at=1_700_000_000_000_000,
        ended_at=None,
        state=state,
        name="chat.zip",
        digest="a5f7",
        sources="whatsapp",
        zone=zone,
        place=place,
        version="kring 0.1.0",
    )


def test_an_import_is_one_line_that_begins_with_the_number_for_undo():
    assert lists.runs_text([run()]) == "   3  chat.zip · whatsapp · 2023-11-14 22:13 UTC"
    said = lists.runs_text([run(state="undone", zone="Europe/Amsterdam", place="Our \u202estreet")])
    assert said.endswith("UTC · zone Europe/Amsterdam · as Our street · undone")
    assert lists.runs_text([], empty="Nothing yet.") == "Nothing yet."


def test_measures_stand_under_each_other_with_what_they_tell():
    said = lists.measures_text([Told("degree", says="How many " * 20), Told("distances", says="How near.")]).splitlines()
    assert said[0].startswith("degree     How many")
    assert said[1].startswith("           How many")
    assert said[-1] == "distances  How near."
    assert max(map(len, said)) <= 100


def test_a_source_says_how_to_ask_for_it_and_leaves_out_what_it_has_nothing_to_say_of():
    said = lists.sources_text([Told("whatsapp", title="WhatsApp chat", reads="messages", proven_on="chats of others")])
    assert said == "WhatsApp chat · --as whatsapp\n    reads      messages\n    proven on  chats of others"
