"""Keeps the computed styles between letters: WeasyPrint works out every property of every element anew for each of them.

What an element looks like follows from the style of its parent, the rules that match it, and its attributes ``style``, ``lang`` and
``id``; letters are of one template, so that after a few of them nearly every style is there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import copy
from functools import cache, partial
from math import inf
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint import CSS, DEFAULT_OPTIONS, HTML, Document
from weasyprint.css import (
    AnonymousStyle,
    ComputedStyle,
    InitialStyle,
    StyleFor,
    declaration_precedence,
    find_style_attributes,
)
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.css.targets import TargetCollector
from weasyprint.css.validation import preprocess_declarations
from weasyprint.html import UA_STYLESHEET
from weasyprint.images import get_image_from_uri
from weasyprint.layout import LayoutContext
from weasyprint.text.fonts import FontConfiguration

MOST = 2_000  # styles, after which all are forgotten: a letter has some fifty, nearly all of them those of the letters before

# Of an element with this in its `style` no other property differs from that of one without it: a line that is spaced out.
_SPACING = "letter-spacing:"

_SPACED = ("letter_spacing", "margin_right")

# What stands before and behind an element. The others, which WeasyPrint's own sheet has for every element, are of lists and notes.
_PSEUDO = ("before", "after")

_Key = tuple[Any, ...]

# Key → the style, and what the key names by its place in memory, which must live as long as the key.
_KEPT: dict[_Key, tuple[Any, Any]] = {}

_PAGE: dict[str, Any] = {"box": None, "area": None}  # the size of a page, which is that of all


def laid_out(page: HTML, style: CSS, fonts: FontConfiguration) -> Document:
    """The pages of a document of this style sheet alone, as ``page.render`` lays them out."""
    if len(_KEPT) > MOST:
        _KEPT.clear()
    document: Document = _Document._render(page, fonts, None, None, {**DEFAULT_OPTIONS, "stylesheets": [style]})
    return document


class _Document(Document):  # type: ignore[misc]  # WeasyPrint has no types
    """A document whose styles are taken from those of the letters before."""

    @classmethod
    def _build_layout_context(
        cls, html: HTML, font_config: FontConfiguration, counter_style: Any, _: Any, options: dict[str, Any]
    ) -> LayoutContext:
        for one in html._ua_counter_style():
            counter_style.update(one)
        targets = TargetCollector()
        sheets = [(_common_sheet(), "user agent", None), *((one, "user", None) for one in options["stylesheets"])]
        images = partial(get_image_from_uri, cache={}, url_fetcher=html.url_fetcher, options=options)
        return LayoutContext(_Styles(html, sheets, font_config, targets), images, font_config, counter_style, targets)


@cache
def _common_sheet() -> CSS:
    """WeasyPrint's own sheet without its rules for what no letter has before or behind an element."""
    sheet = copy(UA_STYLESHEET)
    sheet.matcher = copy(sheet.matcher)
    sheet.matcher.other_selectors = [one for one in sheet.matcher.other_selectors if one[3] in (None, *_PSEUDO)]
    return sheet


class _Styles(StyleFor):  # type: ignore[misc]
    """The styles of a letter's elements; WeasyPrint's own class works out all of them."""

    def __init__(self, html: HTML, sheets: Sequence[Any], fonts: FontConfiguration, targets: TargetCollector) -> None:
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Any] = {}
        self._plain: dict[int, Any] = {}  # by the id of a style with spacing, that without it
        self._root: Any = InitialStyle(fonts)
        self.initial_page_sizes, self._sheets, self.font_config = _PAGE, sheets, fonts
        for element in html.wrapper_element.iter_subtree():
            self._set(element, targets)

    def _set(self, element: Any, targets: TargetCollector) -> None:
        """Style an element whose parent is styled already, and what stands before and behind it."""
        own = element.etree_element
        parent = None if element.parent is None else self._computed_styles[element.parent.etree_element, None]
        plain_parent = self._plain.get(id(parent), parent)
        rules = [(origin, rule) for sheet, origin, _ in self._sheets for rule in sheet.matcher.match(element)]
        attributes = {name: own.get(name) for name in ("style", "lang", "id") if own.get(name)}
        spacing = attributes.pop("style") if attributes.get("style", "").startswith(_SPACING) else None
        key = (id(plain_parent), *attributes.items(), *(id(declarations) for _, (_, _, _, (declarations, _)) in rules))
        style = self._kept(key, plain_parent, attributes, rules, None)
        if spacing or plain_parent is not parent:
            plain, style = style, _spaced(style, parent, _declared({"style": spacing} if spacing else {}))
            self._plain[id(style)] = plain
        self._computed_styles[own, None] = style
        if parent is None:
            self._root = style
        if style["anchor"]:
            targets.collect_anchor(style["anchor"])
        for pseudo in {rule[2] for _, rule in rules if rule[2] in _PSEUDO}:
            self._computed_styles[own, pseudo] = self._kept((id(style), pseudo, *key), style, {}, rules, pseudo)

    def _kept(
        self, key: _Key, parent: Any, attributes: dict[str, str], rules: Sequence[Any], pseudo: str | None
    ) -> Any:
        """The style of this key, worked out where no letter before had it."""
        if key not in _KEPT:
            cascaded = _declared(attributes)
            for origin, (specificity, _, of, (declarations, _)) in rules:
                if of == pseudo:
                    _add(cascaded, origin, specificity, declarations)
            made = ComputedStyle(parent, cascaded, pseudo, self._root, None, self.font_config, self.initial_page_sizes)
            _KEPT[key] = made, (parent, rules)
        return _KEPT[key][0]


def _declared(attributes: dict[str, str]) -> dict[str, Any]:
    """What an element's attributes say of its style."""
    found: dict[str, Any] = {}
    for specificity, _, declarations, base in find_style_attributes(Element("p", attributes)) if attributes else ():
        _add(found, "author", specificity, preprocess_declarations(base, declarations))
    return found


def _add(cascaded: dict[str, Any], origin: str, specificity: Any, declarations: Iterable[Any]) -> None:
    """Let declarations take the places of those that weigh no more."""
    for name, values, importance in declarations:
        weight = (declaration_precedence(origin, importance), inf, specificity)
        if name not in cascaded or cascaded[name][1] <= weight:
            cascaded[name] = values, weight


def _spaced(plain: Any, parent: Any, spacing: dict[str, Any]) -> Any:
    """The style with this spacing, or that of its parent."""
    if not dict.__contains__(plain, _ALL):
        for name in INITIAL_VALUES:
            with suppress(KeyError):  # names of sides by the run of the text, which have no value of their own
                _ = plain[name], plain.anonymous_style[name]
        plain[_ALL] = True
    style = ComputedStyle(
        parent, {**plain.cascaded, **spacing}, None, plain.root_style, None, plain.font_config, plain.initial_page_sizes
    )
    style.update(plain)
    style.specified = dict(plain.specified)
    inside = AnonymousStyle(style)
    inside.update(plain.anonymous_style)
    for name in _SPACED:
        style.pop(name, None)
        inside.pop(name, None)
    style.anonymous_style = inside
    return style


_ALL = "all is worked out"
