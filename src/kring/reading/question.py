"""Is this text a question? For now by a rule: a question mark that its author wrote, not one in a quote or a link.

The rule stands beside every figure that rests on it. It misses questions without a mark ("weet iemand hoe laat het zwembad opengaat") and takes
rhetorical ones for real; a person's correction will win (DESIGN.md, "Reading").
"""

import re

import msgspec

VERSION = "question-mark 1"
RULE = 'a "?" outside quotes and links'
_MARKS = "?？؟՞"
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)
_QUOTED = re.compile(
    r"\"[^\"\n]*\"|“[^”\n]*”|„[^”“\n]*[”“]|«[^»\n]*»|‹[^›\n]*›|「[^」\n]*」|(?<!\w)'[^'\n]*'(?!\w)|(?<!\w)‘[^’\n]*’(?!\w)|`[^`\n]*`"
)


class Reading(msgspec.Struct, frozen=True):
    """What a text says: label, how sure, by which version, because of what."""

    label: str
    p: float
    version: str
    because: str


def question(text: str) -> Reading:
    """Whether a text asks something, and the sentence that shows it."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    own = _QUOTED.sub(" ", _LINK.sub(" ", own))
    for sentence in re.split(rf"(?<=[.!{re.escape(_MARKS)}])\s+|\n", own):
        if any(mark in sentence for mark in _MARKS):
            return Reading("question", 1.0, VERSION, sentence.strip())
    return Reading("", 1.0, VERSION, "no question mark of its own")
