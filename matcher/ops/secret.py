"""The secret of the site: told by the environment, or made once and kept in the instance folder."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from matcher.settings import settings

SECRET_FILE = "secret_key"


def secret_key(folder: Path) -> str:
    """The key that signs forms and sessions: `SECRET_KEY` of the environment, else the one kept in `folder`.

    The kept one is made at the first call, readable by its owner alone. Raises OSError if it cannot be written.
    """
    told = settings().secret_key
    if told:
        return told
    path = folder / SECRET_FILE
    if not path.exists():
        _write_new(path, secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def _write_new(path: Path, text: str) -> None:
    """Put `text` into a new file of mode 600, complete or not at all; one that another server just made stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes the file readable by its owner alone; link, unlike rename, never replaces.
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
