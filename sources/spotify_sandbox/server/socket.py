"""The socket: uvicorn, extended to report when it is ready and to break connections for faults."""

import socket
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Event
from typing import Any

import uvicorn

from sources.spotify_sandbox.http.exchange import CutError
from sources.spotify_sandbox.server.app import Receive, Send

HOST = "127.0.0.1"

_Message = MutableMapping[str, Any]

Application = Callable[[_Message, Receive, Send], Awaitable[None]]
"""An ASGI application."""


class Server(uvicorn.Server):
    """Serves an application on 127.0.0.1.

    Attributes:
        port: what it listens on.
        ready: set as soon as requests can come.
        on_ready: called at the same time.
        on_end: called when no requests come any more, also if a signal is about to end the process.
    """

    def __init__(self, app: Application, port: int = 0) -> None:
        """Bind the port at once.

        Args:
            app: What answers.
            port: The port to listen on; 0 takes a free one.

        Raises:
            OSError: The port is in use, or not allowed.
        """
        self._app = app
        self._listener = listener(port)
        self.port: int = self._listener.getsockname()[1]
        self.ready = Event()
        self.on_ready: Callable[[], None] = lambda: None
        self.on_end: Callable[[], None] = lambda: None
        # Without uvicorn's own Server header: headers are as recorded.
        config = uvicorn.Config(
            self._answer,
            log_config=None,
            access_log=False,
            interface="asgi3",
            lifespan="off",
            ws="none",
            # Longer than clients keep an idle connection, so that none is closed while a client reuses it.
            timeout_keep_alive=120,
            server_header=False,
        )
        super().__init__(config)

    def serve_until_stopped(self) -> None:
        """Serve until ``should_exit`` is set, or a signal comes."""
        self.run([self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then call ``on_ready``."""
        await super().startup(sockets)
        self.on_ready()
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down, then call ``on_end``."""
        await super().shutdown(sockets)
        self.on_end()

    async def _answer(
        self,
        scope: _Message,
        receive: Receive,
        send: Send,
    ) -> None:
        try:
            await self._app(scope, receive, send)
        except CutError:
            for connection in self.server_state.connections:
                transport = getattr(connection, "transport", None)
                if transport is not None and transport.get_extra_info("peername") == scope["client"]:
                    # What was written is still sent, so that the client sees a body that ends in the middle.
                    transport.close()
            # uvicorn must know of the end, or it logs that the answer is missing.
            while (await receive())["type"] != "http.disconnect":
                pass


def listener(port: int) -> socket.socket:
    """A socket to listen on, with TCP_NODELAY: headers and body are two writes, each delayed by 40 ms without it."""
    opened = socket.create_server((HOST, port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened
