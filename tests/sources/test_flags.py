"""What accounts ask of others, as their networks tell: heard where it is said, and never guessed."""

import pytest

from kring.sources.activitypub import flags_of
from kring.sources.bluesky_records import flags_of as bluesky_flags_of
from kring.sources.bluesky_records import records_of

LABEL = {"val": "!no-unauthenticated"}


@pytest.mark.parametrize(
    ("actor", "flags"),
    [
        ({}, ()),
        ({"summary": "<p>I like bots</p>"}, ()),
        ({"summary": "<p>Hello. #nobot</p>"}, ("no-bot",)),
        ({"summary": '<a href="x" class="hashtag">#<span>NoBot</span></a>'}, ("no-bot",)),
        ({"summary": "#nobotany is my hobby"}, ()),
        ({"indexable": False}, ("no-index",)),
        ({"indexable": True, "discoverable": True, "manuallyApprovesFollowers": False}, ("open",)),
        ({"indexable": "false", "discoverable": None}, ()),
        ({"indexable": False, "discoverable": False, "manuallyApprovesFollowers": True}, ("no-index", "no-discovery", "locked")),
        ({"summary": ["#nobot"], "indexable": {}}, ()),
    ],
)
def test_an_actor_of_the_fediverse(actor, flags):
    assert flags_of(actor) == flags


@pytest.mark.parametrize(
    ("profile", "flags"),
    [
        ({}, ()),
        ({"labels": [LABEL]}, ("signed-in-only",)),
        ({"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [LABEL]}}, ("signed-in-only",)),
        ({"labels": [{"val": "spam"}], "description": "#NoBot please"}, ("no-bot",)),
        ({"labels": "!no-unauthenticated", "description": 7}, ()),
        (None, ()),
    ],
)
def test_a_profile_of_bluesky(profile, flags):
    assert bluesky_flags_of(profile) == flags


def test_a_profile_that_asks_no_more_says_so():
    for labels, flags in (({"values": [LABEL]}, ("signed-in-only",)), ({"values": []}, ("open",))):
        (account,) = records_of("app.bsky.actor.profile", {"displayName": "Anna", "labels": labels}, "at://x", "did:plc:x")
        assert account.flags == flags
