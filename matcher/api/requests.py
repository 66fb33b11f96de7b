"""Read what a request of the interface brings: its day, its JSON, its profile; what cannot be used is refused by name."""

from __future__ import annotations

from datetime import date

from flask import request

from matcher.firms import Document, Fault, Profile, Unreadable, decode, read_date, read_json, read_profile, shown
from matcher.presentation import catalogue
from matcher.rulebook import Text
from matcher.text import today

from .operations import JSON
from .problems import ProblemError, refused


def asked_day() -> date:
    """The day that `?as_of=` asks for, today without it. Raises ProblemError."""
    only("as_of")
    return day_told()


def day_told() -> date:
    """The same where further parameters may stand beside."""
    told = request.args.get("as_of")
    day = today() if told is None else read_date(told)
    if isinstance(day, Text):
        raise refused([Fault("as_of", None, shown(told), day, ("as_of",))])
    return day


def only(*names: str) -> None:
    """Refuse parameters that nothing reads: whoever mistypes one must not take the answer for another day's."""
    faults = [
        Fault(shown(name), None, shown(request.args[name]), _unknown(name, names), (name,))
        for name in request.args
        if name not in names
    ]
    if faults:
        raise refused(faults)


def _unknown(name: str, names: tuple[str, ...]) -> Text:
    listed = ", ".join(names) or "–"
    return Text(
        zh=f"这里没有参数 {shown(name)}；可以写的有：{listed}",
        en=f"there is no parameter {shown(name)} here; known: {listed}",
    )


def document() -> Document:
    """The JSON of the body. Raises ProblemError: 415 for another type, 400 for what is no JSON."""
    must_be(JSON)
    try:
        found = read_json(decode(request.get_data()))
    except Unreadable as error:
        raise refused(error.faults, 400) from None
    return found


def must_be(*media_types: str) -> None:
    """Refuse a body of another type (415)."""
    if request.mimetype not in media_types:
        listed = ", ".join(media_types)
        raise ProblemError(415, Text(zh=f"Content-Type 应是 {listed}", en=f"Content-Type must be {listed}"))


def profile_of(found: Document, name: str = "profile", line: int | None = None) -> Profile:
    """A document as a profile, its faults inside; nothing at its top level is passed over."""
    return read_profile(catalogue().rulebook, found, name, line, strict=True)
