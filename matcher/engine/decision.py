"""A decision: what the engine says of one scheme for one firm on one day, how it is written, and what to read it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from matcher.rulebook import Fact, Recipient, SchemeEdition, Status, Text
from matcher.rulebook.language import ItemKind
from matcher.text import STATUS, amount_text

from . import derive
from .amounts import Amount, Prospect
from .items import Item
from .record import (
    ArticleRecord,
    DeadlineRecord,
    DecisionRecord,
    EssenceRecord,
    ExplanationRecord,
    LastTermsRecord,
    NearMissRecord,
    Output,
    ReasonRecord,
    WarningRecord,
    Words,
)
from .status import derived_in
from .worlds import World

# ---------------------------------------------------------------------------------------------------------------------
# A decision: what the engine says of one scheme for one firm on one day, and how it is written as JSON.
# ---------------------------------------------------------------------------------------------------------------------


POSITIVE: frozenset[Status] = frozenset({"eligible", "needs_decision", "applies"})


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something a reader should know besides the decision: a figure past its confirm-by date, a told size that disagrees …"""

    code: str
    facts: tuple[str, ...]
    text: Text

    def to_json(self) -> WarningRecord:
        """As in the contract."""
        return {"code": self.code, "facts": list(self.facts), "text": self.text.to_json()}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``status`` and ``reason`` as in the contract; ``amount`` and ``recipient`` None unless the status is positive.

    The reasons tree and the near misses are made when someone looks (``explain``), not before; so are the days to keep (``due``),
    which are wanted without them, and the ``prospect`` (None where no way is left), which is for sums and stands in no JSON.
    """

    scheme: str
    as_of: date
    status: Status
    recipient: Recipient | None = None
    amount: Amount | None = None
    extra: Mapping[str, Output] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    reason: str | None = None
    version: tuple[date | None, date | None] | None = None
    clauses: tuple[str, ...] = ()
    confidence: str = "high"
    warnings: tuple[Warning_, ...] = ()
    item: Item | None = None  # which of several it is about, where the firm told items of this kind
    missing_items: tuple[tuple[str, Item], ...] = ()  # of the missing facts those of an item, with it
    incomplete: tuple[ItemKind, ...] = ()  # the kinds of which further items, which are not told, may turn the status
    explain: Callable[[], ExplanationRecord] = field(default=ExplanationRecord, compare=False, repr=False)
    due: Callable[[], list[DeadlineRecord]] = field(default=list, compare=False, repr=False)
    ground: Callable[[], tuple[ArticleRecord, ...]] = field(
        default=tuple, compare=False, repr=False
    )  # what it rests on
    prospect: Prospect | None = field(default=None, compare=False, repr=False)

    @property
    def reasons(self) -> ReasonRecord | None:
        """The reasons tree as JSON, or None where no rules are in force."""
        return self.explain().get("reasons")

    @property
    def near_miss(self) -> list[NearMissRecord]:
        """What would have to change, as JSON, nearest first."""
        return self.explain().get("near_miss", [])

    @property
    def arithmetic(self) -> list[Words]:
        """How the amount is reached, line by line."""
        return self.explain().get("arithmetic", [])

    @property
    def deadlines(self) -> list[DeadlineRecord]:
        """The days to keep, as JSON (see ``Due``), the first to close first."""
        return self.due()

    @property
    def last_known(self) -> LastTermsRecord | None:
        """Of an unconfirmed scheme, as JSON, what its last terms would give (see ``last_known``); None else."""
        return self.explain().get("last_known")

    def _repr_html_(self) -> str:
        """The decision in a notebook: scheme, day, status, sum, and what is missing or fails; in Chinese and English."""
        sums = [] if self.amount is None or self.amount.kind == "none" else [
            amount_text(self.amount.kind, self.amount.low, self.amount.high, lang) for lang in ("zh", "en")
        ]  # fmt: skip
        status = STATUS[self.status].short
        rows = {
            "scheme": self.scheme, "as of": self.as_of.isoformat(), "status": f"{status.zh} · {status.en}", "amount": " · ".join(sums),
            "recipient": self.recipient or "", "missing": ", ".join(self.missing), "failing": ", ".join(self.failing),
        }  # fmt: skip
        cells = "".join(f"<tr><th>{head}</th><td>{escape(cell)}</td></tr>" for head, cell in rows.items() if cell)
        return f"<table>{cells}</table>"

    def to_json(self) -> DecisionRecord:
        """The shape that the command line, the pages and the letters share."""
        return {
            **self.essence(),
            "reasons": self.reasons,
            "near_miss": self.near_miss,
            "arithmetic": self.arithmetic,
            "last_known": self.last_known,
            "deadlines": self.deadlines,
        }

    def essence(self) -> EssenceRecord:
        """The decision without its explanation."""
        record: EssenceRecord = {
            "scheme": self.scheme,
            "status": self.status,
            "recipient": self.recipient,
            "amount": None if self.amount is None else self.amount.to_json(),
            "extra": dict(self.extra),
            "missing": list(self.missing),
            "failing": list(self.failing),
            "reason": self.reason,
            "version": None
            if self.version is None
            else {"from": _iso(self.version[0]), "until": _iso(self.version[1])},
            "clauses": list(self.clauses),
            "confidence": self.confidence,
            "warnings": [warning.to_json() for warning in self.warnings],
        }
        if self.item is not None:
            record["item"] = self.item.to_json()
        if self.missing_items:
            record["missing_items"] = [{"fact": fact, "item": item.to_json()} for fact, item in self.missing_items]
        if self.incomplete:
            record["incomplete"] = list(self.incomplete)
        return record


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# ---------------------------------------------------------------------------------------------------------------------
# What a decision should be read with: figures to be confirmed, told facts that contradict each other.
# ---------------------------------------------------------------------------------------------------------------------


def warnings(edition: SchemeEdition, world: World, as_of: date) -> tuple[Warning_, ...]:
    """The warnings of one decision."""
    return (*_stale(edition, as_of), *_unsure(edition), *_contradicted(edition, world), *_above_whole(edition, world))


def _stale(edition: SchemeEdition, as_of: date) -> list[Warning_]:
    """A figure past the day by which it had to be confirmed again."""
    return [
        Warning_("figure_to_confirm", (), Text(
            zh=f"“{figure.label.zh}”须在{figure.value.confirm_by:%Y-%m-%d}前重新核实，所问日期已过此日。",
            en=f"“{figure.label.en}” was to be confirmed again by {figure.value.confirm_by}; the day asked about is later.",
        ))
        for figure in edition.figures
        if figure.value.confirm_by is not None and as_of > figure.value.confirm_by
    ]  # fmt: skip


def _unsure(edition: SchemeEdition) -> list[Warning_]:
    """A figure or a version nobody has confirmed from a source."""
    unsure = [figure for figure in edition.figures if figure.value.confidence == "low"]
    made = [
        Warning_("figure_unconfirmed", (), Text(
            zh=f"“{figure.label.zh}”未见可靠出处，请向主管部门核实。主管：{edition.scheme.department.zh}。",
            en=f"No reliable source was seen for “{figure.label.en}”; ask the department: {edition.scheme.department.en}.",
        ))
        for figure in unsure
    ]  # fmt: skip
    if edition.version is not None and edition.version.grade == "part":
        made.append(Warning_("version_in_part", (), Text(
            zh=f"这一时段的规定只掌握一部分，请向主管部门核实。主管：{edition.scheme.department.zh}。",
            en=f"The rules of this span are known in part only; ask the department: {edition.scheme.department.en}.",
        )))  # fmt: skip
    if edition.version is not None and edition.version.caution is not None:
        made.append(Warning_("version_caution", (), edition.version.caution))
    return made


def _contradicted(edition: SchemeEdition, world: World) -> list[Warning_]:
    """A told class counts; that the told figures give another one is said beside it."""
    made = []
    for name, node in derived_in(edition).items():
        if not node.told or name not in world.facts or not derive.worked_out_from(node, world):
            continue
        values = derive.possible(node, world)
        if world.facts[name] in values:
            continue
        fact = world.context.vocabulary[name]
        told, possible = (
            fact.values[world.facts[name]],
            [fact.values[value] for value in node.type.values if value in values],
        )
        made.append(Warning_("told_class_disagrees", (name, *derive.worked_out_from(node, world)), Text(
            zh=f"所填“{fact.label.zh}”为{told.zh}，按所填数据应为{'或'.join(one.zh for one in possible)}；本次以所填为准，请核对。",
            en=f"“{fact.label.en}” was told as {told.en}; figures give {' or '.join(one.en for one in possible)}. The told one counts.",
        )))  # fmt: skip
    return made


def _above_whole(edition: SchemeEdition, world: World) -> list[Warning_]:
    """What is told as parts of a total is together more than the total that is told: the figures count as told all the same."""
    vocabulary, parts = world.context.vocabulary, dict[str, list[Fact]]()
    for name in edition.facts:
        whole = vocabulary[name].part_of
        if whole is not None and whole in world.facts and world.facts.get(name, 0) > 0:
            parts.setdefault(whole, []).append(vocabulary[name])
    return [
        _too_much(vocabulary[whole], inside)
        for whole, inside in parts.items()
        if sum(world.facts[part.id] for part in inside) > world.facts[whole]
    ]


def _too_much(whole: Fact, parts: Sequence[Fact]) -> Warning_:
    zh, en = ("与".join(f"“{part.label.zh}”" for part in parts), " and ".join(f"“{part.label.en}”" for part in parts))
    together = Text(zh="合计", en="come together to") if len(parts) > 1 else Text(zh="本身", en="comes to")
    return Warning_("part_above_whole", (*(part.id for part in parts), whole.id), Text(
        zh=f"{zh}{together.zh}大于“{whole.label.zh}”，互相矛盾；本次以所填为准，请核对。",
        en=f"{en} {together.en} more than “{whole.label.en}”: the figures contradict each other. They count as told; please check.",
    ))  # fmt: skip
