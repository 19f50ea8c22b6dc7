"""What Meta's exports say in the language of their owner: labels of fields, names of nobody, and whom a sentence is about.

Labels follow exports in these languages as data-donation tools list them; sentences are known in English, Dutch and German.
"""

import re


def _any(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


USERNAME = _any(
    "Username|Author|Gebruikersnaam|Benutzername|Nutzername|Nom d’utilisateur|Nom d'utilisateur|Nombre de usuario|Nome utente|"
    "Nome de usuário|Nazwa użytkownika|Kullanıcı adı|Имя пользователя|اسم المستخدم|Nume de utilizator"
)
NAME = _any("Name|Naam|Nom|Nombre|Nome|Nazwa|Ad|Имя|الاسم|Nume|Emri")
COMMENT = _any(
    "Comment|Opmerking|Reactie|Kommentar|Commentaire|Comentario|Commento|Comentário|Komentarz|Yorum|Комментарий|تعليق|Comentariu|Koment"
)
MEDIA_OWNER = _any(
    "Media Owner|Media-eigenaar|Eigenaar van media|Medieninhaber|Propriétaire du contenu|Propietario del contenido multimedia|"
    "Proprietario del contenuto multimediale|Właściciel mediów|Medya sahibi|Владелец медиафайла|مالك الوسائط|"
    "Proprietarul conținutului media|Pronari i medias"
)
TIME = _any("Time|Tijd|Zeit|Uhrzeit|Heure|Hora|Ora|Godzina|Saat|Время|الوقت")
ADDRESS = _any("URL|Link|URL-адрес|الرابط")
REACTION = _any("Reaction|Reactie|Reaktion|Réaction|Reacción|Reazione")
CAPTION = _any("Caption|Bijschrift|Bildunterschrift|Légende|Pie de foto|Didascalia")
PRIVATE = _any("Private Account|Privéaccount|Privé-account|Privates Konto|Compte privé|Cuenta privada")
YES = _any("True|Yes|Waar|Ja|Wahr|Oui|Vrai|Sí|Verdadero")

_NOBODY = _any(
    "facebook user|facebook-gebruiker|facebook-nutzer|facebook-nutzer/in|utilisateur de facebook|usuario de facebook|"
    "instagram user|instagramuser|instagram-gebruiker|instagram-nutzer|utilisateur d’instagram|usuario de instagram|meta user|"
    "anonymous member|anonymous participant|anoniem groepslid|anonymes mitglied"
)
_NOTICE = re.compile(r"(?:Reacted \S{1,20} to your message|Liked a message)\s*")
_ABOUT = (
    re.compile(r".+? (?:commented on|replied to|likes?|liked|reacted to|loved?) (?P<whom>.+?)['’]s? (?!own )[^'’]+?\.?"),
    re.compile(r".+? (?:heeft gereageerd op|reageerde op|vindt|beantwoordde) .+ van (?P<whom>[^.]+?)(?: leuk| geweldig)?\.?"),
    re.compile(r".+? hat (?:auf )?(?P<whom>.+?)(?:s|’|') (?:Beitrag|Foto|Kommentar|Video|Link|Album|Story|Status)\b.*"),
    re.compile(r".+? gefällt (?P<whom>.+?)(?:s|’|') (?:Beitrag|Foto|Kommentar|Video|Link|Album|Story|Status)\b.*"),
)
_IN_GROUP = (
    re.compile(r".+? (?:posted|shared .+?|added .+?|commented|replied .+?) (?:in|to the group) (?P<group>.+?)\.?"),
    re.compile(r".+? heeft .*?(?:geplaatst|gepost|gedeeld|toegevoegd) in (?P<group>.+?)\.?"),
    re.compile(r".+? hat (?:.*? )?in (?P<group>.+?) (?:gepostet|geteilt|veröffentlicht|kommentiert)\.?"),
)
_OWN = re.compile(
    r"(?:his|her|their|your|a|an|the|own)(?: own)?|(?:zijn|haar|hun|een|de|het)|(?:seinen|ihren|einen|den|die|das|deine)", re.IGNORECASE
)


def is_nobody(name: str) -> bool:
    """What Meta writes in place of a name that is gone or hidden."""
    return name.strip().lower() in _NOBODY


def is_notice(text: str) -> bool:
    """A line that Meta puts among the messages beside a reaction, which is given at its message too."""
    return text[:1] in ("R", "L") and _NOTICE.fullmatch(text) is not None


def whom(sentence: str) -> str:
    """Whose post or comment a sentence is about ("Anna commented on Bob's post."); "" where that isn't said or not understood."""
    for pattern in _ABOUT:
        if (found := pattern.fullmatch(sentence[:400])) and not _OWN.fullmatch(found["whom"].strip()):
            return found["whom"].strip()
    return ""


def group(sentence: str) -> str:
    """The group in which something was posted ("Anna posted in Bakers."); "" where that isn't said or not understood."""
    return next((found["group"].strip() for pattern in _IN_GROUP if (found := pattern.fullmatch(sentence[:400]))), "")
