"""Ends the parts when their supervisor has died without doing it itself (SIGKILL, a crash).

Runs as a process of its own and imports the standard library only, to start in 10 ms. It reads lines
`+pid signal` and `-pid` from its standard input; the end of the input is the supervisor's end. It
works alike on Linux and macOS, and needs no code between fork and exec.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 8.0


def main() -> None:
    """Follow the supervisor, then end whatever it has left running."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        pid, _, number = line[1:].partition(" ")
        if line.startswith("+"):
            groups[int(pid)] = int(number)
        else:
            groups.pop(int(pid), None)
    end(groups)


def end(groups: dict[int, int]) -> None:
    """Send each process group its stop signal, and SIGKILL to what is there after the grace."""
    for group, number in groups.items():
        send(group, number)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(send(group, 0) for group in groups):
        time.sleep(0.05)
    for group in groups:
        send(group, signal.SIGKILL)


def send(group: int, number: int) -> bool:
    """Signal a process group; False when nothing of it is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
