"""A decision as JSON: the shapes in which it is printed, shown, stored with a batch's rows, and written into a letter.

Sums are yuan as decimal strings, days stand in ISO form, texts in both languages (``zh``, ``en``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NotRequired, TypeVar

from typing_extensions import TypedDict  # pydantic writes the published schemas from these, and asks for it before 3.12

from matcher.rulebook import AmountKind, Recipient, Status
from matcher.rulebook.language import ItemKind
from matcher.text import fen_of

Value = str | bool | None

"""What a fact is told as: figures as decimal strings, days in ISO form, words and yes/no as they are."""

Output = str | int

"""What a scheme gives besides the sum: whole numbers as such, all else like a fact."""

Words = Mapping[str, str]

"""A text by language."""


class AmountRecord(TypedDict):
    """A sum: ``value`` where it is exact or a ceiling, ``low`` and ``high`` of a range, none of them where there is none."""

    kind: AmountKind
    value: NotRequired[str]
    low: NotRequired[str]
    high: NotRequired[str]


VersionRecord = TypedDict("VersionRecord", {"from": str | None, "until": str | None})

"""The span of the rules that were in force: its first and its last day, None where it is open."""


class WarningRecord(TypedDict):
    """Something to be read with the decision, and the facts that it is about."""

    code: str
    facts: list[str]
    text: Words


class ArticleRecord(TypedDict):
    """Where a condition stands."""

    instrument: str
    article: str | None


class SourceRecord(ArticleRecord):
    """Where a condition stands, and how surely: high, medium or low."""

    confidence: str


class ItemRecord(TypedDict):
    """One of several that a firm has: a loan, a project, a machine. ``id`` names it in the firm's profile."""

    kind: ItemKind
    id: str
    name: str | None


class ReasonRecord(TypedDict):
    """A condition with its own outcome (None: not known), the firm's value, the bound, and how far they lie apart."""

    id: str
    kind: str
    outcome: bool | None
    text: Words
    fact: str | None
    value: Value
    op: str | None
    bound: Value | list[str]
    distance: Value
    says: str | None
    source: SourceRecord | None
    children: list[ReasonRecord]
    item: NotRequired[ItemRecord]  # whose fact it is, where the rules speak of several


ChangeRecord = TypedDict("ChangeRecord", {"fact": str, "from": Value, "to": Value, "item": NotRequired[ItemRecord]})

"""A fact that would have to change, from what was told to what would do."""


class NearMissRecord(TypedDict):
    """Changes that together reach a status, and from which day on where time must pass.

    ``within_reach``: whether the firm can bring them about; records of before 0.3.0 do not say.
    """

    changes: list[ChangeRecord]
    on: str | None
    reaches: Status
    within_reach: NotRequired[bool]


class DeadlineRecord(TypedDict):
    """A day to keep; ``rule`` is how a day that comes again is reckoned."""

    what: Words
    opens: str | None
    closes: str | None
    rule: Words | None
    source: str
    confidence: str


class MissingOfRecord(TypedDict):
    """A missing fact of one item."""

    fact: str
    item: ItemRecord


class OutcomeRecord(TypedDict):
    """What a decision comes to: all that is asked of it where many are looked at.

    ``item``: which of several it is about; absent where the firm told no items of the scheme's kind.
    """

    scheme: str
    item: NotRequired[ItemRecord]
    status: Status
    recipient: Recipient | None
    amount: AmountRecord | None
    missing: list[str]
    version: VersionRecord | None


class GroundRecord(TypedDict):
    """As much of a reasons tree as names the articles that a decision rests on."""

    outcome: bool | None
    source: ArticleRecord | None
    children: list[GroundRecord]


class CertainRecord(TypedDict):
    """What a decision adds to its firm's certain money of a year, beside what else the firm has: in yuan, the tax less or cash."""

    number: Literal["cash", "less"]
    yuan: str


class GroundedRecord(OutcomeRecord, total=False):
    """What is stored of a decision with a row of a batch: what it comes to, what it gives besides, and on which articles.

    ``certain``: what one that the firm is entitled to adds to the sums that every page says of it, None for nothing; absent where
    the sums of the firm were not reckoned.
    """

    extra: dict[str, Output]
    reasons: GroundRecord
    certain: CertainRecord | None


class LastTermsRecord(TypedDict):
    """Of a scheme not confirmed for the day: what its last terms gave, until when, whom to ask and what is awaited."""

    as_of: str
    status: Status
    recipient: Recipient | None
    amount: AmountRecord | None
    extra: dict[str, Output]
    missing: list[str]
    failing: list[str]
    version: VersionRecord | None
    confidence: str
    instrument: str | None
    ask: Words
    awaits: Words | None
    text: Words


class EssenceRecord(OutcomeRecord):
    """A decision without its explanation.

    ``missing_items``: whose the missing facts are, and ``incomplete``: of which kinds there may be more, where rules speak of several.
    """

    missing_items: NotRequired[list[MissingOfRecord]]
    incomplete: NotRequired[list[ItemKind]]
    extra: dict[str, Output]
    failing: list[str]
    reason: str | None
    clauses: list[str]
    confidence: str
    warnings: list[WarningRecord]


class DecisionRecord(EssenceRecord):
    """A whole decision, as `Decision.to_json` gives it."""

    reasons: ReasonRecord | None
    near_miss: list[NearMissRecord]
    arithmetic: list[Words]
    last_known: LastTermsRecord | None
    deadlines: list[DeadlineRecord]


_LEAST_FIRST: tuple[Status, ...] = (
    "not_open",
    "unconfirmed",
    "does_not_apply",
    "not_eligible",
    "needs_information",
    "needs_decision",
    "applies",
    "eligible",
)

Outcome = TypeVar("Outcome", bound=OutcomeRecord)


def foremost(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    """By scheme the decision under which a firm is counted: of several loans, projects … the one that has most of it."""
    found: dict[str, Outcome] = {}
    for one in outcomes:
        had = found.get(one["scheme"])
        if had is None or _standing(one) > _standing(had):
            found[one["scheme"]] = one
    return found


def _standing(outcome: OutcomeRecord) -> tuple[int, int]:
    amount = outcome["amount"]
    return _LEAST_FIRST.index(outcome["status"]), 0 if amount is None else ends_of(amount)[1]


def last_day_of_rules(decision: OutcomeRecord) -> str | None:
    """The last day, in ISO form, of the rules that a decision was taken by; None where none is written or none were in force."""
    return decision["version"]["until"] if decision["version"] else None


def ends_of(amount: AmountRecord) -> tuple[int, int]:
    """The least and the most of a sum, in fen: the same unless it is a range, nought where it has no figure."""
    value = amount.get("value", "0")
    return fen_of(amount.get("low", value)), fen_of(amount.get("high", value))


class ExplanationRecord(TypedDict, total=False):
    """What explains a decision, as far as there is anything to say."""

    reasons: ReasonRecord
    near_miss: list[NearMissRecord]
    arithmetic: list[Words]
    last_known: LastTermsRecord
