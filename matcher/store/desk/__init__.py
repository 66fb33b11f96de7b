"""What the desk keeps: accounts, the audit trail, cases, runs over spreadsheets, and who was told of what."""

from matcher.store.desk.account_table import Account, CentreSetting, Role, SignedIn
from matcher.store.desk.audit_table import AuditEntry, AuditHead
from matcher.store.desk.case_tables import (
    Case,
    CaseAttachment,
    CaseDraft,
    CaseLetter,
    CaseNote,
    CaseOrigin,
    CaseRevision,
    CaseState,
)
from matcher.store.desk.outreach_tables import Entitlement, FirmTold, Screening
from matcher.store.desk.run_tables import FileKind, Run, RunFile, RunLetters, RunRow, RunState
from matcher.store.desk.tally_table import CaseTally

__all__ = [
    "Account",
    "AuditEntry",
    "AuditHead",
    "Case",
    "CaseAttachment",
    "CaseDraft",
    "CaseLetter",
    "CaseNote",
    "CaseOrigin",
    "CaseRevision",
    "CaseState",
    "CaseTally",
    "CentreSetting",
    "Entitlement",
    "FileKind",
    "FirmTold",
    "Role",
    "Run",
    "RunFile",
    "RunLetters",
    "RunRow",
    "RunState",
    "Screening",
    "SignedIn",
]
