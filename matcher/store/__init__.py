"""The register of decisions and letters: tables, sessions and migrations, on SQLite or PostgreSQL."""

from matcher.store import desk as _desk  # noqa: F401 - its tables belong to the same register
from matcher.store.address import database_url, read_url
from matcher.store.database import open_engine, reading, session
from matcher.store.faults import ConstraintError, EntryError, StoreError
from matcher.store.firm_search import FirmIndex
from matcher.store.firms import Firm, FirmName, FirmStatement
from matcher.store.firms_register import (
    AT_ONCE,
    FirmEntry,
    Told,
    add_statement,
    enter_firms,
    facts_on,
    forget_statements,
    visible_to,
)
from matcher.store.issued import (
    RegisterEntry,
    find_issued,
    find_issued_file,
    kept_file,
    kept_receipt,
    list_issued,
    revoke_letter,
    signed_by,
    supersede_letter,
)
from matcher.store.migration import migrate, migrate_down
from matcher.store.numbers import last_number, last_signed, take_number
from matcher.store.register import find_letter, record_decisions, record_letter
from matcher.store.tables import DecisionRecord, IssuedLetter, LetterRecord

__all__ = [
    "AT_ONCE",
    "ConstraintError",
    "DecisionRecord",
    "EntryError",
    "Firm",
    "FirmEntry",
    "FirmIndex",
    "FirmName",
    "FirmStatement",
    "IssuedLetter",
    "LetterRecord",
    "RegisterEntry",
    "StoreError",
    "Told",
    "add_statement",
    "database_url",
    "enter_firms",
    "facts_on",
    "find_issued",
    "find_issued_file",
    "find_letter",
    "forget_statements",
    "kept_file",
    "kept_receipt",
    "last_number",
    "last_signed",
    "list_issued",
    "migrate",
    "migrate_down",
    "open_engine",
    "read_url",
    "reading",
    "record_decisions",
    "record_letter",
    "revoke_letter",
    "session",
    "signed_by",
    "supersede_letter",
    "take_number",
    "visible_to",
]
