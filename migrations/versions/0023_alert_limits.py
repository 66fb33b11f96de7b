"""Mail that strangers ask for is counted beside tries at codes and passwords, for all processes together."""

from collections.abc import Sequence

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE = ("code", "sign_in", "known_device", "factor", "password", "storage")
_NEW = ("alert", "alert_mail")


def upgrade() -> None:
    """Allow two more purposes; what is counted stays."""
    _purposes((*_BEFORE, *_NEW))


def downgrade() -> None:
    """Forget what was counted for them, and allow them no more."""
    op.execute(f"DELETE FROM attempt WHERE purpose IN ({_listed(_NEW)})")
    _purposes(_BEFORE)


def _purposes(allowed: Sequence[str]) -> None:
    name = op.f("ck_attempt_purpose")
    with op.batch_alter_table("attempt") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"purpose IN ({_listed(allowed)})")


def _listed(values: Sequence[str]) -> str:
    return ", ".join(repr(value) for value in values)
