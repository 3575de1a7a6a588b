"""The address on this machine to which the browser comes back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from string import Template
from sys import exception
from typing import TypeVar

from sources.errors import ConfigurationError, PlaylakeError, SignInError
from sources.spotify.auth.pkce import NoAnswerError

T = TypeVar("T")

PAGE = Template(files(__name__.rpartition(".")[0]).joinpath("finished.html").read_text(encoding="utf-8"))


class Redirect(HTTPServer):
    """A local web server that waits for one redirect of the browser.

    Attributes:
        port: where it listens.
    """

    def __init__(self, port: int, patience: float) -> None:
        super().__init__(("127.0.0.1", port), _Callback)
        self.port = self.server_port
        self._patience = patience
        self._use: Callable[[str], object] = str
        self._is_answered = False
        self._error: PlaylakeError | None = None

    def answer(self, use: Callable[[str], T]) -> T:
        """What is made of the address that the browser came back with; its page then says how that went.

        What is no answer to this sign-in, as an old tab that is loaded again, changes nothing.

        Raises:
            SignInError: nobody came back in time.
            PlaylakeError: what `use` raises.
        """
        made: list[T] = []
        self._use = lambda address: made.append(use(address))
        end = time.monotonic() + self._patience
        while not self._is_answered:
            self.timeout = end - time.monotonic()
            if self.timeout <= 0:
                msg = (
                    f"Nobody agreed within {self._patience / 60:.0f} minutes: run playlake login again. "
                    "If the page showed an error, compare the client id and redirect URI with those on the dashboard."
                )
                raise SignInError(msg)
            self.handle_request()
        if self._error is not None:
            raise self._error
        return made[0]

    def finish(self, address: str) -> tuple[int, str]:
        """The status and the page for an address that may be the answer."""
        try:
            self._use(address)
        except NoAnswerError as error:
            return 400, _page("Not signed in", str(error))
        except PlaylakeError as error:
            self._error, self._is_answered = error, True
            return 400, _page("Not signed in", str(error))
        self._is_answered = True
        return 200, _page("Signed in", "The token is stored on this machine. You can close this page.")

    def handle_error(self, *_: object) -> None:
        """Says nothing of a connection that breaks; what else goes wrong ends the sign-in.

        Raises:
            Exception: whatever it was.
        """
        error = exception()
        if error is not None and not isinstance(error, OSError):
            raise error


class _Callback(BaseHTTPRequestHandler):
    """Answers the browser."""

    server: Redirect
    # A browser that opens a connection and says nothing must not hold up the answer.
    timeout = 5

    def do_GET(self) -> None:
        """Takes the answer; a browser also asks for an icon."""
        if self.path.partition("?")[0] != "/callback":
            self.send_error(404)
            return
        status, page = self.server.finish(self.path)
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing: the addresses hold codes."""


@contextmanager
def await_redirect(port: int, patience: float) -> Iterator[Redirect]:
    """Listens for the browser.

    Raises:
        ConfigurationError: the port is taken.
    """
    try:
        redirect = Redirect(port, patience)
    except OSError as error:
        msg = (
            f"Port {port} cannot be used ({error.strerror}): name another with --port, and register its redirect "
            "URI for the app."
        )
        raise ConfigurationError(msg) from None
    with redirect:
        yield redirect


def _page(title: str, text: str) -> str:
    return PAGE.substitute(title=escape(title), text=escape(text))
