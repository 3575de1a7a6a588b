"""The request budget of the catalogue resources of a run, and what was found out about the app's access."""

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """Shared by all resources of a run that describe objects.

    Attributes:
        left: requests that may still be sent.
        takers: resources that are still to come; what one does not use goes to the others.
        takes_batches: whether the app may ask for several objects at once; null until it was tried. Apps in
            development mode may not since February 2026
            (https://developer.spotify.com/documentation/web-api/references/changes/february-2026).
    """

    left: int
    takers: int = 1
    takes_batches: bool | None = None

    def share(self) -> "Allowance":
        """The allowance of the next resource."""
        share = -(-self.left // max(self.takers, 1))
        self.takers -= 1
        return Allowance(self, share, share)


@dataclass(slots=True)
class Allowance:
    """The share of one resource.

    Attributes:
        budget: what it is a share of.
        size: the number of requests of the whole share.
        left: the number of requests that are left of it.
    """

    budget: Budget
    size: int
    left: int

    def take(self, requests: int = 1) -> None:
        """Notes that requests are sent."""
        self.left -= requests
        self.budget.left -= requests
