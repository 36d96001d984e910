"""The garbage collector, out of the way while a decision is made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_waits() -> Iterator[None]:
    """Keep the collector off, if it is on: a large network's tens of thousands of objects make no garbage.

    Walking over them again and again takes it more than a third of the time of the whole decision.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
