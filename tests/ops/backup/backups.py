"""What the tests of backups share: a backup of a place, an entry of the trail, whether a place is empty."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from matcher.audit.trail import Event
from matcher.ops.backup import database
from matcher.ops.backup.whole import Place, back_up

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def event(action: str, subject: str) -> Event:
    """An entry of the trail."""
    return Event(AT, "li.na", "clerk", "heping", action, subject, "10.0.0.7", {})


def made(place: Place, tmp_path: Path, *, with_secrets: bool = True) -> Path:
    """A backup of the place."""
    target = tmp_path / f"{uuid4().hex}.tar.gz"
    back_up(place, target, AT, with_secrets=with_secrets)
    return target


def is_untouched(place: Place) -> bool:
    """Whether nothing at all stands there."""
    files = [path for path in place.instance.parent.rglob("*") if path.is_file()]
    return not files and database.is_empty(place.url)
