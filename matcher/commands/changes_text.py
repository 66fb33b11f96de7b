"""What an amendment does, in words: scheme by scheme the lines that went, came and changed, the figures, the firms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.commands.changes import Asked, SchemeChange, in_force, type_of
from matcher.commands.columns import wrap
from matcher.engine.changes import Change, FigureChange, FigureState
from matcher.engine.decision import Decision
from matcher.engine.format import figure
from matcher.engine.named import STATUS
from matcher.engine.sheet import STATES
from matcher.engine.witness import Search, Witness
from matcher.rulebook import Rulebook, Scalar, SchemeEdition

_LONGEST = 120
_MARKS = {"added": "+", "removed": "−", "changed": "±", "phrase": "±"}


def changes_text(before: Asked, after: Asked, found: Sequence[SchemeChange], lang: str) -> Iterator[str]:
    """Scheme by scheme: the state, the lines that went, came and changed, the figures, and the firms that show it."""
    zh = lang == "zh"
    rulebooks = (after.rulebook, before.rulebook)
    if not found:
        yield (
            f"{before.name} 与 {after.name} 之间没有变化"
            if zh
            else f"nothing changed between {before.name} and {after.name}"
        )
    for one in found:
        yield from wrap(f"{one.edition.scheme.name.get(lang)} ({one.slug})")
        yield from _state_text(one, lang)
        for change in one.lines:
            yield from _line_text(change, lang)
        for figure_change in one.figures if one.compared else ():
            yield from _figure_text(figure_change, lang)
        if one.keys:
            yield from wrap(f"{'另有改动：' if zh else 'also changed: '}{', '.join(one.keys)}", "  ± ", "    ")
        for firm in one.found.firms:
            yield from _firm_text(firm, lang, rulebooks)
        if not one.found.firms:
            yield f"  » {_nobody(one.found, lang)}"


def _state_text(one: SchemeChange, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    if one.before is None or one.after is None:
        yield (
            f"  {'新增的政策' if zh else 'a new scheme'}"
            if one.before is None
            else f"  {'已删除' if zh else 'removed'}"
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
        return "不用" if lang == "zh" else "not used"
    return f"{_short(one.value.get(lang))} [{'；'.join(one.sources)}]"


def _short(value: str) -> str:
    """A table takes too much room here; the JSON has it whole."""
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _nobody(search: Search, lang: str) -> str:
    if search.complete:
        return "没有企业因此进出" if lang == "zh" else "lets nobody in and shuts nobody out"
    return "没有找到因此进出的企业" if lang == "zh" else "no firm found that it lets in or shuts out"


def _firm_text(firm: Witness, lang: str, rulebooks: Sequence[Rulebook]) -> Iterator[str]:
    zh = lang == "zh"
    head = ("新纳入" if firm.gains else "不再符合") if zh else ("lets in" if firm.gains else "shuts out")
    facts = ("；" if zh else "; ").join(_fact_text(name, value, lang, rulebooks) for name, value in firm.facts.items())
    yield from wrap(f"{head}{'：' if zh else ': '}{facts}", "  » ", "    ")
    yield from wrap(
        f"{_status(firm.before, lang, rulebooks)} → {_status(firm.after, lang, rulebooks)}", "    ", "      "
    )


def _status(decision: Decision, lang: str, rulebooks: Sequence[Rulebook]) -> str:
    said = STATUS[decision.status].get(lang)
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
