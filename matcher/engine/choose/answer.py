"""A choice as JSON, in the shape that `matcher bundle` and `matcher check` share. Money in yuan, two decimals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.engine.amounts import yuan
from matcher.engine.choose.choice import Choice, LeftOut, RunnerUp, Total
from matcher.engine.choose.offers import CREDIT, DEDUCTION, DEFERRAL
from matcher.engine.choose.words import paragraph
from matcher.rulebook import Scheme


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
            {"relation": one.id, "kind": one.kind, "text": one.rule and {"zh": one.rule.zh, "en": one.rule.en}}
            for one in choice.notes
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
    return {} if span is None else {"span": {"zh": span.zh, "en": span.en}}
