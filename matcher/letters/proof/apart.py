"""Verifies a file in a process of its own, with a limit of time and memory: a stranger's PDF may be made to take both."""

from __future__ import annotations

import multiprocessing
import resource
from concurrent.futures import TimeoutError as TookTooLong
from datetime import date
from functools import cache

from pebble import ProcessExpired, ProcessPool

from matcher.letters.proof.faults import fault
from matcher.letters.proof.shelf import Shelf
from matcher.letters.proof.trust import TrustList
from matcher.letters.proof.verdict import Verdict
from matcher.letters.proof.verify import Against, verify

SECONDS = 60
MEMORY = 2 * 1024**3  # bytes of address space: fonts and libraries alone map several hundred megabytes
_LETTERS_A_PROCESS = 200


def verify_apart(pdf: bytes, trust: TrustList | None, as_of: date, shelf: Shelf, seconds: float = SECONDS) -> Verdict:
    """Verify as `verify` does; a file that takes too long or too much is refused like any other false one."""
    try:
        verdict: Verdict = _pool().schedule(_verify, args=(pdf, trust, as_of, shelf), timeout=seconds).result()
    except (TookTooLong, ProcessExpired, MemoryError):
        return Verdict("unknown", None, (fault("too_heavy"),))
    return verdict


@cache
def _pool() -> ProcessPool:
    """One process that is kept, since fonts and rules take a second to load; a new one once it was stopped."""
    context = multiprocessing.get_context("spawn")
    return ProcessPool(max_workers=1, max_tasks=_LETTERS_A_PROCESS, initializer=_limit, context=context)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _verify(pdf: bytes, trust: TrustList | None, as_of: date, shelf: Shelf) -> Verdict:
    return verify(pdf, Against(trust, as_of, shelf.find))
