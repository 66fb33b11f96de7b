"""Read JSON with every number kept as it is spelled and every key's line known when a fault asks for it."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from itertools import islice

from matcher.firms.characters import has_half_character
from matcher.firms.documents import MAX_DEPTH, Document, half_character, refuse, too_deep, twice
from matcher.firms.faults import Fault, FieldPath
from matcher.firms.numerals import Numeral

MOST_DOUBLED = 100
"""Keys that are named for standing twice; a million of them would help nobody."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]')


def read_json(text: str, first_line: int = 1) -> Document:
    """Read one JSON value. Raises Unreadable with the line; a key that stands twice is a fault of the document."""
    pairs = _Pairs()
    numeral = Numeral
    try:
        data: object = json.loads(
            text, object_pairs_hook=pairs, parse_float=numeral, parse_int=numeral, parse_constant=numeral
        )
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        zh = f"不是正确的 JSON：第 {line} 行第 {error.colno} 个字符处有误"
        raise refuse(line, zh, f"is not JSON: {error.msg} at line {line}, column {error.colno}") from None
    except RecursionError:
        raise too_deep(_deep_line(text, first_line)) from None
    if _deeper(data, MAX_DEPTH):
        raise too_deep(_deep_line(text, first_line))
    if has_half_character(data):
        raise half_character(_half_line(text, first_line))

    @functools.cache
    def lines() -> dict[FieldPath, int]:
        return dict(reversed(list(_keys(text, first_line))))

    faults = tuple(islice(_doubled(text, first_line), MOST_DOUBLED)) if pairs.doubled else ()
    return Document(data, lambda path: lines().get(path), faults)


class _Pairs:
    """Builds objects and notices a key that stands twice."""

    def __init__(self) -> None:
        self.doubled = False

    def __call__(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        self.doubled = self.doubled or len(found) < len(pairs)
        return found


def _deeper(data: object, depth: int) -> bool:
    level = [data]
    for _ in range(depth):
        level = [
            child
            for value in level
            if isinstance(value, (dict, list))
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True


def _deep_line(text: str, first_line: int) -> int | None:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token.group() in "{[") - (token.group() in "}]")
        if depth > MAX_DEPTH:
            return first_line + text.count("\n", 0, token.start())
    return None


def _half_line(text: str, first_line: int) -> int | None:
    """The line of the first escape that spells half a character by itself."""
    for token in _TOKEN.finditer(text):
        if token.group().startswith('"') and has_half_character(json.loads(token.group(), strict=False)):
            return first_line + text.count("\n", 0, token.start())
    return None


def _doubled(text: str, first_line: int) -> Iterator[Fault]:
    seen: dict[FieldPath, int] = {}
    for path, line in _keys(text, first_line):
        if path in seen:
            yield twice(path, seen[path], line)
        seen.setdefault(path, line)


def _keys(text: str, line: int) -> Iterator[tuple[FieldPath, int]]:
    """Yield the path and line of every key of a text that is known to be good JSON."""
    path: list[str | int] = []  # the key or index in each open bracket
    position, previous = 0, ""
    for token in _TOKEN.finditer(text):
        found = token.group()
        if found in "{[":
            path.append("" if found == "{" else 0)
        elif found in "}]":
            path.pop()
        elif found == "," and isinstance(path[-1], int):
            path[-1] += 1
        elif found == ":":
            path[-1] = json.loads(previous)
            line += text.count("\n", position, token.start())
            position = token.start()
            yield tuple(path), line
        previous = found
