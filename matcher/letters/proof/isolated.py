"""Verifies a file in a process of its own, with a limit of time and memory: a stranger's PDF may be made to take both."""

from __future__ import annotations

from datetime import date

from matcher.sandbox import Limits, Sandbox, TooHeavy

from .rulebook_archive import Shelf
from .trust import TrustList
from .verdict import Verdict, fault
from .verify import Against, verify

# An honest letter takes one second of computing, most of it to set it again.
LIMITS = Limits(computing_seconds=8, seconds=20, memory=1024**3, niceness=5)

_sandbox = Sandbox(LIMITS, ["matcher.letters.proof.verify", "matcher.letters.proof.paper"])


def verify_apart(
    pdf: bytes, trust: TrustList | None, as_of: date, shelf: Shelf, seconds: float | None = None
) -> Verdict:
    """Verify as `verify` does; a file that takes too long or too much is refused like any other false one.

    :raises Busy: at once, while another file is being verified in this process.
    """
    try:
        return _sandbox.run(_verify, pdf, trust, as_of, shelf, seconds=seconds)
    except TooHeavy:
        return Verdict("unknown", None, (fault("too_heavy"),))


def _verify(pdf: bytes, trust: TrustList | None, as_of: date, shelf: Shelf) -> Verdict:
    return verify(pdf, Against(trust, as_of, shelf.find))
