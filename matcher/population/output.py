"""Where lines are written: the kinds of file, and what is said where that cannot be done."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from polars.exceptions import PolarsError

from matcher.text import BilingualError

from .table import FileKind, kind_of


class OutputError(BilingualError):
    """The output cannot be written. ``text``: why and what to do, in both languages."""


@contextlib.contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turns what goes wrong while an output is written into an OutputError."""
    try:
        yield
    except (OSError, PolarsError) as error:
        said = getattr(error, "strerror", None) or str(error).splitlines()[0][:200]
        raise OutputError(
            zh=f"写不了 {out.name}：{said}。没有留下不完整的文件；已完成的部分还在，排除原因后再运行会接着做。",
            en=f"cannot write {out.name}: {said}. No partial file is left; what is finished is kept: run it again and it goes on.",
        ) from error  # fmt: skip


def check_output(out: Path) -> FileKind:
    """What kind of file is to be written. Raises OutputError for a name of another kind, or in no folder."""
    kind = kind_of(out)
    if kind is None:
        raise OutputError(
            zh=f"{out.name}：只写 .parquet、.csv、.arrow 文件，请换一个文件名。",
            en=f"{out.name}: only .parquet, .csv and .arrow files are written. Give another name.",
        )
    if not out.parent.is_dir():
        raise OutputError(zh=f"没有文件夹 {out.parent}。", en=f"there is no folder {out.parent}.")
    return kind
