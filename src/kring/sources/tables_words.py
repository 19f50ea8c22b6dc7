"""What the columns of a plain table are called, in English, Dutch and German, and which of them hold what.

A table is of posts, of people or of ties. What a column holds is its role: by its name, or because the user said so (`Asked.columns`, pairs of a
role and a column's name; a role whose column is "" is one that the table doesn't have; `kind` and `visibility` may be one word for all rows).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from kring.schema import VISIBILITIES, PostKind, Verb, Visibility

Kind = Literal["posts", "people", "ties"]
KINDS: tuple[Kind, ...] = ("posts", "people", "ties")
_WORDS: dict[str, dict[str, str]] = {
    "posts": {
        "id": "id|post id|message id|comment id|tweet id|review id|uuid|guid|nr|bericht id|beitrags id",
        "author": "author|auteur|autor|verfasser|verfasserin|user|username|gebruiker|gebruikersnaam|benutzer|benutzername|nutzer|from|van|von|sender"
        "|afzender|absender|door|poster|commenter|screen name|handle|account|author name|user name|author id|user id|from user|name|naam",
        "text": "text|tekst|content|inhoud|inhalt|message|bericht|nachricht|body|comment|reactie|kommentar|tweet|review|recensie|rezension|opmerking"
        "|beitrag|post|full text|comment text|message text|post text|berichttekst",
        "title": "title|titel|subject|onderwerp|betreff|headline|kop",
        "at": "at|date|datum|timestamp|tijdstip|zeitpunkt|created|created at|created on|created utc|datetime|date time|datum tijd|datum en tijd|datum zeit"
        "|published|published at|posted|posted at|posted on|geplaatst|geplaatst op|verzonden|verzonden op|sent|sent at|erstellt|erstellt am|gesendet"
        "|gesendet am|aangemaakt|aangemaakt op|gepubliceerd op|time|tijd|zeit",
        "time": "time|tijd|zeit|uhrzeit|time of day",
        "reply_to": "reply to|reply to id|in reply to|in reply to id|in reply to status id|parent|parent id|antwoord op|reactie op|antwort auf",
        "thread": "thread|thread id|conversation|conversation id|topic id|discussion id|draad|gesprek|discussie|unterhaltung|diskussion",
        "to": "to|aan|an|recipient|recipients|ontvanger|ontvangers|empfänger|receiver",
        "url": "url|link|permalink|uri|webadres|webadresse|post url",
        "place": "place|channel|kanaal|kanal|group|groep|gruppe|forum|list|mailing list|lijst|liste|chat|room|board|community|subreddit|server",
        "score": "score|likes|like count|votes|stemmen|stimmen|upvotes|points|punten|punkte|favorites|favourites|vind ik leuk|gefällt mir",
        "language": "language|lang|taal|sprache",
        "tags": "tags|hashtags|labels|trefwoorden|schlagwörter|keywords",
        "mentions": "mentions|vermeldingen|erwähnungen",
        "kind": "kind|type|soort|art|typ",
        "visibility": "visibility|zichtbaarheid|sichtbarkeit",
    },
    "people": {
        "id": "id|user id|account id|member id|lidnummer|mitgliedsnummer|nr",
        "handle": "handle|username|user name|screen name|gebruikersnaam|benutzername|account|nickname|bijnaam",
        "name": "name|naam|full name|volledige naam|vollständiger name|display name|weergavenaam|anzeigename|label",
        "kind": "kind|type|soort|art|typ",
        "url": "url|link|profile|profile url|website|profiel|profil",
    },
    "ties": {
        "id": "id|tie id|edge id",
        "source": "source|bron|quelle|from|van|von|src|follower|volger|source id|from id|from user",
        "target": "target|doel|ziel|to|naar|aan|an|nach|dst|followed|following|gevolgd|target id|to id|to user",
        "kind": "kind|type|soort|art|typ|verb|relation|relatie|relationship|beziehung|edge type|interaction",
        "at": "at|date|datum|timestamp|time|tijd|zeit|tijdstip|zeitpunkt|since|sinds|seit|created at|created|first",
    },
}
_ROLE = {kind: {name: role for role, names in roles.items() for name in names.split("|")} for kind, roles in _WORDS.items()}
_RANK = {kind: {name: rank for names in roles.values() for rank, name in enumerate(names.split("|"))} for kind, roles in _WORDS.items()}
_HOURS = frozenset(_WORDS["posts"]["time"].split("|"))
ROLES = tuple(dict.fromkeys(role for roles in _WORDS.values() for role in roles))
"""All that a column can be said to hold."""
NEEDED: dict[Kind, tuple[str, ...]] = {"posts": ("author", "text", "at"), "people": ("name",), "ties": ("source", "target", "kind")}
"""What is asked for where no column's name tells."""
INDISPENSABLE = {"text", "source", "target", "kind", "name"}
"""Roles without which there is nothing to keep."""
MEANING = {
    "author": "who wrote it",
    "text": "what was said",
    "at": "when (the day, or day and time)",
    "name": "what people are called",
    "source": "who did it",
    "target": "to whom it was done",
    "kind": "what the tie means",
}
_PRIVATE = re.compile(
    r"\b(?:e ?mail|mail|phone|mobile|telefoon|telefoonnummer|telefon|tel|mobiel|handynummer|birthday|birth|geboortedatum|geburtstag|iban|bsn|"
    r"street|straat|straße|postcode|plz|zip|address|adres|adresse|password|wachtwoord)\b"
)
"""What only address books have: Kring takes none without being asked to."""
_WORD = re.compile(r"[\W_]+")
_VISIBILITIES: dict[str, Visibility] = {each: each for each in VISIBILITIES}
_POST_WORDS: dict[PostKind, str] = {
    "note": "note|post|comment|reactie|kommentar|tweet|reply|beitrag",
    "article": "article|artikel|blog|blogpost",
    "question": "question|vraag|frage",
    "answer": "answer|antwoord|antwort",
    "review": "review|recensie|rezension|bewertung",
    "message": "message|bericht|nachricht|mail|e mail|email|chat",
    "page": "page|pagina|seite",
}
POST_KINDS = {word: kind for kind, words in _POST_WORDS.items() for word in words.split("|")}
_VERB_WORDS: dict[Verb, str] = {
    "follow": "follow|follows|following|followed|volgt|volgen|folgt|folgen|subscribe|subscribes",
    "like": "like|likes|liked|favorite|favourite|vindt leuk|gefällt",
    "dislike": "dislike|dislikes|disliked",
    "share": "share|shares|shared|retweet|repost|boost|announce|deelt|teilt",
    "accept": "accept|accepts|accepted|aanvaardt|akzeptiert",
    "vote": "vote|votes|voted|stemt|stimmt",
    "block": "block|blocks|blocked|blokkeert|blockiert",
    "add": "add|adds|added|friend|friends|contact|connection|connected|vriend|freund",
    "remove": "remove|removes|removed",
    "vouch": "vouch|vouches|vouched|vouches for|vouched for|trusts|staat in voor|vertrouwt|bürgt|bürgt für|vertraut",
}
VERBS = {word: verb for verb, words in _VERB_WORDS.items() for word in words.split("|")}
"""What a tie between two people may mean. A reply or a mention belongs to a post, and comes with a table of posts."""


class Columns(msgspec.Struct, frozen=True):
    """What is known of a table's columns."""

    kind: Kind | Literal[""]
    """"" where it can't be told."""
    at: dict[str, int]
    """Where the column of each role stands."""
    all: dict[str, str]
    """Roles that are the same in all rows."""
    missing: tuple[str, ...]
    """Roles that have to be asked for."""
    unused: tuple[int, ...]


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name as it is compared: small letters, one space for all that is no letter or digit. "CreatedAt" is "created at"."""
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name.replace("\ufeff", ""))
    return _WORD.sub(" ", parted.lower()).strip()


def columns_of(header: Sequence[str], said: Iterable[tuple[str, str]] = (), kind: str = "") -> Columns:
    """Which column holds what: as the user said, else by the names."""
    given, none, same = _given(header, tuple(said))
    found = kind if kind in KINDS else _kind(header, given)
    if found not in KINDS:
        return Columns("", given, same, (), tuple(range(len(header))))
    at = {role: k for role, k in given.items() if role in _WORDS[found]}
    for role, k in _named(header, found).items():
        if role not in at and role not in none and role not in same and k not in at.values():
            at[role] = k
    unused = tuple(k for k in range(len(header)) if k not in at.values() and header[k].strip())
    return Columns(
        found, at, {role: word for role, word in same.items() if role in _WORDS[found]}, _missing(found, at, none, same, unused), unused
    )


def _given(header: Sequence[str], said: tuple[tuple[str, str], ...]) -> tuple[dict[str, int], set[str], dict[str, str]]:
    """What the user said and is true of this table: columns, roles it doesn't have, roles that are one word for all rows."""
    exact = {name.strip(): k for k, name in reversed(list(enumerate(header)))}
    alike = {plain(name): k for k, name in reversed(list(enumerate(header)))}
    at, none, same = dict[str, int](), set[str](), dict[str, str]()
    for role, name in said:
        k = exact.get(name.strip(), alike.get(plain(name)) if plain(name) else None)
        if not name.strip():
            none.add(role)
        elif k is not None:
            at[role] = k
        elif is_one_word(role, name):
            same[role] = name
    return at, none - set(at), same


def is_one_word(role: str, name: str) -> bool:
    """Whether a role may be one word for all rows, and this is one."""
    return (role == "kind" and (plain(name) in POST_KINDS or plain(name) in VERBS)) or (
        role == "visibility" and plain(name) in VISIBILITIES
    )


def _named(header: Sequence[str], kind: str) -> dict[str, int]:
    """Roles by the columns' names, the most telling name first; a second word for the same thing is no other role."""
    names = [plain(name) for name in header]
    ranked = sorted((_RANK[kind][name], k) for k, name in enumerate(names) if name in _ROLE[kind])
    found: dict[str, int] = {}
    for _, k in ranked:
        role = _ROLE[kind][names[k]]
        if role == "time" and "at" not in found and not any(_ROLE[kind].get(name) == "at" for name in names):
            role = "at"
        found.setdefault(role, k)
    return found


def _kind(header: Sequence[str], given: dict[str, int]) -> Kind | Literal[""]:
    """What a table is of, from the roles that were said, else from its names; "" where they don't tell."""
    if "text" in given or "author" in given:
        return "posts"
    if "source" in given or "target" in given:
        return "ties"
    if "name" in given or "handle" in given:
        return "people"
    return kind_by_names(header)


def kind_by_names(header: Sequence[str]) -> Kind | Literal[""]:
    """Posts have a text and an author or a time, ties two ends, people a name and a handle. An address book is nothing of these."""
    names = [plain(name) for name in header]
    posts, people, ties = (_named(header, kind) for kind in KINDS)
    if "text" in posts and ("author" in posts or "at" in posts):
        return "posts"
    if "source" in ties and "target" in ties:
        return "ties"
    if "name" in people and "handle" in people and not any(_PRIVATE.search(name) for name in names):
        return "people"
    return ""


def _missing(kind: str, at: dict[str, int], none: set[str], same: dict[str, str], unused: tuple[int, ...]) -> tuple[str, ...]:
    """What has to be asked: what the table can't do without, and what one of its other columns may hold."""
    if kind == "people" and ("handle" in at or "id" in at):
        return ()
    wanted = [role for role in NEEDED[kind] if role not in at and role not in same]  # type: ignore[index]
    return tuple(role for role in wanted if role in INDISPENSABLE or (unused and role not in none))


def visibility(word: str) -> Visibility | None:
    """The visibility that a cell means."""
    return _VISIBILITIES.get(plain(word))
