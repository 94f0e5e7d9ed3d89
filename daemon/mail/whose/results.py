"""The field `Authentication-Results` (RFC 8601 section 2.2), read so that nothing in it is taken for something else.

What a sender can bring into the field of an honest server are values: of a DKIM tag, of MAIL FROM, of HELO.  So a
value that touches a comment, a quote or another word is no value: `header.d=bianchi.example(.mallory.example` is the
signature of a domain that has a bracket in its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MOST_SIGNS = 16_000  # of one field; a longer one is not read
_TOKEN = re.compile(r'([ \t\r\n]+)|"((?:[^"\\]|\\.)*+)"|([^ \t\r\n;=()"]+)|([;=(])', re.DOTALL)
_COMMENT = re.compile(r"[^()\\]++|\\.|[()]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found."""

    method: str  # lower case: dkim, dmarc, spf, compauth
    result: str  # lower case: pass, fail, none
    properties: Mapping[str, str]  # by lower-case name, "header.d"; a doubtful or repeated one is ""


@dataclass(frozen=True, slots=True)
class Results:
    """One field."""

    authserv_id: str  # lower case; "" where it begins with a result, as Exchange Online writes it
    results: tuple[Result, ...]


@dataclass(slots=True)
class _Token:
    text: str
    kind: str  # word, quoted, or the sign itself
    touched: bool = False  # a comment, a quote or a word follows without a space


def authentication_results(value: str) -> Results | None:
    """One unfolded field; None where it cannot be read, or is of a version that we do not know.

    Never raises; linear in the length.
    """
    tokens = _tokens(value) if len(value) <= MOST_SIGNS else None
    if tokens is None:
        return None
    segments: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind == ";":
            segments.append([])
        else:
            segments[-1].append(token)
    head, *rest = segments
    if any(token.kind == "=" for token in head):
        head, rest = [], segments
    elif not head or len(head) > 2 or (len(head) == 2 and head[1].text != "1") or head[0].touched:
        return None
    found = tuple(result for segment in rest if (result := _result(segment)) is not None)
    return Results(head[0].text.lower() if head else "", found)


def is_named(name: str, authserv_id: str) -> bool:
    """Whether it is the name of the server that the config means; `*.example.com`: of any machine below it."""
    if authserv_id.startswith("*."):
        return name.endswith(authserv_id[1:])
    return name == authserv_id


def _tokens(value: str) -> list[_Token] | None:
    """The tokens without comments; None where a quote or a comment does not end, or one ends that never began."""
    tokens: list[_Token] = []
    at = 0
    apart = True  # whether there is a space, or a sign that separates, before what comes
    while at < len(value):
        found = _TOKEN.match(value, at)
        if found is None:
            return None
        at = found.end()
        space, quoted, word, sign = found.groups()
        if space is not None:
            apart = True
        elif sign == "(":
            _touch(tokens, apart)
            end = _end_of_comment(value, at)
            if end is None:
                return None
            at = end
            apart = False
        elif sign is not None:
            tokens.append(_Token(sign, sign))
            apart = True
        else:
            _touch(tokens, apart)
            tokens.append(_Token(word, "word") if word is not None else _Token(quoted, "quoted"))
            apart = False
    return tokens


def _touch(tokens: list[_Token], apart: bool) -> None:
    if tokens and not apart:
        tokens[-1].touched = True


def _end_of_comment(value: str, at: int) -> int | None:
    depth = 1
    while depth:
        found = _COMMENT.match(value, at)
        if found is None:
            return None
        at = found.end()
        depth += {"(": 1, ")": -1}.get(found[0], 0)
    return at


def _result(tokens: list[_Token]) -> Result | None:
    """`dkim=pass reason="..." header.d=bianchi.example`; None for `none` and for what is no result."""
    pairs: list[tuple[str, str]] = []
    at = 0
    while at < len(tokens):
        name = tokens[at]
        if name.kind != "word" or at + 1 >= len(tokens) or tokens[at + 1].kind != "=":
            at += 1
            continue
        at += 2
        value = _Token("", "word")
        if at < len(tokens) and tokens[at].kind != "=":
            value = tokens[at]
            at += 1
        while at < len(tokens) and tokens[at].kind == "=":  # the end of base64; else nothing that we want
            value = _Token("" if pairs else value.text, value.kind)
            at += 1
        doubtful = value.touched and bool(pairs)  # `dmarc=pass(p=none)` is how Yahoo writes it
        pairs.append((name.text.lower(), "" if doubtful else value.text))
    if not pairs:
        return None
    (method, result), *properties = pairs
    method, _, version = method.partition("/")
    if version not in ("", "1"):
        return None
    known: dict[str, str] = {}
    for name_, text in properties:
        known[name_] = "" if name_ in known else text
    return Result(method, result.lower(), known)
