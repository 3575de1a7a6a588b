"""Parses the `Retry-After` header: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after.

How long to wait is decided in `retry_policy.py`.
"""

import re
from datetime import datetime
from math import isnan

from sources.spotify.http.server_clock import header_time

LONGEST_ASKED = 3 * 86400.0
"""The most seconds that are believed: 15 hours have been seen, and a mistake must not stop syncs for years."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a `Retry-After` header: a number or a date, at most three days, or nothing sensible.

    Of several, as a proxy adds its own to the server's, the longest counts.

    Args:
        value: the value of the header; null without the header.
        now: when the answer was there.
    """
    if not value:
        return None
    try:
        seconds = max(map(_seconds, value.split(",")))
    except ValueError:
        date = header_time(value)
        if date is None:
            return None
        seconds = date.timestamp() - now.timestamp()
    return None if isnan(seconds) else min(max(0.0, seconds), LONGEST_ASKED)


def _seconds(text: str) -> float:
    return float(re.sub(r"(?<=\d)\s*s(ec(onds?)?)?\s*$", "", text))
