"""Who says that nobody objects has raised no dispute: letters would stop for nothing."""

from __future__ import annotations

import pytest

from daemon.mail.orders.shapes import NoOrder
from tests.order_mails import ALERT, DIGEST, command, why

_NOT = {
    "en": ["dispute: not at all", "dispute settled", "dispute 2: settled", "2 dispute resolved with Anna",
           "dispute 2 is settled", "dispute 2 no longer", "disputed 2: not any more", "does not dispute 2",
           "2 no dispute", "disputes nothing", "dispute 2: none", "dispute withdrawn", "2 is not disputed",
           "called 5: dispute settled", "called 5: disputes nothing"],
    "it": ["2 contesta niente", "non contesta niente 2", "contesta 2 niente", "contesta nulla 2",
           "contestazione 2 risolta", "contestazione rientrata 2", "contestata 2: non più", "2 contestazione ritirata",
           "chiamato 5: contesta niente"],
    "es": ["2 reclama nada", "no reclama nada 2", "reclama 2 nada", "disputa 2 resuelta", "reclamación retirada 2",
           "reclamada 2: ya no", "llamado 5: reclama nada"],
    "tr": ["2 itiraz yok", "itiraz yok 2", "itiraz 2: yok", "2 itiraz etmiyor", "2 itiraz kalmadı",
           "2 itiraz geri çekildi", "2 itiraz çözüldü", "aradım 5: itiraz yok", "aradım 5: itiraz etmiyorlar"],
    "de": ["bestreitet nicht 2", "2 bestreitet nicht", "bestreitet 2 nicht", "beanstandet 2 nicht mehr",
           "2 wird nicht beanstandet", "keine Beanstandung 2", "Reklamation 2 erledigt", "Beanstandung geklärt 2",
           "2 beanstandet: gar nicht", "bestreitet nichts 2", "Reklamation 2 ist vom Tisch",
           "angerufen 5: bestreitet nicht", "angerufen 5: Reklamation erledigt"],
    "fr": ["2 conteste rien", "ne conteste rien 2", "conteste 2 rien", "conteste plus 2", "litige 2 réglé",
           "contestation 2 retirée", "contestée 2 : pas du tout", "appelé 5 : conteste rien"],
    "pt": ["2 reclama nada", "não reclama nada 2", "contesta 2 nada", "reclamação 2 resolvida", "disputa 2 encerrada",
           "contestada 2: já não", "liguei 5: reclama nada"],
    "nl": ["2 betwist niet", "betwist niets 2", "betwist 2 niet meer", "betwist 2 niet langer", "geschil 2 opgelost",
           "klacht 2 afgehandeld", "2 wordt niet betwist", "gebeld 5: betwist niets"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "line"), [(language, line) for language in _NOT for line in _NOT[language]])
def test_no_objection_is_no_dispute(language: str, line: str) -> None:
    assert why(line, DIGEST, language) is NoOrder.NEGATED


@pytest.mark.parametrize(
    ("language", "line", "text"),
    [
        ("en", "dispute 2: not delivered", "not delivered"),
        ("en", "dispute 2 no delivery note", "no delivery note"),
        ("en", "dispute: nothing was delivered", "nothing was delivered"),
        ("it", "contestata 2: mai consegnata", "mai consegnata"),
        ("es", "reclamada 2 nada entregado", "nada entregado"),
        ("tr", "itiraz 2 hiç teslim edilmedi", "hiç teslim edilmedi"),
        ("de", "beanstandet 2 nicht geliefert", "nicht geliefert"),
        ("fr", "contestée 2 rien livré", "rien livré"),
        ("pt", "contestada 2: não entregue", "não entregue"),
        ("nl", "betwist 2 niet geleverd", "niet geleverd"),
    ],
)
def test_what_is_objected_to_may_begin_with_a_not(language: str, line: str, text: str) -> None:
    assert command(line, ALERT if ":" in line[:8] else DIGEST, language).text == text
