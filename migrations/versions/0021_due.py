"""Due dates: the day by which a case is to be done, whether somebody set it, and what it was in each version."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the columns; cases of before have no day until they are saved again or somebody sets one."""
    op.add_column("case_file", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("case_file", sa.Column("due_set_by", sa.Integer(), nullable=True))
    with op.batch_alter_table("case_file") as table:
        table.create_foreign_key(
            op.f("fk_case_file_due_set_by"), "account", ["due_set_by"], ["id"], ondelete="RESTRICT"
        )
        table.create_index("ix_case_file_due", ["centre", "due_on", "state"])
    op.add_column("case_revision", sa.Column("due_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take them away; the days are lost."""
    with op.batch_alter_table("case_revision") as table:
        table.drop_column("due_on")
    with op.batch_alter_table("case_file") as table:
        table.drop_index("ix_case_file_due")
        table.drop_constraint(op.f("fk_case_file_due_set_by"), type_="foreignkey")
        table.drop_column("due_set_by")
        table.drop_column("due_on")
