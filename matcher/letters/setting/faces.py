"""Knows how wide each character is in each face of the letters, read once from the font files that will draw it."""

from __future__ import annotations

import subprocess
from functools import cache

from fontTools.ttLib import TTFont

EM = 1000  # widths are whole thousandths of an em
TEXT = (
    "FandolFang",
    "LXGW WenKai Light",
    "LXGW WenKai",
    "Noto Serif CJK SC",
)  # the chain of the body, as static/letters has it


@cache
def width(character: str, chain: tuple[str, ...] = TEXT) -> int:
    """The advance of `character` in the first face of `chain` that has it; an em where none has."""
    for family in chain:
        advance = _advances(family).get(ord(character))
        if advance is not None:
            return advance
    return EM


def drawn_by(character: str, chain: tuple[str, ...] = TEXT) -> str | None:
    """The face of `chain` that draws `character`, or None where none has it."""
    return next((family for family in chain if ord(character) in _advances(family)), None)


@cache
def _advances(family: str) -> dict[int, int]:
    """Code point → advance in thousandths of an em, for the regular face of `family`; empty where it is not installed."""
    asked = ["fc-match", "-f", "%{family}\t%{file}\t%{index}", f"{family}:style=Regular"]
    names, file, index = subprocess.run(asked, capture_output=True, check=True, timeout=30).stdout.decode().split("\t")
    if family not in names.split(","):
        return {}
    with TTFont(file, fontNumber=int(index), lazy=True) as font:
        scale, metrics = font["head"].unitsPerEm, font["hmtx"]
        return {code: round(metrics[name][0] * EM / scale) for code, name in font.getBestCmap().items()}
