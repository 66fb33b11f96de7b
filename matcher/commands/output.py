"""Writes the file that a command makes: complete, or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from matcher.commands.options import BAD_INPUT
from matcher.firms.faults import shown


@contextmanager
def written(output: str, lang: str) -> Iterator[IO[bytes]]:
    """A file to write into, which stands at ``output`` once all went well.

    It is opened at once, so that a place that cannot be written is refused before any work is done: exit status 2.
    """
    path = Path(output)
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(draft).unlink()
            raise
    except OSError as error:
        reason = f"{shown(output)}: {error.strerror}"
        click.echo(f"cannot write {reason}" if lang == "en" else f"写不了 {reason}", err=True)
        raise SystemExit(BAD_INPUT) from None
    click.echo(f"wrote {shown(output)}" if lang == "en" else f"已写入 {shown(output)}")
