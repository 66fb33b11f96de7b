"""The audit trail as another program or a spreadsheet takes it along."""

from __future__ import annotations

import json
from typing import Any

from matcher.desk.cells import Cell
from matcher.store.desk import AuditEntry

COLUMNS = (
    *("number", "at", "actor", "role", "centre", "action", "subject", "client", "detail"),
    *("previous", "digest"),
)


def as_json(entry: AuditEntry) -> str:
    """An entry as a JSON object on one line, its moment in UTC with microseconds."""
    return json.dumps(_row(entry), ensure_ascii=False)


def as_cells(entry: AuditEntry) -> tuple[Cell, ...]:
    """The same, a cell for each of `COLUMNS`; what changed is JSON in its cell."""
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    return tuple((_row(entry) | {"detail": detail}).values())


def _row(entry: AuditEntry) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(entry, name) for name in COLUMNS}
    return told | {"at": entry.at.isoformat(timespec="microseconds")}
