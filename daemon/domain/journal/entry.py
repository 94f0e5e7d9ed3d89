"""What every entry of the journal carries, and what those about one client, letter or delivery add."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Entry(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="entry", tag=True, gc=False, forbid_unknown_fields=True
):
    """What every entry carries: when, and the version of its meaning.  The JSON key `entry` names the kind."""

    at: datetime  # UTC, aware
    v: Literal[1] = 1


class ClientEntry(Entry, frozen=True, kw_only=True, gc=False):
    client: str  # the client's key in the YAML


class LetterEntry(ClientEntry, frozen=True, kw_only=True, gc=False):
    letter_id: str  # "acme-3": the third letter to acme; what `settle` and the digest call it


class DeliveryEntry(LetterEntry, frozen=True, kw_only=True, gc=False):
    to: str  # the one recipient of this transaction
