"""A CAMT.053 with 10,000 entries, read and matched against 10,000 open invoices, against the bare parse of the file.

    python -m bench.bank_statement [--entries N]

Ours is all of it but the disk: a DOCTYPE looked for, entries, ids, the books arranged to be found in, every verdict
with its evidence.  The reference parses the same octets with the same library (`xml.etree`, expat) and looks at
nothing; what it takes to stream them is stated beside it.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from decimal import Decimal
from io import BytesIO
from statistics import median
from xml.etree import ElementTree

from bench.config_load import seconds
from daemon.adapters.bank_camt import read_camt
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.commands.bank_facts import Reckoned, reckon
from daemon.domain.history import History
from daemon.domain.payments.payment_match import Verdict
from tests.builders import a_client, a_ledger, an_invoice, at

BAR = 2.0
ROUNDS = 5
TODAY = date(2026, 11, 10)
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{SPACE}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-09T19:00:00</CreDtTm></GrpHdr><Stmt>
<Id>S-1</Id><FrToDt><FrDtTm>2026-11-09T00:00:00</FrDtTm><ToDtTm>2026-11-09T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id><Ccy>EUR</Ccy></Acct>"""
ENTRY = """<Ntry><NtryRef>{n}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RvslInd>false</RvslInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-09</Dt></BookgDt><ValDt><Dt>2026-11-09</Dt></ValDt>
<AcctSvcrRef>20261109{n:06}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd>
</Fmly></Domn><Prtry><Cd>48</Cd><Issr>ABI</Issr></Prtry></BkTxCd><NtryDtls><TxDtls><Refs>
<AcctSvcrRef>20261109{n:06}</AcctSvcrRef><PmtInfId>NOTPROVIDED</PmtInfId><InstrId>NOTPROVIDED</InstrId>
<EndToEndId>{reference}</EndToEndId><TxId>T{n:08}</TxId></Refs><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<AmtDtls><InstdAmt><Amt Ccy="EUR">{amount}</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><RltdPties><Dbtr><Pty>
<Nm>{name}</Nm><PstlAdr><Ctry>IT</Ctry><AdrLine>Via Roma {n}</AdrLine><AdrLine>20121 Milano</AdrLine></PstlAdr></Pty>
</Dbtr><DbtrAcct><Id><IBAN>IT40S0542811101000000{n:06}</IBAN></Id></DbtrAcct><Cdtr><Pty><Nm>Studio Bianchi S.r.l.</Nm>
</Pty></Cdtr></RltdPties><RltdAgts><DbtrAgt><FinInstnId><BICFI>BCITITMM</BICFI></FinInstnId></DbtrAgt></RltdAgts><Purp>
<Cd>OTHR</Cd></Purp><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
TEXTS = (
    "SALDO FATT. {number} DEL 1.10.2026",
    "Rechnung {number} vom 1.10.",
    "bonifico",
    "{number}",
    "grazie {number} saldo",
)


def books(invoices: int) -> Ledger:
    clients = tuple(a_client(f"c{n}", name=f"Ditta {n} Rossi S.r.l.") for n in range(max(1, invoices // 5)))
    return a_ledger(
        *(
            an_invoice(
                f"2026-{n:05}", clients[n % len(clients)].key, total=Money(Decimal(100 + n) + Decimal("0.25"), "EUR")
            )
            for n in range(invoices)
        ),
        clients=clients,
    )


def statement(ledger: Ledger, entries: int) -> bytes:
    """One in five says nothing but who pays; one in ten pays a part."""
    parts = [HEAD]
    for n, invoice in zip(range(entries), ledger.invoices, strict=False):
        amount = invoice.total.amount - (10 if n % 10 == 0 else 0)
        text = TEXTS[n % len(TEXTS)].format(number=invoice.number)
        name = ledger.clients[invoice.client].name.upper()
        parts.append(ENTRY.format(n=n, amount=amount, reference=f"E2E-X{n}", name=name, text=text))
    return "".join([*parts, "</Stmt></BkToCstmrStmt></Document>"]).encode()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--entries", type=int, default=10_000)
    entries = arguments.parse_args().entries
    ledger = books(entries)
    content = statement(ledger, entries)
    found: list[Reckoned] = []

    def ours() -> None:
        found.append(reckon(read_camt(content, "s.xml"), ledger, History(), lambda client: TODAY, TODAY, at(TODAY)))

    def reference() -> None:
        ElementTree.fromstring(content)

    def streamed() -> None:
        for _, element in ElementTree.iterparse(BytesIO(content)):
            if element.tag == f"{{{SPACE}}}Ntry":
                element.clear()

    ours()
    rounds = [(seconds(ours), seconds(reference)) for _ in range(ROUNDS)]
    reading = median(seconds(lambda: read_camt(content, "s.xml")) for _ in range(ROUNDS))
    bare_stream = median(seconds(streamed) for _ in range(ROUNDS))
    ratios = [one / other for one, other in rounds]
    ratio = median(ratios)
    verdicts = {verdict.value: sum(m.verdict is verdict for m in found[-1].matches) for verdict in Verdict}
    mine, theirs = median(one for one, _ in rounds), median(other for _, other in rounds)
    print(f"{entries} entries, {len(content) / 1e6:.1f} MB, {len(ledger.invoices)} invoices, {ROUNDS} rounds, medians")
    print(f"  read and matched   {mine:6.3f} s    {verdicts}")
    print(f"  of it reading      {reading:6.3f} s")
    print(f"  parsed, bare       {theirs:6.3f} s    ratio {ratio:.2f} (bar {BAR})")
    print(f"  streamed, bare     {bare_stream:6.3f} s")
    result = {
        "bench": "bank_statement",
        "ratio": round(ratio, 3),
        "bar": BAR,
        "holds": ratio <= BAR,
        "seconds": round(mine, 3),
        "reference_seconds": round(theirs, 3),
        "spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "streamed_seconds": round(bare_stream, 3),
        "entries": entries,
        **{f"verdict_{name}": count for name, count in verdicts.items() if count},
    }
    print(json.dumps(result))
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
