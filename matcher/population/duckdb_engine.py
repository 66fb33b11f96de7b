"""The edition of a day in DuckDB: one statement of the same conditions as `matcher sql` prints, over the facts as columns hold them.

Wants the extra ``duckdb``. Tables go in and answers come out by Arrow's C interface, which needs no package besides.
"""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
from polars.exceptions import PolarsError

from .edition import EditionColumns
from .output import OutputError
from .polars_engine import CODES, WORDS
from .sql import counted_statement

_ROW = "id"


class InDuckDB:
    """Works out the columns of an edition in a database in memory, with as many threads as Polars has in this process."""

    def __init__(self, edition: EditionColumns) -> None:
        self.edition = edition
        self.connection: duckdb.DuckDBPyConnection = duckdb.connect(config={"threads": pl.thread_pool_size()})
        self._statement: str | None = None

    def reckon(self, facts: pl.DataFrame) -> pl.DataFrame:
        """As `EditionColumns.reckon`, of which it takes the place.

        :raises OutputError: where DuckDB does not finish, for want of memory or of room on the disk.
        """
        if self._statement is None:
            self._statement = counted_statement(self.edition.rulebook, self.edition.outputs, facts.columns, "firms")
        rows = pl.int_range(facts.height, dtype=pl.Int64, eager=True).alias(_ROW)
        told = facts.select(self._as_told(facts)).with_columns(rows) if facts.width else rows.to_frame()
        try:
            self.connection.register("told", _Stream(told))
            self.connection.execute("CREATE OR REPLACE TEMP TABLE firms AS SELECT * FROM told")
            found = pl.DataFrame(self.connection.sql(self._statement))
        except (duckdb.Error, PolarsError) as error:
            said = str(error).splitlines()[0][:200]
            raise OutputError(
                zh=f"DuckDB 没有完成：{said}。已完成的部分还在，排除原因后再运行会接着做。",
                en=f"DuckDB did not finish: {said}. What is finished is kept: run it again and it goes on.",
            ) from error  # fmt: skip
        finally:
            self.connection.unregister("told")
        return found.sort(_ROW).select(self._as_held(name) for name in self.edition.outputs)

    def _as_told(self, facts: pl.DataFrame) -> list[pl.Expr]:
        """Words as text; all else is handed over as it is."""
        words, of = pl.Enum(self.edition.lexicon.words()), self.edition.rulebook.facts
        return [
            (
                pl.col(name).cat.to(words).cast(pl.String)
                if of[name].type == "enum"
                else pl.col(name).cast(pl.String) if of[name].type == "text" else pl.col(name)
            )
            for name in facts.columns
        ]  # fmt: skip

    def _as_held(self, name: str) -> pl.Expr:
        """A column of answers as Polars' engine has it; a sum that 64 bits do not hold is none."""
        column = pl.col(name)
        match self.edition.outputs[name].kind:
            case "bool":
                return column.cast(pl.Boolean)
            case "word":
                return column.cast(pl.Enum(self.edition.lexicon.words())).to_physical().cast(WORDS)
            case "code":
                return column.cast(CODES)
        return column.cast(pl.Int64, strict=False)


class _Stream:
    """A frame as DuckDB reads it without pyarrow: by Arrow's stream interface alone."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.frame.__arrow_c_stream__(requested_schema)
