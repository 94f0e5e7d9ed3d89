"""Figures for Prometheus, on the loopback alone: nothing here asks who reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from daemon.domain.books.outside import Figure

if TYPE_CHECKING:
    from prometheus_client import Metric

ADDRESS = "127.0.0.1"


@contextmanager
def metrics_page(port: int, figures: Callable[[], Sequence[Figure]]) -> Iterator[None]:
    """Serve `figures` at http://127.0.0.1:PORT/metrics for as long as the `with` lasts.

    Args:
        figures: asked anew for each reader, in a thread of its own.

    Raises:
        OSError: the port is taken.
    """
    from prometheus_client import CollectorRegistry, start_http_server  # an extra: only who asks for it needs it

    registry = CollectorRegistry()
    registry.register(_Collector(figures))
    server, thread = start_http_server(port, ADDRESS, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5.0)


class _Collector:
    def __init__(self, figures: Callable[[], Sequence[Figure]]) -> None:
        self._figures = figures

    def describe(self) -> Iterable[Metric]:
        return ()  # else the registry would ask for figures before there are any

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for figure in self._figures():
            kind = CounterMetricFamily if figure.grows else GaugeMetricFamily
            family = kind(figure.name, figure.means, labels=figure.labels)
            for labels, value in figure.values.items():
                family.add_metric(labels, value)
            yield family
