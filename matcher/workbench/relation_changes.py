"""What changed in how schemes stand to each other between two editions: relations that came, went, or say something else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.cli import wrap
from matcher.rulebook import Relation, Rulebook
from matcher.text import sentences

_KINDS = {
    "excludes": ("互斥", "excludes"),
    "stacks": ("可叠加", "stacks"),
    "precedes": ("先后", "precedes"),
    "shares_ceiling": ("共用上限", "shares a ceiling"),
    "never_adds": ("不计入合计", "never adds"),
}


@dataclass(frozen=True, slots=True)
class RelationChange:
    """A relation that is in force on one side only (the other None), or says something else; ``keys``: what of it differs."""

    id: str
    before: Relation | None
    after: Relation | None
    keys: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def relation(self) -> Relation:
        """The later one, or the only one."""
        found = self.after or self.before
        assert found is not None
        return found


def changed_relations(
    before: tuple[Rulebook, date], after: tuple[Rulebook, date], schemes: Collection[str] = ()
) -> tuple[RelationChange, ...]:
    """The relations that differ between two rulebooks, each on its day; ``schemes``: only those that name one of these."""
    old, new = ({one.id: one for one in book.relations if one.holds(day)} for book, day in (before, after))
    found = (_change(id_, old.get(id_), new.get(id_)) for id_ in {**new, **old})
    return tuple(
        one for one in found
        if one is not None and (not schemes or any(slug in schemes for _, slug in one.relation.named()))
    )  # fmt: skip


def _change(id_: str, before: Relation | None, after: Relation | None) -> RelationChange | None:
    if before is None or after is None:
        return RelationChange(id_, before, after)
    old, new = (one.model_dump(by_alias=True, exclude={"from_", "until", "ends"}) for one in (before, after))
    keys = tuple(key for key in new if old.get(key) != new[key])
    return RelationChange(id_, before, after, keys) if keys else None


def relations_json(found: Sequence[RelationChange]) -> list[dict[str, Any]]:
    """For programs: `[{relation, change, kind, keys, before, after}]`, each side as the rule file writes it."""
    return [
        {"relation": one.id, "change": one.kind, "kind": one.relation.kind, "keys": list(one.keys),
         "before": _side(one.before), "after": _side(one.after)}
        for one in found
    ]  # fmt: skip


def _side(relation: Relation | None) -> dict[str, Any] | None:
    if relation is None:
        return None
    return relation.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)


def relations_text(found: Sequence[RelationChange], lang: str) -> Iterator[str]:
    """In words, under a head: the sign, the relation in its own words, and what of it differs."""
    zh = lang == "zh"
    if found:
        yield sentences.say("政策之间的关系", lang)
    for one in found:
        relation = one.relation
        kind = _KINDS[relation.kind][not zh]
        rule = "" if relation.rule is None else relation.rule.get(lang)
        sign = {"added": "+", "removed": "−", "changed": "±"}[one.kind]
        yield from wrap(f"{kind}{'：' if zh else ': '}{rule} [{one.id}]", f"  {sign} ", "    ")
        for key in one.keys:
            yield from wrap(_key(one, key, lang), "    ", "      ")


def _key(one: RelationChange, key: str, lang: str) -> str:
    was, now = (_said(side, key, lang) for side in (one.before, one.after))
    return f"{key}: {was} → {now}"


def _said(relation: Relation | None, key: str, lang: str) -> str:
    value = (_side(relation) or {}).get(key)
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return str(value[lang])
    return "-" if value is None else str(value)
