"""Limits on responses: a deadline for all of it, and a maximum size after decompression.

A socket timeout only limits the wait for the next byte, so a server that sends one now and then would block a sync for
ever; and a small compressed body may be a thousand times as large once it is decompressed.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter

LONGEST = 120.0
"""Maximum seconds from the request to the last byte of the response; Spotify's take two."""

MOST = 32_000_000
"""Maximum size of a response in bytes, decompressed; the largest pages have a tenth."""

CHUNK = 65_536


class TooSlowError(requests.Timeout):
    """A response was not complete before the deadline."""


class TooLargeError(Exception):
    """A response exceeds the maximum size."""


@dataclass(frozen=True, slots=True)
class _Deadline:
    ends: float
    tick: Callable[[], float]

    @property
    def left(self) -> float:
        return self.ends - self.tick()


_DEADLINE: ContextVar[_Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float, tick: Callable[[], float]) -> Iterator[None]:
    """Inside the block, a request of this thread may take so many seconds in all, for its headers and for `body`.

    Args:
        seconds: how long it may take.
        tick: a clock in seconds that never goes back.

    Raises:
        TooSlowError: a request took longer.
    """
    deadline = _Deadline(tick() + seconds, tick)
    token = _DEADLINE.set(deadline)
    try:
        yield
    except requests.RequestException as error:
        if deadline.left <= 0 and not isinstance(error, TooSlowError):
            msg = f"not there after {seconds:.0f} s"
            raise TooSlowError(msg) from error
        raise
    finally:
        _DEADLINE.reset(token)


def body(response: requests.Response, most: int | None = None) -> bytes:
    """The unpacked bytes of an answer that was asked for with `stream=True`.

    Args:
        response: the answer, read to its end or closed afterwards.
        most: bytes that it may have; `MOST` if nothing is said.

    Raises:
        TooLargeError: the body is larger than the limit.
        TooSlowError: the body did not arrive within the time that `within` gives.
        requests.RequestException: the connection broke off.
    """
    limit = MOST if most is None else most
    deadline, parts, size = _DEADLINE.get(), list[bytes](), 0
    try:
        for part in response.iter_content(CHUNK):
            parts.append(part)
            size += len(part)
            if size > limit:
                msg = f"more than {limit:,} bytes"
                raise TooLargeError(msg)
            if deadline is not None and deadline.left <= 0:
                msg = f"only {size:,} bytes were there in time"
                raise TooSlowError(msg)
    except BaseException:
        # What is left of it must not be taken for the next answer.
        response.close()
        raise
    return b"".join(parts)


class _TimedStream(io.RawIOBase):
    """What comes from a socket, no later than the deadline."""

    def __init__(self, stream: io.RawIOBase, sock: Any) -> None:
        self._stream = stream
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        deadline = _DEADLINE.get()
        if deadline is not None:
            left = deadline.left
            if left <= 0:
                raise TimeoutError
            usual = self._sock.gettimeout()
            self._sock.settimeout(left if usual is None else min(usual, left))
            try:
                return self._stream.readinto(buffer)
            finally:
                self._sock.settimeout(usual)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """An answer whose every byte, those of its headers too, comes before the deadline."""

    def __init__(self, sock: Any, *arguments: Any, **more: Any) -> None:
        super().__init__(sock, *arguments, **more)
        self.fp = io.BufferedReader(_TimedStream(self.fp.detach(), sock))


@cache
def _timed(connection: type) -> type:
    return type(connection.__name__, (connection,), {"response_class": _TimedResponse})


class TimedAdapter(HTTPAdapter):
    """Connections that keep to the deadline of `within`, whatever way they go: TLS, proxies, SOCKS."""

    def get_connection_with_tls_context(self, *arguments: Any, **more: Any) -> Any:
        """The pool of connections to a server."""
        pool: Any = super().get_connection_with_tls_context(*arguments, **more)
        if not issubclass(getattr(pool.ConnectionCls, "response_class", HTTPResponse), _TimedResponse):
            pool.ConnectionCls = _timed(pool.ConnectionCls)
        return pool


def timed(session: requests.Session) -> requests.Session:
    """The session, whose connections keep to deadlines."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, TimedAdapter())
    return session
