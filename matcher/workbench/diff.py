"""What an amendment does: two editions of the rules compared scheme by scheme, as data and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click

from matcher.cli import BAD_INPUT, load_rulebook, wrap
from matcher.engine import STATES, Decision
from matcher.firms import read_date
from matcher.rulebook import Rulebook, SchemeEdition, Text
from matcher.rulebook.language import Scalar, Type, fact_type
from matcher.text import STATUS, figure, plain, sentences, today

from .changes import Change, FigureChange, FigureState, changed_figures, changed_keys, changed_lines
from .witness import Search, Side, Witness, witnesses

# ---------------------------------------------------------------------------------------------------------------------
# What an amendment does: two editions of the rules compared scheme by scheme, as data and in words.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# What an amendment does, in words: scheme by scheme the lines that went, came and changed, the figures, the firms.
# ---------------------------------------------------------------------------------------------------------------------


_LONGEST = 120

_MARKS = {"added": "+", "removed": "−", "changed": "±", "phrase": "±"}


def changes_text(before: Asked, after: Asked, found: Sequence[SchemeChange], lang: str) -> Iterator[str]:
    """Scheme by scheme: the state, the lines that went, came and changed, the figures, and the firms that show it."""
    rulebooks = (after.rulebook, before.rulebook)
    if not found:
        yield (sentences.say("{before}与{after}之间没有变化", lang, before=before.name, after=after.name))
    for one in found:
        yield from wrap(f"{one.edition.scheme.name.get(lang)} ({one.slug})")
        yield from _state_text(one, lang)
        for change in one.lines:
            yield from _line_text(change, lang)
        for figure_change in one.figures if one.compared else ():
            yield from _figure_text(figure_change, lang)
        if one.keys:
            yield from wrap(f"{sentences.say('另有改动：', lang)}{', '.join(one.keys)}", "  ± ", "    ")
        for firm in one.found.firms:
            yield from _firm_text(firm, lang, rulebooks)
        if not one.found.firms:
            yield f"  » {_nobody(one.found, lang)}"


def _state_text(one: SchemeChange, lang: str) -> Iterator[str]:
    if one.before is None or one.after is None:
        yield (
            f"  {sentences.say('新增的政策', lang)}" if one.before is None else f"  {sentences.say('政策已删除', lang)}"
        )
        return
    if in_force(one.before) != in_force(one.after):
        was, now = (_said(edition, lang) for edition in (one.before, one.after))
        yield from wrap(f"{was} → {now}", "  ", "    ")


def _said(edition: SchemeEdition, lang: str) -> str:
    state, instrument = in_force(edition)
    return f"{STATES[state][lang == 'en']} [{instrument}]" if instrument else STATES[state][lang == "en"]


def _line_text(change: Change, lang: str) -> Iterator[str]:
    before, after = change.before, change.after
    if change.kind == "phrase" and before and after:
        yield from wrap(f"{after.text(lang)}: {before.phrase} → {after.phrase}", "  ± ", "    ")
    else:
        words = " → ".join(line.text(lang) for line in (before, after) if line)
        yield from wrap(words, f"  {_MARKS[change.kind]} ", "    ")


def _figure_text(change: FigureChange, lang: str) -> Iterator[str]:
    before, after = change.before, change.after
    said = " → ".join(_figure_said(one, lang) for one in (before, after))
    if before and after and before.value == after.value:
        sources = " → ".join("；".join(one.sources) for one in (before, after))
        said = f"{_short(after.value.get(lang))} [{sources}]"
    yield from wrap(f"{change.label.get(lang)}: {said}", "  # ", "    ")


def _figure_said(one: FigureState | None, lang: str) -> str:
    if one is None:
        return sentences.say("不用", lang)
    return f"{_short(one.value.get(lang))} [{'；'.join(one.sources)}]"


def _short(value: str) -> str:
    """A table takes too much room here; the JSON has it whole."""
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _nobody(search: Search, lang: str) -> str:
    if search.complete:
        return sentences.say("没有企业因此进出", lang)
    return sentences.say("没有找到因此进出的企业", lang)


def _firm_text(firm: Witness, lang: str, rulebooks: Sequence[Rulebook]) -> Iterator[str]:
    zh = lang == "zh"
    head = ("新纳入" if firm.gains else "不再符合") if zh else ("lets in" if firm.gains else "shuts out")
    facts = ("；" if zh else "; ").join(_fact_text(name, value, lang, rulebooks) for name, value in firm.facts.items())
    yield from wrap(f"{head}{'：' if zh else ': '}{facts}", "  » ", "    ")
    yield from wrap(
        f"{_status(firm.before, lang, rulebooks)} → {_status(firm.after, lang, rulebooks)}", "    ", "      "
    )


def _status(decision: Decision, lang: str, rulebooks: Sequence[Rulebook]) -> str:
    said = STATUS[decision.status].short.get(lang)
    labels = ", ".join(_label(name, lang, rulebooks) for name in decision.failing)
    return f"{said} ({labels})" if labels else said


def _label(name: str, lang: str, rulebooks: Sequence[Rulebook]) -> str:
    return next(one.facts[name].label.get(lang) for one in rulebooks if name in one.facts)


def _fact_text(name: str, value: Scalar, lang: str, rulebooks: Sequence[Rulebook]) -> str:
    fact = next(one.facts[name] for one in rulebooks if name in one.facts)
    if isinstance(value, bool):
        shown = ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    elif isinstance(value, str):
        shown = fact.values[value].get(lang) if value in fact.values else value
    else:
        shown = figure(value, type_of(name, rulebooks), lang)
    return f"{fact.label.get(lang)} {shown}"
