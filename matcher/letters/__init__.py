"""Writes the letter: composes the words out of decisions, and prints them as a PDF in the official letter form."""

from matcher.letters.attachment import Attachment
from matcher.letters.compose import compose
from matcher.letters.letter import Amount, Letter, Row, Section
from matcher.letters.reference import compose_extract, compose_rule_sheet
from matcher.letters.render import RenderError, check_fonts, render_pdf

__all__ = [
    "Amount",
    "Attachment",
    "Letter",
    "RenderError",
    "Row",
    "Section",
    "check_fonts",
    "compose",
    "compose_extract",
    "compose_rule_sheet",
    "render_pdf",
]
