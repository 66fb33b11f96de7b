"""The shapes of the rule files: what may stand in each, checked by pydantic before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date as Day
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from .terms import Recipient, Status

Confidence = Literal["high", "medium", "low"]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

Dotted = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=80)]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]

MAX_FIGURE = 40

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


def exact(value: Any) -> Fraction:
    """A whole number, or a decimal written as text, as an exact fraction. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"a number is wanted, not {value!r}")
    text = str(value)
    if len(text) > MAX_FIGURE:
        raise ValueError(f"a number of {len(text)} characters; at most {MAX_FIGURE} are read")
    if not _DECIMAL.match(text):
        raise ValueError(_not_a_number(text))
    return Fraction(text)


_MEANT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(%|％|‰|万|亿)?\s*元?\Z")

_UNITS = {
    "%": Fraction(1, 100),
    "％": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "万": Fraction(10**4),
    "亿": Fraction(10**8),
}


def _not_a_number(text: str) -> str:
    """What to write in place of a figure with a unit or with commas."""
    found = _MEANT.match(text)
    if found is None:
        return f"{text!r} is not a plain decimal number"
    meant = Fraction(found[1].replace(",", "")) * _UNITS.get(found[2] or "", Fraction(1))
    whole = meant.denominator == 1
    plain = str(meant.numerator) if whole else f"{float(meant):.10f}".rstrip("0")
    share = ": a share is a part of one; write" if found[2] in ("%", "％", "‰") else ": write"
    return f"{text!r} is no plain number{share} {plain}"


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _in_both(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) and value else value


Exact = Annotated[Fraction, BeforeValidator(exact)]

Sources = Annotated[list[str], Field(min_length=1), BeforeValidator(_as_list), AfterValidator(tuple)]


class Shape(BaseModel):
    """Every shape is closed: a key that is not known is an error, never silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Text(Shape):
    """The same words in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def get(self, lang: str) -> str:
        """The words in ``lang`` (zh or en)."""
        return self.en if lang == "en" else self.zh


class Dated(Shape):
    """Something that holds from a first to a last day, both included; None is open."""

    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError(f"upside down: from {self.from_} until {self.until}")
        return self

    def holds(self, day: Day) -> bool:
        """Whether ``day`` lies between, both ends included."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


NUMBERS = frozenset({"integer", "number", "money", "rate"})

"""The types of facts that are figures."""

ORDERED = NUMBERS | {"date"}

"""The types of facts of which one can be before or below another."""


class Advice(Shape):
    """The values that a firm may be advised to bring a fact to: true, false, or words of an enumeration (the better first)."""

    to: tuple[bool | str, ...] = Field(min_length=1)


class QuarterlySeries(Shape):
    """Of which series a quarterly figure is one (``name``, of reference/series.yaml), and where it stands in it."""

    name: Id
    quarter: int = Field(ge=1, le=4)
    at: Literal["start", "end"]


class Fact(Shape):
    """One fact of the vocabulary.

    ``advise``: may a firm be advised to change it: ``never``; ``up`` or ``down``, a number in that direction only; ``date``, it
    comes with time; or ``to`` these values only. A department's finding is never advised. ``ladder``: the values of ``to`` are
    rungs from below, taken one after the other. ``duty``: what the advice is called where it is a duty in any case.

    ``group``: under which heading it is asked (reference/groups.yaml). ``consent``: yes is something that the firm agrees to or
    promises, which nobody answers in its place. ``series``: it is the figure of the start or the end of one quarter.
    """

    id: Id
    type: Literal["boolean", "integer", "number", "money", "rate", "date", "enum", "text"]
    unit: str | None = None
    values: dict[str, Text] = Field(default_factory=dict)
    min: Exact | None = None
    max: Exact | None = None
    label: Text
    question: Text | None = None
    help: Text | None = None
    group: str
    stated_by: Literal["firm", "department"] = "firm"
    advise: Literal["never", "up", "down", "date"] | Advice | None = None
    ladder: bool = False
    duty: Text | None = None
    bounds_are: Literal["logical", "typing"] = "logical"  # typing: they catch slips, and are no end of a sum
    derived_from: tuple[str, ...] = ()
    consent: bool | None = None
    series: QuarterlySeries | None = None
    part_of: str | None = None  # the total of which this is an "of which"; the parts of one total do not overlap

    @model_validator(mode="after")
    def _whole(self) -> Fact:
        if (self.type == "enum") != bool(self.values):
            raise ValueError("an enum, and only an enum, lists its values")
        if self.stated_by == "firm" and self.question is None:
            raise ValueError(
                "question is missing: a firm is asked for this fact; of what only a department can say, write stated_by: department"
            )
        if self.consent and (self.type != "boolean" or self.is_finding):
            raise ValueError("only a firm consents, by a yes/no fact: leave consent out")
        if self.series is not None and self.type not in NUMBERS:
            raise ValueError("a series is made of figures: leave series out")
        for wrong in self._advised():
            raise ValueError(wrong)
        return self

    def _advised(self) -> Iterator[str]:
        """What is wrong with the advice."""
        to = self.advise.to if isinstance(self.advise, Advice) else ()
        values = tuple(self.values) if self.type == "enum" else (True, False) if self.type == "boolean" else ()
        if self.stated_by == "department":
            if self.advise not in (None, "never"):
                yield "a department's finding is never advised: leave advise out"
        elif self.advise is None:
            yield "advise is missing: may a firm be advised to change this fact? never, up, down, date or {to: [values]}"
        elif self.advise in ("up", "down") and self.type not in NUMBERS:
            yield f"only a number goes {self.advise}; write never or {{to: [values]}}"
        elif any(value not in values for value in to):
            yield f"advise.to names a value that a fact of type {self.type} does not have; it has {', '.join(map(str, values)) or 'none'}"
        if self.ladder and (self.type != "enum" or len(to) < 2):
            yield "a ladder is an enumeration with two rungs or more in advise.to"
        if self.duty is not None and self.advise in (None, "never", "date"):
            yield "a duty says how a change is called that may be advised; here none may"

    @property
    def is_finding(self) -> bool:
        """Whether a department states it, so that a firm is never asked for it."""
        return self.stated_by == "department"

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The least and greatest possible value as kept inside: money in fen."""
        scale = 100 if self.type == "money" else 1
        least, most = (None if bound is None else bound * scale for bound in (self.min, self.max))
        return least, most


SEEN: dict[str, Confidence] = {"issuer": "high", "copy": "medium", "retelling": "medium", "memory": "low"}

"""How a text was seen: on the issuer's page, in a copy, as others tell it, or not at all; and how sure what rests on it can be."""


def least(marks: Iterable[str]) -> Confidence:
    """The weakest of several confidences; high where there is none."""
    found = set(marks)
    return "low" if "low" in found else "medium" if "medium" in found else "high"


class Instrument(Shape):
    """A legal text: who issued it under which number, how it was seen, and the short excerpts we rest on, by article."""

    id: Slug
    number: str
    issuer: str
    date: Day | None = None
    title: str
    url: str | None = None
    seen: Literal["issuer", "copy", "retelling", "memory"]
    excerpts: dict[str, str] = Field(default_factory=dict)
    earlier_confidence: Confidence | None = (
        None  # of a rulebook of 0.1.0 alone, which did not say how the text was seen
    )

    @property
    def confidence(self) -> Confidence:
        """The most that anything resting on this text can be sure of."""
        return self.earlier_confidence or SEEN[self.seen]


_GROUNDS = {
    "unquoted": ("政策笔记给出数字，没有引文", "the policy notes give the figure without a quotation"),
    "memory": ("凭记忆，未见原文", "from memory; the text was not seen"),
    "table": ("载于未见原文的附表", "it stands in a table of the text, of which no words were seen"),
}

STANDING_GROUNDS = tuple(Text(zh=zh, en=en) for zh, en in _GROUNDS.values())

"""The reasons of the closed list; they say that the figure stands nowhere, any other may say why what stands there is not it."""


def _ground(value: Any) -> Any:
    """A word of the closed list as its two sentences; a reason in two languages as it stands."""
    if not isinstance(value, str):
        return value
    if value not in _GROUNDS:
        raise ValueError(f"{value!r} is no ground known here: {', '.join(_GROUNDS)}, or a reason as {{zh: …, en: …}}")
    return dict(zip(("zh", "en"), _GROUNDS[value], strict=True))


class ParameterValue(Dated):
    """What a parameter is for a time. ``confirm_by``: the day after which it must have been confirmed again.

    ``says``: the words of the excerpt in which the figure stands, where the excerpt holds others like it. ``ground``: why it stands
    in no excerpt. ``confirm``: why a figure that looks like a slip is none.
    """

    value: Any
    source: Sources
    confidence: Confidence
    confirm_by: Day | None = None
    note: str | None = None
    says: str | None = None
    ground: Annotated[Text | None, BeforeValidator(_ground)] = None
    confirm: Annotated[Text | None, BeforeValidator(_in_both)] = None

    @model_validator(mode="after")
    def _ends(self) -> ParameterValue:
        if self.until is None and self.confirm_by is None:
            raise ValueError("a figure has an end (until) or a day to confirm it by (confirm_by)")
        return self


class Parameter(Shape):
    """A dated figure, set, table or scale of the law."""

    id: Dotted
    label: Text
    kind: Literal["value", "set", "codes", "classes", "table", "scale"] = "value"
    type: Literal["integer", "number", "money", "rate", "date", "enum", "text"] | None = None
    unit: str | None = None
    of: str | None = None
    keys: list[Any] = Field(default_factory=list)
    values: list[ParameterValue] = Field(min_length=1)


class Leaf(Dated):
    """The keys that any condition may have beside what it says."""

    id: str | None = None
    label: Text | None = None
    says: str | None = None
    source: Sources | None = None
    ground: Annotated[Text | None, BeforeValidator(_in_both)] = None
    confidence: Confidence | None = None
    fails_on: Annotated[list[str], BeforeValidator(_as_list)] | None = None
    override: str | None = None
    test: str | None = None
    all: list[Any] | None = None
    any: list[Any] | None = None
    not_: Any = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_kind(self) -> Leaf:
        if sum(part is not None for part in (self.test, self.all, self.any, self.not_)) != 1:
            raise ValueError("a condition is exactly one of test, all, any, not")
        if self.says and not self.source:
            raise ValueError("a quoted phrase names its source")
        return self


class Benefit(Shape):
    """What the scheme is worth. ``exact`` and ``up_to`` are expressions; neither: no figure is known or there is no money in it.

    ``at_least`` beside ``up_to``: the law itself gives a range (a fine of 500 to 2,000 yuan).
    """

    exact: str | None = None
    up_to: str | None = None
    at_least: str | None = None
    no_figure_without: list[str] = Field(default_factory=list)
    exact_once: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Benefit:
        if self.exact and self.up_to:
            raise ValueError("a benefit is exact or up_to, not both")
        if self.exact_once and not self.up_to:
            raise ValueError("only a ceiling (up_to) can become exact once a finding is made")
        if self.at_least and (self.exact_once or not self.up_to):
            raise ValueError("at_least is the lower end of a range: it stands beside up_to, without exact_once")
        return self


class Output(Shape):
    """A further output: its words, the expression, and how many decimals money is shown with (None: as it comes).

    ``unless``: a condition under which it is left out, once what is told makes it true; while that is open the output is given.
    ``words``: the labels of a value that is a word, where it is no enumeration of the vocabulary with labels of its own.
    """

    label: Text
    value: str
    words: dict[str, Text] = Field(default_factory=dict)
    decimals: int | None = None
    unless: str | None = None


class Route(Dated):
    """One of several ways to the same scheme: the first whose ``when`` holds is taken. ``settled_by: nobody``: a department
    decides on this way even where all holds."""

    id: str | None = None
    label: Text | None = None
    when: Any = None
    otherwise: bool = False
    requires: Any = None
    benefit: Benefit | None = None
    gives: dict[str, Output] = Field(default_factory=dict)
    recipient: str | None = None
    fails_on: Annotated[list[str], BeforeValidator(_as_list)] | None = None
    settled_by: Literal["nobody"] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Route:
        if (self.when is None) != self.otherwise:
            raise ValueError("a route has a condition (when) or is the last one (otherwise: true)")
        return self


class Body(Dated):
    """The rules of a scheme for a time; it may serve several versions.

    ``award: by_law``: under these rules whoever meets them has it, although under others of the scheme a department chooses.
    """

    award: Literal["by_law"] | None = None
    requires: Any = None
    applies_when: Any = None
    ask_first: list[str] = Field(default_factory=list)
    routes: list[Route] = Field(default_factory=list)
    benefit: Benefit | None = None
    gives: dict[str, Output] = Field(default_factory=dict)
    recipient: str | None = None


class DaysSource(Shape):
    """The article (``instrument#article``) in whose excerpt the first day of a version stands, and the last."""

    from_: str | None = Field(default=None, alias="from")
    until: str | None = None


_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Recurrence(Shape):
    """A day that comes again.

    ``after``: a day of the month that follows the period asked about (``period``: as long as the scheme's, or the month of who
    files by the month), or of a ``month`` in the year that follows the year asked about. ``each``: every month or year.
    ``day``: 1 to 31, or ``last`` for the end of the month.
    """

    after: Literal["period", "year"] | None = None
    each: Literal["month", "year"] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | Literal["last"]

    @model_validator(mode="after")
    def _whole(self) -> Recurrence:
        for wrong in self._faults():
            raise ValueError(wrong)
        return self

    def _faults(self) -> Iterator[str]:
        if (self.after is None) == (self.each is None):
            yield "a day comes again after something (after: period or year) or each month or year (each:), one of the two"
        elif (self.month is None) == ("year" in (self.after, self.each)):
            yield "month says in which month of the year the day lies: it stands with year, and only there"
        elif self.month is not None and self.day != "last" and int(self.day) > _DAYS_IN_MONTH[self.month - 1]:
            yield f"month {self.month} has no day {self.day}; for the end of a month write day: last"


class Within(Shape):
    """So many months from the day that a fact of the firm names."""

    fact: Id
    months: Annotated[int, Field(ge=1, le=600)]


class Deadline(Shape):
    """Something to be done in time: from when (``opens``), until when (``closes``, that day included), or by a day that recurs.

    ``what`` names it in a few words (the application, the loan paid out). ``source``: where the day is written.
    """

    what: Text
    opens: Day | None = None
    closes: Day | None = None
    recurs: Recurrence | None = None
    within: Within | None = None
    source: Annotated[str, Field(min_length=1)]
    confidence: Confidence

    @model_validator(mode="after")
    def _one_kind(self) -> Deadline:
        ends = [one for one in (self.closes, self.recurs, self.within) if one is not None]
        if len(ends) > 1 or (not ends and self.opens is None):
            raise ValueError("a deadline has one end (closes, recurs or within), or only says when it opens")
        if self.opens is not None and self.closes is not None and self.opens > self.closes:
            raise ValueError(f"upside down: opens {self.opens}, closes {self.closes}")
        return self


class Version(Dated):
    """A version of the scheme as the catalogue lists it; a version with a ``state`` has no rules.

    ``caution``: what every decision of the version is to be read with. ``source``: where its days stand.
    """

    instrument: str | None = None
    state: Literal["unconfirmed", "ended", "no_open_round"] | None = None
    grade: Literal["full", "part", "none"] | None = None
    confidence: Confidence | None = None
    confirm_by: Day | None = None
    note: str | None = None
    source: DaysSource | None = None
    caution: Text | None = None
    deadlines: tuple[Deadline, ...] = ()
    awaits: Text | None = (
        None  # of an unconfirmed one: the notice that would confirm it, its issuer and what it looks like
    )

    @model_validator(mode="after")
    def _awaited(self) -> Version:
        if self.awaits is not None and self.state != "unconfirmed":
            raise ValueError(
                "awaits names the notice that would confirm a version: it stands beside state: unconfirmed"
            )
        return self


class Name(Shape):
    """A named condition or value, of the whole rulebook (concept) or of one scheme (let)."""

    id: Id
    label: Text
    help: Text | None = None
    condition: Any = None
    value: str | None = None
    derives: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> Name:
        if (self.condition is None) == (self.value is None):
            raise ValueError("a name stands for a condition or for a value")
        return self


class Scheme(Shape):
    """A scheme: what it is, whom it pays, who decides, its versions, and its rules."""

    slug: Slug
    name: Text
    measures: tuple[int, ...]
    clauses: tuple[str, ...] = ()
    kind: Literal["support", "service", "restriction"]
    family: Literal["tax", "industry", "growth", "finance"]
    recipient: Recipient
    award: Literal["by_law", "by_department"]
    settled_by: str | None = None
    object: str
    period: Literal["day", "month", "quarter", "year"] = "day"  # what a day asked about stands for
    before_registration: bool = False  # it helps or binds a firm that is not registered yet
    department: Text
    grade: Literal["full", "part", "none"]
    summary: Text
    amount_means: Text
    alone: Text | None = None  # why no relation says how its money stands to that of others for the same object
    span: Text | None = None  # over how long the amount runs, where that is longer than a year or a period
    evidence: tuple[Text, ...] = ()
    channel: Text | None = None
    say: Text | None = None
    notes: tuple[Text, ...] = ()
    gives_with: tuple[Status, ...] = ("eligible", "needs_decision", "applies")
    days_ground: Annotated[Text | None, BeforeValidator(_ground)] = None  # why days of its versions stand in no excerpt
    versions: tuple[Version, ...] = Field(min_length=1)
    let: list[Name] = Field(default_factory=list)
    rules: list[Body] = Field(default_factory=list)
