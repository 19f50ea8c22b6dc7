"""Does this text thank? By a rule: a word of thanks in Dutch or English that its author wrote, and none that takes it back.

It takes sarcasm for thanks, but for a few fixed phrases ("thanks for nothing", "nou bedankt"), and misses thanks without a word for it ("you are a
star", "a heart"). Thanks for what is still to come ("alvast bedankt") are none, nor is an answer to thanks ("geen dank"), nor a refusal ("no, thanks").
"""

import re

from kring.reading.question import Reading

VERSION = "words of thanks 1"
_THANKS = re.compile(
    r"\b(?:thank(?:s|ful)?|thankyou|thanx|thnx|thx|tnx|ty|tysm|grateful|cheers for"
    r"|dank(?:je|jewel|uwel|u|jullie)?|bedankt|bedank|bedanken|dankbaar|merci|tof van je|chapeau voor)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:"
    r"(?:many |much )?thanks? (?:you )?(?:so much )?(?:all )?in advance|thanks? in advance|in advance, thanks?"
    r"|(?:alvast|vast|bij voorbaat|op voorhand)[\w ]{0,25}\b(?:be)?dank\w*"
    r"|(?:be)?dank(?:t|je(?:wel)?| je(?: wel)?| u(?: wel)?)? (?:alvast|bij voorbaat|op voorhand)"
    r"|geen dank|niets te danken|niks te danken|graag gedaan"
    r"|(?:no|nee),? (?:thanks?(?: you)?|(?:be)?dank\w*(?: je| u)?(?: wel)?)|nee,? (?:hartelijk|heel erg) (?:be)?dank\w*"
    r"|thanks? (?:you )?for nothing|bedankt voor niets|bedankt voor niks|nou,? (?:hartelijk |lekker )?(?:be)?dank\w*(?: zeg| hoor)?|lekker bedankt"
    r"|(?:don'?t|do not|no need to|never|not) (?:\w+ )?thank\w*|niet (?:\w+ )?(?:be)?dank\w*|hoeft? (?:me |mij |ons |je )?niet te (?:be)?danken"
    r"|stank voor dank|ondank\w*|thanks to(?! (?:you|all|every))|thank god|thank goodness|thank heavens?"
    r"|god ?zij ?dank|goddank|thankful(?:ly)? not|te danken aan"
    r")\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|„[^”“\n]*[”“]|«[^»\n]*»|`[^`\n]*`")


def thanks(text: str) -> Reading:
    """Whether a text thanks, and the sentence that shows it."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    own = _QUOTED.sub(" ", _LINK.sub(" ", own)).replace("’", "'")
    for sentence in re.split(r"(?<=[.!?…])\s+|\n", own):
        if _THANKS.search(_NONE.sub(" ", sentence)):
            return Reading("thanks", 1.0, VERSION, sentence.strip())
    return Reading("", 1.0, VERSION, "no word of thanks of its own")
