"""Writes set lines and the QR code as markup for the page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

import segno
from markupsafe import Markup, escape
from segno import consts, encoder

from matcher.text import is_latin

from . import fonts
from .lines import Line, break_lines

# ---------------------------------------------------------------------------------------------------------------------
# Writes set lines as markup for the page: one run a line, with its spacing, its closer marks and its label.
# ---------------------------------------------------------------------------------------------------------------------


def set_paragraph(text: str, ems: float, indent: float = 0, label: int = 0, label_face: str = "") -> Markup:
    """`text` in lines of `ems` characters, escaped, for an element that keeps blanks and line ends.

    :param indent: by how many characters the first line begins further in (the style sheet indents it).
    :param label: how many characters at the start are a label, which stands in an element ``b`` and in `label_face`.
    """
    labelled = (label_face, *fonts.TEXT)
    widths = [fonts.width(sign, labelled if at < label else fonts.TEXT) for at, sign in enumerate(text)]
    lines = break_lines(text, widths, int(ems * fonts.EM), int(indent * fonts.EM))
    return Markup("\n").join(_line(text, line, label) for line in lines)


def _line(text: str, line: Line, label: int) -> Markup:
    parts = Markup("").join(_runs(text, line, label))
    return (
        Markup('<span style="letter-spacing:{}em">{}</span>').format(_em(line.spacing), parts)
        if line.spacing
        else parts
    )


def _runs(text: str, line: Line, label: int) -> Iterator[Markup]:
    """The line in runs of one kind: inside the label or after it, Latin or not, set closer to the next or not."""
    kinds = [
        (at < label, not line.evenly and is_latin(text[at]), line.closed[at - line.start])
        for at in range(line.start, line.end)
    ]
    at = line.start
    for (labelled, latin, closed), members in groupby(kinds):
        end = at + sum(1 for _ in members)
        run = _run(text[at:end], line.spacing, latin=latin, closed=closed, last=end == line.end)
        yield Markup("<b>{}</b>").format(run) if labelled else run
        at = end


def _run(text: str, spacing: float, *, latin: bool, closed: int, last: bool) -> Markup:
    if closed:
        return Markup('<i style="letter-spacing:{}em">{}</i>').format(_em(spacing - closed), text)
    if latin and spacing and len(text) > 1:
        return Markup('<i style="letter-spacing:0;margin-right:{}em">{}</i>').format(0 if last else _em(spacing), text)
    return escape(text)


def _em(thousandths: float) -> str:
    return f"{thousandths / fonts.EM:.5f}"


# ---------------------------------------------------------------------------------------------------------------------
# Draws the QR code of a letter as vectors, sharp at every size and readable from paper.
# ---------------------------------------------------------------------------------------------------------------------


QUIET = 4  # modules of white around the code, as ISO 18004 wants

# Weighing all eight masks takes longer than setting the letter; the text of a letter's code is as good as random, so
# that none of them is better than another.
MASK = 3


def _segments(text: str) -> Any:
    """What stands before and behind the # of an address in the mode of capitals and digits, which has no #."""
    head, sign, rest = text.partition("#")
    if not sign:
        return text
    capitals, byte = consts.MODE_ALPHANUMERIC, consts.MODE_BYTE
    return [(head, capitals, None), (sign, byte, None), (rest, capitals, None)]


def _size(parts: Any, level: str) -> int:
    """How many modules a code of this level is wide, found without making it; 1,000 where none holds the text."""
    library: Any = encoder  # it has no types
    try:
        error = library.normalize_errorlevel(level)
        version: int = library.find_version(library.prepare_data(parts, None, None), error, eci=False, micro=False)
    except segno.DataOverflowError:
        return 1_000
    return 17 + 4 * version + 2 * QUIET


LEVELS = ("h", "q", "m")  # of mending: 30, 25, 15 of a hundred codewords

LEAST = (
    0.36  # millimetres a module: a scan at 100 dots an inch has 1.4 dots for it, of which a reader still makes it out
)


class Code:
    """The QR code of `text`. Raises ValueError where the text is longer than a code holds.

    It is of the level that mends most with modules that are not too small at the width of the print: a spot over an eighth of a code
    is more than level M can mend.

    The page has a drawing of one stroke in the code's place (`placeholder`), and the modules go straight into the file
    (`put_into`): a thousand commands read as SVG would take as long as setting all the text.

    :param width: of the print in millimetres, the quiet zone included.
    """

    def __init__(self, text: str, width: float) -> None:
        parts = _segments(text)
        level = next(one for one in LEVELS if one == LEVELS[-1] or _size(parts, one) * LEAST <= width)
        self._code: Any = segno.make(parts, error=level, micro=False, boost_error=False, mask=MASK)
        self.size = int(self._code.symbol_size(border=QUIET)[0])

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
