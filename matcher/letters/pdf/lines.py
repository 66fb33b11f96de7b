"""Breaks Chinese text into lines that are filled as evenly as can be, never inside a unit that must stay whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from matcher.text import CLOSING, LATIN_RUN, OPENING, is_latin

from . import fonts

# ---------------------------------------------------------------------------------------------------------------------
# Divides a text into units that no line break may enter, and says where its marks may be set closer (GB/T 15834).
# ---------------------------------------------------------------------------------------------------------------------


TIED = frozenset("…—～·")  # neither begin a line nor are parted from their like

# Marks whose glyph fills half of its square: the other half is air.
AIR_AFTER = frozenset("、，。；：）〕】〗」』”’》〉")

AIR_BEFORE = frozenset("（〔【〖「『“‘《〈")

# What stays with a figure before it, so that no line begins with a lonely 元.
MEASURES = frozenset("元年月日号")

HALF = 500  # thousandths of an em

QUARTER = 250

PAUSES = frozenset("、，；：")

LONGEST = 12  # ems: a run of Latin letters longer than this may be parted after a mark inside it, as addresses are

_TOKEN = re.compile(rf"{LATIN_RUN.pattern}|\s+|.", re.S)

_PARTS = re.compile(r"[^/.\-_?&=@:,]*(?:[/.\-_?&=@:,]+|$)")


def units(text: str) -> list[str]:
    """`text` in pieces between which a line may break; together they are the text again."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        parts = _parted(token)
        if found and _stays(found[-1], token):
            found[-1] += parts.pop(0)
        found += parts
    return found


def _stays(before: str, token: str) -> bool:
    """Whether `token` may not begin a line after `before`; a blank stays with what it follows."""
    return (
        token[0] in CLOSING or token[0] in TIED or before[-1] in OPENING or token.isspace() or _measures(before, token)
    )


def _measures(before: str, token: str) -> bool:
    return token in MEASURES and before[-1].isdecimal() and len(before) <= LONGEST


def _parted(token: str) -> list[str]:
    """A long run of Latin letters after its inner marks, and a very long word anywhere: no line holds it."""
    if len(token) <= LONGEST * 2 or not is_latin(token):
        return [token]
    parts = [part for part in _PARTS.findall(token) if part]
    return [part[at : at + LONGEST] for part in parts for at in range(0, len(part), LONGEST)]


def closings(text: str) -> list[int]:
    """How much closer each character is set to the next one: half an em where the air of two marks meets."""
    return [HALF if _airy(one, other) else 0 for one, other in pairwise(text)] + [0] * bool(text)


def _airy(one: str, other: str) -> bool:
    """Two marks in a row need the air of one of them only."""
    return (one in AIR_AFTER and (other in AIR_AFTER or other in AIR_BEFORE)) or (
        one in AIR_BEFORE and other in AIR_BEFORE
    )


def room(text: str) -> list[int]:
    """How much more each character may close up to the next where that saves a bad line; a full stop keeps its air."""
    return [
        QUARTER if one in PAUSES or (one in AIR_AFTER and one != "。") or other in AIR_BEFORE else 0
        for one, other in pairwise(text)
    ] + [0] * bool(text)


# ---------------------------------------------------------------------------------------------------------------------
# Breaks a paragraph into lines so that all are filled as evenly as can be, and says by how much each is spaced out.
# ---------------------------------------------------------------------------------------------------------------------


CHOICES = 4  # how many of the last breaks that fit a line are weighed against each other

SHORT = 2 * fonts.EM + 1  # a last line of one character and its full stop looks lost

UNSEEN = 30  # thousandths of an em more or less after each character that no reader notices, not even in a number

EVEN = 15  # thousandths of an em that a line may be off the edge, a twelfth of a millimetre

MOST = 150  # thousandths of an em: a line that would be spaced out more stays short, or a reader's search takes it for words apart

LOST = 3.0  # its cost, beside the squares of _cost


@dataclass(frozen=True, slots=True)
class Line:
    """A line from `start` to `end` of its paragraph (trailing blanks left out), in thousandths of an em."""

    start: int
    end: int
    spacing: float  # added after each character that is spaced, or taken where it is negative
    evenly: bool  # whether Latin words and figures are spaced too, which is not seen where it is little
    closed: tuple[int, ...]  # how much closer each character is set to the next


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph with everything about its characters that a line is reckoned from."""

    text: str
    ends: list[int]  # where lines may end
    edge: list[int]  # the width up to each character, marks set closer
    gaps: list[int]  # the gaps up to each character that may be spaced out
    slack: list[int]  # the room up to each character that marks can still give
    close: list[int]
    room: list[int]


def break_lines(text: str, widths: Sequence[int], measure: int, indent: int = 0) -> list[Line]:
    """The lines of `text`, whose characters have `widths`, on `measure` (thousandths of an em), the first of them shorter by `indent`.

    No line begins or ends with a mark that may not stand there; figures and Latin words stay whole. Of the ways to
    break it the one with the smallest sum of squares of spacing is taken, as Knuth and Plass do for Latin text.
    """
    read = _read(text, widths)
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}  # end of a line → cost so far, start of that line
    waiting = [0]
    last = len(text)
    for start in waiting:
        for end in _choices(read, start, measure - (0 if start else indent)):
            cost = best[start][0] + _cost(read, start, end, measure - (0 if start else indent))
            if end not in best and end < last:
                _insert(waiting, end)
            if end not in best or cost < best[end][0]:
                best[end] = (cost, start)
    return [_line(read, start, end, measure - (0 if start else indent)) for start, end in _path(best, last)]


def _read(text: str, widths: Sequence[int]) -> _Text:
    close, spare = closings(text), room(text)
    parts = units(text)
    set_closer = (width - less for width, less in zip(widths, close, strict=True))
    return _Text(
        text,
        list(accumulate(map(len, parts))),
        [0, *accumulate(set_closer)],
        [0, *accumulate(_spaced(text))],
        [0, *accumulate(spare)],
        close,
        spare,
    )


def _spaced(text: str) -> Iterator[int]:
    """1 for each character that may be spaced from the next: inside a Latin word or a figure there is no such gap."""
    for at, character in enumerate(text):
        yield int(not (is_latin(character) and at + 1 < len(text) and is_latin(text[at + 1])))


def _insert(waiting: list[int], end: int) -> None:
    """Starts are taken in order, so that each is settled before a line begins there."""
    waiting.insert(bisect_right(waiting, end), end)


def _stop(read: _Text, end: int) -> int:
    """Where the ink of a line that ends at `end` stops: blanks there are not set."""
    while end and read.text[end - 1].isspace():
        end -= 1
    return end


def _width(read: _Text, start: int, end: int) -> int:
    stop = _stop(read, end)
    return read.edge[stop] - read.edge[start] + read.close[stop - 1] if stop > start else 0


def _spare(read: _Text, start: int, end: int) -> int:
    stop = _stop(read, end)
    return read.slack[stop - 1] - read.slack[start] if stop > start else 0


def _choices(read: _Text, start: int, measure: int) -> Sequence[int]:
    """The ends a line from `start` may have: the last few that fit, or the next one where nothing fits."""
    first = bisect_right(read.ends, start)
    after = max(first, bisect_right(read.ends, bisect_right(read.edge, read.edge[start] + measure - HALF) - 1))
    while after < len(read.ends) and _fits(read, start, read.ends[after], measure):
        after += 1
    return read.ends[max(first, after - CHOICES) : max(after, first + 1)]


def _fits(read: _Text, start: int, end: int, measure: int) -> bool:
    return _width(read, start, end) - _spare(read, start, end) <= measure


def _cost(read: _Text, start: int, end: int, measure: int) -> float:
    """How bad a line is: the square of what is added to each gap, or of the share of its room that it must give."""
    left = measure - _width(read, start, end)
    if end == len(read.text):
        return LOST if start and _width(read, start, end) < SHORT else _squeezed(read, start, end, left)
    if left < 0:
        return _squeezed(read, start, end, left)
    return (left / max(1, _gaps(read, start, end)) / 50) ** 2


def _squeezed(read: _Text, start: int, end: int, left: int) -> float:
    return (left / max(1, _spare(read, start, end))) ** 2 if left < 0 else 0.0


def _gaps(read: _Text, start: int, end: int) -> int:
    stop = _stop(read, end)
    return read.gaps[stop - 1] - read.gaps[start] if stop > start else 0


def _path(best: dict[int, tuple[float, int]], last: int) -> list[tuple[int, int]]:
    """The lines of the best way, from the last back to the first."""
    path = []
    while last:
        path.append((best[last][1], last))
        last = best[last][1]
    return path[::-1]


def _line(read: _Text, start: int, end: int, measure: int) -> Line:
    """The line with its slack spread: over all gaps where that is not seen, else over gaps or, too long, over marks."""
    stop, left = _stop(read, end), measure - _width(read, start, end)
    gaps, everywhere = max(1, _gaps(read, start, end)), max(1, stop - start - 1)
    evenly = abs(left) / everywhere <= UNSEEN
    closed = read.close[start:stop]
    if left < 0 and not evenly:
        share = -left / max(1, _spare(read, start, end))
        closed = [less + round(share * more) for less, more in zip(closed, read.room[start:stop], strict=True)]
    if closed:
        closed[-1] = 0
    stays = left > 0 and (end == len(read.text) or (not evenly and left / gaps > MOST))
    if stays or (left < 0 and not evenly) or abs(left) < EVEN:
        return Line(start, stop, 0.0, True, tuple(closed))
    return Line(start, stop, left / (everywhere if evenly else gaps), evenly, tuple(closed))
