"""The OpenAPI document of the interface, and the same as a page to read."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template, url_for

from matcher.presentation import catalogue, own_address

from .blueprint import pages
from .catalogue_views import lasting
from .openapi import document
from .operations import JSON, SCOPES
from .problems import TITLES


@pages.get("/openapi.json")
def openapi() -> Response:
    """The document. Made at the first request of a process: the rules do not change beneath it."""
    return lasting(_document(), JSON)


@pages.get("/docs")
def docs() -> str:
    """The page: every address with what it takes and gives, the refusals, the scopes."""
    found = _document()
    entries = [
        (path, method.upper(), entry) for path, methods in found["paths"].items() for method, entry in methods.items()
    ]
    return render_template(
        "api/docs.html",
        entries=entries,
        scopes=SCOPES,
        problems=TITLES,
        version=found["info"]["version"],
        embed_at=own_address("embed.script") or url_for("embed.script"),
    )


def _document() -> dict[str, Any]:
    kept: dict[str, Any] | None = current_app.extensions.get(_KEY)
    if kept is None:
        kept = current_app.extensions[_KEY] = document(current_app, catalogue().rulebook)
    return kept


_KEY = "matcher.openapi"
