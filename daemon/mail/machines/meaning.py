# ruff: noqa: E501  word lists read better unbroken
"""What a failed delivery means for the address: dead, refused, given up, still trying.

Source: RFC 3463 (enhanced codes, with the IANA registry), RFC 5321 section 4.2 (reply codes).  5.x is not the same as
dead: servers answer 550 to spam, to full mailboxes and to unknown users alike, so the words are looked at first.
"""

from __future__ import annotations

import re

from daemon.domain.books.reading import Meaning

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.:/#-])([45][0-5]\d)(?=[\s-]|$)")


def _words(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.MULTILINE)  # for text in lower case


_FULL = _words(
    r"exceeds (?:the )?allowed size", r"bo[iî]te (?:\w+ ){0,3}pleine", r"d[eé]pass[eé] (?:sa|la|son) (?:limite|quota)", r"(?:atingiu|excedeu|ultrapassou) (?:o|a|seu|sua) (?:limite|quota|cota)", r"空间已满|邮箱已满|容量", r"メールボックス.{0,10}(?:一杯|いっぱい)", r"(?:ha superato|supera|oltre) .{0,20}quota", r"(?:supera|excedido|excede) .{0,20}(?:cuota|l[ií]mite|espacio)",
    r"vol(?:le)? (?:mailbox|postvak)|postvak .{0,20}vol", r"speicherplatz .{0,30}(?:ersch[oö]pft|[uü]berschritten)|postfach .{0,20}(?:ist )?voll", r"\b552\b.{0,20}quota", r"ящик переполнен|переполнен",
    r"mailbox(?:es)? (?:is |are |size limit |quota )?(?:full|exceeded)", r"over[ -]?quota", r"quota (?:is )?exceeded", r"exceed\w* (?:\w+ ){0,4}quota",
    r"exceed\w* (?:\w+ ){0,3}(?:storage|mailbox)", r"disk (?:quota|full|space)", r"insufficient (?:system |disk )?(?:storage|space)", r"mailfolder is full",
    r"boite (?:du destinataire )?pleine", r"casella (?:\w+ ){0,2}piena", r"buz[oó]n (?:\w+ ){0,2}lleno", r"postfach (?:\w+ ){0,2}voll",
    r"kotas[iı]n?[iı]? (?:doldu|a[sş])", r"posta kutusu dolu", r"mail ?box ?full", r"user is over", r"exceeded (?:its|the) (?:\w+ )?storage", r"not enough (?:storage|space)", r"mailbox.{0,30}is full",
)  # fmt: skip
_POLICY = _words(
    r"richtlinie", r"als werbung eingestuft", r"tamanho (?:m[aá]ximo|permitido)", r"taille (?:maximale|autoris[eé]e)", r"dimension[ei] massim", r"tama[nñ]o m[aá]ximo", r"zu gro[sß]", r"azami boyut", r"te groot",
    r"\bspam", r"\bpolic(?:y|ies)\b", r"block ?list", r"black ?list", r"\bdnsbl\b", r"\brbl\b", r"spamhaus", r"spamcop", r"\bblocked\b", r"\bdmarc\b", r"\bspf\b", r"\bdkim\b",
    r"unauthenticated", r"reputation", r"access denied", r"relay(?:ing)? (?:access )?(?:not |is )?(?:denied|permitted|allowed|prohibited)", r"unable to relay", r"not permitted to relay", r"cannot relay",
    r"we do not relay", r"virus", r"infected", r"content (?:rejected|filter)", r"message (?:content )?rejected", r"message (?:size|too (?:big|large))", r"exceeds? (?:\w+ ){0,3}(?:maximum|size)",
    r"too (?:big|large)", r"size limit", r"sender (?:address )?(?:rejected|denied|verify|is blocked|not)", r"sender was rejected", r"restricted", r"authenticat", r"reverse (?:dns|lookup)", r"\bptr\b",
    r"too many (?:recipients|connections|messages|hops|errors)", r"rate[- ]?limit", r"grey ?list", r"unsolicited", r"junk", r"\bbanned\b", r"service refused", r"starttls", r"\btls\b",
    r"recipient(?:'s)? preferences", r"google groups", r"not accepted for (?:policy|any)", r"\bloop(?:s|ing)?\b", r"does not comply", r"non-compliant", r"rfc ?5322", r"malformed", r"bounce verification", r"mail rejected", r"mail rejete",
)  # fmt: skip
_DEAD = _words(
    r"nicht im (?:\S+ )?(?:domino-)?(?:verzeichnis|adressbuch)", r"non presente (?:nella|in) (?:rubrica|directory)", r"no figura en (?:la libreta|el directorio)", r"ne figure pas dans (?:l'annuaire|le carnet)", r"not listed in the (?:address|public)", r"tan[iı]ml[iı] de[gğ]il", r"kay[iı]tl[iı] (?:de[gğ]il|olma)", r"kullan[iı]c[iı] yok", r"kennt die adresse .{0,100} nicht",
    r"(?:user|recipient|account|mailbox|address|addressee|destinat\w+|alias|userid|recipient name|name|email|e-mail)s?:? (?:\S+ ){0,3}(?:is |was |has )?(?:been )?(?:unknown|not known|does ?n.?o?t exist|doesn'?t exist|not found|not exist|invalid|not listed|not recogni[sz]ed|no longer (?:exists|valid|available|active|in use)|wasn.t found|could ?n.t be found|doesn't have)",
    r"(?:unknown|no such|invalid|non-?existent|not a (?:valid|known|registered)|bad|unrouteable|unroutable) (?:local |final |delivery |destination |recipient |gateway |virtual |mail )*(?:user|recipient|address|account|mailbox|domain|host|addressee|alias|userid|person|email|local[- ]?part)",
    r"no (?:such |valid )?(?:mail ?box|user|person|account|recipients?|address)\b", r"unknown (?:local|virtual) (?:part|user|mailbox)", r"(?:host|domain)(?: name)?(?: \S+)? ?(?:is )?(?:not found|unknown|does ?n.?o?t exist|lookup failed|not exist|invalid)",
    r"could ?n[o']t find any host", r"all relevant mx records point to non-existent", r"no (?:mail ?server|mx|mail exchanger)\b.{0,40}", r"null ?mx", r"name (?:or|service) (?:\w+ )?(?:not known|error)",
    r"address (?:unknown|does not exist|not found)", r"find a mail exchanger", r"recipnotfound", r"resolver\.adr\.(?:ex)?(?:recip)?not ?found", r"resolver\.adr\.exrecipnotfound", r"recipient (?:address )?rejected:? (?:undeliverable|unknown|user|no such|unverified|invalid)",
    r"user unknown", r"unknown user", r"unknown recipient", r"no existe", r"inexist[ea]nt", r"sconosciut", r"desconocid", r"unbekannt", r"inconnu", r"bulunamad[iı]", r"non esiste", r"mevcut de[gğ]il", r"existiert nicht",
    r"inesistent", r"non (?:[eè] stat[oa] )?trovat[oa]", r"no (?:se )?(?:ha )?(?:sido )?encontrad", r"n'existe pas", r"introuvable", r"nicht gefunden", r"nicht bekannt", r"n[aã]o (?:foi )?encontrad", r"n[aã]o existe", r"niet gevonden", r"bestaat niet", r"onbekend",
    r"ge[cç]ersiz (?:al[ıi]c[ıi]|adres|kullan[ıi]c[ıi])", r"nie istnieje", r"nieznany", r"neexistuje", r"не существует", r"не найден", r"несуществующ", r"неизвестн\w+ (?:адрес|получател|пользовател)", r"不存在", r"无此用户", r"没有(?:此|这个|该)用户", r"存在しま", r"存在しない", r"見つかりません",
    r"requested action not taken: mailbox unavailable", r"recipient address rejected: access denied", r"does not exist\.?$", r"tried to reach does not exist", r"nobody by that name", r"\bbad address", r"missing home directory", r"recipient (?:is )?not (?:accepted|local|ok)\b",
    r"(?:bad|valid)rcptto", r"bad ?recipientto list", r"envelope recipient (?:is in my bad|has been denied)", r"can't accept user", r"has been replaced by", r"mail receiving disabled", r"does not receive (?:any )?(?:e-?)?mail",
    r"does ?n.?t have an? \S+ account", r"not our customer", r"has moved", r"user has moved", r"i'?m not going to try again.{0,10}no host", r"domain does not exist", r"domain is not reachable", r"indicated no smtp service", r"does not have any mx", r"no longer (?:in use|with|works|employed)", r"there is no one at this address",
    r"dosn't exist", r"is not a valid mailbox", r"not listed in (?:domino|public)", r"recipient name is not recogni", r"undeliverable address", r"expirado por falta de uso", r"has no mail exchanger", r"does not accept mail", r"doesn't accept (?:any )?mail", r"#5\.1\.0 address rejected",
)  # fmt: skip
_SENDER = _words(
    r"sender(?:'s)? (?:e-?mail |mail )?(?:address|domain)\b.{0,60}(?:not (?:exist|found|valid|resolve)|unknown|invalid|null mx)", r"domain of (?:the )?sender", r"mail from domain", r"sender (?:verify failed|unknown|unverified)",
)  # fmt: skip
_SUSPENDED = _words(
    r"disabled", r"suspended", r"deactivat", r"inactive", r"frozen", r"archived", r"not active", r"discontinued", r"locked", r"temporarily (?:unavailable|disabled)", r"account.{0,20}(?:expired|on hold)", r"terminated"
)  # fmt: skip
_EXPIRED = _words(
    r"abandona el env[ií]o", r"abandonn[eé]e?\b", r"injoignable", r"no ha respondido", r"apr[eè]s \d+ (?:jours|tentatives|essais)", r"ap[oó]s \d+ (?:tentativas|dias)", r"dopo \d+ (?:tentativi|giorni)", r"nach \d+ (?:versuchen|tagen)", r"na \d+ (?:pogingen|dagen)", r"放弃投递",
    r"delivery (?:time )?(?:expired|timed? ?out)", r"message (?:timed out|expired)", r"timed? ?out", r"queue (?:too|for too) ?long", r"in (?:the )?queue (?:\w+ ){0,3}too long", r"retry (?:timeout|time limit) (?:exceeded|expired)",
    r"too long", r"queue\.expired", r"(?:envelope|message) expired", r"did not accept our requests? to connect", r"socket error", r"(?:not|un) ?reachable", r"not responding", r"no (?:response|answer) from", r"not delivered within \d", r"host (?:is )?down", r"connection (?:refused|timed|reset|lost)", r"unable to connect", r"could ?n.?t connect", r"giv(?:en|ing) up", r"\d+ attempts", r"try again later", r"wasn't able to establish", r"network is unreachable", r"no route to host", r"not going to try again",
)  # fmt: skip
# a program or name server of the sending side broke down: nothing is known about the address
_BROKEN = _words(
    r"x-unix;.{0,200}(?:could ?n[o']?t|can(?:no|')t|unable to|died|signal|fail|denied)", r"(?:malformed|unexpected) (?:or \w+ )?name server", r"name service error.{0,80}(?:try again|server failure)",
    r"name server.{0,40}(?:timed? ?out|timeout|failure)", r"dns (?:lookup )?(?:timed? ?out|timeout|temporar\w+)",
)  # fmt: skip
_AT_DATA = _words(
    r"in reply to (?:end\s+of\s+)?data\s+command", r"remote (?:mail )?server after (?:end of data|data|pipelined (?:end of )?data|sending data block)", r"^>>> ?data\s+<<< ?5", r"smtp command\s+data\b", r"error following data command",
)  # fmt: skip
_AT_RCPT = _words(
    r"in reply to\s+rcpt", r"after rcpt|after pipelined rcpt", r">>> ?rcpt", r"need rcpt", r"following rcpt"
)
_QUOTED_REPLY = re.compile(
    r"[45]\.\d\.\d{1,3} - [\w ]{1,60} [45]\d\d[ -]'(.*)", re.DOTALL
)  # Cisco: the summary, then the reply
_DEAD_CODES = frozenset(["5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.1.351", "5.4.310", "4.1.1", "5.1.9"])
_ADDRESS = re.compile(
    r"[^\s<>()\[\],;:\"'@：，；（）、。「」《》]{1,64}@[^\s<>()\[\],;:\"'@：，；（）、。「」《》]{1,253}"
)  # full of misleading words: "unknown@..."
_REFUSED_CODES = ("5.7.", "4.7.", "5.6.", "5.3.4", "5.2.3", "5.1.8", "5.1.7")
_DEAD_REPLIES = (542, 556)  # "bad destination", of no other use; RFC 7504 section 4
_FULL_CODES = frozenset(["5.2.2", "4.2.2"])


def says_full(said: str) -> bool:
    """Whether a server says that a mailbox is full."""
    words = _ADDRESS.sub("x", said[:2000].lower())
    return status_in(words) in _FULL_CODES or _FULL.search(words) is not None


def status_in(text: str) -> str:
    """The first enhanced status code (RFC 3463) in `text`, or ""."""
    found = _STATUS.search(text[:4000])
    return ".".join(found.groups()) if found else ""


def code_in(text: str) -> int:
    """The first SMTP reply code 4xx or 5xx in `text`, or 0."""
    found = _CODE.search(text[:4000])
    return int(found.group(1)) if found else 0


def refused_at_data(prose: str) -> bool:
    """Whether the other server took the recipient and refused the message: the reply to DATA, not to RCPT.

    The words of some filters are then "user unknown", and mean only that this user does not want this message.
    """
    said = prose.lower()
    return "data" in said and _AT_DATA.search(said) is not None and _AT_RCPT.search(said) is None


def meaning_of(action: str, status: str, code: int, diagnostic: str, *, at_data: bool = False) -> Meaning:
    """What one recipient's report means.

    Args:
        action: that of RFC 3464, lower case; "" counts as failed.
        diagnostic: the other server's words; its type before them, as RFC 3464 section 2.3.6 has it, may stay.
        at_data: see `refused_at_data`.
    """
    if action == "delayed":
        return Meaning.RETRYING
    if action in ("delivered", "relayed", "expanded"):
        return Meaning.DELIVERED
    words = _ADDRESS.sub("x", diagnostic[:2000].lower())
    quoted = _QUOTED_REPLY.search(words)
    if quoted is not None and (_POLICY.search(quoted.group(1)) or _DEAD.search(quoted.group(1))):
        words = quoted.group(1)
    said = status_in(words)  # what the other server said outranks our own server's summary of it
    told = said if said and said[0] in "45" else status
    if told in _FULL_CODES or _FULL.search(words):
        return Meaning.GAVE_UP
    if told.startswith(_REFUSED_CODES) and not (told == "5.7.27" and "not accept mail" in words):  # so says sendmail
        return Meaning.REFUSED
    if _SENDER.search(words):
        return Meaning.REFUSED
    if _BROKEN.search(words):
        return Meaning.GAVE_UP
    dead_words = code in _DEAD_REPLIES or _DEAD.search(words) is not None
    policy = _POLICY.search(words) is not None
    if told in _DEAD_CODES:
        return Meaning.REFUSED if policy and not dead_words else Meaning.DEAD
    if dead_words and at_data:
        return Meaning.REFUSED
    if dead_words and not (policy and told[:1] != "5" and code < 500):
        return Meaning.DEAD
    if policy:
        return Meaning.REFUSED
    if told.startswith("4.") or 400 <= code <= 499 or told in ("5.4.7", "5.4.1", "5.4.300") or _EXPIRED.search(words):
        return Meaning.GAVE_UP
    if _SUSPENDED.search(words):
        return Meaning.REFUSED
    if told == "5.4.4":
        return Meaning.DEAD
    return Meaning.REFUSED
