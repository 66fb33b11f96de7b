"""The firms of a centre that lose or gain on the next day on which the rules change, as a list to work through."""

from __future__ import annotations

from typing import get_args

from flask import render_template, request

from matcher.accounts import me, require, staff
from matcher.db import reading
from matcher.presentation import catalogue
from matcher.text import figures, today
from matcher.web import engine, language, page_number

from .blueprint import pages
from .models import OutlookSide
from .outlook import outlook_of, shifted_cases

_ON_A_PAGE = 50


@pages.get("/desk/outlook")
@require("case.see")
def outlook() -> str:
    """The firms that lose (`side=lost`) or gain (`gained`), by one scheme or by all, the most money first."""
    account, book, lang = me(), catalogue(), language.lang()
    side: OutlookSide = next((one for one in get_args(OutlookSide) if one == request.args.get("side")), "lost")
    asked = request.args.get("scheme", "")
    scheme = asked if asked in book.rulebook.schemes else None
    page = page_number()
    with reading(engine()) as active:
        found = outlook_of(active, book.rulebook, account.centre, today())
        start = (page - 1) * _ON_A_PAGE
        rows = (
            shifted_cases(active, account.centre, found.next_on, side, scheme, start, _ON_A_PAGE + 1) if found else ()
        )
        clerks = staff(active, account.centre)
    return render_template(
        "desk/outlook.html",
        outlook=found,
        day=figures.day(found.next_on, lang) if found else "",
        side=side,
        scheme=scheme,
        scheme_name=lambda slug: book.scheme(slug).name.get(lang) if slug in book.rulebook.schemes else slug,
        rows=rows[:_ON_A_PAGE],
        page=page,
        has_more=len(rows) > _ON_A_PAGE,
        staff=clerks,
        yuan=figures.bare_sum,
    )
