"""What a letter is set with: the modules that word and lay it out, the templates, the faces and the engine, as one digest.

Two letters of the same words that were set with the same say the same in print, to the letter. Whether they are the same byte
for byte hangs besides on further libraries of the machine, which are no part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import weasyprint
from weasyprint.text.ffi import pango

from matcher import places

from . import fonts

_PACKAGE = Path(__file__).resolve().parents[2]

_MODULES = ("letters/compose", "letters/pdf", "text")


@cache
def setting() -> str:
    """SHA-256 over what this program sets letters with, 64 hexadecimal digits; worked out once a process."""
    found = hashlib.sha256()
    for name, content in (*_files(), *fonts.faces(), ("engine", engine())):
        found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def engine() -> bytes:
    """The versions of what breaks lines and pages."""
    return f"weasyprint {weasyprint.__version__}, pango {pango.pango_version()}".encode()


def _files() -> Iterator[tuple[str, bytes]]:
    """The files by their names, in order."""
    roots = [(folder, _PACKAGE / folder) for folder in _MODULES]
    roots += [("templates", places.templates_dir() / "letters"), ("static", places.static_dir() / "letters")]
    for name, root in roots:
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix in (".css", ".html", ".po", ".py"):
                yield f"{name}/{path.relative_to(root).as_posix()}", path.read_bytes()
