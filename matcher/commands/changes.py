"""What an amendment does: two editions of the rules compared scheme by scheme, as data and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click

from matcher.commands.options import BAD_INPUT, load_rulebook
from matcher.engine.changes import Change, FigureChange, FigureState, changed_figures, changed_keys, changed_lines
from matcher.engine.format import plain
from matcher.engine.witness import Search, Side, Witness, witnesses
from matcher.firms.values import read_date
from matcher.rulebook import Rulebook, SchemeEdition, Text
from matcher.rulebook.language.types import Type, fact_type
from matcher.tianjin import today


@dataclass(frozen=True, slots=True)
class Asked:
    """One side of the comparison as it was asked for: the rules and the day."""

    name: str
    rulebook: Rulebook
    day: date


@dataclass(frozen=True, slots=True)
class SchemeChange:
    """What changed about one scheme; an edition is None where the side does not have the scheme."""

    slug: str
    before: SchemeEdition | None
    after: SchemeEdition | None
    lines: tuple[Change, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    keys: tuple[str, ...] = ()
    found: Search = field(default_factory=Search)

    @property
    def compared(self) -> bool:
        """Whether rules stand on both sides, so that they can be compared line by line."""
        return all(edition is not None and edition.body is not None for edition in (self.before, self.after))

    @property
    def edition(self) -> SchemeEdition:
        """The later edition, or the only one."""
        found = self.after or self.before
        assert found is not None
        return found


def read_side(word: str) -> Asked:
    """A date, a folder, or folder@date; leaves with exit status 2 and what is wrong with it."""
    folder, at, written = word.rpartition("@")
    if not at and not Path(word).is_dir():
        folder, written = "", word
    elif not at or Path(word).is_dir():
        folder, written = word, ""
    day = read_date(written) if written else today()
    if isinstance(day, Text):
        click.echo(f"{word}: {day.zh}\n{word}: {day.en} (or a folder of rules, or DIR@DATE)", err=True)
        raise SystemExit(BAD_INPUT)
    if folder and not Path(folder).is_dir():
        click.echo(f"{folder}: no such folder of rules / 没有这个规则目录", err=True)
        raise SystemExit(BAD_INPUT)
    return Asked(word, load_rulebook(Path(folder) if folder else None), day)


def differences(before: Asked, after: Asked, schemes: Sequence[str]) -> tuple[SchemeChange, ...]:
    """The schemes (all, unless named) whose edition differs, in the later catalogue's order; those that are gone last."""
    wanted = {slug.strip() for told in schemes for slug in told.split(",")}
    slugs = [slug for slug in {**after.rulebook.parsed, **before.rulebook.parsed} if not wanted or slug in wanted]
    found = (_difference(slug, before, after) for slug in slugs)
    return tuple(one for one in found if one is not None)


def _difference(slug: str, before: Asked, after: Asked) -> SchemeChange | None:
    old, new = (
        one.rulebook.scheme_at(slug, one.day) if slug in one.rulebook.parsed else None for one in (before, after)
    )
    if old is new:
        return None
    if old is None or new is None:
        edition = new or old
        assert edition is not None
        nothing = SchemeEdition(edition.scheme, None, "not_yet")
        return SchemeChange(slug, old, new, found=_firms(before, old or nothing, after, new or nothing))
    sides = ((before.rulebook, old), (after.rulebook, new))
    lines, figures, keys = changed_lines(*sides), changed_figures(*sides), changed_keys(old, new)
    if not (lines or figures or keys) and in_force(old) == in_force(new):
        return None
    return SchemeChange(slug, old, new, lines, figures, keys, _firms(before, old, after, new))


def _firms(before: Asked, old: SchemeEdition, after: Asked, new: SchemeEdition) -> Search:
    return witnesses(Side(before.rulebook, old, before.day), Side(after.rulebook, new, after.day))


def in_force(edition: SchemeEdition) -> tuple[str, str]:
    """The state and the instrument it rests on."""
    return edition.state, (edition.version.instrument if edition.version else None) or ""


# --- for programs


def changes_json(before: Asked, after: Asked, found: Sequence[SchemeChange]) -> dict[str, Any]:
    """`{before, after, schemes: [{scheme, before, after, lines, figures, keys, firms}]}`; sums and days as in a profile."""
    sides = {
        side: {"as_of": one.day.isoformat(), "rulebook": one.rulebook.hash}
        for side, one in (("before", before), ("after", after))
    }
    return {**sides, "schemes": [_scheme_json(one, after.rulebook, before.rulebook) for one in found]}


def _scheme_json(one: SchemeChange, *rulebooks: Rulebook) -> dict[str, Any]:
    return {
        "scheme": one.slug,
        "before": _edition_json(one.before),
        "after": _edition_json(one.after),
        "lines": [_line_json(change) for change in one.lines],
        "figures": [_figure_json(change) for change in one.figures],
        "keys": list(one.keys),
        "firms": [_firm_json(firm, rulebooks) for firm in one.found.firms],
        "firms_complete": one.found.complete,
    }


def _edition_json(edition: SchemeEdition | None) -> dict[str, Any] | None:
    return None if edition is None else {"state": edition.state, "instrument": in_force(edition)[1] or None}


def _line_json(change: Change) -> dict[str, Any]:
    sides = {
        side: line and {"text": {lang: line.text(lang) for lang in ("zh", "en")}, "phrase": line.phrase or None}
        for side, line in (("before", change.before), ("after", change.after))
    }
    line = change.after or change.before
    assert line is not None
    return {"change": change.kind, "kind": line.kind, **sides}


def _figure_json(change: FigureChange) -> dict[str, Any]:
    def state(one: FigureState | None) -> dict[str, Any] | None:
        return None if one is None else {"value": one.value.model_dump(), "sources": list(one.sources)}

    return {
        "id": change.id,
        "label": change.label.model_dump(),
        "before": state(change.before),
        "after": state(change.after),
    }


def _firm_json(firm: Witness, rulebooks: Sequence[Rulebook]) -> dict[str, Any]:
    facts = {name: plain(value, type_of(name, rulebooks)) for name, value in firm.facts.items()}
    decided = {
        side: {"status": one.status, "failing": list(one.failing)}
        for side, one in (("before", firm.before), ("after", firm.after))
    }
    return {"gains": firm.gains, "facts": facts, **decided}


def type_of(name: str, rulebooks: Sequence[Rulebook]) -> Type:
    """The type of a fact in the first of the rulebooks that knows it."""
    fact = next(one.facts[name] for one in rulebooks if name in one.facts)
    return fact_type(fact.type, fact.unit, tuple(fact.values), fact.id)
