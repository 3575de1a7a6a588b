"""How the program takes memory from the system: little of what is free again stays with it."""

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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


@contextmanager
def kept_for_good() -> Iterator[None]:
    """What the block makes stays until the program ends, as modules do, so nobody looks for garbage among it.

    Looking took a tenth of the time of the imports, and of each later search
    (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
