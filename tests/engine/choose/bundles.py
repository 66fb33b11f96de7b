"""Random bundles, and the choice among them by trying every set: written from the header of rules/interplay.yaml alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

from matcher.engine.choose.offers import Offer
from matcher.rulebook.interplay import Relation

DAY = date(2026, 1, 1)
_LETTERS = "abcdefghijklmnopqrstuvw"
_OBJECTS = ("o-1", "o-2", "o-3")
_RECIPIENTS = ("firm_cash",) * 5 + ("firm_price",) * 3 + ("firm_deferral", "firm_right", "institution", "worker")
_SHOWN = ("deferral", "deduction", "released_credit", "apart", "not_counted")


@dataclass(frozen=True)
class Drawn:
    """One random case."""

    offers: list[Offer]
    relations: list[Relation]


def draw(seed: int, tangled: bool = False) -> Drawn:
    """A case of 1 to 15 offers, evenly by seed; sums repeat so that ties are frequent. ``tangled``: ceilings may overlap."""
    source = random.Random(seed)
    count = 1 + seed % 15
    letters = _LETTERS[: max(2, count * source.choice((1, 1, 2)) // source.choice((1, 2)))]
    keys = {
        (source.choice(letters), source.choice((None, None, "x", "y")), source.choice(_OBJECTS))
        for _ in range(4 * count)
    }
    picked = source.sample(sorted(keys, key=str), min(count, len(keys)))
    offers = [_offer(source, *key) for key in picked]
    return Drawn(offers, _relations(source, letters, tangled))


_SCHEMES_OF = {"loan": "abc", "project": "def", "equipment": "ghi"}


def draw_items(seed: int) -> Drawn:
    """A firm with up to four loans, projects and machines, some of them for others, under exclusions and shared ceilings."""
    source = random.Random(seed)
    projects = [f"project-{number}" for number in range(1, 1 + source.randrange(1, 4))]
    items: list[tuple[str, str, tuple[tuple[str, str], ...]]] = [("project", one, ()) for one in projects]
    for kind in ("equipment", "loan"):
        for number in range(1, 1 + source.randrange(0, 5)):
            owner = source.choice([(), (), *((("project", one),) for one in projects)])
            items.append((kind, f"{kind}-{number}", owner))
    keys = [(scheme, kind, id_, owner) for kind, id_, owner in items for scheme in _SCHEMES_OF[kind]]
    picked = source.sample(keys, min(len(keys), source.randrange(4, 13)))
    offers = [replace(_offer(source, scheme, None, id_), owners=owner) for scheme, _, id_, owner in picked]
    made: list[dict[str, Any]] = []
    for kind, scope in (("loan", "same_loan"), ("project", "same_project"), ("equipment", "same_equipment")):
        some = source.sample(_SCHEMES_OF[kind], source.choice((2, 2, 3)))
        made.append({"kind": "excludes", "schemes": some, "scope": scope})
    across = [source.choice(_SCHEMES_OF[kind]) for kind in ("project", "equipment", "loan")]
    made.append({"kind": "excludes", "schemes": across[: source.choice((2, 3))], "scope": "same_project"})
    for letters in source.sample(["abc", "def", "ghi", "adg", "be"], 2):
        per = source.choice(("firm", "firm", "object"))
        limit = source.choice(({"value": str(source.randrange(0, 900))}, {"count": source.randrange(1, 4)}))
        made.append({
            "kind": "shares_ceiling", "schemes": list(letters), "scope": source.choice(("firm", "same_project")),
            "ceiling": {**limit, "per": per},
        })  # fmt: skip
    source.shuffle(made)
    relations = [Relation.model_validate({**one, "id": f"r-{index}"}) for index, one in enumerate(made)]
    return Drawn(offers, relations)


def _offer(source: random.Random, scheme: str, item: str | None, object_: str) -> Offer:
    kind = source.choice(("exact", "exact", "ceiling", "range", "none"))
    figure = source.choice((0, 100, 200, 300, 500, source.randrange(1, 100_000))) if kind != "none" else None
    if kind == "range" and source.random() < 0.3:
        figure = None
    return Offer(
        scheme,
        object_,
        item,
        source.choice(("eligible",) * 5 + ("needs_decision",) * 3 + ("not_eligible",)),
        source.choice(_RECIPIENTS),
        figure,
        kind == "exact",
        source.random() < 0.5,
    )


def _relations(source: random.Random, letters: str, tangled: bool) -> list[Relation]:
    made: list[dict[str, Any]] = []
    capped: set[str] = set()
    for _ in range(source.randrange(0, 3 * len(letters))):
        some = source.sample(letters, min(len(letters), source.choice((1, 2, 2, 2, 3))))
        kind = source.choice(("excludes",) * 5 + ("count", "sum", "never_adds", "precedes"))
        if kind == "excludes":
            made.append({"kind": kind, "schemes": some})
        elif kind == "count":
            more = source.sample(letters, source.randrange(1, len(letters) + 1))
            ceiling = {"count": source.randrange(1, 4), "per": source.choice(("firm", "object"))}
            made.append({"kind": "shares_ceiling", "schemes": more, "ceiling": ceiling})
        elif kind == "sum":
            more = [one for one in letters if (tangled or one not in capped) and source.random() < 0.6]
            capped.update(more)
            per = source.choice(("firm", "firm", "object"))
            ceiling = {"value": str(source.choice((0, 3, 5, 8, source.randrange(1, 2000)))), "per": per}
            made += [{"kind": "shares_ceiling", "schemes": more, "ceiling": ceiling}] if more else []
        elif kind == "never_adds" and source.random() < 0.5:
            made.append({"kind": kind, "schemes": some[:1], "shown_as": source.choice(_SHOWN)})
        elif kind == "precedes" and source.random() < 0.3:
            made.append({"kind": kind, "from_scheme": some[0], "to": some[-1:], "strict": source.random() < 0.5})
    for index, relation in enumerate(made):
        relation |= {"id": f"r-{index}", "scope": source.choice(("firm", "same_project"))}
        subjects = relation.get("to") or relation["schemes"]
        if source.random() < 0.2:
            relation["items"] = {subjects[0]: ["x"]}
        if source.random() < 0.05:
            relation["recipient"] = "firm_cash"
    return [Relation.model_validate(relation) for relation in made]


# --- every set, one by one -------------------------------------------------------------------------------------------


def _binds(relation: Relation, offer: Offer) -> bool:
    subjects = relation.to if relation.kind == "precedes" else relation.schemes
    narrowed = relation.items.get(offer.scheme)
    return (
        offer.scheme in subjects
        and (narrowed is None or offer.item in narrowed)
        and (relation.recipient is None or relation.recipient == offer.recipient)
    )


def _line(offer: Offer, relations: Sequence[Relation]) -> str:
    for relation in relations:
        if relation.kind == "never_adds" and _binds(relation, offer):
            return str(relation.shown_as)
    return {"firm_cash": "money", "firm_price": "money", "firm_deferral": "deferral"}.get(str(offer.recipient), "other")


def _together(relation: Relation, offers: Sequence[Offer], firm: bool) -> list[list[Offer]]:
    """The offers of a set that a relation binds, those apart that never meet."""
    bound = [one for one in offers if _binds(relation, one)]
    if firm:
        return [bound]
    places = sorted({_place(relation, one) for one in bound})
    return [[one for one in bound if _place(relation, one) == place] for place in places]


def _place(relation: Relation, offer: Offer) -> str:
    """The thing that a scope speaks of: the project that a machine is for; where there is none, the offer's own object."""
    wanted = relation.scope.removeprefix("same_").replace("person", "persons")
    return dict(offer.owners).get(wanted, offer.object)


def _allowed(offers: Sequence[Offer], relations: Sequence[Relation]) -> bool:
    for relation in relations:
        if relation.kind == "excludes":
            groups = _together(relation, offers, relation.scope == "firm")
            if any(len(group) > 1 for group in groups):
                return False
        elif relation.ceiling is not None and relation.ceiling.count is not None:
            groups = _together(relation, offers, relation.ceiling.per == "firm")
            if any(len(group) > relation.ceiling.count for group in groups):
                return False
    return True


def _money(offers: Sequence[Offer], relations: Sequence[Relation]) -> tuple[int, int]:
    """Exact money and money up to, under the ceilings."""
    left = {one: one.figure or 0 for one in offers if _line(one, relations) == "money"}
    for relation in relations:
        if relation.ceiling is None or relation.ceiling.value is None:
            continue
        for group in _together(relation, list(left), relation.ceiling.per == "firm"):
            room = int(relation.ceiling.value * 100)
            for one in sorted(group, key=lambda one: (not one.exact, one.scheme, one.item or "", one.object)):
                left[one] = min(left[one], room)
                room -= left[one]
    return sum(fen for one, fen in left.items() if one.exact), sum(fen for one, fen in left.items() if not one.exact)


def rank(offers: Sequence[Offer], relations: Sequence[Relation]) -> tuple[Any, ...]:
    """The nine criteria; the best set has the least."""
    lines = {one: _line(one, relations) for one in offers}
    exact, up_to = _money(offers, relations)
    sums = [
        sum(one.figure or 0 for one in offers if lines[one] == name)
        for name in ("deduction", "released_credit", "deferral")
    ]
    firms = ("money", "deduction", "released_credit", "deferral")
    with_figure = [one for one in offers if lines[one] in firms and one.figure is not None]
    return (
        -(exact + up_to),
        -exact,
        *(-one for one in sums),
        -(len(offers) - len(with_figure)),
        len(with_figure),
        sum(one.by_department for one in offers),
        sorted((one.scheme, one.item or "", one.object) for one in offers),
    )


def able(drawn: Drawn) -> list[Offer]:
    """The offers that may be chosen when no title is held."""
    barred = [one for one in drawn.relations if one.kind == "precedes" and one.strict]
    return [
        one
        for one in drawn.offers
        if one.status in ("eligible", "needs_decision") and not any(_binds(relation, one) for relation in barred)
    ]


def every_set(drawn: Drawn) -> list[tuple[Offer, ...]]:
    """All admissible sets; a set that holds a forbidden one is not tried."""
    found: list[tuple[Offer, ...]] = [()]
    for offer in able(drawn):
        found += [more for one in found if _allowed(more := (*one, offer), drawn.relations)]
    return found


def pairs_in_conflict(drawn: Drawn) -> int:
    """How many pairs exclude each other: to see that the draws are not idle."""
    return sum(not _allowed(pair, drawn.relations) for pair in combinations(able(drawn), 2))
