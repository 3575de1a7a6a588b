"""Structured logs: one event per line, in logfmt (https://brandur.org/logfmt) or JSON.

Secrets are already left out of the messages: `sources/redaction.py` does it where a text is made.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from sources.safe_text import escaped_json, printable

LogFormat = Literal["logfmt", "json"]
LOG_FORMATS: tuple[LogFormat, ...] = ("logfmt", "json")


class PrintableFormatter(logging.Formatter):
    """Formats records for people, without control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """The record in lines."""
        return printable(super().format(record))


class EventFormatter(logging.Formatter):
    """Writes records as `time level event` and the fields that come in `extra={"fields": {…}}`.

    Args:
        style: how a line is written.
        ascii_only: whether nothing else than ASCII can be written.
    """

    def __init__(self, style: LogFormat, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._log_format = style
        self._ascii_only = ascii_only

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "log"),
        }
        event |= getattr(record, "fields", None) or {"message": record.getMessage()}
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        if self._log_format == "json":
            return escaped_json(msgspec.json.encode(event).decode(), ascii_only=self._ascii_only)
        plain = msgspec.to_builtins(event)
        return " ".join(f"{key}={self._value(value)}" for key, value in plain.items() if value is not None)

    def _value(self, value: Any) -> str:
        """A value of logfmt: as it is if it is one word, else quoted as in JSON."""
        text = msgspec.json.encode(value).decode() if isinstance(value, bool | list | dict) else str(value)
        is_plain = text.isascii() if self._ascii_only else text.isprintable()
        if text and is_plain and text.isprintable() and not any(sign in text for sign in ' "=\\'):
            return text
        return escaped_json(msgspec.json.encode(text).decode(), ascii_only=self._ascii_only)


@contextmanager
def event_field(name: str, value: Any) -> Iterator[None]:
    """Inside the block, each event of playlake's log has this field before its own.

    Args:
        name: of the field.
        value: of the field.
    """

    def add(record: logging.LogRecord) -> bool:
        own = getattr(record, "fields", None) or {"message": record.getMessage()}
        record.fields = {name: value, **own}
        return True

    logger = logging.getLogger("playlake")
    logger.addFilter(add)
    try:
        yield
    finally:
        logger.removeFilter(add)
