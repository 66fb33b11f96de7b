"""Everything an owner told so far, as one value that never changes; bands of figures among it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, TypeVar

from matcher.engine import Band
from matcher.engine.ask import Told
from matcher.firms import COMPLETE, FOR, NAME, ReadItems, read_facts, with_first
from matcher.rulebook import Fact, Gate, Rulebook, decimal
from matcher.rulebook.language import ItemKind, Scalar, kind_of
from matcher.text import figures, interview_labels, sentences, values

# ---------------------------------------------------------------------------------------------------------------------
# Everything an owner told so far, as one value that never changes: each answer gives a new one.
# ---------------------------------------------------------------------------------------------------------------------


_Kept = TypeVar("_Kept")

GateTold = Literal["none", "some", "unsure"]

"""What was answered to a gate question: 没有, 有 or 不清楚."""

Plain = str | bool | int

"""A fact as a profile file states it: figures as decimal strings or integers, dates in ISO form."""

BandTold = tuple[str | None, str | None, bool, bool]

"""A figure told as a band: low, high (None: no bound), whether low itself and high itself are left out."""


@dataclass(frozen=True)
class Entry:
    """What was told of one fact: its value, or a band, or 不清楚 (with or without a band told before)."""

    value: Plain | None = None
    band: BandTold | None = None
    is_unsure: bool = False

    def is_same(self, other: Entry | None) -> bool:
        """Whether another entry says the same; True and 1 do not."""
        return self == other and other is not None and type(self.value) is type(other.value)


@dataclass(frozen=True)
class OtherItem:
    """A further loan, project, machine …; of each kind the first is told flat, among the facts."""

    kind: ItemKind
    id: str
    name: str = ""
    facts: Mapping[str, Plain] = field(default_factory=dict)
    owner: str = ""  # the id of the item that it is for, where that was told


@dataclass(frozen=True)
class Answers:
    """What was told: exact facts, figures told as a band, and facts of which the owner is unsure (beyond a band).

    `as_of` is the day asked about (ISO form), `schemes` the slugs chosen (none: all), `ticked` the papers ticked off.
    `told_at` says when each fact was told, in seconds since 1970; `vocabulary` under which vocabulary
    (see `matcher.answers.wire`). `aside` holds what that vocabulary does not know: kept, but never decided on.
    `gates` are the gate questions answered; what "none" says of the facts beneath stands among the facts.
    `others` are the items of a kind beyond the first, in the order told; `names` how the first of a kind is called, where it has a
    name, `owners` the id of the item that the first of a kind is for; `complete` the kinds of which all are told.
    """

    facts: Mapping[str, Plain] = field(default_factory=dict)
    bands: Mapping[str, BandTold] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    as_of: str | None = None
    schemes: tuple[str, ...] = ()
    ticked: frozenset[str] = frozenset()
    told_at: Mapping[str, int] = field(default_factory=dict)
    vocabulary: str = ""
    aside: Mapping[str, Plain] = field(default_factory=dict)
    gates: Mapping[str, GateTold] = field(default_factory=dict)
    others: tuple[OtherItem, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing about the firm was told; a day or a choice of schemes alone tells nothing."""
        return not (self.facts or self.bands or self.unsure or self.ticked or self.aside or self.gates or self.others)

    @property
    def answered(self) -> frozenset[str]:
        """The facts that have an answer, 不清楚 included."""
        return frozenset(self.facts) | frozenset(self.bands) | self.unsure

    def entry(self, fact: str) -> Entry | None:
        """What was told of a fact, None for nothing."""
        if fact not in self.answered:
            return None
        return Entry(self.facts.get(fact), self.bands.get(fact), fact in self.unsure)

    def with_entry(self, fact: str, entry: Entry | None, at: int) -> Answers:
        """With this told of a fact, `at` seconds since 1970, and nothing else."""
        bare = self.without(fact)
        if entry is None:
            return bare
        return replace(
            bare,
            facts=bare.facts if entry.value is None else {**bare.facts, fact: entry.value},
            bands=bare.bands if entry.band is None else {**bare.bands, fact: entry.band},
            unsure=bare.unsure | {fact} if entry.is_unsure else bare.unsure,
            told_at={**bare.told_at, fact: at},
        )

    def with_answer(self, fact: str, value: Plain, at: int) -> Answers:
        """With a fact told exactly; what was told of it before is gone."""
        return self.with_entry(fact, Entry(value=value), at)

    def with_band(self, fact: str, band: BandTold, at: int) -> Answers:
        """With a figure told as a band."""
        return self.with_entry(fact, Entry(band=band), at)

    def with_unsure(self, fact: str, at: int) -> Answers:
        """With 不清楚 as the answer: it is not asked again. A band that was told before still holds."""
        return self.with_entry(fact, Entry(band=self.bands.get(fact), is_unsure=True), at)

    def with_gate(self, gate: Gate, told: GateTold, at: int) -> Answers:
        """With a gate question answered. "None" is an answer to every fact beneath that has none yet; any other answer takes
        back what an earlier "none" said of them."""
        none = {fact: stated(value) for fact, value in gate.none.items()}
        if self.gates.get(gate.id) == told and (told != "none" or none.keys() <= self.answered):
            return self
        found = self.without(
            *(fact for fact in none if self.gates.get(gate.id) == "none" and self._is(fact, none[fact]))
        )
        for fact, value in none.items():
            if told == "none" and fact not in found.answered:
                found = found.with_answer(fact, value, at)
        return replace(found, gates={**self.gates, gate.id: told}, told_at={**found.told_at, gate.id: at})

    def _is(self, fact: str, value: Plain) -> bool:
        return Entry(value=value).is_same(self.entry(fact))

    def told(self, rulebook: Rulebook) -> Told:
        """The same as the interview takes it; what the vocabulary cannot read is left out."""
        facts, _ = read_facts(rulebook, self.facts)
        bands = {fact: _band(rulebook, fact, band) for fact, band in self.bands.items() if fact in rulebook.facts}
        gates = {gate: told for gate, told in self.gates.items() if gate in rulebook.gates}
        denied = frozenset(gate for gate, told in gates.items() if told == "none")
        for upto in (rulebook.gates[gate].upto for gate in denied):
            bands |= {fact: Band(0, most) for fact, most in upto.items() if fact not in self.answered}  # type: ignore[arg-type]
        unsure = {gate for gate, told in gates.items() if told == "unsure"}
        return Told(facts, bands, (self.unsure & rulebook.facts.keys()) | unsure, frozenset(gates) - denied, denied)

    @property
    def keyed(self) -> dict[str, Plain]:
        """The exact facts with those of further items as a case keeps them: ``loan-2.loan_principal``, numbered in the order told."""
        found = dict(self.facts)
        kinds = dict.fromkeys(one.kind for one in self.others)
        numbered = {one.id: f"{kind}-{number}" for kind in kinds for number, one in enumerate(self.others_of(kind), 2)}
        found |= {f"{kind}-1.{FOR}": numbered.get(owner, owner) for kind, owner in self.owners.items()}
        found |= {f"{kind}-1.{COMPLETE}": True for kind in sorted(self.complete)}
        found |= {f"{kind}-1.{NAME}": self.names[kind] for kind in kinds if self.names.get(kind)}
        for one in self.others:
            key = numbered[one.id]
            found |= {f"{key}.{fact}": value for fact, value in one.facts.items()}
            found |= {f"{key}.{NAME}": one.name} if one.name else {}
            found |= {f"{key}.{FOR}": numbered.get(one.owner, one.owner)} if one.owner else {}
        return found

    def others_of(self, kind: str) -> tuple[OtherItem, ...]:
        """The items of a kind beyond the first."""
        return tuple(one for one in self.others if one.kind == kind)

    @property
    def listed(self) -> tuple[ItemKind, ...]:
        """The kinds whose items are told one by one: those with more than one, and those of which it matters which it is, since it
        is for another or another for it."""
        kinds: dict[str, str] = {one.id: one.kind for one in self.others}
        owners = (*self.owners.values(), *(one.owner for one in self.others))
        owning = (kinds.get(owner, owner.rpartition("-")[0]) for owner in owners)
        return tuple(dict.fromkeys(filter(None, map(kind_of, (*kinds.values(), *self.owners, *owning)))))

    def items(self, rulebook: Rulebook) -> ReadItems:
        """Every item of the kinds with more than one, the first among them, and what is left flat; what cannot be read is left out."""
        others = {
            kind: [
                {"id": one.id, NAME: one.name or None, FOR: one.owner or None, "facts": dict(one.facts)}
                for one in self.others_of(kind)
            ]
            for kind in self.listed
        }
        firsts = {kind: {NAME: self.names.get(kind), FOR: self.owners.get(kind)} for kind in others}
        complete: dict[ItemKind, bool] = dict.fromkeys(filter(None, map(kind_of, self.complete)), True)
        return with_first(rulebook, self.facts, others, firsts, complete)

    def without(self, *facts: str) -> Answers:
        """With nothing told of these facts."""
        gone = frozenset(facts)
        if not gone & (self.answered | self.told_at.keys()):
            return self
        return replace(
            self,
            facts=_less(self.facts, gone),
            bands=_less(self.bands, gone),
            unsure=self.unsure - gone,
            told_at=_less(self.told_at, gone),
        )

    def with_form(self, facts: Mapping[str, Plain], asked: Iterable[str], at: int) -> Answers:
        """With a form that asked all of `asked` and found these: an exact answer left empty is taken back.

        A field left empty does not take back a band or a 不清楚, which the form cannot show. What did not change
        keeps its time.
        """
        changed = self.without(*(fact for fact in asked if fact in self.facts and fact not in facts))
        for fact, value in facts.items():
            entry = Entry(value=value)
            if not entry.is_same(self.entry(fact)):
                changed = changed.with_entry(fact, entry, at)
        return changed


def stated(value: Scalar) -> Plain:
    """What a gate's "none" says of a fact, as a form keeps it: whole numbers as such, other figures as decimal text."""
    return value if isinstance(value, str | bool | int) else str(value)


def _band(rulebook: Rulebook, fact: str, band: BandTold) -> Band:
    low, high = (_end(rulebook, fact, end) for end in band[:2])
    return Band(low, high, band[2], band[3])


def _end(rulebook: Rulebook, fact: str, end: str | None) -> int | Fraction | date | None:
    """The end of a band as the engine takes it; no end where it cannot be read as a figure or a day."""
    found = None if end is None else read_facts(rulebook, {fact: end})[0].get(fact)
    return found if isinstance(found, int | Fraction | date) else None


def _less(told: Mapping[str, _Kept], gone: frozenset[str]) -> dict[str, _Kept]:
    return {fact: value for fact, value in told.items() if fact not in gone}


# ---------------------------------------------------------------------------------------------------------------------
# Bands of a figure: how one is written in a form, read back, kept, and said in words (不到20人, 20到300人).
# ---------------------------------------------------------------------------------------------------------------------


End = int | Fraction | date | None

_PARTS = 4


def band_told(fact: Fact, band: Band) -> BandTold:
    """A band as it is kept: its ends as a profile file states them."""
    return _plain(fact, band.low), _plain(fact, band.high), band.low_open, band.high_open


def band_value(fact: Fact, band: Band) -> str:
    """A band as the value of a form's field: `low|high|open|open`."""
    low, high, low_open, high_open = band_told(fact, band)
    return "|".join((low or "", high or "", "01"[low_open], "01"[high_open]))


def read_band(rulebook: Rulebook, fact: Fact, text: str) -> BandTold | None:
    """The band that a field's value stands for; None where it is none, or an end of it is no value of the fact."""
    parts = text.split("|")
    if len(parts) != _PARTS or not set(parts[2:]) <= {"0", "1"}:
        return None
    low, high = (part or None for part in parts[:2])
    ends = [end for end in (low, high) if end is not None]
    if not ends or any(read_facts(rulebook, {fact.id: end})[1] for end in ends):
        return None
    return low, high, parts[2] == "1", parts[3] == "1"


def band_text(fact: Fact, band: Band, lang: str) -> str:
    """A band in words. Whole numbers and days are said by the first and last that lie in it."""
    least = fact.bounds[0]
    band = _closed(fact, band)
    low = None if band.low is None or (band.low == least and band.low != band.high) else _said(fact, band.low, lang)
    high = None if band.high is None else _said(fact, band.high, lang)
    if low is not None and low == high:
        return low
    bands = interview_labels.DAY_BAND if fact.type == "date" else interview_labels.BAND
    ends = ("" if low is None else ("over" if band.low_open else "from"), "" if high is None else _to(band))
    return sentences.say(bands["_".join(filter(None, ends)) or "any"], lang, low=low, high=high)


def _to(band: Band) -> str:
    return "under" if band.high_open else "to"


def _closed(fact: Fact, band: Band) -> Band:
    if fact.type not in ("integer", "date"):
        return band
    low, high = band.low, band.high
    if band.low_open and low is not None:
        low = low + timedelta(days=1) if isinstance(low, date) else low + 1
    if band.high_open and high is not None:
        high = high - timedelta(days=1) if isinstance(high, date) else high - 1
    return Band(low, high)


def _plain(fact: Fact, end: End) -> str | None:
    if end is None or isinstance(end, date):
        return None if end is None else end.isoformat()
    return decimal(Fraction(end) / 100 if fact.type == "money" else end)


def _said(fact: Fact, end: int | Fraction | date, lang: str) -> str:
    if fact.type == "money" and not isinstance(end, date):
        return figures.sum_and_large(end, lang).split(" = ")[-1]
    return values.value_text(fact, end, lang)
