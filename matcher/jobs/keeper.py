"""Keeps a worker going beside the site: starts it again when it dies, and ends it when the site has ended."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time

# -P: a folder called matcher where the site was started from must not be taken for the program.
COMMAND = (sys.executable, "-P", "-c", "from matcher.cli import main; main()", "jobs")
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


def start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a keeper. It ends, and its worker with it, when its standard input is closed, as it is when we end."""
    return subprocess.Popen(
        [*COMMAND, "--keep"], stdin=subprocess.PIPE, env=environment, start_new_session=True, close_fds=True
    )


def stop(keeper: subprocess.Popen[bytes], seconds: float) -> None:
    """Let a keeper end its worker and wait for both."""
    assert keeper.stdin is not None
    keeper.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        keeper.wait(seconds)


def keep() -> None:
    """Be the keeper: run one worker after the other until standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    pause = _FIRST_PAUSE
    while True:
        began = time.monotonic()
        worker = subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL)
        try:
            has_died = _wait(worker)
        finally:
            worker.terminate()
            worker.wait()
        if not has_died or _input_ends(pause):
            return
        has_lived = time.monotonic() - began > _LONGEST_PAUSE
        pause = _FIRST_PAUSE if has_lived else min(pause * 2, _LONGEST_PAUSE)


def _wait(worker: subprocess.Popen[bytes]) -> bool:
    """Wait until the worker has died (True) or standard input has ended (False)."""
    death = os.pidfd_open(worker.pid)
    try:
        with selectors.DefaultSelector() as waiting:
            waiting.register(death, selectors.EVENT_READ)
            waiting.register(sys.stdin.fileno(), selectors.EVENT_READ)
            return {key.fd for key, _ in waiting.select()} == {death}
    finally:
        os.close(death)


def _input_ends(seconds: float) -> bool:
    """Whether standard input ends within these seconds."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(sys.stdin.fileno(), selectors.EVENT_READ)
        return bool(waiting.select(seconds))
