"""Which page of a long list is asked for."""

from __future__ import annotations

from flask import request

_LONGEST = 6


def page_number() -> int:
    """The page that the address asks for, from 1; the first where it says none that there can be."""
    told = request.args.get("page", "")
    return max(1, int(told)) if told.isascii() and told.isdecimal() and len(told) <= _LONGEST else 1
