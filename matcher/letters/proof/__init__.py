"""Proves a letter: keys and the trust list, the receipt, the statement in the QR code, the signature, verification."""

from matcher.letters.proof.certificates import Centre
from matcher.letters.proof.codes import code_of
from matcher.letters.proof.keys import KeyFolder, KeyFolderError, SigningKey
from matcher.letters.proof.paper import Issued, issue_pdf
from matcher.letters.proof.receipt import Issue, Receipt, ReceiptError, read_receipt, receipt_of
from matcher.letters.proof.signing import sign_pdf
from matcher.letters.proof.statement import SignedStatement, Statement, StatementError
from matcher.letters.proof.stating import qr_text, read_qr, statement_of
from matcher.letters.proof.trust import (
    PublicKey,
    SignedBefore,
    TrustList,
    TrustListError,
    Withdrawn,
    read_number,
    read_trust_list,
)
from matcher.letters.proof.verdict import Standing, Verdict, beside_register
from matcher.letters.proof.verify import Against, verify, verify_statement

__all__ = [
    "Against",
    "Centre",
    "Issue",
    "Issued",
    "KeyFolder",
    "KeyFolderError",
    "PublicKey",
    "Receipt",
    "ReceiptError",
    "SignedBefore",
    "SignedStatement",
    "SigningKey",
    "Standing",
    "Statement",
    "StatementError",
    "TrustList",
    "TrustListError",
    "Verdict",
    "Withdrawn",
    "beside_register",
    "code_of",
    "issue_pdf",
    "qr_text",
    "read_number",
    "read_qr",
    "read_receipt",
    "read_trust_list",
    "receipt_of",
    "sign_pdf",
    "statement_of",
    "verify",
    "verify_statement",
]
