"""The rule sheet of a scheme: its rule on a day in plain words, with sources, figures and versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from matcher.rulebook import Condition, ResolvedBody, ResolvedRoute, Rulebook, Scheme, SchemeEdition, Source
from matcher.rulebook.language import NUMBER, Rows, nodes, walk
from matcher.text import day as written_day

from .deadlines import due_days, said_days
from .words import Words

STATES = {
    "open": ("有效", "in force"), "not_yet": ("尚未开始", "not yet open"), "ended": ("已结束", "ended"),
    "no_open_round": ("目前没有开放申报", "no open round"), "unconfirmed": ("规定尚待核实", "rules not confirmed"),
}  # fmt: skip

KINDS = {
    "exact": ("金额", "amount"), "ceiling": ("最高", "at most"), "range": ("最高", "at most"),
    "none": ("没有可算的金额", "no figure"),
}  # fmt: skip

HOTLINES = {
    "own": ("", ""), "line": ("（本系统的全国热线）", " (national line of this branch of government)"),
    "city": ("（市民热线，未见本单位的号码）", " (the city's line; no number of the office was seen)"),
}  # fmt: skip

PERIODS = {
    "month": ("问某一天，就是问那一天所在的整个月", "a day asked about stands for the whole of its month"),
    "quarter": ("问某一天，就是问那一天所在的整个季度", "a day asked about stands for the whole of its quarter"),
    "year": ("问某一天，就是问那一天所在的整个年度", "a day asked about stands for the whole of its year"),
}  # fmt: skip

CONFIDENCE = {"high": ("有据", "confirmed"), "medium": ("据二手资料", "secondary source"), "low": ("存疑", "doubtful")}


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure of the day in words: its value, where it stands, how sure we are (high, medium, low), when to confirm it again."""

    label: str
    value: str
    sources: str
    confidence: str
    confirm_by: date | None


@dataclass(frozen=True, slots=True)
class Parts:
    """The rule of a day in parts; empty where no rule is in force. Leading spaces of a line are the indent, two a level."""

    rule: tuple[str, ...] = ()
    worked_out: tuple[str, ...] = ()
    figures: tuple[FigureShown, ...] = ()


def parts(rulebook: Rulebook, edition: SchemeEdition, lang: str) -> Parts:
    """The conditions and sums, how named values are worked out, and the figures, of a scheme's edition."""
    if edition.body is None:
        return Parts()
    labels = rulebook.parameter_labels
    forbids = edition.scheme.kind == "restriction"
    words = Words(rulebook.facts, rulebook.parsed[edition.scheme.slug].names, labels, lang, forbids)
    return Parts(
        tuple(_body(edition, words)), tuple(_definitions(edition.body, words)), tuple(_figures(edition, words))
    )


def sheet(rulebook: Rulebook, slug: str, on: date, lang: str) -> Iterator[str]:
    """The lines of the sheet; leading spaces are the indent."""
    edition = rulebook.scheme_at(slug, on)
    words = Words(rulebook.facts, rulebook.parsed[slug].names, {}, lang)
    scheme = edition.scheme
    yield f"{scheme.name.get(lang)} ({slug})"
    yield scheme.summary.get(lang)
    yield f"{written_day(on, lang)}{words.pick('：', ': ')}{words.pick(*STATES[edition.state])}"
    if scheme.period in PERIODS:
        yield words.pick(*PERIODS[scheme.period])
    if scheme.before_registration:
        yield words.pick("尚未登记成立的也适用", "for firms that are not registered yet as well")
    found = parts(rulebook, edition, lang)
    for heading, lines in (
        (words.pick("条件", "conditions"), found.rule),
        (words.pick("算法", "how it is worked out"), found.worked_out),
        (words.pick("所用数字", "figures"), [_figure(figure, words) for figure in found.figures]),
    ):
        if lines:
            yield heading
            yield from (f"  {line}" for line in lines)
    days = said_days([one.to_json() for one in due_days(edition, {}, on)], on, lang)
    if days:
        yield words.pick("要赶的日子", "days to keep")
        yield from (f"  {line}" for line in days)
    yield from _whom_to_ask(rulebook, scheme, words)
    yield words.pick("各版本", "versions")
    for version in scheme.versions:
        span = f"{version.from_ or '…'} – {version.until or '…'}"
        state = words.pick(*STATES[version.state]) if version.state else version.instrument or ""
        note = words.pick(f"（{version.note}）", f" ({version.note})") if version.note else ""
        yield f"  {span}{words.pick('：', ': ')}{state}{note}"


def _whom_to_ask(rulebook: Rulebook, scheme: Scheme, words: Words) -> Iterator[str]:
    """The offices that a firm of the city reaches, with hotline and address; nothing where the rules do not say them."""
    named = rulebook.offices_of(scheme)
    if named:
        yield words.pick("找谁", "whom to ask")
    for office in named:
        line = office.hotline and f"{office.hotline.number}{words.pick(*HOTLINES[office.hotline.whose])}"
        said = [one for one in (line, office.page) if one]
        name = office.name.get(words.lang)
        yield f"  {name}{words.pick('：', ': ')}{words.pick('；', '; ').join(said)}" if said else f"  {name}"


def _body(edition: SchemeEdition, words: Words) -> Iterator[str]:
    body = edition.body
    assert body is not None
    if not any(part.children or part.expr is not None for part in (body.requires, *(r.requires for r in body.routes))):
        yield words.condition(body.requires)
    yield from tree(body.requires, words, 0, _instrument(edition))
    for route in body.routes:
        yield from _route(route, words, _instrument(edition), alone=len(body.routes) == 1)


def _instrument(edition: SchemeEdition) -> str:
    return (edition.version.instrument if edition.version else None) or ""


def _route(route: ResolvedRoute, words: Words, instrument: str, *, alone: bool) -> Iterator[str]:
    deep = 0 if alone else 1
    if not alone:
        name = route.label.get(words.lang) if route.label else words.pick("其他情形", "otherwise")
        yield name if route.when is None or route.label else words.condition(route.when)
        if route.when is not None and route.label:
            yield from tree(route.when, words, deep, instrument)
    if route.requires.children or route.requires.expr is not None:
        yield from tree(route.requires, words, deep, instrument)
    kind = words.pick(*KINDS[route.benefit.kind])
    if route.benefit.least is not None:
        yield f"{'  ' * deep}{words.pick('最低：', 'at least: ')}{words.value(route.benefit.least)}"
    formula = "" if route.benefit.expr is None else f"{words.pick('：', ': ')}{words.value(route.benefit.expr)}"
    yield f"{'  ' * deep}{kind}{formula}"
    for given in route.gives:
        named = words.value(given.expr)
        if named == given.label.get(words.lang) and isinstance(given.expr, nodes.Named):
            named = words.value(given.expr.body)
        yield f"{'  ' * deep}{given.label.get(words.lang)}{words.pick('：', ': ')}{named}"


def tree(condition: Condition, words: Words, deep: int, instrument: str = "") -> Iterator[str]:
    """A condition and what is below it, each with its phrase and source (those of ``instrument``, where it names any)."""
    indent = "  " * deep
    if len(condition.children) == 1 and condition.kind in ("all", "any") and condition.label is None and deep > 0:
        condition = condition.children[0]
    if condition.expr is None:
        if condition.children:
            yield f"{indent}{words.heading(condition)}{words.pick('：', ':')}"
        for child in condition.children:
            yield from tree(child, words, deep + 1, instrument)
        return
    yield f"{indent}{words.wanted(condition.expr)}"
    sources = _cited([one for one in condition.sources if one.instrument in instrument] or condition.sources)
    if condition.says:
        phrase = condition.says + words.pick("，凭记忆，未见原文", ", from memory; the text was not seen")
        phrase = phrase if condition.is_unread else quoted(condition.says)
        yield f"{indent}  {phrase}{words.pick('（', ' (')}{sources}{words.pick('）', ')')}"
    elif condition.ground:
        yield f"{indent}  {words.pick('依据：', 'ground: ')}{condition.ground.get(words.lang)}"


def quoted(phrase: str) -> str:
    """A phrase of the law in quotation marks, those within it turned into single ones."""
    return f"“{phrase.replace('“', '‘').replace('”', '’')}”"


def _cited(sources: Iterable[Source]) -> str:
    return "；".join(f"{source.instrument}{source.article}" for source in sources)


def _definitions(body: ResolvedBody, words: Words) -> Iterator[str]:
    """How the named values are worked out, in the order they are met."""
    met = (part for expression in body.expressions() for part in walk(expression))
    named = {part.id: part for part in met if isinstance(part, nodes.Named) and part.type.kind == "number"}
    for part in named.values():
        yield f"{words.value(part)} = {words.value(part.body)}"


def _figures(edition: SchemeEdition, words: Words) -> Iterator[FigureShown]:
    assert edition.body is not None
    shown = _written(edition.body, words)
    for figure in edition.figures:
        label, stated = figure.label.get(words.lang), figure.value
        yield FigureShown(label, shown.get(figure.id, ""), _cited(figure.sources), stated.confidence, stated.confirm_by)


def _figure(figure: FigureShown, words: Words) -> str:
    by, mark = figure.confirm_by, words.pick(*CONFIDENCE[figure.confidence])
    again = "" if by is None else words.pick(f"，{by}前再核实", f", to be confirmed again by {by}")
    told = f"{figure.sources}{words.pick('；', '; ')}{mark}{again}"
    return f"{figure.label}{words.pick(f'：{figure.value}（{told}）', f': {figure.value} ({told})')}"


def _written(body: ResolvedBody, words: Words) -> dict[str, str]:
    """The figures of the day by parameter: a number with its unit, a table row by row, a set word by word."""
    found: dict[str, str] = {}
    for part in (part for expression in body.expressions() for part in walk(expression)):
        match part:
            case nodes.Lookup(table=nodes.Const() as const):
                found[const.name] = words.rows(const.value, part.keys, part.type)
            case nodes.Classify(table=nodes.Const() as const):
                found[const.name] = words.classes(part)
            case nodes.Progressive(scale=nodes.Const() as const):
                found[const.name] = words.rows(const.value, (part.amount,), NUMBER)
            case nodes.Member(collection=nodes.Const() as const):
                found[const.name] = words.members(part)
            case nodes.Const() if (
                part.name and not isinstance(part.value, Rows) and part.type.kind in ("number", "date", "text")
            ):
                found.setdefault(part.name, words.constant(part))
    return found
