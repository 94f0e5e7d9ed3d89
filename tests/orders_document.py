"""docs/commands.md, made from the packs: `python -m tests.orders_document` writes it.

What stands here beside the packs: a line of each command that is not done.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from daemon.adapters.templates_dir import shipped_folder
from daemon.adapters.templates_orders import FILE
from daemon.mail.orders.shapes import SHAPES, NoOrder
from tests.order_mails import LANGUAGES, pack
from tests.real.attack_list import ATTACKS, TRIED

DOCUMENT = Path(__file__).parent.parent / "docs" / "commands.md"
_MOST_FORMS = 4  # of a language
WRONG: dict[str, tuple[str, NoOrder]] = {  # command -> a line that is not done, and why
    "paid": ("paid 1 1.220", NoOrder.AMOUNT),
    "missing": ("missing 77", NoOrder.UNKNOWN_TARGET),
    "hold": ("hold 2 1/11", NoOrder.PAST),
    "resume": ("resume 2 tomorrow", NoOrder.UNKNOWN_WORDS),
    "promise": ("promise 3", NoOrder.NO_DAY),
    "dispute": ("dispute four hours missing", NoOrder.NO_TARGET),
    "called": ("called 5", NoOrder.NO_TEXT),
    "go": ("don't release 3", NoOrder.NEGATED),
    "stop": ("stop", NoOrder.NO_TARGET),
    "email": ("email 5", NoOrder.NO_ADDRESS),
    "assign": ("assign 4", NoOrder.NO_TARGET),
    "ignore": ("ignore 4 until Friday", NoOrder.UNKNOWN_WORDS),
    "note": ("note 5 he called, go 3", NoOrder.AMBIGUOUS),
    "status": ("status 2026-999", NoOrder.UNKNOWN_TARGET),
    "remind": ("remind", NoOrder.NO_TARGET),
    "statement": ("statement of everyone", NoOrder.UNKNOWN_WORDS),
    "plan-payment": ("plan 3 in 3 parts", NoOrder.INCOMPLETE),
    "write-off": ("write off 3?", NoOrder.QUESTION),
    "settle": ("settle 6", NoOrder.INCOMPLETE),
    "yes": ("yes 3", NoOrder.UNKNOWN_WORDS),
    "no": ("no 3", NoOrder.UNKNOWN_WORDS),
    "help": ("help 3", NoOrder.UNKNOWN_WORDS),
}
_HEAD = """\
# Orders by mail
The owner answers a digest or an alert, and each line of the answer is an order, or it is not understood and says why.
This page is made from `templates/*/commands.yaml` by `python -m tests.orders_document`; a test compares the two.
English is understood beside every language.

- **One order a line**, the number of the item first or last: `paid 1`, `1 paid`. In the place of the item stands an
  invoice (`2026-041`, `acme/2026-041`) or a client (`acme`). In answer to an alert nothing has to be named.
- **Several items** are an order each: `go 3, 4 and 8`. Several orders share a line where that can be told:
  `go 3, stop 4`. Behind words of your own (`note`, `dispute`, `called`) it cannot.
- **Days**: `24/11` is day and month in every language, `until Friday` includes Friday. A day that has passed holds
  nothing back; money has not come on a day that is still to come.
- **Amounts** have their cents or their currency where they could be an item or a thousand: `1,234.50`, `EUR 50`. A
  currency has to be the invoice's.
- **Nothing is guessed.** Two readings, a word too many, a "not", a question mark, a `|` between alternatives, a line
  that begins with `>` or a bullet: nothing is done, and the answer says which it was.
- Greetings, thanks and the name below them are passed over. "Ok" is no yes where a yes was asked for.

How it is read: `daemon/mail/orders/orders.py`, `lines.py` and the rooms they name.

Three tests prove every row:

- it can be given: `test_orders.py::test_every_command_can_be_given_in_answer_to_a_digest`
- so can each of its forms: `test_orders_languages.py::test_every_form_is_its_command_whatever_stands_first`
- its wrong line: `test_orders_document.py::test_a_wrong_line_is_answered_with_its_reason`

| Order | What it does | Forms | A wrong one answers |
|---|---|---|---|
"""
_TRIED = f"""
## What was tried
Mails that would give orders and must not, each in {TRIED} variations through a real Postfix and Dovecot, with a filter
that verifies signatures and writes `Authentication-Results` where OpenDKIM writes it, against a running daemon. Each
leaves no change and no letter, or its test fails (`tests/real/test_orders_attacks.py`): no entry in the journal about
clients and money, no order that is carried out or asked back, no letter in a client's inbox. A client's mail holds
letters back as any of his does.

One thing stays open: where the filter is down and the server lets mail pass without it, results that a stranger brings
along, with a token and the server's name, are believed (`daemon/mail/whose/authenticity.py`). Let the server wait
instead: Postfix's `milter_default_action = tempfail`, which is its default.

| Attack | What it is |
|---|---|
"""


def document() -> str:
    rows = "".join(_row(name) for name in pack("en").phrases.help)
    tried = "".join(f"| {name} | {does} |\n" for name, does in ATTACKS.items())
    reasons = "".join(f"| `{one}` | {pack('en').phrases.answer[f'why_{one}']} |\n" for one in NoOrder)
    refusals = "".join(
        f"| `{name.removeprefix('refused_')}` | {words} |\n"
        for name, words in pack("en").phrases.answer.items()
        if name.startswith("refused_")
    )
    return (
        f"{_HEAD}{rows}{_TRIED}{tried}"
        f"\n## Why a line is not understood\n| Reason | What is answered |\n|---|---|\n{reasons}"
        f"\n## Why a mail is not listened to\n| Reason | What is answered |\n|---|---|\n{refusals}"
    )


def _row(name: str) -> str:
    line, reason = WRONG[name]
    answer = pack("en").phrases.answer[f"why_{reason}"]
    does = pack("en").phrases.help[name][1]
    return f"| `{name}` | {does} | {'<br>'.join(_forms(name))} | `{line}`: {answer} |\n"


def _forms(name: str) -> Iterator[str]:
    """The example of each language, and its shortest other forms."""
    for language in LANGUAGES:
        tree = yaml.load(_pack_file(language).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        first = [_first_choice(form) for form in tree["forms"][name]]
        example = pack(language).phrases.help[name][0]
        yield f"{language}: `{example}`; " + ", ".join(f"*{form}*" for form in dict.fromkeys(first[:_MOST_FORMS]))


def _pack_file(language: str) -> Path:
    return shipped_folder() / language / FILE


def _first_choice(form: str) -> str:
    """The plainest spelling of a form, as its author wrote it: the first choices, without what may be missing."""
    words = [word.partition("|")[0].replace("_", " ") for word in form.split() if not word.startswith("[")]
    return " ".join("…" if word == "*" else word for word in words)


if __name__ == "__main__":
    assert WRONG.keys() == SHAPES.keys()
    DOCUMENT.write_text(document(), encoding="utf-8")
