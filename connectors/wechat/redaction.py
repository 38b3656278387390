"""Secrets stay out of logs: WeChat wants the access_token in the URL, and HTTP libraries log URLs."""

from __future__ import annotations

import logging
import re

_PARAMETER = re.compile(r"(?i)\b(access_token|appsecret|secret|refresh_token|ticket)=[^&\s\"'<>]+")
HIDDEN = "***"


def redact(text: str, *secrets: str) -> str:
    """Text without the values of secret URL parameters and without the given secrets."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return _PARAMETER.sub(rf"\1={HIDDEN}", text)


class _UrlFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


_FILTER = _UrlFilter()


def redact_http_log() -> None:
    """httpx logs every URL at level INFO; from now on without tokens. May be called any number of times."""
    logging.getLogger("httpx").addFilter(_FILTER)
