"""Makes condition trees out of what the rule files write, each fault with its line, and holds the quoted word against the operator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from matcher.rulebook.language import Compare, LanguageError, Node, nodes, parse, parse_condition, walk

from .fault_words import in_words
from .files import Leaf
from .names import NOTHING, Condition, Names, Source
from .reading import Place
from .shapes import least

# ---------------------------------------------------------------------------------------------------------------------
# The word against the operator: a quoted phrase and the comparison that encodes it must say the same.
#
# Chinese drafting makes it decidable: 以上 以下 以内 不超过 不低于 达到 满 include the number; 超过 低于 不足 不满 未达到 exclude it;
# （含…） and （不含…） beside a word settle it. Where a text means something else, the rule file says so (``override``).
# ---------------------------------------------------------------------------------------------------------------------


# The longer word first, so that 不超过 is not read as 超过.
_OPERATOR_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("未超过", frozenset({"<="})), ("不超过", frozenset({"<="})), ("不高于", frozenset({"<="})), ("不多于", frozenset({"<="})),
    ("不低于", frozenset({">="})), ("不少于", frozenset({">="})), ("未达到", frozenset({"<"})), ("不足", frozenset({"<"})),
    ("不满", frozenset({"<"})), ("低于", frozenset({"<"})), ("超过", frozenset({">"})), ("以上", frozenset({">="})),
    ("以下", frozenset({"<="})), ("以内", frozenset({"<="})), ("达到", frozenset({">="})), ("满", frozenset({">="})),
)  # fmt: skip

_STRICT = {"<=": "<", ">=": ">"}

_LOOSE = {"<": "<=", ">": ">="}

_WORD = re.compile("|".join(word for word, _ in _OPERATOR_WORDS))


def operators_of(phrase: str) -> frozenset[str]:
    """The comparisons a phrase may stand for; empty where it has no such word.

    >>> sorted(operators_of("从业人数不超过300人")), sorted(operators_of("4亿元以下（不含4亿元）"))
    (['<='], ['<'])
    """
    meant = dict(_OPERATOR_WORDS)
    found = {operator for word in _WORD.findall(phrase) for operator in meant[word]}
    if "不含" in phrase:
        found = {_STRICT.get(operator, operator) for operator in found}
    elif re.search(r"[（(]含|含本数", phrase):
        found = {_LOOSE.get(operator, operator) for operator in found}
    return frozenset(found)


def disagreement(phrase: str, node: Node) -> str | None:
    """What is wrong between a phrase and its test, or None."""
    wanted = operators_of(phrase)
    used = {part.op for part in walk(node) if isinstance(part, Compare) and part.op in ("<", "<=", ">", ">=")}
    if not wanted or not used or wanted & used:
        return None
    means, says = " or ".join(sorted(wanted)), " and ".join(sorted(used))
    return f"the phrase means {means} but the test uses {says}; mend one, or write override: with the reason"


# ---------------------------------------------------------------------------------------------------------------------
# Makes condition trees out of what the rule files write, reporting every fault with its line and going on.
# ---------------------------------------------------------------------------------------------------------------------


M = TypeVar("M", bound=BaseModel)


def condition(raw: Any, names: Names, place: Place, id_: str) -> Condition:
    """The tree of ``raw``: an expression or a name, a list (all of them), or a mapping of test/all/any/not."""
    if isinstance(raw, str):
        return _bare(raw, names, place, id_)
    if isinstance(raw, list):
        return Condition(id_, "all", children=_children(raw, names, place, id_), line=place.line)
    if not isinstance(raw, dict):
        place.report("a condition is an expression, a list, or a mapping with test, all, any or not")
        return NOTHING
    leaf = shape(Leaf, raw, place)
    if leaf is None:
        return NOTHING
    id_ = leaf.id or id_
    if leaf.test is not None:
        return _test(leaf, names, place, id_)
    kind = "all" if leaf.all is not None else "any" if leaf.any is not None else "not"
    inner = leaf.all or leaf.any or [leaf.not_]
    children = (
        _children(inner, names, place / kind, id_)
        if kind != "not"
        else (condition(leaf.not_, names, place / kind, f"{id_}.1"),)
    )
    return Condition(id_, kind, children=children, **_common(leaf, names, place))


def shape(model: type[M], raw: Any, place: Place) -> M | None:
    """The validated model of ``raw``, or None after reporting every fault at its own line."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for fault in error.errors():
            here = place
            for part in fault["loc"]:
                if (*here.path, part) in place.document.lines:
                    here = here / part
            if fault["type"] == "missing":
                (here / fault["loc"][-1]).report(f"{fault['loc'][-1]} is missing")
            else:
                here.report(in_words(fault))
        return None


def _children(raws: list[Any], names: Names, place: Place, id_: str) -> tuple[Condition, ...]:
    return tuple(condition(raw, names, place / index, f"{id_}.{index + 1}") for index, raw in enumerate(raws))


def _bare(text: str, names: Names, place: Place, id_: str) -> Condition:
    """A name alone is a concept with words and a ground of its own; any other expression must say what it rests on."""
    node = expression(text, names, place, boolean=True)
    if node is None:
        return NOTHING
    if isinstance(node, nodes.Named):
        return concept(node, names, place, id_)
    place.report("a test says which phrase it encodes (says, source) or on what ground it stands (ground)")
    return NOTHING


def concept(node: nodes.Named, names: Names, place: Place, id_: str) -> Condition:
    """A named condition where it is used."""
    meaning = names.meaning(node.id)
    child = meaning.condition or Condition(f"{id_}.1", "test", expr=meaning.node, line=place.line)
    return Condition(id_, "concept", children=(child,), label=meaning.label, line=place.line, concept=node.id)


def _test(leaf: Leaf, names: Names, place: Place, id_: str) -> Condition:
    node = expression(leaf.test or "", names, place / "test", boolean=True)
    if node is None:
        return NOTHING
    if not leaf.says and not leaf.ground:
        place.report("a test says which phrase it encodes (says, source) or on what ground it stands (ground)")
    if leaf.says and not leaf.override:
        wrong = disagreement(leaf.says, node)
        if wrong:
            (place / "says").report(wrong)
    if isinstance(node, nodes.Named):
        made = concept(node, names, place, id_)
        return Condition(
            id_,
            "concept",
            children=made.children,
            concept=node.id,
            **{**_common(leaf, names, place), "label": made.label},
        )
    return Condition(id_, "test", expr=node, **_common(leaf, names, place))


def _common(leaf: Leaf, names: Names, place: Place) -> dict[str, Any]:
    for fact in leaf.fails_on or ():
        if fact not in names.facts:
            (place / "fails_on").report(f"unknown fact {fact!r}")
    return {
        "label": leaf.label, "says": leaf.says, "ground": leaf.ground, "line": place.line,
        "sources": sources(leaf, names, place), "fails_on": tuple(leaf.fails_on or ()),
        "from_": leaf.from_, "until": leaf.until, "override": leaf.override,
        "is_unread": _is_unread(leaf, names),
    }  # fmt: skip


def _is_unread(leaf: Leaf, names: Names) -> bool:
    """Whether every text that the phrase is said to stand in is known from memory alone."""
    if not leaf.says or not leaf.source:
        return False
    held = [text for text in leaf.source if leaf.says in names.excerpt(text)]
    seen = [names.instruments[slug].seen for slug in (text.partition("#")[0] for text in held)]
    return bool(seen) and set(seen) == {"memory"}


def sources(leaf: Leaf, names: Names, place: Place) -> tuple[Source, ...]:
    """The sources a condition names, each ``instrument#article``; the quoted phrase must stand in one of them."""
    found = [source(text, names, place / "source", leaf.confidence) for text in leaf.source or ()]
    known = tuple(one for one in found if one is not None)
    if leaf.says and known and leaf.source:
        excerpts = [names.excerpt(text) for text in leaf.source]
        absent = [text for text, excerpt in zip(leaf.source, excerpts, strict=True) if not excerpt]
        if not any(leaf.says in excerpt for excerpt in excerpts):
            if len(absent) == len(leaf.source):
                (place / "source").report(f"no excerpt of {', '.join(absent)} is kept; {_kept(absent, names)}")
            else:
                (place / "says").report(f"the phrase does not stand in the excerpt of {', '.join(leaf.source)}")
    return known


def _kept(texts: Sequence[str], names: Names) -> str:
    """The articles of these instruments of which there is an excerpt, each as it is cited."""
    slugs = dict.fromkeys(text.partition("#")[0] for text in texts)
    kept = [
        f"{slug}#{article}"
        for slug in slugs
        if slug in names.instruments
        for article in names.instruments[slug].excerpts
    ]
    return f"there are {', '.join(kept)}" if kept else "the instrument has none yet"


def source(text: str, names: Names, place: Place, confidence: str | None = None) -> Source | None:
    """``caishui-2019-13#第二条`` → the instrument's number and the article."""
    slug, _, article = text.partition("#")
    instrument = names.instruments.get(slug)
    if instrument is None:
        place.report(f"unknown instrument {slug!r}")
        return None
    if instrument.earlier_confidence is not None:
        return Source(instrument.number, article, confidence or instrument.earlier_confidence, is_link=False)
    return Source(instrument.number, article, least((confidence or "high", instrument.confidence)))


def expression(text: str, names: Names, place: Place, *, boolean: bool = False) -> Node | None:
    """The typed tree of an expression, or None after reporting what is wrong with it."""
    try:
        return parse_condition(text, names) if boolean else parse(text, names)
    except LanguageError as error:
        place.report(f"{error} (in: {text[:120]})")
        return None
