"""How the program takes memory from the system: little of what is free again stays with it."""

import ctypes
import os
from contextlib import suppress

ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's mallopt (https://man7.org/linux/man-pages/man3/mallopt.3.html)."""


def return_freed_memory() -> None:
    """Sets up the allocators of a process of our own; call it before Arrow is imported and before threads start.

    Each thread that reads pages would have an arena of glibc's, and Arrow's own allocator keeps what was freed for
    seconds: together a fifth of the peak of a large sync. A program that imports playlake decides for itself.
    """
    # https://arrow.apache.org/docs/cpp/env_vars.html
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # Only glibc has it.
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, 2)
