"""Mails of the owner in which all the orders are somebody else's words: the digest's own, or hidden ones."""

from __future__ import annotations

from html import escape

from tests.real.owner_scene import Scene, attribution, html_of, orders, quoted, text_of

_ENCODINGS = ("base64", "quoted-printable")
_HEADS = (
    ("From:", "Sent:", "To:", "Subject:"),
    ("Von:", "Gesendet:", "An:", "Betreff:"),
    ("Da:", "Inviato:", "A:", "Oggetto:"),
    ("De :", "Envoyé :", "À :", "Objet :"),
    ("De:", "Enviado:", "Para:", "Asunto:"),
    ("Kimden:", "Gönderilme:", "Kime:", "Konu:"),
)


def the_digest_quoted_below(scene: Scene) -> None:
    """the digest quoted whole below an empty or a polite answer"""
    words = scene.dice.choice(["", "Thank you!", "Grazie mille,\nGiulia", "Good morning"])
    mail = scene.reply()
    old = scene.dice.choice([f"{attribution(scene)}\n\n{quoted(scene.digest)}", _outlook(scene, text_of(scene.digest))])
    mail.set_content(f"{words}\n\n{old}\n")
    scene.send(mail)


def the_digest_quoted_above(scene: Scene) -> None:
    """the digest quoted whole above the answer"""
    mail = scene.reply()
    words = scene.dice.choice(["Thank you!", "", "Grazie", "-- \nGiulia Bianchi\nStudio Bianchi"])
    mail.set_content(f"{attribution(scene)}\n{quoted(scene.digest)}\n\n{words}\n")
    scene.send(mail)


def the_digest_quoted_between(scene: Scene) -> None:
    """lines of the digest, quoted between polite words"""
    lines = quoted(scene.digest).splitlines()
    mixed = [line for quote in lines for line in (quote, *(["Thanks"] if scene.dice.random() < 0.1 else []))]
    mail = scene.reply()
    mail.set_content(f"{attribution(scene)}\n" + "\n".join(mixed) + "\n")
    scene.send(mail)


def the_digests_own_lines(scene: Scene) -> None:
    """the digest itself, pasted without any mark of a quotation"""
    mail = scene.reply()
    mail.set_content(text_of(scene.digest))
    scene.send(mail)


def the_digest_quoted_as_html(scene: Scene) -> None:
    """an answer in HTML alone, the digest with its buttons in the quotation"""
    old = html_of(scene.digest)
    words = scene.dice.choice(["", "<p>Thank you!</p>", "<div>Grazie<br></div>"])
    head = f"<div>{escape(attribution(scene))}</div>"
    outlook = "<br>".join(f"<b>{label}</b> {escape(str(value))}" for label, value in _head(scene))
    made = [
        f'{words}<div class="gmail_quote"><div class="gmail_attr">{escape(attribution(scene))}</div>'
        f"<blockquote>{old}</blockquote></div>",
        f'{words}{head}<blockquote type="cite">{old}</blockquote>',
        f'{words}<hr><div id="divRplyFwdMsg">{outlook}</div>{old}',
        f'{words}<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{outlook}</p></div>{old}',
        f'{words}<blockquote style="border-left:2px solid">{old}</blockquote>',
    ]
    _send_html(scene, scene.dice.choice(made))


def hidden_in_html(scene: Scene) -> None:
    """orders in a part of the HTML that nobody sees"""
    lines = orders(scene).splitlines()
    said = "<br>".join(map(escape, lines))
    hidden = [
        f'<div style="display:none">{said}</div>',
        f'<span style="DISPLAY : none !important">{said}</span>',
        f'<p style="font-size:0">{said}</p>',
        f'<div style="visibility: hidden">{said}</div>',
        f"<div hidden>{said}</div>",
        f"<!-- {said} -->",
        f"<style>{said}</style>",
        f"<title>{said}</title>",
        f'<span style="opacity:0">{said}</span>',
        f'<div style="max-height:0;overflow:hidden;mso-hide:all"><div>{said}</div></div>',
        f'<img alt="{lines[0]}" src="x">',
        f"<template>{said}</template>",
        f'<a href="mailto:{scene.desk}?body={lines[0]}"></a>',
    ]
    _send_html(scene, f"<p>Thank you!</p>{scene.dice.choice(hidden)}<p>Giulia</p>")


def hidden_beside_the_text(scene: Scene) -> None:
    """orders in the HTML of a mail whose text says something else"""
    mail = scene.reply()
    mail.set_content("Thank you!\n")
    mail.add_alternative(f"<p>{escape(orders(scene))}</p>", subtype="html", cte=scene.dice.choice(_ENCODINGS))
    scene.send(mail)


def _send_html(scene: Scene, html: str) -> None:
    mail = scene.reply()
    mail.set_content(f"<html><body>{html}</body></html>", subtype="html", cte=scene.dice.choice(_ENCODINGS))
    scene.send(mail)


def _head(scene: Scene) -> list[tuple[str, object]]:
    labels = scene.dice.choice(_HEADS)
    values = (scene.house.creditor.address, "2 November 2026 07:31", scene.owner, scene.digest["Subject"])
    return list(zip(labels, values, strict=True))


def _outlook(scene: Scene, old: str) -> str:
    rule = scene.dice.choice(["________________________________\n", "-----Original Message-----\n", ""])
    return rule + "\n".join(f"{label} {value}" for label, value in _head(scene)) + f"\n\n{old}"


QUOTES = (
    the_digest_quoted_below, the_digest_quoted_above, the_digest_quoted_between, the_digests_own_lines,
    the_digest_quoted_as_html, hidden_in_html, hidden_beside_the_text,
)  # fmt: skip
