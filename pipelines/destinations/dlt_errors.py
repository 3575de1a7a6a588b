"""dlt's errors and log records: which are shown to users, and in which words."""

import logging
import re

from sources.errors import ConfigurationError


def is_news(record: logging.LogRecord) -> bool:
    """A filter for dlt's log.

    That rows are written out for a database that reads no Arrow is known; and where dlt cannot keep a trace of its own
    (on a full disk, with a traceback), the sync says itself what went wrong. Of two columns that refer to one table dlt
    keeps one reference, which is as it should be.
    """
    known = ("native writer could not be found", "trace dump", "has multiple references to")
    return not any(words in str(record.msg) for words in known)


def explained(error: BaseException, name: str) -> ConfigurationError | None:
    """Converts dlt's error about a destination into a `ConfigurationError`; null if its meaning is not known."""
    from dlt.common.configuration.exceptions import ConfigFieldMissingException, ConfigurationException
    from dlt.common.exceptions import MissingDependencyException

    if isinstance(error, MissingDependencyException):
        return ConfigurationError(f"Destination {name} needs packages: pip install 'dlt[{name}]' installs them.")
    if isinstance(error, ConfigFieldMissingException):
        lacking = re.search(r"missing field\(s\): (.+)", str(error)) or re.search(r": (.+)", first_line(error))
        fields = lacking[1].replace("`", "") if lacking else "something"
        return ConfigurationError(
            f"The settings of destination {name} lack {fields}: add them to [destination.{name}.credentials] in "
            ".dlt/secrets.toml, or into the environment."
        )
    if isinstance(error, ConfigurationException):
        return ConfigurationError(f"The settings of destination {name} are wrong: {first_line(error)}")
    return None


def first_line(error: BaseException) -> str:
    """The first line of an error's message."""
    return str(error).strip().partition("\n")[0]
