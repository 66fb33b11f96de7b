"""The rule for openfisca-core: a minimal tax-benefit system, one simulation a firm, with and without trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.benchmarks.by_hand import Answer
from tests.benchmarks.firms import AS_OF, LEGAL_FORMS, VAT_STATUSES, Facts
from tests.benchmarks.peer import NOT_ELIGIBLE, Peer, eligible

FIRM = build_entity(key="firm", plural="firms", label="a firm", is_person=True)
MONTH = periods.DateUnit.MONTH
PERIOD = periods.period(f"{AS_OF:%Y-%m}")
VatStatus = Enum("VatStatus", {name: name for name in VAT_STATUSES})
LegalForm = Enum("LegalForm", {name: name for name in LEGAL_FORMS})


def variable(name: str, kind: type, **more: Any) -> type[Variable]:
    """An input variable of a firm in a month."""
    common = {"value_type": kind, "entity": FIRM, "definition_period": MONTH, "label": name}
    return type(name, (Variable,), common | more)


INPUTS = {
    "vat_status": {"kind": Enum, "possible_values": VatStatus, "default_value": VatStatus.general},
    "legal_form": {"kind": Enum, "possible_values": LegalForm, "default_value": LegalForm.company},
    "is_before_first_settlement": {"kind": bool},
    "small_low_profit_per_settlement": {"kind": bool},
    "in_restricted_or_prohibited_industry": {"kind": bool},
    "employees_end_last_month": {"kind": int},
    "assets_end_last_month": {"kind": float},
    "six_taxes_two_fees_payable": {"kind": float},
}


class new_firm_route(Variable):
    """A firm before its first settlement, by staff and assets at the end of last month."""

    value_type, entity, definition_period, label = bool, FIRM, MONTH, "route of a new firm"

    def formula(firm, period, parameters):
        limits = parameters(period)
        return (
            numpy.logical_not(firm("in_restricted_or_prohibited_industry", period))
            * (firm("employees_end_last_month", period) <= limits.employees)
            * (firm("assets_end_last_month", period) <= limits.assets)
        )


class entitled(Variable):
    """Whether the firm pays half."""

    value_type, entity, definition_period, label = bool, FIRM, MONTH, "entitled"

    def formula(firm, period, parameters):
        form = firm("legal_form", period)
        corporate = (
            (form == LegalForm.company)
            + (form == LegalForm.farmers_cooperative)
            + (form == LegalForm.public_institution)
            + (form == LegalForm.social_organisation)
            + (form == LegalForm.branch)
        )
        route = numpy.where(
            firm("is_before_first_settlement", period),
            firm("new_firm_route", period),
            firm("small_low_profit_per_settlement", period),
        )
        small_scale = firm("vat_status", period) == VatStatus.small_scale
        return small_scale + (form == LegalForm.individual_business) + corporate * route


class relief(Variable):
    """What the firm does not pay, in yuan."""

    value_type, entity, definition_period, label = float, FIRM, MONTH, "relief"

    def formula(firm, period, parameters):
        # Whole fen first: the 32-bit 0.53 is not quite 53 fen, and half of it would round down.
        fen = numpy.rint(firm("six_taxes_two_fees_payable", period) * 100)
        return firm("entitled", period) * numpy.floor(fen * parameters(period).share + 0.5) / 100


def system() -> TaxBenefitSystem:
    """The three formulas, eight inputs and three parameters."""
    made = TaxBenefitSystem([FIRM])
    for name, inputs in INPUTS.items():
        made.add_variable(variable(name, **inputs))
    for formula in (new_firm_route, entitled, relief):
        made.add_variable(formula)
    figures = {"employees": 300, "assets": 50_000_000, "share": 0.5}
    made.parameters = ParameterNode(
        "", data={name: {"values": {"2023-01-01": {"value": value}}} for name, value in figures.items()}
    )
    return made


def peers(firms: Sequence[Facts]) -> list[Peer]:
    """One simulation a firm, plain and traced."""
    rules = system()
    columns = _columns(firms)
    singles = [{name: column[i : i + 1] for name, column in columns.items()} for i in range(len(firms))]
    return [
        Peer("openfisca", lambda firm: _ask(rules, firm, 1, trace=False), singles, _read, True),
        Peer("openfisca with trace", lambda firm: _ask(rules, firm, 1, trace=True), singles, _read, True),
    ]


def all_at_once(firms: Sequence[Facts]) -> Any:
    """A function that decides all the firms in one simulation, which is what OpenFisca is made for."""
    rules, columns = system(), _columns(firms)
    return lambda: _ask(rules, columns, len(firms), trace=False)


def _columns(firms: Sequence[Facts]) -> dict[str, Any]:
    """Each fact of all the firms in OpenFisca's own arrays, money in yuan: the fastest form its inputs can take."""
    columns = {name: numpy.array([firm[name] for firm in firms]) for name in INPUTS}
    columns["vat_status"] = VatStatus.encode(columns["vat_status"])
    columns["legal_form"] = LegalForm.encode(columns["legal_form"])
    for name in ("assets_end_last_month", "six_taxes_two_fees_payable"):
        columns[name] = columns[name] / 100
    return columns


def _ask(rules: TaxBenefitSystem, columns: dict[str, Any], count: int, *, trace: bool) -> tuple[Any, Any, Simulation]:
    simulation = SimulationBuilder().build_default_simulation(rules, count)
    simulation.trace = trace
    for name, column in columns.items():
        simulation.set_input(name, PERIOD, column)
    return simulation.calculate("entitled", PERIOD), simulation.calculate("relief", PERIOD), simulation


def _read(response: tuple[Any, Any, Simulation]) -> Answer:
    if response[2].trace and len(response[2].tracer.trees[0].children) < 4:
        raise AssertionError("the trace of openfisca-core lacks a condition")
    return eligible(round(float(response[1][0]) * 100)) if response[0][0] else NOT_ELIGIBLE
