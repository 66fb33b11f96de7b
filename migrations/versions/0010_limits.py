"""Limits by address, account and device; sizes of what is stored; the centre of what was told of a firm.

Tries that are being counted are dropped: they would be over in a quarter of an hour. A statement of a firm gets the centre
that wrote it: the one that the audit trail names, else one that had a case of the firm, else the city's own.
"""

import re
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CITY = "tianjin"
_MOMENT = sa.DateTime(timezone=True)
_CASE = re.compile(r"case (\d{1,12})")
_BEFORE = ("code", "sign_in")
_PURPOSES = (*_BEFORE, "known_device", "factor", "password", "storage")

_statements = sa.table(
    "firm_statement",
    sa.column("id", sa.Integer()),
    sa.column("firm_id", sa.String()),
    sa.column("source", sa.String()),
    sa.column("centre", sa.String()),
    sa.column("recorded_at", _MOMENT),
)
_cases = sa.table(
    "case_file",
    sa.column("id", sa.Integer()),
    sa.column("firm_id", sa.String()),
    sa.column("centre", sa.String()),
    sa.column("opened_at", _MOMENT),
)
_entries = sa.table(
    "audit_entry",
    sa.column("at", _MOMENT),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("centre", sa.String()),
)


def upgrade() -> None:
    """Widen the tables; give what is there its size and its centre."""
    op.execute("DELETE FROM attempt")
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("subject", sa.String(64), nullable=True))
        table.add_column(sa.Column("weight", sa.Integer(), nullable=False))
        table.drop_constraint(op.f("ck_attempt_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_attempt_purpose"), _one_of("purpose", _PURPOSES))
        table.create_check_constraint(op.f("ck_attempt_subject"), "length(subject) = 64 AND subject = lower(subject)")
        table.create_check_constraint(op.f("ck_attempt_weight"), "weight >= 1")
    op.create_index(op.f("ix_attempt_client"), "attempt", ["client"])
    op.create_index(op.f("ix_attempt_subject"), "attempt", ["subject"])
    for name in ("draft", "handover"):
        op.add_column(name, sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
        op.execute(f"UPDATE {name} SET size = coalesce(length(ciphertext), 0)")
        with op.batch_alter_table(name) as table:
            table.alter_column("size", server_default=None)
        op.create_index(op.f(f"ix_{name}_size"), name, ["size"])
    with op.batch_alter_table("account") as table:
        table.drop_column("failures")
        table.drop_column("locked_until")
    op.add_column("firm_statement", sa.Column("centre", sa.String(32), nullable=True))
    _give_centres(op.get_bind())
    with op.batch_alter_table("firm_statement") as table:
        table.create_check_constraint(op.f("ck_firm_statement_centre"), "(source = 'imported') = (centre IS NULL)")


def downgrade() -> None:
    """Take the columns away again; who was told what is then every centre's that has a case, as before."""
    with op.batch_alter_table("firm_statement") as table:
        table.drop_constraint(op.f("ck_firm_statement_centre"), type_="check")
        table.drop_column("centre")
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("locked_until", _MOMENT, nullable=True))
    with op.batch_alter_table("account") as table:
        table.alter_column("failures", server_default=None)
    for name in ("draft", "handover"):
        op.drop_index(op.f(f"ix_{name}_size"), name)
        with op.batch_alter_table(name) as table:
            table.drop_column("size")
    op.execute("DELETE FROM attempt")
    op.drop_index(op.f("ix_attempt_client"), "attempt")
    op.drop_index(op.f("ix_attempt_subject"), "attempt")
    with op.batch_alter_table("attempt") as table:
        for name in ("purpose", "subject", "weight"):
            table.drop_constraint(op.f(f"ck_attempt_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_attempt_purpose"), _one_of("purpose", _BEFORE))
        table.drop_column("subject")
        table.drop_column("weight")


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _give_centres(connection: sa.Connection) -> None:
    own = sa.select(_statements).where(_statements.c.source != "imported")
    statements = connection.execute(own).mappings().all()
    if not statements:
        return
    cases = connection.execute(sa.select(_cases).order_by(_cases.c.id)).mappings().all()
    firm_of = {case["id"]: case["firm_id"] for case in cases}
    written: dict[tuple[str, datetime], str] = {}
    trail = sa.select(_entries).where(_entries.c.action == "case.written_back", _entries.c.centre.is_not(None))
    for entry in connection.execute(trail).mappings():
        named = _CASE.fullmatch(entry["subject"])
        firm = firm_of.get(int(named[1])) if named else None
        if firm is not None:
            written[firm, entry["at"]] = entry["centre"]
    for statement in statements:
        firm, at = statement["firm_id"], statement["recorded_at"]
        # Of several centres with a case, the one that had opened its own last when this was written.
        had = [case["centre"] for case in cases if case["firm_id"] == firm and case["opened_at"] <= at]
        ever = [case["centre"] for case in cases if case["firm_id"] == firm]
        centre = written.get((firm, at)) or (had[-1] if had else ever[0] if ever else _CITY)
        connection.execute(_statements.update().where(_statements.c.id == statement["id"]).values(centre=centre))
