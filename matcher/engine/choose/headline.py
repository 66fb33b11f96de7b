"""The three numbers that a firm's decisions come to: cash to the firm, tax and fees less, and what is still possible.

One function says them everywhere: page, sheet, letter, desk, batch, interview and command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from matcher.engine import NO_ITEMS, Amount, Decision, Items, is_firms_own, speaks_for_the_firm
from matcher.rulebook import Rulebook, Scheme, Text, decimal
from matcher.rulebook.language import Scalar
from matcher.text import half_up, yuan

from .choice import Choice, LeftOut, choose
from .income_tax import IncomeTax, only_moves_time
from .offers import CREDIT, DEDUCTION, MONEY, Offer, line_of
from .profile import item_of, object_of, titles_held

Number = Literal["cash", "less"]
"""``cash``: paid to the firm, refunds included; ``less``: tax, fees, interest or a price that the firm does not pay."""

Standing = Literal["certain", "unconfirmed", "ceiling", "department", "open"]
"""``certain``: entitled, and the sum is exact. All others are possible: ``unconfirmed``, a figure of the sum is known from
hearsay or is past the day to confirm it by; ``ceiling``, entitled to at most so much; ``department``, one decides; ``open``,
an answer is missing."""

NUMBERS = ("cash", "less", "possible")
"""The three numbers in their order, everywhere: certain cash, what is certainly not paid, and what may come on top."""

Unsaid = Literal["to_be_set", "missing"]
"""Why one of the three has words in the place of a figure: its sum is yet to be worked out, or facts are missing."""

STANDINGS: tuple[Standing, ...] = ("certain", "unconfirmed", "ceiling", "department", "open")

_TO_THE_FIRM: Mapping[str | None, Number] = {"firm_cash": "cash", "firm_price": "less"}

_COUNTED = frozenset({MONEY, CREDIT, DEDUCTION})


@dataclass(frozen=True, slots=True)
class Entry:
    """What one offer adds to a number.

    ``fen``: what it adds, a year. ``times``: how many periods of the law were counted for the year (4, 12; 1: it is a sum of the year,
    or is paid once), each of ``per_time`` fen, as its card says. ``deduction``: fen taken off the taxable income, of which ``fen`` is
    the tax at ``rate``. ``is_credit``: the firm's own VAT credit, paid out sooner. ``instead_of``: a certain offer that this one
    would displace, whose fen are taken off already. ``label``: how the one of several that it is about is called.
    """

    scheme: str
    object: str
    number: Number
    standing: Standing
    fen: int
    per_time: int
    times: int = 1
    deduction: int | None = None
    rate: Fraction | None = None
    is_credit: bool = False
    instead_of: str | None = None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """The three numbers and what they are made of. All fen; each number is the sum of its ``entries``, largest first.

    ``left_out``: offers that another one shuts out, each with the relation that says so; never one that merely adds nothing.
    ``deferred``: fen that are only paid later, by scheme, in no number. ``unknown``: schemes held whose sum no answer gives yet.
    ``waiting``: for how many decisions facts are missing. ``is_to_be_set``: the firm is to get money of which nobody knows the sum;
    ``is_bare``: no decision gives a sum to anybody, and none is to be set. ``is_untallied``: no best set was found, so nothing is added up.
    """

    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...] = ()
    deferred: tuple[tuple[str, int], ...] = ()
    unknown: tuple[str, ...] = ()
    waiting: int = 0
    is_to_be_set: bool = False
    is_bare: bool = False
    is_untallied: bool = False

    @property
    def numbers(self) -> tuple[int, int, int]:
        """The three `NUMBERS`, in fen."""
        return self.cash, self.less, self.possible

    @property
    def without_figure(self) -> Mapping[str, Unsaid]:
        """Which of the three are to be said in words, not as 0: as `without_figure` says of every page and paper."""
        if self.is_untallied:
            return dict.fromkeys(NUMBERS, "to_be_set")
        return without_figure(self.numbers, is_to_be_set=self.is_to_be_set, waiting=self.waiting, is_bare=self.is_bare)

    @property
    def cash(self) -> int:
        """Certain cash to the firm, a year, refunds included."""
        return self._certain("cash")

    @property
    def less(self) -> int:
        """Tax, fees, interest and price that the firm certainly does not pay, a year."""
        return self._certain("less")

    @property
    def possible(self) -> int:
        """What may come on top, at most: unconfirmed figures, ceilings, what a department decides, what an answer would show."""
        return sum(one.fen for one in self.entries if one.standing != "certain")

    def of(self, standing: Standing) -> tuple[Entry, ...]:
        """The entries of one standing, the largest first."""
        return tuple(one for one in self.entries if one.standing == standing)

    def sum_of(self, standing: Standing) -> int:
        """Their fen together."""
        return sum(one.fen for one in self.of(standing))

    def entries_of(self, scheme: str, item: str | None = None) -> tuple[Entry, ...]:
        """What one scheme adds, the certain part first; empty where it adds nothing. ``item``: of several that one alone."""
        return tuple(one for one in self.entries if one.scheme == scheme and item in (None, one.object))

    def to_json(self) -> dict[str, Any]:
        """``{sure: {cash, less}, possible, unsaid, entries}``, yuan a year as decimal strings; ``unsaid``: which of the three are no
        figure (`without_figure`), though "0.00" stands there."""
        return {
            "sure": {"cash": yuan(self.cash), "less": yuan(self.less)},
            "possible": yuan(self.possible),
            "unsaid": dict(self.without_figure),
            "entries": [_entry_json(one) for one in self.entries],
        }

    def _certain(self, number: Number) -> int:
        return sum(one.fen for one in self.of("certain") if one.number == number)


UNTALLIED = Headline((), is_untallied=True)
"""Where so much bears on each other that nobody can vouch for a best set (`TooTangled`): all three are to be worked out."""


def without_figure(numbers: Sequence[int], *, is_to_be_set: bool, waiting: int, is_bare: bool) -> dict[str, Unsaid]:
    """Which of the three `NUMBERS` stand in words, since a nought would sound like an answer: what may still come where its sum is
    yet to be set or facts are missing, and all three where nothing but missing facts is known.

    ``numbers``: in fen; the others as in `Headline`.
    """
    if waiting and is_bare and not any(numbers):
        return dict.fromkeys(NUMBERS, "missing")
    if numbers[2]:
        return {}
    if is_to_be_set:
        return {"possible": "to_be_set"}
    return {"possible": "missing"} if waiting else {}


def _entry_json(one: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "scheme": one.scheme,
        "number": one.number,
        "standing": one.standing,
        "yuan": yuan(one.fen),
    }
    if one.label is not None:
        found["item"] = one.object
    if one.times > 1:
        found |= {"per_period": yuan(one.per_time), "periods": one.times}
    if one.deduction is not None and one.rate is not None:
        found |= {"deduction": yuan(one.deduction), "tax_rate": decimal(one.rate)}
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """One offer with what of it is certain and what it is at most, in fen of its period."""

    offer: Offer
    decision: Decision
    low: int
    high: int
    standing: Standing


def headline(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    as_of: date,
    items: Items = NO_ITEMS,
) -> Headline:
    """The three numbers of a firm's ``decisions`` (as ``engine.check`` gives them) on ``as_of``, in fen a year.

    The numbers rest on the best admissible set: what excludes each other or shares a ceiling is not added up. A relief of a
    period is counted for a year of such periods (``Entry.times``). A deduction counts as the tax it saves at the firm's own rate; where
    that is not known, as possible at the highest rate that may still be the firm's. What is only put off, what others are paid,
    and what a department gives to firms of which nothing told speaks stand in no number. ``items``: the several loans, projects, machines
    that the decisions are about, if any. Raises TooTangled.
    """
    found = tuple(decisions)
    tax = IncomeTax.of(rulebook, facts, found, as_of)
    parts = [part for one in found if (part := _part(rulebook, facts, one, as_of, items)) is not None]
    sums = _Sums(rulebook, facts, tax, as_of, {part.offer.key: part for part in parts})
    entries, left_out = sums.entries()
    return Headline(
        entries=tuple(sorted(entries, key=lambda one: (-one.fen, one.scheme, one.standing))),
        left_out=left_out,
        deferred=sums.deferred(found),
        unknown=tuple(one.scheme for one in found if one.status == "eligible" and _is_unset(rulebook, one)),
        waiting=sum(one.status == "needs_information" for one in found),
        is_to_be_set=any(_is_unset(rulebook, one) for one in found),
        is_bare=not entries and not any(_is_unset(rulebook, one) or _has_sum(rulebook, one) for one in found),
    )


def _part(
    rulebook: Rulebook, facts: Mapping[str, Scalar], decision: Decision, as_of: date, items: Items
) -> _Part | None:
    """What a decision may bring the firm; None where that is nothing."""
    scheme, is_open, about = rulebook.schemes[decision.scheme], decision.status == "needs_information", decision.item
    if scheme.kind != "support" or decision.status not in ("eligible", "needs_decision", "needs_information"):
        return None
    amount, recipient = _prospect(scheme, decision) if is_open else (decision.amount, decision.recipient)
    if amount is None or amount.kind == "none" or amount.high <= 0 or recipient not in _TO_THE_FIRM:
        return None
    if not (speaks_for_the_firm(rulebook, decision) if is_open else is_firms_own(rulebook, decision)):
        return None  # looked for last: it takes the reasons of the decision
    offer = Offer(
        scheme=scheme.slug,
        object=object_of(scheme, facts, as_of) if about is None else about.id,
        item=item_of(scheme.slug, facts if about is None else items.facts_of(facts, about)),
        recipient=recipient,
        figure=amount.high,
        exact=amount.kind == "exact" and decision.status == "eligible",
        by_department=scheme.award == "by_department",
        owners=() if about is None else tuple((one.kind, one.id) for one in items.owners(about)),
        label=None if about is None else about.label,
    )
    standing = _standing(rulebook, decision, amount)
    low = amount.low if standing == "certain" else 0
    return _Part(offer, decision, low, amount.high, standing)


def _prospect(scheme: Scheme, decision: Decision) -> tuple[Amount | None, str | None]:
    """What an open scheme may come to, where the firm told all that its sum is reckoned from: a limit of the law is no prospect."""
    found = decision.prospect
    if found is None or not found.is_one_way or not found.is_told:
        return None, None
    return found.worth.amount, found.worth.recipient or scheme.recipient


def _standing(rulebook: Rulebook, decision: Decision, amount: Amount) -> Standing:
    """How sure the lower end of a sum is; what lies above it in a range is open."""
    if decision.status == "needs_information":
        return "open"
    if decision.status == "needs_decision":
        return "department"
    if amount.kind == "ceiling":
        return "ceiling"
    return "certain" if is_confirmed(rulebook, decision) else "unconfirmed"


_UNCONFIRMED = frozenset({"figure_to_confirm", "figure_unconfirmed"})


def is_confirmed(rulebook: Rulebook, decision: Decision) -> bool:
    """Whether every figure of the sum was read in its text or a copy of it, and nothing warns of one."""
    if decision.confidence == "low" or any(one.code in _UNCONFIRMED for one in decision.warnings):
        return False
    found, edition = decision.prospect, rulebook.scheme_at(decision.scheme, decision.as_of)
    used = frozenset() if found is None else found.figures
    return all(one.is_read(rulebook.instruments) for one in edition.figures if one.id in used)


_ANSWERED = ("eligible", "needs_decision")


def _is_unset(rulebook: Rulebook, decision: Decision) -> bool:
    """Whether the firm has, or a department may give it, a scheme with money in it of which no sum is known."""
    amount = decision.amount
    return (
        decision.status in _ANSWERED
        and decision.recipient in _TO_THE_FIRM
        and rulebook.schemes[decision.scheme].kind == "support"
        and (amount is None or amount.kind == "none")
    )


def _has_sum(rulebook: Rulebook, decision: Decision) -> bool:
    """Whether a decision brings anybody a sum, the firm or another, now or later."""
    amount = decision.amount
    return (
        decision.status in _ANSWERED
        and rulebook.schemes[decision.scheme].kind == "support"
        and amount is not None
        and amount.kind != "none"
        and amount.high > 0
    )


# ---------------------------------------------------------------------------------------------------------------------
# Adds up: the best set of what is certain, then the best set of everything, and what it has more.
# ---------------------------------------------------------------------------------------------------------------------

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Sums:
    rulebook: Rulebook
    facts: Mapping[str, Scalar]
    tax: IncomeTax
    as_of: date
    parts: Mapping[_Key, _Part]

    def entries(self) -> tuple[list[Entry], tuple[LeftOut, ...]]:
        """What every offer adds, and which offers another one shuts out."""
        sure = self._choose([replace(one.offer, figure=one.low, exact=True) for one in self.parts.values() if one.low])
        paid = self._paid(sure)
        certain = [one for key, fen in paid.items() for one in self._entries(self.parts[key], fen, "certain")]
        more, whole = self._more(paid, certain)
        names = {one.id for one in self.rulebook.relations}
        return [*certain, *more], tuple(one for one in whole.left_out if one.because in names)

    def _choose(self, offers: Sequence[Offer]) -> Choice:
        return choose(offers, self.rulebook.relations, self.as_of, titles_held(self.facts))

    def _paid(self, choice: Choice) -> dict[_Key, int]:
        lines = zip(choice.chosen, choice.lines, strict=True)
        return {offer.key: fen for offer, (line, fen) in lines if line in _COUNTED and fen}

    def _more(self, paid: Mapping[_Key, int], certain: Sequence[Entry]) -> tuple[list[Entry], Choice]:
        """What the best set of all offers has beyond the certain ones. An offer that would displace more than it brings is no gain."""
        worth = {key: _sum(one for one in certain if _key_of(one) == (key[0], key[2])) for key in paid}
        pool = {key: part.offer for key, part in self.parts.items()}
        while True:
            whole = self._choose(list(pool.values()))
            found = self._paid(whole)
            more = {key: self._beyond(key, found[key], paid.get(key, 0)) for key in found}
            displaced = {
                key: other for key in paid if key not in found and (other := self._in_the_way(key, whole, more))
            }
            lost: dict[_Key, int] = {}
            for key, other in displaced.items():
                lost[other] = lost.get(other, 0) + worth[key]
            vain = [other for other, fen in lost.items() if _sum(more[other]) < fen]
            if not vain:
                break
            for other in vain:
                del pool[other]
        for key, other in displaced.items():
            more[other] = _without(more[other], worth[key], key[0])
        return [one for entries in more.values() for one in entries if one.fen > 0], whole

    def _in_the_way(self, key: _Key, whole: Choice, more: Mapping[_Key, Sequence[Entry]]) -> _Key | None:
        """The offer that displaces a certain one in the best set: of those its relation binds the one that brings most."""
        reason = next((one for one in whole.left_out if one.offer.key == key), None)
        relation = next((one for one in self.rulebook.relations if reason and one.id == reason.because), None)
        if relation is None:
            return None
        bound = [
            other
            for other in more
            if more[other] and relation.covers(other[0], other[1] or None, self.parts[other].offer.recipient)
        ]
        return max(bound, key=lambda other: _sum(more[other]), default=None)

    def _beyond(self, key: _Key, fen: int, sure: int) -> list[Entry]:
        """What an offer brings above its certain part."""
        part = self.parts[key]
        standing: Standing = "open" if part.standing == "certain" else part.standing
        return self._entries(part, fen - sure, standing) if fen > sure else []

    def _entries(self, part: _Part, fen: int, standing: Standing) -> list[Entry]:
        """Some fen of an offer as an entry: for a year, a deduction as tax; none where it is nothing."""
        offer, scheme = part.offer, self.rulebook.schemes[part.offer.scheme]
        number, times = _TO_THE_FIRM[offer.recipient], self._times(scheme)
        line = self._line(offer)
        if line == DEDUCTION:
            if only_moves_time(offer.scheme):
                return []
            rate, is_known = self.tax.rate, self.tax.is_known
            saved = half_up(Fraction(fen) * rate)
            how = standing if is_known else "open"
            made = Entry(offer.scheme, offer.object, "less", how, saved, saved, 1, fen, rate, label=offer.label)
            return [made] if saved else []
        is_credit, label = line == CREDIT, offer.label
        made = Entry(
            offer.scheme, offer.object, number, standing, fen * times, fen, times, is_credit=is_credit, label=label
        )
        return [made]

    def _line(self, offer: Offer) -> str:
        return line_of(offer, [one for one in self.rulebook.relations if one.holds(self.as_of)])

    def _times(self, scheme: Scheme) -> int:
        """How many of the law's periods make a year for this firm; 1 for sums of a year, and for what is paid once."""
        if scheme.period == "month":
            return 12
        if scheme.period == "quarter":
            return 12 if self.facts.get("tax_filing_cycle") == "monthly" else 4
        return 1

    def deferred(self, decisions: Iterable[Decision]) -> tuple[tuple[str, int], ...]:
        """What is only paid later, by scheme: money put off, and equipment deducted at once instead of over years."""
        found = []
        for one in decisions:
            known = one.amount is not None and one.amount.kind != "none" and one.status == "eligible"
            if known and (one.recipient == "firm_deferral" or only_moves_time(one.scheme)):
                assert one.amount is not None
                found.append((one.scheme, one.amount.high))
        return tuple(found)


def _key_of(entry: Entry) -> tuple[str, str]:
    return entry.scheme, entry.object


def _sum(entries: Iterable[Entry]) -> int:
    return sum(one.fen for one in entries)


def _without(entries: list[Entry], fen: int, scheme: str) -> list[Entry]:
    """The entries without so many fen, which a certain offer loses by them."""
    left = []
    for one in entries:
        taken = min(one.fen, fen)
        fen -= taken
        left.append(replace(one, fen=one.fen - taken, instead_of=scheme))
    return left
