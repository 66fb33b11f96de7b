"""Verifies a letter, off-line: the signature over the whole file, key, receipt, QR statement and decision must agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from matcher.letters.compose import Letter
from matcher.letters.pdf import setting
from matcher.text import bare_sum, capital, day, fen_of, spaced, sum_in_yuan

from .encoding import read_qr, statement_of
from .page_statement import bare
from .paper import compose_letter, decide, digest_of, draw, says_all, says_the_same
from .receipt import Receipt, ReceiptError, essence, page_of, printed_total, read_receipt, summary_of
from .signed_file import SignedFile, open_signed, read_inside, trimmed
from .statement import SignedStatement, Statement, StatementError
from .trust import TrustList
from .verdict import Fault, Reproduced, SchemeSaid, Verdict, fault

if TYPE_CHECKING:
    from matcher.engine import Decision
    from matcher.rulebook import Rulebook, Text


_FIGURE = re.compile(r"[0-9,]+\.[0-9]{2}")

Rulebooks = Callable[[str], "Rulebook | None"]


@dataclass(frozen=True, slots=True)
class Against:
    """What a letter is verified against: the trust list, the day, and the rulebooks at hand."""

    trust: TrustList | None
    as_of: date
    rulebooks: Rulebooks = field(default=lambda _: None)


def verify(pdf: bytes, against: Against) -> Verdict:
    """Verify the file of a letter. Nothing is raised; what is wrong is among the faults.

    The signature over the whole file is what protects the page. That the conclusion derives again, and how the page sets
    again, is said beside it.
    """
    pdf = trimmed(pdf)
    file = open_signed(pdf)
    if isinstance(file, Fault):
        return Verdict("unknown", None, (file,), proved="file")
    if against.trust is not None and against.trust.key_of_certificate(file.certificate) is None:
        return Verdict(
            "unknown", None, (fault("key_unknown"),), proved="file"
        )  # what nobody vouches for is not worth reading
    inside = read_inside(file)
    if isinstance(inside, Fault):
        return Verdict("unknown", None, (inside,))
    try:
        receipt = read_receipt(inside)
    except ReceiptError:
        return Verdict("unknown", None, (fault("receipt_unreadable"),))
    faults = list(_signer(file, receipt, against.trust))
    statement, found = _statement(receipt, against.trust)
    faults += found
    reproduced: tuple[Reproduced, ...] = ()
    if statement is not None and not faults:
        made = _made_again(pdf, receipt, against.rulebooks)
        reproduced, faults = (made, []) if not isinstance(made, Fault) else ((), [made])
    verdict = _verdict(statement, receipt.number, faults, against, receipt.centre_name, receipt.statement)
    return replace(verdict, reproduced=reproduced, proved="file", schemes=tuple(_schemes(receipt)))


def verify_statement(text: str, against: Against) -> Verdict:
    """Verify what a phone read from the QR code of a letter on paper."""
    try:
        signed = read_qr(text)
    except StatementError:
        return Verdict("unknown", None, (fault("code_unreadable"),))
    faults = list(_vouched(signed, bare(text), against.trust))
    key = against.trust.key(signed.key_id) if against.trust else None
    issuer = None if key is None else key.centre_name
    statement = None if faults else signed.statement
    return replace(_verdict(statement, signed.statement.number, faults, against, issuer, bare(text)), proved="code")


def _schemes(receipt: Receipt) -> Iterator[SchemeSaid]:
    """What the letter says of each scheme: since format 3 the lines of its first page, before all decisions."""
    if receipt.page is not None:
        yield from (
            SchemeSaid(one.scheme, one.status, one.recipient, one.fen, receipt.label_of(one.item))
            for one in receipt.page.lines
        )
        return
    for one in receipt.decisions:
        amount = one.get("amount") or {}
        high = amount.get("high", amount.get("value"))
        fen = None if high is None else fen_of(high)
        yield SchemeSaid(str(one["scheme"]), str(one["status"]), one.get("recipient"), fen)


def _signer(file: SignedFile, receipt: Receipt, trust: TrustList | None) -> Iterator[Fault]:
    """What is wrong with whoever signed the file."""
    if trust is None:
        return
    key, written_on = trust.key_of_certificate(file.certificate), receipt.day("written_on")
    if key is None:
        yield fault("key_unknown")
    elif (key.centre, key.centre_name) != (receipt.centre, receipt.centre_name):
        yield fault("key_other_centre")
    elif written_on is None or not key.covers(receipt.number, written_on):
        yield fault("key_closed")
    elif not key.vouches_for_file(file.container.pdf):
        yield fault("key_revoked")


def _statement(receipt: Receipt, trust: TrustList | None) -> tuple[Statement | None, list[Fault]]:
    """The statement in the receipt, if the trust list vouches for it (where there is one) and it is the receipt's own."""
    try:
        signed, own = read_qr(receipt.statement), statement_of(receipt)
    except (StatementError, LookupError, ValueError, TypeError, AttributeError):
        return None, [fault("code_unreadable")]
    found = list(_vouched(signed, receipt.statement, trust))
    if signed.statement.evidence != own.evidence:
        found.append(fault("receipt_changed"))
    elif signed.statement != own:
        found.append(fault("code_other"))
    return None if found else own, found


def _vouched(signed: SignedStatement, text: str, trust: TrustList | None) -> Iterator[Fault]:
    """Why the trust list does not vouch for a statement that was read from this text."""
    if trust is None:
        return
    key, statement = trust.key(signed.key_id), signed.statement
    if key is None:
        yield fault("code_key_unknown")
    elif not signed.is_signed_by(bytes.fromhex(key.paper)):
        yield fault("code_false")
    elif not key.covers(statement.number, statement.written_on):
        yield fault("code_key_closed")
    elif not key.vouches_for_statement(text):
        yield fault("code_key_revoked")


def _made_again(pdf: bytes, receipt: Receipt, rulebooks: Rulebooks) -> tuple[Reproduced, ...] | Fault:
    """Decide again from the facts, and set the letter again; where the conclusion is another one, the fault."""
    rulebook = rulebooks(receipt.rulebook)
    if rulebook is None:
        return fault("rulebook_not_here")
    try:
        decisions = decide(rulebook, receipt)
        again = [essence(one.essence()) for one in decisions]
    except MemoryError:
        raise
    except Exception:  # facts that the rulebook's own reader would not have let through
        return fault("facts_unreadable")
    if again != list(receipt.decisions) or not _adds_up(rulebook, receipt, decisions):
        return fault("decision_other")
    letter = compose_letter(rulebook, receipt, decisions)
    page = draw(letter, receipt)
    if pdf.startswith(page):  # signing adds at the end, and leaves the letter byte for byte
        return "conclusion", "page"
    how = _how_it_differs(letter, receipt)
    # The same words set with the same say the same in print. Else what the letter is for stands in it, whoever worded and set it.
    agrees = says_the_same(pdf, page) if how == ("words",) else says_all(pdf, list(_essentials(letter, receipt)))
    return ("conclusion", *how) if agrees else fault("text_other")


def _how_it_differs(letter: Letter, receipt: Receipt) -> tuple[Reproduced, ...]:
    """Whether a letter that does not set again byte for byte has this program's words, and was set with the same."""
    if receipt.worded is None:
        return ("other_page",)  # of a letter issued before nobody can say
    words: Reproduced = "words" if receipt.worded == digest_of(letter) else "other_words"
    return (words,) if receipt.setting == setting() else (words, "other_setting")


def _adds_up(rulebook: Rulebook, receipt: Receipt, decisions: tuple[Decision, ...]) -> bool:
    """Whether the first page, and in earlier letters the total, is that of the decisions under this rulebook."""
    as_of, kind = receipt.day("as_of"), receipt.kind
    assert as_of is not None
    if receipt.page is not None:
        whole = {str(one["scheme"]) for one in receipt.decisions}
        others = [one for one in receipt.decided if one["scheme"] not in whole]
        items = receipt.items_told(rulebook)
        return (
            page_of(summary_of(rulebook, receipt.told(rulebook), decisions, as_of, kind, others, items)) == receipt.page
        )
    return receipt.format == 1 or receipt.total == printed_total(
        rulebook, receipt.told(rulebook), receipt.decisions, as_of, kind
    )


def _essentials(letter: Letter, receipt: Receipt) -> Iterator[str]:
    """What must stand in the print whichever version of the program worded it: whoever, until when, how much.

    A form in which a date or a sum was once printed must stay readable here for ever.
    """
    lang = "en" if letter.lang == "en" else "zh"
    yield from (receipt.number, spaced(letter.code or ""), receipt.centre_name.get(lang))
    yield from (day(on, lang) for on in (letter.written_on, letter.valid_until) if on is not None)
    if receipt.page is not None and receipt.page.numbers is not None:
        yield from (capital(fen).removeprefix("人民币") for fen in receipt.page.numbers if fen)
        yield from (bare_sum(one.fen) for one in receipt.page.lines if one.fen)
    if receipt.format > 1:  # earlier letters had neither the code nor a total
        code = receipt.facts.get("credit_code")
        yield from filter(None, (receipt.name, code and code.value))
        if receipt.total is not None:
            yield sum_in_yuan(fen_of(receipt.total), lang, cents=True)
    for section in letter.sections:
        if section.amount is not None:
            yield from _FIGURE.findall(section.amount.figures)  # "up to" may be worded otherwise, a figure is a figure
            if letter.certificate is None:  # its annex has the figures alone
                yield section.amount.capitals


def _verdict(
    statement: Statement | None, number: str, faults: Iterable[Fault], against: Against, issuer: Text | None, qr: str
) -> Verdict:
    """With the letter's state: it was withdrawn, it ran out, or it holds; unknown where nobody vouches for it."""
    found, withdrawn = tuple(faults), against.trust.letters.get(number) if against.trust else None
    verdict = Verdict("unknown", number, found, statement, qr=qr)
    if statement is None or against.trust is None:
        return verdict
    if withdrawn is not None:
        on = date.fromisoformat(withdrawn.on)
        return replace(verdict, state=withdrawn.state, on=on, by=withdrawn.by, issuer=issuer)
    until = statement.valid_until
    if statement.past:
        return replace(verdict, state="past", on=statement.as_of, issuer=issuer)
    if until is not None and until < against.as_of:
        return replace(verdict, state="expired", on=until, issuer=issuer)
    holds = all(one.word == "rulebook_not_here" for one in found)  # which says nothing against the letter
    return replace(verdict, state="valid" if holds else "unknown", on=until, issuer=issuer)
