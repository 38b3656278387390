"""Logging that costs nothing for what nobody reads."""

from __future__ import annotations

import logging

import structlog

#: Loggers that say at INFO what an operator of 小小 cannot use; httpx writes addresses with openids and tokens
_CHATTY = ("httpx", "httpcore", "rasa_sdk", "apscheduler", "jieba", "matplotlib", "asyncio", "sanic.access")


def configure_logging(level: str = "INFO") -> None:
    """Set up logging and structlog for a serving process.

    Out of the box structlog formats and prints every debug line, the citizen's words among them. With a
    filtering logger the methods below `level` do nothing at all.
    """
    number = logging.getLevelName(level)
    logging.basicConfig(level=number, format="%(asctime)s %(levelname)s %(name)s  %(message)s")
    for name in _CHATTY:
        logging.getLogger(name).addFilter(_worth_reading)  # jieba sets its own level when it is imported
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        cache_logger_on_first_use=True,
    )


def _worth_reading(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
