"""The same letter set by Typst, which fills its lines and squeezes punctuation: what ours is held against by eye and by clock."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from matcher.letters.compose.letter import Letter
from matcher.letters.compose.levels import paragraphs
from matcher.letters.compose.writer import frame

_PAGE = """
#let words = json("words.json")
#set page(width: 210mm, height: 297mm, margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "1")
#set text(font: ("FandolFang R", "FandolFang", "LXGW WenKai"), size: 15.75pt, lang: "zh", region: "cn")
#set par(justify: true, leading: 13.2pt, spacing: 13.2pt, first-line-indent: (amount: 2em, all: true))
#align(center, text(font: "FandolSong", size: 22pt, weight: "bold", words.title))
#for line in words.lines [#par(line)]
"""


def typst_or_none() -> ModuleType | None:
    """Typst's compiler, where it could be installed."""
    try:
        import typst
    except ImportError:
        return None
    found: ModuleType = typst
    return found


def setter(typst: Any, letter: Letter, folder: Path | None = None) -> Callable[[], bytes]:
    """Sets the letter's words anew at each call, with one kept compiler; gives the PDF."""
    around = frame(letter, "zh")
    lines = [around.head, letter.addressee, *(one.label + one.text for one in paragraphs(letter, "zh"))]
    words = {"title": "".join(letter.title), "lines": [*filter(None, lines), around.signatory, around.date]}
    where = folder or Path(tempfile.mkdtemp())
    (where / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    (where / "letter.typ").write_text(_PAGE, encoding="utf-8")
    # The folders of the fonts, since it does not ask fontconfig.
    compiler = typst.Compiler(where / "letter.typ", font_paths=["/usr/local/share/fonts", "/usr/share/fonts"])
    return lambda: bytes(compiler.compile(format="pdf"))
