"""The queue of what the rules await: versions unconfirmed, ending or due, with what is awaited and the last terms."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from matcher.accounts import CITY, me, require
from matcher.db import reading
from matcher.engine import SPAN_DAYS, review_queue, unread_instruments
from matcher.outreach import current_screening, reach_of_screening
from matcher.presentation import catalogue, outline, queue_row
from matcher.text import desk_labels, figures, sentences, today
from matcher.web import engine, language

pages = Blueprint("desk_rules", __name__)

_SPANS = (30, SPAN_DAYS, 180, 365)


@dataclass(frozen=True)
class UnreadText:
    """A text of the law that nobody has read: number, title, how it was seen, the schemes that rest on it (slug, name)."""

    number: str
    title: str
    seen: str
    schemes: tuple[tuple[str, str], ...]


@pages.get("/desk/rules")
@require("rules.see")
def queue() -> str:
    """The queue, weighed by the last screening of the register: the city's firms, or the own district's."""
    book, lang, day, own = catalogue().rulebook, language.lang(), today(), me().centre
    typed = request.args.get("within", "")
    span = int(typed) if typed in map(str, _SPANS) else SPAN_DAYS
    with reading(engine()) as opened:
        standing = current_screening(opened, book.hash, day)
        reach = reach_of_screening(standing, None if own == CITY else (own,)) if standing else None
    found = review_queue(book, day, span, reach)
    return render_template(
        "desk/rules.html",
        rows=[queue_row(book, one, lang, for_authors=False) for one in found],
        counts=[
            (label, count)
            for state, label in desk_labels.QUEUE_STATE.items()
            if (count := sum(one.state == state for one in found))
        ],
        unread=[
            UnreadText(
                one.number,
                one.title,
                sentences.say(desk_labels.SEEN[one.seen], lang),
                tuple((slug, book.schemes[slug].name.get(lang)) for slug in slugs),
            )
            for one, slugs in unread_instruments(book, day)
        ],
        standing=standing,
        day=figures.day(day, lang),
        screened=None if standing is None else figures.day(standing.as_of, lang),
        outline=outline,
        span=span,
        said_span=sentences.count(lang, span, "day"),
        spans=[(str(one), sentences.count(lang, one, "day")) for one in _SPANS],
    )
