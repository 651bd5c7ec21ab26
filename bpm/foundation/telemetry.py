"""Log events are constant phrases with keys; they go to standard error, for what a command prints is its answer."""

import logging
import sys
from typing import Any, cast

import structlog

from bpm.foundation.settings import Settings


def configure(settings: Settings) -> None:
    """Set up logging for this process; to be called once by each way in."""
    level = logging.getLevelName(settings.log_level.upper())
    logging.basicConfig(level=level, format="%(message)s")
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if settings.log_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )


def _to_standard_error(*_names: Any) -> structlog.typing.WrappedLogger:
    return structlog.PrintLogger(sys.stderr)


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    if not structlog.is_configured():
        structlog.configure(logger_factory=_to_standard_error)
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(name))
