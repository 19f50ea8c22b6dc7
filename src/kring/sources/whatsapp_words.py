"""What WhatsApp writes in the place of a message, by language: pictures left out, files, polls, messages taken back or edited, calls.

The sentences are WhatsApp's own, as they stand in exports of its iOS and Android apps; a language that misses one still reads, its line
is then kept as it stands. To add one, add it to the table it belongs to.
"""

import re

import msgspec

from kring.schema import Media

MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
"""Invisible marks of writing direction. WhatsApp puts U+200E before what it wrote itself, and others around numbers and names."""
_ANY_MARK = re.compile(f"[{MARKS}]")
SPACES = re.compile("[\t\u00a0\u2009\u202f\u3000]")


def unmarked(text: str) -> str:
    """Without invisible marks; plain ASCII comes back as it is."""
    return text if text.isascii() else _ANY_MARK.sub("", text)


def name(written: str) -> str:
    """A person's name as two exports agree on it: "~\u202fAnna" (who is not in the phone's contacts) is Anna; a number has plain spaces."""
    if not written.isascii():
        written = SPACES.sub(" ", unmarked(written)).replace("\u2011", "-")
    return written.strip().removeprefix("~").strip()


def table(written: str) -> frozenset[str]:
    """Phrases divided by "|", in small letters."""
    return frozenset(each.strip().casefold() for each in written.split("|"))


_OMITTED: dict[str, str] = {
    "image": "image omitted|GIF omitted|photo omitted|afbeelding weggelaten|GIF weggelaten|foto weggelaten|Bild weggelassen|"
    "GIF weggelassen|Bild ausgeschlossen|imagen omitida|GIF omitido|image absente|image omise|GIF retiré|GIF absent|"
    "immagine omessa|GIF esclusa|imagem ocultada|imagem oculta|imagem omitida|imagem não revelada|GIF omitida|"
    "GIF não revelada|изображение отсутствует|GIF отсутствует|画像は含まれていません|GIFは含まれていません|이미지 생략됨|"
    "GIF 생략됨|照片已忽略|图像已忽略|圖片已略去|圖像已省略|GIF 已略去|görüntü dahil edilmedi|GIF dahil edilmedi|"
    "obraz pominięty|bild utesluten|GIF utesluten|billede udeladt|GIF udeladt|bilde ikke inkludert|GIF utelatt|ei kuvaa|"
    "obrázek vynechán|imagine omisă|зображення відсутнє|התמונה הושמטה|لم يتم إدراج الصورة|تصویر حذف شد|"
    "gambar tidak disertakan|imej tidak dimasukkan|đã bỏ qua hình ảnh|kép küldése sikertelen|εικόνα παραλείφθηκε|ไม่มีรูปภาพ|"
    "imatge omesa",
    "video": "video omitted|video note omitted|video weggelaten|video weggelassen|video omitido|vídeo omitido|nota de vídeo omitida|"
    "nota de video omitida|vidéo absente|vidéo omise|video omesso|vídeo ocultado|vídeo não revelado|видео отсутствует|"
    "ビデオは含まれていません|비디오 생략됨|视频已忽略|影片已略去|影片已省略|video dahil edilmedi|wideo pominięte|"
    "video utesluten|video udeladt|video utelatt|відео відсутнє|סרטון הווידאו הושמט|لم يتم إدراج الفيديوهات|"
    "video tidak disertakan|video vynecháno|videotiedosto puuttuu|βίντεο παραλείφθηκε",
    "audio": "audio omitted|voice message omitted|audio weggelaten|spraakbericht weggelaten|audio weggelassen|audio omitido|"
    "audio omis|audio omesso|áudio ocultado|áudio omitido|ficheiro de áudio não revelado|аудиофайл отсутствует|"
    "音声は含まれていません|오디오 생략됨|音频已忽略|音訊已略去|音訊已省略|ses dahil edilmedi|audio pominięte|"
    "ljud utelslutet|lyd udeladt|lyd utelatt|аудіо відсутнє|קטע קול הושמט|لم يتم إدراج المقاطع الصوتية|"
    "audio tidak disertakan",
    "sticker": "sticker omitted|sticker weggelaten|sticker weggelassen|sticker omitido|sticker omis|autocollant omis|"
    "sticker non incluso|adesivo omesso|figurinha omitida|figurinha não incluída|sticker não revelado|"
    "autocolante não incluído|стикер не добавлен|スタンプは含まれていません|스티커 제외됨|贴图已省略|貼圖已略去|貼圖已忽略|"
    "çıkartma dahil edilmedi|pominięto naklejkę|sticker utesluten|klistermærke udeladt|klistremerke utelatt|סטיקר הושמט|"
    "تم حذف الملصقات|stiker tidak disertakan",
    "document": "document omitted|document weggelaten|dokument weggelassen|documento omitido|document manquant|document omis|"
    "documento omesso|documento não revelado|документ отсутствует|ドキュメントは含まれていません|문서 생략됨|文档已省略|"
    "文件已略去|文件已忽略|belge dahil edilmedi|dokument pominięty|dokument uteslutet|dokument udeladt|utelatt dokument|"
    "документ пропущено|מסמך הושמט|لم يتم إدراج المستند|dokumen tidak disertakan",
    "contact": "contact card omitted|visitekaartje weggelaten|contactkaart weggelaten|kontaktkarte ausgelassen|"
    "kontaktkarte weggelassen|tarjeta de contacto omitida|fiche contact manquante|scheda contatto omessa|"
    "cartão do contato omitido|contacto não revelado|карточка контакта отсутствует|連絡先カードを省略|연락처 카드 생략됨|"
    "联系人卡片已忽略|聯絡人卡片已略去|kişi kartı dahil edilmedi|pominięta wizytówka kontaktu|kontaktkort uteslutet|"
    "kontaktkort udeladt",
    "location": "live location shared|live locatie gedeeld|live-standort wird geteilt|ubicación en tiempo real compartida|"
    "localisation en direct partagée|posizione attuale condivisa|localização atual compartilhada|"
    "está a partilhar a sua localização|геоданные отправлены|ライブロケーション共有|共享实时位置|實時位置已分享|"
    "공유한 실시간 위치|mevcut konum paylaşıldı",
    "unknown": "<media omitted>|<media weggelaten>|<medien weggelaten>|<bijlage weggelaten>|<medien ausgelassen>|"
    "<medien ausgeschlossen>|<medien weggelassen>|<multimedia omitido>|<archivo omitido>|<archivos omitidos>|"
    "<medios omitidos>|<médias omis>|<média omis>|<fichier omis>|<media omessi>|<media omesso>|<media eliminati>|"
    "<mídia oculta>|<mídia omitida>|<arquivos de mídia ocultos>|<arquivo de mídia oculto>|<multimédia omitido>|"
    "<ficheiro não revelado>|<медиа пропущены>|<без медиафайлов>|<файл пропущен>|<メディアなし>|"
    "<メディアは含まれていません>|<미디어 파일을 생략한 대화내용>|<미디어 파일 제외>|<媒体省略>|<省略多媒体文件>|"
    "<忽略多媒體檔>|<medya dahil edilmedi>|<medya atlanmış>|<pliki pominięto>|<pominięto multimedia>|"
    "<media har utelämnats>|<mediefil udeladt>|<uten vedlegg>|<media jätetty pois>|<média vynechána>|"
    "<media tidak disertakan>|<hiányzó médiafájl>|<медіа пропущено>|<המדיה לא נכללה>|<מדיה הושמטה>|<تم استبعاد الوسائط>|"
    "<εξαίρεση πολυμέσων>|<bỏ qua media>|<view once message omitted>|<view once voice message omitted>|"
    "<bericht voor één keer weergeven weggelaten>|view once message omitted|null|"
    "waiting for this message. this may take a while|waiting for this message|wachten op dit bericht|"
    "wachten op dit bericht. dit kan even duren|warten auf diese nachricht. dies kann etwas dauern|"
    "warte auf diese nachricht|esperando este mensaje. esto puede tomar tiempo|en attente de ce message|"
    "in attesa del messaggio|aguardando mensagem",
}
PLACEHOLDERS: dict[str, str] = {word: kind for kind, written in _OMITTED.items() for word in table(written)}
"""What stands for a picture, sound or film, in small letters without a final stop, and its kind."""

DELETED = table(
    "this message was deleted|you deleted this message|this message was deleted by admin|dit bericht is verwijderd|"
    "je hebt dit bericht verwijderd|u hebt dit bericht verwijderd|dit bericht werd verwijderd|"
    "diese nachricht wurde gelöscht|du hast diese nachricht gelöscht|se eliminó este mensaje|este mensaje fue eliminado|"
    "eliminaste este mensaje|has eliminado este mensaje|ce message a été supprimé|vous avez supprimé ce message|"
    "message supprimé|questo messaggio è stato eliminato|hai eliminato questo messaggio|esta mensagem foi apagada|"
    "mensagem apagada|você apagou esta mensagem|esta mensagem foi eliminada|eliminou esta mensagem|apagou esta mensagem|"
    "данное сообщение удалено|сообщение удалено|вы удалили данное сообщение|このメッセージは削除されました|"
    "メッセージを削除しました|삭제된 메시지입니다|此消息已被删除|您删除了此消息|您刪除了此訊息|此訊息已刪除|"
    "bu mesaj silindi|bu mesajı sildiniz|ta wiadomość została usunięta|usunięto tę wiadomość|detta meddelande raderades|"
    "denne besked blev slettet|denne meldingen ble slettet|tämä viesti poistettiin|tato zpráva byla odstraněna|"
    "pesan ini telah dihapus|הודעה זו נמחקה|تم حذف هذه الرسالة|це повідомлення видалено"
)
_EDITED_WORDS = table(
    "this message was edited|dit bericht is bewerkt|diese nachricht wurde bearbeitet|se editó este mensaje|"
    "este mensaje fue editado|ce message a été modifié|questo messaggio è stato modificato|esta mensagem foi editada|"
    "mensagem editada|данное сообщение изменено|сообщение изменено|このメッセージは編集されました|此消息已编辑|"
    "此訊息已編輯|수정된 메시지입니다|bu mesaj düzenlendi|ta wiadomość została edytowana|detta meddelande har redigerats|"
    "denne besked blev redigeret|הודעה זו נערכה|تم تعديل هذه الرسالة"
)
_CALLS = table(
    "missed voice call|missed video call|missed group voice call|missed group video call|voice call|video call|"
    "gemiste spraakoproep|gemiste video-oproep|gemist spraakgesprek|gemist videogesprek|gemiste oproep|spraakoproep|"
    "video-oproep|verpasster sprachanruf|verpasster videoanruf|sprachanruf|videoanruf|llamada perdida|"
    "llamada de voz perdida|videollamada perdida|appel vocal manqué|appel vidéo manqué|appel manqué|chiamata vocale persa|"
    "videochiamata persa|chamada de voz perdida|chamada de vídeo perdida|ligação de voz perdida|пропущенный аудиозвонок|"
    "пропущенный видеозвонок|不在着信|ビデオ通話不在着信|未接语音通话|未接视频通话|부재중 영상통화"
)


def is_call(text: str) -> bool:
    """Whether this tells of a telephone call: "Missed voice call", or one with WhatsApp's mark and something after it."""
    if len(text) > 100:
        return False
    plain = unmarked(text).strip().casefold().rstrip(".")
    return plain in _CALLS or (text.startswith("\u200e") and re.split(r"[,.]", plain)[0].strip() in _CALLS)


class Said(msgspec.Struct, frozen=True):
    """A message taken apart: its words, what came with it, whether it was edited or taken back."""

    text: str
    media: tuple[Media, ...] = ()
    edited: bool = False
    deleted: bool = False


def _any_of(written: str) -> str:
    return "|".join(re.escape(each) for each in sorted(table(written), key=len, reverse=True))


_ATTACHED = _any_of(
    "file attached|bestand bijgevoegd|Datei angehängt|archivo adjunto|archivo adjuntado|fichier joint|file allegato|"
    "arquivo anexado|ficheiro anexado|ファイル添付|添付ファイル有り|附件|文件附件|附件檔案|файл прикреплен|файл прикреплён|файл добавлен|"
    "файл додано|файл прикріплено|파일 첨부됨|dosya ekli|załączony plik|plik załączony|bifogad fil|fil vedhæftet|vedlagt fil|"
    "liitetiedosto|soubor byl přiložen|súbor pripojený|fájl csatolva|fișier atașat|συνημμένο αρχείο|file terlampir|"
    "fail dilampirkan|tệp đính kèm|קובץ מצורף|الملف مرفق|arxiu adjunt"
)
_ATTACHED_IOS = _any_of(
    "attached|bijlage|bijgevoegd|Anhang|angehängt|adjunto|anexo|anexado|pièce jointe|allegato|прикреплено|添付ファイル|附件|첨부됨|"
    "eklendi|załączono|bifogat|vedhæftet|vedlagt|liite|příloha|csatolva|terlampir|מצורף|المُرفق"
)
_ANDROID_FILE = re.compile(rf"(?P<name>[^\n]*\.\w{{1,8}}) \((?:{_ATTACHED})\)", re.IGNORECASE)
_ANDROID_NAMED = re.compile(r"(?P<name>(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d+\.\w{1,8}) \([^()\n]{2,40}\)")
_IOS_FILE = re.compile(rf"<(?:{_ATTACHED_IOS}|[^<>:\n]{{2,30}}(?=: ?\d{{8}}-)) ?: ?(?P<name>[^<>\n]{{1,300}})>", re.IGNORECASE)
_SHEETS = re.compile(r"^[^\n]{1,200} • [^\n]{1,30}$")
_LOCATION = re.compile(
    r"(?:[^\n:]{1,40}:? )?(?:[^\n]{1,200}\n)?(https?://(?:maps\.google\.[\w.]+/\?q=|maps\.apple\.com/|foursquare\.com/v/)\S{1,500})"
)
_POLLS = table("poll|peiling|enquête|umfrage|encuesta|sondage|sondaggio|enquete|sondagem|опрос|投票|アンケート|투표")
_VOTES = re.compile(r" ?\(\d+ [^()]{1,20}\)$")
_LONGEST_MESSAGE = 100_000
"""WhatsApp allows 65,536 characters; what is longer is kept as it stands."""
_KINDS = {
    "image": "jpg jpeg png heic heif bmp img photo",
    "video": "mp4 mov 3gp mkv avi webm vid video gif",
    "audio": "opus mp3 m4a aac ogg wav amr ptt aud audio",
    "sticker": "webp stk sticker",
    "contact": "vcf",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}


def file_kind(file: str) -> str:
    """What kind of thing a file in an export is, by the names that WhatsApp gives: IMG-…, 00000012-PHOTO-…, or its ending."""
    for part in (*file.split("-")[:2], file.rpartition(".")[2]):
        if kind := _KIND_OF.get(part.lower()):
            return kind
    return "document"


def understand(written: str) -> Said:
    """A message as written, taken apart."""
    text = written.strip()
    if len(text) > _LONGEST_MESSAGE:
        return Said(_tidy(text))
    if len(text) <= 80 and (said := _short(text)):
        return said
    edited = False
    if text.endswith(">") and (found := text.rfind("<")) >= 0:
        words = unmarked(text[found + 1 : -1]).strip().casefold().rstrip(".。")
        if words in _EDITED_WORDS or (found >= 2 and text[found - 1] == "\u200e" and ":" not in words and f"<{words}>" not in PLACEHOLDERS):
            text, edited = text[:found].rstrip(" \u200e\n"), True
            if said := _short(text):
                return msgspec.structs.replace(said, edited=True)
    said = _with_media(text) if any(sign in text for sign in ("<", ")", "\u200e", "://", ":\n")) else None
    return msgspec.structs.replace(said, edited=edited) if said else Said(_tidy(text), edited=edited)


def _short(text: str) -> Said | None:
    """A message that is nothing but one of WhatsApp's own phrases; an empty one is a thing that WhatsApp doesn't write out."""
    if not text:
        return Said("", (Media(),))
    words = unmarked(text).strip().casefold().rstrip(".。")
    if kind := PLACEHOLDERS.get(words) or PLACEHOLDERS.get(words.strip("<>")):
        return Said("", (_media(kind),))
    return Said("", deleted=True) if words in DELETED else None


def _with_media(text: str) -> Said | None:
    plain = unmarked(text).strip()
    file = _ANDROID_FILE.match(plain) or _ANDROID_NAMED.match(plain) or _IOS_FILE.search(plain)
    if file:
        rest = (plain[: file.start()].strip() + "\n" + plain[file.end() :].strip()).strip()
        return Said("" if _SHEETS.match(rest) else rest, (_media(file_kind(file["name"]), file["name"].strip()),))
    if (poll := plain.partition(":\n"))[0].strip().casefold() in _POLLS:
        question, *options = poll[2].split("\n")
        choices = (_VOTES.sub("", each.partition(": ")[2].strip()) for each in options)
        return Said(question.strip(), (Media(kind="poll", text="\n".join(each for each in choices if each)),))
    if place := _LOCATION.fullmatch(plain):
        return Said(place[1], (Media(kind="location"),))
    return _beside_placeholder(text)


def _beside_placeholder(text: str) -> Said | None:
    """A caption with a placeholder: before it on iOS ("Look! \u200eimage omitted"), below "<Media omitted>" on Android."""
    first, _, rest = text.partition("\n")
    before, _, last = text.rpartition("\u200e")
    for place, caption in ((first, rest), (last, before)):
        words = unmarked(place).strip().casefold().rstrip(".。")
        kind = PLACEHOLDERS.get(words) or PLACEHOLDERS.get(words.strip("<>"))
        if kind and caption.strip() and (place is last or words.startswith("<")):
            caption = _tidy(caption).strip()
            return Said("" if kind == "document" and (_SHEETS.match(caption) or "\n" not in caption) else caption, (_media(kind),))
    return None


def _media(kind: str, file: str = "") -> Media:
    return msgspec.convert({"kind": kind, "name": file}, Media)


def _tidy(text: str) -> str:
    """Without the marks that WhatsApp adds: U+200E, those around names that are mentioned, and any at either end."""
    if text.isascii():
        return text
    return re.sub("[\u200e\u2068\u2069\ufeff]", "", text).strip("\u200f\u202a\u202b\u202c \n")
