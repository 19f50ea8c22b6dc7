"""The page beside somebody's own data: what it is, where it came from, what is not in it and what they may ask, in Dutch and English."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_NAMES = {
    "account": ("accounts", "accounts"),
    "membership": ("lidmaatschappen van chats, lijsten en fora", "memberships of chats, lists and forums"),
    "post": ("berichten van u", "posts of yours"),
    "event": ("handelingen van u of jegens u", "acts by you or towards you"),
    "pointers": ("verwijzingen naar berichten van anderen", "pointers to posts by others"),
}
_NL = """\
Uw gegevens bij {circle}, {day}
{line}
Aangevraagd door: {by}
Uw accounts: {accounts}

Wat zit hierin?
  records.json   uw accounts, lidmaatschappen, berichten en handelingen, in een open vorm (ActivityStreams 2.0)
  noted.json     wat over u is genoteerd: welke accounts van u zijn, waarvoor u toestemming gaf of weigerde, wat uw profiel vraagt,
                 uitkomsten die u noemen, en wie uw gegevens inzag of wijzigde
  others.json    waar anderen u antwoorden of noemen: alleen de plaats, niet hun woorden, want die zijn van hen
  imports.json   uit welke bestanden dit kwam, op welke grond, waarvoor, en tot wanneer het bewaard wordt

Hoeveel?
{counts}

Waar komt het vandaan?
{sources}

Wat zit er niet in? Wat anderen schreven; cijfers waarin u met tien of meer anderen meetelt; beeld en geluid, die Kring niet bewaart.

Wat kunt u vragen? Dat iets wordt verbeterd; dat u nergens meer in meetelt (bezwaar); dat alles van u wordt gewist en wegblijft.
Vraag het degene van wie u dit kreeg. Helpt dat niet, dan kunt u terecht bij de Autoriteit Persoonsgegevens.
"""
_EN = """\
Your data at {circle}, {day}
{line}
Asked for by: {by}
Your accounts: {accounts}

What is in it?
  records.json   your accounts, memberships, posts and acts, in an open form (ActivityStreams 2.0)
  noted.json     what was noted of you: which accounts are yours, what you agreed to or refused, what your profile asks,
                 figures that name you, and who saw or changed your data
  others.json    where others answer or mention you: the place only, not their words, which are theirs
  imports.json   from which files this came, on which ground, for what, and until when it is kept

How much?
{counts}

Where does it come from?
{sources}

What is not in it? What others wrote; figures in which you count with ten others or more; pictures and sound, which Kring doesn't keep.

What may you ask? That something be corrected; that you count nowhere any more (objection); that all of yours be erased and stay away.
Ask whoever gave you this. If that doesn't help, there is your country's data protection authority.
"""


def page(circle: str, by: str, accounts: Sequence[str], counts: Mapping[str, int], sources: Sequence[Any], noted: Any) -> str:
    """README.txt, first in Dutch, then in English."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    more = (
        {
            "nl": f"  {len(noted.consents):>7} antwoorden in het toestemmingslogboek",
            "en": f"  {len(noted.consents):>7} answers in the consent log",
        }
        if noted.consents
        else {}
    )
    parts = []
    for i, (language, form) in enumerate((("nl", _NL), ("en", _EN))):
        listed = [f"  {n:>7} {_NAMES[kind][i]}" for kind, n in counts.items() if kind in _NAMES] + ([more[language]] if more else [])
        title = f"{'Uw gegevens bij' if language == 'nl' else 'Your data at'} {circle}, {day}"
        came = "\n".join(_source(each, language) for each in sources)
        values = {"circle": circle, "day": day, "line": "=" * len(title), "by": by, "accounts": ", ".join(accounts)}
        parts.append(form.format(**values, counts="\n".join(listed), sources=came or "  -"))
    return "\n\n".join(parts)


def _source(source: Any, language: str) -> str:
    until = datetime.fromtimestamp(source.keep_until / 1e6, UTC).strftime("%Y-%m-%d") if source.keep_until is not None else ""
    came = datetime.fromtimestamp(source.came_in / 1e6, UTC).strftime("%Y-%m-%d")
    words = ("grond", "doel", "bewaard tot", "niet genoteerd") if language == "nl" else ("ground", "purpose", "kept until", "not noted")
    said = [f"{name}: {value or words[3]}" for name, value in zip(words, (source.basis, source.purpose, until))]
    return f"  {came}  {source.name}; {'; '.join(said)}"
