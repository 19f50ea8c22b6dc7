"""The author's own words in a mail: quoted mails, signatures and the footers of lists taken off, inline quotes left as "> " lines.

    kept      what the author wrote, and the quotes that it answers point by point, each line with "> " before it
    cut       the quote that stands whole at the end, marked (">") or not; what announces a quote ("On … wrote:"); all behind
              "-----Original Message-----" or a block of From/Sent/To/Subject lines; the signature behind "-- " (RFC 3676, section 4.3)
              and "Sent from my …"; the footer of a list
    can fail  a quote without any mark and without a line that announces it looks like the author's words, and stays; an answer *under* an
              unmarked quote goes with it. The raw mail keeps everything

Languages: English, Dutch, German, French, Spanish, Italian, Portuguese, and the announcing line also in Danish, Norwegian, Swedish,
Polish, Czech, Russian.
"""

import re
from itertools import islice

_I = re.IGNORECASE
_OPENERS = r"On|Op|Am|Le|El|Il|Em|Den|På|W dniu|Dnia|Dne|No dia|Il giorno|In data"
_VERBS = (
    r"wrote|writes|schreef|heeft geschreven|het volgende geschreven|geschreven|schrieb|geschrieben|a écrit|écrit|escribió|ha escrito|"
    r"ha scritto|scrisse|escreveu|skrev|napisał(?:\(a\))?a?|pisze|napsal\(?a?\)?|написала?|пишет|píše"
)
_OPENED = re.compile(rf"[ \t]*(?:{_OPENERS})\b(?=.{{0,390}}\d).{{4,380}}?(?<!\w)(?:{_VERBS})(?!\w).{{0,150}}:$", _I)
"""On <date> <somebody> wrote:"""
_DATED = re.compile(rf"(?=.{{0,300}}[\d@<]).{{2,250}}(?<!\w)(?:{_VERBS})(?!\w).{{0,150}}:$", _I)
"""<somebody> wrote on <date>:"""
_SURE = re.compile(r"(?=.{0,300}\b(?:\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2})\b)(?=.{0,300}(?:\d[:.h]\d\d|@))")
"""A date with a year, and a time or address: only this announces a quote that has no marks."""
_NAMED = re.compile(rf"[ \t]*(?:\S+\s+){{1,4}}(?:{_VERBS})\s?:$", _I)
_ADDRESSED = re.compile(r"(?=.{0,300}\d)(?:.{2,200}<?[\w.+-]{1,64}@[\w.-]{1,200}>?.{0,60}|.{2,200}\d[:.]\d\d.{0,100}):$")
"""<somebody> <time or address> …: in a language that isn't here; believed only right before a marked quote."""

_ORIGINAL = re.compile(
    r"^[ \t]*(?:[-_]{2,}[ \t]*(?:original message|forwarded message|original appointment|oorspronkelijk bericht|origineel bericht|"
    r"doorgestuurd bericht|ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|message d['’]origine|"
    r"message original|message transféré|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|"
    r"mensagem encaminhada)[ \t]*[-_]{2,}|"
    r"(?:begin forwarded message|begin doorgestuurd bericht|anfang der weitergeleiteten nachricht|"
    r"début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|"
    r"início da mensagem (?:re)?encaminhada)[ \t]?:)[ \t]*$",
    _I | re.MULTILINE,
)
_FROM = re.compile(r"^[ \t]*\*?(?:From|Van|Von|De|Da)[ \t\xa0]?(?:\*?:|:\*?)[ \t\xa0]*\S", re.MULTILINE)
_OTHER_FIELDS = tuple(
    re.compile(rf"[ \t]*\*?(?:{names})[ \t\xa0]?(?:\*?:|:\*?)", _I)
    for names in (
        "Sent|Date|Verzonden|Datum|Gesendet|Envoyé|Enviado(?: el| em)?|Fecha|Inviato|Data|Sent at",
        "To|Aan|An|À|A|Para|Per",
        "Subject|Onderwerp|Betreff|Objet|Asunto|Oggetto|Assunto",
    )
)
_RULE_BEFORE = re.compile(r"\n[ \t]*[_*-]{5,}[ \t]*\n*\Z")

_BARE_SIGNATURE = re.compile(r"^--\n(?=(?:[^\n]*\n){1,8}\Z)", re.MULTILINE)
_DEVICES = (
    r"\b(?:i?phone|ipad|ipod|mobiele?|mobil\w*|android|samsung|galaxy|huawei|xiaomi|oppo|oneplus|nokia|pixel|fairphone|blackberry|smartphone|"
    r"handy|tablet|telefoon|telefon|téléphone|teléfono|telefono|telefone|móvil|celular|cellulare|outlook|mail|yahoo|windows|proton\w*|gmail|k-9|device|toestel)\b"
)
_SENT_FROM = re.compile(
    r"[ \t]*-{0,2} ?(?:(?:sent (?:from|via|with)|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via)|gesendet (?:von|mit|aus)|"
    r"envoyé (?:de|depuis|à partir|avec)|enviado (?:desde|do|da|de|pelo|con|com|a partir)|inviato (?:da|dal|dall|con))(?!\w)"
    rf"(?=[^\n]{{0,100}}{_DEVICES})[^\n]{{1,140}}|"
    rf"(?:von|aus) mein(?:em|er) (?=[^\n]{{0,60}}{_DEVICES})[^\n]{{1,60}} gesendet|"
    r"(?:get|download|holen sie sich|laden sie|téléchargez|obtenez|télécharger|obtener|descargar|scarica|ottieni|obter|baixar)\b"
    r"[^\n]{0,12} outlook [^\n]{1,80}|outlook (?:voor|für|pour|para|per) [^\n]{1,80})\.?$",
    _I,
)
_FOOTER = re.compile(r"\n[-=_*~#]{3}[-=_*~# ]*+\n(?P<rest>(?:[^\n]*\n){1,14})\Z")
_FOOTER_SAYS = re.compile(
    r"mailing.?list|mailinglist|listinfo|unsubscribe|uitschrijven|afmelden|abmelden|abbestellen|désabonner|désinscri|darse de baja|"
    r"disiscri|cancelar (?:la |a )?(?:suscripción|inscrição|subscrição)|cancellarsi|list archives?|/lists/",
    _I,
)
_SCRUBBED = re.compile(r"^-{10,} next part -{10,}\n(?=(?:[^\n]*\n){0,2}?[^\n]*scrubbed\.\.\.)", re.MULTILINE)
"""What Mailman 2 writes into an archive in place of an attachment (its `Scrubber.py`)."""
_QUOTED = re.compile(r" ?((?:> ?)+)(.*)")
_MOST_ROUNDS = 6
_MOST_TRIES = 200


def own(text: str) -> str:
    """The author's own words, and inline quotes as "> " lines; the text is what `mail_bodies` gives."""
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n")]
    text = "\n".join(lines).strip("\n") + "\n"
    for _ in range(_MOST_ROUNDS):
        before = len(text)
        text = _without_original(_without_signature(_without_footer(text)))
        text = _without_device(_without_last_quote(text)).strip("\n") + "\n"
        if len(text) == before:
            break
    return _tidy(text) if ">" in text else text.strip()


def _without_footer(text: str) -> str:
    """Without the lines that a mailing list put under every mail, or instead of what was attached."""
    if found := _SCRUBBED.search(text):
        text = text[: found.start()]
    tail = text[-3000:]
    for found in _FOOTER.finditer("\n" + tail):
        if _FOOTER_SAYS.search(found["rest"]):
            return text[: len(text) - len(tail) + max(0, found.start() - 1)].rstrip("\n") + "\n"
    return text


def _without_device(text: str) -> str:
    """Without a last line that only says which telephone or program sent it."""
    text = text.rstrip("\n")
    begin = text.rfind("\n") + 1
    return text[:begin] if _SENT_FROM.match(text, begin) else text


def _without_signature(text: str) -> str:
    if "--" not in text:
        return text
    begin = ("\n" + text).find("\n-- \n")
    if begin < 0 and (found := _BARE_SIGNATURE.search(text, max(0, len(text) - 1500))):
        begin = found.start()
    return text if begin < 0 else text[:begin]


def _without_original(text: str) -> str:
    """Without an old mail that begins with a line or a block of fields; before a marked quote only those lines go."""
    found = _ORIGINAL.search(text) if "--" in text or "__" in text or ":\n" in text else None
    start = min((begin for begin in (found.start() if found else -1, _fields_begin(text)) if begin >= 0), default=-1)
    if start < 0:
        return text
    own_words = _RULE_BEFORE.sub("\n", "\n" + text[:start])[1:]
    marked = _marked_behind(text, start)
    return own_words if marked < 0 else own_words + text[marked:]


def _fields_begin(text: str) -> int:
    """Where From, and at least two of Sent, To and Subject, stand one under the other; -1 for nowhere."""
    for found in islice(_FROM.finditer(text), _MOST_TRIES):
        following = text[found.start() : found.start() + 3000].split("\n")[1:10]
        if sum(any(field.match(line) for line in following) for field in _OTHER_FIELDS) >= 2:
            return found.start()
    return -1


def _marked_behind(text: str, start: int) -> int:
    """Where a marked quote begins behind an old mail's fields; -1 if what follows is unmarked."""
    for paragraph in re.finditer(r"(?:\A|\n\n+)(?=([^\n]))", text[start : start + 5000]):
        if paragraph.end():
            if paragraph[1] == ">":
                return start + paragraph.end()
            if not _FROM.match(text, start + paragraph.end()):
                return -1
    return -1


def _without_last_quote(text: str) -> str:
    """Without the quote that stands whole at the end: marked, or announced by a line with a date and not marked at all."""
    lines = text.rstrip("\n").split("\n")
    end = len(lines)
    while end and (not lines[end - 1] or lines[end - 1].lstrip(" ")[:1] == ">"):
        end -= 1
    if end < len(lines):
        return "\n".join(lines[: end - announcing(lines, end)]) + "\n"
    unmarked = _unmarked(lines)
    return "\n".join(lines[:unmarked]) + "\n" if unmarked else text


def _unmarked(lines: list[str]) -> int:
    """The first line that surely announces a quote without marks, behind the author's own words and before no marked quote; 0 for none."""
    first, tries = 0, 0
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number]
        if line[:1] == ">" or tries == _MOST_TRIES:
            break
        if line[-1:] != ":":
            continue
        tries += 1
        start = number + 1 - _opened(lines, number + 1)
        if start <= number and _SURE.match(" ".join(lines[start : number + 1])) and any(lines[:start]):
            first = start
    return first


def announcing(lines: list[str], end: int) -> int:
    """How many lines before `end` say whose quote follows; blank ones among them count."""
    bottom = end
    while bottom and not lines[bottom - 1]:
        bottom -= 1
    if not bottom or not lines[bottom - 1].endswith(":") or lines[bottom - 1][:1] == ">":
        return 0
    length = _opened(lines, bottom)
    last, n_last = lines[bottom - 1].strip()[-400:], 1
    if last.count(">") > last.count("<") and bottom > 1:
        last, n_last = f"{lines[bottom - 2].strip()[-400:]} {last}", 2
    if not length and (_DATED.match(last) or _NAMED.match(last) or _ADDRESSED.match(last)):
        length = n_last
    return length + end - bottom if length else 0


def _opened(lines: list[str], end: int) -> int:
    """How many lines before `end` read "On … wrote:", broken by a mailer as it may be."""
    joined = ""
    for length in range(1, min(4, end) + 1):
        line = lines[end - length]
        if not line or line[:1] == ">" or len(line) > 400:
            return 0
        joined = f"{line.strip()} {joined}".strip()
        if _OPENED.match(joined):
            return length
    return 0


def _tidy(text: str) -> str:
    """Marks in one form, and no lines that only say whose quote follows."""
    lines = text.strip("\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        found = _QUOTED.match(line)
        if found is None:
            kept.append(line)
            continue
        if kept and kept[-1][:1] != ">" and (length := announcing(kept, len(kept))):
            del kept[-length:]
        kept.append(("> " * min(found[1].count(">"), 32) + found[2]).rstrip() if found[2] or number else ">")
    return "\n".join(kept).strip()
