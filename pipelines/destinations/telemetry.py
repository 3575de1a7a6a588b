"""Turns off dlt's telemetry."""

import os

TELLING = {"DLTHUB_TELEMETRY": "false", "SENTRY_DSN": "", "DLTHUB_DSN": "", "SLACK_INCOMING_HOOK": ""}
"""Settings of dlt's `runtime` that report runs to somebody, each with the value that turns it off."""


def disable_telemetry() -> None:
    """Turns telemetry off for this whole process: dlt would start it before any pipeline exists."""
    os.environ.update({f"RUNTIME__{name}": value for name, value in TELLING.items()})
