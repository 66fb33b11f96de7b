"""Finds what no text may hold: halves of surrogate pairs, which JSON and YAML can spell and no database or page can keep."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def has_half_character(data: object) -> bool:
    """Whether a text, or any text in lists and objects at any depth, a key or a value, holds half a character."""
    level = [data]
    while level:
        below: list[object] = []
        for one in level:
            if isinstance(one, str) and _HALF.search(one):
                return True
            if isinstance(one, dict):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list | tuple):
                below += one
        level = below
    return False
