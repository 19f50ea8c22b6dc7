"""The lines that WhatsApp itself writes into a chat, by language: who created, joined, left or changed it, and notices about encryption.

A line in a language that misses here is still kept, as an update of the chat with its text. To teach one: a line in `_ACTS`.
"""

import re
from typing import NamedTuple

from kring.schema import Verb
from kring.sources import whatsapp_words as words

_QUOTES = str.maketrans("“”„«»’‘", '"""""\'\'')
SYSTEM_AUTHORS = words.table("system|systeem|sistema|système|whatsapp|система|システム|系统|系統")
"""Names that some apps write before a system line."""

_NOTICES = tuple(
    words.table(
        "messages and calls are end-to-end|messages to this chat and calls are|messages to this group and calls are|"
        "messages you send to this chat|messages you send to this group|messages are end-to-end encrypted|"
        "this business uses a secure service|this business works with other companies|this chat is with a business account|"
        "berichten en gesprekken worden end-to-end|berichten en gesprekken zijn end-to-end|"
        "berichten en oproepen worden end-to-end|berichten en oproepen zijn end-to-end|berichten die je naar deze|"
        "berichten naar deze groep|nachrichten und anrufe sind ende|nachrichten, die du in diesem|"
        "nachrichten an diese gruppe sind|nachrichten in diesem chat sowie anrufe|los mensajes y las llamadas están cifrados|"
        "los mensajes y llamadas están cifrados|los mensajes en este chat|los mensajes en este grupo|"
        "les messages et les appels sont chiffrés|les messages et appels sont chiffrés|"
        "les messages et les appels sont protégés|les messages envoyés dans|i messaggi e le chiamate sono|"
        "i messaggi in questa chat|i messaggi in questo gruppo|as mensagens e as chamadas são|as mensagens e chamadas são|"
        "as mensagens e ligações são|as mensagens desta conversa|сообщения и звонки защищены|"
        "メッセージと通話はエンドツーエンド|消息和通话都进行端到端|訊息和通話經端對端|訊息已受端對端|메시지 및 전화는 종단간|"
        "메시지와 통화는 종단간|mesajlar ve aramalar uçtan|wiadomości i połączenia są|meddelanden och samtal är|"
        "beskeder og opkald er|meldinger og samtaler er|viestit ja puhelut|zprávy a hovory jsou|správy a hovory sú|"
        "az üzenetek és hívások|mesajele și apelurile|τα μηνύματα και οι κλήσεις|повідомлення й дзвінки|"
        "повідомлення та дзвінки|tin nhắn và cuộc gọi|ข้อความและการโทร|els missatges i les trucades|poruke i pozivi|"
        "pesan dan panggilan|mesej dan panggilan|ההודעות והשיחות מוצפנות|الرسائل والمكالمات مشفرة|پیام‌ها و تماس‌ها|"
        "मैसेजेस और कॉल्स|मेसेजेस आणि कॉल्स"
    )
)
"""Beginnings of what nobody but WhatsApp writes, in small letters: a system line whatever name stands before it."""
_NOTICE_STARTS = frozenset(each[:3] for each in _NOTICES)

_ENGLISH = re.compile(
    r"omitted|attached|encrypt|secured|business|"
    r"(?:created|added|removed|left|joined|changed|turned|security code|message|call|was|were|admin)\b",
    re.IGNORECASE,
)


class Act(NamedTuple):
    """What a system line says: who did what to whom; a chat's name where the line gives one. "" is nobody that the export names."""

    verb: Verb
    actor: str = ""
    objects: str = ""
    chat: str = ""


YOU = words.table("you|your|u|uw|je|jij|jou|du|dich|dein|sie|tú|te|usted|ti|tu|hai|vous|toi|você|voce|lei|вы|you're")

_ACTS: tuple[tuple[Verb, str], ...] = (
    # English
    ("create", "{a} created (?:the |this )?group(?: {n})?"),
    ("update", "{a} changed (?:the|this|their|his|her|to|from) .*"),
    ("update", "{a} (?:turned (?:on|off)|updated|pinned|deleted|reset) .*"),
    ("update", "{a} (?:is|are) (?:now|no longer) an? admin"),
    ("update", "{a}'re now an admin"),
    ("update", "{a}(?:'s|r) security code .*"),
    ("add", "{a} added {o}(?: to the group)?"),
    ("add", "{o} (?:was|were) added(?: by {a})?"),
    ("remove", "{a} removed {o}(?: from the group)?"),
    ("remove", "{o} (?:was|were) removed(?: by {a})?"),
    ("join", "{a} joined(?: (?:using|via|from|the|this) .*)?"),
    ("join", "{a} was added via .*"),
    ("leave", "{a} left(?: the group| this group)?"),
    # Nederlands
    ("create", "{a} (?:heeft|hebt) (?:de |deze )?groep(?: {n})? (?:aan)?gemaakt"),
    ("create", "{a} (?:heeft|hebt) (?:de |deze )?groep (?:aan)?gemaakt(?: met de naam)? {n}"),
    (
        "update",
        "{a} (?:heeft|hebt) (?:de groeps|het onderwerp|de beschrijving|de instellingen|deze groep|"
        "de afbeelding|een bericht|berichten met vervaldatum|een nieuw telefoonnummer).*",
    ),
    ("update", "{a} is (?:nu|geen) (?:beheerder|admin).*"),
    ("update", "(?:uw|je) beveiligingscode .*"),
    ("update", "de beveiligingscode .*"),
    ("update", ".* is gewijzigd\\. tik voor meer informatie"),
    ("add", "{a} (?:heeft|hebt) {o} toegevoegd"),
    ("add", "{o} (?:is|zijn|bent|werd) toegevoegd(?: door {a})?"),
    ("remove", "{a} (?:heeft|hebt) {o} verwijderd"),
    ("remove", "{o} (?:is|zijn|bent|werd) verwijderd(?: door {a})?"),
    ("join", "{a} (?:is|bent) (?:deelnemer geworden|lid geworden|toegetreden).*"),
    ("join", "{a} (?:neemt|heeft) (?:nu )?deel(?:genomen)?\\b.*"),
    ("leave", "{a} (?:heeft|hebt) (?:de|deze) groep verlaten"),
    ("leave", "{a} (?:is|bent) (?:weggegaan|vertrokken)"),
    # Deutsch
    ("create", "{a} (?:hat|hast|haben) (?:die |diese )?gruppe(?: {n})? erstellt"),
    (
        "update",
        "{a} (?:hat|hast|haben) (?:den|das|die|diese|dieses) .*(?:geändert|gelöscht|entfernt|aktiviert|deaktiviert|angepinnt).*",
    ),
    ("update", "{a} (?:hat|hast|haben) .*nachrichten (?:ein|aus|de)geschaltet.*"),
    ("update", "{a} (?:ist|bist) (?:jetzt|nun|kein).*admin.*"),
    ("update", "(?:deine|die) sicherheitsnummer .*"),
    ("update", "{a} hat (?:die telefonnummer|zu) .*"),
    ("add", "{a} (?:hat|hast|haben) {o} hinzugefügt"),
    ("add", "{o} (?:wurde|wurdest|wurden) hinzugefügt(?: von {a})?"),
    ("remove", "{a} (?:hat|hast|haben) {o} (?:aus der gruppe )?entfernt"),
    ("remove", "{o} (?:wurde|wurdest|wurden) entfernt"),
    ("join", "{a} (?:ist|bist) .*beigetreten.*"),
    ("leave", "{a} (?:hat|hast|haben) die gruppe verlassen"),
    # Español
    ("create", "(?:{a} (?:creó|ha creado)|creaste|has creado) (?:el |este )?grupo(?: {n})?"),
    ("update", "(?:{a} (?:cambió|activó|desactivó|actualizó)|cambiaste) .*"),
    ("update", "{a} (?:ahora es|ya no es) admin.*"),
    ("update", ".*código de seguridad .*cambi.*"),
    ("add", "{a} te (?:añadió|agregó)"),
    ("add", "(?:{a} (?:añadió|agregó)|añadiste|agregaste|se añadió|se agregó) a {o}"),
    ("add", "te (?:añadieron|agregaron)"),
    ("remove", "{a} te (?:eliminó|quitó|sacó)"),
    ("remove", "(?:{a} (?:eliminó|quitó|sacó)|eliminaste|quitaste|se eliminó) a {o}"),
    ("join", "(?:{a} (?:se unió|se ha unido)|te uniste).*"),
    ("leave", "(?:{a} (?:salió|abandonó)|saliste|has salido)(?: del grupo| el grupo)?"),
    # Français
    ("create", "{a} (?:a|avez|as) créé (?:le |ce )?groupe(?: {n})?"),
    ("update", "{a} (?:a|avez|as) (?:modifié|changé|activé|désactivé|épinglé|mis à jour) .*"),
    ("update", "{a} (?:est maintenant|est désormais|n'est plus) admin.*"),
    ("update", ".*code de sécurité .*"),
    ("update", "{a} (?:a|avez|as) supprimé (?:l'|la |le |les ).*"),
    ("add", "{a} (?:vous|t') ?a ajouté(?:e|s)?"),
    ("add", "{a} (?:a|avez|as) ajouté {o}"),
    ("add", "{o} (?:a|ont) été ajouté(?:e|s|es)?(?: par {a})?"),
    ("remove", "{a} (?:vous|t') ?a (?:retiré|supprimé|exclu)(?:e|s)?"),
    ("remove", "{a} (?:a|avez|as) (?:retiré|supprimé|exclu) {o}"),
    ("join", "{a} (?:a|avez|as) rejoint .*"),
    ("leave", "{a} (?:a|avez|as) quitté(?: le groupe)?"),
    ("leave", "{a} est partie?"),
    # Português
    ("create", "{a} criou (?:o |este )?grupo(?: {n})?"),
    ("update", "{a} (?:mudou|alterou|ativou|desativou|apagou|atualizou|fixou) .*"),
    ("update", "{a} (?:agora é|não é mais|é agora|já não é) (?:um |uma )?admin.*"),
    ("update", ".*código de segurança .*(?:mudou|alterou|mudado).*"),
    ("add", "{a} adicionou {o}"),
    ("add", "{o} (?:foi|foram) adicionad[oa]s?(?: por {a})?"),
    ("remove", "{a} removeu {o}"),
    ("remove", "{o} (?:foi|foram) removid[oa]s?(?: por {a})?"),
    ("join", "{a} entrou(?: .*)?"),
    ("leave", "{a} saiu(?: do grupo)?"),
    # Italiano
    ("create", "(?:{a} ha|hai) creato (?:il |questo )?gruppo(?: {n})?"),
    ("update", "(?:{a} ha|hai) (?:modificato|cambiato|attivato|disattivato|aggiornato|eliminato) .*"),
    ("update", "{a} (?:ora è|è ora|non è più) .*amministrat.*"),
    ("update", ".*codice di sicurezza .*"),
    ("add", "{a} ti ha aggiunto"),
    ("add", "(?:{a} ha|hai) aggiunto {o}"),
    ("add", "{o} (?:è stat[oa]|sono stat[ie]) aggiunt[oaie]"),
    ("add", "sei stat[oa] aggiunt[oa](?: da {a})?"),
    ("remove", "{a} ti ha rimosso"),
    ("remove", "(?:{a} ha|hai) rimosso {o}"),
    ("remove", "{o} (?:è stat[oa]|sono stat[ie]) rimoss[oaie]"),
    ("remove", "sei stat[oa] rimoss[oa](?: da {a})?"),
    ("join", "(?:{a} si è|ti sei) unit[oa].*"),
    ("join", "{a} è entrat[oa].*"),
    ("join", "{a} ha effettuato l'accesso .*"),
    ("leave", "(?:{a} ha|hai) (?:abbandonato|lasciato)(?: il gruppo)?"),
    ("leave", "{a} è uscit[oa]"),
)
_SLOTS = {"{a}": r"(?P<a>(?:(?!: ).){1,80}?)", "{o}": r"(?P<o>.{1,2000}?)", "{n}": '"(?P<n>.*)"'}
_SUBJECT = re.compile(
    "subject|group name|groepsnaam|onderwerp|betreff|gruppenname|asunto|nombre del grupo|sujet|nom du groupe|assunto|"
    "nome do grupo|oggetto|nome del gruppo",
    re.IGNORECASE,
)


def _compiled() -> list[tuple[Verb, re.Pattern[str]]]:
    patterns = []
    for verb, template in _ACTS:
        for slot, pattern in _SLOTS.items():
            template = template.replace(slot, pattern)
        patterns.append((verb, re.compile(template, re.IGNORECASE)))
    return patterns


_PATTERNS = _compiled()


def act(line: str) -> Act | None:
    """What a system line says, in any of the languages known here; None if it says nothing that is known."""
    plain = words.SPACES.sub(" ", words.unmarked(line)).translate(_QUOTES).strip().rstrip(".。")
    if len(plain) > 3000:
        return None
    for verb, pattern in _PATTERNS:
        if found := pattern.fullmatch(plain):
            part = found.groupdict()
            chat = part.get("n") or ""
            if verb == "update" and plain.endswith('"') and _SUBJECT.search(plain):
                chat = plain[:-1].rpartition('"')[2]
            return Act(verb, person(part.get("a") or ""), part.get("o") or "", chat)
    return None


def person(written: str) -> str:
    """The name in a system line; "" for "you", whom the export doesn't name."""
    clean = words.name(written)
    return "" if clean.casefold() in YOU else clean


def people(written: str, known: frozenset[str]) -> list[str]:
    """The names in "Anna, Piet and Sam", whole where one of them is known to be called that."""
    if words.name(written) in known:
        return [words.name(written)]
    parts = [part for each in re.split(", | and | en | und | y | et | e |、|和", written) for part in [person(each)] if part]
    return parts if len(parts) < 300 else []


def is_notice(text: str) -> bool:
    """Whether nobody but WhatsApp writes this, whatever name stands before it."""
    if not text.isascii():
        text = words.unmarked(text)
    return text[:3].casefold() in _NOTICE_STARTS and text[:60].casefold().startswith(_NOTICES)


def day_comes_first(text: str) -> bool:
    """Whether WhatsApp wrote this in another language than English: of all its languages only English writes the month first."""
    return _ENGLISH.search(text) is None
