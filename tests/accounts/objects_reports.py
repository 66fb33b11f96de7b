"""A report of what seems wrong, left for a centre."""

from datetime import UTC, datetime

from matcher.answers import reports
from matcher.presentation import office
from tests.accounts.objects import Making, builds


@builds("desk_reports", "report")
def report(making: Making) -> object:
    """One that lies at the centre."""
    told = reports.Report("six-taxes-two-fees", "2026-11-24", "eligible", "0" * 64, "少算了")
    return reports.leave(office().instance, making.centre, told, datetime.now(UTC))
