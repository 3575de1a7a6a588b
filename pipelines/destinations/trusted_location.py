"""Where a destination's secrets may be sent; `trusted_addresses` of the client does the same for an account's.

The settings in the current folder may be somebody else's. They may redirect only the folder's own secrets: otherwise a
password of the environment or of the user's own settings would be sent to the address that the folder names.
"""

from contextlib import suppress

import dlt

from pipelines.destinations.dlt_settings import Note, noted
from sources.errors import ConfigurationError

HARMLESS = {"username", "region_name", "connect_timeout", "create_indexes"}
"""Settings that lead a secret nowhere. A database's name is none: as part of an address it may hold another host."""


def check_location(pipeline: dlt.Pipeline, *, finds_secrets: bool) -> None:
    """Checks, without connecting, that no setting of the current folder would send secrets to another host.

    Args:
        pipeline: what connects.
        finds_secrets: whether there may be secrets that dlt does not know of, as buckets' libraries look for them.

    Raises:
        ConfigurationError: a setting of the current folder would send secrets to another host.
    """
    # Invalid settings are reported when connecting.
    with noted() as notes, suppress(Exception):
        pipeline.destination_client()
    secrets = [note for note in notes if note.is_secret]
    leading = [note for note in notes if note.file is not None and _leads(note)]
    others = [note.key for note in secrets if note.file is None]
    if leading and (others or (finds_secrets and not secrets)):
        raise _refused(leading, others[0] if others else "credentials")


def _leads(note: Note) -> bool:
    """Whether a setting may say where a secret goes; a text with all credentials does."""
    return note.key == "credentials" or not (note.is_secret or note.key in HARMLESS)


def _refused(leading: list[Note], secret: str) -> ConfigurationError:
    file, names = leading[0].file, list(dict.fromkeys(note.name for note in leading))
    variables = ", ".join(name.replace(".", "__").upper() for name in names)
    return ConfigurationError(
        f"{file} sets {', '.join(names)}, and {secret} is not the folder's: the settings of a folder do not say where "
        f"other secrets than its own go. If you mean it, say so in the environment ({variables}) or in ~/.dlt; else "
        f"remove it from {file}."
    )
