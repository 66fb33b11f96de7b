"""Numbers are reserved before a letter is made, void with a reason where there is none; what a letter withholds can be proved.

Series that are there take the day of their last letter as the day behind which the clock may not go back.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of reservations; give the series their days, and the letters a place for their seeds."""
    op.create_table(
        "number_reservation",
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reserved_at", _MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("centre", "year", "place", name=op.f("pk_number_reservation")),
        sa.CheckConstraint("state IN ('reserved', 'void')", name=op.f("ck_number_reservation_state")),
        sa.CheckConstraint("(state = 'void') = (settled_at IS NOT NULL)", name=op.f("ck_number_reservation_settled")),
    )
    op.add_column("number_series", sa.Column("dated", sa.Date(), nullable=True))
    op.execute(
        "UPDATE number_series SET dated = (SELECT max(written_on) FROM issued_letter "
        "WHERE issued_letter.centre = number_series.centre AND issued_letter.year = number_series.year)"
    )
    op.add_column("issued_letter", sa.Column("seed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop them; numbers that were void are then gaps."""
    with op.batch_alter_table("issued_letter") as table:
        table.drop_column("seed")
    with op.batch_alter_table("number_series") as table:
        table.drop_column("dated")
    op.drop_table("number_reservation")
