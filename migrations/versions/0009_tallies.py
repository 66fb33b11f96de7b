"""What the figures count of a case, in a narrow table of its own; files of letters leave the runs.

The table is filled from the cases, their letters and the audit trail. A run's letters are packed out of the register when
they are fetched, so that they are no longer kept twice.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AT_ONCE = 500
_LONGEST = 2**63 - 1
_MOMENT = sa.DateTime(timezone=True)
_SUMS = ("firm_fen", "deferred_fen", "others_fen")
_CASE = re.compile(r"case (\d{1,12})")

_cases = sa.table(
    "case_file",
    sa.column("id", sa.Integer()),
    sa.column("centre", sa.String()),
    sa.column("opened_at", _MOMENT),
    sa.column("found", sa.Text()),
)
_letters = sa.table(
    "case_letter",
    sa.column("case_id", sa.Integer()),
    sa.column("state", sa.String()),
    sa.column("settled_at", _MOMENT),
)
_entries = sa.table(
    "audit_entry",
    sa.column("number", sa.Integer()),
    sa.column("at", _MOMENT),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("detail", sa.Text()),
)


def upgrade() -> None:
    """Make the table with a row for every case, and an index for the letters by their day; drop the files of letters."""
    tallies = op.create_table(
        "case_tally",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("firm_fen", sa.BigInteger(), nullable=False),
        sa.Column("deferred_fen", sa.BigInteger(), nullable=False),
        sa.Column("others_fen", sa.BigInteger(), nullable=False),
        sa.Column("decided_after", sa.Integer(), nullable=True),
        sa.Column("lettered_after", sa.Integer(), nullable=True),
        sa.Column("schemes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_tally_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_tally")),
    )
    _fill(op.get_bind(), tallies)
    op.create_index(
        "ix_case_tally_counted", "case_tally", ["opened_at", "centre", *_SUMS, "decided_after", "lettered_after"]
    )
    op.create_index("ix_issued_letter_counted", "issued_letter", ["written_on", "centre"])
    op.execute("DELETE FROM run_file WHERE kind IN ('letters', 'merged')")
    _kinds("'upload', 'marked', 'results'")


def downgrade() -> None:
    """Drop both: the cases, their letters and the trail still hold what they were made of. Files of letters do not come back."""
    _kinds("'upload', 'marked', 'results', 'letters', 'merged'")
    op.drop_index("ix_issued_letter_counted", "issued_letter")
    op.drop_table("case_tally")


def _kinds(allowed: str) -> None:
    with op.batch_alter_table("run_file") as table:
        table.drop_constraint(op.f("ck_run_file_kind"), type_="check")
        table.create_check_constraint(op.f("ck_run_file_kind"), f"kind IN ({allowed})")


def _fill(connection: sa.Connection, tallies: sa.Table) -> None:
    decided, lettered = _decisions(connection), _first_letters(connection)
    for part in _parts(connection):
        rows = [_tally(row, decided.get(row["id"]), lettered.get(row["id"])) for row in part]
        connection.execute(tallies.insert(), rows)


def _tally(case: Mapping[str, Any], decided: datetime | None, lettered: datetime | None) -> dict[str, Any]:
    found = json.loads(case["found"] or "{}")
    opened = case["opened_at"]
    return {
        "case_id": case["id"],
        "centre": case["centre"],
        "opened_at": opened,
        **{name: min(found.get(name, 0), _LONGEST) for name in _SUMS},
        "decided_after": decided and int((decided - opened).total_seconds()),
        "lettered_after": lettered and int((lettered - opened).total_seconds()),
        "schemes": ",".join(found.get("schemes", ())),
    }


def _parts(connection: sa.Connection) -> Iterator[Sequence[Mapping[str, Any]]]:
    wanted, last = sa.select(_cases).order_by(_cases.c.id).limit(_AT_ONCE), 0
    while part := connection.execute(wanted.where(_cases.c.id > last)).mappings().all():
        last = part[-1]["id"]
        yield part


def _decisions(connection: sa.Connection) -> dict[int, datetime]:
    """When each case was first decided, as the audit trail remembers it."""
    wanted = sa.select(_entries.c.subject, _entries.c.at, _entries.c.detail).where(_entries.c.action == "case.settled")
    found: dict[int, datetime] = {}
    for subject, at, detail in connection.execute(wanted.order_by(_entries.c.number)):
        case = _CASE.fullmatch(subject)
        if case and json.loads(detail).get("state") == "decided":
            found.setdefault(int(case[1]), at)
    return found


def _first_letters(connection: sa.Connection) -> dict[int, datetime]:
    """When each case had its first letter."""
    first = sa.func.min(_letters.c.settled_at, type_=_MOMENT)
    issued = sa.select(_letters.c.case_id, first).where(
        _letters.c.state == "issued", _letters.c.settled_at.is_not(None)
    )
    return dict(connection.execute(issued.group_by(_letters.c.case_id)).all())
