"""Computed styles that are kept between letters change nothing of a letter, and do not become more with every letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from matcher.letters.compose.letter import Letter
from matcher.letters.pdf import render as renderer
from matcher.letters.pdf import styles
from matcher.letters.pdf.render import render_pdf


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_letter_is_the_same_with_styles_of_letters_before(
    write: Callable[..., Letter], decide: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """To the byte what it is with all styles worked out anew by the library; letters for other firms came between."""
    letter = write(decide("eligible"), decide("needs_information"), lang=lang, kind="eligibility")
    render_pdf(replace(letter, addressee="天津海河乳品有限公司"))
    found = render_pdf(letter)
    monkeypatch.setattr(
        renderer, "laid_out", lambda page, style, fonts: page.render(stylesheets=[style], font_config=fonts)
    )
    assert render_pdf(letter) == found


def test_styles_do_not_become_more_with_every_letter(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """After the first, letters to other firms, whose lines are spaced otherwise, leave no styles behind."""
    letter = write(decide("eligible"), kind="eligibility")
    names = [
        "天津市恒通精密机械有限公司",
        "天津海河乳品有限公司",
        "天津市滨海新区喆堃镕源和兴科贸有限责任公司北辰分公司",
    ]
    render_pdf(replace(letter, addressee=names[0]))
    before = len(styles._KEPT)
    for name in names[1:]:
        render_pdf(replace(letter, addressee=name))
    assert len(styles._KEPT) == before
