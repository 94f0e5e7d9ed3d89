"""The config as JSON Schema, for editors that complete and underline while one types."""

from __future__ import annotations

from typing import Any

from daemon.adapters.config_schema import CONFIG, INVOICES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of both kinds of file, made from the one that checks: the config, and a list of invoices."""
    return {
        "$schema": _DIALECT,
        "title": "Sollecito",
        "description": "The config of Sollecito, or a file of invoices that it names",
        "anyOf": [CONFIG.schema(), INVOICES.schema()],
    }
