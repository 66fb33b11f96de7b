"""What changed between two editions of a scheme, in words: conditions, sums, outputs, figures, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from matcher.engine import KINDS, Words, parts, quoted
from matcher.rulebook import Condition, Figure, ResolvedRoute, Rulebook, SchemeEdition, Text
from matcher.rulebook.language import Node

ALIKE = 0.6  # from this likeness on, what went and what came are one condition that changed

_TOLD_APART = ("versions", "let", "rules")  # compared as what they mean on a day


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule: a condition, sum or output, with the headings it stands under and the phrase it encodes."""

    kind: str  # condition | sum | output
    path: tuple[Text, ...]
    words: Text
    phrase: str

    def text(self, lang: str) -> str:
        """The line after its headings."""
        return " › ".join(one.get(lang) for one in (*self.path, self.words))

    @property
    def key(self) -> tuple[str, str]:
        """What makes two lines the same."""
        return self.kind, self.text("zh")


@dataclass(frozen=True, slots=True)
class Change:
    """A line that was added (no ``before``), removed (no ``after``) or changed; in words, or only in the phrase it rests on."""

    before: Line | None
    after: Line | None

    @property
    def kind(self) -> str:
        """added, removed, changed, or phrase."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "removed"
        return "phrase" if self.before.key == self.after.key else "changed"


@dataclass(frozen=True, slots=True)
class FigureState:
    """A figure on one side: its value in words and where it stands."""

    value: Text
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that differs in value or in source; None where a side does not use it."""

    id: str
    label: Text
    before: FigureState | None
    after: FigureState | None


Side = tuple[Rulebook, SchemeEdition]


def changed_lines(before: Side, after: Side) -> tuple[Change, ...]:
    """What was removed, changed and added, in the order of the rules. Where a side is not in force there is nothing to compare."""
    if before[1].body is None or after[1].body is None:
        return ()
    old, new = {line.key: line for line in _lines(*before)}, {line.key: line for line in _lines(*after)}
    rephrased = [Change(old[key], new[key]) for key in old if key in new and old[key].phrase != new[key].phrase]
    gone = [line for key, line in old.items() if key not in new]
    come = [line for key, line in new.items() if key not in old]
    return (*_paired(gone, come), *rephrased)


def _paired(gone: Sequence[Line], come: Sequence[Line]) -> Iterator[Change]:
    """What went and what came, the most alike taken together."""
    likeness = sorted(
        ((_alike(old, new), i, j) for i, old in enumerate(gone) for j, new in enumerate(come)), key=lambda one: -one[0]
    )
    partner: dict[int, int] = {}
    for ratio, i, j in likeness:
        if ratio >= ALIKE and i not in partner and j not in partner.values():
            partner[i] = j
    yield from (Change(old, come[partner[i]] if i in partner else None) for i, old in enumerate(gone))
    yield from (Change(None, new) for j, new in enumerate(come) if j not in partner.values())


def _alike(old: Line, new: Line) -> float:
    if old.kind != new.kind:
        return 0
    same_place = old.path == new.path
    return SequenceMatcher(None, old.words.zh, new.words.zh).ratio() - (0 if same_place else 0.1)


def _lines(rulebook: Rulebook, edition: SchemeEdition) -> Iterator[Line]:
    """The rule line by line, in both languages at once: the two are made from one tree and run side by side."""
    names, labels = (
        rulebook.parsed[edition.scheme.slug].names,
        {k: v.parameter.label for k, v in rulebook.parameters.items()},
    )
    forbids = edition.scheme.kind == "restriction"
    zh, en = (Words(rulebook.facts, names, labels, lang, forbids) for lang in ("zh", "en"))
    body = edition.body
    assert body is not None
    yield from _tree(body.requires, (zh, en), ())
    for route in body.routes:
        yield from _route(route, (zh, en), alone=len(body.routes) == 1)


def _route(route: ResolvedRoute, words: tuple[Words, Words], *, alone: bool) -> Iterator[Line]:
    path: tuple[Text, ...] = ()
    if not alone:
        when = route.when
        default = Text(zh="其他情形", en="otherwise") if when is None else _both(words, lambda one: one.condition(when))
        path = (route.label or default,)
        if when is not None and route.label:
            yield from _tree(when, words, path)
    yield from _tree(route.requires, words, path)
    least, most, kind = route.benefit.least, route.benefit.expr, KINDS[route.benefit.kind]
    head = Text(zh=kind[0], en=kind[1])
    if least is not None:
        yield Line("sum", (*path, Text(zh="最低", en="at least")), _valued(words, least), "")
    if most is not None:
        yield Line("sum", (*path, head), _valued(words, most), "")
    else:
        yield Line("sum", path, head, "")
    for given in route.gives:
        yield Line("output", (*path, given.label), _valued(words, given.expr), "")


def _tree(condition: Condition, words: tuple[Words, Words], path: tuple[Text, ...]) -> Iterator[Line]:
    expr = condition.expr
    if expr is not None:
        sources = "；".join(f"{source.instrument}{source.article}" for source in condition.sources)
        said = condition.says or (condition.ground.zh if condition.ground else "")
        yield Line("condition", path, _both(words, lambda one: one.wanted(expr)), f"{quoted(said)}{sources}")
        return
    if (
        condition.label is not None
        or (condition.kind != "all" and len(condition.children) > 1)
        or condition.kind == "not"
    ):
        path = (*path, _both(words, lambda one: one.heading(condition)))
    for child in condition.children:
        yield from _tree(child, words, path)


def _both(words: tuple[Words, Words], make: Callable[[Words], str]) -> Text:
    return Text(zh=make(words[0]), en=make(words[1]))


def _valued(words: tuple[Words, Words], node: Node) -> Text:
    return _both(words, lambda one: one.value(node))


def changed_figures(before: Side, after: Side) -> tuple[FigureChange, ...]:
    """The figures that differ in value or source, or that only one side uses, in alphabetical order."""
    old, new = _states(*before), _states(*after)
    found = []
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        if (was and was[1]) != (now and now[1]):
            label = (now or was)[0].label  # type: ignore[index]
            found.append(FigureChange(name, label, was and was[1], now and now[1]))
    return tuple(found)


def _states(rulebook: Rulebook, edition: SchemeEdition) -> dict[str, tuple[Figure, FigureState]]:
    shown = {lang: parts(rulebook, edition, lang).figures for lang in ("zh", "en")}
    found = {}
    for index, figure in enumerate(edition.figures):
        zh, en = (shown[lang][index].value or "…" for lang in ("zh", "en"))
        sources = tuple(f"{source.instrument}{source.article}" for source in figure.sources)
        found[figure.id] = (figure, FigureState(Text(zh=zh, en=en), sources))
    return found


def changed_keys(before: SchemeEdition, after: SchemeEdition) -> tuple[str, ...]:
    """What else the scheme's file says differently: evidence, channel, department, summary …, by its key."""
    old, new = before.scheme, after.scheme
    if old is new:
        return ()
    keys = (key for key in type(old).model_fields if key not in _TOLD_APART)
    return tuple(key for key in keys if getattr(old, key) != getattr(new, key))
