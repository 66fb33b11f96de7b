"""Work on strangers' files ends in time and within its memory, and what becomes of one file harms no other."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from matcher.sandbox import Busy, Limits, Sandbox, TooHeavy, is_inside
from tests.conftest import count

SMALL = Limits(computing_seconds=1, seconds=60, memory=256 * 1024**2)


class Odd(Exception):
    """An exception that does not come through a pipe: it is made of two things and hands on one."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def compute_for_ever() -> None:
    """Take time and nothing else."""
    while True:
        pass


def fill_memory() -> int:
    """Take a gigabyte."""
    return len(bytearray(1024**3))


def abort() -> None:
    """End the process as a library does that finds itself in a corner."""
    os.abort()


def recurse() -> None:
    """Call itself without end."""
    recurse()


def double(number: int) -> int:
    """What honest work returns."""
    return 2 * number


def refuse() -> None:
    """Say no in the usual way."""
    raise LookupError("no such thing")


def refuse_oddly() -> None:
    """Say no in a way that no pipe understands."""
    raise Odd("a", "b")


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """A sandbox of one second and a quarter of a gigabyte."""
    return Sandbox(SMALL, ["tests.test_sandbox"])


@pytest.mark.parametrize("work", [compute_for_ever, fill_memory, abort, recurse])
def test_too_heavy(sandbox: Sandbox, work: Callable[[], object]) -> None:
    """Too much time, too much memory, an abort: the caller is told, and the next piece of work is done as ever."""
    with pytest.raises(TooHeavy):
        sandbox.run(work)
    assert sandbox.run(double, 21) == 42


def test_the_caller_gets_what_the_work_raises(sandbox: Sandbox) -> None:
    """A refusal comes back as itself; one that cannot be sent comes back in words and leaves the next unharmed."""
    with pytest.raises(LookupError, match="no such thing"):
        sandbox.run(refuse)
    with pytest.raises(RuntimeError, match="Odd: ab"):
        sandbox.run(refuse_oddly)
    assert sandbox.run(double, 2) == 4


def test_a_fresh_process_each(sandbox: Sandbox) -> None:
    """No two files are read in one process, and the caller's own is none of them."""
    assert len({sandbox.run(os.getpid) for _ in range(3)} - {os.getpid()}) == 3
    assert sandbox.run(os.getppid) != os.getpid()  # a copy of the caller would begin with all the caller's memory
    assert sandbox.run(is_inside)
    assert not is_inside()


def test_no_honest_work_is_lost(sandbox: Sandbox) -> None:
    """However often it is done: that one process ends while the next is asked for is nobody's fault."""
    numbers = range(count(300))
    assert [sandbox.run(double, number) for number in numbers] == [2 * number for number in numbers]


def test_busy_at_once() -> None:
    """Who comes while another is worked on is told when to come again, and waits for nothing."""
    sandbox = Sandbox(SMALL, [])
    with sandbox.admitted(), pytest.raises(Busy) as busy:
        sandbox.run(double, 1)
    assert busy.value.seconds == 60
    assert sandbox.run(double, 1) == 2


def test_only_so_many_stand_in_line() -> None:
    """Where some may wait, one more than that may not."""
    sandbox = Sandbox(SMALL, [], waiting=1, patience=None)
    with sandbox.admitted():
        assert sandbox._places.acquire(blocking=False)  # who waits
        with pytest.raises(Busy):
            sandbox.run(double, 1)
        sandbox._places.release()
