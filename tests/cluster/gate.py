"""A proxy before an S3 server that can hold back the record of a load whose data has been stored.

dlt writes a load's Parquet files and then its record. Whoever kills a worker while the record is held back has killed
it between the two, whatever the machine's speed.
"""

import asyncio
import re
from contextlib import suppress
from threading import Event, Thread
from urllib.parse import unquote, urlsplit

from sources.stored.lake_folder import LOAD
from sources.stored.load_tables import LOADS
from tests.cluster.servers import HOST

DATA = re.compile(rf"PUT \S*/(?P<load>{LOAD})\.\w+\.parquet[ ?]")
RECORD = re.compile(rf"PUT \S*/{LOADS}/\S*__(?P<load>{LOAD})\.jsonl[ ?]")
LENGTH = re.compile(rb"(?mi)^content-length:\s*(\d+)")


class Gate:
    """A proxy on a port of its own; it is open until `armed` is set, and then holds back one record, for good.

    Attributes:
        address: where it listens.
        armed: set to hold back the next record of a load that has data.
        holds: set as soon as one is held back.
        load_id: of that load.
    """

    def __init__(self, behind: str) -> None:
        self.armed, self.holds = Event(), Event()
        self.load_id = ""
        self._behind = urlsplit(behind)
        self._with_data: set[str] = set()
        self._ready = Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_until_complete, args=(self._serve(),), name="gate", daemon=True)

    def __enter__(self) -> "Gate":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        self._ended = asyncio.Event()
        server = await asyncio.start_server(self._connected, HOST, 0)
        self.address = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._ended.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connected(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        try:
            server, requests = await asyncio.open_connection(self._behind.hostname, self._behind.port)
        except OSError:
            answers.close()
            return
        ways = [asyncio.create_task(self._requests(client, requests)), asyncio.create_task(_copy(server, answers))]
        with suppress(asyncio.CancelledError):
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for each in (requests, answers):
            each.close()

    async def _requests(self, client: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        """Passes on request after request, each when its head is known."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await client.readuntil(b"\r\n\r\n")
                if self._is_held(unquote(head.partition(b"\r\n")[0].decode())):
                    await self._ended.wait()
                server.write(head)
                length = LENGTH.search(head)
                left = int(length[1]) if length else 0
                while left:
                    part = await client.read(min(left, 65_536))
                    if not part:
                        return
                    server.write(part)
                    await server.drain()
                    left -= len(part)

    def _is_held(self, request: str) -> bool:
        if data := DATA.match(request):
            self._with_data.add(data["load"])
        record = RECORD.match(request)
        if record is None or record["load"] not in self._with_data:
            return False
        if not self.armed.is_set() or self.holds.is_set():
            return False
        self.load_id = record["load"]
        self.holds.set()
        return True


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await source.read(65_536):
            target.write(part)
            await target.drain()
