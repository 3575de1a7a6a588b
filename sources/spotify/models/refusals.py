"""Answers of the Web API to a request that it refuses."""

from msgspec import Struct


class Problem(Struct, gc=False):
    """What the Web API says about a request that it refuses."""

    message: str | None = None


class Refusal(Struct, gc=False):
    """An answer with a status other than 200."""

    error: Problem | None = None
