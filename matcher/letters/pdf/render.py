"""Lays a letter out on A4 and makes the PDF: one warm renderer, this machine's fonts, nothing fetched from anywhere."""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import ceil
from xml.etree import ElementTree

import cssselect2
import jinja2
from markupsafe import Markup
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from matcher import places
from matcher.letters.compose import Attachment, Frame, Letter, Paragraph, frame, is_official, paragraphs, say
from matcher.text import spaced

from . import archive, fonts
from .markup import Code, set_paragraph

# What XML has no way to say: control characters and halves of characters.
UNPRINTABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ISSUED = ("number", "centre", "valid_until", "code", "site", "written_on", "kind")  # what both languages share

TYPE_AREA = 156 / 25.4 * 72  # points across

CODE_WIDTH, PAGE_CODE_WIDTH = (
    30,
    40,
)  # millimetres of the code of a letter and of a certificate, as static/letters has them


@dataclass(frozen=True, slots=True)
class Density:
    """How tight a sheet is set: the sizes, in points, of body and statements in each language."""

    name: str
    body: dict[str, float]
    small: dict[str, float]


# An official letter is always set open: 3号 on the grid of 22 lines. A sheet takes the first that keeps it on one page.
DENSITIES = (
    Density("open", {"zh": 15.75, "en": 11.5}, {"zh": 12, "en": 10.5}),
    Density("close", {"zh": 15.75, "en": 11.5}, {"zh": 10.5, "en": 10.5}),
    Density("dense", {"zh": 14, "en": 10.5}, {"zh": 10.5, "en": 9.5}),
    Density("fine", {"zh": 12, "en": 10}, {"zh": 9.5, "en": 9}),
)

# How far apart the rows of a certificate's table stand; the first that keeps the first page on one page.
PITCHES = tuple(replace(DENSITIES[0], name=name) for name in ("roomy", "middle", "narrow", "tight", "tight wide"))

# To how many characters the names of machines, loans … are shortened on a first page that holds them at no pitch; whole they stand
# in the annex, in the code and in the record.
_SHORT_NAMES = (20, 10, 6)

# Pango's font map is not for several threads at once, and one configuration for all letters keeps memory flat.
LOCK = threading.Lock()


class RenderError(Exception):
    """A letter that cannot be laid out: its text asked for something from outside."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A letter in one language with its frame: a bilingual one has two."""

    letter: Letter
    lang: str
    frame: Frame
    paragraphs: tuple[Paragraph, ...]


def render_pdf(letter: Letter, *, attachments: Sequence[Attachment] = ()) -> bytes:
    """The letter as a PDF/A-3a with `attachments` inside; the same letter and attachments give the same bytes.

    Raises RenderError if its layout reaches outside.
    """
    parts = _parts(letter, attachments)
    code = Code(letter.qr, CODE_WIDTH if letter.certificate is None else PAGE_CODE_WIDTH) if letter.qr else None
    with LOCK, _uncollected():
        try:
            return archive.write(_laid_out(parts, code), attachments, code, letter.written_on, _fetcher())
        except FatalURLFetchingError as error:
            # It derives from BaseException: `except Exception` higher up would let it kill the worker.
            raise RenderError(f"函件引用了外部资源 / the letter refers to something outside: {error}") from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Garbage is collected between letters and not within one: a page is a hundred thousand objects that all stay in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def warm_up() -> None:
    """Read template, style sheet and faces now, so that the first letter takes no longer than the next."""
    words = ("函",)
    render_pdf(Letter("zh", words, words[0], words, (), words, "", date(2026, 1, 1), kind="eligibility"))


def _parts(letter: Letter, attachments: Sequence[Attachment]) -> list[_Part]:
    """The letter, and the translation of a bilingual one under the same number, code and dates."""
    part = _part(letter, "en" if letter.lang == "en" else "zh", attachments)
    if letter.translation is None:
        return [part]
    issued = {name: getattr(letter, name) for name in _ISSUED}
    return [part, _part(replace(letter.translation, **issued), "en", attachments)]


def _part(letter: Letter, lang: str, attachments: Sequence[Attachment]) -> _Part:
    body = tuple(paragraphs(letter, lang)) if is_official(letter) and letter.certificate is None else ()
    return _Part(letter, lang, frame(letter, lang, attachments), body)


def _laid_out(parts: list[_Part], code: Code | None) -> Document:
    """The pages; a sheet is set tighter only where that saves a second page with a few lines on it, and the table of a
    certificate where its first page would not hold it."""
    if parts[0].letter.certificate is not None:
        widest = next((one for one in _certificates(parts, code) if _on_one_page(one, parts)), None)
        return widest or _render(parts, code, PITCHES[-1])
    first = _render(parts, code, DENSITIES[0])
    if is_official(parts[0].letter) or len(parts[0].letter.sections) != 1 or len(first.pages) != 2:
        return first
    tighter = (_render(parts, code, density) for density in DENSITIES[1:])
    return next((document for document in tighter if len(document.pages) == 1), first)


def _certificates(parts: list[_Part], code: Code | None) -> Iterator[Document]:
    """A certificate at ever closer pitches, then with ever shorter names of items, where it has such names."""
    for pitch in PITCHES[_first_pitch(parts) :]:
        yield _render(parts, code, pitch)
    for most in _SHORT_NAMES:
        shortened = [_with_short_names(part, most) for part in parts]
        if shortened != parts:
            yield _render(shortened, code, PITCHES[-1])


def _with_short_names(part: _Part, most: int) -> _Part:
    page = part.letter.certificate
    if page is None:
        return part
    groups = tuple(replace(one, rows=tuple(row.shortened(most) for row in one.rows)) for one in page.groups)
    return replace(part, letter=replace(part.letter, certificate=replace(page, groups=groups)))


# Of a certificate's page, in points: what is left for its table, a line of what stands under it, and a line of a row, what each row
# has besides, and a group's heading at each of PITCHES but the last, which is for long names alone. They only say where to begin:
# whether the page holds all of it is seen from the pages.
_TABLE, _REMARK = 300, 12

_PITCH = {
    "zh": ((14, 3.9, 23), (12.5, 2.4, 19), (12, 0.4, 16), (11, 0.4, 13)),
    "en": ((12, 5.4, 23), (11, 2.4, 19), (10.5, 0.4, 16), (10, 0.4, 13)),
}

_NAME = {"zh": (169, 10.5), "en": (153, 4.4)}  # the width of a scheme's column, and of a character in it

_LINE = {"zh": 48, "en": 112}  # characters of a remark on a line


def _first_pitch(parts: list[_Part]) -> int:
    """The widest pitch of the table that may keep the first page of every language on one page; trying one takes a fifth of the
    time of the whole letter."""
    return max(_pitch_of(part) for part in parts)


def _pitch_of(part: _Part) -> int:
    page = part.letter.certificate
    if page is None:
        return 0
    width, sign = _NAME[part.lang]
    rows = [ceil(len(row.name) * sign / width) for group in page.groups for row in group.rows]
    left = _TABLE - _REMARK * sum(ceil(len(remark) / _LINE[part.lang]) for remark in page.remarks)
    heights = (sum(rows) * line + len(rows) * more + len(page.groups) * head for line, more, head in _PITCH[part.lang])
    return next((at for at, height in enumerate(heights) if height <= left), len(_PITCH[part.lang]) - 1)


def _on_one_page(document: Document, parts: list[_Part]) -> bool:
    """Whether the first page of each language is one page: where the annex begins on the next."""
    starts = [0]
    for part in parts[:-1]:
        after = parts[parts.index(part) + 1]
        starts.append(_page_of(document, f"start-{after.lang}"))
    for start, part in zip(starts, parts, strict=True):
        end = _page_of(document, f"annex-{part.lang}") if part.letter.sections else start + 1
        if end != start + 1 or (not part.letter.sections and part is parts[-1] and len(document.pages) != start + 1):
            return False
    return True


def _page_of(document: Document, anchor: str) -> int:
    return next(at for at, page in enumerate(document.pages) if anchor in page.anchors)


def _render(parts: list[_Part], code: Code | None, density: Density) -> Document:
    page = _template().render(parts=parts, code=code, density=density, official=is_official(parts[0].letter))
    return _Page(page).render(stylesheets=[_sheet("letter.css", "certificate.css")], font_config=font_configuration())


class _Page(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """The template's page, read as the XML it is: that takes a tenth of the time of reading HTML."""

    def __init__(self, page: str) -> None:
        root = ElementTree.fromstring(UNPRINTABLE.sub("\ufffd", page))
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        self.base_url, self.url_fetcher, self.media_type = None, _fetcher(), "print"

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        """Our own sheet of what each element is, in the place of the one for all that HTML has."""
        return [_sheet("elements.css")]


def _fill(
    lang: str, text: str, size: float, indent: float = 0, label: str = "", narrower: float = 0, face: str = "FandolHei"
) -> Markup:
    """A paragraph of `size` points as markup: Chinese in lines that fill the type area, English left to the page.

    :param indent: of the first line, in characters; `narrower`: by how many characters all lines are shorter;
        `face`: of the label, as in the style sheet.
    """
    if lang == "en":
        return Markup("<b>{}</b>{}").format(label, text) if label else Markup("{}").format(text)
    return set_paragraph(label + text, TYPE_AREA / size - narrower, indent, len(label), face)


def _unbroken(line: str) -> Markup:
    """A line in which no phrase that fits into one, such as an office with its number, is parted where it breaks."""
    parts = (part for part in _PHRASE.findall(line) if part)
    return Markup("").join(Markup("<span>{}</span>").format(one) if _is_short(one) else one for one in parts)


_PHRASE = re.compile(r"[^，；;]*[，；;]?\s?")


def _is_short(phrase: str) -> bool:
    return sum(map(fonts.width, phrase)) <= 20 * fonts.EM  # of the 20.8 that the column of contacts is wide


def _signed(line: Markup) -> Markup:
    """A set line with the signs of statuses in the face that rows have them in."""
    return Markup(_SIGN.sub(r'<span class="sign">\g<0></span>', str(line)))


_SIGN = re.compile("[●◐◎]")


def _inset(name: str, size: float) -> float:
    """How many characters further in a signature begins, so that the name ends two characters from the right edge."""
    return round(max(0.0, TYPE_AREA / size - 2 - sum(map(fonts.width, name)) / fonts.EM), 3)


@cache
def _template() -> jinja2.Template:
    """The one template, with every value escaped: what a stranger typed is printed, never obeyed."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(places.templates_dir()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        fill=_fill, inset=_inset, say=say, signed=_signed, spaced_code=spaced, unbroken=_unbroken
    )
    return environment.get_template("letters/letter.html")


@cache
def _sheet(*names: str) -> CSS:
    """The style sheets of these names in static/letters as one, read once."""
    folder = places.static_dir() / "letters"
    text = "".join((folder / name).read_text(encoding="utf-8") for name in names)
    return CSS(string=text, font_config=font_configuration(), url_fetcher=_fetcher())


@cache
def font_configuration() -> FontConfiguration:
    """The one configuration for all that is set: one each would keep every face once more."""
    return FontConfiguration()


@cache
def _fetcher() -> URLFetcher:
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
