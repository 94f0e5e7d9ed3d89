# ruff: noqa: E501  mails read better unbroken
"""Notices of servers that do not write RFC 3464, each in the shape of its family: who failed, and what it means.

All names are invented; the sentences are those that the servers are shipped with.
"""

from __future__ import annotations

from datetime import date

import pytest

from daemon.domain.books.directory import Directory
from daemon.domain.books.reading import Kind, Meaning, Reading
from daemon.mail.read import Reader

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"
ORIGINAL = "Received: from a.example\nMessage-ID: <1@bianchi.example>\nFrom: fatture@bianchi.example\nTo: other@acme.example\nSubject: Invoice\n\nDear Anna\n"


def read(
    text: str,
    subject: str = "Mail delivery failed: returning message to sender",
    sender: str = DAEMON,
    headers: str = "",
) -> Reading:
    raw = f"Return-Path: <>\nFrom: {sender}\nTo: fatture@bianchi.example\nSubject: {subject}\nDate: Wed, 11 Nov 2026 09:00:00 +0100\n{headers}\n{text}"
    return Reader({}).read_or_raise(raw.encode(), Directory(), date(2026, 11, 11))


EXIM = "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {what}\n\n------ This is a copy of the message, including all the headers. ------\n\n"
QMAIL = "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<anna@acme.example>:\n{what}\n\n--- Below this line is a copy of the message.\n\n"
POSTFIX = "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to postmaster.\n\n                   The mail system\n\n<anna@acme.example>: {what}\n\n"
SENDMAIL = "The original message was received at Wed, 11 Nov 2026 09:00:00 +0100\nfrom relay.example [192.0.2.1]\n\n   ----- The following addresses had permanent fatal errors -----\n<anna@acme.example>\n    (reason: {reason})\n\n   ----- Transcript of session follows -----\n{what}\n\n   ----- Original message follows -----\n\n"

FAMILIES: list[tuple[str, str, str, Meaning]] = [
    ("exim: unknown", EXIM.format(what="anna@acme.example\n    SMTP error from remote mail server after RCPT TO:<anna@acme.example>:\n    host mx.acme.example [192.0.2.2]: 550 5.1.1 <anna@acme.example>:\n    Recipient address rejected: User unknown"), "", Meaning.DEAD),
    ("exim: unrouteable", EXIM.format(what="anna@acme.example\n    Unrouteable address"), "", Meaning.DEAD),
    ("exim: all MX", EXIM.format(what="anna@acme.example\n    (ultimately generated from info@acme.example)\n    all relevant MX records point to non-existent hosts"), "", Meaning.DEAD),
    ("exim: retry", EXIM.format(what="anna@acme.example\n    retry timeout exceeded"), "", Meaning.GAVE_UP),
    ("exim: quota", EXIM.format(what="anna@acme.example\n    mailbox is full: retry timeout exceeded"), "", Meaning.GAVE_UP),
    ("exim: spam at data", EXIM.format(what="anna@acme.example\n    host mx.acme.example [192.0.2.2]\n    SMTP error from remote mail server after end of data:\n    554 5.7.1 Message rejected as spam"), "", Meaning.REFUSED),
    ("exim: unknown at data", EXIM.format(what="anna@acme.example\n    SMTP error from remote mail server after end of data:\n    host mx.acme.example [192.0.2.2]: 550 unknown user"), "", Meaning.REFUSED),
    ("exim: old", EXIM.format(what="anna@acme.example:\n    unknown local-part \"anna\" in domain \"acme.example\""), "", Meaning.DEAD),
    ("qmail: no mailbox", QMAIL.format(what="Sorry, no mailbox here by that name. (#5.1.1)"), "failure notice", Meaning.DEAD),
    ("qmail: remote", QMAIL.format(what="192.0.2.2 does not like recipient.\nRemote host said: 550 5.1.1 unknown user\nGiving up on 192.0.2.2."), "failure notice", Meaning.DEAD),
    ("qmail: queue", QMAIL.format(what="Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long."), "failure notice", Meaning.GAVE_UP),
    ("qmail: host", QMAIL.format(what="Sorry, I couldn't find any host named acme.example. (#5.1.2)"), "failure notice", Meaning.DEAD),
    ("qmail: german", "Hallo. Hier ist das qmail-send Programm auf mx.example.\nLeider konnte Ihre Nachricht an die folgenden Adressen nicht zugestellt werden.\n\n<anna@acme.example>:\nDie Adresse existiert nicht. (#5.1.1)\n\n--- Anbei eine Kopie der Nachricht.\n\n", "failure notice", Meaning.DEAD),
    ("qmail: french", "Bonjour. Ici le programme qmail-send de mx.example.\nVotre message n'a pas pu etre remis aux adresses suivantes.\n\n<anna@acme.example>:\nUtilisateur inconnu. (#5.1.1)\n\n--- Ci-dessous une copie du message.\n\n", "failure notice", Meaning.DEAD),
    ("qmail: italian", "Salve. Questo è il programma qmail-send di mx.example.\nNon è stato possibile consegnare il messaggio ai seguenti indirizzi.\n\n<anna@acme.example>:\nutente sconosciuto (#5.1.1)\n\n--- Sotto questa riga c'è una copia del messaggio.\n\n", "failure notice", Meaning.DEAD),
    ("postfix: unknown", POSTFIX.format(what="host mx.acme.example[192.0.2.2] said: 550 5.1.1\n    <anna@acme.example>: Recipient address rejected: User unknown in virtual\n    mailbox table (in reply to RCPT TO command)"), "Undelivered Mail Returned to Sender", Meaning.DEAD),
    ("postfix: no host", POSTFIX.format(what="Host or domain name not found. Name service\n    error for name=acme.example type=A: Host not found"), "Undelivered Mail Returned to Sender", Meaning.DEAD),
    ("postfix: timeout", POSTFIX.format(what="connect to mx.acme.example[192.0.2.2]:25: Connection\n    timed out"), "Undelivered Mail Returned to Sender", Meaning.GAVE_UP),
    ("postfix: relay", POSTFIX.format(what="host mx.acme.example[192.0.2.2] said: 554 5.7.1\n    <anna@acme.example>: Relay access denied (in reply to RCPT TO command)"), "Undelivered Mail Returned to Sender", Meaning.REFUSED),
    ("sendmail: unknown", SENDMAIL.format(reason="550 5.1.1 <anna@acme.example>... User unknown", what="... while talking to mx.acme.example.:\n>>> RCPT To:<anna@acme.example>\n<<< 550 5.1.1 <anna@acme.example>... User unknown\n550 5.1.1 <anna@acme.example>... User unknown"), "Returned mail: see transcript for details", Meaning.DEAD),
    ("sendmail: full", SENDMAIL.format(reason="552 5.2.2 over quota", what=">>> DATA\n<<< 552 5.2.2 over quota\n554 5.0.0 Service unavailable"), "Returned mail: Service unavailable", Meaning.GAVE_UP),
    ("sendmail 5", "   ----- Transcript of session follows -----\nWhile talking to mx.acme.example:\n>>> RCPT To:<anna@acme.example>\n<<< 550 <anna@acme.example>... User unknown\n550 <anna@acme.example>... User unknown\n\n   ----- Recipients of this delivery -----\nBounced, cannot deliver:\n   <anna@acme.example>\n\n   ----- Unsent message follows -----\n", "Returned mail: User unknown", Meaning.DEAD),
    ("courier", "This is a delivery status notification from mx.example,\nrunning the Courier mail server, version 1.0.\n\nThe original message was received on Wed, 11 Nov 2026 09:00:00 +0100\nfrom relay.example (192.0.2.1)\n\n---------------------------------------------------------------------------\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<anna@acme.example>:\n    mx.acme.example [192.0.2.2]:\n>>> RCPT TO:<anna@acme.example>\n<<< 550 User unknown.\n\n---------------------------------------------------------------------------\n\nIf your message was also sent to additional recipients, their delivery\nstatus is not included in this report.\n", "NOTICE: mail delivery status.", Meaning.DEAD),
    ("exchange 2003", "Your message\n\n  To:      Anna Verdi\n  Subject: Invoice\n  Sent:    Wed, 11 Nov 2026 09:00:00 +0100\n\ndid not reach the following recipient(s):\n\nanna@acme.example on Wed, 11 Nov 2026 09:00:05 +0100\n    The recipient name is not recognized\n\tThe MTS-ID of the original message is: c=it;a= ;p=acme;l=MX1-261111080005Z-42\n    MSEXCH:IMS:ACME:HQ:MX1 0 (000C05A6) Unknown Recipient\n\n", "Undeliverable: Invoice", Meaning.DEAD),
    ("exchange 2007", "Diagnostic information for administrators:\n\nGenerating server: mx.acme.example\n\nanna@acme.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nOriginal message headers:\n\nReceived: from a.example\n", "Undeliverable: Invoice", Meaning.DEAD),
    ("exchange: italian", "Recapito non riuscito per i seguenti destinatari o gruppi:\n\nanna@acme.example<mailto:anna@acme.example>\nImpossibile trovare l'indirizzo di posta elettronica immesso.\n\nInformazioni diagnostiche per gli amministratori:\n\nServer di generazione: mx.acme.example\n\nanna@acme.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\n", "Non recapitabile: Invoice", Meaning.DEAD),
    ("exchange: expired", "Delivery has failed to these recipients or distribution lists:\n\nanna@acme.example<mailto:anna@acme.example>\nMicrosoft Exchange has been trying to deliver this message without success and has stopped trying.\n\nDiagnostic information for administrators:\n\nGenerating server: mx.example\n\nanna@acme.example\n#550 4.4.7 QUEUE.Expired; message expired ##\n\n", "Undeliverable: Invoice", Meaning.GAVE_UP),
    ("domino", "\nYour message\n\n  Subject: Invoice\n\nwas not delivered to:\n\n  anna@acme.example\n\nbecause:\n\n  User anna (anna@acme.example) not listed in Domino Directory\n\n", "DELIVERY FAILURE: User anna (anna@acme.example) not listed in Domino Directory", Meaning.DEAD),
    ("notes", "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nanna@acme.example\n\n------- Returned Message --------\n\n", "DELIVERY FAILURE: User not listed in public Name & Address Book", Meaning.DEAD),
    ("gmx", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to\none or more of its recipients. The following addresses\nfailed:\n\n\"anna@acme.example\":\nSMTP error from remote server after RCPT command:\nhost: mx.acme.example\n5.1.1 <anna@acme.example>... User Unknown\n\n\n--- The header of the original message is following. ---\n\n", "Mail delivery failed: returning message to sender", Meaning.DEAD),
    ("1&1", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\nanna@acme.example:\nSMTP error from remote server for RCPT TO command, host: mx.acme.example (192.0.2.2) reason: 550 5.1.1 unknown recipient\n\n--- The header of the original message is following. ---\n\n", "Mail delivery failed: returning message to sender", Meaning.DEAD),
    ("yahoo", "Sorry, we were unable to deliver your message to the following address.\n\n<anna@acme.example>:\n554: delivery error: dd This user doesn't have an acme.example account (anna@acme.example) [0] - mta1.mail.example\n\n--- Below this line is a copy of the message.\n\n", "Failure Notice", Meaning.DEAD),
    ("gmail, old", "This is an automatically generated Delivery Status Notification\n\nDelivery to the following recipient failed permanently:\n\n     anna@acme.example\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the recipient domain. We recommend contacting the other email provider for further information about the cause of this error. The error that the other server returned was: 550 550 5.1.1 <anna@acme.example>: Recipient address rejected: User unknown (state 14).\n\n   ----- Original message -----\n\n", "Delivery Status Notification (Failure)", Meaning.DEAD),
    ("imail", "Unknown user: anna@acme.example\n\n\nOriginal message follows.\n\n", "Undeliverable Mail", Meaning.DEAD),
    ("mailenable", "MailEnable: Message Delivery Failure.\n\nThe following recipient(s) could not be reached:\n\n\t[SMTP:anna@acme.example]: Remote SMTP Server Returned: 550 5.1.1 No such user here\n\nMessage headers follow:\n\n", "Message Delivery Failure", Meaning.DEAD),
    ("mdaemon", "The following data may contain sections which represent BASE64 encoded\nfile attachments.\n\n--- Session Transcript ---\n <-- 550 unknown user anna@acme.example\n--- End Transcript ---\n\nThe attached message had PERMANENT fatal delivery errors!\n\nFailed address: anna@acme.example\n\n", "Permanent Delivery Failure", Meaning.DEAD),
    ("mailmarshal", "Your message:\n\n   From:    fatture@bianchi.example\n   Subject: Invoice\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n   anna@acme.example\n\nAdditional Information\n======================\n\n", "Undeliverable Mail: \"Invoice\"", Meaning.DEAD),
    ("interscan", "Unable to deliver message to <anna@acme.example>\n\nSent <<< RCPT TO:<anna@acme.example>\nReceived >>> 550 5.1.1 <anna@acme.example>... user unknown\n\nUnable to deliver message to <anna@acme.example>\n", "Mail could not be delivered", Meaning.DEAD),
    ("surfcontrol", "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts made: 1\nAddressed To: anna@acme.example\n\nWed 11 Nov 2026 09:00:00 +0100\nFailed to send to identified host,\nanna@acme.example: [192.0.2.2], 550 anna@acme.example... No such user\n--- Message non-deliverable.\n", "Message could not be delivered", Meaning.DEAD),
    ("au", "Each of the following recipients was rejected by a remote mail server.\n\n    Recipient: <anna@acme.example>\n    >>> RCPT TO:<anna@acme.example>\n    <<< 550 <anna@acme.example>: User unknown\n", "Mail System Error - Returned Mail", Meaning.DEAD),
    ("kddi", "Your mail sent on: Wed, 11 Nov 2026 09:00:00 +0100\n\nCould not be delivered to: <anna@acme.example>\nAs their mailbox is full.\n", "Mail System Error - Returned Mail", Meaning.GAVE_UP),
    ("activehunter", "  ----- The following addresses had permanent fatal errors -----\n\n>>> anna@acme.example <anna@acme.example>\n\n  ----- Transcript of session follows -----\n550 sorry, no mailbox here by that name (#5.1.1 - chkusr)\n", "FAILURE NOTICE :", Meaning.DEAD),
    ("mcafee", "  --- The following addresses had delivery problems ---\n\n<anna@acme.example>   (User unknown anna@acme.example)\n\n-------------Message  Header-----------\n", "Delivery Status", Meaning.DEAD),
    ("mailfoundry", "Unable to deliver message to: <anna@acme.example>\nDelivery failed for the following reason:\nServer mx.acme.example[192.0.2.2] failed with: 550 <anna@acme.example> No such user here\n\nThis has been a permanent failure.  No further delivery attempts will be made.\n", "Message delivery has failed", Meaning.DEAD),
    ("oracle", "This report relates to a message you sent with the following header fields:\n\n  Message-id: <1@bianchi.example>\n  Date: Wed, 11 Nov 2026 09:00:00 +0100\n  From: fatture@bianchi.example\n  To: other@acme.example\n  Subject: Invoice\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: anna@acme.example\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 unknown or illegal alias: anna@acme.example\n", "Delivery Notification: Delivery has failed", Meaning.DEAD),
    ("full details", "We had trouble delivering your message. Full details follow:\n\nSubject: 'Invoice'\nDate:    'Wed, 11 Nov 2026 09:00:00 +0100'\n\n1 error(s):\n\nSMTP Server <mx.acme.example> rejected recipient <anna@acme.example>\n  (Error following RCPT command). It responded as follows: [550 5.1.1 <anna@acme.example>: Recipient address rejected: User unknown]\n", "There was an error sending your mail", Meaning.DEAD),
    ("returned mail", "The original message was received at Wed, 11 Nov 2026 09:00:00 +0100\nfrom fatture@bianchi.example\n\n---The following addresses had delivery errors---\n\nanna@acme.example [User unknown]\n\n", "Returned Mail", Meaning.DEAD),
    ("star list", "============================================================\nThis message has not been delivered to the following recipients:\n\n  * anna@acme.example\n    No such user\n\n", "Delivery status notification", Meaning.DEAD),
    ("turkish", "İletiniz aşağıdaki alıcılara teslim edilemedi:\n\nanna@acme.example\nKullanıcı bulunamadı.\n550 5.1.1 RESOLVER.ADR.RecipNotFound; not found\n", "Teslim edilemedi: Fatura", Meaning.DEAD),
    ("spanish", "No se pudo entregar el mensaje a estos destinatarios o grupos:\n\nanna@acme.example<mailto:anna@acme.example>\nEl buzón del destinatario está lleno y no puede aceptar mensajes.\n\n#550 5.2.2 STOREDRV.Deliver: mailbox full. The following information should help\n", "No se puede entregar: Factura", Meaning.GAVE_UP),
    ("german", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Verteilerlisten:\n\nanna@acme.example\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n", "Unzustellbar: Rechnung", Meaning.DEAD),
    ("french", "Échec de la remise pour ces destinataires ou groupes :\n\nanna@acme.example\nL'adresse de messagerie que vous avez entrée est introuvable.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n", "Non remis : Facture", Meaning.DEAD),
    ("portuguese", "Falha na entrega a estes destinatários ou grupos:\n\nanna@acme.example\nO endereço de e-mail não foi encontrado.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n", "Não entregue: Fatura", Meaning.DEAD),
    ("dutch", "De bezorging aan de volgende geadresseerden of groepen is mislukt:\n\nanna@acme.example\nHet e-mailadres is niet gevonden.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n", "Niet bezorgd: Factuur", Meaning.DEAD),
    ("russian", "Это письмо создано автоматически сервером.\n\nК сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n  anna@acme.example\n    host mx.acme.example [192.0.2.2]: 550 User not found\n", "Mail failure.", Meaning.DEAD),
    ("chinese", "很抱歉,您的邮件被退回来了……\n原邮件信息:\n收件人: anna@acme.example\n退信原因: 550 User not found: anna@acme.example\n", "系统退信", Meaning.DEAD),
    ("japanese", "以下のメールアドレスへの送信に失敗しました。\n\nanna@acme.example\n550 5.1.1 User unknown\n", "配信不能通知", Meaning.DEAD),
    ("zoho", "This message was created automatically by mail delivery software.\n A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\nanna@acme.example, ERROR CODE :550 - 5.1.1 user unknown\n", "Undelivered Mail Returned to Sender", Meaning.DEAD),
    ("aol", "----- The following addresses had permanent fatal errors -----\n<anna@acme.example>\n\n   ----- Transcript of session follows -----\n... while talking to mx.acme.example.:\n>>> RCPT To:<anna@acme.example>\n<<< 550 MAILBOX NOT FOUND\n550 <anna@acme.example>... User unknown\n", "Mail Delivery Problem", Meaning.DEAD),
    ("facebook", "This message was created automatically by the mail system.\n\nBased on the email preferences of the person you're trying to email, this message could not be delivered.\n\n<anna@acme.example>: 550 RCP-P2 Refused due to recipient preferences\n", "Sorry, your message could not be delivered", Meaning.REFUSED),
    ("dma", "This is the DragonFly Mail Agent v0.13 at mx.example.\n\nThere was an error delivering your mail to <anna@acme.example>.\n\nmx.acme.example [192.0.2.2] did not like our RCPT TO:\n550 5.1.1 User unknown\n\nMessage headers follow.\n\n", "Mail delivery failed", Meaning.DEAD),
    ("opensmtpd", "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nanna@acme.example: 550 5.1.1 User does not exist\n\n    Below is a copy of the original message:\n\n", "Delivery status notification: error", Meaning.DEAD),
    ("groupwise", "The message that you sent was undeliverable to the following:\n\n\tanna@acme.example (user not found)\n\nPossibly truncated original message follows:\n\n", "Message status - undeliverable", Meaning.DEAD),
    ("smtp32", "Delivery failed 20 attempts: anna@acme.example\n\n", "Undeliverable Mail", Meaning.GAVE_UP),
    ("axigen", "This message was generated by the mail server mx.example.\n\nThe mail server was unable to deliver your message to:\n\n    anna@acme.example\n\nReason: 550 5.1.1 Account does not exist\n", "Mail Delivery Failure", Meaning.DEAD),
    ("kerio", "The original message was received at Wed, 11 Nov 2026 09:00:00 +0100\n\n   ----- The following addresses had permanent delivery errors -----\nanna@acme.example\n\n   ----- Transcript of session follows -----\n550 5.1.1 Mailbox unavailable - no such user\n", "Delivery failed: Mailbox does not exist", Meaning.DEAD),
    ("aruba", "This is an automated message from the mail system.\n\nIl messaggio non è stato consegnato al destinatario:\n\n<anna@acme.example>\ncasella inesistente\n", "Mancata consegna", Meaning.DEAD),
    ('smail', '|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <anna@acme.example> ... unknown host\n|------------------------- Message text follows: ------------------------|\n', 'mail failed, returning to sender', Meaning.DEAD),
    ('viruswall', 'Message from InterScan E-Mail VirusWall NT\n\n** The mail could not be delivered.\nRCPT TO: <anna@acme.example>\n550 user unknown\n--- end of message ---\n', 'Mail could not be delivered', Meaning.DEAD),
    ('newmailru', 'This is the machine generated message from mail service.\n\nUnable to deliver message to the following address(es).\n\n<anna@acme.example>\n User unknown\n\n--- Below the next line is a copy of the message.\n\n', 'failure notice', Meaning.DEAD),
    ('sdm', 'here is your list of failed recipients:\n\nanna@acme.example: unknown user\n\nhere is your returned mail:\n\n', 'Returned mail', Meaning.DEAD),
    ('merak', "Your message to <anna@acme.example> could not be delivered.\nThe user's mailbox is full.\n", 'Undeliverable mail', Meaning.GAVE_UP),
    ('usa.net', "The following recipients' mailboxes are full, and the message was not delivered:\n\tanna@acme.example\n", 'Returned mail', Meaning.GAVE_UP),
    ('mercury', 'This message was created automatically by a mail transfer agent.\nThe following address failed:\nanna@acme.example: 550 No such user\n', 'Delivery failure', Meaning.DEAD),
    ('aol', 'The following address(es) had permanent fatal errors: anna@acme.example\n550 MAILBOX NOT FOUND\n', 'Mail delivery failed', Meaning.DEAD),
    ('critpath', 'Your message was not delivered to the following recipient:\n\nanna@acme.example: User unknown\n\n', 'Returned mail: delivery problems encountered', Meaning.DEAD),
    ('netscape', 'This Message was undeliverable due to the following reason:\n\nThe user(s) account is disabled.\n\n<anna@acme.example>\n\nPlease reply to <postmaster@mx.example>\nif you feel this message to be in error.\n', 'Returned mail', Meaning.REFUSED),
    ('ims', 'This Message was undeliverable due to the following reason:\n\nEach of the following recipients was rejected by a remote mail server.\nThe reasons given by the server are included to help you determine why\neach recipient was rejected.\n\n    Recipient: <anna@acme.example>\n    Reason:    User unknown\n\nPlease reply to Postmaster@mx.example\nif you feel this message to be in error.\n', 'Mail System Error - Returned Mail', Meaning.DEAD),
    ('lotus 2', 'Sorry. Your message could not be delivered to:\n\nanna@acme.example\n\nSMTP Protocol Returned a Permanent Error 550 5.1.1 unknown user\n', 'DELIVERY FAILURE: 550', Meaning.DEAD),
    ('hotmail', 'This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       anna@acme.example\n\n', 'Delivery Status Notification (Failure)', Meaning.REFUSED),
    ('imf', "The following recipient(s) cannot be reached:\n\n      'anna@acme.example' on 11/11/2026 9:00 AM\n            550 5.1.1 <anna@acme.example>... User unknown\n", 'Undeliverable: Invoice', Meaning.DEAD),
    ('outlook it', "Il messaggio non ha raggiunto alcuni o tutti i destinatari.\n\n      Oggetto:  Fattura\n      Inviato:  11/11/2026 09:00\n\nImpossibile raggiungere i seguenti destinatari:\n\n      'anna@acme.example' in data 11/11/2026 09:00\n            550 5.1.1 User unknown\n", 'Non recapitabile: Fattura', Meaning.DEAD),
    ('fastmail', 'Your message could not be delivered to the following recipients.\nanna@acme.example (Error: 550 5.1.1 unknown)\n', 'Undelivered Mail', Meaning.DEAD),
    ('rcpt in text', 'A message addressed to anna@acme.example could not be delivered because the user is unknown.\n', 'Mail delivery failed', Meaning.DEAD),
    ('php', 'Delivery to the following recipients was aborted after 2 second(s):\n\n  * anna@acme.example\n', 'Mail delivery failed', Meaning.REFUSED),
    ('terra', 'Su mensaje no ha podido ser entregado a los siguientes destinatarios:\n\n<anna@acme.example>: usuario desconocido\n', 'Mensaje no entregado', Meaning.DEAD),
    ('libero', 'Il tuo messaggio non ha potuto essere consegnato ai seguenti destinatari:\n\n<anna@acme.example>:\n550 RCPT TO:<anna@acme.example> User unknown\n', 'Mancato recapito', Meaning.DEAD),
    ('t-online', 'Ihre E-Mail konnte nicht an den folgenden Empfänger ausgeliefert werden:\n\nanna@acme.example\n\n550 user unknown\n', 'E-Mail nicht zustellbar', Meaning.DEAD),
    ('wanadoo', "Votre message n'a pas pu être distribué au destinataire suivant :\n\n<anna@acme.example>\n550 5.1.1 Adresse d au moins un destinataire invalide.\n", 'Message non distribué', Meaning.DEAD),
    ('uol', 'Sua mensagem não pôde ser entregue ao seguinte destinatário:\n\nanna@acme.example\n\nusuário inexistente\n', 'Mensagem não entregue', Meaning.DEAD),
    ('mynet', 'Mesajınız aşağıdaki alıcıya ulaştırılamadı:\n\n<anna@acme.example>:\nKullanıcı bulunamadı\n', 'Mesaj iletilemedi', Meaning.DEAD),
    ('qq', '抱歉，您的邮件被退回来了。\n收件人：anna@acme.example\n退信原因：收件人邮箱不存在\n', '来自mx.example的退信', Meaning.DEAD),
    ('naver', '메일이 전송되지 못했습니다.\n받는사람: anna@acme.example\n550 5.1.1 No such user\n', '메일 전송 실패 안내', Meaning.DEAD),
    ('nl', 'Uw bericht kon niet worden afgeleverd bij de volgende ontvanger:\n\nanna@acme.example\n\nonbekende gebruiker\n', 'Onbestelbare e-mail', Meaning.DEAD),
    ('pl', 'Wiadomość nie została dostarczona do następującego adresata:\n\nanna@acme.example\n550 Nieznany odbiorca\n', 'Niedostarczona wiadomość', Meaning.DEAD),
]  # fmt: skip


@pytest.mark.parametrize(("text", "subject", "meaning"), [f[1:] for f in FAMILIES], ids=[f[0] for f in FAMILIES])
def test_each_family_of_servers_names_its_recipient(text: str, subject: str, meaning: Meaning) -> None:
    """The other addresses of the notice (postmaster, the sender, those of the letter that came back) are not meant."""
    reading = read(text + ORIGINAL, subject or "Mail delivery failed: returning message to sender")

    assert reading.kind is Kind.BOUNCE
    assert [r.address for r in reading.recipients] == ["anna@acme.example"]
    assert reading.recipients[0].meaning is meaning


PEOPLE = [
    ("Delivery problem with order 1001", "Hello,\nthe delivery failed: half of the goods were not delivered.\nWe pay when they arrive.\n\nAnna Verdi\ninfo@acme.example\n"),
    ("Non-delivery of order 1001", "Your order 1001 could not be delivered, the goods have been returned.\n\nAnna\nanna@acme.example\n"),
    ("Undeliverable goods", "The parcel was returned to sender because the address was unknown.\nPlease contact\nbob@acme.example\n"),
    ("Mancata consegna", "Buongiorno,\nla merce non è stata consegnata, non paghiamo.\n\nAnna\nanna@acme.example\n"),
    ("Re: Undelivered Mail Returned to Sender", "Hi Giulia,\nyour mail could not be delivered to bob@acme.example, he has left. Use mine.\n\nAnna\n"),
    ("FW: Mail delivery failed", "See below, what is this?\n\nThe following address(es) failed:\n\n  bob@acme.example\n    550 User unknown\n"),
    ("Blocked message", "My message to you was blocked, is your mailbox full?\n"),
    ("Your invoice: rejected message", "Our system says 550 5.7.1 rejected when we answer to fatture@bianchi.example.\n"),
    ("Invoice", "We were unable to deliver the documents on time. Not accepted by the director.\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    "envelope", ["", "Return-Path: <anna@acme.example>\n", "Return-Path: <bounces+12-ab=x@relay.example>\n"]
)
@pytest.mark.parametrize(("subject", "text"), PEOPLE, ids=[p[0] for p in PEOPLE])
def test_a_person_who_writes_about_deliveries_and_bounces_is_a_person(subject: str, text: str, envelope: str) -> None:
    """In a shop's mail "delivery failed" is a complaint about goods; answers come through relays with bounce addresses."""
    raw = f"{envelope}From: Anna Verdi <anna@acme.example>\nTo: fatture@bianchi.example\nSubject: {subject}\n\n{text}"

    assert Reader({}).read_or_raise(raw.encode(), Directory(), date(2026, 11, 11)).kind is Kind.REPLY


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Warning: could not send message for past 4 hours", "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n   ----- Transcript of session follows -----\n<anna@acme.example>... Deferred: Connection refused by mx.acme.example.\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old\n"),
        ("Warning: message 1abc-0001-AB delayed 24 hours", "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.\n\nThe address to which the message has not yet been delivered is:\n\n  anna@acme.example\n    Delay reason: Connection timed out\n\nNo action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at intervals if the message\nremains undelivered.\n"),
        ("Delayed Mail (still being retried)", "This is the mail system at host mx.example.\n\n####################################################################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################################################\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<anna@acme.example>: connect to mx.acme.example[192.0.2.2]:25: Connection timed out\n"),
        ("Delivery Status Notification (Delay)", "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n     anna@acme.example\n\nMessage will be retried for 2 more day(s)\n"),
        ("Delivery Delayed: Invoice", "Delivery is delayed to these recipients or groups:\n\nanna@acme.example\n\nSubject: Invoice\n\nThis message hasn't been delivered yet. Delivery will continue to be attempted.\n\nThe server will keep trying to deliver this message for the next 1 days. You'll be notified if the message can't be delivered by that time.\n"),
        ("Consegna ritardata: Fattura", "La consegna a questi destinatari o gruppi è ritardata:\n\nanna@acme.example\n\nIl messaggio non è stato ancora recapitato. Verranno effettuati altri tentativi di recapito.\n"),
        ("Zustellung verzögert: Rechnung", "Die Zustellung an folgende Empfänger oder Gruppen verzögert sich:\n\nanna@acme.example\n\nDiese Nachricht wurde noch nicht zugestellt. Es wird weiterhin versucht, sie zuzustellen.\n"),
        ("Remise retardée : Facture", "La remise à ces destinataires ou groupes est retardée :\n\nanna@acme.example\n\nCe message n'a pas encore été remis. Les tentatives de remise vont se poursuivre.\n"),
        ("Entrega retrasada: Factura", "La entrega a estos destinatarios o grupos se ha retrasado:\n\nanna@acme.example\n\nEste mensaje aún no se ha entregado. Se seguirá intentando la entrega.\n"),
        ("Teslim gecikti: Fatura", "Bu alıcılara veya gruplara teslim gecikti:\n\nanna@acme.example\n\nBu ileti henüz teslim edilmedi. Teslim denemeye devam edilecek.\n"),
        ("failure notice", "Hi. This is the qmail-send program at mx.example.\nI've been trying to deliver your message; this is a warning only.\nThe message has not yet been delivered to the following addresses.\nIt will be retried; you do not need to resend it.\n\n<anna@acme.example>:\n192.0.2.2 failed after I sent the message.\nRemote host said: 451 try again later\n"),
    ],
)  # fmt: skip
def test_F18_a_delay_in_prose_is_no_bounce_in_any_language(subject: str, text: str) -> None:
    reading = read(text + "\n" + ORIGINAL, subject)

    assert reading.kind is Kind.DELAYED
    assert read(text, subject, headers="X-Failed-Recipients: anna@acme.example\n").kind is Kind.DELAYED  # Gmail's
    assert [r.address for r in reading.recipients] == ["anna@acme.example"]


@pytest.mark.parametrize(
    "sender",
    [
        "System Administrator <admin@acme.example>",
        "Posta Sistem Yöneticisi <bt@acme.example>",
        "Mail Delivery Centre <parcels@acme.example>",
    ],
)
def test_an_administrators_mail_with_frightening_words_is_a_persons(sender: str) -> None:
    """The name is no proof; without an empty envelope, the subject has to be that of a notice too."""
    raw = f"Return-Path: <admin@acme.example>\nFrom: {sender}\nSubject: Our new mail server\n\nMails to anna@acme.example have been rejected with 550 5.1.1 user unknown, please write again.\n"

    assert Reader({}).read_or_raise(raw.encode(), Directory(), date(2026, 11, 11)).kind is Kind.REPLY


STATUS = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; anna@acme.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
REPORT = f"From: {DAEMON}\nTo: fatture@bianchi.example\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=in\n\n--in\n\nSorry.\n\n--in\n{STATUS}\n--in\nContent-Type: message/rfc822\n\n{ORIGINAL}\n--in--\n"


def wrapped(inner: str, headers: str, subject: str) -> Reading:
    raw = f"{headers}To: fatture@bianchi.example\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=out\n\n--out\n\nSee below.\n\n--out\n{inner}\n--out--\n"
    return Reader({}).read_or_raise(raw.encode(), Directory(), date(2026, 11, 11))


@pytest.mark.parametrize(
    "inner",
    [
        STATUS,
        f"Content-Type: message/rfc822\n\n{REPORT}",
        REPORT.partition("Subject: Undelivered Mail Returned to Sender\n")[2],
    ],
)
@pytest.mark.parametrize(
    ("headers", "subject"),
    [
        (f"From: {DAEMON}\n", "Undelivered Mail Returned to Sender"),
        (
            "From: list-bounces@lists.example\nPrecedence: bulk\nX-Mailman-Version: 2.1.39\n",
            "Uncaught bounce notification",
        ),
        ("Return-Path: <>\nFrom: relay@mx.example\n", "Fwd: Undelivered Mail Returned to Sender"),
    ],
    ids=["server", "list", "relay"],
)
def test_a_report_inside_a_wrapper_is_a_bounce(headers: str, subject: str, inner: str) -> None:
    """Gateways, lists and virus scanners put a multipart/mixed around what they pass on."""
    reading = wrapped(inner, headers, subject)

    assert reading.kind is Kind.BOUNCE
    assert [r.address for r in reading.recipients] == ["anna@acme.example"]


@pytest.mark.parametrize("inner", [STATUS, f"Content-Type: message/rfc822\n\n{REPORT}"])
@pytest.mark.parametrize(
    "subject",
    [
        "Fwd: Undelivered Mail Returned to Sender",
        "WG: Unzustellbar",
        "I: Mancata consegna",
        "Re: Your mail",
        "İLT: Teslim edilemedi",
    ],
)
def test_a_report_that_a_person_passes_on_is_that_persons_mail(subject: str, inner: str) -> None:
    """The client asks what this means: an answer to read, not a dead address."""
    reading = wrapped(inner, "Return-Path: <anna@acme.example>\nFrom: Anna Verdi <anna@acme.example>\n", subject)

    assert reading.kind is Kind.REPLY


def test_a_notice_that_names_nobody_means_the_one_to_whom_the_returned_letter_went() -> None:
    """Old sendmail gives the transcript and the letter, and no address; of two recipients nobody can tell which."""
    text = "   ----- Transcript of session follows -----\n421 acme.example (smtp)... Deferred: Connection timed out\n\n   ----- Unsent message follows -----\n"
    subject = "Returned mail: Cannot send message for 4 days"
    one = read(text + ORIGINAL, subject)
    two = read(text + ORIGINAL.replace("other@acme.example", "other@acme.example, bob@acme.example"), subject)

    assert [(r.address, r.meaning) for r in one.recipients] == [("other@acme.example", Meaning.GAVE_UP)]
    assert (two.kind, two.recipients) == (Kind.BOUNCE, ())


def test_a_person_who_tells_of_a_bounce_under_its_own_subject_is_a_person() -> None:
    """A sender's envelope and nothing automatic: whatever the words are, somebody typed them."""
    raw = "Return-Path: <anna@acme.example>\nFrom: anna@acme.example\nSubject: Undeliverable mail\n\nYour message could not be delivered to\nbob@acme.example\n550 5.1.1 user unknown\n"

    assert Reader({}).read_or_raise(raw.encode(), Directory(), date(2026, 11, 11)).kind is Kind.REPLY
