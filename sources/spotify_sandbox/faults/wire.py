"""Faults of the connection: answers that come late, or not at all."""

from sources.spotify_sandbox.faults.kind import Condition
from sources.spotify_sandbox.http.exchange import Exchange


def latency(condition: Condition, exchange: Exchange) -> bool:
    """Delays the answer."""
    exchange.delay += condition.option("seconds")
    return True


def cut(condition: Condition, exchange: Exchange) -> bool:
    """Breaks the connection. The request is carried out nevertheless."""
    exchange.cut = "headers" if condition.option("where") == "headers" else "body"
    return True
