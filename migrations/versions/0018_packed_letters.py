"""Files of letters packed with the outlines that they share. Those that are there stay whole."""

from collections.abc import Sequence

import sqlalchemy as sa
import zstandard
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the table and the two columns."""
    op.create_table(
        "common_outlines",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("made_from", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_outlines")),
    )
    op.create_index(op.f("ix_common_outlines_made_from"), "common_outlines", ["made_from"])
    # No foreign key: SQLite would copy the whole table for it, every letter's file with it.
    op.add_column("issued_letter", sa.Column("outlines", sa.String(64), nullable=True))
    op.add_column("issued_letter", sa.Column("size", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Unpack the files, and take away what packed them."""
    connection = op.get_bind()
    for (outlines,) in connection.execute(sa.text("SELECT id FROM common_outlines")).all():
        _unpack(connection, outlines)
    with op.batch_alter_table("issued_letter") as letters:
        letters.drop_column("outlines")
        letters.drop_column("size")
    op.drop_table("common_outlines")


def _unpack(connection: sa.Connection, outlines: str) -> None:
    content = connection.scalar(sa.text("SELECT content FROM common_outlines WHERE id = :id"), {"id": outlines})
    dictionary = zstandard.ZstdCompressionDict(
        zstandard.decompress(bytes(content)), dict_type=zstandard.DICT_TYPE_RAWCONTENT
    )
    numbers = sa.text("SELECT number FROM issued_letter WHERE outlines = :id")
    for (number,) in connection.execute(numbers, {"id": outlines}).all():
        packed = connection.scalar(sa.text("SELECT pdf FROM issued_letter WHERE number = :number"), {"number": number})
        pdf = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=2**24).decompress(bytes(packed))
        connection.execute(
            sa.text("UPDATE issued_letter SET pdf = :pdf WHERE number = :number"), {"pdf": pdf, "number": number}
        )
