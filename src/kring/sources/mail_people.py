"""Who wrote a mail, to whom, and through which mailing list."""

import re

import msgspec

from kring.schema import Place, Visibility
from kring.sources import mail_headers as headers
from kring.sources.mail_headers import Address

_LIST_ID = re.compile(r"<\s*([^<>\s]{1,300})\s*>\s*$")
_MAILTO = re.compile(r"<\s*mailto:\s*([^<>?\s]{3,320})", re.IGNORECASE)
_WEB = re.compile(r"<?\s*(https?://[^<>\s]{1,2000})", re.IGNORECASE)
_VIA = re.compile(r"(.*?)['\"]?\s+(?:via|por|über|tramite|par)\s", re.IGNORECASE)


class MailingList(msgspec.Struct, frozen=True):
    """The mailing list that a mail went through."""

    place: Place
    address: str
    """Where one writes to the list, "" where it doesn't say."""
    public: bool

    def is_at(self, address: str) -> bool:
        """Whether this is the list's own address; by habit its List-Id has the same name and host."""
        return bool(address) and (address == self.address or self.place.id == f"mail:list:{address.replace('@', '.')}")


def list_of(fields: dict[str, str], default: Place | None) -> MailingList | None:
    """The list by its own headers (RFC 2919, 2369; Mailman's and Sympa's older ones), else the one that holds for the whole page."""
    named = fields.get("list-id", "")
    mailto = _MAILTO.search(fields.get("list-post", ""))
    posted = mailto[1] if mailto else ""
    if not posted:
        others = headers.addresses(fields.get("x-mailing-list") or fields.get("x-beenthere") or "")
        posted = others[0].address if others else ""
    posted = posted.lower()
    found = _LIST_ID.search(named)
    list_id = (found[1] if found else "".join(named.split())[:300].strip("<>") or posted.replace("@", ".")).lower()
    if not list_id:
        return MailingList(default, "", False) if default else None
    archive = _WEB.search(fields.get("list-archive", ""))
    name = headers.words(named[: found.start()]).strip("\"' ") if found else ""
    place = Place(id=f"mail:list:{list_id}", kind="list", name=name or list_id, url=archive[1] if archive else "")
    return MailingList(place, posted, public=archive is not None and "/private/" not in archive[1])


def visibility(via: MailingList | None) -> Visibility:
    """Public where the list names a web archive; a mail through no list is between people."""
    if via is None:
        return "direct"
    return "public" if via.public else "place"


def authors_of(fields: dict[str, str], sender: str, via: MailingList | None) -> list[Address]:
    """From, else Sender, else the "From " line; a list that writes itself there ("Anna via Town", for DMARC) says who it was elsewhere."""
    found = list(headers.addresses(fields.get("from", "")[:20_000])[:5])
    if found and via and via.is_at(found[0].address):
        for name in ("x-original-from", "original-from", "x-original-sender", "reply-to"):
            true = [one for one in headers.addresses(fields.get(name, "")[:20_000]) if one.address and not via.is_at(one.address)]
            if true:
                shown = _VIA.match(found[0].name)
                return [Address(true[0].address, true[0].name or (shown[1].strip("'\" ") if shown else ""))]
        return [Address("", _without_via(found[0].name) or found[0].address)]
    if not found:
        found = list(headers.addresses(fields.get("sender", "")[:20_000])[:1])
    return found or [*headers.addresses(sender if "@" in sender else "")][:1]


def _without_via(name: str) -> str:
    shown = _VIA.match(name)
    return shown[1].strip("'\" ") if shown else name


def account_id(one: Address, via: MailingList | None) -> str:
    """An address is the network's own string; who has only a name is known by it in one list, or among people by the name alone."""
    if one.address:
        return f"mail:{one.address}"
    return f"{via.place.id}:{one.name}" if via else f"mail:{one.name}"


def receivers_of(fields: dict[str, str], via: MailingList | None) -> list[Address]:
    """To and Cc with an address, without the list itself."""
    found = [one for name in ("to", "cc") if name in fields for one in headers.addresses(fields[name]) if one.address]
    return [one for one in found if not via.is_at(one.address)] if via else found
