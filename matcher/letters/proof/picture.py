"""Finds the code of a letter in a scan, a photograph or a print to a file, and compares what is printed there with what it says.

What a code proves is what stands in it: all else in a picture may have been painted. Where the file has a layer of text, its first
page is held against the code line by line; a picture must be compared by whoever looks at it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from matcher.engine.choose import NUMBERS
from matcher.letters.compose import say
from matcher.text import bare_sum, capital, day

from .encoding import ELLIPSIS, is_statement
from .page_statement import bare, know, slug_of
from .paper import printed_text
from .statement import Page, PageStated, Statement
from .verdict import Fault, Verdict, fault
from .verify import Against, verify_statement

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook

MOST_PIXELS = 60_000_000

# Pages of a file, from its first, that are looked at: a code that lies open takes a fiftieth of the time of one that has to be searched
# for, and on most pages of a letter there is none.
MOST_PAGES, MOST_SEARCHED = 12, 4

_RESOLUTION = 220 / 72

_SMALLEST = 1400  # pixels across: what is smaller is looked at enlarged as well

_DIGITS = "0123456789,."

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

logging.getLogger("PIL").setLevel(logging.CRITICAL)


def verify_picture(data: bytes, against: Against, rulebook: Rulebook | None = None) -> Verdict:
    """Verify what the code in a picture or in a file without a signature says. Nothing is raised; what is wrong is among the faults.

    :param rulebook: by which the schemes' names are known, so that a layer of text can be compared.
    """
    try:
        found = list(dict.fromkeys(codes_in(data)))
    except MemoryError:
        raise
    except Exception:  # a library's many ways to say that this is no picture
        return Verdict("unknown", None, (fault("not_a_letter"),))
    if not found:
        return Verdict("unknown", None, (fault("code_unseen"),))
    if len({bare(one) for one in found}) > 1:
        return Verdict("unknown", None, (fault("codes_several"),))
    verdict = verify_statement(found[0], against)
    text = _text(data)
    if verdict.statement is None or not text:
        return verdict
    faults = [fault("not_as_set")] if _is_drawn_over(data) else list(differences(verdict.statement, text, rulebook))
    return replace(verdict, state="unknown", faults=(*verdict.faults, *faults)) if faults else verdict


def codes_in(data: bytes) -> Iterator[str]:
    """The statements of letters in a picture, or on the first pages of a PDF: those that lie open, and where there are none those of
    the first page on which one is found by other ways. Raises what the libraries raise."""
    lie_open = False
    for image in _images(data, MOST_PAGES):
        for one in _read(image):
            lie_open = True
            yield one
    if not lie_open:
        found = (codes_of(image) for image in _images(data, MOST_SEARCHED))
        yield from next(filter(None, found), [])


def codes_of(image: Image.Image) -> list[str]:
    """The statements of letters in a picture; a bad one is looked at in several ways, until one is found."""
    for tried in _ways(image):
        found = _read(tried)
        if found:
            return found
    return []


def _read(image: Image.Image) -> list[str]:
    read = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [one.text for one in read if is_statement(one.text)]


def _images(data: bytes, most: int) -> Iterator[Image.Image]:
    if data.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(data) as pdf:
            for number in range(min(len(pdf), most)):
                yield pdf[number].render(scale=_RESOLUTION, grayscale=True).to_pil()
        return
    try:
        with Image.open(BytesIO(data)) as opened:
            yield ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error


def _ways(image: Image.Image) -> Iterator[Image.Image]:
    """The picture, then larger, smoother, sharper: each cures what another does not."""
    yield image
    larger = image
    if image.width < _SMALLEST * 2:
        larger = image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)
        yield larger
    yield larger.filter(ImageFilter.GaussianBlur(1.2))
    yield larger.filter(ImageFilter.MedianFilter(3))
    yield ImageOps.autocontrast(larger, cutoff=4)
    if image.width < _SMALLEST:
        yield image.resize((image.width * 3, image.height * 3), Image.Resampling.LANCZOS)


def _text(data: bytes) -> str:
    """What is printed in a file, without blanks; empty for a picture, and for a file that has no text of its own."""
    if not data.startswith(b"%PDF"):
        return ""
    try:
        return printed_text(data)
    except MemoryError:
        raise
    except Exception:  # the text is another reader's work; the code was read already
        return ""


def _is_drawn_over(data: bytes) -> bool:
    """Whether a file has what no print of a letter has: notes, stamps, fields with a value or layers, which show something else than the
    words that are compared."""
    with pikepdf.open(BytesIO(data)) as pdf:
        noted = (note for page in pdf.pages[:MOST_PAGES] for note in page.get("/Annots", ()))
        return "/OCProperties" in pdf.Root or any(_draws(note) for note in noted)


def _draws(note: pikepdf.Object) -> bool:
    """Whether a viewer draws it: all but a link, and the place of the signature, which is taken out by printing."""
    if note.get("/Subtype") == "/Link":
        return False
    return note.get("/Subtype") != "/Widget" or note.get("/FT") != "/Sig" or "/AP" in note


def is_compared(data: bytes, statement: Statement) -> bool:
    """Whether the file has a text of its own that is a letter's of this number, which `verify_picture` held against the code."""
    return _bare(statement.number) in _text(data)


def differences(statement: Statement, text: str, rulebook: Rulebook | None) -> Iterator[Fault]:
    """What is printed otherwise than the code says; nothing where the text is not that of a letter.

    :param text: without blanks, as `paper.printed_text` gives it.
    """
    if _bare(statement.number) not in text and not (statement.credit_code and statement.credit_code in text):
        return  # letters that somebody's machine guessed from a picture are no ground for a verdict
    if not all(any(_bare(way) in text for way in ways) for ways in _essentials(statement)) or (
        isinstance(statement.matter, Page) and rulebook is not None and not _has_lines(statement.matter, text, rulebook)
    ):
        yield fault("text_differs")


def _essentials(statement: Statement) -> Iterator[tuple[str, ...]]:
    """What must stand in the text, each in one of its ways."""
    yield (statement.number,)
    if statement.name and "…" not in statement.name:
        yield (statement.name,)
    if statement.credit_code:
        yield (statement.credit_code,)
    for on in (statement.written_on, statement.valid_until, statement.as_of):
        if on is not None:
            yield day(on, "zh"), day(on, "en")
    if isinstance(statement.matter, Page) and statement.matter.numbers is not None:
        for name, fen in zip(NUMBERS, statement.matter.numbers, strict=True):
            yield tuple(_number(name, fen))


def _number(name: str, fen: int) -> Iterator[str]:
    """One of the three numbers with what stands before and behind it, in every way in which a letter may print it."""
    capitals = capital(fen).removeprefix("人民币")
    for lang, unit in (("zh", "元"), ("en", "yuan")):
        for key in (f"number.{name}", f"number.{name}.past"):
            label = say(key, lang)
            yield from (label + bare_sum(fen, cents=cents) + unit + capitals for cents in (False, True))
            if not fen:
                yield from (label + say(words, lang) for words in ("row.no_figure", "number.missing"))


def _has_lines(page: Page, text: str, rulebook: Rulebook) -> bool:
    """Whether the lines of a certificate stand in the text, one after the other, each with its own sum and day."""
    if page.numbers is None:
        return True
    know(rulebook.schemes)
    return any(_in_order(page.lines, text, rulebook, lang) for lang in ("zh", "en"))


def _in_order(lines: Iterable[PageStated], text: str, rulebook: Rulebook, lang: str) -> bool:
    said = list(lines)
    names = [_printed_name(one, rulebook, lang) for one in said]
    folded, at = text.casefold(), 0
    places = []
    for name in names:
        start = folded.find(_bare(name).casefold(), at) if name else at
        if start < 0:
            return False
        places.append(start + len(_bare(name)))
        at = places[-1]
    ends = [*places[1:], at + 200]
    return all(_says(one, text[start:end], lang) for one, start, end in zip(said, places, ends, strict=True))


def _printed_name(one: PageStated, rulebook: Rulebook, lang: str) -> str:
    """The name of a line as far as the code has it; empty where the scheme is not known."""
    scheme = rulebook.schemes.get(slug_of(one.mark))
    if scheme is None:
        return ""
    item = "" if one.item is None else f"“{one.item}”".replace(f"{ELLIPSIS}”", "")
    return scheme.name.get(lang) + item


def _says(one: PageStated, part: str, lang: str) -> bool:
    if one.fen is not None:
        sums = {bare_sum(one.fen), bare_sum(one.fen, cents=True)}
        if not any(_stands(figure, part) for figure in sums):
            return False
    return one.closes is None or _bare(day(one.closes, lang)) in part


def _stands(figure: str, part: str) -> bool:
    """Whether a figure stands there by itself, and not as a part of a longer one."""
    return any(
        part[found.start() - 1 : found.start()] not in _DIGITS[:-1] or not part[found.start() - 1 : found.start()]
        for found in re.finditer(re.escape(figure) + r"(?![0-9,]|\.[0-9])", part)
    )


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
