"""The outlines of the common characters in the faces of the letters: what letter after letter has in its file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache

from weasyprint import HTML

from . import archive, fonts, render
from .setting import engine
from .subsetting import outlines

# Family and weight in which a letter sets Chinese, and those of which it takes Latin letters, digits and signs.
_CHINESE = (("FandolFang", 400), ("FandolHei", 400), ("FandolKai", 400), ("FandolSong", 700))

_LATIN = (("Noto Serif CJK SC", 400), ("Noto Serif CJK SC", 700))

# Of GB 2312 the rows of signs, and those of the 3,755 characters in common use.
_SIGNS, _COMMON = range(0xA1, 0xAA), range(0xB0, 0xD8)


@cache
def common_outlines_id() -> str:
    """What `common_outlines` is made from, as 64 hexadecimal digits: faces, engine, and the rows above."""
    found = hashlib.sha256(f"{_CHINESE} {_LATIN} {_SIGNS} {_COMMON} ".encode() + engine())
    for name, content in fonts.faces():
        found.update(f"{name}\0".encode() + content)
    return found.hexdigest()


@cache
def common_outlines() -> bytes:
    """The outlines as they stand in letters, one face behind the other, some 9 MB; it takes seconds, once a process.

    Faces that are not installed are left out, and so are those that cannot be cut down.
    """
    with render.LOCK:
        document = HTML(string=_page()).render(font_config=render.font_configuration())
        document.fonts = faces = archive.Faces()
        document.write_pdf()
        archive.SUBSETS.clear()  # they are ten times as long as those of a letter
    return b"".join(outlines(face.file_content) for face in faces.values())


def _page() -> str:
    signs = "".join(map(chr, range(0x21, 0x7F))).replace("&", "").replace("<", "") + "".join(_characters(_SIGNS))
    chinese = signs + "".join(_characters(_COMMON))
    wanted = [(one, chinese) for one in _CHINESE] + [(one, signs) for one in _LATIN]
    texts = (
        f"<p style=\"font: {weight} 4pt '{family}'; overflow-wrap: anywhere\">{text}</p>"
        for (family, weight), text in wanted
    )
    return f'<html lang="zh-CN">{"".join(texts)}</html>'


def _characters(rows: range) -> Iterator[str]:
    for first in rows:
        for second in range(0xA1, 0xFF):
            yield bytes([first, second]).decode("gb2312", errors="ignore")
