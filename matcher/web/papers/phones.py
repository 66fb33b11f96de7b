"""Finds the public service numbers that a scheme's own words name; none is known besides those."""

import re

from matcher.rulebook import Scheme

# The five digits of a public service line, standing alone: 12366 (taxes), 12333 (labour), 12315 (market), 12345 (city).
_NUMBER = re.compile(r"(?<!\d)12[13]\d\d(?!\d)")


def phones(scheme: Scheme) -> tuple[str, ...]:
    """The numbers in a scheme's channel, department and notes, in their order."""
    texts = [scheme.channel, scheme.department, *scheme.notes]
    found = (number for text in texts if text is not None for number in _NUMBER.findall(text.zh))
    return tuple(dict.fromkeys(found))
