# ruff: noqa: E501  word lists read better unbroken
"""Marks of quotes and signatures in languages that have no pack of their own (the packs hold theirs)."""

from __future__ import annotations

BUILT_IN: dict[str, list[str]] = {
    "openers": ["am", "le", "em", "op", "den", "dne", "dnia", "w dniu", "no dia", "a", "pe"],
    "closers": [
        "wrote", "schrieb", "a ecrit", "escreveu", "schreef", "skrev", "napsal", "napisal", "napisala", "kirjoitti", "irta", "a scris", "написал", "пише", "写道", "のメール",
    ],
    "labels": [
        "from", "sent", "to", "cc", "subject", "date", "reply-to", "von", "gesendet", "an", "betreff", "datum", "de", "envoye", "a", "objet", "enviado", "enviada em", "para", "assunto",
        "van", "verzonden", "aan", "onderwerp", "fran", "skickat", "till", "amne", "fra", "sendt", "til", "emne", "od", "wyslano", "do", "temat", "odesláno", "komu", "predmet", "от", "отправлено", "кому", "тема",
    ],
    "originals": [
        "original message", "original appointment", "forwarded message", "begin forwarded message", "ursprungliche nachricht", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
        "message d'origine", "message transfere", "message original", "mensagem original", "mensagem encaminhada", "oorspronkelijk bericht", "doorgestuurd bericht", "originalmeddelande",
    ],
    "closings": ["mit freundlichen grussen", "freundliche grusse", "beste grusse", "viele grusse", "mfg", "cordialement", "bien cordialement", "salutations distinguees", "atenciosamente", "cumprimentos", "met vriendelijke groet", "groeten", "vriendelijke groet"],
    "thanks": ["danke", "vielen dank", "merci", "obrigado", "obrigada", "bedankt", "dank je"],
    "phones": ["von meinem iphone gesendet", "envoye de mon iphone", "enviado do meu iphone", "verzonden vanaf mijn iphone", "get outlook for", "outlook fur", "telecharger outlook", "gesendet von", "sent from yahoo", "sent via"],
    "disclaimers": ["diese e-mail enthalt vertrauliche", "ce message et toutes les pieces jointes", "esta mensagem pode conter", "dit bericht is vertrouwelijk"],
}  # fmt: skip
