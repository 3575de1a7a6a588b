"""The log as programs read it: one line an event, in logfmt (https://brandur.org/logfmt) or JSON."""

import logging
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

LogFormat = Literal["logfmt", "json"]
LOG_FORMATS: tuple[LogFormat, ...] = ("logfmt", "json")


class EventFormatter(logging.Formatter):
    """Writes records as `time level event` and the fields that come in `extra={"fields": {…}}`.

    Args:
        style: how a line is written.
    """

    def __init__(self, style: LogFormat) -> None:
        super().__init__()
        self._log_format = style

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
            return msgspec.json.encode(event).decode()
        plain = msgspec.to_builtins(event)
        return " ".join(f"{key}={_value(value)}" for key, value in plain.items() if value is not None)


def _value(value: Any) -> str:
    """A value of logfmt: as it is if it is one word, else quoted as in JSON."""
    text = msgspec.json.encode(value).decode() if isinstance(value, bool | list | dict) else str(value)
    if text and text.isprintable() and not any(sign in text for sign in ' "=\\'):
        return text
    return msgspec.json.encode(text).decode()
