"""Offers out of the decisions on one profile, the best set of them, and a choice as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from matcher.engine import NO_ITEMS, Decision, Items, is_firms_own
from matcher.rulebook import Rulebook, Scheme
from matcher.rulebook.language import Scalar
from matcher.text import yuan

from .choice import Choice, LeftOut, RunnerUp, Total, choose
from .offers import CREDIT, DEDUCTION, DEFERRAL, OPEN, Held, Offer
from .words import paragraph

# ---------------------------------------------------------------------------------------------------------------------
# A choice as JSON, in the shape that `matcher bundle` and `matcher check` share. Money in yuan, two decimals.
# ---------------------------------------------------------------------------------------------------------------------


def to_json(choice: Choice, schemes: Mapping[str, Scheme]) -> dict[str, Any]:
    """The set, what is left out and why, the sums by line, the runner-up; ``schemes``: those known by name, for the text.

    ``lines`` shows for each chosen offer where it counts and how much; ``alternative`` is the runner-up in full; ``notes``
    are relations to tell that shut nothing out.
    """
    runner_up = choice.runner_up
    return {
        "chosen": [one.name() for one in choice.chosen],
        "not_chosen": [_left_out(one) for one in choice.left_out],
        "total": _total(choice.total),
        "deferrals": yuan(choice.sum_of(DEFERRAL)),
        "deductions": yuan(choice.sum_of(DEDUCTION)),
        "released_credit": yuan(choice.sum_of(CREDIT)),
        "apart": [{"scheme": one.scheme, "recipient": one.recipient} for one in choice.apart],
        "runner_up": runner_up and {"total": _total(runner_up.total), "less_by": yuan(runner_up.less_by)},
        "alternative": runner_up and _alternative(choice, runner_up),
        "lines": _lines(choice, schemes),
        "notes": [
            {"relation": one.id, "kind": one.kind, "text": one.rule and one.rule.to_json()} for one in choice.notes
        ],
        "text": {lang: paragraph(choice, schemes, lang) for lang in ("zh", "en")},
    }


def _left_out(one: LeftOut) -> dict[str, str]:
    said = {"instead": one.instead, "first": one.first, "first_item": one.first_item}
    return {**one.offer.name(), "because": one.because, **{key: value for key, value in said.items() if value}}


def _total(total: Total) -> dict[str, str]:
    return {"exact": yuan(total.exact), "up_to": yuan(total.up_to)}


def _alternative(choice: Choice, runner_up: RunnerUp) -> dict[str, Any]:
    chosen, other = set(choice.chosen), set(runner_up.chosen)
    return {
        "chosen": [one.name() for one in runner_up.chosen],
        "takes": [one.name() for one in runner_up.chosen if one not in chosen],
        "instead_of": [one.name() for one in choice.chosen if one not in other],
        "loses_by": runner_up.loses_by,
    }


def _lines(choice: Choice, schemes: Mapping[str, Scheme]) -> list[dict[str, Any]]:
    return [
        {
            **one.name(),
            "status": one.status,
            "line": line,
            "certain": one.exact,
            "counted": None if fen is None else yuan(fen),
            **_span(schemes.get(one.scheme)),
        }
        for one, (line, fen) in zip(choice.chosen, choice.lines, strict=True)
    ]


def _span(scheme: Scheme | None) -> dict[str, dict[str, str]]:
    """Over how long the figure runs, where that is longer than a year or a period."""
    span = None if scheme is None else scheme.span
    return {} if span is None else {"span": span.to_json()}


# ---------------------------------------------------------------------------------------------------------------------
# Offers out of the decisions on one profile: each for an item that the firm told, or for the one object of its kind, named
# as the contract says.
# ---------------------------------------------------------------------------------------------------------------------


# The fact that picks the line of a scheme with several.
ITEMS = {
    "smart-manufacturing-fund": "fund_item",
    "intelligent-factory": "smart_factory_level_sought",
    "project-training-subsidy": "training_venue",
    "induction-training-subsidy": "training_venue",
    "skills-training-subsidy": "training_level",
    "skills-upgrade-allowance": "worker_certificate_level",
    "social-insurance-subsidy": "insured_hire_group",
}

# The facts that tell a title is held which another scheme asks for.
TITLES = {
    "has_enterprise_training_centre": "enterprise-training-centre",
    "holds_export_credit_policy": "export-credit-insurance",
    "dept_municipal_chain_leader": "chain-leader-enterprise",
}


def bundle(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    as_of: date,
    items: Items = NO_ITEMS,
) -> dict[str, Any]:
    """The best consistent set among a firm's decisions, as JSON."""
    return to_json(best_of(rulebook, facts, decisions, as_of, items), rulebook.schemes)


def best_of(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    as_of: date,
    items: Items = NO_ITEMS,
) -> Choice:
    """The best consistent set among a firm's decisions. Raises TooTangled."""
    offers = offers_of(rulebook, facts, decisions, as_of, items)
    return choose(offers, rulebook.relations, as_of, titles_held(facts))


def titles_held(facts: Mapping[str, Any]) -> list[Held]:
    """The titles that a firm says it holds, which other schemes ask for."""
    return [Held(scheme) for fact, scheme in TITLES.items() if facts.get(fact) is True]


def offers_of(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    as_of: date,
    items: Items = NO_ITEMS,
) -> list[Offer]:
    """One offer for each scheme that is open to the firm; restrictions offer nothing, and what is nobody's case no sum."""
    return [
        _offer(rulebook, facts, one, as_of, items)
        for one in decisions
        if one.status in OPEN and rulebook.schemes[one.scheme].kind != "restriction"
    ]


def _offer(rulebook: Rulebook, facts: Mapping[str, Scalar], decision: Decision, as_of: date, items: Items) -> Offer:
    scheme, amount, about = rulebook.schemes[decision.scheme], decision.amount, decision.item
    if about is not None:
        facts = items.facts_of(facts, about)
    known = amount is not None and amount.kind != "none" and is_firms_own(rulebook, decision)
    return Offer(
        scheme=scheme.slug,
        object=object_of(scheme, facts, as_of) if about is None else about.id,
        item=item_of(scheme.slug, facts),
        status=decision.status,
        recipient=decision.recipient,
        figure=amount.high if amount is not None and known else None,
        exact=amount is not None and amount.kind == "exact",
        by_department=scheme.award == "by_department",
        owners=() if about is None else tuple((one.kind, one.id) for one in items.owners(about)),
        label=None if about is None else about.label,
    )


def item_of(slug: str, facts: Mapping[str, Scalar]) -> str | None:
    """The line of a scheme with several that the firm asks for; None where it has one, or none is told."""
    item = facts.get(ITEMS.get(slug, ""))
    return None if item is None else str(item)


def object_of(scheme: Scheme, facts: Mapping[str, Scalar], as_of: date) -> str:
    """What the offer is for: `firm`, `loan-1`, `period-2024Q3`, `period-2024-06`, `cit-2024`, `iit-2024`, `year-2024`."""
    if scheme.object == "firm":
        return "firm"
    if scheme.object == "period":
        quarter = f"period-{as_of.year}Q{(as_of.month + 2) // 3}"
        return quarter if _by_quarter(facts) else f"period-{as_of.year}-{as_of.month:02d}"
    if scheme.object == "year":
        if scheme.family != "tax":
            return f"year-{as_of.year}"
        tax = "iit" if scheme.slug.startswith("individual-business") else "cit"
        return f"{tax}-{as_of.year}"
    return f"{scheme.object}-1"


def _by_quarter(facts: Mapping[str, Scalar]) -> bool:
    """As told; untold, small-scale taxpayers mostly file by the quarter, others by the month."""
    told = facts.get("tax_filing_cycle")
    return told == "quarterly" or (told is None and facts.get("vat_status") == "small_scale")
