"""Dated figures: from what a rule file writes to the constant an edition holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.rulebook.language import DATE, MONEY, TEXT, Const, Key, LanguageError, Rows, Spec, Type, fact_type, unit_of

from .files import Fact, Parameter, ParameterValue
from .shapes import exact
from .terms import RECIPIENTS

_CODE = re.compile(r"[0-9]{2,4}\Z")


def spec_of(parameter: Parameter, facts: Mapping[str, Fact]) -> Spec:
    """The kind and type of a parameter. Raises LanguageError where its declaration does not make sense."""
    words = _words(parameter.of, facts)
    if parameter.kind == "set":
        return Spec("set", Type("set", values=words))
    if parameter.kind == "codes":
        return Spec("codes", Type("codes"))
    if parameter.kind == "classes":
        return Spec("classes", Type("enum", values=words))
    keys = tuple(_key(key, facts) for key in parameter.keys)
    if parameter.kind == "table" and not keys:
        raise LanguageError("keys are missing: what the table is looked up by")
    if parameter.kind == "scale" and [key.kind for key in keys] != ["upto"]:
        raise LanguageError("a scale has one key, {upto: unit}")
    if parameter.kind == "scale":
        return Spec("scale", Type("scale"), keys)
    if parameter.type == "enum":
        result = Type("enum", values=words)
    elif parameter.type is None:
        raise LanguageError("the type of the figure is missing (integer, number, money, rate, date, enum or text)")
    else:
        result = fact_type(parameter.type, parameter.unit, ())
    return Spec(parameter.kind, result, keys)


def _words(of: str | None, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    if of is None:
        return ()
    if of == "recipient":
        return RECIPIENTS
    if of not in facts or facts[of].type != "enum":
        raise LanguageError(f"of: {of!r} is not an enumeration of the vocabulary")
    return tuple(facts[of].values)


def _key(key: Any, facts: Mapping[str, Fact]) -> Key:
    if isinstance(key, str):
        return Key("enum", Type("enum", values=_words(key, facts)))
    if isinstance(key, dict) and len(key) == 1:
        [(kind, unit)] = key.items()
        if kind in ("band", "upto"):
            return Key(kind, Type("number", unit_of(unit)))
    raise LanguageError("a key of a table is an enumeration, {band: unit} or {upto: unit}")


def constant_of(parameter: Parameter, spec: Spec, value: ParameterValue) -> Const:
    """The constant that stands for the parameter while ``value`` holds. Raises LanguageError."""
    return Const(spec.type, _value(spec, value.value), parameter.id)


def _value(spec: Spec, raw: Any) -> Any:
    if spec.kind == "value":
        return _scalar(raw, spec.type)
    if spec.kind == "set":
        return _set(raw, spec.type.values)
    if spec.kind == "codes":
        return _ranges(raw)
    if spec.kind == "classes":
        return _classes(raw, spec.type.values)
    result = Type("number") if spec.kind == "scale" else spec.type
    return _rows(raw, spec.keys, result)


def _scalar(raw: Any, type_: Type) -> Any:
    if type_.kind == "enum":
        if raw not in type_.values:
            raise LanguageError(f"{raw!r} is not among {', '.join(type_.values)}")
        return raw
    if type_ == TEXT:
        if not isinstance(raw, str) or not raw:
            raise LanguageError(f"{raw!r} is not a text; put it in quotes")
        return raw
    if type_ == DATE:
        if not isinstance(raw, date):
            raise LanguageError(f"{raw!r} is not a day (YYYY-MM-DD)")
        return raw.toordinal()
    return _number(raw, type_)


def _number(raw: Any, type_: Type) -> Fraction:
    """A number in the unit kept inside: a yuan is a hundred fen."""
    try:
        value = exact(raw)
    except ValueError as error:
        raise LanguageError(str(error)) from None
    value *= Fraction(100) ** dict(type_.unit).get("yuan", 0)
    if type_ == MONEY and value.denominator != 1:
        raise LanguageError(f"{raw} has more than two decimals")
    return value


def _set(raw: Any, words: tuple[str, ...]) -> frozenset[str]:
    if not isinstance(raw, list) or not raw:
        raise LanguageError("a set lists its words")
    for word in raw:
        if word not in words:
            raise LanguageError(f"{word!r} is not among {', '.join(words)}")
    return frozenset(raw)


def _ranges(raw: Any) -> tuple[tuple[str, str], ...]:
    """``['13-43', '591']`` → (('13', '43'), ('591', '591'))."""
    if not isinstance(raw, list) or not raw:
        raise LanguageError("codes are listed as quoted text: ['13-43', '591']")
    found = []
    for item in raw:
        low, _, high = str(item).partition("-")
        high = high or low
        if (
            not isinstance(item, str)
            or not _CODE.match(low)
            or not _CODE.match(high)
            or len(low) != len(high)
            or low > high
        ):
            raise LanguageError(f"{item!r} is not a range of codes such as '13-43' or '591' (in quotes)")
        found.append((low, high))
    return tuple(found)


def _classes(raw: Any, words: tuple[str, ...]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    if not isinstance(raw, dict):
        raise LanguageError("classes are a mapping of words to code ranges")
    _set(list(raw), words)
    return tuple((word, _ranges(ranges)) for word, ranges in raw.items())


def _rows(raw: Any, keys: tuple[Key, ...], result: Type) -> Any:
    if not keys:
        return _scalar(raw, result)
    if not isinstance(raw, dict):
        return _scalar(raw, result)  # one figure whatever the remaining keys: they are then not asked for
    key = keys[0]
    other = None
    rows: list[tuple[Any, Any]] = []
    for name, below in raw.items():
        row = _rows(below, keys[1:], result)
        if name in ("else", "above"):
            other = row
        elif key.kind == "enum":
            rows.append((_set([word.strip() for word in str(name).split(",")], key.type.values), row))
        else:
            rows.append((_number(name, key.type), row))
    if key.kind != "enum":
        rows.sort(key=lambda pair: pair[0])
    return Rows(key.kind, tuple(rows), other)
