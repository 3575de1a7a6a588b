"""Injects a fault into the process of a sync: at a request, or at a change on the disk in a step of dlt's.

The changes on the disk are those that Python makes, seen by an audit hook: what is raised there is what opening,
renaming or removing raises. An audit hook stays for good, so this is for processes that end with the sync.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any
from unittest.mock import patch

import dlt

from sources.spotify.http.retry_transport import RetryTransport
from sources.spotify.http.transport import Answer, Request
from tests.faults.scene import Scene

PLACES = {"listing": "/v1/me/playlists", "reading": "/v1/playlists/"}
STEPS = {"extract": "extract", "normalise": "normalize", "load": "load"}
CHANGES = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}
MOMENTS = {"extract": ("/new_jobs/", 2), "normalise": ("/load/new/", 9), "load": ("/started_jobs/", 4)}
"""A part of the path and the number of the change, from 1 on, that are the middle of a step."""


class Injection:
    """A fault that is to happen in this process.

    Attributes:
        scene: the disk, and the phase.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._lock = Lock()
        self._step = ""
        self._seen = 0
        self._busy = False
        self._notes = True

    def at(self, action: Callable[[], None], *, notes: bool = True) -> None:
        """Does something once, in the middle of the phase: at its second request (the list's first), or on the disk.

        Args:
            action: what.
            notes: whether it is noted as met here, and not by the action.
        """
        self._notes = notes
        if self.scene.phase in PLACES:
            self._before_request(action, 1 if self.scene.phase == "listing" else 2)
            return
        part, number = MOMENTS[self.scene.phase]

        def change(path: str) -> None:
            if part in path:
                self._seen += 1
                if self._seen == number:
                    self._happen(action)

        self._watch(change)

    def at_changes(self, action: Callable[[], None], concerns: Callable[[str], bool]) -> None:
        """Does something at each change on the disk, from the phase's middle on, to those paths."""
        part, number = MOMENTS[self.scene.phase]

        def change(path: str) -> None:
            self._seen += part in path
            if (self._seen >= number or str(self.scene.path) in path) and concerns(path):
                self._happen(action)

        self._watch(change)

    def answers(self, change: Callable[[Answer], Answer], *, times: int = 1, at: str = "") -> None:
        """Changes the first answers in the phase, before playlake sees them."""
        original, place, left = RetryTransport.send, at or PLACES[self.scene.phase], [times]

        def send(transport: RetryTransport, request: Request) -> Answer:
            answer = original(transport, request)
            with self._lock:
                changes = place in request.url and left[0] > 0 and answer.status == 200
                changed = change(answer) if changes else answer
                if changed is not answer:
                    left[0] -= 1
                    self.scene.met()
            return changed

        patch.object(RetryTransport, "send", send).start()

    def _before_request(self, action: Callable[[], None], number: int) -> None:
        original, place = RetryTransport.send, PLACES[self.scene.phase]

        def send(transport: RetryTransport, request: Request) -> Answer:
            if place in request.url:
                with self._lock:
                    self._seen += 1
                    due = self._seen == number
                if due:
                    self._happen(action)
            return original(transport, request)

        patch.object(RetryTransport, "send", send).start()

    def _watch(self, change: Callable[[str], None]) -> None:
        for step in STEPS.values():
            patch.object(dlt.Pipeline, step, self._noting(step)).start()

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event not in CHANGES or self._step != STEPS[self.scene.phase] or self._busy:
                return
            path, *more = arguments
            if event == "open" and not (isinstance(more[1], int) and more[1] & (os.O_WRONLY | os.O_RDWR)):
                return
            if isinstance(path, str | os.PathLike):
                change(os.fspath(path))

        sys.addaudithook(hook)

    def _noting(self, step: str) -> Callable[..., Any]:
        """A step of dlt's, the first of its name, which is the one in which the fault may happen."""
        original = getattr(dlt.Pipeline, step)

        @wraps(original)
        def noting(*arguments: Any, **more: Any) -> Any:
            self._step = step
            try:
                return original(*arguments, **more)
            finally:
                self._step = ""

        return noting

    def _happen(self, action: Callable[[], None]) -> None:
        self._busy = True
        try:
            if self._notes:
                self.scene.met()
            action()
        finally:
            self._busy = False
