"""The shapes of what a centre keeps, as programs read and write it: firms, cases, letters, screenings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import JsonValue
from typing_extensions import TypedDict

from matcher.rulebook import Rulebook

from .schemas import DAY, Words, profile_schema

LARGEST_NUMBER = 2**31 - 1

MOST_LISTED = 100

LONGEST_VALID = 3650


class StatedFact(TypedDict):
    """A fact as it was told; ``source``: declared by the firm, confirmed on paper, or imported from a list."""

    value: JsonValue
    source: str
    on: str | None


class FirmHit(TypedDict):
    """A firm of the register that a text may mean, and why it was found."""

    credit_code: str
    name: str
    why: Words


class Firms(TypedDict):
    """The firms that a text may mean, the likeliest first."""

    firms: list[FirmHit]


class Closure(TypedDict):
    """That a firm was struck off: cancelled by itself, or its licence revoked."""

    kind: str
    on: str


class LetterItem(TypedDict):
    """A letter of the register. ``state``: valid, expired, past, revoked, superseded."""

    number: str
    code: str
    state: str
    kind: str
    language: str
    credit_code: str | None
    addressee: str | None
    schemes: list[str]
    written_on: str
    valid_until: str | None
    superseded_by: str | None
    page: str


class FirmDetail(TypedDict):
    """A firm of the register with what the centre may know of it on a day."""

    credit_code: str
    name: str
    as_of: str
    facts: dict[str, StatedFact]
    closed: Closure | None
    cases: list[int]
    letters: list[LetterItem]


class CaseItem(TypedDict):
    """A case of the centre. ``version`` counts its changes, and is sent back with a change; sums are yuan.

    ``due_on``: the day by which it is to be done, reckoned from the firm's deadlines until somebody sets it; null for none.
    """

    id: int
    version: int
    state: Literal["open", "waiting", "decided", "closed"]
    credit_code: str | None
    name: str | None
    as_of: str | None
    schemes: list[str] | None
    opened_at: str
    changed_at: str
    due_on: str | None
    firm_money: str | None
    page: str


class Cases(TypedDict):
    """Cases of the centre, the last changed first, and how many there are in all."""

    total: int
    cases: list[CaseItem]


class AskedLetter(TypedDict):
    """A letter asked for from a case: waiting for a second signature, issued under its number, or turned down with a reason."""

    id: int
    state: Literal["waiting", "issued", "refused"]
    number: str | None
    reason: str | None


class CaseDetail(CaseItem):
    """A case with the facts it rests on, what they come to, and the letters asked for from it."""

    facts: dict[str, StatedFact]
    statuses: dict[str, int]
    entitled: list[str]
    letters: list[AskedLetter]


class CaseVersion(TypedDict):
    """A case that was opened or changed, and the version that it has now."""

    id: int
    version: int


class LetterMade(TypedDict):
    """What became of a letter that was asked for: issued under a number, or waiting for a second signature (no number yet)."""

    id: int | None
    state: Literal["waiting", "issued"]
    number: str | None
    code: str | None


class Letters(TypedDict):
    """Letters of the centre, the last issued first, and how many there are in all."""

    total: int
    letters: list[LetterItem]


class ScreeningItem(TypedDict):
    """One pass over the register of firms for a day; ``firms`` is how many it has looked at so far."""

    id: int
    state: Literal["waiting", "running", "done", "failed"]
    as_of: str
    rulebook: str
    firms: int
    created_at: str
    finished_at: str | None


class Screenings(TypedDict):
    """Screenings of the register, the newest first."""

    screenings: list[ScreeningItem]


class SchemeFound(TypedDict):
    """How many of the centre's firms a scheme is for, how many of them nobody told, and the exact sums in yuan."""

    scheme: str
    status: str
    recipient: str | None
    firms: int
    untold: int
    amount: str


class ScreeningDetail(ScreeningItem):
    """A screening with what it found for the firms that are the centre's to tell."""

    found: list[SchemeFound]


class FirmFound(TypedDict):
    """A firm that a scheme is for; ``amount`` in yuan where it is exact, ``told_on`` where somebody told it."""

    credit_code: str
    name: str
    district: str | None
    status: str
    recipient: str | None
    amount: str | None
    told_on: str | None


class FirmsFound(TypedDict):
    """The centre's firms that a screening found a scheme for, and how many there are in all."""

    total: int
    firms: list[FirmFound]


DESK_ANSWERS: Mapping[str, Any] = {
    "Case": CaseDetail,
    "CaseVersion": CaseVersion,
    "Cases": Cases,
    "Firm": FirmDetail,
    "Firms": Firms,
    "FirmsFound": FirmsFound,
    "Letter": LetterItem,
    "LetterMade": LetterMade,
    "Letters": Letters,
    "Screening": ScreeningDetail,
    "ScreeningItem": ScreeningItem,
    "Screenings": Screenings,
}

"""The shapes of answers of the desk, by the name under which the document lists them."""


def desk_request_schemas(rulebook: Rulebook) -> dict[str, Any]:
    """The shapes of requests of the desk."""
    profile = profile_schema(rulebook)["properties"]
    version = {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}
    return {
        "CaseChange": _object(
            {
                "version": version,
                "facts": profile["facts"],
                "as_of": profile["as_of"],
                "schemes": profile["schemes"],
                "state": {"enum": ["open", "waiting", "decided", "closed"]},
                "due_on": {"anyOf": [DAY, {"type": "null"}]},
            },
            "version",
        ),
        "CaseOpening": _object(
            {
                "facts": profile["facts"],
                "as_of": profile["as_of"],
                "schemes": profile["schemes"],
                "although_open": {"type": "boolean"},
            },
            "facts",
        ),
        "LetterOrder": _object(
            {
                "version": version,
                "schemes": profile["schemes"],
                "kind": {"enum": ["eligibility", "missing"]},
                "language": {"enum": ["zh", "en", "both"]},
                "valid_days": {"type": "integer", "minimum": 1, "maximum": LONGEST_VALID},
                "supersedes": {"type": "string", "minLength": 1, "maxLength": 64},
            },
            "version",
        ),
        "ScreeningOrder": _object({"as_of": DAY}),
    }


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}
