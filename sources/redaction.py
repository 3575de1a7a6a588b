"""Secrets taken out of texts that are shown, logged or stored: servers and proxies may repeat what they were sent."""

from collections.abc import Iterable

REDACTED = "***"
"""Stands in place of a secret."""


def redact(text: str, secrets: Iterable[str | None]) -> str:
    """A text with each secret replaced; the longest first, as one may be part of another."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return text
