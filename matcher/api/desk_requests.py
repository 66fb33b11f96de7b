"""Read what a program sends to the desk: pages of lists, and bodies in which a profile stands beside other keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from flask import request

from matcher.firms import Document, Fault, Profile, numbers, shown
from matcher.presentation import catalogue
from matcher.rulebook import Text
from matcher.rulebook.language import Scalar
from matcher.text import yuan

from .desk_schemas import LARGEST_NUMBER, MOST_LISTED
from .operations import Parameter
from .problems import ProblemError, refused
from .requests import document, profile_of

W = TypeVar("W", bound=str)

LONGEST_QUERY = 100

_FURTHEST = 1_000_000

LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST_LISTED},
    Text(zh=f"一次几条，1 至 {MOST_LISTED}，不写是 50", en=f"how many at once, 1 to {MOST_LISTED}, 50 without it"),
)

OFFSET = Parameter(
    "offset",
    {"type": "integer", "minimum": 0, "maximum": _FURTHEST},
    Text(zh="跳过几条，不写是 0", en="how many to pass over, 0 without it"),
)

NUMBER = {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}


@dataclass(frozen=True)
class Body:
    """A body of the desk: the profile in it, the facts as they are kept, those told as null, and what stands beside."""

    profile: Profile
    stated: Mapping[str, Any]
    withdrawn: tuple[str, ...]
    beside: Mapping[str, Any]


def page_asked() -> tuple[int, int]:
    """The offset and the limit of a list. Raises ProblemError."""
    return whole_number("offset", 0, 0, _FURTHEST), whole_number("limit", 50, 1, MOST_LISTED)


def whole_number(name: str, usual: int, low: int, high: int) -> int:
    """A whole number among the parameters. Raises ProblemError for anything else, or one out of bounds."""
    told = request.args.get(name)
    if told is None:
        return usual
    if told.isascii() and told.isdecimal() and len(told) < 10 and low <= int(told) <= high:
        return int(told)
    text = Text(zh=f"应是 {low} 至 {high} 的整数", en=f"must be a whole number from {low} to {high}")
    raise refused([Fault(name, None, shown(told), text, (name,))])


def query_asked(name: str = "q") -> str:
    """A text to look for; empty without one. Raises ProblemError for one that is too long or no text."""
    told = request.args.get(name, "")
    if len(told) > LONGEST_QUERY or "\0" in told:
        text = Text(zh=f"最多 {LONGEST_QUERY} 个字", en=f"at most {LONGEST_QUERY} characters")
        raise refused([Fault(name, None, shown(told), text, (name,))])
    return told.strip()


def one_of(name: str, values: tuple[W, ...]) -> W | None:
    """One of these values among the parameters; None without one. Raises ProblemError."""
    return word(request.args, name, values)


def must_be_stored(number: int) -> None:
    """Refuse a number beyond all that a database counts (404): there is nothing of it."""
    if not 0 < number <= LARGEST_NUMBER:
        raise ProblemError(404, Text(zh="没有这个号", en="there is nothing of this number"))


def body(*beside: str, must: tuple[str, ...] = ()) -> Body:
    """The body as a profile without items, and the keys beside it. Raises ProblemError, naming every bad field."""
    found = document()
    data = found.data if isinstance(found.data, dict) else None
    bare = None if data is None else {key: value for key, value in data.items() if key not in beside}
    profile = profile_of(found if bare is None else replace(found, data=bare))
    faults = list(profile.faults)
    told: Mapping[str, Any] = data or {}
    if profile.items.all or profile.items.complete:
        text = Text(zh="这里每种事项只填一个，请写进 facts", en="here is one item of a kind: write it into facts")
        faults.append(Fault("items", None, "{…}", text, ("items",)))
    faults += [
        Fault(name, None, "", Text(zh=f"缺 {name}", en=f"{name} is missing"), (name,))
        for name in must
        if name not in told
    ]
    if faults:
        raise refused(faults)
    raw = told.get("facts") or {}
    stated = {name: as_kept(name, value) for name, value in profile.facts.items()}
    return Body(
        profile,
        stated,
        tuple(name for name, value in raw.items() if value is None),
        {name: told[name] for name in beside if name in told},
    )


def bare_body(*names: str) -> Mapping[str, Any]:
    """The body as an object of these keys and no others. Raises ProblemError."""
    found: Document = document()
    if not isinstance(found.data, dict):
        text = Text(zh="应是一个对象", en="must be an object")
        raise refused([Fault("file", None, shown(found.data), text)])
    listed = ", ".join(names)
    text = Text(zh=f"没有这一项；可以写的有：{listed}", en=f"is not known here; known: {listed}")
    strange = [Fault(shown(key), None, "", text, (str(key),)) for key in found.data if key not in names]
    faults = [*found.faults, *strange]
    if faults:
        raise refused(faults)
    return found.data


def whole(told: Mapping[str, Any], name: str) -> int | None:
    """A whole number of a body, 1 or more; None where it is not told. Raises ProblemError."""
    value = told.get(name)
    if value is None and name not in told:
        return None
    text = str(value)
    if not isinstance(value, bool) and text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) > 0:
        return int(text)
    fault = Text(zh="应是不小于 1 的整数", en="must be a whole number, 1 or more")
    raise refused([Fault(name, None, shown(value), fault, (name,))])


def word(told: Mapping[str, Any], name: str, values: tuple[W, ...]) -> W | None:
    """One of these words of a body; None where it is not told. Raises ProblemError."""
    if name not in told:
        return None
    value = told[name]
    found = next((one for one in values if one == value), None)
    if found is not None:
        return found
    listed = ", ".join(values)
    fault = Text(zh=f"应是其中之一：{listed}", en=f"must be one of {listed}")
    raise refused([Fault(name, None, shown(value), fault, (name,))])


def as_kept(name: str, value: Scalar) -> Any:
    """A fact as a case keeps it: figures as decimal strings, money in yuan, days ISO 8601."""
    fact = catalogue().rulebook.facts[name]
    if isinstance(value, date):
        return value.isoformat()
    if fact.type == "money" and isinstance(value, int):
        return yuan(value)
    if isinstance(value, Fraction):
        return numbers.spelled(value)
    return value


def must_be_version(version: int | None, now: int) -> None:
    """Refuse (409) what was thought of another version of the case than it has now."""
    if version != now:
        text = Text(
            zh=f"办件已是第 {now} 版，请重新读取后再办",
            en=f"the case is at version {now} now: read it again first",
        )
        raise ProblemError(409, text)
