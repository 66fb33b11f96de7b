"""What is answered about a firm in JSON, in one shape at the command line and over the network."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from matcher.engine import check
from matcher.engine.choose import TooTangled, bundle, choose, to_json
from matcher.rulebook import Fact, Rulebook, Text

from .bundles import Bundle
from .faults import Fault
from .files import Profile
from .numbers import spelled

NO_INDUSTRY = Text(
    zh="没有找到相近的行业。换个说法：写做什么、卖什么或提供什么服务，如 做汽车零件、开面馆；也可以写 2 至 4 位行业代码",
    en="no industry is near that. Say what the firm makes, sells or does, such as auto parts; or a code of 2 to 4 digits",
)


def check_response(
    rulebook: Rulebook, profile: Profile, as_of: datetime.date, schemes: Iterable[str] | None, *, in_full: bool = True
) -> dict[str, Any]:
    """The decisions on a profile without faults, on a day, with the best set of them (None: too tangled to be chosen from).

    ``in_full`` adds to each decision what explains it: reasons, near misses, arithmetic, days to keep.
    """
    decisions = check(rulebook, profile.facts, as_of, schemes, items=profile.items)
    try:
        best = bundle(rulebook, profile.facts, decisions, as_of, profile.items)
    except TooTangled:
        best = None
    found: dict[str, Any] = {
        "id": profile.id,
        "rulebook": rulebook.hash,
        "as_of": as_of.isoformat(),
        "decisions": [decision.to_json() if in_full else decision.essence() for decision in decisions],
        "bundle": best,
    }
    if profile.remarks:
        found["warnings"] = [remark.to_json() for remark in profile.remarks]
    return found


def bundle_response(rulebook: Rulebook, one: Bundle) -> dict[str, Any] | tuple[Fault, ...]:
    """The best set of the offers of a bundle, or the faults of a bundle that cannot be chosen from."""
    if one.faults:
        return one.faults
    try:
        choice = choose(one.offers, one.relations, one.as_of, one.held, one.received)
    except TooTangled as error:
        count = len(one.offers)
        text = Text(zh=f"{count} 项互相牵连太多，请分几次问", en=str(error))
        return (Fault("offers", None, str(count), text, ("offers",)),)
    return {
        "id": one.id,
        "rulebook": rulebook.hash,
        "as_of": one.as_of.isoformat(),
        **to_json(choice, rulebook.schemes),
    }


def industry_response(query: str) -> dict[str, Any]:
    """`{query, groups}`, and where nothing fits what to do about it as `hint`."""
    from .search import find_industry  # its dictionaries would slow the start of every command

    groups = [{"code": hit.code, "name": hit.name.to_json(), "why": hit.why.to_json()} for hit in find_industry(query)]
    return {"query": query, "groups": groups} | ({} if groups else {"hint": NO_INDUSTRY.to_json()})


def errors_response(name: str, faults: Sequence[Fault]) -> dict[str, Any]:
    """What is answered for an input that cannot be used: `{id, errors}`."""
    return {"id": name, "errors": [fault.to_json() for fault in faults]}


def fact_response(fact: Fact) -> dict[str, Any]:
    """One fact of the vocabulary; bounds are decimal strings, those of money in yuan."""
    return {
        "id": fact.id,
        "type": fact.type,
        "unit": fact.unit,
        "values": {value: label.to_json() for value, label in fact.values.items()} if fact.type == "enum" else None,
        "min": _bound(fact.min),
        "max": _bound(fact.max),
        "label": fact.label.to_json(),
        "question": fact.question.to_json() if fact.question else None,
        "help": fact.help.to_json() if fact.help else None,
        "group": fact.group,
        "of": list(fact.of),
        "stated_by": fact.stated_by,
    }


def _bound(bound: Fraction | None) -> str | None:
    return None if bound is None else spelled(bound)
