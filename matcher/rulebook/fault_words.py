"""Says what does not fit the shape of a rule file in the words of its author, whatever the validator calls it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from .shapes import Shape

_SHOWN = 60

_KEY = re.compile(r"[a-z][a-z_]*")

_KINDS = {
    **dict.fromkeys(
        ("string_type", "string_unicode", "string_sub_type"), "text is wanted, not {value}; put it in quotes"
    ),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number is wanted, not {value}"
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false is wanted, not {value}"),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "a day is wanted, not {value}; write it as 2026-01-31",
    ),
    **dict.fromkeys(("list_type", "tuple_type"), "a list is wanted, not {value}: [a, b], or lines that begin with -"),
    "string_too_short": "it is empty: write the text",
    "string_pattern_mismatch": "{value} is no name: small letters, digits and _ (in the ids of schemes and instruments -), a letter first",
}

_MAPPINGS = frozenset({"dict_type", "model_type", "model_attributes_type", "mapping_type", "dataclass_type"})


def in_words(fault: Mapping[str, Any]) -> str:
    """The message on one fault of the validator (an item of ``ValidationError.errors()``)."""
    kind, value = fault["type"], fault["input"]
    if kind == "value_error":
        return str(fault["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return _unknown_key(str(fault["loc"][-1]), value)
    if kind == "literal_error":
        return _no_choice(value, fault["ctx"]["expected"])
    if kind in _MAPPINGS:
        if isinstance(value, str) and "：" in value:
            return _full_width("the text")
        return f"keys with values are wanted, not {_shown(value)}: {{zh: …, en: …}}"
    if kind == "string_too_long":
        return f"at most {fault['ctx']['max_length']} characters"
    if kind == "too_short":
        return f"at least {fault['ctx']['min_length']} item is wanted"
    return _KINDS.get(kind, "{value} does not fit here").format(value=_shown(value))


def _unknown_key(key: str, value: object) -> str:
    if "：" in key:
        return _full_width("the key")
    if value is None and not _KEY.fullmatch(key):
        return f"the comma before {_shown(key)} ends the text before it; put the whole text in quotes"
    near = difflib.get_close_matches(key, _every_key(), n=1, cutoff=0.75)
    return "this key is not known here; is it misspelt?" + (f" did you mean {near[0]!r}?" if near else "")


def _no_choice(value: object, expected: str) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    near = difflib.get_close_matches(str(value), choices, n=1, cutoff=0.6)
    return f"{_shown(value)} is not one of {expected}" + (f"; did you mean {near[0]!r}?" if near else "")


def _full_width(where: str) -> str:
    return f"a full-width colon (：) stands in {where}; write an ordinary colon and a space"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, (str, int)) else "a list" if isinstance(value, list) else "keys with values"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@cache
def _every_key() -> tuple[str, ...]:
    """Every key that any shape of the rule files knows."""
    return tuple({one.alias or name for shape in _shapes(Shape) for name, one in shape.model_fields.items()})


def _shapes(shape: type[Shape]) -> Iterator[type[Shape]]:
    for one in shape.__subclasses__():
        yield one
        yield from _shapes(one)
