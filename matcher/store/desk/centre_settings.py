"""Keeps what each centre has settled for itself."""

from __future__ import annotations

from sqlmodel import Session

from matcher.store.desk.account_table import CentreSetting
from matcher.store.faults import EntryError

_RETENTION = range(1, 3651)


def settings_of(session: Session, centre: str) -> CentreSetting:
    """What a centre has settled; what holds for all where it has settled nothing."""
    return session.get(CentreSetting, centre) or CentreSetting(centre=centre)


def save_settings(session: Session, centre: str, needs_countersign: bool, retention_days: int) -> tuple[str, ...]:
    """Settle something for a centre; returns the names of what changed. Raises EntryError for days out of 1 to 3650."""
    if retention_days not in _RETENTION:
        raise EntryError(("retention_days",), "保存期限为1至3650天。", "Facts are kept for 1 to 3650 days.")
    found = settings_of(session, centre)
    wanted = {"needs_countersign": needs_countersign, "retention_days": retention_days}
    changed = tuple(name for name, told in wanted.items() if getattr(found, name) != told)
    for name in changed:
        setattr(found, name, wanted[name])
    session.add(found)
    session.flush()
    return changed
