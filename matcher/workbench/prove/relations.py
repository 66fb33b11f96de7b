"""What is wrong with relations on any day since 2019: those whose schemes are never open together, so that nothing is related."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from matcher.rulebook import Relation, Rulebook, Text, version_on

from .edition import FIRST
from .findings import Finding, Places

FILE = "interplay.yaml"


def idle_relations(rulebook: Rulebook, places: Places) -> Iterator[Finding]:
    """The relations that bear on no choice: on no day since 2019 on which they hold are the schemes open that they relate."""
    for relation in rulebook.relations:
        if relation.until is not None and relation.until < FIRST:
            continue
        if not any(_bears(rulebook, relation, day) for day in _days(rulebook, relation)):
            file, line = places.relations.get(relation.id, (FILE, 1))
            slugs = [slug for _, slug in relation.named()]
            text = Text(
                zh=f"关系{relation.id}的各项政策从不同时执行，写了也不起作用",
                en=f"the schemes of {relation.id} are never open together: it relates nothing",
            )
            subject = ",".join(dict.fromkeys(slugs))
            yield Finding("idle_relation", relation.id, subject, file, line, text, relation.from_ or FIRST)


def _days(rulebook: Rulebook, relation: Relation) -> list[date]:
    """The first day on which the relation holds, and every day on which a scheme of it turns while it does."""
    turns = {FIRST, relation.from_ or FIRST}
    for _, slug in relation.named():
        for version in rulebook.schemes[slug].versions:
            turns.update(one for one in (version.from_,) if one is not None)
            if version.until is not None and version.until < date.max:
                turns.add(version.until + timedelta(days=1))
    return sorted(day for day in turns if day >= FIRST and relation.holds(day))


def _bears(rulebook: Rulebook, relation: Relation, day: date) -> bool:
    """Whether enough is open on the day: of a pair both, of a single scheme itself, of what comes first the later one."""
    opened = [slug for slug in relation.subjects if version_on(rulebook.schemes[slug], day)[1] == "open"]
    pair = relation.kind in ("excludes", "stacks") and relation.outside is None and len(relation.schemes) > 1
    return len(opened) > pair
