"""The log: JSON lines for journald, readable lines on a terminal.  Always on stderr: stdout belongs to `--json`."""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}  # syslog(3)
said: Counter[tuple[str, str]] = Counter()  # how often each event, with its level, was said since `configure`


def configure(
    *,
    level: str = "info",
    stream: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
    now: Callable[[], datetime] | None = None,
) -> None:
    """Set up structlog, and hand it what the standard library's loggers say from `warning` on.

    Args:
        level: the least level shown: debug, info, warning, error or critical.
        stream: where the lines go; stderr.
        environ: $JOURNAL_STREAM says whether `stream` goes to journald; NO_COLOR is obeyed.
        now: the time each line bears, where it is not the computer's (the demo's clock runs fast).
    """
    out = sys.stderr if stream is None else stream
    terminal = out.isatty()
    least = logging.getLevelNamesMapping()[level.upper()]
    stamp: Processor = structlog.processors.TimeStamper(fmt="iso", utc=True) if now is None else _stamper(now)
    said.clear()
    shared: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp]
    ending: list[Processor]
    if terminal:
        ending = [structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in environ)]
    else:
        ending = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[*shared, _count, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _JournaldHandler(out) if _goes_to_journald(out, environ) else logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(least)
    for chatty in ("asyncio", "imapclient", "aiosmtplib", "watchfiles", "mail", "pymap", "urllib3", "authlib"):
        # Below `warning` these write protocol text, and with it clients' words and addresses.
        logging.getLogger(chatty).setLevel(max(least, logging.WARNING))


def _count(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    said[str(event["event"]), str(event["level"])] += 1
    return event


class _JournaldHandler(logging.StreamHandler[TextIO]):
    """Puts the level before the line, as sd-daemon(3) reads it, so that `journalctl -p warning` finds its lines."""

    def format(self, record: logging.LogRecord) -> str:
        return f"<{PRIORITIES.get(record.levelno, 5)}>{super().format(record)}"


def _goes_to_journald(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether $JOURNAL_STREAM, "device:inode", is this very stream (systemd.exec(5)); a shell may have inherited it."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):  # io.UnsupportedOperation is both: a stream without a file
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _stamper(now: Callable[[], datetime]) -> Processor:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return event

    return stamp
