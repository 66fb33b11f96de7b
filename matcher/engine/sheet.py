"""The rule sheet of a scheme: its rule on a day in plain words, with sources, figures and versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from matcher.engine.format import day as written_day
from matcher.engine.words import Words
from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.conditions import Condition
from matcher.rulebook.edition import ResolvedRoute

_STATES = {
    "open": ("有效", "in force"), "not_yet": ("尚未开始", "not yet open"), "ended": ("已结束", "ended"),
    "no_open_round": ("目前没有开放申报", "no open round"), "unconfirmed": ("规定尚待核实", "rules not confirmed"),
}  # fmt: skip
_KINDS = {"exact": ("金额", "amount"), "ceiling": ("最高", "at most"), "none": ("没有可算的金额", "no figure")}
_CONFIDENCE = {"high": ("有据", "confirmed"), "medium": ("据二手资料", "secondary source"), "low": ("存疑", "doubtful")}


def sheet(rulebook: Rulebook, slug: str, on: date, lang: str) -> Iterator[str]:
    """The lines of the sheet; leading spaces are the indent."""
    edition = rulebook.scheme_at(slug, on)
    labels = {name: history.parameter.label for name, history in rulebook.parameters.items()}
    words = Words(rulebook.facts, rulebook.parsed[slug].names, labels, lang)
    scheme = edition.scheme
    yield f"{scheme.name.get(lang)} ({slug})"
    yield scheme.summary.get(lang)
    yield f"{written_day(on, lang)}{words.pick('：', ': ')}{words.pick(*_STATES[edition.state])}"
    if edition.body is not None:
        yield from _body(edition, words)
        yield from _figures(edition, words)
    yield words.pick("各版本", "versions")
    for version in scheme.versions:
        span = f"{version.from_ or '…'} – {version.until or '…'}"
        state = words.pick(*_STATES[version.state]) if version.state else version.instrument or ""
        yield f"  {span}{words.pick('：', ': ')}{state}{f'（{version.note}）' if version.note else ''}"


def _body(edition: SchemeEdition, words: Words) -> Iterator[str]:
    body = edition.body
    assert body is not None
    yield words.pick("条件", "conditions")
    yield from tree(body.requires, words, 1)
    for route in body.routes:
        yield from _route(route, words, alone=len(body.routes) == 1)


def _route(route: ResolvedRoute, words: Words, *, alone: bool) -> Iterator[str]:
    deep = 1 if alone else 2
    if not alone:
        name = route.label.get(words.lang) if route.label else words.pick("其他情形", "otherwise")
        yield f"  {name}" if route.when is None or route.label else f"  {words.condition(route.when)}"
        if route.when is not None and route.label:
            yield from tree(route.when, words, deep)
    if route.requires.children or route.requires.expr is not None:
        yield from tree(route.requires, words, deep)
    kind = words.pick(*_KINDS[route.benefit.kind])
    formula = "" if route.benefit.expr is None else f"{words.pick('：', ': ')}{words.value(route.benefit.expr)}"
    yield f"{'  ' * deep}{kind}{formula}"
    for given in route.gives:
        yield f"{'  ' * deep}{given.label.get(words.lang)}{words.pick('：', ': ')}{words.value(given.expr)}"


def tree(condition: Condition, words: Words, deep: int) -> Iterator[str]:
    """A condition and what is below it, each with its phrase and source."""
    indent = "  " * deep
    if condition.expr is None:
        if condition.children:
            yield f"{indent}{words.heading(condition)}{words.pick('：', ':')}"
        for child in condition.children:
            yield from tree(child, words, deep + 1)
        return
    yield f"{indent}{words.truth(condition.expr)}"
    sources = "；".join(f"{source.instrument}{source.article}" for source in condition.sources)
    if condition.says:
        yield f"{indent}  「{condition.says}」{words.pick('（', ' (')}{sources}{words.pick('）', ')')}"
    elif condition.ground:
        yield f"{indent}  {words.pick('依据：', 'ground: ')}{condition.ground}"


def _figures(edition: SchemeEdition, words: Words) -> Iterator[str]:
    yield words.pick("所用数字", "figures")
    for figure in edition.figures:
        sources = "；".join(f"{source.instrument}{source.article}" for source in figure.sources)
        mark = words.pick(*_CONFIDENCE[figure.value.confidence])
        by = figure.value.confirm_by
        again = "" if by is None else words.pick(f"，{by}前再核实", f", to be confirmed again by {by}")
        yield f"  {figure.label.get(words.lang)}{words.pick('：', ': ')}{sources}（{mark}{again}）"
