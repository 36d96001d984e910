"""Loads a program with all that it imports."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Look for no garbage in what the block loads, neither now nor later: it stays as long as the process."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()
