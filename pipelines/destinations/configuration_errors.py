"""dlt's errors about settings, as one line that names the file, the line in it and the fix."""

import logging
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dlt.common.configuration.exceptions import ConfigValueCannotBeCoercedException, ValueNotSecretException
from dlt.common.runtime.run_context import RunContext

from sources.dlt_config import traces
from sources.errors import ConfigurationError

NAMES = ("config.toml", "secrets.toml")
MARKS = {b"\xef\xbb\xbf": "a byte order mark", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
"""What a file begins with that an editor saved in another encoding."""
KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def configuration_error_of(error: Exception) -> ConfigurationError:
    """Converts dlt's error about settings into a `ConfigurationError`."""
    for problem in broken_files():
        return problem
    if isinstance(error, ConfigValueCannotBeCoercedException):
        place = _place(error.field_name, _provider_of(error.field_name))
        kind = KINDS.get(error.hint, "a value of another type")
        return ConfigurationError(f"{error.field_name}{place} must be {kind}: write it so, or remove it.")
    if isinstance(error, ValueNotSecretException):
        place = _place(error.key.rpartition(".")[2], error.provider_name)
        return ConfigurationError(f"{error.key}{place} holds secrets: move it to secrets.toml beside it.")
    reason = " ".join(str(error).split())
    return ConfigurationError(f"The settings of dlt and playlake are wrong: {reason}")


def check_configuration_files() -> None:
    """Reads the settings files, so that errors in them are reported before anything else.

    Raises:
        ConfigurationError: a file cannot be read, or is not valid TOML.
    """
    for problem in broken_files():
        raise problem


def broken_files() -> Iterator[ConfigurationError]:
    """What is wrong with each settings file that cannot be used."""
    for file in _files():
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            msg = f"The settings file {file} cannot be read ({error.strerror}): fix its permissions, or remove it."
            yield ConfigurationError(msg)
            continue
        reason = _wrong(content)
        if reason is not None:
            yield ConfigurationError(f"The settings file {file} is wrong: {reason}.")


def _files() -> Iterator[Path]:
    context = RunContext(None)
    for folder in dict.fromkeys((context.settings_dir, context.global_dir)):
        yield from (Path(folder) / name for name in NAMES)


def _wrong(content: bytes) -> str | None:
    for mark, name in MARKS.items():
        if content.startswith(mark):
            return f"line 1 begins with {name}: save it as UTF-8 without a byte order mark"
    try:
        document = tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return f"line {line} is not valid UTF-8: save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        # Without the value, which may be a secret.
        return f"it is not valid TOML ({error}): fix that line"
    for path in (("runtime",), ("sources",), ("sources", "spotify"), ("sources", "spotify", "credentials")):
        section: Any = document
        for name in path:
            section = section.get(name, {})
        if not isinstance(section, dict):
            line = _line(content.decode(), path[-1])
            return f"{'.'.join(path)}{line and f' on line {line}'} must be a section with settings below it"
    level = document.get("runtime", {}).get("log_level", "WARNING")
    if not isinstance(level, str) or level not in logging.getLevelNamesMapping():
        return f"runtime.log_level on line {_line(content.decode(), 'log_level')} must be one like WARNING or INFO"
    return None


def _provider_of(name: str) -> str:
    """Where dlt found a setting last: the name of a file, or what it calls the environment."""
    return next(
        (trace.provider_name for trace in reversed(traces()) if trace.key == name and trace.value is not None), ""
    )


def _place(name: str, provider: str) -> str:
    """Where a setting is, as far as that can be found out."""
    for file in _files():
        if file.name == provider and file.is_file():
            line = _line(file.read_text(encoding="utf-8", errors="replace"), name)
            if line:
                return f" in {file}, line {line},"
    return f" in {provider}" if provider else ""


def _line(text: str, name: str) -> int:
    """The first line that sets a name, or 0."""
    sets = re.compile(rf"""\s*(\[+.*\b{re.escape(name)}['"]?\s*\]+|['"]?{re.escape(name)}['"]?\s*[.=])""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if sets.match(line)), 0)
