"""What a centre has settled."""

import pytest
from sqlalchemy import Engine

from matcher.accounts.service import save_settings, settings_of
from matcher.db.database import session
from matcher.db.faults import EntryError

pytestmark = pytest.mark.both_databases


def test_a_centre_settles_what_it_wants(engine: Engine) -> None:
    """Nothing settled is one signature and a year; what changed is said; days out of range are refused."""
    with session(engine) as register:
        found = settings_of(register, "heping")
        assert (found.needs_countersign, found.retention_days) == (False, 365)
        assert save_settings(register, "heping", True, 365) == ("needs_countersign",)
        assert save_settings(register, "heping", True, 30) == ("retention_days",)
        for days in (0, 3651):
            with pytest.raises(EntryError):
                save_settings(register, "heping", True, days)
    with session(engine) as register:
        assert settings_of(register, "heping").retention_days == 30
