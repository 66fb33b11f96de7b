"""Verifies a letter, off-line: signature, key, receipt, QR statement, decision and printed text must all agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from matcher import __version__
from matcher.letters.letter import Letter
from matcher.letters.proof.faults import Fault, fault
from matcher.letters.proof.paper import compose_letter, decide, draw
from matcher.letters.proof.printed import says_all, says_the_same
from matcher.letters.proof.receipt import FORMAT, Receipt, ReceiptError, essence, printed_total, read_receipt
from matcher.letters.proof.signed_file import open_signed
from matcher.letters.proof.statement import SignedStatement, Statement, StatementError
from matcher.letters.proof.stating import read_qr, statement_of
from matcher.letters.proof.trust import TrustList
from matcher.letters.proof.verdict import Verdict
from matcher.letters.values import fen_of, write_date, write_money
from matcher.short_codes import spaced

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook, Text

Rulebooks = Callable[[str], "Rulebook | None"]


@dataclass(frozen=True, slots=True)
class Against:
    """What a letter is verified against: the trust list, the day, and the rulebooks at hand."""

    trust: TrustList | None
    as_of: date
    rulebooks: Rulebooks = field(default=lambda _: None)


def verify(pdf: bytes, against: Against) -> Verdict:
    """Verify the file of a letter. Nothing is raised; what is wrong is among the faults."""
    file = open_signed(pdf)
    try:
        receipt = None if file.receipt is None else read_receipt(file.receipt)
    except ReceiptError:
        return Verdict("unknown", None, (*file.faults, fault("receipt_unreadable")))
    if receipt is None:
        return Verdict("unknown", None, file.faults)
    faults = [*file.faults, *_signer(file.certificate, receipt, against.trust)]
    statement, found = _statement(receipt, against.trust)
    faults += found
    if statement is not None and not faults:  # what nobody vouches for is not worth deciding and setting again
        faults += _made_again(pdf, receipt, against.rulebooks)
    return _verdict(statement, receipt.number, faults, against, receipt.centre_name)


def verify_statement(text: str, against: Against) -> Verdict:
    """Verify what a phone read from the QR code of a letter on paper."""
    try:
        signed = read_qr(text)
    except StatementError:
        return Verdict("unknown", None, (fault("code_unreadable"),))
    faults, key = list(_vouched(signed, against.trust)), against.trust.key(signed.key_id) if against.trust else None
    issuer = None if key is None else key.centre_name
    return _verdict(None if faults else signed.statement, signed.statement.number, faults, against, issuer)


def _signer(certificate: bytes | None, receipt: Receipt, trust: TrustList | None) -> Iterator[Fault]:
    """What is wrong with whoever signed the file."""
    if certificate is None or trust is None:
        return
    key, written_on = trust.key_of_certificate(certificate), receipt.day("written_on")
    if key is None:
        yield fault("key_unknown")
    elif (key.centre, key.centre_name) != (receipt.centre, receipt.centre_name):
        yield fault("key_other_centre")
    elif written_on is None or not key.covers(receipt.number, written_on):
        yield fault("key_closed")


def _statement(receipt: Receipt, trust: TrustList | None) -> tuple[Statement | None, list[Fault]]:
    """The statement in the receipt, if the trust list vouches for it (where there is one) and it is the receipt's own."""
    try:
        signed, own = read_qr(receipt.statement), statement_of(receipt)
    except (StatementError, LookupError, ValueError, TypeError, AttributeError):
        return None, [fault("code_unreadable")]
    found = list(_vouched(signed, trust))
    if signed.statement.evidence != own.evidence:
        found.append(fault("receipt_changed"))
    elif signed.statement != own:
        found.append(fault("code_other"))
    return None if found else own, found


def _vouched(signed: SignedStatement, trust: TrustList | None) -> Iterator[Fault]:
    """Why the trust list does not vouch for a statement."""
    if trust is None:
        return
    key, statement = trust.key(signed.key_id), signed.statement
    if key is None:
        yield fault("code_key_unknown")
    elif not signed.is_signed_by(bytes.fromhex(key.paper)):
        yield fault("code_false")
    elif not key.covers(statement.number, statement.written_on):
        yield fault("code_key_closed")


def _made_again(pdf: bytes, receipt: Receipt, rulebooks: Rulebooks) -> Iterator[Fault]:
    """Decide again from the facts, and set the letter again."""
    rulebook = rulebooks(receipt.rulebook)
    if rulebook is None:
        yield fault("rulebook_not_here")
        return
    try:
        decisions = decide(rulebook, receipt)
        again = [essence(one.to_json()) for one in decisions]
    except Exception:  # facts that the rulebook's own reader would not have let through
        yield fault("facts_unreadable")
        return
    if again != list(receipt.decisions) or not _adds_up(rulebook, receipt):
        yield fault("decision_other")
        return
    letter = compose_letter(rulebook, receipt, decisions)
    if (receipt.program, receipt.format) == (__version__, FORMAT):
        same = says_the_same(pdf, draw(letter, receipt))
    else:  # its words may have been mended since; what the letter is for stands in every version
        same = says_all(pdf, list(_essentials(letter, receipt)))
    if not same:
        yield fault("text_other")


def _adds_up(rulebook: Rulebook, receipt: Receipt) -> bool:
    """Whether the total, where the letter has one, is that of the decisions under this rulebook."""
    as_of, kind = receipt.day("as_of"), receipt.kind
    assert as_of is not None
    return receipt.format == 1 or receipt.total == printed_total(
        rulebook, receipt.told(rulebook), receipt.decisions, as_of, kind
    )


def _essentials(letter: Letter, receipt: Receipt) -> Iterator[str]:
    """What must stand in the print whichever version of the program worded it."""
    lang = "en" if letter.lang == "en" else "zh"
    yield from (receipt.number, spaced(letter.code or ""), receipt.centre_name.get(lang))
    yield from (write_date(day, lang) for day in (letter.written_on, letter.valid_until) if day is not None)
    if receipt.format > 1:  # earlier letters had neither the code nor a total
        code = receipt.facts.get("credit_code")
        yield from filter(None, (receipt.name, code and code.value))
        if receipt.total is not None:
            yield write_money(fen_of(receipt.total), lang)
    for section in letter.sections:
        if section.amount is not None:
            yield from (section.amount.figures, section.amount.capitals)


def _verdict(
    statement: Statement | None, number: str, faults: Iterable[Fault], against: Against, issuer: Text | None
) -> Verdict:
    """With the letter's state: it was withdrawn, it ran out, or it holds; unknown where nobody vouches for it."""
    found = tuple(faults)
    if statement is None or against.trust is None:
        return Verdict("unknown", number, found, statement)
    withdrawn, until = against.trust.letters.get(number), statement.valid_until
    if withdrawn is not None:
        on = date.fromisoformat(withdrawn.on)
        return Verdict(withdrawn.state, number, found, statement, on, withdrawn.by, issuer)
    if until is not None and until < against.as_of:
        return Verdict("expired", number, found, statement, until, issuer=issuer)
    holds = all(one.word == "rulebook_not_here" for one in found)  # which says nothing against the letter
    return Verdict("valid" if holds else "unknown", number, found, statement, until, issuer=issuer)
