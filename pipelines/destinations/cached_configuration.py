"""A mixin for dlt's destinations that caches the resolved configuration.

dlt asks for the capabilities of a destination about twenty times in a run, and each time resolves its configuration
again, which was a sixth of the CPU time of a sync that finds little. The capabilities depend only on the arguments that
the destination was created with.
"""

from typing import Any

from dlt.common.destination import Destination


class CachedConfiguration(Destination[Any, Any]):
    """Mixin that caches the resolved configuration.

    Put it before one of dlt's destinations among the bases of a class.
    """

    _partial: Any = None

    def configuration(self, initial_config: Any, accept_partial: bool = False) -> Any:
        """The resolved configuration; dlt asks for a partial one only where it wants the capabilities."""
        if not accept_partial:
            return super().configuration(initial_config)
        if self._partial is None:
            self._partial = super().configuration(initial_config, accept_partial=True)
        return self._partial
