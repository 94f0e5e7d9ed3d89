"""Who a mail says it is from, where a mistake would let a stranger command: one From, one address, or nobody.

`Mail.sender` is for finding the client that wrote, and reads generously.  Here every doubt is a no: two readers that
disagree about From are how mails are forged (Chen, Paxson and Jiang, "Composition Kills", USENIX Security 2020).
"""

from __future__ import annotations

import re

import idna

from daemon.mail.octets.parse import parse

MOST_HEADER = 256 * 1024  # octets; a longer header is not read at all
_END = re.compile(rb"\n\r?\n")
_MBOX = re.compile(r"From [^\s:]")
_NAME = re.compile(r"[!-9;-~]+")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})+")
_SPECIAL = r" \t\r\n\x0b\x0c<>()\[\]\\,;:@\""  # RFC 5322 section 3.2.3, and what is white
_ADDRESS = rf"({_ATOM}(?:\.{_ATOM})*)@([^{_SPECIAL}]+)"
# a name of words and quoted strings, then the address in angle brackets; or the address alone
_MAILBOX = re.compile(rf'[ \t]*(?:(?:[^{_SPECIAL}]+|"(?:[^"\\]|\\.)*+"|[ \t]+)*+<{_ADDRESS}>|{_ADDRESS})[ \t]*')

Fields = tuple[tuple[str, str], ...]


def fields_of(raw: bytes) -> Fields | None:
    """Name in lower case and unfolded value of each field, in the order of the mail (RFC 5322 section 2.2).

    None where the header is too long, has a line that belongs to no field, or a CR within a line: servers disagree
    where that ends, and a field of a stranger's could stand behind it.
    """
    data = raw[: MOST_HEADER + 4].lstrip(b"\r\n")
    found = _END.search(data)
    if found is None and len(raw) > MOST_HEADER:
        return None
    block = data[: found.start()] if found else data.rstrip(b"\r\n")
    lines = [line.removesuffix("\r") for line in block.decode("utf-8", "surrogateescape").split("\n")]
    if any("\r" in line for line in lines):
        return None
    if _MBOX.match(lines[0]):
        del lines[0]
    fields: list[tuple[str, list[str]]] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            if not fields:
                return None
            fields[-1][1].append(line)
            continue
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name):
            return None
        fields.append((name.lower(), [value]))
    return tuple((name, "".join(parts).strip(" \t")) for name, parts in fields)


def author_of(raw: bytes) -> str:
    """The one address in the one From of a mail, its local part in lower case, its domain as on the wire; else "".

    Nothing in a name or a comment counts, and what could be read in two ways is nobody's: two addresses, two fields,
    groups, quoted local parts, address literals, signs of Unicode that are only mapped to letters of a domain.
    """
    fields = fields_of(raw)
    if fields is None:
        return ""
    written = [value for name, value in fields if name == "from"]
    read = parse(raw).headers.all("from")
    if len(written) != 1 or [_joined(value) for value in read] != [_joined(written[0])]:
        return ""
    found = _MAILBOX.fullmatch(_without_comments(written[0]))
    if found is None:
        return ""
    local, domain = (found[1], found[2]) if found[1] else (found[3], found[4])
    domain = wire_form(domain)
    return f"{local.lower()}@{domain}" if domain and len(local) <= 64 else ""


def wire_form(domain: str) -> str:
    """A domain name in lower case and ASCII (RFC 5891, without any mapping), no dot at its end; "" for what is none."""
    name = domain.removesuffix(".")
    if not name.isascii():
        try:
            name = ".".join(
                label if label.isascii() else idna.alabel(label).decode("ascii") for label in name.split(".")
            )
        except (idna.IDNAError, UnicodeError):
            return ""
    name = name.lower()
    return name if _DOMAIN.fullmatch(name) else ""


def _joined(value: str) -> str:
    return " ".join(value.split())


def _without_comments(value: str) -> str:
    """The value with a space for each comment (RFC 5322 section 3.2.2); one without an end fits nothing."""
    if "(" not in value:
        return value
    kept: list[str] = []
    depth = at = 0
    quoted = False
    while at < len(value):
        sign = value[at]
        if sign == "\\":
            kept.append(value[at : at + 2] if not depth else "")
            at += 2
            continue
        if sign == '"' and not depth:
            quoted = not quoted
        elif sign == "(" and not quoted:
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
            kept.append(" " if not depth else "")
            at += 1
            continue
        if not depth:
            kept.append(sign)
        at += 1
    return "".join(kept) + ("(" if depth else "")
