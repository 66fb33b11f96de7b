"""Makes the letter that a receipt describes, when it is issued and again when it is verified, and compares what is printed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader

from matcher.engine import Decision, DecisionRecord, check
from matcher.letters.compose import Attachment, Letter, as_data, compose_certificate, compose_letter_of
from matcher.letters.pdf import render_pdf, setting

from .encoding import qr_text, statement_of
from .keys import SigningKey
from .page_statement import address
from .receipt import Receipt, canonical
from .signed_file import sign_pdf
from .statement import code_of

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook


# ---------------------------------------------------------------------------------------------------------------------
# Reads what is printed in a file, sign by sign, whatever fonts and line breaks it was set with.
# ---------------------------------------------------------------------------------------------------------------------


MOST_PAGES = 300


def printed_text(pdf: bytes) -> str:
    """All text on all pages without blanks and line ends. Raises pypdf's errors for a file that is no PDF."""
    reader = PdfReader(BytesIO(pdf))
    pages = reader.pages[:MOST_PAGES]
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages)) + "+" * (len(reader.pages) - len(pages))


def says_all(pdf: bytes, essentials: list[str]) -> bool:
    """Whether each of these stands somewhere in the print, whatever else the letter says."""
    try:
        text = printed_text(pdf)
    except MemoryError:
        raise
    except Exception:
        return False
    return all(re.sub(r"\s", "", one) in text for one in essentials)


def says_the_same(pdf: bytes, page: bytes) -> bool:
    """Whether the same stands in both prints, sign by sign."""
    try:
        return printed_text(pdf) == printed_text(page)
    except MemoryError:
        raise
    except Exception:
        return False


# ---------------------------------------------------------------------------------------------------------------------
# Makes the letter that a receipt describes, once when it is issued and again whenever it is verified.
# ---------------------------------------------------------------------------------------------------------------------


RECEIPT_NAME = "receipt.json"

_DESCRIPTION = {
    "zh": "核对依据（机器可读，随电子文件）",
    "en": "what the check rests on (machine-readable, in the file)",
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A finished letter: its signed file, its receipt, the text of its QR code, and its twelve characters."""

    pdf: bytes
    receipt: Receipt
    qr: str
    code: str


def issue_pdf(
    rulebook: Rulebook,
    receipt: Receipt,
    decisions: Iterable[Decision | DecisionRecord],
    key: SigningKey,
    at: datetime,
) -> Issued:
    """Make and sign the letter of a receipt; ``decisions`` are those it holds, with their reasons.

    Raises RenderError.
    """
    letter = words_of(rulebook, receipt, decisions)
    receipt = receipt.model_copy(update={"worded": digest_of(letter), "setting": setting()})
    qr = qr_text(statement_of(receipt), key)
    whole = receipt.model_copy(update={"statement": qr})
    return Issued(sign_pdf(draw(_with_code(letter, whole), whole), key, at), whole, qr, code_of(qr))


def decide(rulebook: Rulebook, receipt: Receipt) -> tuple[Decision, ...]:
    """The decisions that stand in the receipt whole, derived anew from its facts. Raises ReceiptError for facts that cannot be read."""
    as_of = receipt.day("as_of")
    assert as_of is not None
    return check(rulebook, receipt.told(rulebook), as_of, receipt.schemes, items=receipt.items_told(rulebook))


def compose_letter(rulebook: Rulebook, receipt: Receipt, decisions: Iterable[Decision | DecisionRecord]) -> Letter:
    """The words of the letter of a receipt that has its statement."""
    return _with_code(words_of(rulebook, receipt, decisions), receipt)


def digest_of(letter: Letter) -> str:
    """SHA-256 of all that a letter says but its code and its statement, which are made over this; 64 hexadecimal digits."""
    return hashlib.sha256(canonical(as_data(replace(letter, code=None, qr=None)))).hexdigest()


def words_of(rulebook: Rulebook, receipt: Receipt, decisions: Iterable[Decision | DecisionRecord]) -> Letter:
    """The words of the letter of a receipt, still without its code."""
    as_of, written_on = receipt.day("as_of"), receipt.day("written_on")
    assert as_of is not None
    assert written_on is not None
    items = receipt.items_told(rulebook)
    if receipt.page is not None and is_certificate(receipt):
        letter = compose_certificate(
            rulebook,
            receipt.told(rulebook),
            _all_decided(receipt, decisions),
            receipt.page.summary(),
            as_of,
            receipt.lang,
            addressee=receipt.name or "",
            written_on=written_on,
            valid_until=receipt.day("valid_until"),
            supersedes=receipt.supersedes,
            site=receipt.site,
            by=receipt.sources,
            items=items,
        )
    else:
        letter = compose_letter_of(
            rulebook,
            receipt.told(rulebook),
            decisions,
            as_of,
            receipt.lang,
            addressee=receipt.addressee,
            written_on=written_on,
            kind=receipt.kind,
            by=receipt.sources,
            items=items,
            supersedes=receipt.supersedes if receipt.format == 3 else None,
            past=receipt.format == 3 and receipt.valid_until is None,
        )
    return replace(
        letter,
        number=receipt.number,
        centre=receipt.centre_name,
        valid_until=receipt.day("valid_until"),
        site=receipt.site,
    )


def is_certificate(receipt: Receipt) -> bool:
    """Whether the letter begins with the page that says it all: it gives results, of more than one scheme."""
    return receipt.kind == "eligibility" and len(receipt.decided) > 1


def _all_decided(receipt: Receipt, decisions: Iterable[Decision | DecisionRecord]) -> list[Mapping[str, Any]]:
    """The decisions that stand in the receipt whole, and the bare status of all others."""
    whole = {one["scheme"] for one in receipt.decisions}
    said = ((one["scheme"] if isinstance(one, dict) else one.scheme, one) for one in decisions)
    full = [one if isinstance(one, dict) else one.to_json() for scheme, one in said if scheme in whole]
    return [*full, *(one for one in receipt.decided if one["scheme"] not in whole)]


def _with_code(letter: Letter, receipt: Receipt) -> Letter:
    """The letter with the statement of its receipt, and the twelve characters that stand for it."""
    head = address(receipt.site) if receipt.format == 3 else ""
    return replace(letter, code=code_of(receipt.statement), qr=head + receipt.statement)


def draw(letter: Letter, receipt: Receipt) -> bytes:
    """The file before it is signed; the same letter and receipt give the same bytes."""
    description = _DESCRIPTION["en" if letter.lang == "en" else "zh"]
    return render_pdf(
        letter, attachments=[Attachment(RECEIPT_NAME, receipt.to_bytes(), "application/json", "Data", description)]
    )
