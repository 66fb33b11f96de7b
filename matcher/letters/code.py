"""Draws the QR code of a letter as vectors, sharp at every size and readable from paper."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import Any

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around the code, as ISO 18004 wants
# Weighing all eight masks takes longer than setting the letter; the text of a letter's code is as good as random, so
# that none of them is better than another.
MASK = 3


class Code:
    """The QR code of `text`, level M. Raises ValueError where the text is longer than a code holds.

    The page has a drawing of one stroke in the code's place (`placeholder`), and the modules go straight into the file
    (`put_into`): a thousand commands read as SVG would take as long as setting all the text.
    """

    def __init__(self, text: str) -> None:
        self._code = segno.make(text, error="m", micro=False, boost_error=False, mask=MASK)
        self.size = self._code.symbol_size(border=QUIET)[0]

    def placeholder(self, title: str) -> Markup:
        """The drawing that keeps the place; `title` is what a screen reader says."""
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}"><title>{1}</title><path d="M0 0h{0}"/></svg>'
        ).format(self.size, title)

    def put_into(self, stream: list[Any]) -> bool:
        """Put the modules where the placeholder's stroke stands among a page's commands; False where it is not there."""
        stroke = [b"0 0 m", f"{self.size} 0 l".encode(), b"f"]
        for at in range(len(stream) - 2):
            if stream[at : at + 3] == stroke:
                stream[at : at + 2] = [self.commands]
                return True
        return False

    @cached_property
    def commands(self) -> bytes:
        """One rectangle for each run of dark modules in a row, in the units of the placeholder."""
        runs = []
        for top, row in enumerate(self._code.matrix, QUIET):
            left = QUIET
            for dark, modules in groupby(row):
                width = sum(1 for _ in modules)
                if dark:
                    runs.append(f"{left} {top} {width} 1 re")
                left += width
        return "\n".join(runs).encode()
