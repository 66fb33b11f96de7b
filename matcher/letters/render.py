"""Lays a letter out on A4 and makes the PDF: one warm renderer, this machine's fonts, nothing fetched from anywhere."""

from __future__ import annotations

import threading
from functools import cache

import jinja2
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from matcher import places
from matcher.letters.fonts import check_fonts
from matcher.letters.letter import Letter

__all__ = ["DENSITIES", "RenderError", "check_fonts", "render_pdf"]

# How tight the statements of a section are set. A letter on one scheme takes the first that keeps it on one page.
DENSITIES = ("open", "close", "dense", "fine")

# Pango's font map is not for several threads at once, and one configuration for all letters keeps memory flat.
_LOCK = threading.Lock()


class RenderError(Exception):
    """A letter that cannot be laid out: its text asked for something from outside."""


def render_pdf(letter: Letter) -> bytes:
    """The letter as a PDF; the same letter gives the same bytes. Raises RenderError if its layout reaches outside."""
    with _LOCK:
        try:
            return _written(_laid_out(letter))
        except FatalURLFetchingError as error:
            # It derives from BaseException: `except Exception` higher up would let it kill the worker.
            raise RenderError(f"函件引用了外部资源 / the letter refers to something outside: {error}") from error


def _laid_out(letter: Letter) -> Document:
    """The pages; tighter only where that saves a second page with a few lines on it."""
    first = _render(letter, DENSITIES[0])
    if len(letter.sections) != 1 or len(first.pages) != 2:
        return first
    tighter = (_render(letter, density) for density in DENSITIES[1:])
    return next((document for document in tighter if len(document.pages) == 1), first)


def _render(letter: Letter, density: str) -> Document:
    html = _template().render(letter=letter, density=density)
    return HTML(string=html, url_fetcher=_fetcher()).render(stylesheets=[_style()], font_config=_font_configuration())


def _written(document: Document) -> bytes:
    pdf = document.write_pdf()
    assert isinstance(pdf, bytes)
    return pdf


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
    return environment.get_template("letters/letter.html")


@cache
def _style() -> CSS:
    text = (places.static_dir() / "letters" / "letter.css").read_text(encoding="utf-8")
    return CSS(string=text, font_config=_font_configuration(), url_fetcher=_fetcher())


@cache
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


@cache
def _fetcher() -> URLFetcher:
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
