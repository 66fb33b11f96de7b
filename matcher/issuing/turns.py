"""Lets the letters of a centre be issued one after the other, so that each knows its number before it is set."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from matcher.issuing.refusal import Refusal
from matcher.store import last_number, reading, session, take_number

# Another machine may issue for the same centre at the same moment; each round lost is a letter issued there.
_ROUNDS = 50

Made = TypeVar("Made")
Kept = TypeVar("Kept")


@contextmanager
def turn(instance: Path, centre: str) -> Iterator[None]:
    """Wait until no other process or thread of this machine issues for the centre or changes its key."""
    handle = _lock_file(instance / "turns", centre)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # this frees the lock, as the end of the process would


def _lock_file(folder: Path, centre: str) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / f"{centre}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refusal(
            f"写不了 {folder}（{error.strerror}），未办理。请检查权限。",
            f"{folder} cannot be written ({error.strerror}); nothing was done. Check the rights.",
        ) from None


def number_next(
    engine: Engine, centre: str, year: int, make: Callable[[int], Made], keep: Callable[[Session, Made], Kept]
) -> Kept:
    """Make the next letter of the series and keep it under its number; call it within the centre's `turn`.

    No transaction is open while ``make`` sets and signs the letter for its place, which takes a tenth of a second: the
    number is taken when the letter is kept, and where another machine took it meanwhile the letter is made again.
    ``keep`` writes in the transaction that takes the number: if it raises, the number is free again.

    :raises Refusal: when others took every number for which a letter was made. Whatever ``make`` and ``keep`` raise.
    """
    for _ in range(_ROUNDS):
        with reading(engine) as register:
            place = last_number(register, centre, year) + 1
        made = make(place)
        with session(engine) as writing:
            if take_number(writing, centre, year, place):
                return keep(writing, made)
    raise Refusal(
        "同时签发过多，未取得文号。请稍后再试。",
        "Too many letters are being issued at once; no number was to be had. Try again in a moment.",
    )
