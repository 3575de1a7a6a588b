"""Databases of dlt's without a class of their own."""

from difflib import get_close_matches

import dlt

from pipelines.destinations.database import Database
from pipelines.destinations.registry import DESTINATIONS
from sources.errors import ConfigurationError

# These are no places for tables, or are there under another name.
NO_PLACES = {"destination", "dummy", "filesystem", "qdrant", "lance", "lancedb", "weaviate"}


class AnyDatabase(Database):
    """Another database of dlt's, untested. Arguments are those of `Destination`."""

    def check_name(self) -> None:
        """Refuses a name that dlt does not know, and a path.

        Raises:
            ConfigurationError: dlt does not know the name, or a path is given.
        """
        check_known(self.name)
        super().check_name()


def check_known(name: str) -> None:
    """Refuses the name of an unknown destination.

    Raises:
        ConfigurationError: no destination has the name.
    """
    paths = [own for own, kind in DESTINATIONS.items() if kind.default_path is not None]
    names = [*paths, *sorted({*dlt.destinations.__all__, *DESTINATIONS} - NO_PLACES - set(paths))]
    if name in names:
        return
    near = get_close_matches(name.lower(), names, n=1)
    meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}."
    msg = f"There is no destination {name!r}: {meant}"
    raise ConfigurationError(msg)
