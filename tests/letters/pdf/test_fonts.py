"""The check of the machine's fonts and subsetter names what is missing and how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.letters.pdf import fonts as machine
from matcher.letters.pdf.fonts import check_fonts


def test_this_machine_prints_well() -> None:
    """On a machine set up by the two commands nothing is missing."""
    assert [problem.zh for problem in check_fonts()] == []


def test_missing_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A font that is not there is named with its use and its cure, in both languages."""
    use = machine.FONTS["LXGW WenKai"]
    monkeypatch.setattr(machine, "FONTS", {"No Such Face": use})
    (problem,) = check_fonts()
    assert "No Such Face" in problem.zh
    assert "fonts-lxgw-wenkai" in problem.zh
    assert "No Such Face" in problem.en


def test_missing_subsetter_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the quick subsetter letters are slow: the check says so and names the package."""
    monkeypatch.setattr(machine, "SUBSETTERS", ("libno-such-library.so.0",))
    (problem,) = check_fonts()
    assert "libharfbuzz-subset0" in problem.zh
    assert "libharfbuzz-subset0" in problem.en


def test_no_font_list(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where fonts cannot even be listed, that is the problem named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (problem,) = check_fonts()
    assert "fontconfig" in problem.zh
