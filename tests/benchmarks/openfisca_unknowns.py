"""The condition ``a <= 3 or b`` and its negation as an OpenFisca system of two inputs and two formulas."""

from __future__ import annotations

import numpy
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.benchmarks.openfisca_peer import FIRM, MONTH, variable


class condition(Variable):
    """``a <= 3 or b``."""

    value_type, entity, definition_period, label = bool, FIRM, MONTH, "condition"

    def formula(firm, period):
        return (firm("a", period) <= 3) + firm("b", period)


class negation(Variable):
    """``not (a <= 3 or b)``."""

    value_type, entity, definition_period, label = bool, FIRM, MONTH, "negation"

    def formula(firm, period):
        return numpy.logical_not(firm("condition", period))


def system() -> TaxBenefitSystem:
    """The inputs a (a whole number) and b (yes or no), with the defaults OpenFisca gives them."""
    made = TaxBenefitSystem([FIRM])
    for each in (variable("a", int), variable("b", bool), condition, negation):
        made.add_variable(each)
    return made
