"""Verifies a file in a process of its own, with a limit of time and memory: a stranger's PDF may be made to take both."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from matcher.rulebook import load
from matcher.sandbox import Limits, Sandbox, TooHeavy

from .container import ContainerError, read_container
from .picture import is_compared, verify_picture
from .rulebook_archive import Shelf
from .signed_file import trimmed
from .trust import TrustList
from .verdict import Verdict, fault
from .verify import Against, verify

# An honest letter takes one second of computing, most of it to set it again.
LIMITS = Limits(computing_seconds=8, seconds=20, memory=1024**3, niceness=5)

_sandbox = Sandbox(
    LIMITS, ["matcher.letters.proof.verify", "matcher.letters.proof.paper", "matcher.letters.proof.picture"]
)


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
    """The file by its signature; a scan, a photograph or a print by the code in it."""
    against = Against(trust, as_of, shelf.find)
    verdict = verify(pdf, against)
    if [one.word for one in verdict.faults] == ["changed"]:
        return _resaved(pdf, against) or verdict
    if not all(one.word in _PICTURES for one in verdict.faults) or not verdict.faults:
        return verdict
    seen = verify_picture(pdf, against, load())
    # Of what is neither a letter's file nor a picture of one, the first word says more.
    unseen = [one.word for one in seen.faults if one.word in ("not_a_letter", "code_unseen")]
    is_print = verdict.faults[0].word == "nothing_inside"
    return verdict if unseen == ["not_a_letter"] or (unseen and not is_print) else seen


def _resaved(pdf: bytes, against: Against) -> Verdict | None:
    """The verdict on a file of which no more is known than that another program wrote it: its parts lie elsewhere than when it was
    signed, its code holds, and its first page says what the code says. It is no less altered for that; None where there is more to it."""
    with suppress(ContainerError):
        read_container(trimmed(pdf))
        return None  # every byte has its place, and some are others: no program that writes a file anew leaves it so
    seen = verify_picture(pdf, against, load())
    if seen.statement is None or seen.faults or not is_compared(pdf, seen.statement):
        return None
    return Verdict("unknown", seen.number, (fault("resaved"),), proved="file")


_PICTURES = frozenset({"not_a_letter", "nothing_inside", "unsigned"})
