"""`metrics` and `ping` in the config: how the daemon may be seen from outside."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_oauth import URL
from daemon.adapters.config_shape import FAULT, Field, Record
from daemon.adapters.yaml_nodes import MapNode, Report
from daemon.domain.books.outside import Watchman


def _port(values: dict[str, Any], node: MapNode, report: Report, _whole: bool) -> Any:
    if "port" in values and find_spec("prometheus_client") is None:
        report.wrong(node, "`metrics` needs a package that is not installed: pip install 'sollecito[metrics]'")
        return FAULT
    return values.get("port", FAULT)


def _ping(values: dict[str, Any], _node: MapNode, _report: Report, _whole: bool) -> Any:
    return Watchman(**values) if "url" in values else FAULT


METRICS = Record(
    "`metrics`",
    {"port": Field(kinds.whole(1024, 65535), "on 127.0.0.1, where Prometheus reads them: 9465", required=True)},
    _port,
)
PING = Record(
    "`ping`",
    {
        "url": Field(
            URL, "fetched as long as all is well; with /fail at its end when something is out of reach", required=True
        ),
        "every": Field(kinds.CLOCK_SPAN, "how often; 5m where it is left out"),
    },
    _ping,
)
