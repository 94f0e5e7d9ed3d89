"""Domains under which anybody can have an address: the same domain then says nothing about the client."""

from __future__ import annotations

_FREEMAIL = frozenset([
    "gmail.com", "googlemail.com", "outlook.com", "outlook.it", "outlook.es", "outlook.de", "outlook.fr",
    "outlook.com.tr", "hotmail.com", "hotmail.it", "hotmail.es", "hotmail.de", "hotmail.fr", "hotmail.co.uk",
    "hotmail.com.tr", "live.com", "live.it", "live.co.uk", "live.nl", "msn.com", "yahoo.com", "yahoo.it", "yahoo.es",
    "yahoo.de", "yahoo.fr", "yahoo.co.uk", "yahoo.com.tr", "yahoo.com.br", "ymail.com", "rocketmail.com", "aol.com",
    "icloud.com", "me.com", "mac.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "t-online.de",
    "freenet.de", "mail.com", "email.com", "libero.it", "virgilio.it", "alice.it", "tin.it", "tiscali.it",
    "fastwebnet.it", "inwind.it", "iol.it", "poste.it", "pec.it", "legalmail.it", "aruba.it", "arubapec.it",
    "postecert.it", "telefonica.net", "terra.es",
    "orange.es", "movistar.es", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net",
    "sfr.fr", "neuf.fr", "bol.com.br", "uol.com.br", "terra.com.br", "sapo.pt", "ziggo.nl", "kpnmail.nl", "xs4all.nl",
    "home.nl", "hetnet.nl", "proton.me", "protonmail.com", "tutanota.com", "tuta.com", "zoho.com", "fastmail.com",
    "yandex.com", "yandex.com.tr", "yandex.ru", "mail.ru", "mynet.com", "ttmail.com", "superonline.com", "turk.net",
    "btinternet.com", "sky.com", "virginmedia.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net",
    "bluewin.ch", "hispeed.ch", "qq.com", "163.com", "126.com", "naver.com", "daum.net", "rediffmail.com",
])  # fmt: skip


def is_freemail(domain: str) -> bool:
    """Whether `domain` (lower case) is a provider's, not a company's."""
    return domain in _FREEMAIL
