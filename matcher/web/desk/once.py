"""Marks a form, so that pressed twice, in two tabs or after going back it does its work once."""

from __future__ import annotations

import re
import secrets

from flask import request

from matcher.web.desk.gate import me

FIELD = "once"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def new_once() -> str:
    """A mark for a new form."""
    return secrets.token_urlsafe(16)


def sent_once() -> str | None:
    """The mark of the form that was sent, as the store keeps it: with whoever sent it. None for a form without one."""
    told = request.form.get(FIELD, "")
    return f"{me().id}:{told}" if _SHAPE.fullmatch(told) else None
