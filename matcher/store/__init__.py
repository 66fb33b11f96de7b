"""The register of decisions and letters: tables, sessions and migrations, on SQLite or PostgreSQL."""

from matcher.store.address import database_url, read_url
from matcher.store.database import open_engine, session
from matcher.store.faults import ConstraintError, EntryError, StoreError
from matcher.store.migration import migrate, migrate_down
from matcher.store.register import find_letter, record_decisions, record_letter
from matcher.store.tables import DecisionRecord, LetterRecord

__all__ = [
    "ConstraintError",
    "DecisionRecord",
    "EntryError",
    "LetterRecord",
    "StoreError",
    "database_url",
    "find_letter",
    "migrate",
    "migrate_down",
    "open_engine",
    "read_url",
    "record_decisions",
    "record_letter",
    "session",
]
