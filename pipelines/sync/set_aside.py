"""Sets what is there before a sync aside from the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def set_aside() -> Iterator[None]:
    """Inside the block the collector passes over all objects from before it.

    They are modules and classes, hundreds of thousands of objects that stay anyway, and each full collection would go
    through them. https://docs.python.org/3/library/gc.html#gc.freeze
    """
    if gc.get_freeze_count():
        # The program does so itself, or another sync in it.
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
