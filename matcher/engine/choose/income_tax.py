"""At what rate a firm pays corporate income tax, so that a deduction can be said as the tax it saves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from matcher.engine import Decision
from matcher.rulebook import Rulebook
from matcher.rulebook.language import Rows, Scalar

# Taken off the income at once instead of over years (header of rules/interplay.yaml): less tax now, more tax later.
_ONLY_SOONER = frozenset({"equipment-deduction"})

_SMALL, _HIGH_TECH = "small-low-profit-income-tax", "high-tech-enterprise-income-tax"

_OPEN = frozenset({"needs_information", "needs_decision"})

_INCOME = "annual_taxable_income"


def only_moves_time(scheme: str) -> bool:
    """Whether a deduction only puts tax off: it is no tax less."""
    return scheme in _ONLY_SOONER


@dataclass(frozen=True, slots=True)
class IncomeTax:
    """The rate on the firm's last yuan of income; where that is not known, the highest that may still be the firm's.

    Taxable income is what is left after all deductions (企业所得税法第五条), so that a deduction saves its amount times this rate.
    It is never overstated: a firm that is small only thanks to the deduction saves more. A loss saves nothing this year.
    """

    rate: Fraction
    is_known: bool

    @classmethod
    def of(
        cls, rulebook: Rulebook, facts: Mapping[str, Scalar], decisions: Iterable[Decision], as_of: date
    ) -> IncomeTax:
        """By what the firm told of its income and what was decided of the reliefs that set another rate."""
        status = {one.scheme: one.status for one in decisions if one.scheme in (_SMALL, _HIGH_TECH)}
        income = facts.get(_INCOME)
        told = income if isinstance(income, int | Fraction) else None
        if told is not None and told <= 0:
            return cls(Fraction(0), True)
        rates = {rate for rate in _rates(rulebook, status, told, as_of) if rate is not None}
        return cls(max(rates, default=Fraction(0)), told is not None and len(rates) == 1)


def _rates(
    rulebook: Rulebook, status: Mapping[str, str], income: int | Fraction | None, as_of: date
) -> Iterator[Fraction | None]:
    """Every rate that may be the firm's."""
    small, high_tech = (status.get(slug, "needs_information") for slug in (_SMALL, _HIGH_TECH))
    if small == "eligible" or small in _OPEN:
        yield _small_rate(rulebook, income, as_of)
    if small == "eligible":
        return
    if high_tech == "eligible" or high_tech in _OPEN:
        yield _figure(rulebook, "high_tech.rate", as_of)
    if high_tech != "eligible":
        yield _figure(rulebook, "corporate_income_tax.rate", as_of)


def _small_rate(rulebook: Rulebook, income: int | Fraction | None, as_of: date) -> Fraction | None:
    """The share of the income that counts, in the slice in which it ends, times the rate."""
    rate, counted = (
        _figure(rulebook, "small_low_profit.rate", as_of),
        _constant(rulebook, "small_low_profit.counted", as_of),
    )
    if rate is None or not isinstance(counted, Rows):
        return None
    share = next((part for end, part in counted.rows if income is not None and income <= end), counted.other)
    return rate * Fraction(share)


def _figure(rulebook: Rulebook, name: str, as_of: date) -> Fraction | None:
    found = _constant(rulebook, name, as_of)
    return Fraction(found) if isinstance(found, int | Fraction) else None


def _constant(rulebook: Rulebook, name: str, as_of: date) -> object:
    history = rulebook.parameters.get(name)
    entry = None if history is None else history.on(as_of)
    return None if entry is None else entry[1].value
