"""Reads lists of strangers in a process with limits: what takes too much is refused, and takes nobody else's process along."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from matcher.firms.documents import refuse
from matcher.sandbox import Limits, Sandbox, TooHeavy

T = TypeVar("T")

_PRELOAD = ["matcher.firms.roster.outline"]

OUTLINING = Sandbox(
    Limits(computing_seconds=10, seconds=30, memory=1024**3, niceness=5), _PRELOAD, waiting=2, patience=5.0
)
"""For a page that somebody waits for. The largest list that a run takes (20,000 rows of 60 columns) needs 4 seconds of computing."""

READING = Sandbox(Limits(computing_seconds=45, seconds=90, memory=2 * 1024**3), _PRELOAD, waiting=100, patience=None)
"""For the command line and the worker of long work: all the cells that a workbook may have."""


def read_limited(sandbox: Sandbox, read: Callable[..., T], *args: object) -> T:
    """Return what ``read`` makes of a file. Raises Unreadable, also for one that takes too much, and Busy as the sandbox does."""
    try:
        return sandbox.run(read, *args)
    except TooHeavy:
        raise refuse(
            None,
            "读取超出时间或内存限制，已停止；请删去空白和格式、分成几个文件或另存为 CSV",
            "took more time or memory to read than is allowed: delete what is blank, split it or save it as CSV",
        ) from None
