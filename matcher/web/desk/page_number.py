"""Which page of a long list is asked for, and how many there are."""

from __future__ import annotations

from flask import request

_LONGEST = 6


def page_number() -> int:
    """The page that the address asks for, from 1; the first where it says none that there can be."""
    told = request.args.get("page", "")
    return max(1, int(told)) if told.isascii() and told.isdecimal() and len(told) <= _LONGEST else 1


def last_page(total: int, on_a_page: int) -> int:
    """How many pages so many rows take; an empty list has one."""
    return max(1, -(-total // on_a_page))
