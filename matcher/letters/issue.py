"""Issues a letter: decides, takes the next number of the centre, sets and signs it, and keeps it in the register."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import Engine
from sqlmodel import Session

from matcher import __version__
from matcher.db import reading, session
from matcher.engine import EssenceRecord
from matcher.letters.compose import say
from matcher.letters.pdf import render_pdf
from matcher.letters.proof import (
    Issue,
    Issued,
    KeyFolder,
    Receipt,
    SigningKey,
    issue_pdf,
    receipt_of,
    stated_of,
    words_of,
)
from matcher.rulebook import Rulebook

from .current import current_letters, is_same_firm, supersede_current
from .models import IssuedLetter
from .numbers import give_back, lock_series, moment_for, reserve, use
from .order import Draft, Order, Refusal, draft_of, keep_rulebook, public_site
from .packing import Packed, pack
from .register import (
    RegisterEntry,
    find_issued,
    record_decisions,
    record_letter,
    supersede_letter,
)

# ---------------------------------------------------------------------------------------------------------------------
# Lets the letters of a centre be kept, and its keys be changed, one after the other.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# Issues a letter: decides, gives it the centre's next number, sets and signs it, and keeps it in the register.
# ---------------------------------------------------------------------------------------------------------------------


_SEED_BYTES = 32

Beside = Callable[[Session, RegisterEntry], None]

"""Writes what belongs to a letter (its case, the audit trail) in the transaction that keeps it."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where letters are issued: the register, the keys, the rules, and the folder of what is kept beside the database."""

    engine: Engine
    keys: KeyFolder
    rulebook: Rulebook
    rules: Path  # the folder that the rulebook was loaded from
    instance: Path


@dataclass(frozen=True, slots=True)
class _Signed:
    """A letter with its number, finished but not yet kept."""

    place: int
    key: SigningKey
    issued: Issued
    seed: bytes
    packed: Packed


def issue(office: Office, order: Order, at: datetime, beside: Beside | None = None) -> RegisterEntry:
    """Issue the letter and give its entry in the register.

    Its number is reserved first, then it is set and signed with nothing locked, then it is kept. An issue that fails gives its number
    back, or leaves it void with the reason where a later one was given meanwhile.

    :param at: the moment, aware; its day in Tianjin dates the letter.
    :param beside: what else is to be written in the transaction that keeps the letter; where it raises, there is none.
    :raises Refusal: when there is nothing to say, what it is to replace does not fit, or the clock went back; KeyFolderError without a
        key; StoreError, RenderError.
    """
    if office.rulebook.is_draft:
        raise Refusal(
            "现在用的是规则草稿，只供试算，不签发函件。请去掉 --rules 再签发。",
            "A draft rulebook is in use, to be tried: no letter is issued from it. Leave --rules out to issue one.",
        )
    centre = order.centre.id
    draft = draft_of(office.rulebook, order, at)
    _must_fit(office, draft)
    moment = moment_for(office.engine, centre, _since(office.keys.signing(centre)), at)
    if moment != at:
        at, draft = moment, draft_of(office.rulebook, order, moment)
    keep_rulebook(office.rulebook.hash, office.rules, office.instance / "rulebooks")
    for _ in range(_TRIES):
        key = office.keys.signing(centre)
        place = reserve(office.engine, centre, draft.written_on, at)
        try:
            entry = _made(office, draft, key, place, beside)
        except BaseException as error:
            give_back(office.engine, centre, draft.written_on.year, place, _why(error), at)
            raise
        if entry is not None:
            return entry
        give_back(office.engine, centre, draft.written_on.year, place, _KEY_CHANGED, at)
    raise Refusal(
        "签发时密钥一再更换，未签发。请稍后再试。",
        "The key was exchanged again and again meanwhile; nothing was issued. Try again in a moment.",
    )


_TRIES = 3

_KEY_CHANGED = "签发时更换了密钥 / the key was exchanged meanwhile"


def _since(key: SigningKey) -> date:
    return date.fromisoformat(key.public.since)


def _why(error: BaseException) -> str:
    """Why there is no letter under a number: what people were told, or the kind of the failure; never what a firm stated."""
    return str(error) if isinstance(error, Refusal) else f"未制成 / not made: {type(error).__name__}"


def _made(office: Office, draft: Draft, key: SigningKey, place: int, beside: Beside | None) -> RegisterEntry | None:
    """Set, sign and keep the letter under its reserved place; None where its key was closed meanwhile."""
    signed = _sign(office, draft, key, place)
    centre = draft.order.centre.id
    with turn(office.instance, centre):  # within the turn: a key that is closed signs nothing more
        now = office.keys.active(centre)
        if now is None or now.id != key.id:
            return None
        with session(office.engine) as writing:
            if draft.order.is_only:
                lock_series(writing, centre, draft.written_on.year)
            use(writing, centre, draft.written_on.year, place)
            entry = _keep(writing, office.rulebook, draft, signed)
            if beside is not None:
                beside(writing, entry)
            return entry


def _must_fit(office: Office, draft: Draft) -> None:
    """A letter replaces one of the same centre, for the same firm, on no scheme that it does not speak of itself."""
    number = draft.order.supersedes
    with reading(office.engine) as register:
        _held(register, draft)  # said before a number is taken; looked at again when the letter is kept
        if number is None:
            return
        old = find_issued(register, number)
    if old is None:
        raise Refusal(f"登记簿中没有 {number}，未签发。", f"The register holds no letter {number}; nothing was issued.")
    if old.centre != draft.order.centre.id:
        raise Refusal(
            f"{number} 由其他中心签发，不能由本函替代。",
            f"{number} is another centre's: this letter cannot supersede it.",
        )
    code = draft.order.facts.get("credit_code")
    if not is_same_firm(code if isinstance(code, str) else None, draft.addressee, old.credit_code, old.addressee):
        raise Refusal(
            f"{number} 是给另一家企业的，不能由本函替代。",
            f"{number} is for another firm: this letter cannot supersede it.",
        )
    if draft.order.is_only:
        return  # the whole letter is replaced, and whoever asked was shown what of it is not in the new one
    left = sorted(set(old.schemes) - {one.scheme for one in draft.decisions})
    if left:
        raise Refusal(
            f"{number} 还涉及本函未写的政策：{'、'.join(left)}。请一并写入。",
            f"{number} speaks of schemes that this letter does not: {', '.join(left)}. Put them in as well.",
        )


def _held(writing: Session, draft: Draft) -> Sequence[RegisterEntry]:
    """The firm's current letters, all of which this one replaces. Raises Refusal where it has one that is not named.

    While a letter is kept the centre's series is locked, so that no other letter of the centre comes between.
    """
    order = draft.order
    if not order.is_only:
        return ()
    code = order.facts.get("credit_code")
    held = current_letters(
        writing, order.centre.id, code if isinstance(code, str) else None, draft.addressee, draft.written_on
    )
    if held and order.supersedes not in {one.number for one in held}:
        number = held[0].number
        raise Refusal(
            f"这家企业现有有效函 {number}，未签发。一家企业只有一份有效函：请核对后选择替代它。",
            f"The firm has a current letter, {number}; nothing was issued. A firm has one current letter: look at it, "
            "then let the new one supersede it.",
        )
    return held


def _sign(office: Office, draft: Draft, key: SigningKey, place: int) -> _Signed:
    order = draft.order
    number = f"{order.centre.mark}〔{draft.written_on.year}〕{place}号"
    seed = token_bytes(_SEED_BYTES)
    receipt = receipt_of(
        office.rulebook,
        order.facts,
        draft.decisions,
        order.as_of,
        Issue(
            order.centre.id,
            order.centre.name,
            number,
            draft.written_on,
            draft.valid_until,
            order.supersedes,
            public_site(),
        ),
        kind=order.kind,
        lang=order.lang,
        addressee=draft.addressee,
        by=order.by,
        seed=seed,
        program=__version__,
        items=order.items,
    )
    issued = issue_pdf(office.rulebook, receipt, draft.decisions, key, draft.at)
    return _Signed(place, key, issued, seed, pack(office.engine, issued.pdf))


def _keep(writing: Session, rulebook: Rulebook, draft: Draft, signed: _Signed) -> RegisterEntry:
    """The decision, the letter and its file go into the register together, and what it replaces is marked."""
    order, issued, receipt = draft.order, signed.issued, signed.issued.receipt
    held = _held(writing, draft)
    decided = record_decisions(
        writing,
        receipt_id=issued.code,
        created_at=draft.at,
        as_of=order.as_of,
        rulebook_hash=rulebook.hash,
        decisions=_decided(draft, receipt),
        origin=order.origin,
        profile=_profile(rulebook, order),
    )
    record_letter(
        writing,
        decision_record_id=decided.id,
        kind=order.kind,
        language=order.lang,
        pdf=issued.pdf,
        made_at=draft.at,
        schemes=dict.fromkeys(str(one["scheme"]) for one in receipt.decided),
        number=receipt.number,
    )
    code = receipt.facts.get("credit_code")
    writing.add(
        IssuedLetter(
            number=receipt.number,
            centre=order.centre.id,
            year=draft.written_on.year,
            place=signed.place,
            code=issued.code,
            key_id=signed.key.id,
            credit_code=None if code is None else code.value,
            addressee=draft.addressee,
            written_on=draft.written_on,
            valid_until=draft.valid_until,
            receipt=receipt.to_bytes().decode(),
            pdf=signed.packed.content,
            outlines=signed.packed.outlines,
            size=signed.packed.size,
            seed=None if receipt.withheld is None else signed.seed,
        )
    )
    writing.flush()
    if held:
        supersede_current(writing, held, receipt.number, draft.at)
    elif order.supersedes is not None:
        supersede_letter(writing, order.supersedes, receipt.number, draft.at)
    found = find_issued(writing, receipt.number)
    assert found is not None
    return found


def _decided(draft: Draft, receipt: Receipt) -> list[EssenceRecord]:
    """What was decided: whole of the schemes that the letter speaks of; of all others, whose reasons nobody will ask for and which
    would repeat what the letter withholds, only what it comes to."""
    spoken = set(receipt.schemes)
    return [one.to_json() if one.scheme in spoken else one.essence() for one in draft.decisions]


def _profile(rulebook: Rulebook, order: Order) -> dict[str, str]:
    """All that was told, as text; the facts of an item as ``loan-1.loan_principal``."""
    found = {name: stated_of(rulebook.facts[name], value) for name, value in order.facts.items()}
    for item in order.items.all:
        found |= {f"{item.id}.{name}": stated_of(rulebook.facts[name], value) for name, value in item.facts.items()}
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Shows a letter as it would go out, without a number, a code or a signature: nothing is kept of it.
# ---------------------------------------------------------------------------------------------------------------------


def preview(rulebook: Rulebook, order: Order, at: datetime) -> bytes:
    """The letter as a PDF whose head calls it a draft. Raises Refusal when there is nothing to say, RenderError.

    :param at: the moment, aware; its day in Tianjin dates the letter.
    """
    draft = draft_of(rulebook, order, at)
    number = say("standing.draft", "en" if order.lang == "en" else "zh")
    issue = Issue(
        order.centre.id, order.centre.name, number, draft.written_on, draft.valid_until, order.supersedes, public_site()
    )
    receipt = receipt_of(
        rulebook,
        order.facts,
        draft.decisions,
        order.as_of,
        issue,
        kind=order.kind,
        lang=order.lang,
        addressee=draft.addressee,
        by=order.by,
        program=__version__,
        items=order.items,
    )
    return render_pdf(replace(words_of(rulebook, receipt, draft.decisions), number=None))
