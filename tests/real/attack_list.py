"""Mails that would give orders and must not.  Each takes a morning, and sends one of its variations.

The first line of each says what it is; `docs/commands.md` lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from daemon.mail.tokens.desk_token import OCTETS, desk_token
from tests.dkim_signed import signed
from tests.real.attack_quotes import QUOTES
from tests.real.attack_sendings import SENDINGS
from tests.real.border import AUTHSERV_ID
from tests.real.owner_scene import EVIL, Scene, orders, stamped

HERS = (b"from", b"to", b"subject", b"date", b"in-reply-to")  # what she signs
TRIED = 20  # variations of each
Attack = Callable[[Scene], None]
FORGED = f"{AUTHSERV_ID}; dkim=pass header.d=example.test; dmarc=pass header.from=example.test"


# -- it is not hers ------------------------------------------------------------------------------------------------


def from_forged(scene: Scene) -> None:
    """her address in From, sent by a stranger"""
    name = scene.dice.choice(["Giulia Bianchi", "", '"Giulia"', f"{scene.owner}"])
    domain = scene.dice.choice(["", EVIL])
    scene.send(scene.reply(orders(scene), From=f"{name} <{scene.owner}>"), sender=f"x@{EVIL}", sign=domain)


def from_forged_while_the_filter_is_down(scene: Scene) -> None:
    """the same while her server's filter is silent: nobody has looked"""
    scene.border.silent = True
    from_forged(scene)


def results_forged_of_another_server(scene: Scene) -> None:
    """results of another server, brought along"""
    server = scene.dice.choice(["mx.google.com", "mx.evil.test", f"{AUTHSERV_ID}.{EVIL}", f"x{AUTHSERV_ID}"])
    scene.border.silent = scene.dice.random() < 0.5
    said = FORGED.replace(AUTHSERV_ID, server)
    scene.send(scene.reply(orders(scene), Authentication_Results=said), sign="")


def results_forged_with_her_servers_name(scene: Scene) -> None:
    """results with her server's own name, brought along below `Received`"""
    raw = bytes(scene.reply(orders(scene)))
    field = f"Authentication-Results: {FORGED}\r\n".encode()
    hop = f"Received: from x by {AUTHSERV_ID} with LMTP; Mon, 2 Nov 2026 09:00:00 +0000\r\n".encode()
    scene.send(scene.dice.choice([field, hop + field, field * 3, field + hop, field + hop + field]) + raw, sign="")


def results_forged_below_unreadable_ones(scene: Scene) -> None:
    """the same, signed with an identity that leaves a comment or a quote open in what her server writes"""
    identity = scene.dice.choice(["a(b", 'a"b', "(", 'x"', "a(b)(", '"a"b"c', '(x"'])
    where = scene.dice.choice([f"@{EVIL}", f"@mail.{EVIL}"])
    raw = f"Authentication-Results: {FORGED}\r\n".encode() + bytes(scene.reply(orders(scene)))
    scene.send(signed(raw, domain=EVIL, identity=identity + where), sender=f"x@{EVIL}", sign="")


def results_forged_by_a_neighbour(scene: Scene) -> None:
    """the same from somebody with an account at her server"""
    mallory = scene.clients["beta"]
    raw = f"Authentication-Results: {FORGED}\r\n".encode() + bytes(scene.reply(orders(scene)))
    scene.house.mail.submit(mallory, scene.desk, raw)


def several_from(scene: Scene) -> None:
    """several addresses in From, or several From, one of them hers"""
    hers, theirs = scene.owner, f"x@{EVIL}"
    raw = bytes(scene.reply(orders(scene), From=None))
    several = [
        f"From: {hers}, {theirs}\r\n", f"From: {theirs}, {hers}\r\n", f"From: {theirs}\r\nFrom: {hers}\r\n",
        f"From: {hers}\r\nFrom: {theirs}\r\n", f'From: "{hers}" <{theirs}>\r\n', f"From: {hers} <{theirs}>\r\n",
        f"From: ({theirs}) {hers},\r\n", f"From : {theirs}\r\nFrom: {hers}\r\n",
    ]  # fmt: skip
    fields = scene.dice.choice(several)
    first = fields.partition("\r\n")[0]
    scene.send(fields.encode() + raw, sender=theirs, sign=EVIL if first.endswith((theirs, f"<{theirs}>")) else "")


def more_text_than_was_signed(scene: Scene) -> None:
    """a mail of hers whose signature ends before the text does (`l=`), with orders behind it"""
    scene.border.silent = scene.dice.random() < 0.5
    mail = scene.reply("Thank you!")
    mail.set_content("Thank you!\n")
    raw = signed(bytes(mail), domain="example.test", length=True, headers=(b"from", b"date", b"subject"))
    scene.send(raw + f"\r\n{orders(scene)}\r\n".replace("\n", "\r\n").encode(), sign="")


def fields_above_the_signed_ones(scene: Scene) -> None:
    """a signed mail of hers that answers another, made an answer to the digest by fields above the signed ones"""
    scene.border.silent = scene.dice.random() < 0.5
    other = f"<{scene.dice.randrange(9**9)}@{EVIL}>"
    mail = scene.reply(orders(scene), Subject="Re: What to do", In_Reply_To=other, References=other)
    raw = signed(bytes(mail), domain="example.test", headers=(*HERS, b"references"))
    token = scene.digest["Message-ID"]
    above = f"In-Reply-To: {token}\r\nReferences: {token}\r\n"
    scene.send(above.encode() + raw, sender=f"x@{EVIL}", sign="")


def changed_on_the_way(scene: Scene) -> None:
    """a signed mail of hers, changed on its way"""
    scene.border.silent = scene.dice.random() < 0.5
    raw = signed(bytes(scene.reply("thank you, Sollecito")), domain="example.test")
    scene.send(raw.replace(b"thank you, Sollecito", orders(scene).replace("\n", "\r\n").encode()), sign="")


def a_token_guessed(scene: Scene) -> None:
    """a client who makes a token up, or sends a part of a real one"""
    real = str(scene.digest["Message-ID"]).strip("<>").partition("@")[0]
    at = scene.dice.randrange(4, len(real))
    made = [
        desk_token(scene.dice.randbytes(OCTETS)),
        real[:at],
        f"{real}a",
        f"{real[:at]}{'3' if real[at] == '2' else '2'}{real[at + 1 :]}",
        real.replace("ask-", "ask"),
        real[::-1],
    ]
    token = f"<{scene.dice.choice(made)}@example.test>"
    who = scene.dice.choice([scene.owner, scene.clients["acme"].address])
    mail = scene.reply(orders(scene), From=who, In_Reply_To=token, References=token, To=scene.house.creditor.address)
    scene.send(mail, to=scene.house.creditor.address)


def a_token_of_another_creditor(scene: Scene) -> None:
    """the token of another creditor's digest, in a mail of hers"""
    assert scene.earlier is not None
    scene.send(
        scene.reply(orders(scene), scene.earlier, To=scene.house.creditor.address), to=scene.house.creditor.address
    )


def a_client_in_copy(scene: Scene) -> None:
    """a client who was once in copy, and answers the digest with his own address"""
    anna = scene.clients["acme"].address
    token = str(scene.digest["Message-ID"])
    token = scene.dice.choice([token, token.upper(), token.swapcase()])
    name = scene.dice.choice(["Anna Verdi", "Giulia Bianchi", f"'{scene.owner}'"])
    mail = scene.reply(orders(scene), From=f"{name} <{anna}>", In_Reply_To=token, Reply_To=scene.owner)
    scene.send(mail, sender=anna)


def a_stranger_with_the_token(scene: Scene) -> None:
    """a stranger who got hold of a digest"""
    who = scene.dice.choice([f"giulia@{EVIL}", f"{scene.owner}.{EVIL}", f"{scene.owner.partition('@')[0]}@{EVIL}"])
    mail = scene.reply(orders(scene), From=f"Giulia Bianchi <{who}>", Sender=scene.owner)
    scene.send(mail, sender=f"x@{EVIL}", sign=EVIL)


# -- it was hers, and is not an answer to us --------------------------------------------------------------------------


def forwarded(scene: Scene) -> None:
    """a mail that she forwards, its text inside"""
    subject = scene.dice.choice(["Fwd: ", "FW: ", "WG: ", "I: ", "Fw: Re: ", "İLT: ", "TR: ", "RV: ", "Enc: "])
    scene.send(scene.reply(orders(scene), Subject=f"{subject}{scene.digest['Subject']}"))


def forwarded_as_an_attachment(scene: Scene) -> None:
    """a mail of hers with orders, attached to another's mail or to one of her own"""
    inner = scene.reply(orders(scene))
    by_her = scene.dice.random() < 0.5
    outer = scene.reply("See the attached mail.", From=scene.owner if by_her else f"x@{EVIL}")
    outer.set_content("See the attached mail.\n")
    outer.add_attachment(inner)
    scene.send(outer, sign="example.test" if by_her else EVIL)


def resent(scene: Scene) -> None:
    """a signed mail of hers, sent on by somebody else"""
    raw = signed(bytes(scene.reply(orders(scene))), domain="example.test")
    scene.send(f"Resent-From: x@{EVIL}\r\nResent-To: {scene.desk}\r\n".encode() + raw, sender=f"x@{EVIL}", sign="")


def meant_for_others(scene: Scene) -> None:
    """an answer of hers that goes to a client as well"""
    anna = f"Anna Verdi <{scene.clients['acme'].address}>"
    to = [{"Cc": anna}, {"To": f"{scene.desk}, {anna}"}, {"To": anna, "Cc": scene.desk}, {"To": anna}]
    scene.send(scene.reply(orders(scene), **scene.dice.choice(to)))


# -- a machine wrote it ------------------------------------------------------------------------------------------------


def an_absence_notice(scene: Scene) -> None:
    """her own absence notice, marked as one"""
    marks: list[dict[str, str | None]] = [
        {"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes", "Precedence": "bulk"}, {"X_Autorespond": "absent"},
        {"Auto_Submitted": "auto-generated (vacation)", "X_Auto_Response_Suppress": "All"},
    ]  # fmt: skip
    scene.send(scene.reply(f"I am away.\n{orders(scene)}", **scene.dice.choice(marks)))


def an_answer_to_an_invitation(scene: Scene) -> None:
    """her calendar's answer to the calls in the digest"""
    mail = scene.reply(orders(scene), Subject=scene.dice.choice(["Accepted: ", "Declined: "]) + "Call Anna Verdi")
    mail.set_content(f"{orders(scene)}\n")
    mail.add_alternative(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VTODO\r\nUID:1@example.test\r\nSUMMARY:go all\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{scene.owner}\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
        subtype="calendar", params={"method": "REPLY"},
    )  # fmt: skip
    scene.send(mail)


def a_bounce_of_the_digest(scene: Scene) -> None:
    """a delivery report about a digest, with orders in its prose"""
    sender = scene.dice.choice([f"MAILER-DAEMON@{EVIL}", f"postmaster@{EVIL}", scene.owner])
    head = (
        f"From: Mail Delivery System <{sender}>\r\nTo: {scene.desk}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"In-Reply-To: {scene.digest['Message-ID']}\r\n"
        + "".join(f"{name}: {value}\r\n" for name, value in stamped(scene).items())
        + "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    )
    prose = f"--b\r\nContent-Type: text/plain\r\n\r\n{orders(scene)}\r\n"
    report = (
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.evil.test\r\n\r\n"
        f"Final-Recipient: rfc822; {scene.owner}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    )
    original = (
        "--b\r\nContent-Type: message/rfc822\r\n\r\n" + bytes(scene.digest).decode("utf-8", "replace") + "--b--\r\n"
    )
    scene.send((head + prose.replace("\n", "\r\n").replace("\r\r", "\r") + report + original).encode(), sign="")


# -- the words are not orders ----------------------------------------------------------------------------------------


def in_the_subject(scene: Scene) -> None:
    """orders in the subject"""
    scene.send(scene.reply("Thank you!", Subject=orders(scene).replace("\n", "; ")))


def in_an_attachment(scene: Scene) -> None:
    """orders in an attached text"""
    mail = scene.reply("Thank you!")
    kind = scene.dice.choice(["plain", "html", "markdown"])
    mail.add_attachment(orders(scene), subtype=kind, filename=scene.dice.choice(["orders.txt", "go all.txt", "x.eml"]))
    scene.send(mail)


def behind_a_huge_text(scene: Scene) -> None:
    """orders behind more text than is read"""
    filler = scene.dice.choice(["Thank you!\n", "\n", "Good morning\n\n", f"{'x' * 900}\n"])
    length = scene.dice.choice([25_000, 300_000, 1_200_000])
    mail = scene.reply()
    mail.set_content(filler * (length // len(filler)) + orders(scene) + "\n", cte="7bit")
    scene.send(mail)


def without_any_token(scene: Scene) -> None:
    """a mail of hers that answers nothing"""
    desk = scene.house.creditor.address
    scene.send(scene.reply(orders(scene), To=desk, In_Reply_To=None, References=None), to=desk)


def one_named(attack: Attack) -> str:
    return re.sub("_", " ", attack.__name__)


HEARD = (a_client_in_copy, a_token_guessed)  # a client's mail holds letters back, as any mail of his does
ONE_BY_ONE: tuple[Attack, ...] = (
    from_forged, from_forged_while_the_filter_is_down, results_forged_of_another_server,
    results_forged_with_her_servers_name, results_forged_below_unreadable_ones, results_forged_by_a_neighbour,
    several_from, more_text_than_was_signed, fields_above_the_signed_ones, changed_on_the_way,
    a_token_guessed, a_token_of_another_creditor, a_client_in_copy, a_stranger_with_the_token,
    forwarded, forwarded_as_an_attachment, resent, meant_for_others, an_absence_notice, an_answer_to_an_invitation,
    a_bounce_of_the_digest, in_the_subject, in_an_attachment, behind_a_huge_text, without_any_token, *QUOTES, *SENDINGS,
)  # fmt: skip
OTHERS = {  # those that need more than a mail: tests of their own
    "replayed": "a mail of hers that was carried out, under another Message-ID, by anybody",
    "moved about": "the same, moved to other folders and back, or copied, by another mail program",
    "expired": "an answer to a digest that is older than 14 days",
    "a vacation loop": "a responder of hers that answers each of our answers and marks nothing as automatic",
}
ATTACKS = {**{one_named(attack): (attack.__doc__ or "").strip() for attack in ONE_BY_ONE}, **OTHERS}
