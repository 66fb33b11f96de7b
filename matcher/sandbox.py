"""Runs work on strangers' files in a process of its own, with limits on its time and memory, and never more at once than is told."""

from __future__ import annotations

import os
import pickle
import resource
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as DeadlinePassed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from typing import TypeVar

from pebble import ProcessExpired, concurrent

T = TypeVar("T")

_LARGEST_WRITTEN = 256 * 1024**2

"""Bytes of any file that the process may write."""

_inside = False


class TooHeavy(Exception):
    """The work used up its time or memory, or brought its process down."""


class Busy(Exception):
    """As much is being worked on as may be; `seconds` is when it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"busy, try again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process may use: seconds of computing, seconds by the clock, and bytes of address space.

    Libraries and fonts alone map several hundred megabytes. ``niceness`` is by how much it stands back behind the
    processes that answer people, as in nice(2).
    """

    computing_seconds: int
    seconds: float
    memory: int
    niceness: int = 0


class Sandbox:
    """Does one piece of work at a time, each in a fresh process that nothing of an earlier file can have touched.

    ``preload`` are the modules that the work needs: they are imported once, in a process without threads of which the
    fresh ones are copies. ``waiting`` callers at most stand in line, each up to ``patience`` seconds (None: as long as it takes).
    """

    def __init__(self, limits: Limits, preload: Sequence[str], waiting: int = 0, patience: float | None = 0.0) -> None:
        self.limits, self._patience = limits, patience
        self._places = threading.BoundedSemaphore(1 + waiting)
        self._turn = threading.BoundedSemaphore(1)
        _preloaded.extend(name for name in preload if name not in _preloaded)

    def run(self, work: Callable[..., T], *args: object, seconds: float | None = None) -> T:
        """Return what ``work`` (a function of a module) returns, or raise what it raises.

        ``seconds`` is a deadline of this piece of work instead of the sandbox's own.

        :raises TooHeavy: where it used up its limits or its process died; nothing else is harmed.
        :raises Busy: at once, or after ``patience``, where others are being worked on.
        """
        with self.admitted():
            # The library documents `mp_context` and reads `context`: under the documented name it would copy this process.
            within = seconds or self.limits.seconds
            started = concurrent.process(timeout=within, context=_context())(_do)  # type: ignore[call-overload]
            try:
                packed = started(self.limits, work, args).result()
            except (DeadlinePassed, ProcessExpired, MemoryError):
                raise TooHeavy from None
        done: T | BaseException = pickle.loads(packed)
        if isinstance(done, BaseException):
            raise done
        return done

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Hold the place of one piece of work, as `run` does. Raises Busy."""
        if not self._places.acquire(blocking=False):
            raise self._busy()
        try:
            if not self._turn.acquire(timeout=-1 if self._patience is None else self._patience):
                raise self._busy()
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def _busy(self) -> Busy:
        return Busy(max(1, round(self.limits.seconds)))


_preloaded: list[str] = []


def _context() -> ForkServerContext:
    """Copies of a small process without threads: a copy of ourselves might find a lock held for ever. That process is made when
    it is first wanted: a server parts into its workers before that."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_preloaded)
    return context


def is_inside() -> bool:
    """Whether this process is one that was made for a stranger's file."""
    return _inside


def _do(limits: Limits, work: Callable[..., object], args: tuple[object, ...]) -> bytes:
    """Do the work within the limits, and pack what it returned or raised: an exception that cannot be packed must not reach the
    library's own pipe."""
    _enter(limits)
    try:
        done = work(*args)
    except (MemoryError, RecursionError, SystemError):
        done = TooHeavy()  # a SystemError is what the interpreter raises that has no memory for one more frame
    except Exception as error:
        done = error
    try:
        packed = pickle.dumps(done)
        if isinstance(done, Exception):
            pickle.loads(packed)
    except MemoryError:
        return pickle.dumps(TooHeavy())
    except Exception:
        return pickle.dumps(RuntimeError(f"{type(done).__name__}: {done}"))
    return packed


def _enter(limits: Limits) -> None:
    """Set the limits of the process that this runs in, for good."""
    global _inside
    _inside = True
    os.nice(limits.niceness)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    # At the soft limit the kernel ends the process, whatever it is at; the library's own start counts too.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.computing_seconds, limits.computing_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_WRITTEN, _LARGEST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
