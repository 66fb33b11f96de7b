"""The common characters each have a face of the chain, and are drawn by it and by no other."""

from __future__ import annotations

import bz2
import dataclasses
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matcher.letters.compose.letter import Letter
from matcher.letters.pdf import fonts as faces
from matcher.letters.pdf.render import render_pdf

UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")


@pytest.fixture(scope="module")
def common() -> str:
    """The 8,105 characters of the 通用规范汉字表, from Debian's unicode-data."""
    if not UNIHAN.is_file():
        pytest.skip("SKIPPED: the list of common characters is not here (Debian package unicode-data)")
    listed = re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", bz2.decompress(UNIHAN.read_bytes()).decode(), re.M)
    return "".join(chr(int(code, 16)) for code in listed)


def test_every_common_character_has_a_face(common: str) -> None:
    """Of the 8,105 none is missing from the chain, and each is one em wide."""
    assert len(common) == 8105
    assert [character for character in common if faces.drawn_by(character) is None] == []
    assert {faces.width(character) for character in common} == {1000}


def test_every_common_character_is_drawn_by_the_chain(
    common: str, write: Callable[..., Letter], decide: Callable[..., Any]
) -> None:
    """A letter with all of them is set in the faces of the letters alone: no sans and no Japanese form slips in."""
    letter = dataclasses.replace(write(decide("eligible")), opening=(common,))
    out = subprocess.run(
        ["pdffonts", "-"], input=render_pdf(letter), capture_output=True, check=True, timeout=60
    ).stdout
    drawn = {row.split()[0].partition("+")[2] for row in out.decode().splitlines()[2:]}
    assert drawn <= {
        "FandolFang",
        "FandolHei",
        "FandolKai",
        "FandolSong-Bold",
        "LXGW-WenKai-Light",
        "Noto-Serif-CJK-SC",
    }


def test_owners_names() -> None:
    """喆, 堃 and 镕, which 仿宋 lacks, come from 楷体, in its lighter weight: the other looks bold beside 仿宋."""
    assert {faces.drawn_by(character) for character in "喆堃镕"} == {"LXGW WenKai Light"}
    assert faces.drawn_by("津") == "FandolFang"


def test_a_character_without_a_face() -> None:
    """A character that no face has is taken as a full square."""
    assert faces.drawn_by("\U000e0fff") is None
    assert faces.width("\U000e0fff") == faces.EM
