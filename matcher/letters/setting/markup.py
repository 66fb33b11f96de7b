"""Writes set lines as markup for the page: one run a line, with its spacing, its closer marks and its label."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

from matcher.letters.setting import faces
from matcher.letters.setting.lines import Line, break_lines
from matcher.letters.setting.units import is_latin


def set_paragraph(text: str, ems: float, indent: float = 0, label: int = 0, label_face: str = "") -> Markup:
    """`text` in lines of `ems` characters, escaped, for an element that keeps blanks and line ends.

    :param indent: by how many characters the first line begins further in (the style sheet indents it).
    :param label: how many characters at the start are a label, which stands in an element ``b`` and in `label_face`.
    """
    labelled = (label_face, *faces.TEXT)
    widths = [faces.width(sign, labelled if at < label else faces.TEXT) for at, sign in enumerate(text)]
    lines = break_lines(text, widths, int(ems * faces.EM), int(indent * faces.EM))
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
    return f"{thousandths / faces.EM:.5f}"
