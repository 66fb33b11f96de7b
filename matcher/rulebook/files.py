"""The shapes of the rule files: what may stand in each, checked by pydantic before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date as Day
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from matcher.rulebook.language import ItemKind

from .shapes import Confidence, Dated, Dotted, Exact, Id, Shape, Slug, Sources, Text, as_list, in_both
from .terms import Recipient, Status
from .versions import Version


class Paper(Text):
    """A paper to bring. ``when``: facts with the words for which it is needed; only a firm that told another needs it not."""

    when: dict[str, tuple[str | bool, ...]] = Field(default_factory=dict)

    def is_for(self, facts: Mapping[str, Any]) -> bool:
        """Whether a firm of these facts needs it, or may."""
        return all(facts.get(name) in (None, *words) for name, words in self.when.items())


class SearchWords(Shape):
    """Plain words of both languages by which people look for something; none is said back as a rule of law."""

    zh: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = ()
    en: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = ()


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
    rungs from below, taken one after the other. ``duty``: what the advice is called where it is a duty in any case. ``advise_if``:
    facts of which the firm must have something before the advice is any of its business; ``advise_unless``: those of which it must
    have nothing. ``speaks``: told, it can make a
    selection by a department the firm's own case.

    ``group``: under which heading it is asked (reference/groups.yaml). ``consent``: yes is something that the firm agrees to or
    promises, which nobody answers in its place. ``series``: it is the figure of the start or the end of one quarter.

    ``of``: it says something of one item of this kind (a loan, a project), of which a firm may have several; of none: of the firm.
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
    advise_if: tuple[str, ...] = ()
    advise_unless: tuple[str, ...] = ()
    speaks: bool = True
    bounds_are: Literal["logical", "typing"] = "logical"  # typing: they catch slips, and are no end of a sum
    derived_from: tuple[str, ...] = ()
    consent: bool | None = None
    series: QuarterlySeries | None = None
    of: Annotated[tuple[ItemKind, ...], BeforeValidator(as_list)] = ()
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
        if (self.advise_if or self.advise_unless) and self.advise in (None, "never"):
            yield "advise_if and advise_unless say when a change is advised; here none may: leave them out"

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
    confirm: Annotated[Text | None, BeforeValidator(in_both)] = None

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
    ground: Annotated[Text | None, BeforeValidator(in_both)] = None
    confidence: Confidence | None = None
    fails_on: Annotated[list[str], BeforeValidator(as_list)] | None = None
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
    fails_on: Annotated[list[str], BeforeValidator(as_list)] | None = None
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
    keywords: SearchWords = SearchWords()
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
    evidence: tuple[Paper, ...] = ()
    channel: Text | None = None
    say: Text | None = None
    notes: tuple[Text, ...] = ()
    gives_with: tuple[Status, ...] = ("eligible", "needs_decision", "applies")
    days_ground: Annotated[Text | None, BeforeValidator(_ground)] = None  # why days of its versions stand in no excerpt
    versions: tuple[Version, ...] = Field(min_length=1)
    let: list[Name] = Field(default_factory=list)
    rules: list[Body] = Field(default_factory=list)
