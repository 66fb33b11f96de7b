"""The list of all schemes: searched by plain words, narrowed by kind of help, whom, district, last day and industry."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from matcher.alerts import is_offered
from matcher.presentation import catalogue, entries, scheme_list
from matcher.text import today
from matcher.web import language

pages = Blueprint("schemes", __name__)

_LONGEST = 80


@pages.get("/schemes")
def listing() -> str:
    """The list. What narrows it stands in the address, so that a list can be sent on; nothing of it is kept."""
    book, lang = catalogue(), language.lang()
    asked = {name: entries.printable(request.args.get(name, "").strip()[:_LONGEST]) for name in _FIELDS}
    wanted = scheme_list.Wanted(**{_FIELDS[name]: value for name, value in asked.items()})
    return render_template(
        "schemes.html",
        found=scheme_list.listing(book, wanted, today(), lang),
        wanted=wanted,
        districts=book.fact("district").values,
        kinds=scheme_list.KINDS,
        whom=tuple(scheme_list.WHOM),
        due=scheme_list.DUE,
        query=request.query_string.decode("latin-1"),
        edition=book.rulebook.hash[:12],
        has_alerts=is_offered(),
    )


_FIELDS = {"q": "words", "kind": "kind", "whom": "whom", "district": "district", "due": "due", "industry": "industry"}


@pages.get("/schemes/<slug>")
def one(slug: str) -> Response:
    """Whoever guesses the address of a scheme from that of the list is led to its page."""
    if slug not in catalogue().rulebook.schemes:
        abort(404)
    return redirect(url_for("document.scheme", slug=slug), 303)  # type: ignore[return-value]
