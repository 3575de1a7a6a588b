"""dlt's destination of files."""

import dlt

from pipelines.destinations.cached_configuration import CachedConfiguration


class Filesystem(CachedConfiguration, dlt.destinations.filesystem):
    """The destination, under dlt's own name."""

    destination_type = "dlt.destinations.filesystem"
