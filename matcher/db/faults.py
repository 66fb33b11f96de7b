"""What the store says when it cannot do its work, in Chinese and English: no password and no fact of a firm."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from matcher.text import BilingualError


class StoreError(BilingualError):
    """A failure that may be shown to a user."""

    @property
    def zh(self) -> str:
        """What is wrong and what to do, in Chinese."""
        return self.text.zh

    @property
    def en(self) -> str:
        """The same in English."""
        return self.text.en


class EntryError(StoreError):
    """An entry for the register was refused before it reached the database; ``fields`` names the faulty ones."""

    def __init__(self, fields: tuple[str, ...], zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.fields = fields


class ConstraintError(StoreError):
    """The database itself refused a row; ``constraint`` names the rule that it breaks."""

    def __init__(self, constraint: str) -> None:
        super().__init__(
            f"登记簿拒绝了这条记录：违反 {constraint}。请更正后重试。",
            f"The register refused this row: it breaks {constraint}. Correct it and try again.",
        )
        self.constraint = constraint


def shown(url: URL) -> str:
    """The address fit for a message: the password masked, the query (certificates, options) left out."""
    return url.set(query={}).render_as_string(hide_password=True)


def translate(error: DBAPIError, url: URL) -> StoreError:
    """Turn a driver's error into one fit to be shown.

    A driver quotes freely: PostgreSQL prints the whole refused row in its detail, with the firm's facts in it.
    So only names of constraints are taken over, or the first line of the two errors that quote no data.
    """
    if isinstance(error, IntegrityError):
        return ConstraintError(_constraint(error))
    cause = type(error).__name__
    if isinstance(error, OperationalError | ProgrammingError):
        cause = _first_line(error, url)
    return StoreError(
        f"数据库 {shown(url)} 未能完成操作（{cause}）。请检查数据库是否运行、DATABASE_URL 是否正确、表结构是否已升级。",
        f"The database {shown(url)} could not do this ({cause}). "
        "Check that it runs, that DATABASE_URL is right and that its schema is up to date.",
    )


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is None:  # SQLite's messages hold names only: "CHECK constraint failed: ck_…"
        return str(error.orig)
    return str(diagnosis.constraint_name or diagnosis.column_name or "constraint")


def _first_line(error: DBAPIError, url: URL) -> str:
    line = (str(error.orig).splitlines() or [""])[0]
    return line.replace(url.password, "***") if url.password else line
