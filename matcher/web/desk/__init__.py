"""The desk's pages: signing in, finding a firm, cases, letters, spreadsheets, outreach, audit, dashboard, accounts."""

from flask import Flask

from matcher.web.desk import (
    accounts,
    audit,
    cases,
    centre,
    dashboard,
    frame,
    gate,
    handovers,
    home,
    letters,
    mine,
    outreach,
    runs,
)
from matcher.web.desk.door import sessions, sign_in

_MODULES = (
    sign_in,
    mine,
    home,
    cases,
    letters,
    handovers,
    runs,
    outreach,
    dashboard,
    audit,
    accounts,
    centre,
)
BLUEPRINTS = tuple(module.pages for module in _MODULES)

__all__ = ["BLUEPRINTS", "install"]


def install(app: Flask) -> None:
    """Let accounts sign in; give templates `can(action, centre)`."""
    sessions.install(app)
    frame.install(app)
    app.add_template_global(gate.can, "can")
