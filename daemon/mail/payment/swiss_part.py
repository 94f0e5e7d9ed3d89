"""The payment part and the receipt of a Swiss QR-bill as SVG, 210 x 105 mm, to be printed below a letter.

Source: SIX, Style Guide QR-bill (positions, sizes and wording); all lengths in mm, fonts in points.
"""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

from daemon.mail.payment.qr import svg_path, swiss_cross_svg
from daemon.mail.payment.swiss import SwissBill

_POINT = 25.4 / 72  # mm
_HEIGHT, _RECEIPT, _WIDTH = 105, 62, 210
_CODE = (67.0, 17.0, 46.0)  # left, top, side

_HEADINGS = (
    "part",
    "receipt",
    "account",
    "reference",
    "message",
    "by",
    "by_whom",
    "currency",
    "amount",
    "office",
    "cut",
)
_WORDS = {
    language: dict(zip(_HEADINGS, words.split("|"), strict=True))
    for language, words in {
        "de": "Zahlteil|Empfangsschein|Konto / Zahlbar an|Referenz|Zusätzliche Informationen|Zahlbar durch"
        "|Zahlbar durch (Name/Adresse)|Währung|Betrag|Annahmestelle|Vor der Einzahlung abzutrennen",
        "fr": "Section paiement|Récépissé|Compte / Payable à|Référence|Informations supplémentaires|Payable par"
        "|Payable par (nom/adresse)|Monnaie|Montant|Point de dépôt|A détacher avant le versement",
        "it": "Sezione pagamento|Ricevuta|Conto / Pagabile a|Riferimento|Informazioni supplementari|Pagabile da"
        "|Pagabile da (nome/indirizzo)|Valuta|Importo|Punto di accettazione|Da staccare prima del versamento",
        "en": "Payment part|Receipt|Account / Payable to|Reference|Additional information|Payable by"
        "|Payable by (name/address)|Currency|Amount|Acceptance point|Separate before paying in",
    }.items()
}


def swiss_payment_part(bill: SwissBill, language: str) -> bytes:
    """The slip as an SVG document in UTF-8.

    Args:
        language: de, fr, it or en; in any other the slip is in English, for the standard knows no more.
    """
    words = _WORDS.get(language, _WORDS["en"])
    drawn = [
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<path d="M0 0H{_WIDTH}M{_RECEIPT} 0V{_HEIGHT}" stroke="#000" stroke-width=".26" stroke-dasharray="1.5 1"/>',
        _text(_WIDTH / 2, -0.8, 7, words["cut"], anchor="middle"),
        *_receipt(bill, words),
        *_part(bill, words),
    ]
    box = f'viewBox="0 -4 {_WIDTH} {_HEIGHT + 4}" width="{_WIDTH}mm" height="{_HEIGHT + 4}mm"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="Helvetica, Arial, Liberation Sans, sans-serif">'
    return f"{head}{''.join(drawn)}</svg>\n".encode()


def _receipt(bill: SwissBill, words: dict[str, str]) -> list[str]:
    drawn = [_text(5, 9, 11, words["receipt"], bold=True)]
    drawn += _column(bill, words, 5, 14, heading=6, size=8, step=3.2, most=34, message=False, blank=(52, 20))
    drawn += _amount(bill, words, (5, 17), 70, heading=6, size=8)
    return [*drawn, _text(57, 84, 6, words["office"], bold=True, anchor="end")]


def _part(bill: SwissBill, words: dict[str, str]) -> list[str]:
    left, top, side = _CODE
    path, count = svg_path(bill.payload)
    scale = side / count
    return [
        _text(67, 9, 11, words["part"], bold=True),
        f'<path transform="translate({left} {top}) scale({scale:.5f})" d="{path}" shape-rendering="crispEdges"/>',
        swiss_cross_svg(left, top, side),
        *_amount(bill, words, (67, 82), 70, heading=8, size=10),
        *_column(bill, words, 118, 8, heading=8, size=10, step=4, most=46, message=True, blank=(65, 25)),
    ]


def _column(
    bill: SwissBill, words: dict[str, str], x: float, y: float, *, heading: int, size: int, step: float,
    most: int, message: bool, blank: tuple[int, int],
) -> list[str]:  # fmt: skip
    """Account, reference, message and payer, one below the other; `most` characters go into a line."""
    sections = [(words["account"], (_in_fours(bill.iban), *bill.creditor.lines))]
    if bill.reference:
        sections.append((words["reference"], (_grouped(bill.reference),)))
    if message and bill.message:
        sections.append((words["message"], (bill.message,)))
    if bill.debtor:
        sections.append((words["by"], bill.debtor.lines))
    drawn = []
    for title, lines in sections:
        drawn.append(_text(x, y, heading, title, bold=True))
        for line in (part for whole in lines for part in _wrapped(whole, most)):
            y += step
            drawn.append(_text(x, y, size, line))
        y += step * 1.6
    if bill.debtor is None:
        drawn.append(_text(x, y, heading, words["by_whom"], bold=True))
        drawn.append(_corners(x, y + 1, *blank))
    return drawn


def _amount(
    bill: SwissBill, words: dict[str, str], at: tuple[float, float], y: float, *, heading: int, size: int
) -> list[str]:
    one, two = at
    return [
        _text(one, y, heading, words["currency"], bold=True),
        _text(two, y, heading, words["amount"], bold=True),
        _text(one, y + 4.5, size, bill.currency),
        _text(two, y + 4.5, size, _figure(bill.amount)),
    ]


def _figure(amount: Decimal) -> str:
    """1 949.75: a space between the thousands."""
    return f"{amount:,.2f}".replace(",", " ")


def _in_fours(code: str) -> str:
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def _grouped(reference: str) -> str:
    """An RF in fours; a QR reference as two digits and then fives."""
    if reference.startswith("RF"):
        return _in_fours(reference)
    return " ".join((reference[:2], *(reference[i : i + 5] for i in range(2, 27, 5))))


def _wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _corners(x: float, y: float, width: int, height: int) -> str:
    """Where the payer writes: the four corners of a box."""
    right, bottom = x + width, y + height
    path = (
        f"M{x} {y + 3}V{y}H{x + 3}M{right - 3} {y}H{right}V{y + 3}"
        f"M{right} {bottom - 3}V{bottom}H{right - 3}M{x + 3} {bottom}H{x}V{bottom - 3}"
    )
    return f'<path d="{path}" fill="none" stroke="#000" stroke-width=".26"/>'


def _text(x: float, y: float, points: int, text: str, *, bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="bold"' if bold else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:.2f}" font-size="{points * _POINT:.3f}"{weight}{side}>{escape(text)}</text>'
