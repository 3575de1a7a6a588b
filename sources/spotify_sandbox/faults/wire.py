"""Faults of the connection: answers that come late, or not at all."""

from sources.spotify_sandbox.faults.kind import Condition
from sources.spotify_sandbox.http.exchange import Exchange


def latency(condition: Condition, exchange: Exchange) -> bool:
    """Holds the answer back."""
    exchange.delay += condition.option("seconds")
    return True


def cut(condition: Condition, exchange: Exchange) -> bool:
    """Breaks the connection. What was asked for is done all the same."""
    exchange.cut = "headers" if condition.option("where") == "headers" else "body"
    return True
