"""What dlt would tell others about a run: nobody is told."""

import os

TELLING = {"DLTHUB_TELEMETRY": "false", "SENTRY_DSN": "", "DLTHUB_DSN": "", "SLACK_INCOMING_HOOK": ""}
"""Settings of dlt's `runtime` that send what a run does to somebody, each with a value that tells nobody."""


def disable_telemetry() -> None:
    """For a process of our own: dlt begins to tell others before it knows of any pipeline."""
    os.environ.update({f"RUNTIME__{name}": value for name, value in TELLING.items()})
