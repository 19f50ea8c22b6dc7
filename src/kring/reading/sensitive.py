"""Whether words tell what somebody is or believes: health, religion, origin, sexuality, party, union. Of people such words are not kept.

A list of words, Dutch and English, and no more: it knows what is in it. It would rather refuse a word that was meant otherwise, which costs a
rewording, than keep one.

After   the special categories of data in the GDPR, article 9.
"""

import re
from typing import NamedTuple


class Told(NamedTuple):
    """The word, and what it tells of somebody."""

    word: str
    of: str


_ABOUT = {
    "health": (
        r"ill|illness\w*|sick\w*|disease\w*|diagnos\w*|cancer|kanker\w*|tumou?r\w*|depress\w*|diabet\w*|hiv|"
        r"autis\w*|adhd|dementia|dement\w*"
        r"|alzheimer\w*|handicap\w*|gehandicapt\w*|disab\w*|wheelchair|rolstoel\w*|blind\w*|doof|dove (?:man|vrouw|mensen)|deaf\w*|"
        r"addict\w*|verslaaf\w*|verslav\w*|alcoholi\w*"
        r"|burn-?out|overspannen|pregnan\w*|zwanger\w*|psychiatr\w*|therap\w*|medicat\w*|medicijn\w*|patiënt\w*|"
        r"health(?!y)\w*|gezondheid\w*|ziek|zieke|ziekte\w*"
        r"|chemo\w*|epilep\w*|covid|corona|abortion|abortus|miskraam|arbeidsongeschikt\w*|wia|wajong"
    ),
    "religion or belief": (
        r"religi\w*|faith|geloof\w*|gelovig\w*|believer|belief\w*|levensbeschouw\w*|christian|christians|christianity|christelijk\w*|christen|christenen|katholiek\w*|"
        r"catholic\w*|protestant\w*|gereformeerd\w*|hervormd\w*"
        r"|muslim\w*|moslim\w*|islam\w*|jew|jews|jewish|jood|joden|joods\w*|hindu\w*|hindoe\w*|buddhis\w*|"
        r"boeddhis\w*|sikh\w*|jehova\w*|mormo\w*|atheïs\w*|atheis\w*"
        r"|humanist\w*|church\w*|kerk\w*|parochi\w*|parish\w*|mosque\w*|moskee\w*|synago\w*|imam\w*|rabbi|rabbis|rabbijn\w*|"
        r"dominee\w*|priest\w*|priester\w*|ramadan|hoofddoek\w*|headscarf"
    ),
    "origin": (
        r"ethnic\w*|etnisch\w*|etniciteit|racial|afkomst|allochto\w*|migrant\w*|migratieachtergrond|"
        r"immigra\w*|refugee\w*|vluchteling\w*|asylum\w*|asielzoek\w*|statushouder\w*"
        r"|black (?:man|woman|person|people)|zwarte (?:man|vrouw|mensen)|turk|turks\w*|turkish|marokka\w*|moroccan\w*|surinam\w*|antill\w*|roma|sinti|gypsy|"
        r"zigeuner\w*|syri\w*|eritre\w*|somali\w*|nationalit\w*"
    ),
    "sexuality": (
        r"gay|gays|lesbi\w*|homo|homo's|homoseks\w*|homosex\w*|bisex\w*|biseks\w*|queer\w*|lgbt\w*|lhbt\w*|"
        r"transgender\w*|transsex\w*|transseks\w*|transvrouw|transman"
        r"|heterosex\w*|heteroseks\w*|sexual\w*|seksue\w*|geaardheid|non-binair\w*|non-binary"
    ),
    "party": (
        r"(?<!birthday )(?<!third )(?<!street )(?<!garden )(?<!christmas )party(?! hat)|partij\w*|politic\w*|"
        r"politiek\w*|politieke|socialis\w*|communis\w*|liberals?|conservative\w*"
        r"|tory|tories|republican\w*|democrat\w*|stemt op|votes for|voted for|vvd|pvda|cda|d66|pvv|groenlinks|"
        r"christenunie|sgp|pvdd|bij1|bbb|nsc|fvd|ja21|(?-i:SP|DENK|Volt)"
    ),
    "union": (
        r"trade union\w*|labou?r union\w*|union (?:member|rep|man|woman|official|steward)\w*|member of (?:a|the) union|"
        r"unioni[sz]ed|shop steward\w*|vakbond\w*|vakvereniging\w*|fnv\w*|cnv\w*"
    ),
}
_WORDS = re.compile("|".join(rf"(?P<of{k}>(?<!\w)(?:{words})(?!\w))" for k, words in enumerate(_ABOUT.values())), re.IGNORECASE)


def sensitive(text: str) -> Told | None:
    """The first word of a text that tells what somebody is or believes, None where it knows of none."""
    found = _WORDS.search(text)
    if found is None or found.lastgroup is None:
        return None
    return Told(found[0], list(_ABOUT)[int(found.lastgroup.removeprefix("of"))])
