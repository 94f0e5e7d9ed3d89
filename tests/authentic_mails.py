"""Headers in the shape in which mail servers of the world hand them to a mailbox, and mails made of them.

The owner is giulia@bianchi.example; her mail arrives at fatture@bianchi.example, wherever that is hosted.
"""

from __future__ import annotations

from typing import Final

from daemon.domain.books.authenticity import Verdict
from daemon.domain.books.owner import CommandTrust
from daemon.mail.whose.authenticity import by_results

OWNER: Final = "giulia@bianchi.example"
MX: Final = "mx.bianchi.example"
FORGED = f"Authentication-Results: {MX}; dmarc=pass header.from=bianchi.example\n"
EVIL = f"""\
Received: from mx.bianchi.example by mx.bianchi.example with LMTP id X for <fatture@bianchi.example>; Tue, 17 Nov 2026
Received: from {MX} (evil.example [203.0.113.66]) by {MX} (Postfix) with ESMTPS id 4F3
"""
SAID = f"Authentication-Results: {MX}; dkim=none; dmarc=fail (p=none) header.from=bianchi.example\n"
REST = (
    "To: fatture@bianchi.example\nSubject: Re: 17 Nov: 4 decisions\nDate: Tue, 17 Nov 2026 08:02:11 +0100\n\npaid 1\n"
)

GMAIL = """\
Delivered-To: fatture@bianchi.example
Received: by 2002:a05:7300:6d1b:b0:1a2:3c4d with SMTP id b27csp312345dyk;
        Mon, 16 Nov 2026 23:02:14 -0800 (PST)
X-Google-Smtp-Source: AGHT+IExample
X-Received: by 2002:a05:6402:2813:b0:5c5:d9f2 with SMTP id q19csp1;
        Mon, 16 Nov 2026 23:02:14 -0800 (PST)
ARC-Seal: i=1; a=rsa-sha256; t=1794898934; cv=none; d=google.com; s=arc-20240605; b=Xy==
ARC-Authentication-Results: i=1; mx.google.com;
       dkim=pass header.i=@bianchi.example header.s=mail header.b=AbC12345;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=bianchi.example
Return-Path: <giulia@bianchi.example>
Received: from out.bianchi.example (out.bianchi.example. [203.0.113.25])
        by mx.google.com with ESMTPS id 4fb4d7f45d1cf-5c7e1a2si123456a12.134.2026.11.16.23.02.13
        for <fatture@bianchi.example>
        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
        Mon, 16 Nov 2026 23:02:14 -0800 (PST)
Received-SPF: pass (google.com: domain of giulia@bianchi.example designates 203.0.113.25) client-ip=203.0.113.25;
Authentication-Results: mx.google.com;
       dkim=pass header.i=@bianchi.example header.s=mail header.b=AbC12345;
       spf=pass (google.com: domain of giulia@bianchi.example designates 203.0.113.25 as permitted sender)
        smtp.mailfrom=giulia@bianchi.example;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=bianchi.example
"""
EXCHANGE_ONLINE = """\
Received: from DB9PR02MB1111.eurprd02.prod.outlook.com (2603:10a6:10:2f3::5)
 by AM0PR02MB2222.eurprd02.prod.outlook.com with HTTPS; Tue, 17 Nov 2026 07:02:16 +0000
Received: from AS4P190CA0001.EURP190.PROD.OUTLOOK.COM (2603:10a6:20b:5de::8)
 by DB9PR02MB1111.eurprd02.prod.outlook.com (2603:10a6:10:2f3::5) with Microsoft SMTP Server
 (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9320.17; Tue, 17 Nov 2026 07:02:15 +0000
Received: from AMS0EPF000001B2.eurprd05.prod.outlook.com
 (2603:10a6:20b:5de:cafe::1b) by AS4P190CA0001.outlook.office365.com (2603:10a6:20b:5de::8) with Microsoft SMTP
 Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9320.17 via Frontend Transport; Tue, 17 Nov 2026
Authentication-Results: spf=pass (sender IP is 203.0.113.25)
 smtp.mailfrom=bianchi.example; dkim=pass (signature was verified)
 header.d=bianchi.example;dmarc=pass action=none header.from=bianchi.example;compauth=pass reason=100
Received-SPF: Pass (protection.outlook.com: domain of bianchi.example designates 203.0.113.25 as permitted sender)
Received: from out.bianchi.example (203.0.113.25) by
 AMS0EPF000001B2.mail.protection.outlook.com (10.167.16.166) with Microsoft SMTP
 Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9320.10 via Frontend Transport; Tue, 17 Nov 2026
X-MS-Exchange-Organization-MessageDirectionality: Incoming
X-MS-Exchange-Organization-AuthSource: AMS0EPF000001B2.eurprd05.prod.outlook.com
X-MS-Exchange-Organization-AuthAs: Anonymous
X-MS-Exchange-Organization-SCL: 1
"""
EXCHANGE_INTERNAL = """\
Received: from AM0PR02MB2222.eurprd02.prod.outlook.com (2603:10a6:208:1::1)
 by DB9PR02MB1111.eurprd02.prod.outlook.com with HTTPS; Tue, 17 Nov 2026 07:02:16 +0000
Authentication-Results: dkim=none (message not signed)
 header.d=none;dmarc=none action=none header.from=bianchi.example;
Received: from AM0PR02MB2222.eurprd02.prod.outlook.com
 ([fe80::1234:5678:9abc:def0]) by AM0PR02MB2222.eurprd02.prod.outlook.com
 ([fe80::1234:5678:9abc:def0%4]) with mapi id 15.20.9320.017; Tue, 17 Nov 2026 07:02:15 +0000
X-MS-Exchange-Organization-AuthAs: Internal
X-MS-Exchange-Organization-AuthMechanism: 04
X-MS-Exchange-Organization-AuthSource: AM0PR02MB2222.eurprd02.prod.outlook.com
"""
FASTMAIL = """\
Return-Path: <giulia@bianchi.example>
Received: from phl-compute-03.internal (phl-compute-03.phl.internal [10.202.2.43])
\t by slotphl1d6t01 (Cyrus 3.13.0-alpha0) with LMTPA;
\t Tue, 17 Nov 2026 02:02:15 -0500
X-Sieve: CMU Sieve 3.0
Received: from phl-mx-01.internal ([10.202.2.200])
  by phl-compute-03.internal (LMTPProxy); Tue, 17 Nov 2026 02:02:15 -0500
Received: from phl-mx-01.messagingengine.com (localhost [127.0.0.1])
\tby mailmx.phl.internal (Postfix) with ESMTP id 1B2C3D4E5F
\tfor <fatture@bianchi.example>; Tue, 17 Nov 2026 02:02:14 -0500 (EST)
Received: from mailmx.phl.internal (localhost [127.0.0.1])
    by phl-mx-01.messagingengine.com (Authentication Milter) with ESMTP
    id 0A1B2C3D4E5.F60718293A4; Tue, 17 Nov 2026 02:02:14 -0500
ARC-Authentication-Results: i=1; phl-mx-01.messagingengine.com; dmarc=pass header.from=bianchi.example
X-ME-Authentication-Results: phl-mx-01.messagingengine.com; x-aligned-from=pass (Address match)
Authentication-Results: phl-mx-01.messagingengine.com;
    bimi=skipped (DMARC Policy is not at enforcement);
    arc=none (no signatures found);
    dkim=pass (2048-bit rsa key sha256) header.d=bianchi.example
    header.i=@bianchi.example header.b=AbC12345 header.a=rsa-sha256 header.s=mail;
    dmarc=pass policy.published-domain-policy=none
    policy.applied-disposition=none policy.evaluated-disposition=none
    (p=none,d=none,d.eval=none) policy.policy-from=p header.from=bianchi.example;
    iprev=pass policy.iprev=203.0.113.25 (out.bianchi.example);
    spf=pass smtp.mailfrom=giulia@bianchi.example smtp.helo=out.bianchi.example
Received: from out.bianchi.example (out.bianchi.example [203.0.113.25])
\tby phl-mx-01.messagingengine.com (Postfix) with ESMTPS id 5F6071829
"""
POSTFIX = """\
Return-Path: <giulia@bianchi.example>
Delivered-To: fatture@bianchi.example
Received: from mx.bianchi.example
\tby mx.bianchi.example with LMTP
\tid AbCdEfGh12345
\t(envelope-from <giulia@bianchi.example>)
\tfor <fatture@bianchi.example>; Tue, 17 Nov 2026 08:02:15 +0100
Received: from out.studio.example (out.studio.example [203.0.113.25])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
\tby mx.bianchi.example (Postfix) with ESMTPS id 4F3ABC1234
\tfor <fatture@bianchi.example>; Tue, 17 Nov 2026 08:02:14 +0100 (CET)
Authentication-Results: mx.bianchi.example; dmarc=pass (p=none dis=none) header.from=bianchi.example
Authentication-Results: mx.bianchi.example;
\tdkim=pass (2048-bit key; unprotected) header.d=bianchi.example header.i=@bianchi.example header.a=rsa-sha256
\t header.s=mail header.b=AbC12345;
\tdkim-atps=neutral
"""
NEWER_MILTERS = """\
Return-Path: <giulia@bianchi.example>
Received: from mx.bianchi.example by mx.bianchi.example with LMTP id X for <fatture@bianchi.example>; Tue, 17 Nov 2026
Authentication-Results: mx.bianchi.example; dmarc=none (p=none dis=none) header.from=bianchi.example
Authentication-Results: mx.bianchi.example;
\tdkim=pass (2048-bit key; unprotected) header.d=bianchi.example header.i=@bianchi.example header.b="AbC12345"
Received: from out.studio.example (out.studio.example [203.0.113.25])
\tby mx.bianchi.example (Postfix) with ESMTPS id 4F3ABC1234
"""
RSPAMD = """\
Return-Path: <giulia@bianchi.example>
Delivered-To: fatture@bianchi.example
Received: from mail.bianchi.example ([172.22.1.253])
\tby 1a2b3c4d5e6f with LMTP id 0A1B2C3D for <fatture@bianchi.example>; Tue, 17 Nov 2026 08:02:15 +0100
Received: from out.studio.example (out.studio.example [203.0.113.25])
\tby mail.bianchi.example (Postcow) with ESMTPS id 5D6E7F8091
Authentication-Results: mail.bianchi.example;
\tdkim=pass header.d=bianchi.example header.s=mail header.b=AbC12345;
\tspf=pass (mail.bianchi.example: domain of giulia@bianchi.example designates 203.0.113.25 as permitted sender)
\t smtp.mailfrom=giulia@bianchi.example;
\tdmarc=pass (policy=quarantine) header.from=bianchi.example
X-Last-TLS-Session-Version: TLSv1.3
"""
YAHOO = """\
X-Apparently-To: fatture@bianchi.example; Tue, 17 Nov 2026 07:02:15 +0000
Return-Path: <giulia@bianchi.example>
Received-SPF: pass (domain of bianchi.example designates 203.0.113.25 as permitted sender)
Authentication-Results: atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;
 dkim=pass header.i=@bianchi.example header.s=mail;
 spf=pass smtp.mailfrom=bianchi.example;
 dmarc=pass(p=REJECT) header.from=bianchi.example;
Received: from 203.0.113.25 (EHLO out.bianchi.example)
 by 10.253.62.93 with SMTPs
 (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256); Tue, 17 Nov 2026 07:02:14 +0000
"""
GMX = """\
Return-Path: <giulia@bianchi.example>
Authentication-Results:  gmx.net; dkim=pass header.i=@bianchi.example
Received: from out.bianchi.example ([203.0.113.25]) by mx-ha.gmx.net (mxgmx114
 [212.227.17.5]) with ESMTPS (Nemesis) id 1MAbCd-1Ab2Cd3Ef4-00XyZ for
 <fatture@bianchi.example>; Tue, 17 Nov 2026 08:02:14 +0100
"""
ICLOUD = """\
Authentication-Results: bimi.icloud.com; bimi=skipped reason="insufficient dmarc"
Authentication-Results: dmarc.icloud.com; dmarc=pass header.from=bianchi.example
X-DMARC-Info: pass=pass; dmarc-policy=none; s=r1; d=r1; pdomain=bianchi.example
Authentication-Results: dkim-verifier.icloud.com;
\tdkim=pass (2048-bit key) header.d=bianchi.example header.i=@bianchi.example header.b=AbC12345
Authentication-Results: spf.icloud.com; spf=pass smtp.mailfrom=giulia@bianchi.example
Received: from out.bianchi.example (out.bianchi.example [203.0.113.25])
 by ms11p00im-qufv17091301.me.com (Postfix) with ESMTPS id 9A8B7C6D5E
"""
ARUBA = """\
Return-Path: <giulia@bianchi.example>
Delivered-To: fatture@bianchi.example
Received: from mx.aruba.it (localhost [127.0.0.1])
\tby mxcmd01.ad.aruba.it (Postfix) with ESMTP id 3C4D5E6F70
Authentication-Results: mx.aruba.it;
\tspf=pass smtp.mailfrom=bianchi.example;
\tdkim=pass header.d=bianchi.example;
\tdmarc=pass (p=none) header.from=bianchi.example
Received: from out.bianchi.example ([203.0.113.25])
\tby Aruba Inbound Smtp (Aruba-smtp) with ESMTPS id abcdef; Tue, 17 Nov 2026 08:02:14 +0100
"""


def mail(header: str, author: str = f"Giulia Bianchi <{OWNER}>", *, rest: str = REST, line_end: str = "\r\n") -> bytes:
    """A mail with a header as the servers left it on top of what its author wrote."""
    return f"{header}From: {author}\n{rest}".replace("\n", line_end).encode("utf-8", "surrogateescape")


def ask(raw: bytes, authserv_id: str | None = MX, *, dkim: bool = False) -> Verdict:
    return by_results(raw, CommandTrust(authserv_id=authserv_id, dkim=dkim))
