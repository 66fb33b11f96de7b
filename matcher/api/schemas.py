"""The shapes that the interface publishes, as JSON Schema 2020-12: answers from the engine's records, a profile from the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired

from pydantic import JsonValue, TypeAdapter
from typing_extensions import TypedDict

from matcher.engine import DecisionRecord, EssenceRecord, WarningRecord
from matcher.engine.choose import Unsaid
from matcher.firms import LONGEST_TEXT, MOST_ENTRIES, MOST_ITEMS
from matcher.rulebook import Fact, Rulebook, Status
from matcher.rulebook.language import ITEM_KINDS, ItemKind

Words = dict[str, str]

"""A text by language: ``zh``, ``en``."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

DAY = {"type": "string", "format": "date"}

_FIGURE = r"^[+-]?\d{1,15}$"

_DECIMAL = r"^[+-]?\d{1,15}(\.\d{1,10})?$"

_MONEY = r"^[+-]?\d{1,15}(\.\d{1,2})?$"


class CheckAnswer(TypedDict):
    """The decisions on one profile. ``bundle``: the best set of them; null where they are too tangled to be chosen from."""

    id: str
    rulebook: str
    as_of: str
    decisions: list[DecisionRecord | EssenceRecord]
    bundle: dict[str, JsonValue] | None
    warnings: NotRequired[list[WarningRecord]]


class FieldError(TypedDict):
    """One bad field: its JSON Pointer in the request, its line where known, its value as given, what is wrong with it."""

    pointer: str
    field: str
    line: int | None
    value: str
    text: Words


class LineErrors(TypedDict):
    """What is answered for a line of a batch that cannot be used."""

    line: int
    id: str
    errors: list[FieldError]


class LineAnswer(CheckAnswer):
    """The answer for one line of a batch."""

    line: int


class Problem(TypedDict):
    """RFC 9457, with every bad field in ``errors``."""

    type: str
    title: str
    status: int
    detail: str
    text: Words
    errors: list[FieldError]
    request_id: str


Span = TypedDict("Span", {"from": str | None, "until": str | None, "instrument": str | None})

"""The rules of a day: the first and the last day on which they hold, and the text they come from."""


class SchemeEntry(TypedDict):
    """One scheme of the catalogue. ``state``: open, or why there are no rules on the day."""

    scheme: str
    name: Words
    summary: Words
    kind: str
    family: str
    recipient: str
    department: Words
    state: str
    version: Span | None
    reads: list[str]
    page: str


class Catalogue(TypedDict):
    """All schemes as of a day. ``rulebook`` changes with any change of the rules."""

    rulebook: str
    as_of: str
    schemes: list[SchemeEntry]


class SchemeDetail(SchemeEntry):
    """One scheme with what to bring, where to go and what else is good to know."""

    rulebook: str
    as_of: str
    evidence: list[Words]
    channel: Words | None
    notes: list[Words]


class FactEntry(TypedDict):
    """One fact of the vocabulary; bounds are decimal strings, those of money in yuan."""

    id: str
    type: str
    unit: str | None
    values: dict[str, Words] | None
    min: str | None
    max: str | None
    label: Words
    question: Words | None
    help: Words | None
    group: str
    of: list[str]
    stated_by: str


class Facts(TypedDict):
    """The vocabulary of a profile."""

    rulebook: str
    facts: list[FactEntry]


class IndustryGroup(TypedDict):
    """A group of GB/T 4754-2017 and why it was found."""

    code: str
    name: Words
    why: Words


class Industries(TypedDict):
    """The groups that a query means, the likeliest first; ``hint`` where there are none."""

    query: str
    groups: list[IndustryGroup]
    hint: NotRequired[Words]


class Question(TypedDict):
    """One question. ``id`` is a fact, or a gate where ``form`` says so; ``waiting``: the schemes that wait for its answer."""

    id: str
    form: str
    label: Words
    help: Words | None
    unit: str | None
    values: dict[str, Words] | None
    waiting: list[str]


class Screen(TypedDict):
    """Questions that are asked together."""

    kind: str
    group: str
    refines: bool
    questions: list[Question]


class Range(TypedDict):
    """The least and the most, in yuan a year as decimal strings."""

    low: str
    high: str


class Sure(TypedDict):
    """What is certain, in yuan a year as decimal strings: ``cash`` is paid to the firm, ``less`` it does not pay."""

    cash: str
    less: str


class Estimate(TypedDict):
    """What the firm may come to in a year. ``unsaid``: which of the three numbers are no figure, though "0.00" stands there: facts are
    missing, or the sum is yet to be set. ``surprises``: facts told that lie outside what is usual."""

    estimate: Range
    sure: Sure
    possible: str
    unsaid: dict[Literal["cash", "less", "possible"], Unsaid]
    surprises: list[str]


class NextQuestion(TypedDict):
    """What to ask next (null: nothing changes any answer any more), what is settled, and what it may come to in a year."""

    rulebook: str
    as_of: str
    screen: Screen | None
    offers_to_stop: bool
    settled: list[str]
    in_force: list[str]
    statuses: dict[str, Status]
    estimate: Estimate


class BundleAnswer(TypedDict):
    """The best set among offers that exclude each other; sums in yuan as decimal strings."""

    id: str
    rulebook: str
    as_of: str
    chosen: list[dict[str, JsonValue]]
    not_chosen: list[dict[str, JsonValue]]
    total: dict[str, str]
    deferrals: str
    deductions: str
    released_credit: str
    apart: list[dict[str, JsonValue]]
    runner_up: dict[str, JsonValue] | None
    alternative: dict[str, JsonValue] | None
    lines: list[dict[str, JsonValue]]
    notes: list[dict[str, JsonValue]]
    text: Words


class VerifyAnswer(TypedDict):
    """What verifying a letter came to; see docs/security.md for what each part proves."""

    integrity: str
    issuer: str
    standing: str
    proved: str | None
    number: str | None
    centre: dict[str, JsonValue] | None
    firm: dict[str, JsonValue] | None
    as_of: str | None
    written_on: str | None
    valid_until: str | None
    schemes: list[dict[str, JsonValue]]
    totals: JsonValue
    faults: list[dict[str, JsonValue]]
    reproduced: list[str]


ANSWERS: Mapping[str, Any] = {
    "Bundle": BundleAnswer,
    "Catalogue": Catalogue,
    "Check": CheckAnswer,
    "Decision": DecisionRecord,
    "Facts": Facts,
    "Industries": Industries,
    "Line": LineAnswer | LineErrors,
    "NextQuestion": NextQuestion,
    "Problem": Problem,
    "Scheme": SchemeDetail,
    "Verification": VerifyAnswer,
}

"""The shapes of answers, by the name under which the document lists them."""


def answer_schemas(
    shapes: Mapping[str, Any] = ANSWERS, template: str = "#/components/schemas/{model}"
) -> dict[str, Any]:
    """The schemas of all answers and of what they are made of, by name."""
    found, definitions = TypeAdapter.json_schemas(
        [(name, "serialization", TypeAdapter(shape)) for name, shape in shapes.items()], ref_template=template
    )
    schemas: dict[str, Any] = dict(definitions.get("$defs", {}))
    renamed: dict[str, str] = {}
    for name in shapes:
        schema = found[name, "serialization"]
        # A shape that others refer to is given as a reference to where it is defined: it is moved to its name here.
        defined = next((one for one in schemas if schema == {"$ref": template.format(model=one)}), None)
        if defined is None:
            schemas[name] = schema
        elif defined != name:
            schemas[name] = {**schemas.pop(defined), "title": name}
            renamed[template.format(model=defined)] = template.format(model=name)
    moved: dict[str, Any] = _with_references(schemas, renamed)
    return moved


def _with_references(schema: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(schema, dict):
        return {
            key: renamed.get(value, value) if key == "$ref" else _with_references(value, renamed)
            for key, value in schema.items()
        }
    return [_with_references(one, renamed) for one in schema] if isinstance(schema, list) else schema


def decision_schema() -> dict[str, Any]:
    """The schema of one whole decision, standing by itself."""
    schema: dict[str, Any] = TypeAdapter(DecisionRecord).json_schema(mode="serialization")
    return schema


def profile_schema(rulebook: Rulebook, *, is_for_questions: bool = False) -> dict[str, Any]:
    """The schema of a profile by the vocabulary of the rules.

    It says less than the program checks: a credit code's check digit, an industry's existence, the bounds of a figure in a text.

    :param is_for_questions: with what a firm could not answer (``unsure``) and the gates it answered.
    """
    facts = {fact.id: _fact(fact) for fact in rulebook.facts.values()}
    schemes = {"type": "array", "minItems": 1, "maxItems": MOST_ENTRIES, "items": {"enum": list(rulebook.schemes)}}
    properties: dict[str, Any] = {
        "id": {"type": "string", "maxLength": LONGEST_TEXT},
        "as_of": DAY,
        "schemes": schemes,
        "facts": {"type": "object", "additionalProperties": False, "properties": facts},
    }
    if is_for_questions:
        every = [*rulebook.facts, *rulebook.gates]
        properties["unsure"] = {"type": "array", "maxItems": MOST_ENTRIES, "items": {"enum": every}}
        properties["gates"] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {gate: {"enum": ["yes", "no"]} for gate in rulebook.gates},
        }
    else:
        properties["items"] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {kind: _items(rulebook, kind) for kind in ITEM_KINDS},
        }
        properties["items_complete"] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {kind: {"type": ["boolean", "null"]} for kind in ITEM_KINDS},
        }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _items(rulebook: Rulebook, kind: ItemKind) -> dict[str, Any]:
    facts = {fact.id: _value(fact) for fact in rulebook.facts.values() if kind in fact.of}
    properties = {
        "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
        "name": {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_TEXT},
        "for": {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_TEXT},
        "facts": {"type": "object", "additionalProperties": False, "properties": facts},
    }
    item = {"type": "object", "additionalProperties": False, "properties": properties}
    return {"type": ["array", "null"], "maxItems": MOST_ITEMS, "items": item}


def _fact(fact: Fact) -> dict[str, Any]:
    # No title: programs that write clients make names of it.
    return {"description": f"{fact.label.zh} / {fact.label.en}", **_value(fact)}


def _value(fact: Fact) -> dict[str, Any]:
    if fact.type == "boolean":
        return {"type": ["boolean", "null"]}
    if fact.type == "enum":
        return {"enum": [*fact.values, None]}
    if fact.type == "date":
        return {"anyOf": [DAY, {"type": "null"}]}
    if fact.type == "text":
        return {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_TEXT}
    bounds = {
        name: int(bound) if bound.denominator == 1 else float(bound)
        for name, bound in (("minimum", fact.min), ("maximum", fact.max))
        if bound is not None
    }
    is_whole = fact.type == "integer"
    pattern = _FIGURE if is_whole else _MONEY if fact.type == "money" else _DECIMAL
    number = {"type": "integer" if is_whole else "number", **bounds}
    return {"anyOf": [number, {"type": "string", "pattern": pattern}, {"type": "null"}]}
