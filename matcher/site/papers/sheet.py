"""Sets the result sheet: what was found, on one side of A4 where it fits, marked as a self-check and not as a letter."""

from datetime import date
from functools import cache

from flask import render_template
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from matcher import places
from matcher.engine import district_of
from matcher.letters.pdf import LOCK
from matcher.presentation import Group, ledger, results
from matcher.site.interview import Visit
from matcher.text import figures, sentences

# In full, by name only, or as a number: what can be used comes first, what is not for the firm is only counted.
_IN_FULL = ("eligible", "applies", "others")

_NAMED = ("needs_decision", "almost", "service", "others_decision", "needs_information")

# From the roomiest setting to the tightest (points); the first that fits on one side is taken.
_SIZES = (10, 9, 8.25)


class SheetError(Exception):
    """A sheet that cannot be set: it asked for something from outside."""


def sheet_pdf(visit: Visit, written_on: date, lang: str) -> bytes:
    """The sheet of a visit as a tagged PDF. Raises SheetError if its layout reaches outside."""
    try:
        with LOCK:
            pdf: bytes = _fitted(_html(visit, written_on, lang)).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        # It derives from BaseException: `except Exception` higher up would let it kill the worker.
        raise SheetError(f"the result sheet refers to something outside: {error}") from error
    return pdf


def _html(visit: Visit, written_on: date, lang: str) -> str:
    stated = [decision.to_json() for decision in visit.decisions]
    district, unasked = district_of(visit.told.facts), visit.survey.unasked
    found = results(visit.book, stated, visit.as_of, False, lang, district=district, unasked=unasked)
    return render_template(
        "papers/sheet.html",
        results=found,
        ledger=ledger(visit.book, visit.money, lang),
        firm=visit.told.facts.get("name") or sentences.say("（未填单位名称）", lang),
        as_of=figures.day(visit.as_of, lang),
        written_on=figures.day(written_on, lang),
        edition=visit.book.rulebook.hash[:12],
        full=_of(found.groups, _IN_FULL),
        named=_of(found.groups, _NAMED),
        counted=[group for group in found.groups if group.key not in _IN_FULL + _NAMED],
        clauses={slug: _clauses(visit, slug, lang) for slug in visit.book.rulebook.schemes},
    )


def _of(groups: tuple[Group, ...], keys: tuple[str, ...]) -> list[Group]:
    return sorted((group for group in groups if group.key in keys), key=lambda group: keys.index(group.key))


def _clauses(visit: Visit, slug: str, lang: str) -> str:
    """The measures that a scheme stands in, short enough for the margin."""
    numbers = visit.book.scheme(slug).measures
    return (
        sentences.say("第{numbers}条", lang, numbers=sentences.listed([str(n) for n in numbers], lang))
        if numbers
        else ""
    )


def _fitted(html: str) -> Document:
    """The first setting that fits on one side; the roomiest where none does."""
    source = HTML(string=html, url_fetcher=_fetcher())
    settings = (source.render(stylesheets=[_style(size)], font_config=_fonts()) for size in _SIZES)
    roomiest = next(settings)
    if len(roomiest.pages) == 1:
        return roomiest
    return next((document for document in settings if len(document.pages) == 1), roomiest)


@cache
def _style(size: float) -> CSS:
    text = (places.static_dir() / "papers" / "sheet.css").read_text(encoding="utf-8")
    return CSS(string=f"{text}\nhtml {{ font-size: {size}pt }}", font_config=_fonts(), url_fetcher=_fetcher())


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _fetcher() -> URLFetcher:
    return URLFetcher(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
