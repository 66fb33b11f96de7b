"""Which figures and versions in use must be confirmed again, or end soon: found for a day, as data and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from matcher.cli import wrap
from matcher.engine import parts
from matcher.rulebook import Rulebook, SchemeEdition, Text

SOON = 90  # days

_STATES = {
    "past": ("已过核实期限", "past the day to confirm it by"),
    "due": ("即将到核实期限", "due to be confirmed by"),
    "ends": ("即将到期", "ends on"),
}


@dataclass(slots=True)
class Due:
    """A figure (parameter) or version of a scheme that needs somebody. ``state``: past, due or ends, on ``on``.

    ``followed``: what comes after an end is known. ``schemes``: the slugs that use it on the day or within the span.
    """

    kind: str  # figure | version
    id: str
    label: Text
    state: str
    on: date
    followed: bool
    sources: tuple[tuple[str, str], ...]  # instrument, article
    confidence: str
    value: dict[str, str] = field(default_factory=dict)  # by language
    schemes: dict[str, Text] = field(default_factory=dict)  # slug → department


def falling_due(rulebook: Rulebook, day: date) -> tuple[Due, ...]:
    """What is past its confirm-by date on ``day``, falls due within 90 days, or ends within them; the most urgent first."""
    until = day + timedelta(days=SOON)
    found: dict[tuple[str, str, str, date], Due] = {}
    for slug in rulebook.parsed:
        for on in (day, *(turn for turn in rulebook.turns(slug) if day < turn <= until)):
            edition = rulebook.scheme_at(slug, on)
            for one in (*_version(edition, day, until), *_figures(rulebook, edition, day, until)):
                kept = found.setdefault((one.kind, one.id, one.state, one.on), one)
                kept.schemes[slug] = edition.scheme.department
    order = list(_STATES)
    return tuple(sorted(found.values(), key=lambda one: (order.index(one.state), one.on, one.id)))


def _states(
    first: date | None, last: date | None, by: date | None, day: date, until: date
) -> Iterator[tuple[str, date]]:
    """What is to be said of something that holds from ``first`` to ``last`` and is to be confirmed by ``by``."""
    holds = first is None or first <= day
    if by is not None and by < day and holds:
        yield "past", by
    elif by is not None and day <= by <= until and by != last:
        yield "due", by
    if last is not None and day <= last <= until:
        yield "ends", last


def _version(edition: SchemeEdition, day: date, until: date) -> Iterator[Due]:
    scheme, version = edition.scheme, edition.version
    if version is None or version.state is not None:
        return
    for state, on in _states(version.from_, version.until, version.confirm_by, day, until):
        followed = any(one.from_ is not None and one.from_ > on for one in scheme.versions)
        sources = ((version.instrument or "", ""),)
        yield Due("version", scheme.slug, scheme.name, state, on, followed, sources, version.confidence or "high")


def _figures(rulebook: Rulebook, edition: SchemeEdition, day: date, until: date) -> Iterator[Due]:
    for index, figure in enumerate(edition.figures):
        stated = figure.value
        for state, on in _states(stated.from_, stated.until, stated.confirm_by, day, until):
            followed = rulebook.parameters[figure.id].on(on + timedelta(days=1)) is not None
            sources = tuple((source.instrument, source.article) for source in figure.sources)
            value = {lang: parts(rulebook, edition, lang).figures[index].value for lang in ("zh", "en")}
            yield Due("figure", figure.id, figure.label, state, on, followed, sources, stated.confidence, value)


def due_json(found: Sequence[Due], day: date) -> dict[str, Any]:
    """`{as_of, within_days, figures: [{kind, id, label, value, state, on, followed, sources, confidence, schemes}]}`."""
    return {"as_of": day.isoformat(), "within_days": SOON, "figures": [_json(one) for one in found]}


def _json(one: Due) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "id": one.id,
        "label": one.label.model_dump(),
        "value": one.value or None,
        "state": one.state,
        "on": one.on.isoformat(),
        "followed": one.followed if one.state == "ends" else None,
        "sources": [{"instrument": instrument, "article": article} for instrument, article in one.sources],
        "confidence": one.confidence,
        "schemes": [{"scheme": slug, "department": who.model_dump()} for slug, who in one.schemes.items()],
    }


def due_text(found: Sequence[Due], day: date, lang: str) -> Iterator[str]:
    """A head for each state with what stands under it: label, value, source, and whom to ask about which scheme."""
    zh = lang == "zh"
    if not found:
        yield (
            f"{day}：没有过期的数字，{SOON}天内也没有到期的" if zh else f"{day}: nothing past or due within {SOON} days"
        )
    for state, words in _STATES.items():
        those = [one for one in found if one.state == state]
        if those:
            yield f"{words[not zh]}（{len(those)}）" if zh else f"{words[1]} ({len(those)})"
        for one in those:
            yield from _text(one, lang)


def _text(one: Due, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    value = f"：{one.value[lang]}" if zh and one.value else f": {one.value[lang]}" if one.value else ""
    yield from wrap(f"{one.on} {one.label.get(lang)}{value} [{one.id}]", "  ", "    ")
    if one.state == "ends" and not one.followed:
        yield "    以后的规定尚未录入" if zh else "    nothing is known of what follows"
    yield from wrap("；".join(f"{instrument}{article}" for instrument, article in one.sources), "    ")
    departments: dict[str, list[str]] = {}
    for slug, who in one.schemes.items():
        departments.setdefault(who.get(lang), []).append(slug)
    for department, slugs in departments.items():
        yield from wrap(f"{department}{'：' if zh else ': '}{', '.join(slugs)}", "    → ", "      ")
