"""How likely a firm knows an answer, and which. Rough on purpose: it steers the order of questions and nothing else, so a wrong
guess costs a question and never an answer."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.engine.ask.told import Told
from matcher.engine.forms import Interval
from matcher.engine.worlds import Domain
from matcher.rulebook import Fact, Scalar

# What firms mostly are not, do or have: a scheme is for the few. Of what is forbidden or shameful next to nobody says yes.
YES = 0.15
YES_IN = {"standing": 0.03, "conduct": 0.02, "regions": 0.06}
# Who has the thing a question is about mostly meets what is asked of it.
YES_OF_A_THING = 0.65
# The share of firms that have the thing (a loan, a project …), and how the names of the questions about it begin; the other
# firms cannot answer them.
THINGS = {
    ("loan_", "lender_", "financing_", "requests_deferral"): 0.4,
    ("guarantee_", "guarantor_"): 0.15,
    ("bond_", "has_sound_organisation", "has_reasonable_debt", "average_distributable", "has_ongoing_debt_default",
     "misused_bond", "defaulted_in_three"): 0.1,
    ("reit_",): 0.02,
    ("training_", "trainee_", "new_hire", "project_training", "induction_"): 0.15,
    ("mentored_level", "mentoring_"): 0.1,
    ("apprenticeship_",): 0.1,
    ("worker_",): 0.1,
    ("target_youth_insurance", "target_youth_already", "founder_"): 0.2,
    ("project_", "upgrade_", "fund_", "robot_", "consulting_"): 0.15,
    ("meets_energy_baseline",): 0.1,
    ("standard_",): 0.1,
    ("equipment_",): 0.4,
    ("first_set_scope", "first_set_ordinal", "first_set_policy", "first_set_delivered", "first_set_premium", "first_set_sum",
     "first_set_compensation", "first_set_insured", "soe_first_set"): 0.1,
    ("material_buyer", "material_contract", "material_sum", "material_premium", "material_project", "material_used",
     "material_insurer", "material_is"): 0.1,
    ("smart_factory_level", "covers_"): 0.1,
    ("testing_", "accreditation_"): 0.05,
    ("design_",): 0.1,
    ("vehicle", "nev_", "battery_", "electric_", "phev_"): 0.05,
    ("charging_on", "demand_charge"): 0.05,
    ("appliance", "ewaste_"): 0.05,
    ("licence_reform",): 0.05,
    ("repair_", "investment_field"): 0.1,
    ("rural_",): 0.05,
}  # fmt: skip
# Once one question about a thing was answered, or could not be, the others mostly go the same way.
SAME_THING, NO_SUCH_THING = 0.95, 0.03
# Everybody can say "none": of these a firm without the thing knows that it has none.
COUNTS = frozenset({"training_persons", "training_certified_persons"})
# Of an enumeration with a value for "nothing of the kind", that one is what most firms answer.
NOTHING = ("none", "neither", "other", "no", "not_applicable")
NOTHING_SHARE = 0.75
# What most firms of the city are; the other values share the rest evenly.
USUAL = {"legal_form": ("company", 0.65), "ownership": ("private", 0.8), "district": ("outside_tianjin", 0.04)}
# Where the rules tell "none" apart, a figure mostly is none; else it lies in the lowest of the bands as often as in all others.
NONE_SHARE, LOWEST_SHARE, ORDINARY_SHARE = 0.8, 0.5, 0.97


def known(name: str, told: Told) -> float:
    """The likelihood that a firm can answer at all."""
    thing = thing_of(name)
    if not thing:
        return 1.0
    if any(other.startswith(thing) for other in (*told.facts, *told.bands) if other not in COUNTS):
        return SAME_THING
    return NO_SUCH_THING if any(other.startswith(thing) for other in told.unsure) else THINGS[thing]


def thing_of(name: str) -> tuple[str, ...]:
    """The thing a question is about, by how its name begins; nothing where it is about the firm itself."""
    return () if name in COUNTS else next((thing for thing in THINGS if name.startswith(thing)), ())


def none_of(fact: Fact, none: Scalar) -> float:
    """The likelihood that a firm has nothing of what a fact is about, ``none`` being the fact's word for that."""
    thing = thing_of(fact.id)
    if thing:
        return 1 - THINGS[thing]
    if fact.type == "boolean":
        return 1 - YES_IN.get(fact.group, YES)
    return _word(fact, none) if isinstance(none, str) else NONE_SHARE


def shares(fact: Fact, domains: Sequence[Domain | None], *, summed: bool = False) -> tuple[float, ...]:
    """The likelihood of each piece of a fact's domain; they add up to one. ``summed``: it is one figure of a sum, and only
    one out of the ordinary decides by itself."""
    if len(domains) == 1:
        return (1.0,)
    if fact.type == "boolean":
        yes = YES_OF_A_THING if thing_of(fact.id) else YES_IN.get(fact.group, YES)
        return tuple(yes if domain == frozenset((True,)) else 1 - yes for domain in domains)
    if fact.type == "enum":
        return tuple(sum(_word(fact, word) for word in domain) for domain in domains if isinstance(domain, frozenset))
    if isinstance(domains[0], Interval):
        none = domains[0].low == domains[0].high == 0
        lowest = ORDINARY_SHARE if summed else NONE_SHARE if none else LOWEST_SHARE
        return (lowest, *((1 - lowest) / (len(domains) - 1) for _ in domains[1:]))
    sizes = [len(domain) if isinstance(domain, frozenset) else 1 for domain in domains]
    return tuple(size / sum(sizes) for size in sizes)


def _word(fact: Fact, word: str) -> float:
    """The likelihood of one value of an enumeration."""
    usual, share = USUAL.get(fact.id) or (next((one for one in NOTHING if one in fact.values), ""), NOTHING_SHARE)
    if usual not in fact.values:
        return 1 / len(fact.values)
    return share if word == usual else (1 - share) / (len(fact.values) - 1)
