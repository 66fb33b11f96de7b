"""Seals answers into a page that offers them, so that they can be taken or saved without being stored anywhere."""

from __future__ import annotations

from matcher.web.keep import Answers, sealed, wire

FIELD = "found"
_USE, _SECONDS = "offer", 12 * 3600
_LONGEST = 60_000  # characters: a longer field would be cut when it comes back


def close(answers: Answers) -> str:
    """The answers as a text for a hidden field."""
    return sealed.close(_USE, wire.pack(answers))


def close_if_short(answers: Answers) -> str:
    """The same; empty where they are too long to come back whole."""
    text = close(answers)
    return text if len(text) <= _LONGEST else ""


def opened(text: str) -> Answers | None:
    """The answers in a field; None where it was not sealed here or is too old."""
    packed = sealed.opened(_USE, text, _SECONDS)
    return wire.unpack(packed) if packed is not None else None
