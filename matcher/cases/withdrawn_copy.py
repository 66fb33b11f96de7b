"""A letter that holds no more as it is shown and printed at the desk: each page says so across it; the file itself stays as it is."""

from __future__ import annotations

import html
import io

import pikepdf
from weasyprint import HTML

from matcher.letters import STATES, RegisterEntry
from matcher.letters.pdf import LOCK

_PAGE = """<style>@page {{ size: A4; margin: 0 }}
p {{ position: fixed; top: 118mm; left: -20mm; width: 250mm; margin: 0; transform: rotate(-32deg); text-align: center;
font: 600 46pt/1.3 sans-serif; color: rgba(176, 32, 26, 0.38) }} small {{ display: block; font-size: 18pt }}</style>
<p>{first}<small>{second}</small></p>"""


def as_printed(entry: RegisterEntry, content: bytes) -> bytes:
    """The letter's file as it may be printed: itself, or where the letter was withdrawn a copy that says so across each page."""
    if entry.withdrawal is None:
        return content
    state = STATES[entry.withdrawal]
    return withdrawn_copy(content, state.zh, " ".join(filter(None, (state.en, entry.superseded_by))))


def withdrawn_copy(content: bytes, first: str, second: str) -> bytes:
    """The pages of a letter with two lines of text across each. Its signature is not in the copy: it would not cover this."""
    with LOCK:
        stamp = HTML(string=_PAGE.format(first=html.escape(first), second=html.escape(second))).write_pdf()
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as letter, pikepdf.open(io.BytesIO(stamp or b"")) as across:
        copy = pikepdf.new()
        for page in letter.pages:
            if "/Annots" in page:
                del page["/Annots"]
        copy.pages.extend(letter.pages)
        for at in range(len(copy.pages)):
            pikepdf.Page(copy.pages[at]).add_overlay(pikepdf.Page(across.pages[0]), None)
        copy.save(made, deterministic_id=True)
    return made.getvalue()
