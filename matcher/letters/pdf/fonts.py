"""The fonts of the letters: whether this machine has them, and how wide each character is in each face."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from fontTools.ttLib import TTFont

from matcher.rulebook import Text

# ---------------------------------------------------------------------------------------------------------------------
# Says whether this machine can print letters well and fast: the fonts of the chain, and the quick subsetter.
# ---------------------------------------------------------------------------------------------------------------------


SUBSETTERS = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")

# Family → (what it is for, how to get it), each in Chinese and English.
FANDOL = Text(zh="运行一次 script/serve 即可装上", en="run script/serve once, it installs them")

FONTS = {
    "FandolFang": (Text(zh="正文仿宋", en="body"), FANDOL),
    "FandolSong": (Text(zh="标题宋体", en="titles"), FANDOL),
    "FandolHei": (Text(zh="小标题黑体", en="headings"), FANDOL),
    "FandolKai": (Text(zh="二级标题楷体", en="run-in headings"), FANDOL),
    "LXGW WenKai": (
        Text(zh="人名用字", en="rare characters of names"),
        Text(zh="安装 Debian 软件包 fonts-lxgw-wenkai", en="install the Debian package fonts-lxgw-wenkai"),
    ),
    "Noto Serif CJK SC": (
        Text(zh="其余汉字和英文函", en="all other characters, and letters in English"),
        Text(zh="安装 Debian 软件包 fonts-noto-cjk", en="install the Debian package fonts-noto-cjk"),
    ),
}


def check_fonts() -> list[Text]:
    """The problems of this machine, each with its cure; an empty list where letters print as they should."""
    return _subsetter() + _families()


def _subsetter() -> list[Text]:
    """Without the library letters still print, but twenty to forty times slower: that must not pass unseen."""
    for name in SUBSETTERS:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return []
    return [
        Text(
            zh="缺少 libharfbuzz-subset，函件生成会慢 20 至 40 倍：请安装 Debian 软件包 libharfbuzz-subset0",
            en="libharfbuzz-subset is missing, letters take 20 to 40 times as long: "
            "install the Debian package libharfbuzz-subset0",
        )
    ]


def _families() -> list[Text]:
    try:
        listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, check=True, timeout=30).stdout.decode()
    except (OSError, subprocess.SubprocessError):
        return [
            Text(
                zh="无法列出字体（fc-list 不可用）：请安装 Debian 软件包 fontconfig",
                en="fonts cannot be listed (no fc-list): install the Debian package fontconfig",
            )
        ]
    found = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    return [_missing(family) for family in FONTS if family not in found]


def _missing(family: str) -> Text:
    use, cure = FONTS[family]
    return Text(
        zh=f"缺少字体 {family}（{use.zh}），函件会改用其他字体：{cure.zh}",
        en=f"the font {family} ({use.en}) is missing, letters fall back on another: {cure.en}",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Knows how wide each character is in each face of the letters, read once from the font files that will draw it.
# ---------------------------------------------------------------------------------------------------------------------


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


def faces() -> Iterator[tuple[str, bytes]]:
    """The families of the letters, each with the checksum that its regular face carries over the whole of its file; empty where
    it is not installed."""
    for family in FONTS:
        with _face(family) as font:
            yield family, b"" if font is None else int(font["head"].checkSumAdjustment).to_bytes(4, "big")


@cache
def numbers_are_glyphs(family: str) -> bool | None:
    """Whether in the regular face of `family` every character's number (CID) is that of its glyph; None where its characters have
    names instead. A PDF finds glyphs by these numbers, so that a part of them may then be renumbered."""
    with _face(family) as font:
        if font is None or "CFF " not in font:
            return None
        top = font["CFF "].cff.topDictIndex[0]
        if not hasattr(top, "ROS"):
            return None
        return all(name == f"cid{at:05d}" for at, name in enumerate(top.charset) if name != ".notdef")


@cache
def _advances(family: str) -> dict[int, int]:
    """Code point → advance in thousandths of an em, for the regular face of `family`; empty where it is not installed."""
    with _face(family) as font:
        if font is None:
            return {}
        scale, metrics = font["head"].unitsPerEm, font["hmtx"]
        return {code: round(metrics[name][0] * EM / scale) for code, name in font.getBestCmap().items()}


@contextmanager
def _face(family: str) -> Iterator[TTFont | None]:
    """The regular face of `family`, open; None where it is not installed."""
    asked = ["fc-match", "-f", "%{family}\t%{file}\t%{index}", f"{family}:style=Regular"]
    names, file, index = subprocess.run(asked, capture_output=True, check=True, timeout=30).stdout.decode().split("\t")
    if family not in names.split(","):
        yield None
        return
    with TTFont(file, fontNumber=int(index), lazy=True) as font:
        yield font
