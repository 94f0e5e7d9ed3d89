"""What a client's mail means in the model test: which silences it asks for, and which it ends."""

from __future__ import annotations

from datetime import timedelta

from tests import model_mails as mails
from tests.model_house import ModelHouse
from tests.model_promises import Silence
from tests.model_world import Offer

PEOPLE = {"acme": "anna@acme.example", "beta": "berta@beta.example", "delta": "dario@delta.example"}


def client_writes(
    house: ModelHouse, client: str, number: str, letter: Offer | None, said: str, ahead: int, tie: str, folder: str
) -> None:
    serial, today, promises = house.next_serial(), house.world.today, house.promises
    if client not in house.ledger.clients:
        return
    day = today + timedelta(days=ahead) if said == "promise" else None
    numbers = tuple(dict.fromkeys(c.number for c in letter.letter.claims)) if letter else (number,)
    mail = mails.message_id(serial, PEOPLE[client])
    if said == "promise" and letter:
        promises.tied_promises.add(mail)
    theirs = {i.number for i in house.ledger.invoices if i.client == client}
    # A number that several clients have ties a mail to one of them by its sender; one that left the books, to none.
    silences = []
    if letter or (tie == "number" and number in theirs):
        silences = [Silence(client, one, f"{said}, mail {serial}", day, mail) for one in numbers]
        rest = theirs - set(numbers)
        silences += [Silence(client, one, f"mail {serial} about others", today, mail) for one in rest]
    if day is not None:  # it stands in the place of their earlier answers; what it does not cover stays held
        for earlier in promises.silences:
            if earlier.client == client and earlier.number in numbers and earlier.mail and not earlier.over:
                earlier.over = not any(word in earlier.because for word in ("dispute", "stop"))
    content = mails.from_a_person(
        PEOPLE[client], said, serial, house.world.now(), day=day, about=number if tie == "number" else "",
        answers=message_id_of(house, letter) if letter else "",
    )  # fmt: skip
    house.arrives(content, folder, tuple(silences))


def message_id_of(house: ModelHouse, offer: Offer) -> str:
    record = house.process.book.history.of(offer.letter.client).letters[offer.letter.letter_id]
    return record.deliveries[offer.to].message_id
